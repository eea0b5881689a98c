"""Moves between areas as figures of couples of areas (`from>to`), so that one change of areas carries both ends.

A couple of old areas becomes couples of new ones: every area that the origin went to with every area that the
destination went to. What happened to people who live in a piece says little about those of them who moved, so a share
is never certain here unless it is all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import polars as pl

from indicators.correspondence import Correspondence, Pair
from indicators.extent import ONE, UNKNOWN, ZERO, worst

BETWEEN = ">"
"""Stands between the two codes of a couple; no code of an area has it."""

Couple = tuple[str, str]
Reach = tuple[str, Fraction | None, str]
"""Where a couple may go: the code of the target, the estimated share, and how good the estimate is."""


@dataclass(frozen=True)
class Ends:
    """Where each area went.

    A piece is only left out where the law says that nothing which is counted went with it, and something else did: that
    nobody lives in a piece today does not say that nobody moved there.
    """

    areas: Correspondence

    def of(self, code: str) -> tuple[Pair, ...]:
        """The pairs of an area."""
        return self._links.get(code, ())

    def origins(self, code: str) -> frozenset[str]:
        """The old areas that a new one holds anything of."""
        return self._origins.get(code, frozenset())

    @cached_property
    def _links(self) -> dict[str, tuple[Pair, ...]]:
        found = {}
        for code, pairs in self.areas.by_source.items():
            counted = tuple(pair for pair in pairs if pair.upper > 0 or pair.quality != "law")
            found[code] = counted or pairs
        found.pop("", None)
        return found

    @cached_property
    def _origins(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for code, pairs in self._links.items():
            for pair in pairs:
                found.setdefault(pair.to_area, set()).add(code)
        return {code: frozenset(origins) for code, origins in found.items()}


def by_couple(ends: Ends, couple: Couple) -> Iterator[Reach]:
    """New origin and new destination: `X>Y`; `X>X` is within one area. Land that left has the empty code."""
    for start in ends.of(couple[0]):
        for end in ends.of(couple[1]):
            code = couple_code(start.to_area, end.to_area) if start.to_area and end.to_area else ""
            yield code, _times(start.share, end.share), worst([start.quality, end.quality])


def by_origin(ends: Ends, couple: Couple) -> Iterator[Reach]:
    """New origin, and whether the move leaves it: `X>`, or stays within: `X>X`."""
    yield from _leaving(ends, couple[0], couple[1], lambda code: f"{code}{BETWEEN}")


def by_destination(ends: Ends, couple: Couple) -> Iterator[Reach]:
    """New destination, and whether the move comes from elsewhere: `>Y`, or from within: `Y>Y`."""
    yield from _leaving(ends, couple[1], couple[0], lambda code: f"{BETWEEN}{code}")


def couple_code(start: str, end: str) -> str:
    """The code of a couple."""
    return f"{start}{BETWEEN}{end}"


def couples(
    listed: Iterable[Couple], areas: Correspondence, reach: Callable[[Ends, Couple], Iterator[Reach]]
) -> Correspondence:
    """The correspondence of couples.

    Args:
        listed: The couples of old areas.
        areas: How the areas map.
        reach: Where a couple may go: `by_couple`, `by_origin` or `by_destination`.
    """
    ends = Ends(areas)
    pairs: list[Pair] = []
    from_areas, to_areas = {}, {}
    for couple in sorted(set(listed)):
        code = couple_code(*couple)
        from_areas[code] = areas.from_areas[couple[0]]
        pairs += _pairs(code, tuple(reach(ends, couple)), _law(ends, couple), _is_same(ends, couple, reach))
    for pair in pairs:
        if pair.to_area:
            start, _, end = pair.to_area.partition(BETWEEN)
            to_areas[pair.to_area] = areas.to_areas[start or end]
    return Correspondence(
        areas.from_day, areas.to_day, areas.level, areas.to_level, areas.weight, tuple(pairs), from_areas, to_areas
    )


def split(rows: pl.DataFrame, counterpart: str) -> pl.DataFrame:
    """Rows with `dimensions` without the counterpart, and the counterpart's code beside them (`other`, null: total)."""
    other = pl.col("dimensions").str.extract(f"(?:^|;){counterpart}=([^;]*)")
    rest = (
        pl.col("dimensions")
        .str.split(";")
        .list.eval(pl.element().filter(~pl.element().str.starts_with(f"{counterpart}=")))
        .list.join(";")
    )
    return rows.with_columns(other=other, dimensions=rest)


def joined(counterpart: str, other: pl.Expr) -> pl.Expr:
    """The inverse of `split`: the text of the dimensions with the counterpart in its place."""
    with_it = (
        pl.concat_list(pl.col("dimensions").str.split(";"), pl.concat_str(pl.lit(f"{counterpart}="), other))
        .list.eval(pl.element().filter(pl.element() != ""))
        .list.sort()
        .list.join(";")
    )
    return pl.when(other.is_null()).then(pl.col("dimensions")).otherwise(with_it)


def _leaving(ends: Ends, mover: str, other: str, name: Callable[[str], str]) -> Iterator[Reach]:
    others = ends.of(other)
    for pair in ends.of(mover):
        code = pair.to_area
        inside = [end for end in others if end.to_area == code]
        outside = [end for end in others if end.to_area != code]
        quality = worst([pair.quality, *(end.quality for end in others)])
        if not code:
            yield "", pair.share, quality
            continue
        if outside:
            shares = [end.share for end in outside]
            share = None if None in shares else sum((one for one in shares if one is not None), ZERO)
            yield name(code), _times(pair.share, share), quality
        if inside:
            yield couple_code(code, code), _times(pair.share, inside[0].share), quality


def _pairs(code: str, reached: Sequence[Reach], law: tuple[str, ...], is_same: bool) -> list[Pair]:
    """The pairs of one couple; targets that several ways lead to are one."""
    merged: dict[str, tuple[Fraction | None, str]] = {}
    for target, share, quality in reached:
        known, before = merged.get(target, (ZERO, "estimated"))
        merged[target] = (None if known is None or share is None else known + share, worst([before, quality]))
    if len(merged) == 1:
        (target,) = merged
        return [Pair(code, target, ONE, ONE, ONE, "whole", law, is_same)]
    return [
        Pair(code, target, share, ZERO, ONE, UNKNOWN if share is None else quality, law)
        for target, (share, quality) in sorted(merged.items())
    ]


def _law(ends: Ends, couple: Couple) -> tuple[str, ...]:
    return tuple(sorted({law for code in couple for pair in ends.of(code) for law in pair.law}))


def _is_same(ends: Ends, couple: Couple, reach: Callable[[Ends, Couple], Iterator[Reach]]) -> bool:
    """Whether a couple is the very same couple afterwards; a total of several couples is a sum, not a report."""
    return reach is by_couple and all(pair.same for code in couple for pair in ends.of(code))


def _times(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other
