"""Checks the figures before they are published: totals are conserved and levels agree, or the run stops."""

from __future__ import annotations

import polars as pl

from engine.frames import NUM
from engine.restate import SERIES, Restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding

BALANCE: dict[str, pl.DataType] = {
    "measure": pl.String(),
    "area_basis": pl.Date(),
    "level": pl.String(),
    "time_period": pl.String(),
    "dimensions": pl.String(),
    "before": NUM,
    "values": NUM,
    "held": NUM,
    "unallocated": NUM,
    "internal": NUM,
}
"""Both sides of every additive total: `before = values + internal + held + unallocated`.

`internal` is other than zero for moves between areas only (`internal_flow`); all moves of a series stand in one row,
with `*` for the counterpart.
"""


def balance(observations: pl.DataFrame, restated: Restated, measure: Measure, areas: Correspondence) -> pl.DataFrame:
    """Both sides of the totals of one additive measure.

    Args:
        observations: What was restated.
        restated: What came of it.
        measure: The measure.
        areas: The correspondence that was used.

    Returns:
        One row for each series, in the shape BALANCE; empty for a measure that does not add up.

    Raises:
        DataFault: A total differs before and after; the areas are named. This is a hard stop.
    """
    if measure.areas.rule != "sum":
        return pl.DataFrame(schema=BALANCE)
    sides = {
        "before": _any_counterpart(observations, measure),
        "values": _any_counterpart(restated.rows, measure),
        "held": restated.held,
        "unallocated": restated.unallocated,
        "internal": restated.internal,
    }
    table = sides["before"].select(SERIES).unique()
    for name, frame in sides.items():
        total = frame.group_by(SERIES).agg(pl.col("obs_value").sum().alias(name))
        table = table.join(total, on=SERIES, how="left").with_columns(pl.col(name).fill_null(0).cast(NUM))
    after = pl.col("values") + pl.col("internal") + pl.col("held") + pl.col("unallocated")
    off = table.filter(pl.col("before") != after)
    if not off.is_empty():
        raise DataFault(_imbalance(off, observations, restated, measure, areas))
    labelled = table.with_columns(
        measure=pl.lit(measure.id), area_basis=pl.lit(areas.to_day), level=pl.lit(areas.to_level)
    )
    return labelled.select(*BALANCE).sort(SERIES)


def _any_counterpart(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Rows whose series do not tell the counterpart of a move, since that changes with the areas."""
    if measure.internal_flow is None:
        return rows
    code = pl.col("dimensions").str.replace(f"(^|;){measure.internal_flow}=[^;]*", f"${{1}}{measure.internal_flow}=*")
    return rows.with_columns(dimensions=code)


def _imbalance(
    off: pl.DataFrame, observations: pl.DataFrame, restated: Restated, measure: Measure, areas: Correspondence
) -> list[Finding]:
    findings = []
    for row in off.head(20).iter_rows(named=True):
        where = [pl.col(name) == row[name] for name in SERIES]
        given = dict(observations.filter(where).select("ref_area", "obs_value").iter_rows())
        got = dict(restated.rows.filter(where).select("ref_area", "obs_value").iter_rows())
        culprits = [
            code
            for code, pairs in areas.by_target.items()
            if got.get(code) is not None and all(pair.whole for pair in pairs)
            if got[code] != sum(given.get(pair.from_area) or 0 for pair in pairs)
        ]
        named = ", ".join(culprits[:10]) or "?"
        after = row["values"] + row["held"] + row["unallocated"] + row["internal"]
        vi = (
            f"{measure.id} {row['time_period']}: tổng trước {row['before']:f} khác tổng sau {after:f}; địa bàn: {named}"
        )
        en = f"{measure.id} {row['time_period']}: total before {row['before']:f}, after {after:f}; areas: {named}"
        findings.append(
            Finding("check.not-conserved", "error", vi, en, subject=measure.id, time_period=row["time_period"])
        )
    return findings


def levels_agree(upper: pl.DataFrame, lower: pl.DataFrame, parents: pl.DataFrame, measure: Measure) -> None:
    """Whether the figures of a level lie within what the figures of the level below it allow.

    Args:
        upper: Restated figures of the upper level.
        lower: Restated figures of the lower level, same measure and day.
        parents: `ref_area, parent`: the upper area of each lower one.
        measure: The measure; only sums can be compared.

    Raises:
        DataFault: An upper figure is smaller than the sum of the certain lower bounds below it, or larger than the sum
            of the upper bounds where all are known. This is a hard stop.
    """
    if measure.areas.rule != "sum" or measure.signed or measure.internal_flow is not None:
        return  # what moves between communes of a province does not leave the province
    sums = (
        lower.join(parents, on="ref_area")
        .group_by("parent", *SERIES)
        .agg(
            least=pl.col("obs_lower").sum(),
            most=pl.when(pl.col("obs_upper").is_not_null().all()).then(pl.col("obs_upper").sum()),
        )
    )
    joined = upper.join(sums, left_on=["ref_area", *SERIES], right_on=["parent", *SERIES])
    off = joined.filter((pl.col("obs_value") < pl.col("least")) | (pl.col("obs_value") > pl.col("most")))
    if not off.is_empty():
        row = off.row(0, named=True)
        vi = f"{measure.id} {row['time_period']}: số của {row['ref_area']} không khớp tổng các địa bàn bên dưới"
        en = f"{measure.id} {row['time_period']}: the figure of {row['ref_area']} does not fit the areas below it"
        raise DataFault(Finding("check.levels-differ", "error", vi, en, subject=measure.id, ref_area=row["ref_area"]))
