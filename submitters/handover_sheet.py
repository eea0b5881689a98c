"""A handover record as an Excel workbook: one row for each old figure and each area that got some of it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal

import xlsxwriter

from engine.handover_record import Flow, Handover, MeasureRecord, OldFigure
from engine.handover_text import fingerprint
from indicators.catalog import Catalog
from indicators.levels import level_name
from submitters.handover_words import QUALITIES, category_name, share_text, source_files, trimmed
from submitters.wording import BASIS_NAMES, vietnamese_day, vietnamese_number

Row = Sequence[str | Decimal | int | None]
_EXACT_DIGITS = 15
"""Digits that Excel keeps of a number; a longer figure is written as text."""

FIGURE_COLUMNS = (
    "Đại lượng", "Tên", "Đơn vị tính", "Địa giới ngày", "Mã cũ", "Địa bàn cũ", "Kỳ", "Phân tổ", "Số liệu",
    "Trạng thái", "Quyền số", "Chưa phân bổ", "Mã mới", "Địa bàn mới", "Tỷ lệ", "Chất lượng tỷ lệ", "Căn cứ",
    "Số giao", "Ít nhất", "Nhiều nhất", "Nguồn", "Lần nạp", "SHA-256 của tệp",
)  # fmt: skip
TOTAL_COLUMNS = (
    "Đại lượng", "Cấp nhận", "Kỳ", "Phân tổ", "Số dòng", "Tổng trước", "Đã giao", "Về nơi khác", "Chưa phân bổ", "Cân",
)  # fmt: skip
RESULT_COLUMNS = (
    "Đại lượng", "Cấp", "Mã", "Địa bàn nhận", "Kỳ", "Phân tổ", "Số liệu", "Cận dưới", "Cận trên", "Trạng thái",
    "Cơ sở", "Độ phủ",
)  # fmt: skip
GAP_COLUMNS = ("Loại", "Đại lượng", "Mã", "Địa bàn", "Kỳ", "Phân tổ", "Giải thích", "English")
FILE_COLUMNS = ("Tệp", "Lần nạp", "SHA-256", "Số dòng dùng")


def handover_workbook(record: Handover, catalog: Catalog) -> bytes:
    """The record as XLSX: codes and names as text (no formula can come of them), figures as numbers.

    A figure stands once, on the first row of those areas that got some of it, so that columns can be added up. The day
    in the file's properties is that of the change, so that the same record gives the same bytes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    made = datetime.combine(record.question.new_day, time())
    book.set_properties({"title": f"Bàn giao số liệu {record.question.area.name_vi}", "created": made})
    _table(book, "Biên bản", (), _front(record), (34, 90))
    _table(book, "Số liệu", FIGURE_COLUMNS, _figures(record, catalog), (22, 30, 12, 12, 8, 24, 10, 14, 16))
    _table(book, "Tổng hai bên", TOTAL_COLUMNS, _totals(record, catalog), (24, 10, 10, 16, 8, 18, 18, 18, 18, 8))
    _table(book, "Số của địa bàn nhận", RESULT_COLUMNS, _results(record, catalog), (24, 10, 8, 26, 10, 16, 18, 18, 18))
    _table(book, "Thiếu và từ chối", GAP_COLUMNS, _gaps(record, catalog), (16, 24, 8, 24, 10, 16, 90, 90))
    _table(book, "Tệp nguồn", FILE_COLUMNS, _files(record), (30, 20, 68, 12))
    book.close()
    return out.getvalue()


def _table(
    book: xlsxwriter.Workbook, title: str, columns: Sequence[str], rows: Iterable[Row], widths: Sequence[int]
) -> None:
    """A sheet, row by row: a row that is written is done with, so that memory does not grow with the record."""
    page = book.add_worksheet(title)
    heading = book.add_format({"bold": True, "border": 1})
    for position, width in enumerate(widths):
        page.set_column(position, position, width)
    if columns:
        page.freeze_panes(1, 0)
        for position, name in enumerate(columns):
            page.write_string(0, position, name, heading)
    for line, row in enumerate(rows, start=1 if columns else 0):
        for position, value in enumerate(row):
            _write(page, line, position, value)


def _write(page: xlsxwriter.worksheet.Worksheet, line: int, position: int, value: str | Decimal | int | None) -> None:
    if value is None:
        return
    if isinstance(value, str):
        page.write_string(line, position, value)
    elif isinstance(value, int):
        page.write_number(line, position, value)
    else:
        number = trimmed(value)
        if len(number.as_tuple().digits) > _EXACT_DIGITS:
            page.write_string(line, position, vietnamese_number(number))
        else:
            page.write_number(line, position, float(number))


