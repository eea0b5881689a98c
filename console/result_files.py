"""Rows into a file, CSV, JSON, Parquet or XLSX by its name: there whole or not at all, and the same every time."""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from console.output import plain
from indicators.findings import Finding, UsageFault

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

MOST_XLSX_ROWS = 1_048_576
MOST_XLSX_CHARACTERS = 32_767
EXACT_DIGITS = 15
"""Significant digits that a workbook's numbers keep; figures with more are written as text."""


class Answer(Protocol):
    """Rows to write, such as `engine.query.Answer`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names, in order."""

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows as Python values."""

    def arrow(self) -> pa.RecordBatchReader:
        """The rows as Arrow batches."""


@dataclass(frozen=True)
class FrameAnswer:
    """A frame as rows to write."""

    frame: pl.DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, in order."""
        return tuple(self.frame.columns)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Its rows as Python values."""
        return self.frame.iter_rows()

    def arrow(self) -> pa.RecordBatchReader:
        """Its rows as Arrow batches."""
        return self.frame.to_arrow().to_reader()


def check_name(file: Path) -> None:
    """Refuse a file whose name does not say what to write, before anything is computed.

    Raises:
        UsageFault: Its extension is none of those that can be written.
    """
    if file.suffix.lower() not in _WRITERS:
        kinds = ", ".join(_WRITERS)
        raise UsageFault(
            Finding(
                "output.extension",
                "error",
                f"-o: không ghi được tệp «{file.name}»; dùng một trong {kinds}",
                f"-o: cannot write '{file.name}'; use one of {kinds}",
            )
        )


def write_answer(file: Path, answer: Answer) -> None:
    """Write an answer to a file; an older file of that name stays until the new one is complete.

    Raises:
        UsageFault: The rows do not fit the kind of file.
    """
    with _replacing(file) as partial:
        _WRITERS[file.suffix.lower()](partial, answer)


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        yield partial
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)


def _write_csv(file: Path, answer: Answer) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([plain(value) for value in row] for row in answer.rows())


def _write_json(file: Path, answer: Answer) -> None:
    """A list of objects; decimals and days as text, so that no reader rounds them."""
    with file.open("w", encoding="utf-8") as stream:
        separator = "[\n "
        for row in answer.rows():
            record = dict(zip(answer.columns, row, strict=True))
            stream.write(separator + json.dumps(record, ensure_ascii=False, default=plain))
            separator = ",\n "
        stream.write("[]\n" if separator == "[\n " else "\n]\n")


def _write_parquet(file: Path, answer: Answer) -> None:
    import pyarrow.parquet as pq

    reader = answer.arrow()
    with pq.ParquetWriter(file, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _write_xlsx(file: Path, answer: Answer) -> None:
    """Text is written as text: a code keeps its zeros, and nothing is a formula."""
    import xlsxwriter

    plainly = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(file, plainly)
    try:
        # The time of writing would make two equal answers differ.
        workbook.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        sheet = workbook.add_worksheet("chitieu")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(answer.columns):
            sheet.write_string(0, place, name)
        for number, row in enumerate(answer.rows(), 1):
            if number >= MOST_XLSX_ROWS:
                raise _too_large(f"{MOST_XLSX_ROWS:,} dòng", f"{MOST_XLSX_ROWS:,} rows")
            for place, value in enumerate(row):
                _write_cell(sheet, number, place, value, day)
    finally:
        workbook.close()


def _write_cell(sheet: Any, row: int, place: int, value: object, day: object) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif (isinstance(value, (int, Decimal)) and _exact(value)) or (isinstance(value, float) and math.isfinite(value)):
        sheet.write_number(row, place, value)
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    else:
        text = plain(value)
        if len(text) > MOST_XLSX_CHARACTERS:
            raise _too_large(f"{MOST_XLSX_CHARACTERS:,} ký tự một ô", f"{MOST_XLSX_CHARACTERS:,} characters a cell")
        sheet.write_string(row, place, text)


def _exact(value: int | Decimal) -> bool:
    return len(Decimal(value).normalize().as_tuple().digits) <= EXACT_DIGITS


def _too_large(vi: str, en: str) -> UsageFault:
    return UsageFault(
        Finding(
            "output.too-large",
            "error",
            f"kết quả vượt quá mức {vi} của XLSX; hãy lọc bớt, hoặc ghi ra .csv, .parquet",
            f"the answer exceeds the {en} that XLSX holds; narrow it, or write .csv or .parquet",
        )
    )


_WRITERS: Mapping[str, Callable[[Path, Answer], None]] = {
    ".csv": _write_csv,
    ".json": _write_json,
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}
