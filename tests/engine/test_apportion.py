"""What the pieces of a cut area get, on pairs written by hand; and land that leaves or comes from nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.apportion import MAX_PARTS, apportion, numerators, pieces_frame
from engine.check import balance
from engine.crossed_tables import GIVEN
from engine.frames import NUM
from engine.restate import restate
from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.correspondence import Correspondence, Pair, correspondence
from indicators.definitions import AreaRule, AreaRuleName, Measure, Name
from indicators.findings import DataFault, Finding

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
PEOPLE = Measure("m", Name("m", "m"), "PERSON", 0, "commune", AreaRule("sum"), "stock", split_weight="people")


def pair(to: str, share: str | None, low: str = "0", high: str = "1", quality: str = "measured") -> Pair:
    return Pair("S", to, None if share is None else Fraction(share), Fraction(low), Fraction(high), quality)


def firm(to: str, share: str) -> Pair:
    return pair(to, share, share, share)


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


def test_bounds_hold_what_a_rough_rounding_of_a_table_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    rough = pl.DataFrame([(0, "T", 0, True), (0, "U", 10, True)], schema=GIVEN, orient="row")
    monkeypatch.setattr("engine.apportion.fitted", lambda *_: rough)
    halves = (pair(to, "1/2", "1/2", "1/2") for to in "TU")
    assert pieces(10, *halves) == {"T": (0, 0, 5), "U": (10, 5, 10)}


def test_a_firm_share_is_certain_even_where_values_may_be_negative() -> None:
    found = pieces(-10, firm("T", "1/4"), firm("U", "3/4"), signed=True)
    assert found == {"T": (-2, -3, -2), "U": (-8, -8, -7)}  # -2.5 and -7.5: the tie goes to the lower code
    assert pieces(-10, pair("T", None, quality="unknown"), signed=True)["T"] == (None, None, None)
    assert pieces(-10, pair("T", "1/4", quality="estimated"), signed=True)["T"] == (-2, None, None)


def test_a_gap_gives_nothing_and_a_zero_gives_zeros() -> None:
    assert pieces(None, pair("T", "1/4"), pair("U", "3/4"))["T"] == (None, None, None)
    assert pieces(0, pair("T", None, quality="unknown"), pair("U", None, quality="unknown"))["T"] == (0, 0, 0)
    assert pieces(0, pair("T", None, quality="unknown"), signed=True)["T"] == (None, None, None)


def test_a_placeholder_is_told_from_an_estimate_and_nothing_else_is_left_in_the_table() -> None:
    schema = {"ref_area": pl.String, "time_period": pl.String, "dimensions": pl.String, "amount": pl.Int128}
    amounts = pl.DataFrame([("S", "2024", "", 8)], schema=schema, orient="row")
    pairs = (pair("T", "1/4", quality="placeholder"), pair("U", "1/2", quality="estimated"))
    found = apportion(amounts, pieces_frame(pairs, signed=False), signed=False)
    assert dict(found.select("to_area", "placeholder").iter_rows()) == {"T": True, "U": False, None: None}
    assert set(found.columns) - set(amounts.columns) == {
        "to_area", "given", "least", "most", "known", "estimated", "placeholder", "rough"}  # fmt: skip
    assert found["rough"].to_list() == [False] * 3


def test_a_gap_beside_a_figure_of_any_length_stays_a_gap() -> None:
    schema = {"ref_area": pl.String, "time_period": pl.String, "dimensions": pl.String, "amount": pl.Int128}
    rows = [("S", "2023", "", None), ("S", "2024", "", 10**20)]
    third = f"{10**29}/{3 * 10**29 + 1}"
    frame = pieces_frame([pair("T", third, third, third), pair("U", None, "0", "1", "unknown")], signed=False)
    found = apportion(pl.DataFrame(rows, schema=schema, orient="row"), frame, signed=False)
    lower = 10**20 // 3
    pieces_of = found.sort("time_period", "to_area").select("to_area", "given", "least", "most").rows()
    assert pieces_of[1:3] + pieces_of[4:] == [
        ("T", None, None, None), ("U", None, None, None), ("T", lower, lower, lower + 1), ("U", None, 0, 10**20)
    ]  # fmt: skip
    assert [pieces_of[0][:2], pieces_of[3][:2]] == [(None, None), (None, 10**20 - lower)]  # stays unallocated


def test_what_rounding_shares_leaves_goes_to_the_largest_remainders() -> None:
    shares = [Fraction(2, 10), Fraction(1, 10), Fraction(7, 10)]
    assert numerators(shares, 7) == [1, 1, 5]  # 1.4 0.7 4.9


def test_shares_with_huge_denominators_still_fit() -> None:
    odd = Fraction(10**40 // 3, 10**40 + 39)
    frame = pieces_frame([firm("T", str(odd)), firm("U", str(1 - odd))], signed=False)
    assert frame["parts"].to_list() == [MAX_PARTS, MAX_PARTS]
    assert sum(frame["part"]) == MAX_PARTS
    for low, part, high in frame.select("low", "part", "high").iter_rows():
        assert (part - low, high - part) in {(0, 1), (1, 0)}


@given(
    st.lists(st.integers(1, 10**9), min_size=2, max_size=6),
    st.integers(-(10**30), 10**30) | st.integers(-(10**6), 10**6),
)
def test_amounts_and_shares_of_any_length_are_shared_exactly(weights: list[int], amount: int) -> None:
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    found = pieces(amount, *(firm(f"T{n}", str(share)) for n, share in enumerate(shares)), signed=True)
    assert sum(row[0] or 0 for row in found.values()) == amount
    for n, share in enumerate(shares):
        exact = amount * share
        assert found[f"T{n}"][1:] == (floor(exact), ceil(exact))
        assert floor(exact) <= (found[f"T{n}"][0] or 0) <= ceil(exact)


def test_a_figure_goes_through_twenty_five_cuts_by_amounts() -> None:
    days = [date(1980 + n, 1, 1) for n in range(26)]
    areas, changes, weights, left, due = [], [], [], Fraction(1), {}
    for n, day in enumerate(days):
        areas.append(Area(f"A{n}", "commune", "xa", "", "", "", day, days[n + 1] if n < 25 else None))
        if n:
            amounts = [10_000 + n * prime % 80_000 for prime in (7919, 15_487)]
            areas.append(Area(f"B{n}", "commune", "xa", "", "", "", day, None))
            for to, amount in zip((f"A{n}", f"B{n}"), amounts, strict=True):
                changes.append(Change(day, "breakdown", f"A{n - 1}", to))
                weights.append(Weight(day, f"A{n - 1}", to, "people", Decimal(amount), None, "measured"))
            due[f"B{n}"] = left * Fraction(amounts[1], sum(amounts))
            left *= Fraction(amounts[0], sum(amounts))
    due["A25"] = left
    found = correspondence(
        Register(tuple(areas), tuple(changes), tuple(weights)), days[0], days[-1], "commune", "commune", "people"
    )
    restated = restate(figures({"A0": 10**18}), PEOPLE, found)
    balance(figures({"A0": 10**18}), restated, PEOPLE, found)
    for row in restated.rows.iter_rows(named=True):
        assert row["obs_lower"] <= row["obs_value"] <= row["obs_upper"]
        assert abs(Fraction(row["obs_value"]) - due[row["ref_area"]] * 10**18) < 1


@pytest.mark.parametrize("quality", ["law", "measured", "estimated", "placeholder"])
def test_a_cut_figure_is_an_estimate_whatever_its_share_rests_on(quality: Quality) -> None:
    areas = [Area("S", "commune", "xa", "S", "S", "", date(2000, 1, 1), AFTER)]
    areas += [Area(code, "commune", "xa", code, code, "", AFTER, None) for code in "TU"]
    changes = tuple(Change(AFTER, "breakdown", "S", code) for code in "TU")

    def shared(share: str) -> Correspondence:
        weights = (Weight(AFTER, "S", "T", "people", None, Decimal(share), quality),)
        return correspondence(Register(tuple(areas), changes, weights), BEFORE, AFTER, "commune", "commune", "people")

    row = restate(figures({"S": 8}), PEOPLE, shared("0.25")).rows.row(0, named=True)
    assert (row["obs_value"], row["basis"], row["obs_status"]) == (2, "estimated", "E")
    whole = restate(figures({"S": 8}), PEOPLE, shared("1")).rows.row(0, named=True)
    by_law = quality == "law"
    assert (whole["obs_value"], whole["basis"]) == (8, "exact" if by_law else "estimated")
    extremes: list[tuple[AreaRuleName, tuple[int | None, int | None]]] = [("min", (8, None)), ("max", (None, 8))]
    for rule, bounds in extremes:  # a piece may or may not hold it, whatever its share
        extreme = replace(PEOPLE, areas=AreaRule(rule))
        row = restate(figures({"S": 8}), extreme, shared("0.25")).rows.row(0, named=True)
        assert (row["obs_value"], row["obs_lower"], row["obs_upper"]) == (None, *bounds)


def test_a_mean_is_exact_beyond_what_128_bits_hold() -> None:
    areas = [Area(code, "commune", "xa", code, code, "", date(2000, 1, 1), AFTER) for code in "AB"]
    areas.append(Area("N", "commune", "xa", "N", "N", "", AFTER, None))
    changes = tuple(Change(AFTER, "merger", code, "N") for code in "AB")
    found = correspondence(Register(tuple(areas), changes), BEFORE, AFTER, "commune", "commune", None)
    mean = replace(PEOPLE, decimals=6, areas=AreaRule("mean", by="w"))
    rates = figures({"A": Decimal("250000000.123456"), "B": Decimal("150000000.5")})
    weights = figures({"A": 9 * 10**15, "B": 8 * 10**15})
    row = restate(rates, mean, found, weights).rows.row(0, named=True)
    assert row["obs_value"] == Decimal("202941176.771241")  # (9 * 250000000.123456 + 8 * 150000000.5) / 17


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


def figures(values: Mapping[str, int | Decimal]) -> pl.DataFrame:
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
