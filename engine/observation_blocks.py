"""Reads a Parquet file of many measures into dense blocks, one measure at a time and in the order of their ids.

The file is read once from its first row group to its last. Each series (period and dimensions of a measure) is given a
row of a pool: one cell for each area. A measure is handed out as soon as the row group that holds the last of it has
been read, and its rows are used again; of a file that is sorted by measure only a few megabytes are ever held. Of one
that is not, everything is held at eight bytes a figure; beyond MOST_BYTES the later measures are left to another pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from engine.aggregate import dimension_text
from engine.ahead import Ahead
from engine.block_columns import BLANK, REFUSED, Words, coded, figures
from engine.dense_layout import Ints
from engine.frames import MISSING_STATUSES, STATUSES
from engine.series_pool import MOST_COMBINATIONS, NOWHERE, Bytes, SeriesPool

MOST_BYTES = 2 << 30
BATCH = 1 << 18
BATCHES_AHEAD = 32
"""Batches that may wait to be taken, six megabytes each: they are decoded while the areas are laid out."""
_NO_STATUS = len(STATUSES)
_LACKING = np.array([name in MISSING_STATUSES for name in STATUSES])
_NOT_COLLECTED = STATUSES.index("O")
_NONE = np.empty(0, np.int64)
LONG_RUN = 256
"""Rows of one series that lie together, from which on series are worth being looked at one by one."""

Series = tuple[str, ...]
"""Period, then the code of each dimension column; empty text for the total."""


@dataclass(frozen=True)
class Figures:
    """The figures of one measure.

    Attributes:
        measure: Its id.
        series: Ordered; empty where the rows need to be looked at one by one (something about them is odd).
        values: One row for each series, one column for each area and a last one, in the file's last decimal; ABSENT or
            BLANK where there is none. The last column is zero.
        status: Places in STATUSES.
        rows: Rows of the file; more than cells that are filled if a key occurs twice.
    """

    measure: str
    series: tuple[Series, ...] = ()
    values: Ints = field(default_factory=lambda: np.empty((0, 0), np.int64))
    status: Bytes = field(default_factory=lambda: np.empty((0, 0), np.int8))
    rows: int = 0


@dataclass(frozen=True)
class Shape:
    """What the columns of the file mean.

    Attributes:
        groups: For each measure that is wanted, by id: the last row group that holds it.
        areas: The codes of all areas that may occur.
        periods: Texts that are periods of the past.
        dimensions: The dimension columns, with their codes.
    """

    groups: dict[str, int]
    areas: Sequence[str]
    periods: Words
    dimensions: dict[str, Words]

    def dimensions_text(self, series: Series) -> str:
        """The codes of a series as the text of the contract; see `engine.aggregate.dimension_text`."""
        return dimension_text({name: code for name, code in zip(self.dimensions, series[1:], strict=True) if code})


def read_blocks(file: Path, shape: Shape, most_bytes: int = MOST_BYTES) -> Iterator[Figures]:
    """The figures of every measure that is wanted, by id.

    Args:
        file: `measure, ref_area, time_period, obs_value`, perhaps `obs_status`, and the dimension columns.
        shape: What its columns mean.
        most_bytes: The memory that figures may take while they are gathered.
    """
    wanted = sorted(shape.groups)
    while wanted:
        reading = _Pass(shape, wanted, most_bytes)
        yield from reading.run(file)
        wanted = wanted[reading.pool.limit :]


class _Pass:
    """One pass over the file."""

    def __init__(self, shape: Shape, wanted: list[str], most_bytes: int) -> None:
        self.shape, self.wanted = shape, wanted
        self.measures, self.areas, self.statuses = Words(wanted), Words(shape.areas), Words(STATUSES)
        series = (shape.periods, *shape.dimensions.values())
        self.pool = SeriesPool(len(wanted), len(shape.areas), most_bytes, lambda: tuple(len(w.texts) for w in series))

    def run(self, file: Path) -> Iterator[Figures]:
        there = pq.read_schema(file).names
        texts = ["measure", "ref_area", "time_period", *self.shape.dimensions]
        texts += [name for name in ("obs_status",) if name in there]
        with pq.ParquetFile(file, read_dictionary=texts, memory_map=True) as parquet:
            columns = [*texts, "obs_value"]
            last = max(self.shape.groups[name] for name in self.wanted)
            ready = 0
            with Ahead(_batches(parquet, columns, last), BATCHES_AHEAD) as batches:
                for group, batch in batches:
                    if batch is not None:
                        self._take(batch)
                        continue
                    while ready < self.pool.limit and self.shape.groups[self.wanted[ready]] <= group:
                        yield self._hand_out(ready)
                        ready += 1

    def _take(self, batch: pa.RecordBatch) -> None:
        """Put the figures of a batch into the pool."""
        texts = [("measure", self.measures, REFUSED), ("time_period", self.shape.periods, REFUSED)]
        texts += [(name, words, 0) for name, words in self.shape.dimensions.items()]
        columns = [coded(batch[name], words, empty) for name, words, empty in texts]
        places, entries = coded(batch["ref_area"], self.areas)
        values, blank, too_large = figures(batch["obs_value"])
        marked, status, contradictory = self._statuses(batch, blank)
        key, numbers = _combined(columns)
        first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))  # rows of a series mostly lie together
        lengths = np.diff(np.append(first, len(key)))
        counts = np.bincount(key[first], weights=lengths, minlength=len(numbers)).astype(np.int64)
        series = np.flatnonzero(counts)
        start_of = np.full(len(numbers), NOWHERE)
        start_of[series] = self.pool.starts(numbers[series], counts[series])
        starts = start_of[key[first]]
        elsewhere = np.flatnonzero((entries < 0)[places]) if (entries < 0).any() else _NONE
        for rows in (contradictory, too_large, elsewhere):
            if len(rows):
                self.pool.odd |= set(np.unique(columns[0][1][columns[0][0][rows]]).tolist())
        entries = np.where(entries < 0, NOWHERE, entries)
        self._place(values, places, entries, (first, lengths, starts))
        self._patch(self.pool.status, status, entries[places[marked]] + starts[_run_of(marked, first)])
        self._patch(self.pool.values, BLANK, entries[places[blank]] + starts[_run_of(blank, first)])

    def _place(self, values: Ints, places: npt.NDArray[np.int32], entries: Ints, runs: tuple[Ints, Ints, Ints]) -> None:
        """Put figures into their cells.

        Args:
            values: The figures.
            places: Of the areas, in the dictionary of the batch.
            entries: The column of each place, or NOWHERE.
            runs: Where the rows of each series begin, how many there are, and where its cells begin, or NOWHERE.
        """
        cells, width = self.pool.values.reshape(-1), self.pool.width
        if len(runs[0]) * LONG_RUN > len(values) or (entries < 0).any():
            at = entries[places]
            at += np.repeat(runs[2], runs[1])
            self._patch(self.pool.values, values, at)
            return
        seen, columns = places[:0], entries[:0]
        for first, length, start in zip(*(run.tolist() for run in runs), strict=True):
            own = places[first : first + length]
            if not np.array_equal(own, seen):  # a series mostly lists the same areas as the one before it
                seen, columns = own, entries[own]
            if start >= 0:
                cells[start : start + width][columns] = values[first : first + length]

    def _patch(self, cells: npt.NDArray[Any], values: Any, at: Ints) -> None:
        """Put values into cells, but not those that go nowhere."""
        sound = at >= 0
        if not sound.all():
            at, values = at[sound], values[sound] if np.ndim(values) else values
        cells.reshape(-1)[at] = values

    def _statuses(self, batch: pa.RecordBatch, blank: Ints) -> tuple[Ints, Bytes, Ints]:
        """The rows that are not normal, their statuses, and those whose figure contradicts their status."""
        if "obs_status" not in batch.schema.names:
            return blank, np.full(len(blank), _NOT_COLLECTED, np.int8), _NONE
        places, entries = coded(batch["obs_status"], self.statuses, _NO_STATUS)
        normal = np.flatnonzero(entries == 0)
        unusual = places != normal[0] if len(normal) == 1 else (entries != 0)[places]
        unusual[blank] = True
        marked = np.flatnonzero(unusual)
        is_blank = np.zeros(len(unusual), bool)
        is_blank[blank] = True
        is_blank = is_blank[marked]
        found = entries.astype(np.int8)[places[marked]]
        found = np.where(found == _NO_STATUS, np.where(is_blank, _NOT_COLLECTED, 0), found).astype(np.int8)
        return marked, found, marked[(_LACKING[found] != is_blank) | (found < 0)]

    def _hand_out(self, number: int) -> Figures:
        places = self.pool.take_out(number)
        if not places:
            return Figures(self.wanted[number])
        names = [self.shape.periods.texts, *(words.texts for words in self.shape.dimensions.values())]
        named = {tuple(texts[n] for texts, n in zip(names, key, strict=True)): at for key, at in places.items()}
        series = tuple(sorted(named, key=lambda one: (one[0], self.shape.dimensions_text(one))))
        rows = np.array([named[one] for one in series])
        values, status = self.pool.values[rows], self.pool.status[rows]
        return Figures(self.wanted[number], series, values, status, int(self.pool.rows[number]))


def _run_of(rows: Ints, first: Ints) -> Ints:
    """The number of the run that each row belongs to."""
    return np.searchsorted(first, rows, side="right") - 1


def _combined(columns: list[tuple[npt.NDArray[np.int32], Ints]]) -> tuple[npt.NDArray[np.int32], Ints]:
    """One number for each combination of texts that a row may have.

    Returns:
        The number of each row, and the texts' own numbers by that number.
    """
    key, entries = columns[0]
    numbers = entries[:, None]
    for places, entries in columns[1:]:
        if len(numbers) * len(entries) > MOST_COMBINATIONS:
            used, inverse = np.unique(key, return_inverse=True)
            key, numbers = inverse.astype(np.int32), numbers[used]
        key = key * np.int32(len(entries)) + places
        numbers = np.column_stack([numbers.repeat(len(entries), axis=0), np.tile(entries, len(numbers))])
    return key, numbers


def _batches(parquet: pq.ParquetFile, columns: list[str], last: int) -> Iterator[tuple[int, pa.RecordBatch | None]]:
    """The batches of each row group, and None after the last of them."""
    for group in range(last + 1):
        for batch in parquet.iter_batches(BATCH, row_groups=[group], columns=columns):
            yield group, batch
        yield group, None
