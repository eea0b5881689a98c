"""Carries observations of one day's areas over to another day's areas, by the measure's own rule.

Whole areas add up exactly; cut areas are given to their pieces where a share is known and bounded where it is not; what
has no rule is refused with its reason. Every area of the target day gets an answer for every series: a figure, bounds,
or a missing value - never a zero in place of a gap.
"""

from __future__ import annotations

import polars as pl

from engine.apportion import apportion
from engine.area_rules import State, combined, has_lower, has_upper, has_value, is_refused
from engine.counted_areas import without_changed
from engine.crossed_tables import additive_dimensions
from engine.frames import COVERAGE, MISSING_STATUSES, NUM, RESTATED, STATUSES, decimal, rank, units, unrank
from engine.internal_flows import restate_flows
from engine.links import Links, links_of
from engine.mean_weights import amounts
from engine.restate_findings import findings_of
from engine.restated import Restated
from indicators.correspondence import Correspondence
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding

SERIES = ["time_period", "dimensions"]
TARGET = ["to_area", *SERIES]
SUMS = ("value", "lower", "upper")

__all__ = ["SERIES", "Restated", "carry", "restate"]


def restate(
    observations: pl.DataFrame, measure: Measure, areas: Correspondence, weights: pl.DataFrame | None = None
) -> Restated:
    """Restate the observations of one measure.

    Args:
        observations: `ref_area, time_period, dimensions, obs_value, obs_status`, one row for each key; the areas are
            those of `areas.from_day`.
        measure: Its rules.
        areas: How the areas map.
        weights: For a mean: the observations of the measure that weighs it, in the same shape.

    Raises:
        DataFault: An observation is of an area that is not in force on the day.
    """
    if measure.internal_flow is not None:
        return restate_flows(observations, measure, areas, carry)
    _require_areas(observations, measure, areas)
    restated = carry(observations, measure, links_of(areas, signed=measure.signed), weights)
    return without_changed(restated, measure, areas) if measure.counts else restated


def carry(observations: pl.DataFrame, measure: Measure, links: Links, weights: pl.DataFrame | None = None) -> Restated:
    """Carry figures over links, whatever it is that they link: areas, or couples of areas; as `restate` does."""
    figures = observations.select(
        "ref_area",
        *SERIES,
        figure=units("obs_value", measure.decimals),
        status=rank("obs_status", STATUSES),
    )
    unchanged = links.whole.filter(pl.col("same"))["ref_area"].to_list()
    figures = _with_amounts(figures, weights, unchanged) if measure.areas.rule == "mean" else _shared(figures)
    cut = apportion(figures, links.pieces, measure.signed, additive_dimensions(measure))
    summed = _combine(_whole_part(figures, links.whole), cut, measure)
    rows = _answers(summed, figures, links, measure)
    unallocated = cut.filter(pl.col("to_area").is_null() & pl.col("given").is_not_null()).select(
        "ref_area", *SERIES, obs_value=decimal(pl.col("given"), measure.decimals)
    )
    held = _held(summed, rows, measure)
    if measure.areas.rule != "sum":
        held, unallocated = held.clear(), unallocated.clear()
    return Restated(rows, held, unallocated.sort("ref_area", *SERIES), findings_of(rows, cut, measure))


