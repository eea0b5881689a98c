"""Checks a data model: its layout, and the measures, codes, areas and row rules that it names."""

from __future__ import annotations

from dataclasses import replace

from indicators.catalog_draft import Draft
from indicators.definitions import DataModel, Item
from indicators.findings import DataFault
from indicators.formula import parse_formula
from indicators.yaml_source import Document, Path


def check_models(draft: Draft) -> None:
    """Check every data model; problems go to the draft's findings."""
    for model, document in draft.built("model"):
        _check_layout(draft, model, document)
        _check_areas(draft, model, document)
        for name, item in model.items.items():
            _check_item(draft, model, document, ("items", name), item)
        _check_dimension_columns(draft, model, document)
        _check_rules(draft, model, document)


def _check_layout(draft: Draft, model: DataModel, document: Document) -> None:
    several = len(model.items) > 1 or "" not in model.items
    if model.layout == "long" and several and not model.item_column:
        draft.key_fault(document, ("items",), "model.item-column")
    if "" in model.items and (model.layout == "wide" or len(model.items) > 1 or model.item_column):
        draft.key_fault(document, ("items", ""), "model.item-name")


def _check_areas(draft: Draft, model: DataModel, document: Document) -> None:
    if draft.register is None:
        return
    if not draft.register.on(model.area_basis):
        draft.fault(document, ("area_basis",), "model.area-basis", day=model.area_basis)
        return
    for code in model.also_called:
        path = ("area", "also_called", code)
        draft.known(
            document, path, "area", code, draft.register.on(model.area_basis), str(model.area_basis), of_key=True
        )


def _check_item(draft: Draft, model: DataModel, document: Document, path: Path, item: Item) -> None:
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        draft.fault(document, (*path, "min"), "model.min-max", low=item.minimum, high=item.maximum)
    for dimension in item.dimensions:
        if dimension in model.dimension_columns:
            facts = {"dimension": dimension, "column": model.dimension_columns[dimension]}
            draft.key_fault(document, (*path, "dimensions", dimension), "model.dimension-twice", **facts)
    if draft.known(document, (*path, "measure"), "measure", item.measure, draft.measures):
        measure = draft.measure(item.measure)
        if measure is not None:
            draft.codes_known(document, (*path, "dimensions"), measure, item.dimensions)


def _check_dimension_columns(draft: Draft, model: DataModel, document: Document) -> None:
    measures = [draft.measure(item.measure) for item in model.items.values()]
    if any(measure is None for measure in measures):
        return
    known = {name for measure in measures if measure for name in measure.dimensions}
    known |= {measure.internal_flow for measure in measures if measure and measure.internal_flow}
    for dimension in model.dimension_columns:
        if dimension not in known:
            path = ("dimensions", dimension)
            draft.key_fault(document, path, "model.dimension-unused", dimension=dimension)


def _check_rules(draft: Draft, model: DataModel, document: Document) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(model.rules):
        if rule.id in seen:
            draft.fault(document, ("rules", number, "id"), "model.rule-id", id=rule.id)
        seen.add(rule.id)
        path = ("rules", number, "check")
        try:
            formula = parse_formula(rule.check)
        except DataFault as error:
            place = document.place(path)
            draft.findings += [
                replace(found, file=document.file, line=place.line, column=place.column) for found in error.findings
            ]
            continue
        if formula.kind != "condition":
            draft.fault(document, path, "model.rule-number")
        for name in sorted(formula.names):
            draft.known(document, path, "column", name, _columns(model))


def _columns(model: DataModel) -> set[str]:
    """The source columns that a model knows."""
    by_layout = set(model.items) if model.layout == "wide" else {model.value_column, model.item_column}
    single = {model.area_column, model.name_column, model.time_column, model.status_column}
    return (by_layout | single | {*model.dimension_columns.values(), *model.other_columns}) - {""}
