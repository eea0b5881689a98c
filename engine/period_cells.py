"""Periods of a file: read as their model says, refused before its first period and in the future."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from engine.conform_texts import conform_text
from engine.sources import ROW, RowFault, shortened
from indicators.definitions import DataModel
from indicators.findings import DataFault
from indicators.periods import Period, parse_period

_YEAR = re.compile(r"[0-9]{4}")
# A workbook gives a day as a moment at midnight.
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})( 00:00:00)?")
_FORECAST = "F"

Refusal = tuple[str, str, str]


def with_periods(candidates: pl.DataFrame, model: DataModel, today: date) -> tuple[pl.DataFrame, list[RowFault]]:
    """Candidates with `time_period` (null where the cell is none), and what is wrong with their periods.

    Args:
        candidates: `ROW`, `time`, `status`.
        model: Says how periods are written, and which is the earliest.
        today: A period that begins after this day has status F or is refused.
    """
    texts = candidates["time"].drop_nulls().unique().sort().to_list()
    read = {text: _read(text, model) for text in texts}
    periods = {text: found.text for text, found in read.items() if isinstance(found, Period)}
    refused = {text: _refused(found, model) for text, found in read.items()}
    coming = {text for text, found in read.items() if isinstance(found, Period) and found.start > today}
    faults: list[RowFault] = []
    rows = candidates.select(ROW, "time", "status").unique(maintain_order=True).sort(ROW)
    for row, text, status in rows.filter(pl.col("time").is_not_null()).iter_rows():
        refusal = refused[text]
        if refusal is None and text in coming and status != _FORECAST:
            facts = {"value": text, "today": today}
            refusal = ("load.period-in-future", *conform_text("load.period-in-future", **facts))
        if refusal is not None:
            faults.append(RowFault(row, refusal[0], model.time_column, shortened(text), *refusal[1:]))
    period = pl.col("time").replace_strict(periods, default=None, return_dtype=pl.String)
    return candidates.with_columns(period.alias("time_period")), faults


def _read(text: str, model: DataModel) -> Period | Refusal:
    if model.time_format == "year" and not _YEAR.fullmatch(text):
        return _not_a(text, "một năm", "a year", "2024")
    if model.time_format == "date":
        day = _DAY.fullmatch(text)
        if day is None:
            return _not_a(text, "một ngày", "a day", "2024-12-31")
        text = day[1]
    try:
        return parse_period(text)
    except DataFault as fault:
        found = fault.findings[0]
        return "load.period", found.vi, found.en


def _not_a(text: str, vi: str, en: str, example: str) -> Refusal:
    facts = {"value": shortened(text, 40), "due_vi": vi, "due_en": en, "example": example}
    return "load.period", *conform_text("load.period", **facts)


def _refused(found: Period | Refusal, model: DataModel) -> Refusal | None:
    if not isinstance(found, Period):
        return found
    if not model.time_min or found.start >= parse_period(model.time_min).start:
        return None
    why = model.time_min_why
    facts = {
        "value": found.text,
        "earliest": model.time_min,
        "why_vi": why.vi if why else "mô hình không nhận số liệu cũ hơn",
        "why_en": why.en if why else "the model takes no older figures",
    }
    return "load.period-too-early", *conform_text("load.period-too-early", **facts)
