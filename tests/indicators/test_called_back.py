"""Parts of a merged area that are called back later: what weights tell of them, and what stays together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.territory import strays, trace

D0, D1, D2, D3, D4, D5 = (date(year, 1, 1) for year in range(2000, 2006))
PART = f"B@{D0}"
"""B and C were merged into M on D1, the first day asked for; what was B is called back later."""
HALF = Fraction(1, 2)
WHOLE = (1, 1, 1, "whole")


def row(day: date, code: str, to: str, part: str = "", law: str = "") -> Change:
    return Change(day, "transfer", code, to, part, law)


def weight(day: date, code: str, to: str, share: str, quality: Quality = "measured") -> Weight:
    return Weight(day, code, to, "people", None, Decimal(share), quality)


def register(*rows: Change, weights: tuple[Weight, ...] = ()) -> Register:
    """Communes B, C and E, of which B and C are merged into M, and areas that begin where a change reaches them."""
    changes = (row(D1, "B", "M"), row(D1, "C", "M"), *rows)
    starts = {change.to_code: change.effective for change in reversed(changes)}
    ends = {change.from_code: change.effective for change in reversed(changes) if not change.part}
    first = [Area(code, "commune", "", code, code, "", D0, ends.get(code)) for code in "BCE"]
    later = [Area(code, "commune", "", code, code, "", day, None) for code, day in starts.items()]
    return Register((*first, *later), changes, weights)


def carried(areas: Register, last: date, first: date = D1) -> dict[tuple[str, str], tuple[object, ...]]:
    pieces = trace(areas, first, last, "people")
    return {(p.origin, p.area): (p.extent.lower, p.extent.upper, p.extent.share, p.extent.quality) for p in pieces}


def test_weights_of_a_part_say_nothing_where_more_of_its_area_lies_elsewhere() -> None:
    cut = (row(D2, "M", "N"), row(D2, "M", "X"), row(D3, "N", "R", PART), row(D3, "N", "S"))
    told = (weight(D3, "N", "R", "0.3"), weight(D3, "N", "S", "0.7"))
    found = carried(register(*cut, weights=told), D3)
    assert {area: found["M", area][2] for area in "RSX"} == {"R": None, "S": None, "X": None}


def test_weights_of_a_part_say_nothing_where_it_lies_with_other_areas() -> None:
    merged = (row(D2, "M", "K"), row(D2, "E", "K"), row(D3, "K", "R", PART), row(D3, "K", "S"))
    told = (weight(D3, "K", "R", "0.3"), weight(D3, "K", "S", "0.7"))
    found = carried(register(*merged, weights=told), D3)
    assert {(origin, area): carries[2] for (origin, area), carries in found.items()} == {
        ("M", "R"): None, ("M", "S"): None, ("E", "S"): 1}  # fmt: skip


def firm(share: str, quality: str = "measured") -> tuple[object, ...]:
    return (*[Fraction(share)] * 3, quality)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({"R": "0.5", "X": "0.3", "Y": "0.2"}, {"R": firm("0.5"), "X": firm("0.3"), "Y": firm("0.2")}),
        ({"X": "0.3", "Y": "0.2"}, {"R": firm("0.5"), "X": firm("0.3"), "Y": firm("0.2")}),
        ({"R": "0.5", "Y": "0.2"}, {"R": firm("0.5"), "X": firm("0.3"), "Y": firm("0.2")}),
        ({"R": "0.5"}, {"R": firm("0.5"), "X": (0, HALF, None, "unknown"), "Y": (0, HALF, None, "unknown")}),
        ({"Y": "0.2"}, {"Y": firm("0.2"), **dict.fromkeys("RX", (0, Fraction(4, 5), None, "unknown"))}),
        ({"Y": "0"}, {"Y": firm("0"), **dict.fromkeys("RX", (0, 1, None, "unknown"))}),
        ({"Y": "1"}, {"Y": firm("1"), "R": firm("0"), "X": firm("0")}),
    ],
)
def test_a_part_and_the_pieces_of_the_rest_are_shares_of_the_same_area(
    shares: dict[str, str], expected: dict[str, tuple[object, ...]]
) -> None:
    cut = (row(D2, "M", "R", PART), row(D2, "M", "X"), row(D2, "M", "Y"))
    told = tuple(weight(D2, "M", to, share) for to, share in shares.items())
    areas = register(*cut, weights=told)
    assert carried(areas, D2) == {("E", "E"): WHOLE, **{("M", to): extent for to, extent in expected.items()}}


def test_amounts_of_a_part_and_of_the_pieces_of_the_rest() -> None:
    cut = (row(D2, "M", "R", PART), row(D2, "M", "X"), row(D2, "M", "Y"))
    amounts = {"R": 50, "X": 30, "Y": 20}
    told = {to: Weight(D2, "M", to, "people", Decimal(amount), None, "measured") for to, amount in amounts.items()}
    found = carried(register(*cut, weights=tuple(told.values())), D2)
    assert {area: found["M", area] for area in "RXY"} == {"R": firm("0.5"), "X": firm("0.3"), "Y": firm("0.2")}
    before = carried(register(*cut, weights=tuple(told.values())), D2, D0)
    assert (before["B", "R"], before["C", "X"], before["C", "Y"]) == (WHOLE, firm("0.6"), firm("0.4"))
    some = carried(register(*cut, weights=(told["X"], told["Y"])), D2)  # of the rest, and nothing of the part
    sixth, four = Fraction(3, 5), Fraction(2, 5)
    assert {area: some["M", area][:3] for area in "RXY"} == {
        "R": (0, 1, None),
        "X": (0, sixth, None),
        "Y": (0, four, None),
    }
    half = carried(register(*cut, weights=(weight(D2, "M", "R", "0.5"), told["X"], told["Y"])), D2)
    assert {area: half["M", area] for area in "RXY"} == {"R": firm("0.5"), "X": firm("0.3"), "Y": firm("0.2")}


def test_an_estimate_of_a_piece_of_the_rest_leaves_the_bounds_open() -> None:
    cut = (row(D2, "M", "R", PART), row(D2, "M", "X"), row(D2, "M", "Y"))
    told = (weight(D2, "M", "R", "0.5"), weight(D2, "M", "X", "0.3", "estimated"))
    found = carried(register(*cut, weights=told), D2)
    assert found["M", "R"] == firm("0.5")
    assert found["M", "X"] == (0, HALF, Fraction(3, 10), "estimated")
    assert found["M", "Y"][:3] == (0, HALF, Fraction(1, 5))


def test_a_code_that_gets_a_part_and_a_piece_of_the_rest_has_one_weight_that_tells_neither() -> None:
    cut = (row(D2, "M", "R", PART), row(D2, "M", "R"), row(D2, "M", "Y"))
    found = carried(register(*cut, weights=(weight(D2, "M", "R", "0.6"), weight(D2, "M", "Y", "0.4"))), D2)
    assert found["M", "Y"] == (Fraction(2, 5), Fraction(2, 5), Fraction(2, 5), "measured")
    assert found["M", "R"][:2] == (Fraction(3, 5), 1) or found["M", "R"][:2] == (0, 1)


def test_two_lots_of_one_part_are_weighed_once() -> None:
    """M is cut in two and merged again; then what was B is called back: one part, which lies there twice."""
    moved = (
        row(D2, "M", "X"), row(D2, "M", "Y"), row(D3, "X", "K"), row(D3, "Y", "K"), row(D4, "K", "R", PART),
        row(D4, "K", "S"),
    )  # fmt: skip
    told = (weight(D4, "K", "R", "0.3"), weight(D4, "K", "S", "0.7"))
    found = carried(register(*moved, weights=told), D4)
    assert (found["M", "R"], found["M", "S"]) == (firm("0.3"), firm("0.7"))


def test_an_area_that_is_merged_whole_stays_whole_whatever_it_weighed() -> None:
    merged = register(row(D2, "M", "K"), row(D2, "E", "K"), weights=(weight(D2, "M", "K", "0.9", "estimated"),))
    assert carried(merged, D2) == {("M", "K"): WHOLE, ("E", "K"): WHOLE}


def test_a_part_that_is_all_there_is_stays_whole() -> None:
    renamed = register(row(D2, "E", "K"), row(D3, "K", "R", f"E@{D0}"))
    assert carried(renamed, D3)["E", "R"] == WHOLE


def test_parts_that_are_all_there_is_are_weighed_by_their_amounts() -> None:
    moved = (row(D2, "M", "R", PART), row(D2, "M", "S", f"C@{D0}"))
    told = [Weight(D2, "M", to, "people", Decimal(held), None, "measured") for to, held in (("R", 30), ("S", 10))]
    found = carried(register(*moved, weights=tuple(told)), D2)
    assert {area: found["M", area][2] for area in "RS"} == {"R": Fraction(3, 4), "S": Fraction(1, 4)}


def test_the_law_stays_with_a_part_that_is_weighed() -> None:
    moved = (row(D2, "M", "K", law="L1"), row(D3, "K", "R", PART, law="L2"), row(D3, "K", "S", law="L3"))
    told = (weight(D3, "K", "R", "0.3"), weight(D3, "K", "S", "0.7"))
    laws = {p.area: p.extent.law for p in trace(register(*moved, weights=told), D1, D3, "people") if p.origin == "M"}
    assert laws == {"R": {"L1", "L2"}, "S": {"L1", "L3"}}


def test_what_nothing_tells_apart_any_more_is_one_piece() -> None:
    """X1 gets a share of B and what was not B; once the rest of B is called back out of X2, both are just M."""
    moved = (
        row(D2, "M", "X", PART), row(D2, "M", "Y"), row(D3, "X", "X1"), row(D3, "X", "X2"), row(D3, "Y", "X1"),
        row(D4, "X2", "V", PART), row(D5, "X1", "S"), row(D5, "X1", "T"),
    )  # fmt: skip
    halves = [weight(D3, "X", to, "0.5") for to in ("X1", "X2")] + [weight(D5, "X1", to, "0.5") for to in "ST"]
    areas = register(*moved, weights=(weight(D2, "M", "X", "0.4"), weight(D2, "M", "Y", "0.6"), *halves))
    two, four = Fraction(1, 5), Fraction(2, 5)
    assert carried(areas, D4)["M", "X1"] == (Fraction(4, 5), Fraction(4, 5), Fraction(4, 5), "measured")
    found = {area: extent for (origin, area), extent in carried(areas, D5).items() if origin == "M"}
    assert carried(areas, D5, D4)["X1", "S"] == (HALF, HALF, HALF, "measured")  # on that very day it is X1's own
    assert found == {
        "S": (four, four, four, "measured"), "T": (four, four, four, "measured"), "V": (two, two, two, "measured")
    }  # fmt: skip


def test_the_same_province_of_two_days_is_called_back_twice() -> None:
    """A and B were P's, then A alone; first all that P once had leaves M, then what it had at last leaves that."""
    provinces = [Area(code, "province", "", code, code, "", D0, D2) for code in "PQ"]
    below = [("A", "P", D0, D2), ("B", "P", D0, D1), ("B", "Q", D1, D2), ("C", "Q", D0, D2)]
    communes = [Area(code, "commune", "", code, code, above, start, end) for code, above, start, end in below]
    later = [Area(code, "commune", "", code, code, "", day, None) for code, day in (("M", D2), ("N", D3), ("O", D4))]
    changes = [row(D2, code, "M") for code in "ABC"]
    changes += [row(D3, "M", "N", f"P@{D0}"), row(D4, "N", "O", f"P@{D1}")]
    areas = Register((*provinces, *communes, *later), tuple(changes))
    assert carried(areas, D4, D0) == {("A", "O"): WHOLE, ("B", "N"): WHOLE, ("C", "M"): WHOLE}


