"""Moves between areas, followed couple by couple: the plain reference for what frames do at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import polars as pl

from engine.moves import SERIES
from engine.restate import restate
from engine.restated import Restated
from indicators.correspondence import Correspondence, Pair
from indicators.definitions import Measure
from indicators.extent import ONE, UNKNOWN, ZERO, worst

Couple = tuple[str, str]
Series = tuple[str, ...]
Way = tuple[str, Fraction | None, str]
"""Where a couple may go: the code of the target, the estimated share, and how good the estimate is."""
Reach = Callable[["Ends", Couple], Iterator[Way]]


class Ends:
    """Where each area went, and where each came from."""

    def __init__(self, areas: Correspondence) -> None:
        self.links: dict[str, tuple[Pair, ...]] = {}
        self.origins: dict[str, set[str]] = {}
        for code, pairs in areas.by_source.items():
            if code:
                counted = tuple(pair for pair in pairs if pair.upper > 0 or pair.quality != "law")
                self.links[code] = counted or tuple(pairs)
        for code, pairs in self.links.items():
            for pair in pairs:
                self.origins.setdefault(pair.to_area, set()).add(code)


def by_couple(ends: Ends, couple: Couple) -> Iterator[Way]:
    """New origin and new destination."""
    for start in ends.links[couple[0]]:
        for end in ends.links[couple[1]]:
            code = f"{start.to_area}>{end.to_area}" if start.to_area and end.to_area else ""
            yield code, times(start.share, end.share), worst([start.quality, end.quality])


def by_origin(ends: Ends, couple: Couple) -> Iterator[Way]:
    """New origin, and whether the move leaves it."""
    yield from leaving(ends, couple[0], couple[1], "{}>")


def by_destination(ends: Ends, couple: Couple) -> Iterator[Way]:
    """New destination, and whether the move comes from elsewhere."""
    yield from leaving(ends, couple[1], couple[0], ">{}")


def leaving(ends: Ends, mover: str, met: str, name: str) -> Iterator[Way]:
    """The areas of the mover, each with what leaves it and what meets the other end there."""
    others = ends.links[met]
    for pair in ends.links[mover]:
        code = pair.to_area
        inside = [end for end in others if end.to_area == code]
        outside = [end.share for end in others if end.to_area != code]
        quality = worst([pair.quality, *(end.quality for end in others)])
        if not code:
            yield "", pair.share, quality
            continue
        if outside:
            shares = [share for share in outside if share is not None]
            yield (
                name.format(code),
                times(pair.share, sum(shares, ZERO) if len(shares) == len(outside) else None),
                quality,
            )
        if inside:
            yield f"{code}>{code}", times(pair.share, inside[0].share), quality


def times(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    """The product, unless one is unknown."""
    return None if one is None or other is None else one * other


def correspondence_of(couples: Sequence[Couple], areas: Correspondence, reach: Reach) -> Correspondence:
    """How couples map, as if each were an area."""
    ends = Ends(areas)
    pairs: list[Pair] = []
    for couple in couples:
        merged: dict[str, tuple[Fraction | None, str]] = {}
        for target, share, quality in reach(ends, couple):
            known, before = merged.get(target, (ZERO, "estimated"))
            merged[target] = (None if known is None or share is None else known + share, worst([before, quality]))
        code = ">".join(couple)
        if len(merged) == 1:
            same = reach is by_couple and all(pair.same for one in couple for pair in ends.links[one])
            pairs.append(Pair(code, next(iter(merged)), ONE, ONE, ONE, "whole", (), same))
            continue
        pairs += [
            Pair(code, target, share, ZERO, ONE, UNKNOWN if share is None else quality)
            for target, (share, quality) in sorted(merged.items())
        ]
    some = next(iter(areas.from_areas.values()))
    return Correspondence(
        areas.from_day, areas.to_day, areas.level, areas.to_level, areas.weight, tuple(pairs),
        {">".join(couple): some for couple in couples}, {pair.to_area: some for pair in pairs if pair.to_area},
    )  # fmt: skip


def expected(listed: pl.DataFrame, areas: Correspondence) -> list[Couple]:
    """The couples that are listed, those of origins that sent nothing, and those within areas that were cut."""
    ends = Ends(areas)
    known = set(listed.select("ref_area", "other").iter_rows())
    present = {start for start, _ in known}
    absent = {
        (silent, end)
        for start, end in known
        for pair in ends.links[start]
        for silent in (ends.origins[pair.to_area] - present if pair.to_area else ())
    }
    reached = {pair.to_area for start in present for pair in ends.links[start]}
    cut = {code for code, pairs in ends.links.items() if len(pairs) > 1}
    within = {(code, code) for code in cut if any(pair.to_area in reached for pair in ends.links[code])}
    return sorted(known | absent | within)


def carried(listed: pl.DataFrame, measure: Measure, areas: Correspondence, reach: Reach) -> Restated:
    """The moves of a measure carried to couples or to their totals.

    Args:
        listed: `ref_area, other, time_period, dimensions, obs_value, obs_status`.
        measure: Without `internal_flow`.
        areas: How the areas map.
        reach: `by_couple`, `by_origin` or `by_destination`.
    """
    couples = expected(listed, areas)
    given = {
        tuple(row[:4]): row[4:] for row in listed.select("ref_area", "other", *SERIES, "obs_value", "obs_status").rows()
    }
    series: list[Series] = sorted({key[2:] for key in given})
    sent = {(key[0], *key[2:]) for key in given}
    rows = []
    for couple in couples:
        for one in series:
            none_moved = (couple[0], *one) in sent and couple[0] != couple[1]
            rows.append((">".join(couple), *one, *given.get((*couple, *one), (0, "A") if none_moved else (None, "O"))))
    names = ["ref_area", *SERIES, "obs_value", "obs_status"]
    figures = pl.DataFrame(rows, schema={name: listed.schema[name] for name in names}, orient="row")
    return restate(figures, measure, correspondence_of(couples, areas, reach))
