"""What restating gives beside figures: rows in one order whatever came in, what is held back, and coverage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from engine.frames import NUM
from engine.restate import Restated, restate
from indicators.areas import Area, Change, Register, Weight
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Measure, Name

YEARS = [str(year) for year in range(2017, 2025)]
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
PEOPLE = Measure("m", Name("m", "m"), "PERSON", 0, "commune", AreaRule("sum"), "stock", split_weight="people")


def figures(*rows: tuple[str, str, int]) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=["ref_area", "time_period", "number"], orient="row")
    return table.select(
        "ref_area", "time_period", pl.col("number").cast(NUM).alias("obs_value"), dimensions=pl.lit(""),
        obs_status=pl.lit("A"),
    )  # fmt: skip


def carried(table: pl.DataFrame, moves: list[tuple[str, str]], *weights: Weight) -> Restated:
    old = [Area(code, "commune", "", code, code, "", date(2000, 1, 1), AFTER) for code in {one for one, _ in moves}]
    new = [Area(code, "commune", "", code, code, "", AFTER, None) for code in {to for _, to in moves if to}]
    register = Register((*old, *new), tuple(Change(AFTER, "transfer", *move) for move in moves), weights)
    return restate(table, PEOPLE, correspondence(register, BEFORE, AFTER, "commune", "commune", "people"))


def test_all_rows_stand_by_area_and_period_whatever_came_first() -> None:
    """S and R are cut into three of which only one has a share; M lacks a part, and L left the country."""
    moves = [(code, f"{code}{place}") for code in "SR" for place in "123"] + [("A", "M"), ("B", "M"), ("L", "")]
    shares = [Weight(AFTER, code, f"{code}1", "people", None, Decimal("0.25"), "estimated") for code in "SR"]
    came = [(code, period, 8) for period in reversed(YEARS) for code in "SRLA"]
    found = carried(figures(*came), moves, *shares)
    keys = found.rows.select("ref_area", "time_period").rows()
    assert keys == sorted(keys)
    assert len(keys) == 7 * len(YEARS)
    assert found.unallocated.select("ref_area", "time_period", "obs_value").rows() == [
        (code, period, 6) for code in "RS" for period in YEARS
    ]
    held = found.held.filter(pl.col("obs_value") > 0)  # of a piece without a share nothing is held
    assert held.select("ref_area", "time_period", "obs_value").rows() == [
        (code, period, 8) for code in ("", "M") for period in YEARS
    ]


def test_coverage_is_rounded_once() -> None:
    parts = [f"A{number:02}" for number in range(11)]
    found = carried(figures(*((code, "2024", 1) for code in parts[:5])), [(code, "M") for code in parts])
    assert found.rows["coverage"].to_list() == [Decimal("0.454545")]  # by way of 0.4545455 it would be 0.454546
