"""What differs between two states of a catalog, and from which periods on."""

from __future__ import annotations

from indicators.catalog_changes import Difference, differences

INDICATOR = """\
id: population.rate
name: {vi: Tỷ suất, en: Rate}
decimals: 1
versions:
  - valid_from: "2016-01-01"
    formula: births / people
  - valid_from: "2023-04-15"
    formula: births / people * 1000
"""
FILE = "indicators/population/rate.yaml"


def compare(before: str, after: str, file: str = FILE) -> list[Difference]:
    return differences({file: before.encode()}, {file: after.encode()})


def test_comments_order_and_quotes_are_no_difference() -> None:
    moved = "# a comment\ndecimals: 1\n" + INDICATOR.replace("decimals: 1\n", "").replace(
        "{vi: Tỷ suất, en: Rate}", '\n  en: "Rate"\n  vi: Tỷ suất'
    )
    assert compare(INDICATOR, moved) == []


def test_a_changed_version_changes_periods_from_its_day() -> None:
    changed = INDICATOR.replace("births / people * 1000", "births / people * 100")
    assert compare(INDICATOR, changed) == [
        Difference(
            FILE, "population.rate", "changed", "formula", "births / people * 1000", "births / people * 100",
            "2023-04-15",
        )
    ]  # fmt: skip


def test_a_new_version() -> None:
    after = INDICATOR + '  - valid_from: "2025-07-01"\n    formula: births\n'
    assert compare(INDICATOR, after) == [
        Difference(FILE, "population.rate", "added", "version", after="births", since="2025-07-01")
    ]
    assert compare(after, INDICATOR)[0].what == "removed"


def test_decimals_change_all_periods_and_a_name_changes_no_figure() -> None:
    after = INDICATOR.replace("decimals: 1", "decimals: 2").replace("en: Rate", "en: Crude rate")
    found = {each.part: (each.since, each.figures) for each in compare(INDICATOR, after)}
    assert found == {"decimals": ("", True), "name.en": ("", False)}


def test_new_and_deleted_files() -> None:
    assert differences({}, {FILE: INDICATOR.encode()}) == [
        Difference(FILE, "population.rate", "added", since="2016-01-01")
    ]
    assert differences({FILE: INDICATOR.encode()}, {})[0].what == "removed"


def test_a_code_list() -> None:
    head = "code,name_vi,name_en,parent\n"
    before, after = head + "M,Nam,Male,\nF,Nữ,Female,\n", head + "M,Nam giới,Male,\nX,Khác,Other,\n"
    found = [(each.what, each.part, each.figures) for each in compare(before, after, "codelists/CL_SEX.csv")]
    assert found == [("removed", "F", True), ("changed", "M", False), ("added", "X", True)]


def test_a_file_that_was_broken_is_compared_as_far_as_it_can_be() -> None:
    assert [each.what for each in compare("id: [", INDICATOR)]
