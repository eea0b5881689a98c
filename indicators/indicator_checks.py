"""Checks an indicator: its levels, its versions in order, and every version's formula, inputs and selections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from indicators.catalog_draft import Draft
from indicators.definitions import Indicator, Input, Measure, Version
from indicators.examples import check_examples
from indicators.findings import DataFault, Finding
from indicators.formula import parse_formula
from indicators.suggestions import guess
from indicators.units import check_units
from indicators.yaml_source import Document, Path


def check_indicators(draft: Draft) -> None:
    """Check every indicator; problems go to the draft's findings."""
    for indicator, document in draft.built("indicator"):
        draft.known(document, ("unit",), "unit", indicator.unit, draft.units)
        _check_levels(draft, indicator, document)
        _check_order(draft, indicator, document)
        for number, version in enumerate(indicator.versions):
            path: Path = ("versions", number)
            for name, given in version.inputs.items():
                _check_input(draft, indicator, document, (*path, "inputs", name), given)
            if _formula_fits(draft, document, path, version):
                _check_units(draft, indicator, document, number)
                if version.when_missing == "partial" and not parse_formula(version.formula).adds_up:
                    draft.fault(document, (*path, "when_missing"), "indicator.partial-not-additive")
        _check_examples(draft, indicator, document)
    for document in draft.unbuilt("indicator"):
        _check_unbuilt(draft, document)


def _check_unbuilt(draft: Draft, document: Document) -> None:
    """What an indicator refers to whose shape is wrong, so that every problem is told at once."""
    draft.refers(document, ("unit",), "unit", draft.units)
    levels, versions = document.at(("levels",)), document.at(("versions",))
    if draft.register is not None:
        for number in range(len(levels) if isinstance(levels, list) else 0):
            draft.refers(document, ("levels", number), "level", draft.register.levels)
    for number in range(len(versions) if isinstance(versions, list) else 0):
        inputs = document.at(("versions", number, "inputs"))
        for name, given in inputs.items() if isinstance(inputs, dict) else ():
            path: Path = ("versions", number, "inputs", name)
            draft.refers(document, (*path, "measure") if isinstance(given, dict) else path, "measure", draft.measures)


def _formula_fits(draft: Draft, document: Document, path: Path, version: Version) -> bool:
    """Whether a version's formula can be read and names its inputs, all of which are measures that could be built."""
    place = (*path, "formula")
    try:
        formula = parse_formula(version.formula)
    except DataFault as error:
        _place_at(draft, document, place, error.findings)
        return False
    if formula.kind == "condition":
        draft.fault(document, place, "indicator.formula-condition")
    for name in sorted(formula.names - set(version.inputs)):
        vi, en = guess(name, version.inputs)
        draft.fault(document, place, "indicator.undeclared-input", name=name, guess_vi=vi, guess_en=en)
    for name in sorted(set(version.inputs) - formula.names):
        draft.key_fault(document, (*path, "inputs", name), "indicator.unused-input", name=name)
    return formula.kind == "number" and formula.names == set(version.inputs)


def _place_at(draft: Draft, document: Document, path: Path, findings: Iterable[Finding]) -> None:
    """Take over findings of a formula, at its place in the file."""
    place = document.place(path)
    draft.findings += [
        replace(finding, file=document.file, line=place.line, column=place.column) for finding in findings
    ]


def _built_measures(draft: Draft) -> dict[str, Measure]:
    return {measure.id: measure for measure, _document in draft.built("measure")}


def _check_units(draft: Draft, indicator: Indicator, document: Document, number: int) -> None:
    units = {name: unit for name, unit in draft.units.items() if name not in draft.bad_units}
    found = check_units(indicator, indicator.versions[number], _built_measures(draft), units)
    _place_at(draft, document, ("versions", number, "formula"), found)


def _check_examples(draft: Draft, indicator: Indicator, document: Document) -> None:
    """Run the examples with the newest version, where that can be run at all."""
    measures = _built_measures(draft)
    newest = indicator.versions[-1]
    try:
        names = parse_formula(newest.formula).names
    except DataFault:
        return
    if names != set(newest.inputs) or any(given.measure not in measures for given in newest.inputs.values()):
        return
    for number, example in enumerate(indicator.examples):
        named = replace(example, name=example.name or str(number + 1))
        found = check_examples(replace(indicator, examples=(named,)), measures, newest)
        _place_at(draft, document, ("examples", number), found)


def _check_levels(draft: Draft, indicator: Indicator, document: Document) -> None:
    for number, level in enumerate(indicator.levels):
        if draft.register is not None:
            draft.known(document, ("levels", number), "level", level, draft.register.levels)
        if level in indicator.levels[:number]:
            draft.fault(document, ("levels", number), "indicator.level-twice", level=level)


def _check_order(draft: Draft, indicator: Indicator, document: Document) -> None:
    days = [version.valid_from for version in indicator.versions]
    for number, (before, day) in enumerate(pairwise(days), start=1):
        if day <= before:
            draft.fault(
                document, ("versions", number, "valid_from"), "indicator.versions-order", day=day, before=before
            )


def _check_input(draft: Draft, indicator: Indicator, document: Document, path: Path, given: Input) -> None:
    here = (*path, "measure") if (*path, "measure") in document.values else path
    if not draft.known(document, here, "measure", given.measure, draft.measures):
        return
    measure = draft.measure(given.measure)
    if measure is None:
        return
    draft.codes_known(document, (*path, "where"), measure, given.where)
    for dimension, rule in measure.dimension_rules.items():
        if rule == "none" and dimension in measure.dimensions and dimension not in given.where:
            code = _first_code(draft, measure, dimension)
            facts = {"dimension": dimension, "measure": measure.id, "code": code}
            draft.fault(document, here, "indicator.unfixed-dimension", **facts)
    _check_reach(draft, indicator, document, here, measure)


def _check_reach(draft: Draft, indicator: Indicator, document: Document, path: Path, measure: Measure) -> None:
    own = draft.depth(measure.level)
    for level in indicator.levels:
        depth = draft.depth(level)
        if own is None or depth is None or depth == own:
            continue
        facts = {"level": level, "measure": measure.id, "own": measure.level}
        if depth > own:
            draft.fault(document, path, "indicator.level-below", **facts)
        elif measure.areas.rule == "none":
            draft.fault(document, path, "indicator.level-above", **facts)


def _first_code(draft: Draft, measure: Measure, dimension: str) -> str:
    codelist = draft.codelists.get(measure.dimensions[dimension])
    return next(iter(codelist.codes), "…") if codelist else "…"
