"""Source files as text: CSV, XLSX and Parquet become one frame of text columns, and nothing is ever inferred.

`00004` stays `00004`, an empty cell is null, and every row keeps its number, its line and its original text. A fault of
the file as a whole raises; a fault of one row is kept beside the rows that are good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import polars as pl

from engine.source_texts import source_text
from indicators.findings import DataFault, Finding

ROW, LINE, ORIGINAL = "#row", "#line", "#original"
"""Columns that stand beside those of the file: data row from 1, line (or sheet row) from 1, the row as it stood."""

LONGEST_ORIGINAL = 2000


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row, and where."""

    row: int
    rule: str
    column: str
    value: str
    vi: str
    en: str


def row_fault(row: int, rule: str, column: str = "", value: str = "", **facts: object) -> RowFault:
    """A row's fault with the text of `SOURCE_TEXTS`."""
    return RowFault(row, rule, column, shortened(value), *source_text(rule, **facts))


@dataclass(frozen=True)
class Source:
    """A file that could be read.

    Attributes:
        file: Its name without the folder, as it goes into provenance.
        sha256: Of its bytes.
        columns: Its columns, in order, as text in `frame`.
        frame: `ROW`, `LINE`, `ORIGINAL` and the columns; rows that are blank are left out, those at fault are not.
        faults: What is wrong with single rows.
        remarks: What is odd about the file and did no harm.
    """

    file: str
    sha256: str
    columns: tuple[str, ...]
    frame: pl.DataFrame
    faults: tuple[RowFault, ...] = ()
    remarks: tuple[Finding, ...] = ()


def refuse(path: Path, rule: str, line: int | None = None, **facts: object) -> NoReturn:
    """Refuse a file as a whole.

    Raises:
        DataFault: Always.
    """
    raise DataFault(Finding(rule, "error", *source_text(rule, **facts), file=str(path), line=line))


def check_header(path: Path, header: Sequence[str]) -> None:
    """Refuse a header with empty or equal names, all at once.

    Raises:
        DataFault: One finding for each.
    """
    findings = []
    for place, name in enumerate(header, 1):
        if not name:
            findings.append(_header_finding(path, "source.header-empty", place=place))
        elif name in header[: place - 1] or name in (ROW, LINE, ORIGINAL):
            findings.append(_header_finding(path, "source.header-twice", column=shortened(name)))
    if findings:
        raise DataFault(findings)


def as_frame(header: Sequence[str], rows: Sequence[tuple[int, int, str, Sequence[str | None]]]) -> pl.DataFrame:
    """Rows of (row, line, original text, cells) as a frame; cells lose spaces around them, empty ones become null."""
    data: dict[str, list[int] | list[str] | list[str | None]] = {
        ROW: [row[0] for row in rows],
        LINE: [row[1] for row in rows],
        ORIGINAL: [row[2] for row in rows],
    }
    data |= {name: [row[3][i] for row in rows] for i, name in enumerate(header)}
    schema = {ROW: pl.Int64, LINE: pl.Int64, ORIGINAL: pl.String, **dict.fromkeys(header, pl.String)}
    return tidy(pl.DataFrame(data, schema=schema), header)


def tidy(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Cells without spaces around them, empty ones as null."""
    stripped = pl.col(columns).str.strip_chars() if columns else pl.lit(None)
    return frame.with_columns(stripped.replace("", None)) if columns else frame


def shortened(text: str, most: int = 200) -> str:
    """Text short enough for a message.

    >>> shortened("x" * 300, 5)
    'xxxxx… (300)'
    """
    return text if len(text) <= most else f"{text[:most]}… ({len(text)})"


def _header_finding(path: Path, rule: str, **facts: object) -> Finding:
    return Finding(rule, "error", *source_text(rule, **facts), file=str(path), line=1)
