"""Parts that are called back from where nothing of them lies, and what parts leave behind in an area that ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.area_files import read_register
from indicators.findings import DataFault, Finding

AREAS = """\
code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
A,commune,xa,A,A,,2000-01-01,2010-01-01,
B,commune,xa,B,B,,2000-01-01,2010-01-01,
AB,commune,xa,AB,AB,,2010-01-01,2020-01-01,
A,commune,xa,A,A,,2020-01-01,,
B,commune,xa,B,B,,2020-01-01,,
C,commune,xa,C,C,,2000-01-01,,
"""
HEAD = "effective,kind,from_code,to_code,part,legal_basis,note\n"
MERGED = "2010-01-01,merger,A,AB,,,\n2010-01-01,merger,B,AB,,,\n"


def row(to: str, part: str = "", code: str = "AB", day: str = "2020-01-01") -> str:
    return f"{day},re_establishment,{code},{to},{part},,\n"


def found(folder: Path, changes: str, areas: str = AREAS) -> list[Finding]:
    (folder / "areas.csv").write_text(areas, encoding="utf-8")
    (folder / "changes.csv").write_text(HEAD + changes, encoding="utf-8")
    try:
        read_register(folder)
    except DataFault as fault:
        return list(fault.findings)
    return []


@pytest.mark.parametrize(
    "rows",
    [
        row("A", "A@2009-12-31") + row("B"),
        row("A", "A@2009-12-31") + row("B", "B@2009-12-31"),
        row("A", "A@2000-01-01") + row("B", "AB@2015-01-01"),  # what is left of what AB had
        row("A") + row("B"),
    ],
)
def test_parts_that_lie_there_are_no_fault(rows: str, tmp_path: Path) -> None:
    assert found(tmp_path, MERGED + rows) == []


def test_a_part_that_never_came_there_is_a_fault_at_its_place(tmp_path: Path) -> None:
    (fault,) = found(tmp_path, MERGED + row("A", "C@2009-12-31") + row("B"))
    assert (fault.rule, fault.line, fault.column) == (
        "change.part-elsewhere",
        4,
        len("2020-01-01,re_establishment,AB,A,") + 1,
    )
    assert fault.file == str(tmp_path / "changes.csv")
    for text in (fault.vi, fault.en):
        assert "2020-01-01" in text
        assert ": C)" in text


def test_a_part_that_was_called_back_before_is_a_fault(tmp_path: Path) -> None:
    first = row("C", "A@2009-12-31", day="2015-01-01")
    (fault,) = found(tmp_path, MERGED + first + row("A", "A@2009-12-31") + row("B"))
    assert (fault.rule, fault.line) == ("change.part-elsewhere", 5)
    assert found(tmp_path, MERGED + first + row("A", "B@2009-12-31") + row("B")) == []


def test_a_part_that_another_row_of_the_day_has_taken_is_a_fault(tmp_path: Path) -> None:
    rows = row("A", "AB@2015-01-01") + row("B", "A@2009-12-31")
    (fault,) = found(tmp_path, MERGED + rows)
    assert (fault.rule, fault.line) == ("change.part-elsewhere", 5)
    assert ": A)" in fault.en


def test_a_part_that_left_the_country_lies_nowhere(tmp_path: Path) -> None:
    areas = AREAS.replace("C,commune,xa,C,C,,2000-01-01,,", "C,commune,xa,C,C,,2000-01-01,2015-01-01,")
    gone = "2015-01-01,breakdown,C,,,,\n"
    (fault,) = found(tmp_path, MERGED + gone + row("A", "C@2009-12-31") + row("B"), areas)
    assert ": -)" in fault.en


def test_what_the_parts_leave_behind_in_an_area_that_ends_is_a_fault(tmp_path: Path) -> None:
    (fault,) = found(tmp_path, MERGED + row("A", "A@2009-12-31"))
    assert (fault.rule, fault.line, fault.column) == ("area.ended-rest", 4, len("AB,commune,xa,AB,AB,,2010-01-01,") + 1)
    assert fault.file == str(tmp_path / "areas.csv")
    lasting = AREAS.replace("AB,commune,xa,AB,AB,,2010-01-01,2020-01-01,", "AB,commune,xa,AB,AB,,2010-01-01,,")
    assert found(tmp_path, MERGED + row("A", "A@2009-12-31"), lasting) == []


WEIGHTS = "effective,from_code,to_code,basis,value,share,quality,source\n"


@pytest.mark.parametrize("rest", ["", "B@2009-12-31"])
@pytest.mark.parametrize(
    ("shares", "rule"),
    [
        ({"A": "0.4", "B": "0.6"}, ""),
        ({"A": "0.4"}, ""),
        ({"B": "0.6"}, ""),
        ({"A": "0.4", "B": "0.5"}, "weight.share-short"),
        ({"A": "0.4", "B": "0.7"}, "weight.share-sum"),
    ],
)
def test_shares_of_parts_count_like_those_of_other_rows(
    shares: dict[str, str], rule: str, rest: str, tmp_path: Path
) -> None:
    rows = [f"2020-01-01,AB,{code},population,,{share},measured,\n" for code, share in shares.items()]
    (tmp_path / "weights.csv").write_text(WEIGHTS + "".join(rows), encoding="utf-8")
    faults = found(tmp_path, MERGED + row("A", "A@2009-12-31") + row("B", rest))
    assert [(fault.rule, fault.line) for fault in faults] == ([(rule, 3)] if rule else [])


def test_an_area_that_keeps_the_rest_of_its_parts_needs_no_whole(tmp_path: Path) -> None:
    share = "2020-01-01,AB,A,population,,0.4,measured,\n"
    (tmp_path / "weights.csv").write_text(WEIGHTS + share, encoding="utf-8")
    lasting = AREAS.replace("AB,commune,xa,AB,AB,,2010-01-01,2020-01-01,", "AB,commune,xa,AB,AB,,2010-01-01,,")
    assert found(tmp_path, MERGED + row("A", "A@2009-12-31"), lasting) == []
