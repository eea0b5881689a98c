"""Rounding of crossed tables: by hand, by law, and through restating."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.controlled_rounding import controlled, farthest, groups_of, rounded_flows, with_totals
from engine.frames import NUM
from engine.restate import Restated, restate
from engine.rounding_repair import repaired
from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Measure, Name

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
DIMENSIONS = {"age": "CL_AGE", "residence": "CL_RESIDENCE", "sex": "CL_SEX"}
PEOPLE = Measure(
    "m", Name("m", "m"), "PERSON", 0, "commune", AreaRule("sum"), "stock", split_weight="p", dimensions=DIMENSIONS
)
SHARES = st.lists(st.integers(1, 20), min_size=2, max_size=4).map(
    lambda parts: [Fraction(p, sum(parts)) for p in parts]
)
CELLS = st.one_of(st.integers(0, 3), st.integers(0, 500))


def table(data: st.DataObject, *sizes: int) -> tuple[list[int], list[tuple[str, ...]]]:
    codes = list(itertools.product(*([f"{n}" for n in range(size)] for size in sizes)))
    return data.draw(st.lists(CELLS, min_size=len(codes), max_size=len(codes))), codes


@settings(max_examples=200, deadline=None)
@given(data=st.data(), shares=SHARES, size=st.integers(1, 9))
def test_one_dimension_stays_within_one_unit(data: st.DataObject, shares: list[Fraction], size: int) -> None:
    amounts, codes = table(data, size)
    given = controlled(amounts, codes, shares)
    assert [sum(row) for row in given] == amounts
    assert farthest(given, amounts, codes, shares) < 1


@settings(max_examples=200, deadline=None)
@given(data=st.data(), part=st.integers(1, 19), rows=st.integers(1, 4), columns=st.integers(1, 6))
def test_two_dimensions_and_two_pieces_stay_within_one_unit(
    data: st.DataObject, part: int, rows: int, columns: int
) -> None:
    amounts, codes = table(data, rows, columns)
    shares = [Fraction(part, 20), Fraction(20 - part, 20)]
    given = controlled(amounts, codes, shares)
    assert [sum(row) for row in given] == amounts
    assert farthest(given, amounts, codes, shares) < 1


@settings(max_examples=100, deadline=None)
@given(data=st.data(), shares=SHARES, sizes=st.sampled_from([(2, 4), (2, 3, 2), (3, 3)]))
def test_whatever_the_table_it_adds_up_and_repair_makes_it_no_worse(
    data: st.DataObject, shares: list[Fraction], sizes: tuple[int, ...]
) -> None:
    amounts, codes = table(data, *sizes)
    given = controlled(amounts, codes, shares)
    better = repaired(given, amounts, groups_of(codes), shares)
    for rounded in (given, better):
        assert [sum(row) for row in rounded] == amounts
        assert min(n for row in rounded for n in row) >= 0
        assert farthest(rounded, amounts, codes, shares) < len(shares) + len(sizes)
    assert controlled(amounts, codes, shares) == given


def test_repair_finds_what_taking_off_one_piece_after_the_other_misses() -> None:
    codes = list(itertools.product("01", "0123"))
    amounts, shares = [5, 2, 3, 1, 7, 1, 1, 2], [Fraction(1, 3)] * 3
    spoilt = [[amount, 0, 0] for amount in amounts]
    assert farthest(repaired(spoilt, amounts, groups_of(codes), shares), amounts, codes, shares) < 1


def test_flows_keep_every_node_in_balance_and_move_less_than_one() -> None:
    edges = [("a", "b", Fraction(5, 2)), ("b", "c", Fraction(5, 4)), ("b", "d", Fraction(5, 4)),
             ("c", "a", Fraction(5, 4)), ("d", "a", Fraction(5, 4))]  # fmt: skip
    flows = rounded_flows(edges)
    balance: dict[object, int] = defaultdict(int)
    for (tail, head, value), flow in zip(edges, flows, strict=True):
        balance[tail] -= flow
        balance[head] += flow
        assert abs(flow - value) < 1
    assert not any(balance.values())


def test_units_move_between_pieces_until_the_totals_are_met() -> None:
    amounts, shares = [3, 5, 0], [Fraction(1, 2)] * 2
    given = [[2, 1], [3, 2], [0, 0]]
    with_totals(given, amounts, shares, [4, 4])
    assert given == [[1, 2], [3, 2], [0, 0]]


def register(shares: list[str], quality: Quality = "measured") -> Register:
    targets = [f"T{n}" for n in range(len(shares))]
    areas = [Area(code, "commune", "xa", code, code, "", date(2000, 1, 1), AFTER) for code in ("S", "D")]
    areas += [Area(code, "commune", "xa", code, code, "", AFTER, None) for code in targets]
    changes = [Change(AFTER, "breakdown", "S", code) for code in targets] + [Change(AFTER, "merger", "D", "T0")]
    weights = [
        Weight(AFTER, "S", code, "p", None, Decimal(share), quality)
        for code, share in zip(targets, shares, strict=True)
    ]
    return Register(tuple(areas), tuple(changes), tuple(weights))


def figures(values: dict[str, int | None], area: str = "S") -> pl.DataFrame:
    numbers = [None if value is None else Decimal(value) for value in values.values()]
    return pl.DataFrame(
        {
            "ref_area": area,
            "time_period": "2024",
            "dimensions": list(values),
            "obs_value": pl.Series(numbers, dtype=NUM),
            "obs_status": ["O" if value is None else "A" for value in numbers],
        }
    )


def carried(values: dict[str, int | None], shares: list[str], measure: Measure = PEOPLE) -> Restated:
    areas = correspondence(register(shares), BEFORE, AFTER, "commune", "commune", "p")
    zeros = figures(dict.fromkeys(values, 0), "D")
    return restate(pl.concat([figures(values), zeros]), measure, areas)


def given_to(result: Restated, area: str) -> dict[str, int | None]:
    rows = result.rows.filter(pl.col("ref_area") == area)
    return {
        text: None if value is None else int(value)
        for text, value in rows.select("dimensions", "obs_value").iter_rows()
    }


CROSSED = {f"age=Y{age};sex={sex}": n for (age, sex), n in zip(
    itertools.product("0123", "FM"), [1, 1, 1, 1, 1, 3, 5, 7], strict=True)}  # fmt: skip


def sums(cells: dict[str, int | None], *wanted: str) -> int:
    return sum(n or 0 for text, n in cells.items() if set(wanted) <= set(text.split(";")))


def with_margins(cells: dict[str, int]) -> dict[str, int | None]:
    margins = {"": sum(cells.values())}
    for pair in sorted({pair for text in cells for pair in text.split(";")}):
        margins[pair] = sums({**cells}, pair)
    return {**cells, **margins}


@pytest.mark.parametrize(
    "shares", [["0.5", "0.5"], ["0.3", "0.7"], ["0.3", "0.3", "0.4"], ["0.1", "0.2", "0.3", "0.4"]]
)
def test_cells_make_their_margins_in_every_piece_and_all_stay_close(shares: list[str]) -> None:
    result = carried(with_margins(CROSSED), shares)
    values = with_margins(CROSSED)
    pieces = [given_to(result, f"T{n}") for n in range(len(shares))]
    for text, value in values.items():
        assert sum(piece[text] or 0 for piece in pieces) == value
    for piece, share in zip(pieces, shares, strict=True):
        cells = {text: piece[text] for text in CROSSED}
        for text in set(values) - set(CROSSED):
            assert piece[text] == sums(cells, *filter(None, [text]))
        for text, value in values.items():
            assert abs((piece[text] or 0) - (value or 0) * Fraction(share)) < 1
    assert not result.findings


def test_two_breakdowns_of_one_total_agree_on_it() -> None:
    values: dict[str, int | None] = {"sex=F": 5, "sex=M": 6, "age=Y0": 3, "age=Y1": 7, "age=Y2": 1, "": 11}
    result = carried(values, ["0.5", "0.5"])
    for area in ("T0", "T1"):
        piece = given_to(result, area)
        assert (
            sums(piece, "sex=F") + sums(piece, "sex=M") == piece[""] == sum(piece[f"age=Y{n}"] or 0 for n in range(3))
        )


def test_a_single_series_is_largest_remainder() -> None:
    assert given_to(carried({"": 10}, ["0.25", "0.25", "0.5"]), "T0") == {"": 3}  # 2.5 2.5 5: the tie goes to T0
    assert given_to(carried({"sex=F": 10}, ["0.25", "0.25", "0.5"]), "T1") == {"sex=F": 2}


def test_a_margin_that_its_cells_do_not_make_up_is_rounded_by_itself() -> None:
    holed = carried({"sex=F": 3, "sex=M": None, "": 9}, ["0.5", "0.5"])
    assert given_to(holed, "T0") == {"sex=F": 2, "sex=M": None, "": 5}


def test_overlapping_categories_are_tables_apart() -> None:
    overlapping = replace(PEOPLE, dimension_rules={"sex": "none"})
    result = carried({"sex=F": 1, "sex=M": 1, "": 2}, ["0.5", "0.5"], overlapping)
    assert given_to(result, "T0") == {"sex=F": 1, "sex=M": 1, "": 1}  # each by largest remainder


def test_negative_amounts_keep_their_sign_and_their_sums() -> None:
    signed = replace(PEOPLE, signed=True)
    values: dict[str, int | None] = {"sex=F": -3, "sex=M": 8, "": 5}
    result = carried(values, ["0.5", "0.5"], signed)
    for area in ("T0", "T1"):
        piece = given_to(result, area)
        assert (piece["sex=F"] or 0) + (piece["sex=M"] or 0) == piece[""]
        assert piece["sex=F"] in (-1, -2)


def test_placeholder_shares_are_told_with_areas_and_amounts() -> None:
    areas = correspondence(register(["0.5", "0.5"], "placeholder"), BEFORE, AFTER, "commune", "commune", "p")
    found = restate(figures({"": 9}), PEOPLE, areas).findings
    assert [(finding.rule, finding.severity, finding.time_period) for finding in found] == [
        ("restate.placeholder", "warning", "2024")
    ]
    assert "T0: 5 (S), T1: 4 (S)" in found[0].en
    assert "T0: 5 (S), T1: 4 (S)" in found[0].vi
    by_sex = restate(figures({"sex=F": 4, "sex=M": 6}), PEOPLE, areas).findings
    assert "T0: 5 (S), T1: 5 (S)" in by_sex[0].en
    measured = correspondence(register(["0.5", "0.5"]), BEFORE, AFTER, "commune", "commune", "p")
    assert restate(figures({"": 9}), PEOPLE, measured).findings == ()
