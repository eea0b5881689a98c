"""How a report speaks to a reader: Vietnamese numbers and days, and the words for statuses and bases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from indicators.definitions import Name
from submitters.calendar import ReportPeriod
from submitters.form import Cell

STATUSES: Mapping[str, Name] = {
    "A": Name("bình thường", "normal"),
    "B": Name("đứt đoạn chuỗi số liệu", "break in the series"),
    "E": Name("ước tính", "estimated"),
    "F": Name("dự báo", "forecast"),
    "I": Name("gán bù", "imputed"),
    "L": Name("không thu thập", "not collected"),
    "M": Name("không thể có số liệu", "cannot exist"),
    "O": Name("thiếu số liệu", "missing"),
    "P": Name("sơ bộ", "provisional"),
    "Q": Name("không công bố để giữ bí mật", "suppressed"),
    "S": Name("hoàn cảnh đặc biệt", "special circumstances"),
}
"""SDMX code list CL_OBS_STATUS, the codes in use."""

BASIS_NAMES: Mapping[str, Name] = {
    "reported": Name("như báo cáo của đơn vị", "as reported by the area"),
    "exact": Name("tính đúng từ các đơn vị cũ", "computed exactly from the old areas"),
    "estimated": Name("ước tính theo tỷ lệ phân bổ", "estimated from shares"),
    "partial": Name("chỉ biết khoảng chắc chắn hoặc một phần nguồn", "only bounds, or part of the sources"),
    "refused": Name("không tính được", "cannot be had"),
}

_MARKS: Mapping[str, str] = {"E": "ƯT", "P": "SB", "F": "DB", "I": "GB", "B": "ĐĐ", "S": "ĐB"}
_KINDS: Mapping[str, Name] = {
    "M": Name("Tháng", "Month"),
    "Q": Name("Quý", "Quarter"),
    "S": Name("6 tháng", "Half-year"),
    "9M": Name("9 tháng", "Nine months of"),
    "A": Name("Năm", "Year"),
}


def vietnamese_number(number: Decimal) -> str:
    """A number as Vietnamese readers write it: a point every three digits, a comma before the decimals.

    >>> vietnamese_number(Decimal("1234567.8")), vietnamese_number(Decimal("-1000")), vietnamese_number(Decimal(0))
    ('1.234.567,8', '-1.000', '0')
    """
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def vietnamese_day(day: date) -> str:
    """A day as Vietnamese readers write it.

    >>> vietnamese_day(date(2025, 7, 1))
    '01/07/2025'
    """
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def period_name(period: ReportPeriod) -> Name:
    """A period in words.

    >>> from submitters.calendar import parse_period
    >>> period_name(parse_period("2025-S2")).vi, period_name(parse_period("2025")).en
    ('6 tháng cuối năm 2025', 'Year 2025')
    """
    kind, year, last = _KINDS[period.kind], period.year, period.last_month
    if period.kind == "M":
        return Name(f"{kind.vi} {last}/{year}", f"{kind.en} {last}/{year}")
    if period.kind == "Q":
        return Name(f"{kind.vi} {last // 3}/{year}", f"{kind.en} {last // 3}/{year}")
    if period.kind == "S":
        half = Name("đầu", "First") if last == 6 else Name("cuối", "Second")
        return Name(f"{kind.vi} {half.vi} năm {year}", f"{half.en} {kind.en.lower()} of {year}")
    return Name(f"{kind.vi} {'năm ' if period.kind == '9M' else ''}{year}", f"{kind.en} {year}")


def cell_mark(cell: Cell) -> str:
    """The mark behind a figure: estimated (ƯT), provisional (SB) and so on; empty for an ordinary one."""
    marks = [_MARKS[cell.obs_status]] if cell.obs_status in _MARKS else []
    if cell.basis == "estimated" and "ƯT" not in marks:
        marks.append("ƯT")
    if cell.basis == "partial":
        marks.append("MP")
    return ", ".join(marks)


def marks_used(cells: list[Cell]) -> tuple[tuple[str, Name], ...]:
    """The marks of some cells with their meaning, for the legend, in a fixed order."""
    meanings = {mark: STATUSES[status] for status, mark in _MARKS.items()}
    meanings["MP"] = BASIS_NAMES["partial"]
    used = {mark for cell in cells for mark in cell_mark(cell).split(", ")}
    return tuple((mark, meaning) for mark, meaning in meanings.items() if mark in used)
