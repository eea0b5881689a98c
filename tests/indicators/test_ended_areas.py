"""Areas that ended: their land is said to go somewhere, or the register is at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.area_files import read_register
from indicators.findings import DataFault, Finding

HEAD = "code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis\n"
CHANGES = "effective,kind,from_code,to_code,part,legal_basis,note\n"
A, B = "A,commune,xa,A,A,,2000-01-01,2010-01-01,\n", "B,commune,xa,B,B,,2000-01-01,2010-01-01,\n"
AB, C = "AB,commune,xa,AB,AB,,2010-01-01,,\n", "C,commune,xa,C,C,,2000-01-01,,\n"
MERGED = "2010-01-01,merger,A,AB,,,\n", "2010-01-01,merger,B,AB,,,\n"


def found(folder: Path, areas: str, changes: str | None) -> list[Finding]:
    (folder / "areas.csv").write_text(HEAD + areas, encoding="utf-8")
    if changes is not None:
        (folder / "changes.csv").write_text(CHANGES + changes, encoding="utf-8")
    try:
        read_register(folder)
    except DataFault as fault:
        return list(fault.findings)
    return []


def brief(findings: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [(finding.rule, Path(finding.file).name, finding.line) for finding in findings]


def test_an_area_that_ends_without_a_row_is_named_with_its_line(tmp_path: Path) -> None:
    (fault,) = found(tmp_path, A + B + AB + C, MERGED[0])
    assert brief([fault]) == [("area.ended", "areas.csv", 3)]
    assert fault.column == len("B,commune,xa,B,B,,2000-01-01,") + 1
    assert fault.ref_area == "B"
    for text in (fault.vi, fault.en):
        assert "2010-01-01" in text
        assert "to_code" in text


def test_all_of_them_at_once(tmp_path: Path) -> None:
    assert brief(found(tmp_path, A + B + AB + C, "2010-01-01,takeover,,AB,,,\n")) == [
        ("area.ended", "areas.csv", 2), ("area.ended", "areas.csv", 3)]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [MERGED[0] + MERGED[1], MERGED[0] + "2010-01-01,breakdown,B,,,,\n"],
    ids=["merged", "land that leaves on purpose"],
)
def test_a_row_says_where_the_land_went(changes: str, tmp_path: Path) -> None:
    assert found(tmp_path, A + B + AB + C, changes) == []


def test_a_row_of_another_day_says_nothing(tmp_path: Path) -> None:
    earlier = C.replace("2000-01-01,,", "2000-01-01,,") + B.replace("2010-01-01", "2012-01-01")
    assert brief(found(tmp_path, earlier, "2009-01-01,transfer,B,C,,,\n2009-01-01,transfer,B,B,,,\n")) == [
        ("area.ended", "areas.csv", 3)]  # fmt: skip


def test_the_next_version_keeps_the_land_and_a_gap_does_not(tmp_path: Path) -> None:
    assert found(tmp_path, B + "B,commune,phuong,B,B,,2010-01-01,,\n", "") == []
    assert brief(found(tmp_path, B + "B,commune,phuong,B,B,,2010-01-02,,\n", "")) == [("area.ended", "areas.csv", 2)]


def test_without_a_file_of_changes_one_fault_a_day_says_so(tmp_path: Path) -> None:
    (fault,) = found(tmp_path, C + A + B + AB, None)
    assert brief([fault]) == [("area.ended-no-changes", "areas.csv", 3)]
    assert "2 areas" in fault.en
    assert "2 địa bàn" in fault.vi
    assert found(tmp_path, C, None) == []


def under(areas: str, parent: str) -> str:
    return areas.replace(",,2000-01-01", f",{parent},2000-01-01")


PROVINCE = "P,province,tinh,P,P,,2000-01-01,,\n"
DISTRICT = "D,district,huyen,D,D,P,2000-01-01,2010-01-01,\n"


def test_a_level_that_is_known_no_more_falls_to_the_area_above(tmp_path: Path) -> None:
    assert found(tmp_path, PROVINCE + under(A + B, "P"), "") == []
    assert found(tmp_path, PROVINCE + DISTRICT + under(A + B, "D"), "") == []
    assert brief(found(tmp_path, PROVINCE + under(A + B + C, "P"), "")) == [
        ("area.ended", "areas.csv", 3), ("area.ended", "areas.csv", 4)]  # fmt: skip


def test_a_district_that_ends_needs_no_row_where_its_communes_have_theirs(tmp_path: Path) -> None:
    areas = PROVINCE + DISTRICT + under(A + B, "D") + AB.replace(",,2010", ",P,2010")
    assert found(tmp_path, areas, MERGED[0] + MERGED[1]) == []
    assert brief(found(tmp_path, areas, MERGED[0])) == [("area.ended", "areas.csv", 5)]


def test_a_broken_row_is_one_fault_and_not_two(tmp_path: Path) -> None:
    for broken in (MERGED[1].replace("merger", "fusion"), MERGED[1].replace("B,AB", "B,XY"), MERGED[1].rstrip(",\n")):
        faults = brief(found(tmp_path, A + B + AB + C, MERGED[0] + broken.rstrip("\n") + "\n"))
        assert [(file, line) for _, file, line in faults] == [("changes.csv", 3)]
    assert [file for _, file, _ in brief(found(tmp_path, A.replace(",A,A", ",,") + B + AB + C, MERGED[1]))] == [
        "areas.csv"]  # fmt: skip
    orphan = under(B, "Q")
    assert [rule for rule, _, _ in brief(found(tmp_path, orphan + C, ""))] == ["area.parent"]
