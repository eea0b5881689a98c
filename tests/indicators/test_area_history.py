"""What became of an area and what it came from, at every level, along whole chains."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indicators.area_files import read_register
from indicators.area_history import History, Step, history, meanings
from indicators.areas import Area, Change, Register

BEFORE, DAY = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register(Path(__file__).parents[2] / "catalog" / "areas")


def told(register: Register, code: str, day: date) -> History:
    found = history(register, code, day)
    assert found is not None
    return found


def short(steps: tuple[Step, ...]) -> list[tuple[str, str, str, str]]:
    return [
        (
            step.day.isoformat(),
            step.kind,
            step.from_area.code if step.from_area else "",
            step.to_area.code if step.to_area else "",
        )
        for step in steps
    ]


def test_code_15_on_the_day_and_around_it(register: Register) -> None:
    old, new = told(register, "15", BEFORE), told(register, "15", DAY)
    assert (old.area.name_vi, new.area.name_vi) == ("Tỉnh Yên Bái", "Tỉnh Lào Cai")
    assert short(old.became) == [("2025-07-01", "merger", "15", "15")]
    assert old.came_from == ()
    assert short(new.came_from) == [("2025-07-01", "merger", "10", "15"), ("2025-07-01", "merger", "15", "15")]
    assert new.became == ()
    assert new.came_from[0].law == ("202/2025/QH15",)
    assert [step.from_area.name_vi for step in new.came_from if step.from_area] == ["Tỉnh Lào Cai", "Tỉnh Yên Bái"]
    assert told(register, "15", date(2025, 7, 2)).came_from == new.came_from


def test_a_province_that_stays_has_no_history(register: Register) -> None:
    assert told(register, "01", BEFORE).became == ()
    assert told(register, "01", DAY).came_from == ()


def test_hue_from_either_end(register: Register) -> None:
    expected = [("2025-01-01", "type_change", "46", "46")]
    assert short(told(register, "46", date(2010, 1, 1)).became) == expected
    for day in (date(2025, 1, 1), BEFORE, DAY, date(2026, 1, 1)):
        assert short(told(register, "46", day).came_from) == expected


def test_chain_of_a_province_through_merger_and_change_of_type(register: Register) -> None:
    became = told(register, "27", BEFORE).became
    assert short(became) == [("2025-07-01", "merger", "27", "24"), ("2026-08-24", "type_change", "24", "24")]
    assert became[1].law == ("39/2026/QH16",)
    assert became[1].to_area is not None
    assert became[1].to_area.name_vi == "Thành phố Bắc Ninh"
    came = short(told(register, "24", date(2026, 8, 24)).came_from)
    assert came == [
        ("2025-07-01", "takeover", "", "24"),
        ("2025-07-01", "merger", "24", "24"),
        ("2025-07-01", "merger", "27", "24"),
        ("2026-08-24", "type_change", "24", "24"),
    ]


def test_a_district_became_the_communes_of_its_communes(register: Register) -> None:
    became = told(register, "001", BEFORE).became
    assert [step.to_area.name_vi for step in became if step.to_area][:3] == [
        "Phường Ba Đình", "Phường Ngọc Hà", "Phường Giảng Võ",
    ]  # fmt: skip
    assert {step.kind for step in became} == {"breakdown"}
    assert all(step.law == ("1656/NQ-UBTVQH15",) and step.changes for step in became)


def test_island_district(register: Register) -> None:
    (step,) = told(register, "755", BEFORE).became
    assert short((step,)) == [("2025-07-01", "code_change", "755", "26732")]
    assert "Côn Đảo" in step.note
    assert short(told(register, "26732", DAY).came_from) == [("2025-07-01", "code_change", "755", "26732")]


def test_land_of_no_area(register: Register) -> None:
    first = told(register, "14698", DAY).came_from[0]
    assert (first.from_area, first.kind) == (None, "takeover")
    assert "bãi bồi" in first.note


def test_a_commune_to_the_end_of_its_chain(register: Register) -> None:
    became = told(register, "07273", BEFORE).became
    assert short(became) == [
        ("2025-07-01", "takeover", "07273", "07294"),
        ("2026-08-04", "type_change", "07294", "07294"),
    ]
    assert [step.law for step in became] == [("1658/NQ-UBTVQH15",), ("388/NQ-UBTVQH16",)]


def test_a_code_that_means_nothing_on_the_day(register: Register) -> None:
    assert history(register, "10", DAY) is None
    assert history(register, "99999", DAY) is None


def test_meanings(register: Register) -> None:
    found = meanings(register, "15")
    assert [(m.versions[0].name_vi, m.valid_from, m.valid_to) for m in found] == [
        ("Tỉnh Yên Bái", date(2008, 8, 1), DAY),
        ("Tỉnh Lào Cai", DAY, None),
    ]
    assert len(meanings(register, "08")) == 2, "same code and name, larger territory"
    assert len(meanings(register, "46")) == 1, "a new name is no new meaning"
    assert len(meanings(register, "01")) == 1
    assert len(meanings(register, "00859")) == 1, "kept whole"
    assert len(meanings(register, "26740")) == 2
    assert meanings(register, "99999") == ()


def commune(code: str, first: date, last: date | None, parent: str = "") -> Area:
    return Area(code, "commune", "xa", f"Xã {code}", code, parent, first, last)


Y2000, Y2010, Y2015, Y2018 = (date(year, 1, 1) for year in (2000, 2010, 2015, 2018))


def test_a_merger_that_is_undone_leaves_again_with_its_own_territory() -> None:
    register = Register(
        (
            commune("A", Y2000, Y2010),
            commune("B", Y2000, None),
            commune("A2", Y2015, None),
            commune("D", Y2018, None),
        ),
        (
            Change(Y2010, "takeover", "A", "B"),
            Change(Y2010, "takeover", "B", "B"),
            Change(Y2015, "re_establishment", "B", "A2", part="A@2009-12-31"),
            Change(Y2018, "split_off", "B", "B"),
            Change(Y2018, "split_off", "B", "D"),
        ),
    )
    assert [row[2:] for row in short(told(register, "A", Y2000).became)] == [("A", "B"), ("B", "A2")]
    assert [row[2:] for row in short(told(register, "B", Y2000).became)] == [("B", "B"), ("B", "B"), ("B", "D")]
    assert [row[2:] for row in short(told(register, "A2", Y2018).came_from)] == [("A", "B"), ("B", "A2")]
    assert [row[2:] for row in short(told(register, "D", Y2018).came_from)] == [("B", "B"), ("B", "D")]
    assert [meaning.valid_from for meaning in meanings(register, "B")] == [Y2000, Y2010, Y2015, Y2018]


def test_kinds_of_a_higher_level_are_derived() -> None:
    province = [Area(code, "province", "tinh", f"Tỉnh {code}", code, "", Y2000, None) for code in ("P", "Q")]
    register = Register(
        (
            *province,
            commune("a", Y2000, None, "P"),
            commune("b", Y2000, Y2010, "P"),
            commune("b", Y2010, None, "Q"),
            commune("c", Y2000, None, "Q"),
        ),
        (Change(Y2010, "transfer", "b", "b", legal_basis="7/NQ"),),
    )
    assert short(told(register, "P", Y2000).became) == [("2010-01-01", "transfer", "P", "Q")]
    assert short(told(register, "Q", Y2010).came_from) == [("2010-01-01", "transfer", "P", "Q")]
    assert told(register, "P", Y2000).became[0].changes == 1
    assert [meaning.valid_from for meaning in meanings(register, "P")] == [Y2000, Y2010]
    assert [meaning.valid_from for meaning in meanings(register, "a")] == [Y2000]
