"""CSV files as text: UTF-8, commas, one header; what else people send is named, never guessed around."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from engine.source_texts import source_text
from engine.sources import LONGEST_ORIGINAL, RowFault, Source, as_frame, check_header, refuse, row_fault, shortened
from indicators.findings import Finding

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = {";": ("dấu chấm phẩy", "semicolons"), "\t": ("tab", "tabs"), "|": ("dấu gạch đứng", "bars")}

Record = tuple[int, int, str, list[str]]
"""Data row, line, original text, cells."""


def read_csv(path: Path, content: bytes, digest: str) -> Source:
    """Read a comma CSV.

    Raises:
        DataFault: Encoding, separator, quotes or header make the file unusable.
    """
    text, remarks = _decoded(path, content)
    records = _records(path, text)
    _, _, head, cells = next(records)
    _check_separator(path, head)
    header = tuple(unicodedata.normalize("NFC", cell.strip()) for cell in cells)
    check_header(path, header)
    rows: list[Record] = []
    faults: list[RowFault] = []
    for record in records:
        row, line, original, cells = record
        if not "".join(cells).strip():
            continue
        if len(cells) != len(header):
            faults.append(row_fault(row, "source.cells", found=len(cells), due=len(header)))
            cells = [*cells, *[""] * len(header)][: len(header)]
        rows.append((row, line, original, cells))
    if not rows:
        refuse(path, "source.header-only")
    return Source(path.name, digest, header, as_frame(header, rows), tuple(faults), remarks)


def _decoded(path: Path, content: bytes) -> tuple[str, tuple[Finding, ...]]:
    sample = content[:4000]
    if content.startswith(_UTF_16) or sample.count(0) > len(sample) // 5:
        refuse(path, "source.utf-16")
    if 0 in content:
        refuse(path, "source.nul", line=content[: content.index(0)].count(b"\n") + 1)
    remarks: tuple[Finding, ...] = ()
    if content.startswith(_BOM):
        content = content.removeprefix(_BOM)
        remarks = (Finding("source.bom", "error", *source_text("source.bom"), file=str(path), line=1, column=1),)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        refuse(path, "source.encoding", line=line, byte=error.start + 1, guess=_guess(content))
    if not text.strip():
        refuse(path, "source.empty")
    return text, remarks


def _guess(content: bytes) -> str:
    """The likeliest encoding: Windows-1258 writes tone marks as bytes of their own, the older fonts do not."""
    tones = sum(content.count(mark) for mark in (b"\xcc", b"\xec", b"\xde", b"\xd2", b"\xf2"))
    high = sum(byte > 0x7F for byte in content)
    return "Windows-1258" if tones * 8 > high else "TCVN3, VNI hoặc/or Windows-1252"


def _records(path: Path, text: str) -> Iterator[Record]:
    """The header as row 0, then every record with its original text."""
    # The limit is one for the whole process, so it may only grow: other readers of CSV rely on it.
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    kept: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            kept.append(line)
            yield line

    reader = csv.reader(lines(), strict=True)
    row, first_line = 0, 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            refuse(path, "source.quote", line=first_line, why=str(error))
        original = shortened("".join(kept).rstrip("\r\n"), LONGEST_ORIGINAL)
        yield row, first_line, original, cells
        row, first_line = row + 1, reader.line_num + 1
        kept.clear()


def _check_separator(path: Path, header: str) -> None:
    for separator, (vi, en) in _SEPARATORS.items():
        if header.count(separator) > header.count(","):
            refuse(path, "source.separator", line=1, found=f"{vi} / {en}")
