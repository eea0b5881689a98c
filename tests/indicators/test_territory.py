"""Territory by hand: levels that come and go, parts of higher areas, amounts and laws."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.correspondence import correspondence
from indicators.territory import Piece, part_tag, trace
from indicators.weights import Held, amounts

D0, D1, D2, D3 = date(2000, 1, 1), date(2001, 1, 1), date(2002, 1, 1), date(2003, 1, 1)
HALF = Fraction(1, 2)


def area(code: str, level: str, parent: str = "", start: date = D0, end: date | None = None) -> Area:
    return Area(code, level, level, code, code, parent, start, end)


def commune(code: str, start: date = D0, end: date | None = None) -> Area:
    return area(code, "commune", "", start, end)


def held(pieces: list[Piece]) -> dict[tuple[str, str], tuple[Fraction, Fraction, Fraction | None, str]]:
    return {(p.origin, p.area): (p.extent.lower, p.extent.upper, p.extent.share, p.extent.quality) for p in pieces}


def weight(to: str, day: date = D1, code: str = "S", quality: Quality = "measured", **given: str) -> Weight:
    value, share = (Decimal(given[name]) if name in given else None for name in ("value", "share"))
    return Weight(day, code, to, "people", value, share, quality)


# Levels that come and go


def test_a_level_that_becomes_known_cuts_the_area_above_it() -> None:
    register = Register((area("P", "province"), area("A", "commune", "P", D1), area("B", "commune", "P", D1)))
    unknown = (Fraction(0), Fraction(1), None, "unknown")
    assert held(trace(register, D0, D1, None)) == {("P", "A"): unknown, ("P", "B"): unknown}
    weighed = Register(register.areas, (), (weight("A", D1, "P", share="0.5"),))
    assert held(trace(weighed, D0, D1, "people")) == {
        ("P", "A"): (HALF, HALF, HALF, "measured"), ("P", "B"): (HALF, HALF, HALF, "measured")}  # fmt: skip


def test_a_level_that_becomes_known_two_levels_down() -> None:
    register = Register((area("P", "province"), area("H", "district", "P", D1), area("A", "commune", "H", D1)))
    assert held(trace(register, D0, D1, None)) == {("P", "A"): (1, 1, 1, "whole")}


def test_an_area_that_appears_from_nowhere_holds_nothing() -> None:
    register = Register((area("P", "province"), area("N", "province", "", D1)))
    assert held(trace(register, D0, D1, None)) == {("P", "P"): (1, 1, 1, "whole")}


def test_a_level_that_is_no_longer_known_falls_back_to_the_area_above() -> None:
    below = (area("A", "commune", "P", D0, D1), area("B", "commune", "P", D0, D1))
    register = Register((area("P", "province"), *below))
    assert set(held(trace(register, D0, D1, None))) == {("A", "P"), ("B", "P")}
    found = correspondence(register, D0, D1, "commune", "province")
    assert [(p.from_area, p.to_area, p.whole) for p in found.pairs] == [("A", "P", True), ("B", "P", True)]


def test_two_levels_that_end_together_fall_back_to_the_one_that_stands() -> None:
    register = Register((area("P", "province"), area("H", "district", "P", D0, D1), area("A", "commune", "H", D0, D1)))
    assert held(trace(register, D0, D1, None)) == {("A", "P"): (1, 1, 1, "whole")}
    assert held(trace(register, D0, D2, None)) == {("A", "P"): (1, 1, 1, "whole")}


def test_the_latest_parent_counts_when_a_level_ends() -> None:
    moved = (area("A", "commune", "P", D0, D1), area("A", "commune", "Q", D1, D2))
    register = Register((area("P", "province"), area("Q", "province"), area("B", "commune", "P"), *moved))
    assert ("A", "Q") in held(trace(register, D0, D2, None))
    upper = (area("H", "district", "P", D0, D1), area("H", "district", "Q", D1, D2), area("A", "commune", "H", D0, D2))
    deep = Register((area("P", "province"), area("Q", "province"), area("B", "commune", "P"), *upper))
    assert ("A", "Q") in held(trace(deep, D0, D2, None))


def test_an_area_that_ends_with_nothing_above_it_is_land_that_left() -> None:
    register = Register((commune("A", D0, D1), commune("B")))
    assert set(held(trace(register, D0, D1, None))) == {("A", ""), ("B", "B")}


def test_other_areas_of_the_day_do_not_keep_a_level_from_ending_or_beginning() -> None:
    renamed = (commune("A", D0, D1), commune("A", D1))
    assert set(held(trace(Register((*renamed, commune("B", D0, D1))), D0, D1, None))) == {("A", "A"), ("B", "")}
    nowhere = area("K", "commune", "N", D1)  # its province is as new as it is
    areas = (area("P", "province"), area("N", "province", "", D1), nowhere, area("R", "commune", "P", D1))
    assert held(trace(Register(areas), D0, D1, None)) == {("P", "R"): (1, 1, 1, "whole")}


# Parts


def test_a_part_that_is_a_whole_province_of_then() -> None:
    below = [area(code, "commune", "P", D0, D1) for code in "AB"] + [area("C", "commune", "Q", D0, D1)]
    upper = [area("P", "province", "", D0, D1), area("Q", "province", "", D0, D1)]
    later = [area("M", "commune", "", D1), area("N", "commune", "", D2)]
    changes = [Change(D1, "merger", code, "M") for code in "ABC"]
    changes.append(Change(D2, "re_establishment", "M", "N", f"P@{D0}"))
    register = Register((*below, *upper, *later), tuple(changes))
    whole = (1, 1, 1, "whole")
    assert held(trace(register, D0, D2, None)) == {("A", "N"): whole, ("B", "N"): whole, ("C", "M"): whole}
    found = correspondence(register, D0, D2, "province", "commune")
    assert [(p.from_area, p.to_area, p.whole, p.same) for p in found.pairs] == [
        ("P", "N", True, True), ("Q", "M", True, True)]  # fmt: skip


def test_a_part_from_before_the_first_day_asked_for_is_found() -> None:
    changes = [Change(D1, "merger", "A", "M"), Change(D1, "merger", "B", "M"),
               Change(D3, "re_establishment", "M", "A", f"A@{D0}")]  # fmt: skip
    areas = [commune("A", D0, D1), commune("B", D0, D1), commune("M", D1), commune("A", D3)]
    register = Register(tuple(areas), tuple(changes))
    unknown = (Fraction(0), Fraction(1), None, "unknown")
    assert held(trace(register, D2, D3, None)) == {("M", "A"): unknown, ("M", "M"): unknown}
    assert held(trace(register, D0, D3, None)) == {("A", "A"): (1, 1, 1, "whole"), ("B", "M"): (1, 1, 1, "whole")}


def test_a_part_of_a_level_that_is_gone_is_called_back_from_the_area_above() -> None:
    below = [area("A", "commune", "P", D0, D1), area("B", "commune", "P", D0, D1)]
    change = Change(D2, "split_off", "P", "N", f"A@{D0}")
    register = Register((*below, area("P", "province"), area("N", "province", "", D2)), (change,))
    whole = (1, 1, 1, "whole")
    assert held(trace(register, D0, D2, None)) == {("A", "N"): whole, ("B", "P"): whole}


def firm(share: str) -> tuple[object, ...]:
    return (*[Fraction(share)] * 3, "measured")


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({}, {"X": (0, 1, None, "unknown"), "Y": (0, 1, None, "unknown")}),
        # a quarter of all that M was: of what was B, a quarter at least
        ({"X": "0.25"}, {"X": (Fraction(1, 4), 1, None, "unknown"), "Y": (0, Fraction(3, 4), None, "unknown")}),
        ({"X": "0.25", "A": "0.25"}, {"X": firm("1/3"), "Y": firm("2/3")}),
        ({"X": "0.3", "Y": "0.2"}, {"X": firm("3/5"), "Y": firm("2/5")}),
        ({"X": "0"}, {"X": (0, 0, 0, "measured"), "Y": (1, 1, 1, "measured")}),
        ({"X": "1"}, {"X": (1, 1, 1, "measured"), "Y": (0, 0, 0, "measured")}),
        ({"A": "1"}, {"X": (0, 1, None, "unknown"), "Y": (0, 1, None, "unknown")}),
    ],
)  # fmt: skip
def test_what_a_part_was_and_what_is_cut_from_the_rest(
    shares: dict[str, str], expected: dict[str, tuple[object, ...]]
) -> None:
    """A is called back, and what was B is cut by what X and Y carry of all of M."""
    changes = [Change(D1, "merger", "A", "M"), Change(D1, "merger", "B", "M"),
               Change(D2, "breakdown", "M", "A", f"A@{D0}"), Change(D2, "breakdown", "M", "X"),
               Change(D2, "breakdown", "M", "Y")]  # fmt: skip
    areas = [commune("A", D0, D1), commune("B", D0, D1), commune("M", D1, D2)] + [commune(c, D2) for c in "AXY"]
    weights = tuple(weight(code, D2, "M", share=share) for code, share in shares.items())
    register = Register(tuple(areas), tuple(changes), weights)
    found = held(trace(register, D0, D2, "people"))
    assert found.pop(("A", "A")) == (1, 1, 1, "whole")
    assert found == {("B", code): extent for code, extent in expected.items()}


def test_a_code_may_have_an_at_sign_only_before_its_day() -> None:
    assert part_tag("A@2000-01-01") == ("A", D0)


# Land that comes and goes, and the law


def test_new_land_and_land_that_leaves() -> None:
    changes = (Change(D1, "takeover", "", "A", legal_basis="L1"), Change(D1, "transfer", "B", "", legal_basis="L2"))
    register = Register((commune("A"), commune("B", D0, D1)), changes)
    pieces = {(p.origin, p.area): p.extent.law for p in trace(register, D0, D1, None)}
    assert pieces == {("", "A"): frozenset({"L1"}), ("A", "A"): frozenset(), ("B", ""): frozenset({"L2"})}


def test_changes_of_the_first_day_have_happened() -> None:
    changes = (Change(D1, "takeover", "", "A"), Change(D1, "transfer", "A", "B"), Change(D1, "transfer", "A", "A"))
    register = Register((commune("A"), commune("B")), changes)
    whole = (1, 1, 1, "whole")
    assert held(trace(register, D1, D2, None)) == {("A", "A"): whole, ("B", "B"): whole}


def test_the_law_of_every_step_is_kept() -> None:
    changes = (Change(D1, "code_change", "A", "B", legal_basis="L1"), Change(D2, "code_change", "B", "C"),
               Change(D3, "code_change", "C", "E", legal_basis="L3"))  # fmt: skip
    register = Register((commune("A", D0, D1), commune("B", D1, D2), commune("C", D2, D3), commune("E", D3)), changes)
    (piece,) = trace(register, D0, D3, None)
    assert piece.extent.law == frozenset({"L1", "L3"})


# Amounts and weights


def split(*weights: Weight) -> Register:
    areas = [commune("S", D0, D1), commune("T", D1), commune("U", D1)]
    return Register(tuple(areas), (Change(D1, "breakdown", "S", "T"), Change(D1, "breakdown", "S", "U")), weights)


def test_amounts_are_those_of_the_next_change_and_need_every_piece() -> None:
    both = split(weight("T", value="30"), weight("U", value="10"))
    assert amounts(both, D0, "people") == {"S": Held(Fraction(40), "measured", D1)}
    assert amounts(both, D1, "people") == {}
    assert amounts(both, D0, "area") == {}
    assert amounts(split(weight("T", value="30")), D0, "people") == {}
    assert amounts(split(weight("T", share="0.5"), weight("U", value="10")), D0, "people") == {}


def merged(*weights: Weight, changes: tuple[Change, ...] = (), areas: tuple[Area, ...] = ()) -> Register:
    """A and B become M on D1."""
    mergers = (Change(D1, "merger", "A", "M"), Change(D1, "merger", "B", "M"))
    return Register((commune("A", D0, D1), commune("B", D0, D1), *(areas or (commune("M", D1),))),
                    (*mergers, *changes), weights)  # fmt: skip


def owed(register: Register, basis: str = "people") -> list[tuple[object, ...]]:
    found = correspondence(register, D1, D0, "commune", "commune", basis)
    return [(p.to_area, p.share, p.quality, p.lower, p.upper) for p in found.pairs if p.from_area == "M"]


THREE, ONE = Fraction(3, 4), Fraction(1, 4)


@pytest.mark.parametrize(
    ("qualities", "quality"),
    [(("measured", "measured"), "measured"), (("law", "law"), "law"), (("law", "measured"), "measured")],
)
def test_firm_amounts_make_firm_shares_backwards(qualities: tuple[Quality, Quality], quality: str) -> None:
    weights = [weight("M", code=c, value=v, quality=q) for c, v, q in zip("AB", ("30", "10"), qualities, strict=True)]
    assert owed(merged(*weights)) == [("A", THREE, quality, THREE, THREE), ("B", ONE, quality, ONE, ONE)]
    assert [share[1] for share in owed(merged(*weights[:1]))] == [None, None]
    assert [share[1] for share in owed(merged(*weights), "area")] == [None, None]


@pytest.mark.parametrize("quality", ["estimated", "placeholder"])
def test_soft_amounts_leave_the_bounds_open_backwards(quality: Quality) -> None:
    weights = weight("M", code="A", value="30"), weight("M", code="B", value="10", quality=quality)
    assert owed(merged(*weights)) == [("A", THREE, quality, 0, 1), ("B", ONE, quality, 0, 1)]


def test_amounts_of_two_days_are_an_estimate_backwards() -> None:
    """A is given a new number first, and its amount is that of then."""
    areas = (commune("A", D0, D1), commune("A2", D1, D2), commune("B", D0, D2), commune("M", D2))
    changes = (Change(D1, "code_change", "A", "A2"), Change(D2, "merger", "A2", "M"), Change(D2, "merger", "B", "M"))
    weights = weight("A2", D1, "A", value="30"), weight("M", D2, "B", value="10")
    found = correspondence(Register(areas, changes, weights), D2, D0, "commune", "commune", "people")
    assert [(p.share, p.quality, p.lower, p.upper) for p in found.pairs] == [
        (THREE, "estimated", 0, 1), (ONE, "estimated", 0, 1)]  # fmt: skip


def test_amounts_of_an_area_that_grew_in_between_are_an_estimate() -> None:
    areas = (commune("A", D0, D2), commune("B", D0, D2), commune("C", D0, D1), commune("M", D2))
    changes = (Change(D1, "takeover", "C", "A"), Change(D2, "merger", "A", "M"), Change(D2, "merger", "B", "M"))
    weights = weight("M", D2, "A", value="30"), weight("M", D2, "B", value="10")
    register = Register(areas, changes, weights)
    assert amounts(register, D0, "people") == {
        "A": Held(Fraction(30), "estimated", D2), "B": Held(Fraction(10), "measured", D2)}  # fmt: skip
    assert amounts(register, D1, "people")["A"].quality == "measured"


def undone(*weights: Weight, rest: str = "B", more: tuple[Change, ...] = ()) -> Register:
    """A and B become M on D1, and A is called back on D3, B being the rest."""
    back = Change(D3, "re_establishment", "M", "A", f"A@{D0}"), Change(D3, "re_establishment", "M", rest)
    areas = commune("M", D1, D3), commune("A", D3), commune(rest, D3), commune("C", D0, D2 if more else None)
    return merged(*weights, changes=(*more, *back), areas=areas)


@pytest.mark.parametrize(("quality", "bounds"), [("measured", (THREE, THREE, ONE, ONE)), ("placeholder", (0, 1, 0, 1))])
def test_weights_of_the_very_same_pieces_that_leave_again_are_shares_backwards(
    quality: Quality, bounds: tuple[object, ...]
) -> None:
    told = weight("A", D3, "M", share="0.75", quality=quality)
    assert owed(undone(told)) == [("A", THREE, quality, *bounds[:2]), ("B", ONE, quality, *bounds[2:])]
    given = weight("M", code="A", value="10"), weight("M", code="B", value="10")
    assert [share[1] for share in owed(undone(told, *given))] == [HALF, HALF]  # the merger's own amounts come first


def test_weights_of_other_pieces_that_leave_later_are_no_shares_backwards() -> None:
    told = weight("A", D3, "M", share="0.75")
    grown = undone(told, more=(Change(D2, "takeover", "C", "M"),))
    assert [share[1] for share in owed(grown)] == [None, None]
    cut = undone(told, rest="M2", more=(Change(D2, "transfer", "M", "C"), Change(D2, "transfer", "M", "M")))
    assert [share[1] for share in owed(cut)] == [None, None]


def test_weights_tell_the_parts_of_an_area_that_was_merged_on_the_first_day() -> None:
    day, undone = date(2001, 7, 1), date(2003, 1, 1)
    areas = (
        Area("2", "commune", "xa", "2", "2", "", date(2000, 1, 1), day),
        Area("3", "commune", "xa", "3", "3", "", date(2000, 1, 1), day),
        Area("4", "commune", "xa", "4", "4", "", day, undone),
        Area("5", "commune", "xa", "5", "5", "", undone, None),
        Area("6", "commune", "xa", "6", "6", "", undone, None),
    )
    changes = (
        Change(day, "merger", "2", "4"),
        Change(day, "merger", "3", "4"),
        Change(undone, "re_establishment", "4", "5", "2@2001-06-30"),
        Change(undone, "re_establishment", "4", "6"),
    )
    weights = (
        Weight(undone, "4", "5", "population", Decimal(30), None, "measured"),
        Weight(undone, "4", "6", "population", Decimal(70), None, "measured"),
    )
    register = Register(areas, changes, weights)
    merged = correspondence(register, date(2002, 1, 1), undone, "commune", "commune", "population")
    assert [(pair.to_area, pair.share, pair.quality) for pair in merged.pairs] == [
        ("5", Fraction(3, 10), "measured"),
        ("6", Fraction(7, 10), "measured"),
    ]
    before = correspondence(register, date(2001, 1, 1), undone, "commune", "commune", "population")
    assert [(pair.from_area, pair.to_area, pair.quality) for pair in before.pairs] == [
        ("2", "5", "whole"),
        ("3", "6", "whole"),
    ]
    without = correspondence(register, date(2002, 1, 1), undone, "commune", "commune", "area")
    assert [pair.share for pair in without.pairs] == [None, None]
