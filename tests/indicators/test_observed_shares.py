"""Shares from observed amounts: which gaps they fill, in which order, and what they never do."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.correspondence import Correspondence, correspondence
from indicators.observed_shares import amounts_on

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
Amounts = Mapping[str, int]


def commune(code: str, parent: str, start: date, end: date | None) -> Area:
    return Area(code, "commune", "xa", code, code, parent, start, end)


def province(code: str, start: date, end: date | None) -> Area:
    return Area(code, "province", "tinh", code, code, "", start, end)


def register(*weights: Weight) -> Register:
    """Provinces P (A, B, S) and Q (D) make N; A + B = M; S is cut into T and U, and U also takes D."""
    start = date(2020, 1, 1)
    old = [commune(code, "P", start, NEW) for code in "ABS"] + [commune("D", "Q", start, NEW)]
    new = [commune(code, "N", NEW, None) for code in "MTU"]
    upper = [province("P", start, NEW), province("Q", start, NEW), province("N", NEW, None)]
    moves = [("A", "M"), ("B", "M"), ("S", "T"), ("S", "U"), ("D", "U")]
    changes = tuple(Change(NEW, "merger", *move) for move in moves)
    return Register((*old, *new, *upper), changes, weights)


def weight(to: str, share: str, quality: Quality = "measured") -> Weight:
    return Weight(NEW, "S", to, "people", None, Decimal(share), quality)


def links(
    old: Amounts | None = None, new: Amounts | None = None, *weights: Weight, back: bool = False,
    level: str = "commune", to_level: str = "commune",
) -> Correspondence:  # fmt: skip
    given = [{code: Decimal(n) for code, n in (one or {}).items()} for one in (old, new)]
    observed = {day: amounts for day, amounts in zip((OLD, NEW), given, strict=True) if amounts}
    first, last = (NEW, OLD) if back else (OLD, NEW)
    return correspondence(register(*weights), first, last, level, to_level, "people", observed)


def shares(found: Correspondence) -> dict[tuple[str, str], tuple[Fraction | None, str]]:
    return {(pair.from_area, pair.to_area): (pair.share, pair.quality) for pair in found.pairs}


def test_backwards_a_merger_is_shared_by_what_the_old_areas_held() -> None:
    found = shares(links({"A": 1, "B": 3}, back=True))
    assert found["M", "A"] == (Fraction(1, 4), "estimated")
    assert found["M", "B"] == (Fraction(3, 4), "estimated")
    assert found["T", "S"] == (1, "whole")
    assert found["U", "S"][0] is None  # how much of S went to U is not known


def test_an_estimate_never_tightens_the_bounds() -> None:
    pair = next(p for p in links({"A": 1, "B": 3}, back=True).pairs if p.to_area == "A")
    assert (pair.lower, pair.upper) == (0, 1)


def test_an_amount_that_is_missing_leaves_all_unknown() -> None:
    assert shares(links({"A": 1}, back=True))["M", "A"] == (None, "unknown")
    assert shares(links({"A": 0, "B": 0}, back=True))["M", "A"] == (None, "unknown")


def test_the_new_areas_say_how_an_old_one_was_cut_where_they_hold_nothing_else() -> None:
    assert shares(links(new={"T": 4, "U": 6}))["S", "T"] == (None, "unknown")  # U also holds D
    apart = register()
    moves = tuple(change for change in apart.changes if change.from_code != "D")
    alone = Register(tuple(a for a in apart.areas if a.code != "D"), moves)
    found = correspondence(alone, OLD, NEW, "commune", "commune", "people", {NEW: {"T": Decimal(4), "U": Decimal(6)}})
    assert shares(found)["S", "T"] == (Fraction(2, 5), "estimated")


def test_down_a_level_by_the_amounts_of_the_lowest_areas() -> None:
    found = shares(links({"A": 1, "B": 3, "S": 4}, None, weight("T", "0.25"), level="province"))
    assert found["P", "M"] == (Fraction(1, 2), "estimated")
    assert found["P", "T"] == (Fraction(1, 8), "estimated")
    down = shares(links({"A": 1, "B": 3, "S": 4, "D": 2}, level="province", to_level="commune", back=True))
    assert down["N", "A"] == (Fraction(1, 10), "estimated")
    assert down["N", "D"] == (Fraction(2, 10), "estimated")


def test_back_to_provinces_by_the_figures_of_provinces_or_of_their_communes() -> None:
    by_province = shares(links({"P": 30, "Q": 10}, back=True, level="province", to_level="province"))
    assert by_province["N", "P"] == (Fraction(3, 4), "estimated")
    below = {"A": 10, "B": 10, "S": 10, "D": 10}
    by_commune = shares(links(below, back=True, level="province", to_level="province"))
    assert by_commune["N", "P"] == (Fraction(3, 4), "estimated")


def test_weights_of_the_register_come_first_whatever_their_quality() -> None:
    alone = {"T": 9, "U": 1}
    for quality in ("law", "measured", "estimated", "placeholder"):
        found = shares(links({"S": 10, "D": 0}, alone, weight("T", "0.5", quality)))
        assert found["S", "T"] == (Fraction(1, 2), quality)


def test_the_order_of_weights_in_the_register() -> None:
    order: list[Quality] = ["law", "measured", "estimated", "placeholder"]
    for better, worse in itertools.pairwise(order):
        both = (weight("T", "0.1", worse), weight("T", "0.2", better))
        assert shares(links(None, None, *both))["S", "T"] == (Fraction(1, 5), better)
    same = (weight("T", "0.3"), weight("T", "0.4"))
    assert shares(links(None, None, *same))["S", "T"][0] == Fraction(3, 10)  # the first in the file


def test_the_day_before_comes_first_and_days_are_never_mixed() -> None:
    old, new = {"A": 1, "B": 1, "S": 2, "D": 4}, {"M": 5, "T": 5, "U": 90}
    found = shares(links(old, new, level="province", to_level="province", back=True))
    assert found["N", "P"] == (Fraction(1, 2), "estimated")
    half = shares(links({"A": 1}, {"M": 5, "T": 5, "U": 10}, level="province"))
    assert half["P", "M"] == (None, "unknown")  # of P only a part lies in U, and nothing says how much


def test_amounts_fill_up_to_the_areas_above_and_hold_while_no_territory_moves() -> None:
    seen = {date(2021, 5, 5): {"A": Decimal(1), "B": Decimal(2), "S": Decimal(3)}}
    assert amounts_on(register(), seen, OLD) == {"A": 1, "B": 2, "S": 3, "P": 6}
    assert amounts_on(register(), seen, NEW) == {}
    holed = {OLD: {"A": Decimal(1), "B": Decimal(2)}}
    assert "P" not in amounts_on(register(), holed, OLD)


def test_the_amounts_of_the_very_day_come_before_those_of_a_day_close_by() -> None:
    seen = {date(2021, 5, 5): {"A": Decimal(1)}, OLD: {"A": Decimal(9)}}
    assert amounts_on(register(), seen, OLD)["A"] == 9
