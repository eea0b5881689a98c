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
_NO_STATUS = len(STATUSES)
_LACKING = np.array([name in MISSING_STATUSES for name in STATUSES])
_NOT_COLLECTED = STATUSES.index("O")

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
        texts = ["measure", "ref_area", "time_period", "obs_status", *self.shape.dimensions]
        with pq.ParquetFile(file, read_dictionary=texts, memory_map=True) as parquet:
            columns = [name for name in [*texts, "obs_value"] if name in parquet.schema_arrow.names]
            last = max(self.shape.groups[name] for name in self.wanted)
            ready = 0
            with Ahead(_batches(parquet, columns, last), 2) as batches:
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
        values, too_large = figures(batch["obs_value"])
        marked, status, contradictory = self._statuses(batch, values)
        key, numbers = _combined(columns)
        first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))  # rows of a series mostly lie together
        lengths = np.diff(np.append(first, len(key)))
        counts = np.bincount(key[first], weights=lengths, minlength=len(numbers)).astype(np.int64)
        series = np.flatnonzero(counts)
        start_of = np.full(len(numbers), NOWHERE)
        start_of[series] = self.pool.starts(numbers[series], counts[series])
        starts = start_of[key[first]]
        at = np.where(entries < 0, NOWHERE, entries)[places]
        at += np.repeat(starts, lengths)
        odd = [contradictory]
        odd += [np.flatnonzero(too_large)] if too_large is not None else []
        odd += [np.flatnonzero((entries < 0)[places])] if (entries < 0).any() else []
        for rows in odd:
            if len(rows):
                self.pool.odd |= set(np.unique(columns[0][1][columns[0][0][rows]]).tolist())
        if (starts >= 0).all() and (entries >= 0).all():
            self.pool.values.reshape(-1)[at] = values
        else:
            sound = at >= 0
            self.pool.values.reshape(-1)[at[sound]] = values[sound]
            status, marked = status[sound[marked]], marked[sound[marked]]
        self.pool.status.reshape(-1)[at[marked]] = status

    def _statuses(self, batch: pa.RecordBatch, values: Ints) -> tuple[Ints, Bytes, Ints]:
        """The rows that are not normal, their statuses, and those whose figure contradicts their status."""
        blank = values == BLANK
        if "obs_status" in batch.schema.names:
            places, entries = coded(batch["obs_status"], self.statuses, _NO_STATUS)
            status = entries.astype(np.int8)[places]
        else:
            status = np.full(len(values), _NO_STATUS, np.int8)
        if (status == _NO_STATUS).any():
            status = np.where(status == _NO_STATUS, np.where(blank, _NOT_COLLECTED, 0), status)
        marked = np.flatnonzero((status != 0) | blank)
        found = status[marked]
        wrong = (_LACKING[found] != blank[marked]) | (found < 0)
        return marked, found, marked[wrong]

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
