"""A handover record as a plain text of its data alone, and the fingerprint that a signed paper is matched by.

The text is one fact a line, its fields separated by tabs: no wording, no formatting, no clock. Whoever has it can check
the fingerprint with any SHA-256 program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.handover_record import Handover, MeasureRecord, OldFigure

FORM = "chitieu handover 2"
"""The first line; the number changes when the form of the text does."""


def canonical_text(record: Handover) -> str:
    """The data of a record, one fact a line.

    - `area`: code, level, day, the other day, `gives` or `takes`, the periods asked for.
    - `measure`: id, day of its areas, rule, level of the areas that get the figures; then its facts.
    - `figure`: area, period, dimensions, value, status, weight, source row, load, SHA-256 of the file, unallocated.
    - `flow` (of the figure above): area, share, lower, upper, quality, law, given, at least, at most.
    - `total`: level, period, dimensions, count, before, given, elsewhere, unallocated.
    - `result`: level, area, period, dimensions, value, lower, upper, status, basis, coverage.
    - `break`: level, area, period: its window crosses a change of boundaries.
    - `missing`: area, period, dimensions (`*`: every series).
    - `land`: area, law. `without`: a measure of which there is nothing.
    """
    return "".join("\t".join(_plain(field) for field in fields) + "\n" for fields in _facts(record))


def fingerprint(record: Handover) -> str:
    """SHA-256 of the canonical text, in UTF-8."""
    return hashlib.sha256(canonical_text(record).encode()).hexdigest()


def _facts(record: Handover) -> Iterator[tuple[object, ...]]:
    asked = record.question
    yield (FORM,)
    direction = "gives" if asked.gives else "takes"
    yield ("area", asked.area.code, asked.area.level, asked.day, asked.other, direction, ",".join(asked.periods))
    for one in record.measures:
        yield from _measure(one)
    for land in record.land:
        yield ("land", land.to_area, "; ".join(land.law))
    for left in record.left_out:
        yield ("without", left.measure.id)


def _measure(one: MeasureRecord) -> Iterator[tuple[object, ...]]:
    yield ("measure", one.measure.id, one.area_basis, one.measure.areas.rule, one.to_level)
    for figure in one.figures:
        yield from _figure(figure)
    for total in one.totals:
        yield (
            "total", total.level, total.time_period, total.dimensions, total.figures, total.before, total.given,
            total.elsewhere, total.unallocated,
        )  # fmt: skip
    for new in one.results:
        yield (
            "result", new.level, new.ref_area, new.time_period, new.dimensions, new.obs_value, new.obs_lower,
            new.obs_upper, new.obs_status, new.basis, new.coverage,
        )  # fmt: skip
    for crossed in one.broken:
        yield ("break", crossed.level, crossed.ref_area, crossed.time_period)
    for gap in one.missing:
        yield ("missing", gap.ref_area, gap.time_period, "*" if gap.dimensions is None else gap.dimensions)


def _figure(figure: OldFigure) -> Iterator[tuple[object, ...]]:
    yield (
        "figure", figure.ref_area, figure.time_period, figure.dimensions, figure.obs_value, figure.obs_status,
        figure.weight, figure.source, figure.load_id, figure.sha256, figure.unallocated,
    )  # fmt: skip
    for flow in figure.flows:
        yield (
            "flow", flow.to_area, flow.share, flow.lower, flow.upper, flow.quality, "; ".join(flow.law), flow.given,
            flow.least, flow.most,
        )  # fmt: skip


def _plain(value: object) -> str:
    """Decimals without exponent or trailing zeros, shares as fractions, days as ISO, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, Fraction)):
        return str(value)
    return " ".join(str(value).split())