def test_a_part_is_what_an_area_held_on_its_day_and_not_what_came_later() -> None:
    areas = register(row(D2, "M", "E"), row(D3, "E", "R", f"E@{D0}"))
    assert carried(areas, D3) == {("E", "R"): WHOLE, ("M", "E"): WHOLE}


def test_an_area_that_only_took_in_others_is_one_piece_once_its_province_of_then_was_called_back() -> None:
    """E and F were P's; what P had is called back out of X, which holds F, and E is then cut."""
    moved = (row(D1, "F", "X"), row(D1, "G", "E"), row(D3, "X", "V", f"P@{D0}"), row(D4, "E", "S"), row(D4, "E", "T"))
    areas = [Area("P", "province", "", "P", "P", "", D0, D1), Area("E", "commune", "", "E", "E", "", D1, None)]
    areas += [
        Area(code, "commune", "", code, code, above, D0, D1) for code, above in (("E", "P"), ("F", "P"), ("G", ""))
    ]
    areas += [Area("X", "commune", "", "X", "X", "", D1, None), Area("V", "commune", "", "V", "V", "", D3, None)]
    areas += [Area(code, "commune", "", code, code, "", D4, None) for code in "ST"]
    halves = tuple(weight(D4, "E", to, "0.5") for to in "ST")
    found = carried(Register(tuple(areas), moved, halves), D4, D2)
    assert {area: found["E", area][:2] for area in "ST"} == {"S": (0, HALF), "T": (0, HALF)}


