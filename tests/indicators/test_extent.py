"""Extents by hand: the shares of a cut, what bounds what, and what a cut leaves of a piece."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from indicators.areas import Quality, Weight
from indicators.extent import (
    ANY,
    WHOLE,
    Extent,
    cut,
    cut_shares,
    narrowed,
    rest_of,
    shares_of_rest,
    tightened,
    together,
    worst,
)

D1 = date(2001, 1, 1)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def weight(to: str, quality: Quality = "measured", **given: str) -> Weight:
    value, share = (Decimal(given[name]) if name in given else None for name in ("value", "share"))
    return Weight(D1, "S", to, "people", value, share, quality)


# The shares of a cut


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (
            (weight("T", value="30"), weight("U", value="10")),
            [(Fraction(3, 4), "measured"), (Fraction(1, 4), "measured")],
        ),
        (  # less than one km2
            (weight("T", value="0.3"), weight("U", value="0.1")),
            [(Fraction(3, 4), "measured"), (Fraction(1, 4), "measured")],
        ),
        (
            (weight("T", value="30"), weight("U", "estimated", value="10")),
            [(Fraction(3, 4), "measured"), (Fraction(1, 4), "estimated")],
        ),
        ((weight("T", value="0"), weight("U", value="0")), [(None, "unknown"), (None, "unknown")]),
        ((weight("T", share="0"), weight("U", share="0")), [(0, "measured"), (0, "measured")]),
        (  # what rounding left goes to the share that may give way, and only to it
            (weight("T", share="0.5"), weight("U", "estimated", share="0.4")),
            [(HALF, "measured"), (HALF, "estimated")],
        ),
        (
            (weight("T", share="1"), weight("U", "estimated", share="0.1")),
            [(1, "measured"), (0, "estimated")],
        ),
        ((weight("T", share="0.3"), None), [(Fraction(3, 10), "measured"), (Fraction(7, 10), "measured")]),
        ((weight("T", value="30"), None), [(None, "unknown"), (None, "unknown")]),
        ((None, None), [(None, "unknown"), (None, "unknown")]),
    ],
)
def test_the_shares_of_a_cut(weights: tuple[Weight | None, ...], expected: list[tuple[Fraction | None, str]]) -> None:
    assert [(extent.share, extent.quality) for extent in cut_shares(weights)] == expected


def test_firm_shares_bound_the_others_and_an_estimate_bounds_nothing() -> None:
    firm = cut_shares([weight("T", share="0.25"), None, None])
    assert [(e.lower, e.upper) for e in firm] == [
        (Fraction(1, 4), Fraction(1, 4)),
        (0, Fraction(3, 4)),
        (0, Fraction(3, 4)),
    ]
    soft = cut_shares([weight("T", "estimated", share="0.25"), None])
    assert [(e.lower, e.upper, e.share, e.quality) for e in soft] == [
        (0, 1, Fraction(1, 4), "estimated"), (0, 1, Fraction(3, 4), "estimated")]  # fmt: skip
    full = cut_shares([weight("T", share="1"), None, None])
    assert [(e.upper, e.share, e.quality) for e in full[1:]] == [(0, 0, "measured"), (0, 0, "measured")]


# Extents


def test_the_worst_quality_counts() -> None:
    assert worst(["law", "placeholder", "measured"]) == "placeholder"
    assert worst([]) == "whole"


def test_pieces_that_lie_together() -> None:
    one, other = (
        Extent(THIRD, HALF, HALF, "law", frozenset("a")),
        Extent(HALF, Fraction(1), None, "unknown", frozenset("b")),
    )
    assert together([one]) is one
    assert together([one, other]) == Extent(Fraction(5, 6), Fraction(1), None, "unknown", frozenset("ab"))
    assert together([one, one]) == Extent(Fraction(2, 3), Fraction(1), Fraction(1), "law", frozenset("a"))


def test_the_pieces_of_a_whole_bound_each_other() -> None:
    first, second = tightened([Extent(Fraction(1, 4), HALF, None, "unknown"), ANY])
    assert (first.lower, first.upper, second.lower, second.upper) == (Fraction(1, 4), HALF, HALF, Fraction(3, 4))
    assert tightened([Extent(Fraction(0), HALF, None, "unknown", frozenset("a"))]) == [
        Extent(Fraction(1), Fraction(1), Fraction(1), "whole", frozenset("a"))]  # fmt: skip


def test_the_law_stays_with_a_piece_that_is_tightened() -> None:
    parts = [Extent(Fraction(0), HALF, None, "unknown", frozenset(name)) for name in "ab"]
    assert [part.law for part in tightened(parts)] == [frozenset("a"), frozenset("b")]


def test_what_a_cut_leaves_of_a_piece() -> None:
    piece = Extent(HALF, Fraction(1), HALF, "law", frozenset("a"))
    share = Extent(THIRD, THIRD, THIRD, "measured", frozenset("b"))
    both = frozenset("ab")
    assert cut(piece, share, alone=True) == Extent(Fraction(1, 6), THIRD, Fraction(1, 6), "measured", both)
    assert cut(piece, share, alone=False) == Extent(Fraction(0), Fraction(1), Fraction(1, 6), "estimated", both)
    nothing = Extent(Fraction(0), Fraction(0), Fraction(0), "law", frozenset("b"))
    assert cut(piece, nothing, alone=False) == Extent(Fraction(0), Fraction(0), Fraction(0), "law", both)
    assert cut(piece, WHOLE, alone=False) == Extent(HALF, Fraction(1), HALF, "law", frozenset("a"))
    assert cut(piece, ANY, alone=True) == Extent(Fraction(0), Fraction(1), None, "unknown", frozenset("a"))
    assert cut(ANY, share, alone=False) == Extent(Fraction(0), Fraction(1), None, "unknown", frozenset("b"))


def test_what_is_left_beside_parts_and_how_it_is_shared() -> None:
    quarter = Extent(Fraction(1, 4), Fraction(1, 4), Fraction(1, 4), "measured")
    half = Extent(Fraction(0), Fraction(3, 4), HALF, "estimated")
    assert rest_of([quarter], [half, quarter]).quality == "estimated"  # of what is left, not of what went
    nothing = Extent(Fraction(0), Fraction(0), Fraction(0), "law")
    assert shares_of_rest([nothing, ANY], [None, None]) == [
        nothing, Extent(Fraction(1), Fraction(1), Fraction(1), "law")]  # fmt: skip
    unknown = Extent(Fraction(0), Fraction(3, 4), None, "unknown")
    (first, _) = shares_of_rest([quarter, unknown], [weight("T", value="30"), None])  # an amount of one says nothing
    assert (first.lower, first.upper, first.share) == (Fraction(1, 4), 1, None)


def test_what_is_known_beside_narrows_and_the_law_of_both_is_kept() -> None:
    told = Extent(Fraction(1, 4), HALF, THIRD, "measured", frozenset("b"))
    assert narrowed(Extent(Fraction(0), Fraction(1), None, "unknown", frozenset("a")), told) == Extent(
        Fraction(1, 4), HALF, THIRD, "measured", frozenset("ab")
    )
