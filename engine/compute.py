"""Computes indicators: restated figures of measures in, published figures out, by the formula in force.

Formulas are evaluated exactly and rounded half up once, to the indicator's decimals; bounds are rounded outward, and
are equal to the value where every input is exact. See `engine.figure_marks` for status, basis and coverage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from engine.carrying import CARRIED_PERIODS, carry_forward
from engine.computing_findings import no_version, remarks
from engine.figure_marks import REFUSED, SUPPRESSED, marked
from engine.formula_inputs import FIELDS, period_of_input, select_inputs
from engine.formula_rows import NOTHING, Result, RowFormula
from engine.frames import BASES, COVERAGE, NUM, STATUSES, decimal, empty, unrank
from indicators.definitions import Indicator, Measure, Version
from indicators.findings import Finding
from indicators.formula import parse_formula
from indicators.periods import in_order, parse_period, parts, shift

VALUES: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "version": pl.String(),
    "ref_area": pl.String(),
    "area_basis": pl.Date(),
    "time_period": pl.String(),
    "dimensions": pl.String(),
    "obs_value": NUM,
    "obs_lower": NUM,
    "obs_upper": NUM,
    "obs_status": pl.String(),
    "basis": pl.String(),
    "coverage": COVERAGE,
    "unit": pl.String(),
}
"""Figures of indicators; `version` is the day from which the definition is in force. Published with their `run_id`."""


def input_periods(indicator: Indicator, periods: Sequence[str]) -> tuple[str, ...]:
    """The periods whose observations are needed to compute an indicator for periods, in order of time.

    Raises:
        DataFault: A period is malformed.
    """
    wanted = _with_earlier(indicator, _fitting(indicator, periods))
    backs = {given.periods_back for version in indicator.versions for given in version.inputs.values()}
    texts = {period_of_input(period, back) for period in wanted for back in backs}
    return tuple(period.text for period in in_order(parse_period(text) for text in texts))


def compute(
    indicator: Indicator,
    tables: Mapping[str, pl.DataFrame],
    measures: Mapping[str, Measure],
    periods: Sequence[str],
    dimensions: Sequence[str] = ("",),
) -> tuple[pl.DataFrame, list[Finding]]:
    """Compute an indicator for periods.

    Args:
        indicator: The indicator; for each period the version in force on the period's last day is used.
        tables: Measure id to its figures in the shape RESTATED, at the areas and the detail wanted: a row for each
            selection of dimensions that an input takes. All areas that occur get an answer, for each period for which
            any input has figures.
        measures: The measures by id.
        periods: The periods wanted. A period shorter than the indicator's frequency gives nothing.
        dimensions: The breakdowns wanted, as the text of dimensions (`sex=F`); the total unless told otherwise.

    Returns:
        Figures in the shape VALUES, ordered by period, dimensions, area and day of the areas; and the findings:
        `compute.refused`, `compute.impossible`, `compute.too-large`, `compute.no-version`.

    Raises:
        DataFault: A period or a formula is malformed, or an input has two figures for one area and period.
    """
    asked = _fitting(indicator, periods)
    by_version: dict[date, list[str]] = {}
    findings: list[Finding] = []
    for period in _with_earlier(indicator, asked):
        version = indicator.version_on(parse_period(period).end)
        if version is not None:
            by_version.setdefault(version.valid_from, []).append(period)
        elif period in asked:
            findings.append(no_version(indicator, period))
    frames = [empty(VALUES)]
    for day, own in by_version.items():
        version = next(each for each in indicator.versions if each.valid_from == day)
        for breakdown in dimensions:
            frame, found = _compute_version(indicator, version, tables, measures, own, breakdown)
            frames.append(frame)
            findings += found
    values = carry_forward(pl.concat(frames), indicator)
    order = {period: place for place, period in enumerate(asked)}
    shown = values.filter(pl.col("time_period").is_in(list(asked)))
    place = pl.col("time_period").replace_strict(order, default=None, return_dtype=pl.Int64)
    return shown.sort(place, "dimensions", "ref_area", "area_basis"), findings


def _fitting(indicator: Indicator, periods: Sequence[str]) -> tuple[str, ...]:
    """The periods that are as long as the indicator's frequency or made of such, each once, in order of time."""
    known = in_order(parse_period(period) for period in periods)
    return tuple(period.text for period in known if parts(period, indicator.frequency))


