"""Writes restated figures to Parquet while the next measure is worked on: texts as dictionary places, never as text.

Figures are decimals of 18 digits with as many places as the measures have, 64-bit numbers inside the file; where the
largest figure might not fit, DECIMAL(38, 9). The same figures give the same bytes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from engine.dense_layout import Layout
from engine.dense_sum import Sums
from engine.frames import BASES, NUM, SCALE, STATUSES
from indicators.definitions import Measure

NARROW_DIGITS = 18
ROWS_IN_A_GROUP = 1 << 19
MOST_WAITING = 8
"""Measures whose figures may wait to be written, some ten megabytes each."""
_NUMBERS = ("obs_value", "obs_lower", "obs_upper")
_TEXT = pa.dictionary(pa.int32(), pa.string())
_EPOCH = date(1970, 1, 1)


class RestatedParquet:
    """A file that is there whole when all went well, and not at all otherwise.

    Attributes:
        schema: Its columns.
        rows: How many were written.
    """

    def __init__(self, file: Path, dimensions: Sequence[str], decimals: int, largest: int | None) -> None:
        """Open the file.

        Args:
            file: Where to.
            dimensions: The dimension columns.
            decimals: The most that a measure has.
            largest: No figure is larger, in units of the last decimal; None: nothing is known.
        """
        narrow = largest is not None and largest < 10**NARROW_DIGITS
        self.decimals = decimals if narrow else SCALE
        number = pa.decimal64(NARROW_DIGITS, decimals) if narrow else pa.decimal128(38, SCALE)
        texts = dict.fromkeys(dimensions, _TEXT)
        kinds = {
            "measure": _TEXT, "ref_area": _TEXT, "area_basis": pa.date32(), "time_period": _TEXT, **texts,
            **dict.fromkeys(_NUMBERS, number), "obs_status": _TEXT, "basis": _TEXT, "coverage": pa.decimal32(9, 6),
        }  # fmt: skip
        # Columns that are never empty say so: it spares a level for every cell, a third of the work of encoding.
        self.schema = pa.schema([pa.field(name, kind, nullable=name in _NUMBERS) for name, kind in kinds.items()])
        self.rows = 0
        self.dimensions = tuple(dimensions)
        self._file, self._part = file, file.with_name(f".{file.name}.part")
        self._writer = pq.ParquetWriter(
            self._part,
            self.schema,
            compression="snappy",
            use_dictionary=[name for name in kinds if name not in _NUMBERS],
            column_encoding=dict.fromkeys(_NUMBERS, "DELTA_BINARY_PACKED") if narrow else None,
            write_statistics=["measure"],  # by which row groups can be skipped: each holds all areas
            store_decimal_as_integer=True,
            store_schema=False,  # readers see plain text, not Arrow's dictionaries
        )
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()
        self._held: list[pa.Table] = []  # these two belong to the thread
        self._keys: tuple[Layout, Sequence[tuple[str, ...]], dict[str, pa.Array]] | None = None

    def __enter__(self) -> RestatedParquet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        whole = False
        try:
            if kind is None:
                self._do(self._write_held)
                self._wait()
                whole = True
        finally:
            self._thread.shutdown(cancel_futures=True)
            self._writer.close()
            if whole:
                os.replace(self._part, self._file)
            else:
                self._part.unlink()

    def add_sums(
        self, sums: Sums, layout: Layout, measure: Measure, series: Sequence[tuple[str, ...]], day: date
    ) -> None:
        """Write the figures of one measure by area, then series; the caller goes on meanwhile.

        Args:
            sums: The figures.
            layout: Names the areas.
            measure: What they are of.
            series: Period and dimension codes of each row of the sums.
            day: The day of the areas.
        """
        self.rows += layout.shown * len(series)
        self._do(lambda: self._hold(self._table(sums, layout, measure, series, day)))

    def _table(
        self, sums: Sums, layout: Layout, measure: Measure, series: Sequence[tuple[str, ...]], day: date
    ) -> pa.Table:
        areas, rows = layout.shown, layout.shown * len(series)
        if self._keys is None or self._keys[0] is not layout or self._keys[1] != series:
            self._keys = (layout, series, self._key_columns(layout, series, day))
        nothing, shared = np.zeros(rows, np.int32), self._keys[2]
        columns = {"measure": _texts(nothing, [measure.id]), **shared}
        figures = ((sums.value, sums.has_value), (sums.lower, sums.has_lower), (sums.upper, sums.has_upper))
        for name, (cells, there) in zip(_NUMBERS, figures, strict=True):
            columns[name] = self._numbers(cells[:areas].ravel(), there[:areas].ravel(), measure.decimals)
        columns["obs_status"] = _texts(sums.status[:areas].ravel(), STATUSES)
        columns["basis"] = _texts(sums.basis[:areas].ravel(), BASES)
        coverage = sums.coverage[:areas].ravel()
        columns["coverage"] = pa.Array.from_buffers(pa.decimal32(9, 6), rows, [None, pa.py_buffer(coverage)])
        return pa.table(columns, schema=self.schema)

    def _key_columns(self, layout: Layout, series: Sequence[tuple[str, ...]], day: date) -> dict[str, pa.Array]:
        """The columns that measures of the same areas and series share."""
        areas, count = layout.shown, len(series)
        days = np.full(areas * count, (day - _EPOCH).days, np.int32)
        columns = {
            "ref_area": _texts(np.repeat(np.arange(areas, dtype=np.int32), count), layout.targets[:areas]),
            "area_basis": pa.Array.from_buffers(pa.date32(), len(days), [None, pa.py_buffer(days)]),
        }
        for name, texts in zip(("time_period", *self.dimensions), zip(*series, strict=True), strict=True):
            named = sorted(set(texts))
            places = np.array([named.index(text) for text in texts], np.int32)
            columns[name] = _texts(np.tile(places, areas), named)
        return columns

    def add_frame(self, rows: pl.DataFrame, codes: pl.DataFrame) -> None:
        """Write rows of the shape RESTATED.

        Args:
            rows: The figures.
            codes: Their codes, one column for each dimension of the file.
        """
        table = rows.drop("dimensions").cast(dict.fromkeys(_NUMBERS, NUM)).hstack(codes).to_arrow()
        columns = {}
        for field in self.schema:
            column = table[field.name].combine_chunks()
            if field.type == _TEXT:
                columns[field.name] = column.cast(pa.string()).dictionary_encode()
            elif field.name in _NUMBERS:
                columns[field.name] = column.cast(pa.decimal128(38, self.decimals)).cast(field.type)
            else:
                columns[field.name] = column.cast(field.type)
        self.rows += rows.height
        done = pa.table(columns, schema=self.schema)
        self._do(lambda: self._hold(done))

    def _numbers(self, units: npt.NDArray[np.int64], there: npt.NDArray[np.bool_], decimals: int) -> pa.Array:
        """Whole numbers of smallest units as decimals of the file."""
        kind = self.schema.field("obs_value").type
        valid = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
        if kind.bit_width == 64:
            scaled = units if decimals == kind.scale else units * 10 ** (kind.scale - decimals)
            return pa.Array.from_buffers(kind, len(units), [valid, pa.py_buffer(scaled)])
        halves = np.stack([units, units >> 63], axis=1)
        exact = pa.Array.from_buffers(pa.decimal128(38, decimals), len(units), [valid, pa.py_buffer(halves)])
        return exact.cast(kind)

    def _hold(self, table: pa.Table) -> None:
        self._held.append(table)
        if sum(one.num_rows for one in self._held) >= ROWS_IN_A_GROUP:
            self._write_held()

    def _write_held(self) -> None:
        if self._held:
            table = pa.concat_tables(self._held).unify_dictionaries()
            self._held = []
            self._writer.write_table(table, ROWS_IN_A_GROUP * 4)

    def _do(self, work: Callable[[], None]) -> None:
        """Let the thread do it after what it was given before; the caller waits only where much is left to do."""
        self._wait(MOST_WAITING - 1)
        self._waiting.append(self._thread.submit(work))

    def _wait(self, left: int = 0) -> None:
        while len(self._waiting) > left:
            self._waiting.popleft().result()


def _texts(places: npt.NDArray[Any], texts: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32, copy=False)), pa.array(texts, pa.string()))
