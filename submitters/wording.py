"""How a report speaks to a reader: Vietnamese numbers and days, and the words for statuses and bases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from indicators.definitions import Name
from indicators.periods import Period
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
    "estimated": Name("ước tính từ số bình quân hoặc tỷ lệ phân bổ", "estimated from means or shares"),
    "partial": Name("chỉ biết khoảng chắc chắn hoặc một phần nguồn", "only bounds, or part of the sources"),
    "refused": Name("không tính được", "cannot be had"),
}

_MARKS: Mapping[str, str] = {"E": "ƯT", "P": "SB", "F": "DB", "I": "GB", "B": "ĐĐ", "S": "ĐB"}


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


def period_name(period: Period) -> Name:
    """A period of a report in words.

    >>> from indicators.periods import parse_period
    >>> period_name(parse_period("2025-S2")).vi, period_name(parse_period("2025")).en
    ('6 tháng cuối năm 2025', 'Year 2025')
    """
    year, last = period.start.year, period.end.month
    match period.frequency:
        case "M":
            return Name(f"Tháng {last}/{year}", f"Month {last}/{year}")
        case "Q":
            return Name(f"Quý {last // 3}/{year}", f"Quarter {last // 3}/{year}")
        case "S" if last == 6:
            return Name(f"6 tháng đầu năm {year}", f"First half of {year}")
        case "S":
            return Name(f"6 tháng cuối năm {year}", f"Second half of {year}")
        case "9M":
            return Name(f"9 tháng năm {year}", f"Nine months of {year}")
    return Name(f"Năm {year}", f"Year {year}")


def cell_mark(cell: Cell) -> str:
    """The mark behind a figure: estimated (ƯT), provisional (SB) and so on; empty for an ordinary one."""
    marks = [_MARKS[cell.obs_status]] if cell.obs_status in _MARKS else []
    if cell.basis == "estimated" and "ƯT" not in marks:
        marks.append("ƯT")
    if cell.basis == "partial":
        marks.append("MP")
    return ", ".join(marks)


def share(cell: Cell) -> str:
    """The share of the expected sources that reported, rounded down so that an incomplete one never reads 100 %.

    >>> share(Cell(coverage=Decimal("0.999999"))), share(Cell(coverage=Decimal("1.000000"))), share(Cell())
    ('99,9', '', '')
    """
    if cell.coverage is None or cell.coverage >= 1:
        return ""
    return vietnamese_number((cell.coverage * 100).quantize(Decimal("0.1"), ROUND_FLOOR))


def marks_used(cells: list[Cell]) -> tuple[tuple[str, Name], ...]:
    """The marks of some cells with their meaning, for the legend, in a fixed order."""
    meanings = {mark: STATUSES[status] for status, mark in _MARKS.items()}
    meanings["MP"] = BASIS_NAMES["partial"]
    used = {mark for cell in cells for mark in cell_mark(cell).split(", ")}
    return tuple((mark, meaning) for mark, meaning in meanings.items() if mark in used)
