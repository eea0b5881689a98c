"""Adds restated figures up over dimensions, and over time, by the measure's rules; nothing else is ever added up."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.frames import BASES, NUM, RESTATED, STATUSES, rank, unrank
from indicators.definitions import Measure

KEY = ["measure", "ref_area", "area_basis", "time_period"]


def dimension_text(codes: dict[str, str]) -> str:
    """Dimension codes as the text of the contract, sorted by name.

    >>> dimension_text({"sex": "F", "age": "Y15"})
    'age=Y15;sex=F'
    """
    return ";".join(f"{name}={codes[name]}" for name in sorted(codes))


def names_of(column: str) -> pl.Expr:
    """The names of the dimensions in a text of the contract, joined with `;`: `age=Y15;sex=F` is `age;sex`."""
    names = pl.col(column).str.split(";").list.eval(pl.element().str.split("=").list.first()).list.join(";")
    return pl.when(pl.col(column) == "").then(pl.lit("")).otherwise(names)


def aggregate(rows: pl.DataFrame, measure: Measure, keep: Sequence[str]) -> pl.DataFrame:
    """Sum the figures of one measure over the dimensions that are not kept.

    Args:
        rows: Restated figures of the measure (shape RESTATED), each series in full detail. Every area has a row for
            every series, so that a category that did not report is missing and makes the sum missing.
        measure: Its rules; a dimension whose categories overlap (`none`) is never summed over.
        keep: The dimensions to keep.

    Returns:
        Rows of the same shape whose `dimensions` name just the kept ones. Rows already given at that detail stand; only
        what is not there is summed. Empty where a dimension that would have to be summed over has no rule.
    """
    wanted = sorted(keep)
    named = rows.with_columns(named=names_of("dimensions"))
    direct = named.filter(pl.col("named") == ";".join(wanted)).drop("named")
    dropped = [name for name in measure.dimensions if name not in wanted]
    if not dropped or any(measure.dimension_rules.get(name) == "none" for name in dropped):
        return direct
    full = named.filter(pl.col("named") == ";".join(sorted(measure.dimensions)))
    kept_pairs = (
        pl.col("dimensions")
        .str.split(";")
        .list.eval(pl.element().filter(pl.element().str.split("=").list.first().is_in(wanted)))
    )
    sums = _summed(full.with_columns(dimensions=kept_pairs.list.join(";")))
    return pl.concat([direct, sums.join(direct, on=[*KEY, "dimensions"], how="anti")]).sort(*KEY, "dimensions")


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    complete = pl.col("obs_value").is_not_null().all()
    low, high = pl.col("obs_lower").is_not_null().all(), pl.col("obs_upper").is_not_null().all()
    summed = (
        rows.with_columns(status=rank("obs_status", STATUSES), place=rank("basis", BASES))
        .group_by(*KEY, "dimensions")
        .agg(
            obs_value=pl.when(complete).then(pl.col("obs_value").sum()),
            obs_lower=pl.when(low).then(pl.col("obs_lower").sum()),
            obs_upper=pl.when(high).then(pl.col("obs_upper").sum()),
            obs_status=unrank(pl.col("status").max(), STATUSES),
            basis=unrank(pl.col("place").max(), BASES),
            coverage=pl.col("coverage").min(),
        )
    )
    return summed.cast({"obs_value": NUM, "obs_lower": NUM, "obs_upper": NUM}).select(*RESTATED)
