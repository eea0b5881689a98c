"""Areas are found by code and name as people type them; homonyms are all listed."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from indicators.area_files import read_register
from indicators.area_names import bare_name, plain, words
from indicators.area_search import find
from indicators.areas import Register

BEFORE, DAY = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register(Path(__file__).parents[2] / "catalog" / "areas")


def codes(register: Register, text: str, day: date | None = None, rank: str | None = None) -> list[str]:
    return [match.area.code for match in find(register, text, day) if rank is None or match.rank == rank]


def test_unmarked_forms_are_the_same_both_ways(register: Register) -> None:
    for area in register.areas:
        assert plain(area.name_vi) == " ".join(word.plain for word in words(area.name_vi))


def test_ba_dinh(register: Register) -> None:
    found = find(register, "ba dinh")
    assert [(match.area.code, match.rank) for match in found[:4]] == [
        ("001", "exact"), ("00004", "exact"), ("14776", "exact"), ("14812", "exact"),
    ]  # fmt: skip
    assert codes(register, "ba dinh", DAY, "exact") == ["00004", "16171", "21499"]
    assert codes(register, "BA ĐÌNH", DAY, "exact") == ["00004", "16171"], "Ba Dinh (21499) has no such accents"
    assert codes(register, "phường ba đình", DAY, "exact") == ["00004"]


@pytest.mark.parametrize("typed", ["Hoà Bình", "Hòa Bình", "hoa binh", "HÒA BÌNH", "hoà bình", "Hoa  Bình"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_either_tone_placement_and_unicode_form(typed: str, form: str, register: Register) -> None:
    found = codes(register, unicodedata.normalize(form, typed), BEFORE, "exact")  # type: ignore[arg-type]
    assert found == codes(register, "Hòa Bình", BEFORE, "exact")
    assert {"17", "148", "961"} <= set(found)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("phu my", {"Phú Mỹ", "Phù Mỹ"}),
        ("Phù Mỹ", {"Phù Mỹ"}),
        ("phú my", {"Phú Mỹ"}),
        ("Hòa An", {"Hòa An", "Hoà An", "Hòa Ân"}),
        ("hoa an", {"Hòa An", "Hoà An", "Hóa An", "Hòa Ân"}),
        ("Hòa Ân", {"Hòa Ân"}),
        ("Tân An", {"Tân An", "Tân Ân"}),
    ],
)
def test_typed_accents_limit(typed: str, names: set[str], register: Register) -> None:
    found = [match for match in find(register, typed, BEFORE) if match.rank == "exact"]
    assert {bare_name(match.area.name_vi, match.area.type) for match in found} == names


def test_a_word_without_accents_prefers_none(register: Register) -> None:
    found = [match.area.name_vi for match in find(register, "Hòa An", BEFORE) if match.rank == "exact"]
    assert found.index("Xã Hòa Ân") == len(found) - 1


def test_wrong_accents_fall_back_and_say_so(register: Register) -> None:
    found = find(register, "Hòa Bính", BEFORE)
    assert {match.same_marks for match in found} == {False}
    assert [match.area.code for match in found if match.rank == "exact"] == codes(register, "hoa binh", BEFORE, "exact")


def test_homonyms_are_all_listed_with_what_they_lie_in(register: Register) -> None:
    found = [match for match in find(register, "xa tan phu", BEFORE) if match.rank == "exact"]
    assert len(found) > 5
    assert {match.area.type for match in found} == {"xa"}
    assert {match.area.level for match in found} == {"commune"}
    places = {(match.area.name_vi, *(area.name_vi for area in match.above)) for match in found}
    assert len(places) == len(found)
    assert all(len(match.above) == 2 and match.above[-1].level == "province" for match in found)


def test_ky_loi_decomposed(register: Register) -> None:
    assert codes(register, unicodedata.normalize("NFD", "kỳ lợi")) == ["18796"]
    assert codes(register, unicodedata.normalize("NFD", "Xã Kỳ Lợi")) == ["18796"]
    assert codes(register, "kỳ lợi", DAY) == []


@pytest.mark.parametrize(
    ("typed", "code", "day"),
    [
        ("thành phố huế", "46", DAY),
        ("tp. hue", "46", DAY),
        ("TP Huế", "46", DAY),
        ("hue city", "46", DAY),
        ("tinh lao cai", "15", DAY),
        ("tỉnh lào cai", "10", BEFORE),
        ("Lao Cai Province", "10", BEFORE),
        ("quận 1", "760", BEFORE),
        ("q. 1", "760", BEFORE),
        ("district 1", "760", BEFORE),
        ("huyện ba vì", "271", BEFORE),
        ("thị trấn óc eo", "30688", BEFORE),
        ("tt oc eo", "30688", BEFORE),
        ("đặc khu lý sơn", "21548", DAY),
        ("dac khu ly son", "21548", DAY),
        ("Ly Son Special Zone", "21548", DAY),
        ("phuong ben nghe", "26740", BEFORE),
        ("p. bến nghé", "26740", BEFORE),
        ("Ben Nghe Ward", "26740", BEFORE),
        ("phương canh", "00623", BEFORE),
        ("danang", "48", DAY),
        ("ea h'leo", "24184", DAY),
        ("ba ria vung tau", "77", BEFORE),
        ("Bà Rịa-Vũng Tàu", "77", BEFORE),
        ("xa xa dung", "03373", BEFORE),
    ],
)
def test_type_words_and_spellings(typed: str, code: str, day: date, register: Register) -> None:
    found = find(register, typed, day)
    assert found[0].area.code == code
    assert found[0].rank == "exact"
    assert sum(match.rank == "exact" for match in found) == 1


def test_by_code(register: Register) -> None:
    found = find(register, " 15 ")
    assert [(match.area.name_vi, match.rank) for match in found] == [("Tỉnh Yên Bái", "code"), ("Tỉnh Lào Cai", "code")]
    assert [match.area.name_vi for match in find(register, "15", BEFORE)] == ["Tỉnh Yên Bái"]
    assert [match.area.name_vi for match in find(register, "15", DAY)] == ["Tỉnh Lào Cai"]


def test_exact_before_prefix_before_the_rest(register: Register) -> None:
    ranks = [match.rank for match in find(register, "anh", DAY)]
    order = ["code", "exact", "prefix", "word", "substring"]
    assert ranks == sorted(ranks, key=order.index)
    assert {"word", "substring"} <= set(ranks)
    assert codes(register, "anh", DAY) == codes(register, "anh", DAY)


@pytest.mark.parametrize("typed", ["", "  ", "xã", "zzz", "'", "%", "999", "-", "\u0301"])
def test_odd_texts_do_no_harm(typed: str, register: Register) -> None:
    assert len(find(register, typed, DAY)) < 3_400


def test_a_name_without_its_type_word_stays() -> None:
    assert bare_name("Vùng Nam", "region") == "Vùng Nam"
    assert bare_name("Thành Phố Bắc Kạn", "thanh_pho") == "Bắc Kạn"
