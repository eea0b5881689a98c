"""Figures written as text: one way to write a number is read, every other is refused with what it seems to mean.

Read are ASCII digits with an optional minus and a decimal point: `1234`, `-5`, `16.3`. Thousands are not separated,
because `1.234` is a thousand to one reader and a little more than one to another.
"""

from __future__ import annotations

import re
from functools import lru_cache

PLAIN = r"^-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,9})?$"
"""What a number looks like. DECIMAL(38, 9) holds 29 digits before the point: with 21, the sum of a hundred million
figures still fits. The largest budgets in dong have 17."""

_NO_FIGURE = {
    "-", "--", "–", "—", ".", "..", "...", "…", ":", "*", "x", "#n/a", "n/a", "na", "null", "none", "nil", "nan",
    "không", "không có", "chưa có", "?",
}  # fmt: skip

_HINTS: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (
        "number.infinite",
        re.compile(r"[+-]?inf(inity)?|[+-]?∞", re.IGNORECASE),
        "vô cực không phải là số liệu (phép chia cho 0?); để trống nếu không có số",
        "infinity is no figure (a division by 0?); leave the cell empty if there is none",
    ),
    (
        "number.exponent",
        re.compile(r"[+-]?[0-9]+([.,][0-9]+)?e[+-]?[0-9]+", re.IGNORECASE),
        "số viết dạng mũ có thể đã mất chữ số; viết đủ các chữ số",
        "a number with an exponent may have lost digits; write all its digits",
    ),
    (
        "number.both-separators",
        re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+"),
        "có cả dấu ngăn hàng nghìn và dấu thập phân; bỏ dấu ngăn hàng nghìn, dùng dấu chấm thập phân",
        "it has thousands and decimal separators; drop those of the thousands and use a decimal point",
    ),
    (
        "number.thousands",
        re.compile(r"-?[0-9]{1,3}([.,'’ \u00a0\u2009\u202f][0-9]{3})+"),
        "có lẽ có dấu ngăn hàng nghìn; viết liền các chữ số (1234567), dấu chấm chỉ dùng cho phần thập phân",
        "thousands seem to be separated; write the digits together (1234567), a point is for decimals only",
    ),
    (
        "number.decimal-comma",
        re.compile(r"-?[0-9]+,[0-9]+"),
        "dùng dấu phẩy thập phân; viết bằng dấu chấm (12.5)",
        "it has a decimal comma; write a point (12.5)",
    ),
    (
        "number.percent",
        re.compile(r"[+-]?[0-9.,]+\s*[%‰]"),
        "có dấu phần trăm; chỉ ghi con số theo đơn vị của đại lượng",
        "it has a percent sign; give the number alone, in the measure's unit",
    ),
    (
        "number.accounting",
        re.compile(r"\([0-9.,]+\)|[0-9.,]+-|[−–—][0-9.,]+"),
        "số âm viết kiểu kế toán hoặc dấu trừ lạ; viết -123",
        "a negative number in another notation; write -123",
    ),
    (
        "number.leading-zero",
        re.compile(r"-?0[0-9]+(\.[0-9]+)?"),
        "bắt đầu bằng số 0 như một mã, không phải số liệu; có lẽ các cột bị lệch",
        "it begins with 0 like a code, not a figure; columns may have shifted",
    ),
    (
        "number.incomplete",
        re.compile(r"[+-]?(\.[0-9]+|[0-9]+\.)|\+[0-9.]+"),
        "viết chưa đủ hoặc có dấu cộng; viết 0.5, 12 hoặc 12.0",
        "it is incomplete or has a plus sign; write 0.5, 12 or 12.0",
    ),
    (
        "number.with-unit",
        re.compile(r"-?[0-9.,]+\s*[^\W\d_].*"),
        "có chữ hoặc đơn vị đi kèm; chỉ ghi con số",
        "it has words or a unit with it; give the number alone",
    ),
)


@lru_cache(maxsize=65536)
def number_fault(text: str, decimals: int) -> tuple[str, str, str] | None:
    """Why a text is not read as a figure of a measure: rule, Vietnamese, English; None if it is one.

    Args:
        text: The cell without spaces around it.
        decimals: Decimal places of the measure; with 0 a count is due.

    >>> number_fault("12", 0), number_fault("12.5", 0)[0], number_fault("1.234", 0)[0], number_fault("..", 1)[0]
    (None, 'number.decimals', 'number.thousands', 'number.no-figure')
    """
    if re.fullmatch(PLAIN, text):
        places = len(text.partition(".")[2])
        return None if places <= decimals else _too_many_places(text, places, decimals)
    if text.casefold() in _NO_FIGURE:
        return (
            "number.no-figure",
            f"«{text}» không phải là số; không có số liệu thì để ô trống, lý do ghi ở cột trạng thái",
            f"'{text}' is not a number; leave the cell empty if there is none; the status may say why",
        )
    for rule, shape, vi, en in _HINTS:
        if shape.fullmatch(text):
            return rule, f"«{text}»: {vi}", f"'{text}': {en}"
    if re.fullmatch(r"-?[0-9]+\.[0-9]{10,}", text):
        return (
            "number.digits",
            f"«{text}» có quá nhiều chữ số; làm tròn đến {decimals} chữ số thập phân",
            f"'{text}' has too many digits; round it to {decimals} decimals",
        )
    if re.fullmatch(r"-?[0-9]{22,}(\.[0-9]+)?", text):
        return (
            "number.digits",
            f"«{text}» có hơn 21 chữ số trước dấu chấm; kiểm tra đơn vị, hoặc dùng đơn vị lớn hơn",
            f"'{text}' has more than 21 digits before the point; check the unit, or use a larger one",
        )
    return "number.text", f"«{text}» không phải là số", f"'{text}' is not a number"


def _too_many_places(text: str, places: int, decimals: int) -> tuple[str, str, str]:
    if places == 3 and re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", text):
        return (
            "number.thousands",
            f"«{text}» có {places} chữ số sau dấu chấm, đại lượng có {decimals}; bỏ dấu chấm nếu nó ngăn hàng nghìn",
            f"'{text}' has {places} digits after the point, the measure {decimals}; if the point separates thousands, "
            "drop it",
        )
    if decimals == 0:
        return (
            "number.decimals",
            f"«{text}» có phần thập phân, nhưng đại lượng này là số đếm; ghi số nguyên",
            f"'{text}' has decimals, but this measure is a count; give a whole number",
        )
    return (
        "number.decimals",
        f"«{text}» có {places} chữ số thập phân, đại lượng chỉ có {decimals}; làm tròn trước khi nộp",
        f"'{text}' has {places} decimals, the measure has {decimals}; round it before sending",
    )
