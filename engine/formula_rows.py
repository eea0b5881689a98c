"""Evaluates a formula for many rows of inputs, in whole numbers: value and certain bounds, rounded once.

Nearly all rows are exact, so their way is short: the formula runs once. Where an input is known only within bounds, a
formula that moves in one direction with each input is evaluated at two corners; any other goes through interval
arithmetic, once for each different set of inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import TypeAlias

from engine.frames import SCALE
from indicators.evaluation import Pair
from indicators.formula import Formula
from indicators.intervals import Interval
from indicators.rounding import floor_units, half_up_units

UNIT = 10**SCALE
LIMIT = 10**38
"""What a published number may not reach, in units of 10^-9."""

Numbers: TypeAlias = tuple[int | None, ...]
"""A value, or a bound, of every input, in units of 10^-9; None is missing or unknown."""


class Note(IntEnum):
    """What is to be said of a result."""

    PLAIN = 0
    PARTIAL = 1
    IMPOSSIBLE = 2
    TOO_LARGE = 3


@dataclass(frozen=True)
class Result:
    """A row's result, in units of the last decimal."""

    value: int | None
    lower: int | None
    upper: int | None
    note: Note = Note.PLAIN


NOTHING = Result(None, None, None)


class RowFormula:
    """One formula for many rows.

    Args:
        formula: The formula.
        decimals: To how many decimals its results are rounded.
    """

    def __init__(self, formula: Formula, decimals: int) -> None:
        self.formula, self.decimals = formula, decimals
        self.largest = LIMIT // 10 ** (SCALE - decimals)
        self._bounds: dict[tuple[Numbers, Numbers, tuple[bool, ...]], tuple[int | None, int | None]] = {}

    def exact(self, values: Numbers) -> Result:
        """The result where every input is known exactly."""
        pair = self._run(values)
        if pair is None:
            return Result(None, None, None, Note.IMPOSSIBLE)
        units = half_up_units(*pair, self.decimals)
        if abs(units) >= self.largest:
            return Result(None, None, None, Note.TOO_LARGE)
        return Result(units, units, units)

    def uncertain(self, values: Numbers, lows: Numbers, highs: Numbers, usable: Numbers | None = None) -> Result:
        """The result where an input is missing or known only within bounds.

        Args:
            values: The inputs' values.
            lows: Their certain lower bounds.
            highs: Their certain upper bounds.
            usable: For a partial result: what there is of the inputs that are missing.
        """
        if not any(_tells(*each) for each in zip(values, lows, highs, strict=True)):
            return NOTHING
        pair, note = self._run(values), Note.PLAIN
        if pair is None and None not in values:
            note = Note.IMPOSSIBLE
        elif pair is None and usable is not None:
            pair = self._run(tuple(part if own is None else own for own, part in zip(values, usable, strict=True)))
            note = Note.PARTIAL if pair is not None else note
        key = (lows, highs, tuple(value is None for value in values))
        if key not in self._bounds:
            self._bounds[key] = self._bound(*key)
        lower, upper = self._bounds[key]
        if pair is None:
            return Result(None, lower, upper, note)
        units = half_up_units(*pair, self.decimals)
        if abs(units) >= self.largest:
            return Result(None, None, None, Note.TOO_LARGE)
        # Each side is certain, and so is a value that follows by COALESCE or CASE: it may not lie outside.
        return Result(
            units,
            None if lower is None else min(lower, units),
            None if upper is None else max(upper, units),
            note,
        )

    def _run(self, values: Numbers) -> Pair | None:
        return self.formula.program([None if value is None else (value, UNIT) for value in values])

    def _bound(self, lows: Numbers, highs: Numbers, missing: tuple[bool, ...]) -> tuple[int | None, int | None]:
        corners = self._corners(lows, highs)
        if corners is None:
            names = self.formula.order
            box = {
                name: Interval(_fraction(low), _fraction(high))
                for name, low, high in zip(names, lows, highs, strict=True)
            }
            without = [name for name, is_missing in zip(names, missing, strict=True) if is_missing]
            found = self.formula.bounding.bounds(box, without)
            ends = [None if end is None else (end.numerator, end.denominator) for end in (found.lower, found.upper)]
        else:
            ends = list(corners)
        lower = None if ends[0] is None else floor_units(*ends[0], self.decimals)
        upper = None if ends[1] is None else -floor_units(-ends[1][0], ends[1][1], self.decimals)
        return self._published(lower), self._published(upper)

    def _corners(self, lows: Numbers, highs: Numbers) -> tuple[Pair, Pair] | None:
        """The formula at its lowest and highest corner, where it has such corners and both have a value."""
        directions = self.formula.bounding.directions
        if directions is None or not all(low is not None and low >= 0 for low in lows):
            return None
        signs = [directions.get(name, 1) for name in self.formula.order]
        lowest = self._run(_ends(signs, lows, highs))
        highest = self._run(_ends(signs, highs, lows))
        return None if lowest is None or highest is None else (lowest, highest)

    def _published(self, units: int | None) -> int | None:
        return units if units is not None and abs(units) < self.largest else None


def _ends(signs: Sequence[int], rising: Numbers, falling: Numbers) -> Numbers:
    return tuple(up if sign > 0 else down for sign, up, down in zip(signs, rising, falling, strict=True))


def _tells(value: int | None, low: int | None, high: int | None) -> bool:
    """Whether anything was reported of an input; that a count is not negative is known without a report."""
    return value is not None or high is not None or bool(low)


def _fraction(units: int | None) -> Fraction | None:
    return None if units is None else Fraction(units, UNIT)
