"""Keeps suppressed figures from being worked out: what would reveal one by subtraction is suppressed as well.

A figure with status Q is not told; its total and the other categories may give it away (total 10, men 6: women 4). So
before anything is restated, each table that holds a suppressed figure is checked: if what stands beside it determines
it, the finest and smallest figure that takes part is suppressed too (secondary suppression), until it does not. Totals
are kept where that is possible. Everything published is made of what is left, so no later sum, mean, formula or bound,
of any areas or levels, can tell more than the tables themselves.

A table has the categories of code lists with their sums (`engine.table_cells`) and all periods: months make the year.
The same territory reported under other areas' codes is withheld where it overlaps (`engine.same_territory`). What is
worked out is all that equations tell of numbers that are not negative; of means, which are sums of weight times value,
and of the smallest and largest see `engine.secondary_rows`.

Not protected against: intervals (that a figure lies between 0 and its total may be known, as may the office's own rule
of what it suppresses); that figures are whole numbers, which can tell more where three or more dimensions are crossed;
two measures that only people know to be related; what an earlier run or another file published; rounded means so close
to each other that they bound what they leave open. What was received is shown as it is, suppressed beside it or not, by
the view `observations`, by `explain` and by the handover record, to those who may see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.frames import NUM
from engine.same_territory import elsewhere
from engine.secondary_rows import apart, secondary
from engine.table_cells import leaves_of, table_of
from indicators.areas import Register
from indicators.definitions import Codelist, Measure
from indicators.findings import Finding
from indicators.periods import parse_period

SUPPRESSED = "Q"
AREA = ["area_basis", "ref_area"]
PLACE = [*AREA, "time_period"]


@dataclass(frozen=True)
class Protected:
    """Observations in which no suppressed figure is determined by others, and what was done for it."""

    observations: pl.DataFrame
    findings: tuple[Finding, ...]


def protect(
    observations: pl.DataFrame,
    measure: Measure,
    register: Register,
    codelists: Mapping[str, Codelist] | None = None,
    weights: pl.DataFrame | None = None,
) -> Protected:
    """Suppress what would reveal a suppressed figure.

    Args:
        observations: All observations of one measure that may ever be published beside each other, at least
            `area_basis, ref_area, time_period, dimensions, obs_value, obs_status`.
        measure: Its rules.
        register: The areas, for figures of the same territory under the codes of several days.
        codelists: By id, to know which codes are made of others.
        weights: For a mean: the protected observations of the measure that weighs it, which the means may tell.

    Returns:
        The observations, in their order; suppressed ones have no value and status Q. One finding for each that was not
        suppressed before.
    """
    hidden = observations.filter(pl.col("obs_status") == SUPPRESSED).select(PLACE)
    weighing = hidden.clear() if weights is None else weights.filter(pl.col("obs_status") == SUPPRESSED).select(PLACE)
    closed = pl.concat([hidden, weighing]).unique(maintain_order=True)
    if closed.is_empty():
        return Protected(observations, ())
    numbered = observations.with_row_index("row_no")
    found = elsewhere(numbered, closed, measure, register)
    tables = numbered.filter(~pl.col("row_no").is_in(found)).join(closed.select(AREA).unique(), on=AREA, how="semi")
    leaves = leaves_of(observations["dimensions"].unique(), measure, codelists or {})
    unweighed = {key: group["time_period"] for key, group in weighing.partition_by(AREA, as_dict=True).items()}
    for key, rows in sorted(tables.partition_by(AREA, as_dict=True).items()):
        table = table_of(rows, measure, leaves)
        blurred = apart(table, map(parse_period, unweighed.get(key, ())))
        found |= blurred | secondary([entry for entry in table if entry.number not in blurred], measure)
    chosen = pl.col("row_no").is_in(sorted(found))
    gone = chosen | (pl.col("obs_status") == SUPPRESSED)
    safe = numbered.with_columns(
        obs_value=pl.when(~gone).then("obs_value").cast(NUM),
        obs_status=pl.when(chosen).then(pl.lit(SUPPRESSED)).otherwise("obs_status"),
    )
    return Protected(safe.drop("row_no"), _findings(numbered.filter(chosen), measure))


def protect_all(
    observations: pl.DataFrame,
    measures: Sequence[Measure],
    register: Register,
    codelists: Mapping[str, Codelist] | None = None,
) -> Protected:
    """Suppress what would reveal a suppressed figure of any of several measures; other measures stay as they are."""
    if not (observations["obs_status"] == SUPPRESSED).any():
        return Protected(observations, ())
    done: dict[str, Protected] = {}
    for one in sorted(measures, key=lambda measure: measure.areas.by is not None):  # those that weigh come first
        own = observations.filter(pl.col("measure") == one.id)
        weights = done.get(one.areas.by or "")
        done[one.id] = protect(own, one, register, codelists, None if weights is None else weights.observations)
    others = observations.filter(~pl.col("measure").is_in(sorted(done)))
    every = pl.concat([others, *(one.observations for one in done.values())])
    return Protected(every, tuple(finding for one in done.values() for finding in one.findings))


def _findings(rows: pl.DataFrame, measure: Measure) -> tuple[Finding, ...]:
    findings = []
    for row in rows.sort(*AREA, "time_period", "dimensions").iter_rows(named=True):
        where = " ".join(filter(None, (measure.id, row["ref_area"], row["time_period"], row["dimensions"])))
        vi = f"{where}: không công bố vì lấy số này trừ đi sẽ lộ một số liệu đã được giữ kín (trạng thái Q)"
        en = f"{where}: withheld, as subtracting it would reveal a figure that is suppressed (status Q)"
        findings.append(
            Finding(
                "restate.protected", "warning", vi, en,
                subject=measure.id, ref_area=row["ref_area"], time_period=row["time_period"],
            )
        )  # fmt: skip
    return tuple(findings)
