"""Turns the plain data of a definition, whose shape is known to be right, into the values of `definitions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.definitions import (
    AreaRule,
    Basis,
    Calendar,
    CalendarPeriod,
    DataModel,
    Example,
    Indicator,
    Input,
    Item,
    Measure,
    Name,
    Report,
    ReportColumn,
    RowRule,
    Unit,
    Version,
)

Data = Mapping[str, Any]


def build_measure(data: Data, file: str) -> Measure:
    """A measure from `measures/<domain>/<id>.yaml`."""
    areas = data["areas"]
    return Measure(
        id=str(data["id"]),
        name=_name(data["name"]),
        unit=str(data["unit"]),
        decimals=int(data["decimals"]),
        level=str(data["level"]),
        areas=AreaRule(_word(areas["rule"]), _text_or_none(areas.get("by")), _name_or_none(areas.get("why"))),
        time=_word(data["time"]["rule"]),
        dimensions=_texts(data.get("dimensions", {})),
        dimension_rules=_texts(data.get("dimension_rules", {})),
        split_weight=_text_or_none(data.get("split", {}).get("weight")),
        internal_flow=_text_or_none(data.get("internal_flow", {}).get("counterpart")),
        counts=_text_or_none(data.get("counts")),
        signed=data.get("signed") == "true",
        file=file,
    )


def build_indicator(data: Data, file: str) -> Indicator:
    """An indicator from `indicators/<domain>/<id>.yaml`."""
    return Indicator(
        id=str(data["id"]),
        name=_name(data["name"]),
        unit=str(data["unit"]),
        decimals=int(data["decimals"]),
        frequency=_word(data["frequency"]),
        levels=_list(data["levels"]),
        versions=tuple(_version(version) for version in data["versions"]),
        examples=tuple(_example(example) for example in data.get("examples", [])),
        definition=_name_or_none(data.get("definition")),
        file=file,
    )


def build_model(data: Data, file: str) -> DataModel:
    """A data model from `models/<id>.yaml`; keys left out take the defaults of `DataModel`."""
    area, time = data.get("area", {}), data.get("time", {})
    places = (
        ("area_column", area, "column"),
        ("name_column", area, "name_column"),
        ("time_column", time, "column"),
        ("time_format", time, "format"),
        ("time_min", time, "min"),
        ("value_column", data.get("value", {}), "column"),
        ("item_column", data.get("item", {}), "column"),
        ("status_column", data.get("status", {}), "column"),
        ("when_bad", data, "when_bad"),
    )
    given: dict[str, Any] = {name: str(where[key]) for name, where, key in places if key in where}
    return DataModel(
        id=str(data["id"]),
        name=_name(data["name"]),
        source=str(data.get("source", "")),
        area_basis=date.fromisoformat(data["area_basis"]),
        layout="wide" if data.get("layout") == "wide" else "long",
        items={str(name): _item(item) for name, item in data["items"].items()},
        time_min_why=_name_or_none(time.get("min_why")),
        dimension_columns=_texts(data.get("dimensions", {})),
        also_called={str(code): _list(names) for code, names in area.get("also_called", {}).items()},
        other_columns=_list(data.get("other_columns", [])),
        rules=tuple(_row_rule(rule) for rule in data.get("rules", [])),
        file=file,
        **given,
    )


def build_calendar(data: Data, file: str) -> Calendar:
    """A calendar from `calendars/<id>.yaml`."""
    periods = {str(kind): _period(period) for kind, period in data["periods"].items()}
    return Calendar(str(data["id"]), _name(data["name"]), str(data["timezone"]), periods, file)


def build_report(data: Data, file: str) -> Report:
    """A report form from `reports/<id>.yaml`."""
    columns = tuple(
        ReportColumn(
            str(column["indicator"]),
            str(column.get("dimensions", "")),
            _name_or_none(column.get("name")),
            column.get("latest") == "true",
        )
        for column in data["columns"]
    )
    return Report(
        id=str(data["id"]),
        name=_name(data["name"]),
        calendar=str(data["calendar"]),
        frequency=str(data["frequency"]),
        level=str(data["level"]),
        receiver=str(data["receiver"]),
        columns=columns,
        basis=tuple(_basis(basis) for basis in data.get("basis", [])),
        area_basis=date.fromisoformat(data["area_basis"]) if "area_basis" in data else None,
        file=file,
    )


def build_unit(data: Data) -> Unit:
    """One unit of `units.yaml`."""
    return Unit(
        str(data["id"]),
        _name(data["name"]),
        _name(data["symbol"]),
        str(data.get("dimension", "")),
        Decimal(data.get("scale", "1")),
    )


BUILDERS: Mapping[str, Callable[[Data, str], Any]] = {
    "measure": build_measure,
    "indicator": build_indicator,
    "model": build_model,
    "calendar": build_calendar,
    "report": build_report,
}
"""Kind of file to its builder."""


def _name(data: Data) -> Name:
    return Name(str(data["vi"]), str(data["en"]))


def _name_or_none(data: Data | None) -> Name | None:
    return None if data is None else _name(data)


def _word(data: object) -> Any:
    """A word that the schema has checked against the choices of a Literal."""
    return str(data)


def _basis(data: Data) -> Basis:
    return Basis(str(data["document"]), str(data.get("item", "")), data.get("verified") == "true")


def _texts(data: Data) -> dict[str, Any]:
    return {str(key): str(data[key]) for key in sorted(data)}


def _list(data: list[Any]) -> tuple[str, ...]:
    return tuple(str(item) for item in data)


def _text_or_none(data: object) -> str | None:
    return None if data is None else str(data)


def _decimal(data: object) -> Decimal | None:
    return None if data is None else Decimal(str(data))


def _version(data: Data) -> Version:
    return Version(
        valid_from=date.fromisoformat(data["valid_from"]),
        basis=tuple(_basis(basis) for basis in data["basis"]),
        formula=str(data["formula"]),
        inputs={str(name): _input(given) for name, given in data["inputs"].items()},
        when_missing=_word(data.get("when_missing", "blank")),
        change=str(data.get("change", "")),
    )


def _input(data: Any) -> Input:
    if isinstance(data, str):
        return Input(str(data))
    return Input(str(data["measure"]), _texts(data.get("where", {})), int(data.get("periods_back", "0")))


def _example(data: Data) -> Example:
    given = {str(name): tuple(_decimal(value) for value in values) for name, values in data["given"].items()}
    return Example(given, _decimal(data["expect"]), str(data.get("name", "")))


def _item(data: Data) -> Item:
    return Item(
        str(data["measure"]),
        _texts(data.get("dimensions", {})),
        _decimal(data.get("min")),
        _decimal(data.get("max")),
        str(data.get("status", "A")),
    )


def _row_rule(data: Data) -> RowRule:
    severity = _word(data.get("severity", "error"))
    return RowRule(str(data["id"]), str(data["check"]), _name(data["message"]), severity)


def _period(data: Data) -> CalendarPeriod:
    moments = {
        f"{moment}_{part}": int(data[moment][part]) for moment in ("from", "to", "due") for part in ("month", "day")
    }
    return CalendarPeriod(basis=_basis(data["basis"]), **moments)