def test_land_taken_over_before_the_first_day_is_its_areas_own() -> None:
    """Following begins before the first day, as a part of then is called back after it."""
    areas = register(row(D1, "", "E"), row(D3, "M", "R", PART))
    assert carried(areas, D3, D2)["E", "E"] == WHOLE


@pytest.mark.parametrize("back", [False, True], ids=["gone", "back"])
def test_pieces_stay_one_where_their_level_ends_and_where_it_comes_back(back: bool) -> None:
    """As above, with X1 and X2 in the provinces P and Q, and a commune level that ends in between."""
    gone, again = date(2003, 4, 1), date(2003, 7, 1)
    cut = "K" if back else "P"
    moved = [
        row(D2, "M", "X", PART), row(D2, "M", "Y"), row(D3, "X", "X1"), row(D3, "X", "X2"), row(D3, "Y", "X1"),
        row(D4, "Q", "V", PART), row(D5, cut, "S"), row(D5, cut, "T"),
    ]  # fmt: skip
    halves = [weight(D3, "X", to, "0.5") for to in ("X1", "X2")] + [weight(D5, cut, to, "0.5") for to in "ST"]
    plain = register(*moved, weights=(weight(D2, "M", "X", "0.4"), weight(D2, "M", "Y", "0.6"), *halves))
    homes = {"X1": ("P", D3, gone), "X2": ("Q", D3, gone)}
    areas = [area for area in plain.areas if area.code not in homes]
    areas += [Area(code, "commune", "", code, code, *home) for code, home in homes.items()]
    areas += [Area("P", "province", "", "P", "P", "", D3, None), Area("Q", "province", "", "Q", "Q", "", D3, None)]
    areas += [Area("K", "commune", "", "K", "K", "P", again, D5)] if back else []
    found = carried(Register(tuple(areas), plain.changes, plain.weights), D5)
    two = Fraction(2, 5)
    assert found["M", "S"] == found["M", "T"] == (two, two, two, "measured")


