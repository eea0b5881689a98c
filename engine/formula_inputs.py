"""Brings the inputs of a formula side by side: a row for each area and period, the figures of all inputs in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from engine.aggregate import dimension_text
from engine.frames import BASES, COVERAGE, NUM, RESTATED, STATUSES, empty, rank
from indicators.definitions import Input, Measure, Version
from indicators.findings import DataFault, Finding
from indicators.periods import parse_period, shift

AREA = ["ref_area", "area_basis"]
KEY = [*AREA, "time_period"]
FIELDS = ("value", "lower", "upper", "status", "basis", "coverage")

_ABSENT_STATUS, _ABSENT_BASIS = STATUSES.index("O"), BASES.index("partial")


def period_of_input(period: str, periods_back: int) -> str:
    """The period of which an input is taken, for a period of the indicator.

    >>> period_of_input("2024-Q1", 1)
    '2023-Q4'
    """
    return shift(parse_period(period), -periods_back).text


def selection(given: Input, dimensions: str = "") -> str:
    """The text of the dimensions of which an input is taken: its own selection, and the breakdown asked for.

    >>> selection(Input("population.census", {"residence": "U"}), "sex=F")
    'residence=U;sex=F'
    """
    asked = dict(pair.split("=", 1) for pair in dimensions.split(";") if pair)
    return dimension_text({**asked, **given.where})


def select_inputs(
    version: Version,
    names: Sequence[str],
    tables: Mapping[str, pl.DataFrame],
    measures: Mapping[str, Measure],
    periods: Sequence[str],
    dimensions: str = "",
) -> pl.DataFrame:
    """The inputs of a version for the given periods, side by side.

    An area is there if any input has a row for it; a period, if any input has a row for the period that it is taken of.
    What an input lacks is missing: no value, status O, basis partial, coverage 0.

    Args:
        version: The version in force.
        names: The inputs that its formula uses.
        tables: Measure id to figures in the shape RESTATED, already at the areas and the detail wanted.
        measures: Measures by id.
        periods: Periods of the indicator.
        dimensions: A breakdown (`sex=F`), or empty for the total.

    Returns:
        `ref_area, area_basis, time_period`, and for input i the columns `value_i, lower_i, upper_i` (whole numbers of
        10^-9), `status_i, basis_i` (places in `STATUSES` and `BASES`) and `coverage_i`; ordered by key.

    Raises:
        DataFault: An input has two figures for one area and period.
    """
    chosen = [
        _chosen(version.inputs[name], measures, tables, periods, dimensions).rename(
            {field: f"{field}_{place}" for field in FIELDS}
        )
        for place, name in enumerate(names)
    ]
    areas = pl.concat([_areas(tables[version.inputs[name].measure]) for name in names]).unique()
    present = pl.concat([frame.select("time_period") for frame in chosen]).unique()
    rows = areas.join(present, how="cross")
    for place, (name, frame) in enumerate(zip(names, chosen, strict=True)):
        # A count is never negative, even where nothing is known of it.
        floor = None if measures[version.inputs[name].measure].signed else 0
        rows = rows.join(frame, on=KEY, how="left").with_columns(
            pl.col(f"lower_{place}").fill_null(pl.lit(floor, dtype=pl.Int128)),
            pl.col(f"status_{place}").fill_null(_ABSENT_STATUS),
            pl.col(f"basis_{place}").fill_null(_ABSENT_BASIS),
            pl.col(f"coverage_{place}").fill_null(0),
        )
    return rows.sort(KEY)


def _areas(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(AREA).unique()


def _chosen(
    given: Input,
    measures: Mapping[str, Measure],
    tables: Mapping[str, pl.DataFrame],
    periods: Sequence[str],
    dimensions: str,
) -> pl.DataFrame:
    """The figures of one input under the periods of the indicator, with their certain bounds filled in.

    What is suppressed (Q) leaves here without a value, and without bounds that would tell it.
    """
    table = tables.get(given.measure, empty(RESTATED))
    moved = {period_of_input(period, given.periods_back): period for period in periods}
    found = table.filter(
        (pl.col("dimensions") == selection(given, dimensions)) & pl.col("time_period").is_in(list(moved))
    )
    twice = found.filter(pl.struct(KEY).is_duplicated()).sort(KEY)
    if not twice.is_empty():
        raise DataFault(_two_figures(given, twice.row(0, named=True)))
    hidden = pl.col("obs_status") == "Q"
    met = hidden & (pl.col("obs_lower") == pl.col("obs_upper")).fill_null(value=False)
    value = pl.when(~hidden).then(pl.col("obs_value").cast(NUM).to_physical())
    low, high = (pl.when(~met).then(pl.col(name).cast(NUM).to_physical()) for name in ("obs_lower", "obs_upper"))
    certain = pl.col("basis").is_in(["reported", "exact"])
    lowest = low if measures[given.measure].signed else pl.max_horizontal(low, pl.lit(0, dtype=pl.Int128))
    return found.select(
        *AREA,
        time_period=pl.col("time_period").replace_strict(moved, return_dtype=pl.String),
        value=value,
        lower=pl.when(certain & low.is_null())
        .then(value)
        .when(lowest.is_not_null())
        .then(pl.min_horizontal(lowest, value)),
        upper=pl.when(certain & high.is_null())
        .then(value)
        .when(high.is_not_null())
        .then(pl.max_horizontal(high, value)),
        status=rank("obs_status", STATUSES),
        basis=rank("basis", BASES),
        coverage=pl.col("coverage").cast(COVERAGE),
    )


def _two_figures(given: Input, row: Mapping[str, object]) -> Finding:
    area, period = str(row["ref_area"]), str(row["time_period"])
    return Finding(
        "compute.two-figures",
        "error",
        f"{given.measure} có hai số liệu cho địa bàn {area}, kỳ {period}; chỉ giữ một nguồn cho mỗi kỳ",
        f"{given.measure} has two figures for area {area}, period {period}; keep one source for each period",
        subject=given.measure,
        ref_area=area,
        time_period=period,
    )
