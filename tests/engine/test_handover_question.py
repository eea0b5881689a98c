"""A handover is of an area on a day: codes with several meanings, default days, and the days around a change."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from engine.handover_question import handover_question
from indicators.area_files import read_register
from indicators.areas import Register
from indicators.findings import UsageFault

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)


@cache
def real() -> Register:
    return read_register(Path(__file__).parents[2] / "catalog" / "areas")


@pytest.mark.parametrize(
    ("code", "on", "name", "day", "other"),
    [
        ("15", OLD, "Tỉnh Yên Bái", OLD, NEW),
        ("15", date(2012, 1, 1), "Tỉnh Yên Bái", date(2012, 1, 1), NEW),
        ("15", NEW, "Tỉnh Lào Cai", NEW, OLD),
        ("15", date(2026, 3, 1), "Tỉnh Lào Cai", date(2026, 3, 1), OLD),
        ("10", None, "Tỉnh Lào Cai", OLD, NEW),  # one meaning, and it ended
        ("318", None, "Huyện Bạch Long Vĩ", OLD, NEW),
        ("11948", None, "Đặc khu Bạch Long Vĩ", NEW, OLD),
        ("14698", NEW, "Xã Kim Đông", NEW, OLD),
    ],
)
def test_the_area_and_both_days(code: str, on: date | None, name: str, day: date, other: date) -> None:
    question = handover_question(real(), code, on)
    assert (question.area.name_vi, question.day, question.other) == (name, day, other)
    assert question.gives is (day < other)
    assert (question.old_day, question.new_day) == (min(day, other), max(day, other))


@pytest.mark.parametrize(
    ("code", "on", "to", "rule"),
    [
        ("15", None, None, "handover.which-area"),
        ("14698", None, None, "handover.which-area"),
        ("99999", None, None, "handover.unknown-area"),
        ("318", NEW, None, "handover.not-in-force"),
        ("15", OLD, OLD, "handover.no-other-day"),
        ("15", OLD, date(1900, 1, 1), "usage.no-areas-on-day"),
    ],
)
def test_a_question_that_has_no_single_answer_says_what_to_add(
    code: str, on: date | None, to: date | None, rule: str
) -> None:
    with pytest.raises(UsageFault) as caught:
        handover_question(real(), code, on, to)
    assert caught.value.findings[0].rule == rule


def test_the_meanings_are_named_with_a_day_each() -> None:
    with pytest.raises(UsageFault) as caught:
        handover_question(real(), "15")
    assert "--on 2025-06-30: Tỉnh Yên Bái; --on 2025-07-01: Tỉnh Lào Cai" in caught.value.findings[0].vi