def test_a_share_beside_others_of_unknown_share_is_firm() -> None:
    cut = (row(D2, "M", "X"), row(D2, "M", "Y"), row(D2, "M", "Z"))
    found = carried(register(*cut, weights=(weight(D2, "M", "X", "0.25"),)), D2)
    quarter = Fraction(1, 4)
    assert found["M", "X"] == (quarter, quarter, quarter, "measured")
    assert found["M", "Y"] == (0, Fraction(3, 4), None, "unknown")


def test_shares_beside_a_part_are_not_those_of_each_part_that_stays() -> None:
    """X and Y share what is left of M, of which C's part is told apart until it is called back out of X."""
    moved = (row(D2, "M", "R", PART), row(D2, "M", "X"), row(D2, "M", "Y"), row(D3, "X", "S", f"C@{D0}"))
    told = (weight(D2, "M", "R", "0.2"), weight(D2, "M", "X", "0.5"), weight(D2, "M", "Y", "0.3"))
    merged = register(row(D1, "E", "M"), *moved, weights=told)
    found = carried(merged, D3)
    assert (found["M", "S"][0], found["M", "S"][2]) == (0, None)


def test_a_part_that_lies_elsewhere_and_land_that_is_left_over_are_told() -> None:
    """X holds nothing of B, K has it all; A ends and lies in P, which has another commune."""
    moved = (row(D1, "F", "X"), row(D2, "E", "Z"), row(D2, "M", "K"), row(D2, "X", "R", PART))
    plain = register(*moved)
    areas = [Area("P", "province", "", "P", "P", "", D0, None)]
    areas += [Area(code, "commune", "", code, code, "P", D0, end) for code, end in (("A", D2), ("L", None))]
    (stray,), left_over = strays(Register((*plain.areas, *areas), plain.changes))
    assert (stray.change.from_code, stray.lies_in) == ("X", ("K",))
    assert left_over == [("A", D2)]


def test_an_area_of_the_first_day_is_one_whatever_was_called_back_into_it_that_day() -> None:
    called = (row(D3, "M", "R", PART), row(D3, "M", "S"), row(D3, "E", "R"))
    cut = (row(D4, "R", "Y"), row(D4, "R", "Z"), row(D5, "S", "T", f"C@{D0}"))  # a part makes the walk begin on D0
    found = carried(register(*called, *cut, weights=(weight(D4, "R", "Y", "0.5"),)), D5, D3)
    assert {found["R", area] for area in "YZ"} == {firm("1/2")}
