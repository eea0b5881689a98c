"""Which cells must be nothing, beside trying every way to fill them."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.implied_zeros import implied_zeros
from engine.positive_solution import has_positive_solution
from naive.attacker import knows

FAMILIES = ({"ab", "cd", "ef", "abcd", "abcdef"}, {"ace", "bdf", "a", "d", "abcdef"})
"""Two ways to put the same cells together, as margins of a table do: whole numbers tell no more than any numbers."""


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_cell_is_nothing_where_no_filling_has_more(seed: int) -> None:
    random = Random(seed)  # noqa: S311 (repeatable)
    truth = {cell: random.choice([0, 0, 1, 2]) for cell in "abcdef"}
    sums = [
        (frozenset(text), sum(truth[cell] for cell in text))
        for text in sorted(FAMILIES[0] | FAMILIES[1])
        if random.random() < 0.6
    ]
    empty = {cell for cell in "abcdef" if not truth[cell] and knows(frozenset(cell), sums)}
    assert implied_zeros(sums) == empty
    if sums and all(value for _, value in sums):
        assert has_positive_solution(sums) is (not empty)


def test_sums_that_contradict_each_other() -> None:
    a, b = frozenset("a"), frozenset("b")
    assert implied_zeros([(a, 5), (a | b, 4)]) is None
    assert implied_zeros([(a | b, 5), (frozenset("bc"), 1), (frozenset("cd"), 1), (frozenset("ad"), 4)]) is None
    assert implied_zeros([]) == frozenset()
    assert implied_zeros([(a | b, 5), (a | b, 5), (a, 5)]) == b
