"""Numbers of areas with a property (communes that meet a standard) across a change of boundaries.

What is counted are the areas themselves. Where they changed, the new ones have to be counted again: neither a sum nor a
share of the old number says how many of the new areas have the property. Where all of them are the very same land, the
numbers add up as any others do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import polars as pl

from engine.frames import RESTATED
from engine.restated import Restated
from indicators.areas import Register
from indicators.correspondence import Correspondence, areas_at, correspondence
from indicators.definitions import Measure
from indicators.findings import Finding


def without_changed(restated: Restated, measure: Measure, areas: Correspondence) -> Restated:
    """Refuse the figures of areas within which a counted area changed.

    Args:
        restated: The figures as their sum gives them.
        measure: Says which level is counted (`counts`).
        areas: The correspondence that was used.

    Returns:
        The same with refusals in place of those figures; what they held is `held`, so that both sides still balance.
    """
    changed = sorted(set(areas.to_areas) - unchanged_within(areas, measure.counts or areas.level))
    hit = pl.col("ref_area").is_in(changed) & (pl.col("coverage") > 0)
    lost = restated.rows.filter(hit)
    if lost.is_empty():
        return restated
    nothing = [pl.lit(None).cast(RESTATED[name]).alias(name) for name in ("obs_value", "obs_lower", "obs_upper")]
    refused = lost.with_columns(*nothing, obs_status=pl.lit("M"), basis=pl.lit("refused"))
    order = ["ref_area", "time_period", "dimensions"]
    rows = pl.concat([restated.rows.filter(~hit), refused.select(*RESTATED)]).sort(order)
    known = lost.filter(pl.col("obs_value").is_not_null()).select(restated.held.columns)
    held = pl.concat([restated.held, known]).sort(order)
    return replace(
        restated, rows=rows, held=held, findings=(*restated.findings, _finding(measure, areas, lost["ref_area"]))
    )


def unchanged_within(areas: Correspondence, counted: str) -> frozenset[str]:
    """The areas wanted within which every area of the counted level is the very same land on both days."""
    register = areas.register
    if register is None:
        return frozenset(areas.to_areas) if areas.from_day == areas.to_day else frozenset()
    first, last = sorted((areas.from_day, areas.to_day))
    if not any(first < moved <= last for moved in register.change_days):
        return frozenset(areas.to_areas)
    at = areas_at(register, areas.to_day, areas.to_level)
    # A level that is in force on one of the days only has nothing that is the same on both.
    levels = [{area.level for area in register.on(day).values()} for day in (first, last)]
    if counted not in levels[0] & levels[1]:
        return frozenset()
    links = _links(register, areas, counted)
    same = {pair.to_area for pair in links.pairs if pair.same}
    inside = areas_at(register, areas.to_day, counted)
    changed = {at[leaf] for leaf, area in inside.items() if area not in same and leaf in at}
    return frozenset(areas.to_areas) - changed


def _links(register: Register, areas: Correspondence, counted: str) -> Correspondence:
    if (areas.level, areas.to_level) == (counted, counted):
        return areas
    return _between(register, areas.from_day, areas.to_day, counted)


@lru_cache(maxsize=8)
def _between(register: Register, first: date, last: date, counted: str) -> Correspondence:
    """Every period and level of a run asks for the same one."""
    return correspondence(register, first, last, counted, counted)


def _finding(measure: Measure, areas: Correspondence, codes: pl.Series) -> Finding:
    changed = sorted(codes.unique())
    some = ", ".join(changed[:10]) + (" …" if len(changed) > 10 else "")
    vi = (
        f"{measure.id}: từ chối quy đổi cho {len(changed)} địa bàn ngày {areas.to_day} ({some}), vì chính địa bàn cấp"
        f" {measure.counts} được đếm ở đó đã thay đổi từ ngày {areas.from_day}; hãy đếm lại trên các địa bàn mới"
    )
    en = (
        f"{measure.id}: refused for {len(changed)} areas of {areas.to_day} ({some}), because the areas of level"
        f" {measure.counts} that are counted there changed since {areas.from_day}; count again over the areas of that"
        " day and load the result"
    )
    return Finding("restate.counted-changed", "info", vi, en, subject=measure.id)
