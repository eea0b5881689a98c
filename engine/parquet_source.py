"""Parquet files as text: whole numbers, decimals and days are written out exactly; other types are refused."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from engine.source_texts import source_text
from engine.sources import LINE, LONGEST_ORIGINAL, ORIGINAL, ROW, Source, check_header, refuse, tidy
from indicators.findings import DataFault, Finding


def read_parquet(path: Path, content: bytes, digest: str) -> Source:
    """Read a Parquet file; floats come as their shortest text, so that they are judged like any other text.

    Raises:
        DataFault: The file is damaged, or a column has a type that is no text, number or day.
    """
    try:
        table = pq.read_table(io.BytesIO(content), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        refuse(path, "source.parquet", why=str(error).splitlines()[0])
    header = tuple(unicodedata.normalize("NFC", name.strip()) for name in table.column_names)
    check_header(path, header)
    frame = pl.from_arrow(table.rename_columns(list(header)))
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(frame)
    return text_source(path, frame, digest)


def text_source(path: Path, frame: pl.DataFrame, digest: str, numbers: pl.Series | None = None) -> Source:
    """A typed frame as a source of texts.

    Args:
        path: The file that it was read from.
        frame: Its rows.
        digest: Of the file's bytes.
        numbers: The number of each row in the file, if the frame has not all of them.

    Raises:
        DataFault: A column has a type that is no text, number or day.
    """
    header = tuple(frame.columns)
    _check_types(path, frame)
    if frame.is_empty():
        refuse(path, "source.header-only")
    texts = tidy(frame.select(_as_text(name, kind) for name, kind in frame.schema.items()), header)
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64) if numbers is None else numbers
    numbered = texts.select(
        number.alias(ROW), number.alias(LINE), _record(header).str.slice(0, LONGEST_ORIGINAL).alias(ORIGINAL), *header
    )
    filled = numbered.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in header))
    return Source(path.name, digest, header, filled)


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    """The column as text; zeros that only fill up the scale of a decimal type are not the reporter's."""
    text = pl.col(name).cast(pl.String)
    if isinstance(kind, pl.Decimal) and kind.scale:
        return text.str.strip_chars_end("0").str.strip_chars_end(".")
    return text


def _check_types(path: Path, frame: pl.DataFrame) -> None:
    fine = (pl.String, pl.Categorical, pl.Date, pl.Null)
    findings = [
        Finding(
            "source.parquet-type",
            "error",
            *source_text("source.parquet-type", column=name, found=kind),
            file=str(path),
        )
        for name, kind in frame.schema.items()
        if not (isinstance(kind, fine) or kind.is_numeric())
    ]
    if findings:
        raise DataFault(findings)


def _record(header: tuple[str, ...]) -> pl.Expr:
    """The row as a CSV record."""
    cells = [pl.col(name).fill_null("") for name in header]
    quoted = [
        pl.when(cell.str.contains('[",\n\r]'))
        .then(pl.concat_str(pl.lit('"'), cell.str.replace_all('"', '""', literal=True), pl.lit('"')))
        .otherwise(cell)
        for cell in cells
    ]
    return pl.concat_str(quoted, separator=",")
