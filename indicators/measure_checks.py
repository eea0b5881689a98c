"""Checks what a measure refers to: unit, level, code lists, the weight of a mean, the basis of a split."""

from __future__ import annotations

from indicators.catalog_draft import STANDARD_WEIGHTS, Draft
from indicators.definitions import Measure
from indicators.yaml_source import Document, Place


def check_measures(draft: Draft) -> None:
    """Check every measure; problems go to the draft's findings."""
    for measure, document in draft.built("measure"):
        draft.known(document, ("unit",), "unit", measure.unit, draft.units)
        if draft.register is not None:
            draft.known(document, ("level",), "level", measure.level, draft.register.levels)
        _check_dimensions(draft, measure, document)
        _check_mean(draft, measure, document)
        if measure.split_weight is not None:
            draft.known(document, ("split", "weight"), "weight", measure.split_weight, draft.weights())


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
