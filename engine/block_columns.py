"""Columns of a Parquet batch as numbers: texts by the dictionary that the file itself has, figures as whole numbers.

A text is looked at once for each dictionary entry, never once for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.dense_layout import Ints
from engine.frames import SCALE

REFUSED = -1
"""The number of a text that the column may not hold."""
ABSENT, BLANK = np.iinfo(np.int64).min, np.iinfo(np.int64).min + 1
"""In place of a figure: there is no row, or its figure is missing."""


class Words:
    """The texts of a column and their numbers, the same in every batch of a file.

    Attributes:
        texts: Text by number.
    """

    def __init__(self, known: Iterable[str] = (), accept: Callable[[str], bool] = lambda _: False) -> None:
        """Args: known: Texts with the numbers 0, 1, …; accept: whether another text may have a number, too."""
        self.texts = list(known)
        self._accept = accept
        self._refused: set[str] = set()
        self._values = pa.array(self.texts, pa.string())
        self._last: tuple[pa.Array, Ints] | None = None

    def numbers(self, dictionary: pa.Array) -> Ints:
        """The number of each entry of a dictionary, or REFUSED."""
        # Batches of one row group mostly share a dictionary.
        if self._last is None or not self._last[0].equals(dictionary):
            self._last = (dictionary, self._numbers(dictionary))
        return self._last[1]

    def _numbers(self, dictionary: pa.Array) -> Ints:
        texts = dictionary.cast(pa.string())
        found = pc.index_in(texts, self._values)
        if found.null_count:
            new = [text for text in texts.filter(found.is_null()).to_pylist() if text not in self._refused]
            taken = sorted(text for text in new if text is not None and self._accept(text))
            self._refused.update(text for text in new if text not in taken)
            if taken:
                self.texts += taken
                self._values = pa.array(self.texts, pa.string())
                found = pc.index_in(texts, self._values)
        return np.asarray(found.fill_null(REFUSED).to_numpy().astype(np.int64))


def coded(column: pa.Array, words: Words, empty: int = REFUSED) -> tuple[npt.NDArray[np.int32], Ints]:
    """A column of texts as places in a dictionary, and the number of each place.

    Args:
        column: Texts, dictionary-encoded as they are in the file where that could be read so.
        words: Their numbers.
        empty: The number of an empty cell.
    """
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    numbers = words.numbers(column.dictionary)
    places = column.indices
    if places.null_count:
        places = places.fill_null(len(numbers))
        numbers = np.append(numbers, empty)
    return places.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), numbers


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text, dictionary-encoded or not."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def figure_scale(kind: pa.DataType) -> int | None:
    """Decimals of a column of figures, or None where it holds anything but whole numbers and decimals."""
    if pa.types.is_decimal(kind):
        return int(kind.scale) if 0 <= kind.scale <= SCALE else None
    return 0 if pa.types.is_integer(kind) and kind != pa.uint64() else None


def figures(column: pa.Array) -> tuple[Ints, Ints, Ints]:
    """Figures as whole numbers of the column's last decimal.

    Returns:
        The numbers, anything where missing; the rows that are missing; the rows whose figure does not fit.
    """
    blank = too_large = np.empty(0, np.int64)
    if column.null_count:
        blank = np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))
    if pa.types.is_decimal(column.type):
        wide = column.cast(pa.decimal128(38, column.type.scale))
        halves = np.frombuffer(wide.buffers()[1], np.int64).reshape(-1, 2)[wide.offset : wide.offset + len(wide)]
        values = np.ascontiguousarray(halves[:, 0])
        too_large = np.setdiff1d(np.flatnonzero(halves[:, 1] != values >> 63), blank)
    else:
        whole = column.cast(pa.int64())
        values = np.frombuffer(whole.buffers()[1], np.int64)[whole.offset : whole.offset + len(whole)]
    return values, blank, too_large
