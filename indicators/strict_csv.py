"""Strict CSV: a comma file with a known header, in UTF-8 and NFC; every fault with its line and column.

One record is one line, so a stray quote harms one line and not the rest of the file.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from indicators.findings import Finding

LONGEST_LINE = 100_000
BOM = "\ufeff"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_FORMULA = ("=", "+", "@")

CSV_FAULTS: Mapping[str, tuple[str, str]] = {
    "csv.no-file": (
        "không có tệp này; hãy tạo tệp hoặc kiểm tra đường dẫn",
        "there is no such file; create it or check the path",
    ),
    "csv.empty": (
        "tệp rỗng; cần ít nhất dòng tiêu đề '{header}'",
        "the file is empty; it needs at least the header '{header}'",
    ),
    "csv.encoding": (
        "không phải UTF-8 (byte thứ {byte}); hãy lưu lại với bảng mã UTF-8",
        "not UTF-8 (byte {byte}); save the file again as UTF-8",
    ),
    "csv.bom": (
        "tệp bắt đầu bằng dấu BOM; hãy lưu lại là UTF-8 không BOM",
        "the file begins with a byte order mark; save it again as UTF-8 without BOM",
    ),
    "csv.line-end": (
        "tệp xuống dòng bằng ký tự CR đơn; hãy lưu lại với LF",
        "the file ends lines with a lone CR; save it again with LF",
    ),
    "csv.separator": (
        "các cột phải cách nhau bằng dấu phẩy, không phải chấm phẩy hay tab; hãy lưu lại thành CSV dấu phẩy",
        "columns must be separated by commas, not semicolons or tabs; save the file again as comma CSV",
    ),
    "csv.header": (
        "dòng tiêu đề là '{found}', phải đúng là '{header}'; hãy sửa tên và thứ tự cột",
        "the header is '{found}' and must be exactly '{header}'; correct the columns and their order",
    ),
    "csv.long-line": (
        "dòng dài {length} ký tự, quá {most}; có lẽ tệp hỏng hoặc thiếu dấu xuống dòng",
        "the line has {length} characters, over {most}; the file is damaged or lacks line ends",
    ),
    "csv.blank-line": ("dòng trống; hãy xoá dòng này", "a blank line; delete it"),
    "csv.quote": (
        "dấu nháy kép không khép hoặc có ký tự sau dấu khép; mỗi bản ghi phải nằm trọn trên một dòng",
        "a quote is not closed, or text follows a closed one; each record must stand on one line",
    ),
    "csv.cells": (
        "có {found} ô, cần {due}; ô có dấu phẩy phải đặt trong nháy kép",
        "{found} cells where {due} are due; a cell with a comma must be quoted",
    ),
    "csv.not-nfc": (
        "'{cell}' viết bằng Unicode tổ hợp (NFD); hãy chuyển cả tệp sang Unicode dựng sẵn (NFC)",
        "'{cell}' is not composed Unicode (NFC); convert the whole file to NFC",
    ),
    "csv.control": (
        "ô có ký tự điều khiển: {cell}; hãy xoá ký tự đó",
        "the cell holds a control character: {cell}; remove it",
    ),
    "csv.space": (
        "'{cell}' có khoảng trắng thừa ở đầu hoặc cuối; hãy xoá",
        "'{cell}' begins or ends with a space; remove it",
    ),
    "csv.formula": (
        "'{cell}' sẽ bị bảng tính hiểu là công thức; hãy bỏ ký tự đầu",
        "a spreadsheet would run '{cell}' as a formula; remove its first character",
    ),
}


class Table:
    """The clean records of one file, and what is wrong with the others.

    Attributes:
        file: The file as messages name it.
        header: The column names.
        records: Line number and cells by column name, of records with the right number of clean cells.
        findings: What is wrong so far; callers add theirs with `fault`.
        faulty: Cells of the records that have a finding, by line number, as far as they could be read.
    """

    def __init__(self, file: str, header: Sequence[str], texts: Mapping[str, tuple[str, str]]) -> None:
        self.file = file
        self.header = tuple(header)
        self.records: list[tuple[int, dict[str, str]]] = []
        self.findings: list[Finding] = []
        self.faulty: dict[int, dict[str, str]] = {}
        self._texts = {**CSV_FAULTS, **texts}
        self._lines: list[str] = []

    def fault(self, line: int | None, column: str, rule: str, /, **facts: object) -> None:
        """Add an error at a line and at the cell of a column (empty: the whole line).

        Args:
            line: Line number from 1; None: the file as a whole.
            column: Name of the column at fault.
            rule: The finding's id, a key of the texts.
            facts: What the text names in braces; `code` becomes the finding's area.
        """
        place = None
        if line is not None:
            self.faulty.setdefault(line, {})
            place = self._character(line, self.header.index(column)) if column else 1
        vi, en = (text.format(**facts) for text in self._texts[rule])
        code = str(facts.get("code", ""))
        self.findings.append(Finding(rule, "error", vi, en, self.file, line, place, ref_area=code))

    def _character(self, line: int, cell: int) -> int:
        """Character column, from 1, where a cell of a line begins."""
        text, quoted, seen = self._lines[line - 1], False, 0
        for place, character in enumerate(text):
            if seen == cell:
                return place + 1
            if character == '"':
                quoted = not quoted
            elif character == "," and not quoted:
                seen += 1
        return len(text) + 1

    def parse(self, text: str) -> None:
        """Take the text of the whole file: the header, then one record a line."""
        self._lines = text.replace("\r\n", "\n").split("\n")
        if self._lines[-1] == "":
            self._lines.pop()
        if not self._header_is_right(self._lines[0]):
            return
        for line, record in enumerate(self._lines[1:], start=2):
            cells = self._cells(line, record)
            if cells is None:
                self.faulty[line] = {self.header[0]: record[:LONGEST_LINE].split(",")[0]}
                continue
            for column, cell in cells.items():
                if cell and not (cell.isascii() and cell.isalnum()):
                    self._check_cell(line, column, cell)
            if line in self.faulty:
                self.faulty[line] = cells
            else:
                self.records.append((line, cells))

    def _header_is_right(self, first: str) -> bool:
        expected = ",".join(self.header)
        if first == expected:
            return True
        if first in (expected.replace(",", ";"), expected.replace(",", "\t")):
            self.fault(1, "", "csv.separator")
        else:
            shown = first if len(first) <= 200 else first[:200] + "…"
            self.fault(1, "", "csv.header", found=shown, header=expected)
        return False

    def _cells(self, line: int, text: str) -> dict[str, str] | None:
        if len(text) > LONGEST_LINE:
            self.fault(line, "", "csv.long-line", length=len(text), most=LONGEST_LINE)
            return None
        if not text.strip(" \t,"):
            self.fault(line, "", "csv.blank-line")
            return None
        try:
            cells = text.split(",") if '"' not in text else next(csv.reader([text], strict=True))
        except csv.Error:
            self.fault(line, "", "csv.quote")
            return None
        if len(cells) != len(self.header):
            self.fault(line, "", "csv.cells", found=len(cells), due=len(self.header))
            return None
        return dict(zip(self.header, cells, strict=True))

    def _check_cell(self, line: int, column: str, cell: str) -> None:
        shown = cell if len(cell) <= 80 else cell[:80] + "…"
        if not unicodedata.is_normalized("NFC", cell):
            self.fault(line, column, "csv.not-nfc", cell=shown)
        if _CONTROL.search(cell):
            self.fault(line, column, "csv.control", cell=repr(shown))
        elif cell != cell.strip():
            self.fault(line, column, "csv.space", cell=shown)
        if cell.startswith(_FORMULA):
            self.fault(line, column, "csv.formula", cell=shown)


def read_table(path: Path, header: Sequence[str], texts: Mapping[str, tuple[str, str]] | None = None) -> Table:
    """Read a CSV file whose header must be exactly `header`.

    CRLF line ends are accepted, since spreadsheets write them; a byte order mark and other encodings are not.

    Args:
        path: The file.
        header: The column names, in order.
        texts: Messages (Vietnamese, English) of the caller's own rules, by rule.

    Returns:
        The table; its `findings` say what is wrong, and nothing is raised.
    """
    table = Table(str(path), header, texts or {})
    if not path.is_file():
        table.fault(None, "", "csv.no-file")
        return table
    raw = path.read_bytes()
    if not raw.strip():
        table.fault(None, "", "csv.empty", header=",".join(header))
        return table
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        table.fault(None, "", "csv.encoding", byte=error.start + 1)
        return table
    if text.startswith(BOM):
        table.fault(None, "", "csv.bom")
    if "\r" in text.replace("\r\n", "\n"):
        table.fault(None, "", "csv.line-end")
    if not table.findings:
        table.parse(text)
    return table
