"""What the pieces of a cut area get, on pairs written by hand; and land that leaves or comes from nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

from engine.apportion import MAX_PARTS, apportion, pieces_frame
from engine.check import balance
from engine.frames import NUM
from engine.restate import restate
from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.correspondence import Pair, correspondence
from indicators.definitions import AreaRule, AreaRuleName, Measure, Name
from indicators.findings import DataFault, Finding

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
PEOPLE = Measure("m", Name("m", "m"), "PERSON", 0, "commune", AreaRule("sum"), "stock", split_weight="people")


def pair(to: str, share: str | None, low: str = "0", high: str = "1", quality: str = "measured") -> Pair:
    return Pair("S", to, None if share is None else Fraction(share), Fraction(low), Fraction(high), quality)


def pieces(amount: int | None, *pairs: Pair, signed: bool = False) -> dict[str | None, tuple[int | None, ...]]:
    schema = {"ref_area": pl.String, "time_period": pl.String, "dimensions": pl.String, "amount": pl.Int128}
    figures = pl.DataFrame([("S", "2024", "", amount)], schema=schema, orient="row")
    rows = apportion(figures, pieces_frame(pairs, signed), signed)
    return {row[0]: row[1:] for row in rows.select("to_area", "given", "least", "most").iter_rows()}


def test_the_largest_remainder_gets_the_unit() -> None:
    found = pieces(10, pair("T", "21/100"), pair("U", "33/100"), pair("V", "46/100"))
    assert {to: row[0] for to, row in found.items()} == {"T": 2, "U": 3, "V": 5}  # 2.1 3.3 4.6


def test_ties_go_to_the_lower_code_in_whatever_order_the_pieces_stand() -> None:
    found = pieces(1, pair("U", "1/2"), pair("T", "1/2"))
    assert {to: row[0] for to, row in found.items()} == {"T": 1, "U": 0}


def test_what_no_piece_has_a_share_of_is_rounded_with_them() -> None:
    found = pieces(10, pair("T", "46/100", quality="estimated"), pair("U", None, quality="unknown"))
    assert {to: row[0] for to, row in found.items()} == {"T": 5, "U": None, None: 5}  # 4.6, 5.4
    tie = pieces(1, pair("T", "1/2", quality="estimated"), pair("U", None, quality="unknown"))
    assert {to: row[0] for to, row in tie.items()} == {"T": 1, "U": None, None: 0}  # a piece before what is left


def test_what_no_piece_has_a_share_of_is_rounded_with_the_table() -> None:
    amounts = {"": 4, "sex=F": 2, "sex=M": 2}
    rows = [("S", "2024", dimensions, amount) for dimensions, amount in amounts.items()]
    schema = {"ref_area": pl.String, "time_period": pl.String, "dimensions": pl.String, "amount": pl.Int128}
    pairs = (pair("T", "1/4", quality="estimated"), *(pair(to, None, quality="unknown") for to in "UV"))
    frame = pieces_frame(pairs, signed=False)
    found = apportion(pl.DataFrame(rows, schema=schema, orient="row"), frame, False, ("sex",))
    given = {(row["dimensions"], row["to_area"]): row["given"] for row in found.iter_rows(named=True)}
    assert all(given[text, "T"] + given[text, None] == amount for text, amount in amounts.items())
    assert all(given["sex=F", to] + given["sex=M", to] == given["", to] for to in ("T", None))


def test_bounds_are_rounded_outwards() -> None:
    found = pieces(10, pair("T", None, "1/4", "2/3", "unknown"), pair("U", None, "1/3", "3/4", "unknown"))
    assert found["T"] == (None, 2, 7)
    assert found["U"] == (None, 3, 8)
    estimated = pieces(10, pair("T", "1/2", "1/4", "2/3", "estimated"), pair("U", "1/2", "1/3", "3/4", "estimated"))
    assert estimated["T"] == (5, 2, 7)


def test_a_firm_share_is_certain_even_where_values_may_be_negative() -> None:
    found = pieces(-10, pair("T", "1/4"), pair("U", "3/4"), signed=True)
    assert found == {"T": (-2, -2, -2), "U": (-8, -8, -8)}  # -2.5 and -7.5: the tie goes to the lower code
    assert pieces(-10, pair("T", None, quality="unknown"), signed=True)["T"] == (None, None, None)
    assert pieces(-10, pair("T", "1/4", quality="estimated"), signed=True)["T"] == (-2, None, None)


def test_a_gap_gives_nothing_and_a_zero_gives_zeros() -> None:
    assert pieces(None, pair("T", "1/4"), pair("U", "3/4"))["T"] == (None, None, None)
    assert pieces(0, pair("T", None, quality="unknown"), pair("U", None, quality="unknown"))["T"] == (0, 0, 0)
    assert pieces(0, pair("T", None, quality="unknown"), signed=True)["T"] == (None, None, None)


def test_a_placeholder_is_told_from_an_estimate_and_nothing_else_is_left_in_the_table() -> None:
    schema = {"ref_area": pl.String, "time_period": pl.String, "dimensions": pl.String, "amount": pl.Int128}
    given = pl.DataFrame([("S", "2024", "", 8)], schema=schema, orient="row")
    pairs = (pair("T", "1/4", quality="placeholder"), pair("U", "1/2", quality="estimated"))
    found = apportion(given, pieces_frame(pairs, signed=False), signed=False)
    assert dict(found.select("to_area", "placeholder").iter_rows()) == {"T": True, "U": False, None: None}
    assert set(found.columns) - set(given.columns) == {
        "to_area", "given", "least", "most", "known", "estimated", "placeholder", "rough"}  # fmt: skip
    assert found["rough"].to_list() == [False] * 3


def test_shares_with_huge_denominators_still_fit() -> None:
    odd = Fraction(10**20 // 3, 10**20 + 39)
    frame = pieces_frame([pair("T", str(odd)), pair("U", str(1 - odd))], signed=False)
    assert max(frame["parts"]) <= MAX_PARTS


@pytest.mark.parametrize(
    ("quality", "basis", "status"),
    [
        ("law", "exact", "A"),
        ("measured", "estimated", "E"),
        ("estimated", "estimated", "E"),
        ("placeholder", "estimated", "E"),
    ],
)
def test_only_a_share_by_law_leaves_a_figure_exact(quality: Quality, basis: str, status: str) -> None:
    areas = [Area("S", "commune", "xa", "S", "S", "", date(2000, 1, 1), AFTER)]
    areas += [Area(code, "commune", "xa", code, code, "", AFTER, None) for code in "TU"]
    changes = tuple(Change(AFTER, "breakdown", "S", code) for code in "TU")
    weights = (Weight(AFTER, "S", "T", "people", None, Decimal("0.25"), quality),)
    found = correspondence(Register(tuple(areas), changes, weights), BEFORE, AFTER, "commune", "commune", "people")
    row = restate(figures({"S": 8}), PEOPLE, found).rows.row(0, named=True)
    assert (row["obs_value"], row["basis"], row["obs_status"]) == (2, basis, status)
    extremes: list[tuple[AreaRuleName, tuple[int | None, int | None]]] = [("min", (8, None)), ("max", (None, 8))]
    for rule, bounds in extremes:  # a piece may or may not hold it, whatever its share
        extreme = replace(PEOPLE, areas=AreaRule(rule))
        row = restate(figures({"S": 8}), extreme, found).rows.row(0, named=True)
        assert (row["obs_value"], row["obs_lower"], row["obs_upper"]) == (None, *bounds)


@pytest.mark.parametrize(("count", "more"), [(1, ""), (10, ""), (11, " …")])
def test_codes_of_another_day_are_named_ten_at_most(count: int, more: str) -> None:
    areas = tuple(Area(code, "commune", "xa", code, code, "", date(2000, 1, 1), None) for code in "AB")
    found = correspondence(Register(areas), BEFORE, AFTER, "commune", "commune", None)
    codes = [f"X{n:02}" for n in range(count)]
    with pytest.raises(DataFault) as told:
        restate(figures(dict.fromkeys(codes, 1)), PEOPLE, found)
    some = ", ".join(codes[:10]) + more
    assert told.value.findings == (
        Finding(
            "restate.unknown-area",
            "error",
            f"{count} mã không phải là địa bàn cấp commune ngày 2025-06-30: {some}. Xem `chitieu areas find MÃ`, hoặc"
            " chọn đúng ngày của mã",
            f"{count} codes are no area of level commune on 2025-06-30: {some}. See `chitieu areas find CODE`, or give"
            " the day that the codes belong to",
            subject="m",
            ref_area="X00",
        ),
    )


def figures(values: dict[str, int]) -> pl.DataFrame:
    numbers = pl.Series([Decimal(n) for n in values.values()], dtype=NUM)
    return pl.DataFrame(
        {"ref_area": list(values), "time_period": "2024", "dimensions": "", "obs_value": numbers, "obs_status": "A"}
    )


def test_land_that_leaves_is_held_and_an_area_from_nowhere_lacks_all_sources() -> None:
    areas = [Area(code, "commune", "xa", code, code, "", date(2000, 1, 1), AFTER) for code in "AB"]
    areas += [Area(code, "commune", "xa", code, code, "", AFTER, None) for code in "MN"]
    changes = (Change(AFTER, "code_change", "A", "M"), Change(AFTER, "transfer", "B", ""))
    found = correspondence(Register(tuple(areas), changes), BEFORE, AFTER, "commune", "commune", None)
    result = restate(figures({"A": 3, "B": 4}), PEOPLE, found)
    rows = {row["ref_area"]: row for row in result.rows.iter_rows(named=True)}
    assert (rows["M"]["obs_value"], rows["M"]["basis"]) == (3, "reported")
    assert {(row["measure"], row["area_basis"]) for row in rows.values()} == {("m", AFTER)}
    nowhere = rows["N"]
    assert [nowhere[name] for name in ("obs_value", "obs_lower", "obs_upper", "basis", "obs_status", "coverage")] == [
        None, None, None, "partial", "O", 0]  # fmt: skip
    assert result.held.rows() == [("", "2024", "", Decimal(4))]
    (sides,) = balance(figures({"A": 3, "B": 4}), result, PEOPLE, found).iter_rows(named=True)
    assert (sides["before"], sides["values"], sides["held"], sides["unallocated"]) == (7, 3, 4, 0)
