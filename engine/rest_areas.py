"""Restates figures together with what known totals leave: the rest of a province is an area like any other.

Where one area is missing the rest is its figure. Where several are, they are taken together as one area that has the
rest: all of it goes where all of them go, and it is cut where they part, with bounds only. So nothing is certain of a
new area that the total does not make certain, and sums are conserved with the total in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from engine.restate import SERIES, Restated, restate
from indicators.correspondence import Correspondence, Pair
from indicators.definitions import Measure
from indicators.extent import ONE, QUALITY_ORDER, UNKNOWN, ZERO

KEY = ["ref_area", *SERIES]
Group = tuple[str, tuple[str, ...]]
"""An area above, and the areas within it that share its rest."""


@dataclass(frozen=True)
class Completed:
    """Figures and what totals leave, restated.

    Attributes:
        restated: The figures of the areas wanted; their coverage counts what was reported, not what was worked out.
        observations: What was restated: the figures, and the rests in place of what is missing.
    """

    restated: Restated
    observations: pl.DataFrame


def restate_completed(
    observations: pl.DataFrame,
    rests: pl.DataFrame,
    measure: Measure,
    areas: Correspondence,
    weights: pl.DataFrame | None = None,
) -> Completed:
    """Restate observations; those of a plain sum with the rests of known totals.

    Args:
        observations: As `engine.restate.restate` takes them.
        rests: Shape RESTS, as `engine.known_totals` gives them.
        measure: Its rules.
        areas: How the areas map.
        weights: For a mean, as `engine.restate.restate` takes them.
    """
    plain = restate(observations, measure, areas, weights)
    if rests.is_empty():
        return Completed(plain, observations)
    own = observations.select(*KEY, "obs_value", "obs_status")
    numbered = _numbered(rests)
    members = numbered.explode("members").select(*SERIES, ref_area="members")
    rest = numbered.with_columns(ref_area="code").select(own.columns)
    together = pl.concat([own.join(members, on=KEY, how="anti"), rest])
    parts = [_restated(one, together, measure, areas) for one in _patterns(together, numbered)]
    rows = pl.concat([one.rows for one in parts])
    rows = _worked_out(rows, plain.rows, numbered, areas)
    restated = Restated(
        rows.sort(*KEY),
        pl.concat([one.held for one in parts]).sort(*KEY),
        pl.concat([one.unallocated for one in parts]).sort(*KEY),
        tuple(dict.fromkeys(finding for one in parts for finding in one.findings)),
    )
    return Completed(restated, together)


@dataclass(frozen=True)
class _Pattern:
    """Series in which the same areas share the same rests."""

    groups: tuple[Group, ...]
    codes: tuple[str, ...]
    series: pl.DataFrame


def _numbered(rests: pl.DataFrame) -> pl.DataFrame:
    """The rests with a `code`: of one area its own, of several one that no area has, the same for the same areas."""
    several = rests.filter(pl.col("members").list.len() > 1)
    listed = sorted({(parent, tuple(members)) for parent, members in several.select("parent", "members").iter_rows()})
    codes = {group: f"{group[0]}*{place}" for place, group in enumerate(listed)}
    named = [
        codes.get((parent, tuple(members)), members[0])
        for parent, members in rests.select("parent", "members").iter_rows()
    ]
    return rests.with_columns(pl.Series("code", named, dtype=pl.String))


def _patterns(together: pl.DataFrame, rests: pl.DataFrame) -> Iterator[_Pattern]:
    """The series by which areas share rests in them; most have the same, and many none."""
    several = rests.filter(pl.col("members").list.len() > 1)
    of_series: dict[tuple[str, str], list[tuple[str, Group]]] = {
        series: [] for series in together.select(SERIES).unique(maintain_order=True).iter_rows()
    }
    for parent, members, code, *series in several.select("parent", "members", "code", *SERIES).iter_rows():
        of_series[series[0], series[1]].append((code, (parent, tuple(members))))
    found: dict[tuple[tuple[str, Group], ...], list[tuple[str, str]]] = {}
    for one, groups in of_series.items():
        found.setdefault(tuple(sorted(groups)), []).append(one)
    for shared, listed in sorted(found.items()):
        frame = pl.DataFrame(listed, schema=dict.fromkeys(SERIES, pl.String), orient="row")
        yield _Pattern(tuple(group for _, group in shared), tuple(code for code, _ in shared), frame)


def _restated(pattern: _Pattern, together: pl.DataFrame, measure: Measure, areas: Correspondence) -> Restated:
    """The series of a pattern; the other categories of their periods are there, since tables are rounded whole."""
    joined = joined_areas(areas, dict(zip(pattern.codes, pattern.groups, strict=True)))
    periods = together.join(pattern.series.select("time_period").unique(), on="time_period", how="semi")
    given = periods.filter(pl.col("ref_area").is_in(sorted(joined.from_areas)))
    found = restate(given, measure, joined)
    rows, held, rest = (
        one.join(pattern.series, on=SERIES, how="semi") for one in (found.rows, found.held, found.unallocated)
    )
    return Restated(rows, held, rest, found.findings)


def joined_areas(areas: Correspondence, groups: dict[str, Group]) -> Correspondence:
    """A correspondence in which areas that share a rest are one area.

    What goes from them together to an area is at least what the least of their shares says of the whole, and at most
    what the largest says.

    Args:
        areas: How the areas map.
        groups: New code to the areas that it joins.
    """
    gone = {member for _, members in groups.values() for member in members}
    pairs = [pair for pair in areas.pairs if pair.from_area not in gone]
    from_areas = {code: area for code, area in areas.from_areas.items() if code not in gone}
    for code, (parent, members) in groups.items():
        pairs += _joined(code, [areas.by_source.get(member, ()) for member in members])
        known = next(areas.from_areas[member] for member in members)
        from_areas[code] = replace(known, code=code, name_vi=parent, name_en=parent)
    ordered = tuple(sorted(pairs, key=lambda pair: (pair.from_area, pair.to_area)))
    return replace(areas, pairs=ordered, from_areas=from_areas)


def _joined(code: str, members: Sequence[Sequence[Pair]]) -> Iterator[Pair]:
    for target in sorted({pair.to_area for pairs in members for pair in pairs}):
        found = [next((pair for pair in pairs if pair.to_area == target), None) for pairs in members]
        bounds = [(ZERO, ZERO) if pair is None else (pair.lower, pair.upper) for pair in found]
        lower, upper = min(low for low, _ in bounds), max(high for _, high in bounds)
        law = tuple(sorted({text for pair in found if pair is not None for text in pair.law}))
        share: Fraction | None = lower if lower == upper and lower in (ZERO, ONE) else None
        worst = max((QUALITY_ORDER.index(pair.quality) for pair in found if pair is not None), default=0)
        yield Pair(code, target, share, lower, upper, UNKNOWN if share is None else QUALITY_ORDER[worst], law)


def _worked_out(rows: pl.DataFrame, plain: pl.DataFrame, rests: pl.DataFrame, areas: Correspondence) -> pl.DataFrame:
    """Rows whose coverage is that of the reports, and whose basis says that no rest was reported."""
    same = [(pair.from_area, pair.to_area) for pair in areas.pairs if pair.same]
    pairs = pl.DataFrame(same, schema={"code": pl.String, "ref_area": pl.String}, orient="row")
    filled = rests.join(pairs, on="code").select(*KEY, worked_out=pl.lit(value=True))
    reported = plain.select(*KEY, said="coverage")
    return (
        rows.join(filled, on=KEY, how="left")
        .join(reported, on=KEY, how="left")
        .with_columns(
            basis=pl.when(pl.col("worked_out") & (pl.col("basis") == "reported"))
            .then(pl.lit("exact"))
            .otherwise("basis"),
            coverage=pl.col("said").fill_null(0),
        )
        .drop("worked_out", "said")
    )
