"""What each rule makes of the parts of a new area: its value, its certain bounds, and when it has either.

A part is an old area or a cut piece of one. Columns of the parts: `figure` (of the old area), `given` (the amount of it
that this new area gets; for a mean, of the weight; null where the share is unknown), `least` and `most` (what it gets
at least and at most), `entire` (the old area as a whole).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.frames import weighted_mean
from indicators.definitions import Measure


@dataclass(frozen=True)
class State:
    """What is known of a new area's sources, as expressions over its row.

    Attributes:
        complete: Every source that counts has reported.
        some: At least one has.
        unchanged: It is one old area, the very same land, and that has reported.
        cut: A cut piece is among its parts.
        unknown: The share of a piece is unknown.
        vague: Nothing certain is known of a piece.
    """

    complete: pl.Expr
    some: pl.Expr
    unchanged: pl.Expr
    cut: pl.Expr
    unknown: pl.Expr
    vague: pl.Expr


def combined(measure: Measure, parts: pl.DataFrame) -> dict[str, pl.Expr]:
    """`value`, `lower` and `upper` of a new area over its parts that reported, `parts` being all of those.

    Sums add what is given. A mean is weighed by what is given of the weight and lies between its parts. The smallest is
    at most that of the entire parts, the largest at least; a cut piece may or may not hold it. Of distinct things there
    are at least as many as in the part with the most, and at most all of them.
    """
    figure, entire = pl.col("figure"), pl.col("figure").filter(pl.col("entire"))
    mean = weighted_mean(parts, figure, pl.col("given")) if measure.areas.rule == "mean" else figure.max()
    rules = {
        "sum": (pl.col("given").sum(), pl.col("least").sum(), pl.col("most").sum()),
        "mean": (mean, figure.min(), figure.max()),
        "min": (figure.min(), figure.min(), entire.min()),
        "max": (figure.max(), entire.max(), figure.max()),
        "count_distinct": (figure.max(), entire.max().fill_null(0), figure.sum()),
        "none": (figure.max(), figure.max(), figure.max()),
    }
    return dict(zip(("value", "lower", "upper"), rules[measure.areas.rule], strict=True))


def has_value(measure: Measure, state: State) -> pl.Expr:
    """Whether a new area gets a value; without all its sources it never does."""
    rule = measure.areas.rule
    if rule in ("none", "count_distinct"):
        return state.unchanged
    if rule in ("min", "max"):
        return state.complete & ~state.cut
    return state.complete & ~state.unknown


def is_refused(measure: Measure, state: State) -> pl.Expr:
    """Whether a new area is refused a value: there are figures, and no rule combines them."""
    return pl.lit(measure.areas.rule == "none") & ~state.unchanged & state.some


def has_lower(measure: Measure, state: State) -> pl.Expr:
    """Whether the lower bound is certain."""
    rule = measure.areas.rule
    if rule == "sum":
        missing_only_adds = pl.lit(not measure.signed)
        return state.some & ~state.vague & (missing_only_adds | state.complete)
    if rule in ("max", "count_distinct"):
        return state.some
    return state.complete & (~state.cut | pl.lit(rule == "min")) & pl.lit(rule != "none")


def has_upper(measure: Measure, state: State) -> pl.Expr:
    """Whether the upper bound is certain."""
    rule = measure.areas.rule
    if rule == "sum":
        return state.complete & ~state.vague
    if rule == "min":
        return state.some
    return state.complete & (~state.cut | pl.lit(rule in ("max", "count_distinct"))) & pl.lit(rule != "none")
