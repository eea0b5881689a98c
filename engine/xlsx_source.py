"""XLSX workbooks as text: one sheet, its first row the header; what readers silently take for empty is refused."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import fastexcel
import polars as pl

from engine.sources import LONGEST_ORIGINAL, RowFault, Source, as_frame, check_header, refuse, row_fault, shortened

LARGEST_MB = 2000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb"<c\b([^>]*)(?<!/)>(.*?)</c>", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
_RESULT = re.compile(rb"<v[^>/]*>[^<]")
_MERGED = re.compile(rb'<mergeCell\b[^>]*\bref="([^"]+)"')
_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}

Errors = Mapping[tuple[int, int], str]
"""(row, column) of the grid, from 0, to the error of the cell there."""


def read_xlsx(path: Path, content: bytes, digest: str) -> Source:
    """Read the only sheet with content of a workbook; numbers come as text, as the sheet holds them.

    Raises:
        DataFault: The workbook is damaged, has several sheets, merged cells, or formulas without a result.
    """
    _check_package(path, content)
    grid, errors = _grid(path, content)
    rows = [[cell or "" for cell in row] for row in grid.iter_rows()]
    header, width = _header(path, rows)
    kept = [
        (row, row + 1, _original(cells), cells[:width])
        for row, cells in enumerate(rows)
        if row > 0 and (any(cell.strip() for cell in cells) or any(at == row for at, _ in errors))
    ]
    if not kept:
        refuse(path, "source.header-only")
    faults = [_error_fault(header, at, which) for at, which in sorted(errors.items())]
    faults += [
        row_fault(row, "source.cells", found=width + len(_filled(rows[row][width:])), due=width)
        for row, *_ in kept
        if _filled(rows[row][width:])
    ]
    return Source(path.name, digest, header, as_frame(header, kept), tuple(faults))


def _check_package(path: Path, content: bytes) -> None:
    """Refuse a broken or swelling package, and cells that every reader takes for empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            size = sum(entry.file_size for entry in package.infolist()) // 1_000_000
            if size > LARGEST_MB:
                refuse(path, "source.too-large", size=size, most=LARGEST_MB)
            if "xl/workbook.xml" not in package.namelist():
                refuse(path, "source.wrong-extension", named=path.suffix, found="ZIP")
            for name in filter(_SHEET.fullmatch, package.namelist()):
                _check_sheet(path, package.read(name))
    # A package cut short, an encrypted entry, an unknown compression, a wrong checksum: each is told as a finding.
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        refuse(path, "source.xlsx", why=str(error))


def _check_sheet(path: Path, sheet: bytes) -> None:
    merged = [reference.decode() for reference in _MERGED.findall(sheet)]
    if merged:
        refuse(path, "source.merged", cells=_some(merged))
    without = [
        reference[1].decode()
        for attributes, inside in _CELL.findall(sheet)
        if b"<f" in inside and not _RESULT.search(inside) and (reference := _REFERENCE.search(attributes))
    ]
    if without:
        refuse(path, "source.no-result", cells=_some(without))


def _grid(path: Path, content: bytes) -> tuple[pl.DataFrame, Errors]:
    """All cells of the only sheet with content, from row 1 on, and the cells that hold an error."""
    try:
        workbook = fastexcel.read_excel(content)
        sheets = [
            workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string") for name in workbook.sheet_names
        ]
        filled = [sheet for sheet in sheets if sheet.visible == "visible" and sheet.total_height > 0]
        if len(filled) > 1:
            refuse(path, "source.sheets", count=len(filled), names=", ".join(sheet.name for sheet in filled))
        if not filled:
            refuse(path, "source.empty")
        batch, cell_errors = filled[0].to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        refuse(path, "source.xlsx", why=str(error).splitlines()[0])
    found = cell_errors.errors if cell_errors else []
    errors = {error.position: _ERRORS.get(*[error.detail.split("Error(")[-1].rstrip(")'")] * 2) for error in found}
    frame = pl.from_arrow(batch)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(frame)
    return frame, errors


def _header(path: Path, rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], int]:
    """The first row's names; columns without a name and without any cell are not part of the table."""
    width = len(rows[0])
    while width and not any(row[width - 1].strip() for row in rows):
        width -= 1
    names = [unicodedata.normalize("NFC", cell.strip()) for cell in rows[0][:width]]
    check_header(path, names)
    return tuple(names), width


def _error_fault(header: Sequence[str], at: tuple[int, int], which: str) -> RowFault:
    row, column = at
    name = header[column] if column < len(header) else ""
    return row_fault(row, "source.error-cell", name, which, which=which)


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if cell.strip()]


def _original(cells: Sequence[str]) -> str:
    """The row as a CSV record."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return shortened(text.getvalue(), LONGEST_ORIGINAL)


def _some(cells: Sequence[str]) -> str:
    return ", ".join(cells[:5]) + (f", … ({len(cells)})" if len(cells) > 5 else "")
