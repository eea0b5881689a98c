"""Memory for the figures of many series while a file is read: one row a series, one cell an area, used again and again.

Series are known by numbers: of the measure, then of the period and the dimension codes. Where memory ends, the last
measures are put off, to be read in another pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.block_columns import ABSENT
from engine.dense_layout import Ints

Bytes = npt.NDArray[np.int8]
Key = tuple[int, ...]
"""The numbers of a period and of dimension codes."""

NOWHERE = -(1 << 60)
"""In place of where a row begins: the figures are not wanted, in this pass or at all."""
MOST_COMBINATIONS = 1 << 20
_MOST_SERIES = 1 << 20


class SeriesPool:
    """Rows of cells for series.

    Attributes:
        values, status: The cells; `width` of them make a row, of which the last is always zero.
        limit: The number of the first measure that was put off.
        odd: Measures of which something is odd; their figures are of no use.
        rows: How many rows of the file each measure has.
    """

    def __init__(self, measures: int, areas: int, most_bytes: int, sizes: Callable[[], Key]) -> None:
        """Make room.

        Args:
            measures: How many there are; they have the numbers 0, 1, …
            areas: How many cells a row has beside the last one.
            most_bytes: The memory that figures may take.
            sizes: How many numbers of periods and of codes there are by now.
        """
        self.width, self.limit, self.odd = areas + 1, measures, set[int]()
        self.rows = np.zeros(measures, np.int64)
        rows = min(_MOST_SERIES, max(1, most_bytes // (9 * self.width)))
        # The operating system gives memory only to what is written to.
        self.values = np.empty((rows, self.width), np.int64)
        self.status = np.empty((rows, self.width), np.int8)
        self._free = list(range(rows - 1, -1, -1))
        self._places: dict[int, dict[Key, int]] = {}
        self._sizes, self._table_sizes, self._table = sizes, Key(), np.empty(0, np.int64)

    def starts(self, series: Ints, rows: Ints) -> Ints:
        """Where the row of each series begins among all cells, or NOWHERE.

        Args:
            series: The numbers of each; a number below zero is of a text that may not be there.
            rows: How many rows of the file each has.
        """
        measures = series[:, 0]
        wanted = (measures >= 0) & (measures < self.limit)
        self.rows += np.bincount(measures[wanted], weights=rows[wanted], minlength=len(self.rows)).astype(np.int64)
        self.odd |= set(measures[wanted & (series < 0).any(axis=1)].tolist())
        starts = self._known(series)
        for new in np.flatnonzero(wanted & (starts < 0)).tolist():
            starts[new] = self._start(series[new].tolist())
        # A measure may have been put off, and its rows given to others, after its own start was found.
        return np.where(wanted & (measures < self.limit), starts, NOWHERE)

    def take_out(self, measure: int) -> dict[Key, int]:
        """The rows of a measure; they are free for others once those that come next are asked for."""
        places = self._places.pop(measure, {})
        self._free += places.values()
        return {} if measure in self.odd else places

    def _known(self, series: Ints) -> Ints:
        """The starts of series that have a row already, by a table over all combinations where that is small."""
        sizes = (len(self.rows), *self._sizes())
        if math.prod(sizes) > MOST_COMBINATIONS:
            self._table_sizes = ()
            return np.full(len(series), NOWHERE)
        if sizes != self._table_sizes:
            self._table_sizes, self._table = sizes, np.full(sizes, NOWHERE)
            for measure, places in self._places.items():
                for key, place in places.items():
                    self._table[(measure, *key)] = place * self.width
        found = self._table[tuple(np.maximum(series, 0).T)]
        return np.where((series < 0).any(axis=1), NOWHERE, found)

    def _start(self, numbers: list[int]) -> int:
        measure, key = numbers[0], tuple(numbers[1:])
        if measure >= self.limit or measure in self.odd:
            return NOWHERE
        places = self._places.setdefault(measure, {})
        if key not in places:
            if not self._free and not self._make_room(measure):
                return NOWHERE
            place = places[key] = self._free.pop()
            self.values[place], self.status[place] = ABSENT, 0
            self.values[place, -1] = 0
            if self._table_sizes:
                self._table[(measure, *key)] = place * self.width
        return places[key] * self.width

    def _make_room(self, measure: int) -> bool:
        """Put off the last of the measures; one that alone is too large is left to the general path."""
        last = max(self._places)
        if last == min(self._places):
            self.odd.add(measure)
            return False
        self.limit, self._table_sizes = last, ()
        self._free += self._places.pop(last).values()
        return measure != last
