"""What a run is asked, and what it needs to answer: measures, periods, and an id that stands for all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from engine.compute import input_periods
from engine.time_aggregate import parts_held
from indicators.areas import Register
from indicators.catalog import Catalog
from indicators.definitions import Calendar, Indicator, Measure
from indicators.periods import parse_period


@dataclass(frozen=True)
class Question:
    """What a run is asked: which indicators, for which periods, on the areas of which days."""

    indicators: tuple[Indicator, ...]
    periods: tuple[str, ...]
    days: tuple[date, ...]
    report: str = ""


def calendar_of(question: Question, catalog: Catalog) -> Calendar | None:
    """The calendar of the report that is asked for, whose windows its figures count; None: periods count their days."""
    report = catalog.reports.get(question.report)
    return catalog.calendars[report.calendar] if report else None


def default_days(register: Register) -> tuple[date, ...]:
    """The last day of the old areas and the first day of the new ones; without a change, the newest areas."""
    if register.change_days:
        last = register.change_days[-1]
        return (last - timedelta(days=1), last)
    return (max(area.valid_from for area in register.areas),)


def measures_used(indicator: Indicator) -> set[str]:
    """The ids of the measures in any version of an indicator's formula."""
    return {one.measure for version in indicator.versions for one in version.inputs.values()}


def measures_of(catalog: Catalog, indicators: Iterable[Indicator]) -> dict[str, Measure]:
    """The measures that indicators are made of, and those that weigh their means."""
    names = {name for indicator in indicators for name in measures_used(indicator)}
    names |= {by for name in names if (by := catalog.measures[name].areas.by) is not None}
    return {name: catalog.measures[name] for name in sorted(names)}


def weighing(measures: Mapping[str, Measure], catalog: Catalog) -> list[str]:
    """The measures whose own observations say how the cut pieces of others are estimated (`split: {weight: ID}`)."""
    bases = {measure.split_weight for measure in measures.values() if measure.split_weight is not None}
    return sorted(basis for basis in bases if basis in catalog.measures)


def needed(question: Question, measures: Mapping[str, Measure]) -> pl.DataFrame:
    """The `measure` and `time_period` of every observation that may be needed."""
    needed = set()
    for indicator in question.indicators:
        periods = input_periods(indicator, question.periods)
        names = measures_used(indicator)
        names |= {by for name in names if (by := measures[name].areas.by) is not None}
        needed |= {(name, period) for name in names for period in periods}
    return pl.DataFrame(sorted(needed), schema={"measure": pl.String, "time_period": pl.String}, orient="row")


def with_parts(wanted: pl.DataFrame, observations: pl.DataFrame, measures: Mapping[str, Measure]) -> pl.DataFrame:
    """What is wanted (`measure`, `time_period`), and the shorter periods held that a wanted one can be made of.

    Of a stock only those that end with the period: nothing else tells it.
    """
    held = dict(observations.group_by("measure").agg(pl.col("time_period").unique().sort()).iter_rows())
    found = set(wanted.iter_rows())
    for (name,), rows in wanted.partition_by("measure", as_dict=True).items():
        for whole, shorter in parts_held(rows["time_period"], held.get(name, [])).items():
            at_end = {part for part in shorter if parse_period(part).end == parse_period(whole).end}
            found |= {(name, part) for part in (at_end if measures[str(name)].time == "stock" else shorter)}
    return pl.DataFrame(sorted(found), schema=wanted.schema, orient="row")


def run_id(question: Question, catalog_sha256: str, loads: Sequence[str]) -> str:
    """The same question over the same catalog and loads has the same id: 16 digits of a SHA-256."""
    asked = {
        "indicators": [indicator.id for indicator in question.indicators],
        "periods": question.periods,
        "days": [day.isoformat() for day in question.days],
        "report": question.report,
        "catalog": catalog_sha256,
        "loads": loads,
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
