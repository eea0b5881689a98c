"""Chooses between figures of one area that come from observations on the areas of different days.

After a change the same figure may be there twice: reported by the new areas, and restated from what the old ones had
reported. What an area reported of itself comes before what is restated from others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from engine.frames import RESTATED
from indicators.areas import Register
from indicators.definitions import Measure
from indicators.findings import Finding

KEY = ["measure", "ref_area", "area_basis", "time_period", "dimensions"]


def chosen(rows: Mapping[date, pl.DataFrame], day: date, register: Register) -> pl.DataFrame:
    """One figure for each area and series.

    Args:
        rows: The day of the observations' areas to the figures restated from them (shape RESTATED).
        day: The day whose areas are wanted.
        register: The areas.

    Returns:
        Of each key the figure that has a value and lies the fewest changes away, the later observations first among
        equals; where none has a value, the one of which the most has reported.
    """
    if len(rows) == 1:
        return next(iter(rows.values()))
    order = sorted(rows, key=lambda basis: (_changes_between(register, basis, day), -basis.toordinal()))
    ranked = [rows[basis].with_columns(rank=pl.lit(place)) for place, basis in enumerate(order)]
    gap = pl.when(pl.col("obs_value").is_not_null()).then(-1.0).otherwise(1 - pl.col("coverage").cast(pl.Float64))
    every = pl.concat(ranked).with_columns(gap=gap)
    return every.sort(*KEY, "gap", "rank").unique(KEY, keep="first", maintain_order=True).select(*RESTATED)


def _changes_between(register: Register, one: date, other: date) -> int:
    first, last = min(one, other), max(one, other)
    return sum(first < moved <= last for moved in register.change_days)


def told(rows: Mapping[date, pl.DataFrame], measure: Measure) -> list[Finding]:
    """That a measure is observed on the areas of several days, since its totals then come from both."""
    periods = [set(frame.filter(pl.col("obs_value").is_not_null())["time_period"]) for frame in rows.values()]
    both = sorted(set.intersection(*periods)) if len(periods) > 1 else []
    if not both:
        return []
    days, when = ", ".join(str(day) for day in sorted(rows)), ", ".join(both)
    vi = f"{measure.id} {when}: có số liệu theo địa bàn của nhiều ngày ({days}); địa bàn nào tự báo cáo thì lấy số đó"
    en = f"{measure.id} {when}: observed on the areas of several days ({days}); what an area reported itself is taken"
    return [Finding("run.several-bases", "warning", vi, en, subject=measure.id, time_period=both[0])]