def _with_earlier(indicator: Indicator, periods: Sequence[str]) -> tuple[str, ...]:
    """The periods, and the earlier ones whose figures may be carried forward."""
    if all(version.when_missing != "carry_forward" for version in indicator.versions):
        return tuple(periods)
    known = [parse_period(period) for period in periods]
    every = {shift(period, -back) for period in known for back in range(CARRIED_PERIODS + 1)}
    return tuple(period.text for period in in_order(every))


def _compute_version(
    indicator: Indicator,
    version: Version,
    tables: Mapping[str, pl.DataFrame],
    measures: Mapping[str, Measure],
    periods: Sequence[str],
    breakdown: str,
) -> tuple[pl.DataFrame, list[Finding]]:
    formula = parse_formula(version.formula)
    if not formula.names:
        return empty(VALUES), []
    given = [measures[version.inputs[name].measure] for name in formula.order]
    rows = select_inputs(version, formula.order, tables, measures, periods, breakdown)
    results = _evaluate(RowFormula(formula, indicator.decimals), rows, version, given)
    computed = rows.with_columns(
        lowest=pl.Series([result.lower for result in results], dtype=pl.Int128),
        highest=pl.Series([result.upper for result in results], dtype=pl.Int128),
        result=pl.Series([result.value for result in results], dtype=pl.Int128),
        note=pl.Series([int(result.note) for result in results], dtype=pl.Int8),
    )
    figures = marked(computed, len(given))
    frame = figures.select(
        indicator=pl.lit(indicator.id),
        version=pl.lit(version.valid_from.isoformat()),
        ref_area="ref_area",
        area_basis="area_basis",
        time_period="time_period",
        dimensions=pl.lit(breakdown),
        obs_value=decimal(pl.col("result"), indicator.decimals),
        obs_lower=decimal(pl.col("lowest"), indicator.decimals),
        obs_upper=decimal(pl.col("highest"), indicator.decimals),
        obs_status=unrank(pl.col("status"), STATUSES),
        basis=unrank(pl.col("place"), BASES),
        coverage="coverage",
        unit=pl.lit(indicator.unit),
    )
    return frame, remarks(indicator, figures, given)


def _evaluate(formula: RowFormula, rows: pl.DataFrame, version: Version, given: Sequence[Measure]) -> list[Result]:
    """The result of every row; a refused input gives nothing, a suppressed one bounds at most."""
    places = range(len(given))
    values, lows, highs = (
        list(zip(*(rows[f"{field}_{place}"].to_list() for place in places), strict=True)) for field in FIELDS[:3]
    )
    refused = rows.select(pl.any_horizontal(pl.col(f"basis_{place}") == REFUSED for place in places)).to_series()
    suppressed = rows.select(pl.any_horizontal(pl.col(f"status_{place}") == SUPPRESSED for place in places)).to_series()
    usable = _usable(rows, given) if version.when_missing == "partial" else [None] * rows.height
    results = []
    for own, low, high, is_refused, is_suppressed, part in zip(
        values, lows, highs, refused.to_list(), suppressed.to_list(), usable, strict=True
    ):
        if is_refused:
            results.append(NOTHING)
        elif is_suppressed:
            hidden = formula.uncertain(own, low, high)
            told = hidden.lower == hidden.upper  # bounds that meet would tell what is suppressed
            results.append(NOTHING if told else Result(None, hidden.lower, hidden.upper))
        elif own == low == high and None not in own:
            results.append(formula.exact(own))
        else:
            results.append(formula.uncertain(own, low, high, part))
    return results


def _usable(rows: pl.DataFrame, given: Sequence[Measure]) -> list[tuple[int | None, ...] | None]:
    """What there is of every input where some of its sources reported: of a count that adds up, its certain part."""
    columns = []
    for place, measure in enumerate(given):
        some = pl.col(f"coverage_{place}").is_between(0, 1, closed="none")
        counts = pl.lit(measure.areas.rule == "sum" and not measure.signed)
        columns.append(rows.select(pl.when(some & counts).then(pl.col(f"lower_{place}"))).to_series().to_list())
    return list(zip(*columns, strict=True))
