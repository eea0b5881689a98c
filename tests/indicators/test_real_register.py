"""The real areas of Viet Nam before and after 1 July 2025, as shipped in the catalog."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.area_files import read_code_variants, read_register
from indicators.areas import Register
from indicators.correspondence import correspondence

FOLDER = Path(__file__).parents[2] / "catalog" / "areas"
BEFORE, DAY = date(2025, 6, 30), date(2025, 7, 1)
AFTER = DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register(FOLDER)


def counts(register: Register, day: date) -> dict[str, int]:
    return dict(Counter(area.level for area in register.on(day).values()))


def test_it_is_read_quickly() -> None:
    started = time.process_time()
    read_register(FOLDER)
    assert time.process_time() - started < 1.5


def test_the_map_of_63_and_the_map_of_34(register: Register) -> None:
    assert counts(register, BEFORE) == {"province": 63, "district": 696, "commune": 10_035}
    assert counts(register, DAY) == counts(register, AFTER) == {"province": 34, "commune": 3_321}
    assert register.levels == ("province", "district", "commune")


def test_provinces_alone_are_known_before_the_list_of_2025(register: Register) -> None:
    assert counts(register, date(2008, 8, 1)) == counts(register, date(2025, 6, 29)) == {"province": 63}
    assert counts(register, date(2008, 7, 31)) == {}


def test_a_code_needs_its_day(register: Register) -> None:
    names = [area.name_vi for day in (BEFORE, DAY, AFTER) if (area := register.area("15", day))]
    assert names == ["Tỉnh Yên Bái", "Tỉnh Lào Cai", "Tỉnh Lào Cai"]


@pytest.mark.parametrize("code", ["15", "24", "44", "52", "80", "82", "91"])
def test_seven_codes_name_another_province(code: str, register: Register) -> None:
    old, new = register.area(code, BEFORE), register.area(code, DAY)
    assert old is not None
    assert new is not None
    assert old.name_vi != new.name_vi


def test_hue_became_a_city_half_a_year_before(register: Register) -> None:
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 2), DAY]
    names = [area.name_vi for day in days if (area := register.area("46", day))]
    assert names == ["Tỉnh Thừa Thiên Huế", "Thành phố Huế", "Thành phố Huế", "Thành phố Huế"]


def test_every_change_of_the_conversion_table(register: Register) -> None:
    on_day = [change for change in register.changes if change.effective == DAY]
    assert len(on_day) == 10_571 + 2
    assert len({change.to_code for change in on_day}) == 3_321
    assert len({change.from_code for change in on_day if change.from_code}) == 10_035 + 5
    assert all(change.legal_basis.endswith("/NQ-UBTVQH15") and change.note for change in on_day)
    per_source = Counter(change.from_code for change in on_day if change.from_code)
    assert sum(count > 1 for count in per_source.values()) == 441
    kept = [change for change in on_day if change.kind in ("transfer", "rename", "type_change")]
    assert sum(c.from_code == c.to_code and per_source[c.from_code] == 1 for c in kept) == 132


def test_no_old_commune_is_spread_over_two_provinces(register: Register) -> None:
    pairs = correspondence(register, BEFORE, DAY, "province", "province").pairs
    assert len({pair.from_area for pair in pairs if pair.from_area}) == 63
    assert all(pair.whole for pair in pairs)
    assert Counter(pair.to_area for pair in pairs if pair.from_area)["79"] == 3


def test_ky_loi_gives_its_land_to_one_and_its_people_to_two(register: Register) -> None:
    rows = {change.to_code: change for change in register.changes if change.from_code == "18796"}
    assert sorted(rows) == ["18754", "18823", "18832"]
    assert "toàn bộ diện tích" in rows["18823"].note
    assert {change.kind for change in rows.values()} == {"breakdown"}
    shares = {(w.to_code, w.basis): w.share for w in register.weights if w.from_code == "18796"}
    assert shares == {
        ("18754", "area"): Decimal(0),
        ("18823", "area"): Decimal(1),
        ("18832", "area"): Decimal(0),
        ("18823", "population"): Decimal(0),
    }


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("318", "11948", "Đặc khu Bạch Long Vĩ"),
        ("471", "19742", "Đặc khu Cồn Cỏ"),
        ("498", "20333", "Đặc khu Hoàng Sa"),
        ("536", "21548", "Đặc khu Lý Sơn"),
        ("755", "26732", "Đặc khu Côn Đảo"),
    ],
)
def test_island_districts_became_special_zones(old: str, new: str, name: str, register: Register) -> None:
    (change,) = [change for change in register.changes if change.from_code == old]
    assert (change.kind, change.to_code) == ("code_change", new)
    district, zone = register.area(old, BEFORE), register.area(new, DAY)
    assert district is not None
    assert zone is not None
    assert (district.level, zone.level, zone.type, zone.name_vi) == ("district", "commune", "dac_khu", name)
    assert old not in register.children(BEFORE)


def test_land_that_belonged_to_no_commune(register: Register) -> None:
    rows = [change for change in register.changes if not change.from_code]
    assert [(change.to_code, change.kind) for change in rows] == [("07537", "takeover"), ("14698", "takeover")]
    assert "Trường bắn TB1" in rows[0].note
    assert "bãi bồi" in rows[1].note


def test_changes_of_type_in_2026(register: Register) -> None:
    rows = [change for change in register.changes if change.effective > DAY]
    assert len(rows) == 25
    assert {change.kind for change in rows} == {"type_change"}
    assert all(change.from_code == change.to_code for change in rows)
    day = date(2026, 8, 24)
    names = [register.area("22", day + timedelta(days=shift)) for shift in (-1, 0, 1)]
    assert [area and area.name_en for area in names] == ["Quang Ninh Province", "Quang Ninh City", "Quang Ninh City"]
    ward = [register.area("07294", date(2026, 8, 4) + timedelta(days=shift)) for shift in (-1, 0)]
    assert [area and (area.type, area.name_vi) for area in ward] == [("xa", "Xã Bố Hạ"), ("phuong", "Phường Bố Hạ")]
    assert counts(register, date(2026, 12, 31)) == {"province": 34, "commune": 3_321}


def test_weights_are_the_law_s_alone(register: Register) -> None:
    assert len(register.weights) == 149
    assert {weight.quality for weight in register.weights} == {"law"}
    assert {weight.share for weight in register.weights} == {Decimal(0), Decimal(1)}
    assert Counter(weight.basis for weight in register.weights) == {"population": 146, "area": 3}


def test_four_errors_of_the_official_table_are_corrected(register: Register) -> None:
    pairs = {(change.from_code, change.to_code) for change in register.changes}
    assert {("01651", "01648"), ("02482", "02494"), ("00556", "00562"), ("23053", "23041")} <= pairs
    assert not {("01615", "01648"), ("02485", "02494"), ("00553", "00562")} & pairs


def test_names(register: Register) -> None:
    assert all(area.name_en.isascii() and area.name_en for area in register.areas)
    names = {(area.code, area.valid_from): area.name_en for area in register.areas}
    assert names["26740", BEFORE] == "Ben Nghe Ward"
    assert names["760", BEFORE] == "District 1"
    assert names["02", date(2008, 8, 1)] == "Ha Giang Province"
    assert names["11948", DAY] == "Bach Long Vi Special Zone"
    assert {area.type for area in register.on(DAY).values()} == {"tinh", "thanh_pho", "xa", "phuong", "dac_khu"}


def test_homonyms_inside_new_provinces(register: Register) -> None:
    """693 old communes share their full name with another one inside the new province."""
    province_of = {old: change.to_code for change in register.changes if (old := change.from_code)}
    named = Counter[tuple[str, str]]()
    for area in register.on(BEFORE).values():
        new = register.area(province_of.get(area.code, ""), DAY)
        if area.level == "commune" and new is not None:
            named[new.parent, area.name_vi] += 1
    assert sum(count for count in named.values() if count > 1) == 693


def test_files_are_clean_and_sorted() -> None:
    for name in ("areas.csv", "changes.csv", "weights.csv", "code_variants.csv"):
        text = (FOLDER / name).read_bytes().decode("utf-8")
        assert unicodedata.is_normalized("NFC", text)
        assert "\r" not in text
        assert text.endswith("\n")
    codes = [line.split(",") for line in (FOLDER / "areas.csv").read_text(encoding="utf-8").splitlines()[1:]]
    keys = [(["province", "district", "commune"].index(cells[1]), cells[0], cells[-3]) for cells in codes]
    assert keys == sorted(keys)


def test_wrong_codes_in_circulation(register: Register) -> None:
    variants = read_code_variants(FOLDER)
    assert sum(len(found) for found in variants.values()) == 125
    for variant in (variant for found in variants.values() for variant in found):
        area = register.area(variant.official_code, variant.day)
        assert area is not None
        assert (area.name_vi, area.parent) == (variant.name_vi, variant.parent)
        meant = register.area(variant.wrong_code, variant.day)
        assert meant is None or meant.name_vi != variant.name_vi