def _front(record: Handover) -> Iterator[Row]:
    asked = record.question
    yield ("BIÊN BẢN BÀN GIAO SỐ LIỆU THỐNG KÊ", "STATISTICAL HANDOVER RECORD")
    yield ("Địa bàn / Area", f"{asked.area.name_vi} ({asked.area.code}), {level_name(asked.area.level).vi}")
    yield ("Mã có nghĩa vào ngày / Code meant on", vietnamese_day(asked.day))
    side = "Số liệu đi đâu / Where its figures went" if asked.gives else "Số liệu từ đâu / Where its figures came from"
    yield (side, f"địa giới ngày {vietnamese_day(asked.other)}")
    yield ("Kỳ / Periods", ", ".join(asked.periods) or "mọi kỳ / all")
    yield ("Căn cứ pháp lý / Law", "; ".join(record.law))
    yield ("SHA-256 của dữ liệu / of the data", fingerprint(record))
    for land in record.land:
        law = "; ".join(land.law)
        yield ("Đất trước đó không thuộc địa bàn nào", f"{land.to_area} {land.to_name}: {land.note} ({law})")
    yield ()
    yield ("Chưa ai ký. Nobody has signed it yet.", "")
    for signer in ("Bên giao / Handed over by", "Bên nhận / Received by", "Cơ quan chứng kiến / Witnessed by"):
        yield ()
        yield (signer, "")
        for label in ("Họ tên / Name", "Chức vụ / Title", "Ngày / Date", "Chữ ký / Signature"):
            yield (label, "")


def _figures(record: Handover, catalog: Catalog) -> Iterator[Row]:
    for one in record.measures:
        for figure in one.figures:
            first: Row = _old(one, figure, catalog)
            for flow in figure.flows:
                yield (*first, *_flow(flow), figure.source, figure.load_id, figure.sha256)
                first = (*first[:8], None, *first[9:10], None, None)
            if not figure.flows:
                yield (*first, *(None,) * 8, figure.source, figure.load_id, figure.sha256)


def _old(one: MeasureRecord, figure: OldFigure, catalog: Catalog) -> Row:
    return (
        one.measure.id, one.measure.name.vi, catalog.units[one.measure.unit].symbol.vi, one.area_basis.isoformat(),
        figure.ref_area, figure.name, figure.time_period, category_name(one.measure, figure.dimensions, catalog).vi,
        figure.obs_value, figure.obs_status, figure.weight, figure.unallocated,
    )  # fmt: skip


def _flow(flow: Flow) -> Row:
    return (
        flow.to_area, flow.to_name, share_text(flow.share), QUALITIES[flow.quality].vi, "; ".join(flow.law),
        flow.given, flow.least, flow.most,
    )  # fmt: skip


def _totals(record: Handover, catalog: Catalog) -> Iterator[Row]:
    for one in record.measures:
        for total in one.totals:
            yield (
                one.measure.id, level_name(total.level).vi, total.time_period,
                category_name(one.measure, total.dimensions, catalog).vi, total.figures, total.before, total.given,
                total.elsewhere, total.unallocated, "cân" if total.balanced else "KHÔNG CÂN",
            )  # fmt: skip


def _results(record: Handover, catalog: Catalog) -> Iterator[Row]:
    for one in record.measures:
        for new in one.results:
            yield (
                one.measure.id, level_name(new.level).vi, new.ref_area, new.name, new.time_period,
                category_name(one.measure, new.dimensions, catalog).vi, new.obs_value, new.obs_lower, new.obs_upper,
                new.obs_status, BASIS_NAMES[new.basis].vi, new.coverage,
            )  # fmt: skip


def _gaps(record: Handover, catalog: Catalog) -> Iterator[Row]:
    for one in record.measures:
        for reason in one.reasons:
            yield ("Lưu ý", one.measure.id, None, None, None, None, reason.vi, reason.en)
        for gap in one.missing:
            series = "mọi phân tổ" if gap.dimensions is None else category_name(one.measure, gap.dimensions, catalog).vi
            why = ("thiếu số liệu, không phải là 0", "missing, not 0")
            yield ("Nguồn thiếu", one.measure.id, gap.ref_area, gap.name, gap.time_period, series, *why)
    for left in record.left_out:
        yield ("Không có trong biên bản", left.measure.id, None, None, None, None, left.why.vi, left.why.en)


def _files(record: Handover) -> Iterator[Row]:
    for one in source_files(record):
        yield (one.file, one.load_id, one.sha256, one.figures)