def _held(summed: pl.DataFrame, rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    blank = rows.filter(pl.col("obs_value").is_null()).select("ref_area", *SERIES)
    known = summed.filter(pl.col("value").is_not_null()).select(
        *SERIES, ref_area=pl.col("to_area"), obs_value=decimal(pl.col("value"), measure.decimals)
    )
    left = known.filter(pl.col("ref_area") == "")  # land that left every area
    kept = blank.join(known, on=["ref_area", *SERIES])
    return pl.concat([kept, left.select(kept.columns)]).sort("ref_area", *SERIES)


def _require_areas(observations: pl.DataFrame, measure: Measure, areas: Correspondence) -> None:
    unknown = sorted(set(observations["ref_area"].unique()) - set(areas.from_areas))
    if not unknown:
        return
    some = ", ".join(unknown[:10]) + (" …" if len(unknown) > 10 else "")
    vi = (
        f"{len(unknown)} mã không phải là địa bàn cấp {areas.level} ngày {areas.from_day}: {some}. Xem"
        f" `chitieu areas find MÃ`, hoặc chọn đúng ngày của mã"
    )
    en = (
        f"{len(unknown)} codes are no area of level {areas.level} on {areas.from_day}: {some}. See"
        f" `chitieu areas find CODE`, or give the day that the codes belong to"
    )
    raise DataFault(Finding("restate.unknown-area", "error", vi, en, subject=measure.id, ref_area=unknown[0]))


def _shared(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures with the `amount` that is shared between the pieces of a cut area: the figure itself."""
    return figures.with_columns(amount=pl.col("figure"))


def _with_amounts(figures: pl.DataFrame, weights: pl.DataFrame | None, unchanged: list[str]) -> pl.DataFrame:
    """The figures of a mean with the `amount` that weighs them; a figure without a weight counts as missing.

    An unchanged area keeps its figure whatever it weighs, be it nothing or unknown: nothing is averaged there.
    """
    amount = pl.lit(None, pl.Int128)
    if weights is not None:
        figures, amount = figures.with_columns(amount=amounts(figures, weights)), pl.col("amount")
    weighed = figures.with_columns(
        amount=pl.when(pl.col("ref_area").is_in(unchanged)).then(pl.lit(1, pl.Int128)).otherwise(amount)
    )
    both = pl.col("figure").is_not_null() & pl.col("amount").is_not_null()
    return weighed.with_columns(pl.when(both).then(pl.col(name)).alias(name) for name in ("figure", "amount"))


def _whole_part(figures: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    return figures.join(whole.drop("same"), on="ref_area").with_columns(
        given=pl.col("amount"), least=pl.col("amount"), most=pl.col("amount"), known=pl.lit(value=True)
    )


def _combine(unsplit: pl.DataFrame, cut: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """One row for each target and series, with what the rule makes of its parts and what is known of its sources."""
    columns = [*TARGET, "figure", "given", "least", "most", "status", "known", "estimated"]
    pieces = cut.filter(pl.col("to_area").is_not_null()).select(*columns, entire=pl.lit(value=False))
    parts = pl.concat([unsplit.select(*columns, entire=pl.lit(value=True)), pieces])
    reported = pl.col("figure").is_not_null()
    grouped = parts.group_by(TARGET).agg(
        reported=reported.sum(),
        unknown=(reported & ~pl.col("known")).any(),
        vague=(reported & (pl.col("least").is_null() | pl.col("most").is_null())).any(),
        estimated=(reported & pl.col("estimated")).any(),
        status=pl.col("status").max(),
        best=pl.col("status").min(),
        said=pl.len(),
        cut=(~pl.col("entire")).any(),
    )
    told = parts.filter(reported)
    values = told.group_by(TARGET).agg(**combined(measure, told))
    return grouped.join(values, on=TARGET, how="left")


def _answers(summed: pl.DataFrame, figures: pl.DataFrame, links: Links, measure: Measure) -> pl.DataFrame:
    """The figures of every target area for every series, with their bounds, status, basis and coverage.

    A missing figure keeps M (cannot exist) or L (not collected) where every source that counts says that very word; it
    is Q where any source is suppressed, and O otherwise.
    """
    grid = links.targets.join(figures.select(SERIES).unique(), how="cross")
    joined = grid.join(summed, on=TARGET, how="left").with_columns(
        pl.col("reported").fill_null(0),
        pl.col("unknown", "vague", "estimated", "cut").fill_null(value=False),
        pl.col("status").fill_null(pl.when(pl.col("empty_land")).then(0).otherwise(STATUSES.index("O"))),
    )
    empty_land = pl.col("empty_land") & pl.lit(measure.areas.rule == "sum")
    joined = joined.with_columns(pl.when(empty_land).then(0).otherwise(pl.col(name)).alias(name) for name in SUMS)
    complete = empty_land | ((pl.col("reported") == pl.col("expected")) & (pl.col("expected") > 0))
    state = State(
        complete=complete,
        some=empty_land | (pl.col("reported") > 0),
        unchanged=pl.col("same") & complete,
        cut=pl.col("cut"),
        unknown=pl.col("unknown"),
        vague=pl.col("vague"),
    )
    refused = is_refused(measure, state)
    # A mean over parts that weigh nothing at all has bounds and no value.
    valued = has_value(measure, state) & ~refused & pl.col("value").is_not_null()
    marked = pl.col("estimated") | pl.lit(measure.areas.rule == "mean")
    basis = (
        pl.when(refused).then(pl.lit("refused"))
        .when(state.unchanged).then(pl.lit("reported"))
        .when(~valued).then(pl.lit("partial"))
        .when(marked).then(pl.lit("estimated"))
        .otherwise(pl.lit("exact"))
    )  # fmt: skip
    status = (
        pl.when(refused).then(pl.lit("M"))
        .when(~valued & (pl.col("status") == STATUSES.index("Q"))).then(pl.lit("Q"))
        .when(~valued & ~_of_one_word()).then(pl.lit("O"))
        .when(basis == "estimated").then(pl.lit("E"))
        .otherwise(unrank(pl.col("status"), STATUSES))
    )  # fmt: skip
    value = pl.when(valued).then(pl.col("value"))
    exact = valued & basis.is_in(["reported", "exact"])
    lower = pl.when(exact).then(value).when(has_lower(measure, state)).then(pl.col("lower"))
    upper = pl.when(exact).then(value).when(has_upper(measure, state)).then(pl.col("upper"))
    coverage = pl.when(empty_land).then(1).when(pl.col("expected") > 0).then(pl.col("reported") / pl.col("expected"))
    rows = joined.select(
        measure=pl.lit(measure.id),
        ref_area=pl.col("to_area"),
        area_basis=pl.lit(links.to_day),
        time_period=pl.col("time_period"),
        dimensions=pl.col("dimensions"),
        obs_value=decimal(value, measure.decimals),
        obs_lower=decimal(lower, measure.decimals),
        obs_upper=decimal(upper, measure.decimals),
        obs_status=status,
        basis=basis,
        coverage=coverage.fill_null(0).round(6).cast(COVERAGE),
    )
    return rows.cast({"obs_value": NUM, "obs_lower": NUM, "obs_upper": NUM}).select(*RESTATED).sort("ref_area", *SERIES)


def _of_one_word() -> pl.Expr:
    """Whether no source has a figure and each says why, all with the same status."""
    missing = (pl.col("reported") == 0) & (pl.col("best") >= min(map(STATUSES.index, MISSING_STATUSES)))
    same = (pl.col("said") == pl.col("expected")) & (pl.col("best") == pl.col("status"))
    return (missing & same).fill_null(value=False)
