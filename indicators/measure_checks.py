"""Checks what a measure refers to: unit, level, code lists, the weight of a mean, the basis of a split."""

from __future__ import annotations

from indicators.catalog_draft import STANDARD_WEIGHTS, Draft
from indicators.definitions import Measure
from indicators.yaml_source import Document, Place

RESERVED = ("ref_area", "time_period", "obs_value", "obs_status")
"""Columns that have a meaning of their own."""


def check_measures(draft: Draft) -> None:
    """Check every measure; problems go to the draft's findings."""
    for measure, document in draft.built("measure"):
        draft.known(document, ("unit",), "unit", measure.unit, draft.units)
        if draft.register is not None:
            draft.known(document, ("level",), "level", measure.level, draft.register.levels)
        _check_dimensions(draft, measure, document)
        _check_mean(draft, measure, document)
        _check_counts(draft, measure, document)
        _check_internal_flow(draft, measure, document)
        if measure.split_weight is not None:
            draft.known(document, ("split", "weight"), "weight", measure.split_weight, draft.weights())
    for document in draft.unbuilt("measure"):
        _check_unbuilt(draft, document)


def _check_unbuilt(draft: Draft, document: Document) -> None:
    """What a measure refers to whose shape is wrong, so that every problem is told at once."""
    draft.refers(document, ("unit",), "unit", draft.units)
    if draft.register is not None:
        draft.refers(document, ("level",), "level", draft.register.levels)
    dimensions = document.at(("dimensions",))
    for dimension in dimensions if isinstance(dimensions, dict) else ():
        draft.refers(document, ("dimensions", dimension), "codelist", draft.codelists)
    draft.refers(document, ("areas", "by"), "measure", draft.measures)
    draft.refers(document, ("split", "weight"), "weight", draft.weights())


def check_weight_bases(draft: Draft, file: str) -> None:
    """Check that every basis of `weights.csv` is a standard one or a measure; one error for each basis."""
    seen: set[str] = set()
    for weight in draft.register.weights if draft.register else ():
        if weight.basis not in seen:
            seen.add(weight.basis)
            document = Document(file, values={(): Place(weight.line, 1)})
            draft.known(document, (), "weight", weight.basis, {*STANDARD_WEIGHTS, *draft.measures})


def _check_dimensions(draft: Draft, measure: Measure, document: Document) -> None:
    for dimension, codelist in measure.dimensions.items():
        draft.known(document, ("dimensions", dimension), "codelist", codelist, draft.codelists)
    for dimension in measure.dimension_rules:
        path = ("dimension_rules", dimension)
        draft.known(document, path, "dimension", dimension, measure.dimensions, of_key=True)


def _check_counts(draft: Draft, measure: Measure, document: Document) -> None:
    """Areas with a property are counted: their numbers add up, and a piece of an area is no area."""
    if measure.counts is None:
        return
    if draft.register is not None and draft.known(
        document, ("counts",), "level", measure.counts, draft.register.levels
    ):
        own, its = draft.depth(measure.level), draft.depth(measure.counts)
        if own is not None and its is not None and its < own:
            draft.fault(document, ("counts",), "measure.counts-above", level=measure.counts, own=measure.level)
    if measure.areas.rule != "sum":
        draft.fault(document, ("areas", "rule"), "measure.counts-sum", rule=measure.areas.rule)
    if measure.split_weight is not None:
        draft.fault(document, ("split", "weight"), "measure.counts-split", level=measure.counts)


def _check_internal_flow(draft: Draft, measure: Measure, document: Document) -> None:
    counterpart = measure.internal_flow
    if counterpart is None:
        return
    path = ("internal_flow", "counterpart")
    if counterpart in measure.dimensions or counterpart in RESERVED:
        draft.fault(document, path, "measure.counterpart-name", name=counterpart)
    if measure.areas.rule != "sum":
        draft.fault(document, ("areas", "rule"), "measure.flow-sum", rule=measure.areas.rule)


def _check_mean(draft: Draft, measure: Measure, document: Document) -> None:
    by = measure.areas.by
    if by is None or not draft.known(document, ("areas", "by"), "measure", by, draft.measures):
        return
    weight = draft.measure(by)
    if weight is None:
        return
    if weight.areas.rule != "sum":
        draft.fault(document, ("areas", "by"), "measure.mean-by", by=by, rule=weight.areas.rule)
    own, its = draft.depth(measure.level), draft.depth(weight.level)
    if own is not None and its is not None and its < own:
        facts = {"by": by, "level": weight.level, "own": measure.level}
        draft.fault(document, ("areas", "by"), "measure.mean-by-level", **facts)
