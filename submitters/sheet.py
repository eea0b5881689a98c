"""A filled form as an Excel workbook: figures with their meaning on one sheet, notes on another."""

from __future__ import annotations

import io
from datetime import datetime, time
from decimal import Decimal

import xlsxwriter

from submitters.form import Cell, FilledReport
from submitters.wording import cell_mark, period_name, share, vietnamese_day, vietnamese_number

_EXACT_DIGITS = 15
"""Digits that Excel keeps of a number; a longer figure is written as text."""


def sheet(form: FilledReport) -> bytes:
    """The form as XLSX: codes and names as text (no formula can come of them), figures as numbers.

    A figure of more digits than Excel keeps is text. The day in the file's properties is the window's last, so that the
    same form gives the same bytes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {
            "title": form.report.name.vi,
            "created": datetime.combine(form.closing.window_to, time()),
        }
    )
    _figures(book, form)
    _notes(book, form)
    book.close()
    return out.getvalue()


def _figures(book: xlsxwriter.Workbook, form: FilledReport) -> None:
    page = book.add_worksheet("Số liệu")
    bold = book.add_format({"bold": True})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    page.write_string(0, 0, f"{form.report.name.vi} - {period_name(form.closing.period).vi}", bold)
    page.write_string(1, 0, f"Địa giới ngày {vietnamese_day(form.area_basis)}. {form.reporter.name}")
    for position, title in enumerate(("Mã", "Đơn vị hành chính")):
        page.write_string(3, position, title, heading)
    for position, column in enumerate(form.columns, start=2):
        period = f"\n{column.time_period}" if column.time_period else ""
        page.write_string(3, position, f"{column.name.vi}\n({column.unit.symbol.vi}){period}", heading)
    formats = [book.add_format({"num_format": _number_format(column.decimals)}) for column in form.columns]
    for line, row in enumerate(form.rows, start=4):
        page.write_string(line, 0, row.ref_area)
        page.write_string(line, 1, row.name.vi)
        for position, cell in enumerate(row.cells):
            _write(page, line, position + 2, cell.obs_value, _words(cell), formats[position])
    end = 4 + len(form.rows)
    page.write_string(end, 1, "Cộng các dòng trên", bold)
    for position, column in enumerate(form.columns):
        if column.total:
            _write(page, end, position + 2, column.total.obs_value, "chưa đủ", formats[position])
    page.freeze_panes(4, 2)
    page.set_column(0, 0, 8)
    page.set_column(1, 1, 30)
    page.set_column(2, 1 + len(form.columns), 18)


def _notes(book: xlsxwriter.Workbook, form: FilledReport) -> None:
    page = book.add_worksheet("Chú thích")
    names = {column.id: column.name.vi for column in form.columns}
    lines = [
        ("Thời gian chốt số liệu", f"{form.closing.window_from} - {form.closing.window_to}"),
        ("Thời hạn gửi", form.closing.deadline.isoformat()),
        ("Lần chạy", ", ".join(form.runs)),
        ("SHA-256 của số liệu", form.data_sha256),
        *((names[note.column], f"{note.areas} đơn vị {note.text.vi}") for note in form.notes),
    ]
    for line, (label, text) in enumerate(lines):
        page.write_string(line, 0, label)
        page.write_string(line, 1, text)
    page.set_column(0, 0, 40)
    page.set_column(1, 1, 100)


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    line: int,
    position: int,
    number: Decimal | None,
    words: str,
    form: xlsxwriter.format.Format,
) -> None:
    if number is None:
        page.write_string(line, position, words)
    elif len(number.as_tuple().digits) > _EXACT_DIGITS:
        page.write_string(line, position, vietnamese_number(number))
    else:
        page.write_number(line, position, float(number), form)


def _words(cell: Cell) -> str:
    """What stands where there is no figure."""
    if cell.basis == "refused":
        return "không tính được"
    if cell.basis != "partial":
        return "…"
    bounds = "chưa đủ"
    if cell.obs_lower is not None and cell.obs_upper is not None:
        bounds = f"từ {vietnamese_number(cell.obs_lower)} đến {vietnamese_number(cell.obs_upper)}"
    elif cell.obs_lower:
        bounds = f"ít nhất {vietnamese_number(cell.obs_lower)}"
    part = share(cell)
    return f"{bounds} ({cell_mark(cell)}{f'; {part} % nguồn' if part else ''})"


def _number_format(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")
