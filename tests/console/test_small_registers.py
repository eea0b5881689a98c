"""What is said where a register is small: no weights, communes without a province, one that was cut."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from terminal.command import chitieu, chitieu_apart

AREAS = """\
code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
A,commune,xa,Xã A,A,,2000-01-01,2010-01-01,
B,commune,xa,Xã B,B,,2000-01-01,2010-01-01,
C,commune,xa,Xã C,C,,2000-01-01,2010-01-01,
AB,commune,xa,Xã AB,AB,,2010-01-01,,
C1,commune,xa,Xã C1,C1,,2010-01-01,,
C2,commune,xa,Xã C2,C2,,2010-01-01,,
"""
CHANGES = """\
effective,kind,from_code,to_code,part,legal_basis,note
2010-01-01,merger,A,AB,,NQ 1,
2010-01-01,merger,B,AB,,NQ 1,
2010-01-01,breakdown,C,C1,,NQ 1,
2010-01-01,breakdown,C,C2,,NQ 1,
"""
MEASURE = """\
id: vital.{name}
name: {{vi: Số, en: Number}}
unit: PERSON
decimals: 0
level: commune
areas: {{rule: sum}}
time: {{rule: flow}}
{more}
"""
MEASURES = {
    "births": "split: {weight: population}",
    "moves": "internal_flow: {counterpart: ref_area_to}",
    "certain": "split: {refuse: true}",
}
DAYS = ("--from", "2009-12-31", "--to", "2010-01-01")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    texts = {"areas/areas.csv": AREAS, "areas/changes.csv": CHANGES}
    texts |= {f"measures/vital/{name}.yaml": MEASURE.format(name=name, more=more) for name, more in MEASURES.items()}
    for name, text in texts.items():
        file = tmp_path / "catalog" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    rows = "ref_area,time_period,obs_value\nA,2005,3\nB,2005,4\nC,2005,5\n"
    (tmp_path / "in.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def said(workspace: Path, capsys: pytest.CaptureFixture[str], measure: str, *, lang: str = "en") -> str:
    from console.main import run

    words = ["restate", str(workspace / "in.csv"), "--measure", f"vital.{measure}", *DAYS]
    assert run(["--workspace", str(workspace), "--lang", lang, *words]) == 0
    return capsys.readouterr().err


def test_absent_weights_are_mentioned_where_they_matter(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "không có weights.csv" in said(workspace, capsys, "births", lang="vi")
    assert "has no weights.csv: pieces of areas that were cut only have bounds" in said(workspace, capsys, "births")
    assert "weights.csv" not in said(workspace, capsys, "certain")
    header = "effective,from_code,to_code,basis,value,share,quality,source\n"
    (workspace / "catalog" / "areas" / "weights.csv").write_text(header, encoding="utf-8")
    assert "weights.csv" not in said(workspace, capsys, "births")


def test_totals_of_moves_are_refused_in_words_of_their_own_for_pieces(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = (line for line in said(workspace, capsys, "moves").splitlines() if "flow-without" in line)
    merged, _, pieces = line.partition(". ")
    assert "for 1 areas (AB): moves between the areas that became one" in merged
    assert "such as A→B, B→A" in merged
    assert "between 2 areas (C1, C2) that are pieces of areas that were cut (C)" in pieces
    assert "phần của địa bàn bị chia (C)" in said(workspace, capsys, "moves", lang="vi")


def test_a_commune_without_a_province_has_none(workspace: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(chitieu(workspace, "areas", "missing-weights", "--format", "csv")))
    assert (row["from_area"], row["province"]) == ("C", "")


def test_codes_of_another_level_are_told_of_the_option(workspace: Path) -> None:
    areas = workspace / "catalog" / "areas" / "areas.csv"
    areas.write_text(
        AREAS.replace("A,,2000", "A,P,2000").replace("AB,,", "AB,P,") + "P,province,tinh,Tỉnh P,P,,2000-01-01,,\n",
        encoding="utf-8",
    )
    (workspace / "in.csv").write_text("ref_area,time_period,obs_value\nP,2005,3\n", encoding="utf-8")
    told = chitieu_apart(
        workspace, "restate", str(workspace / "in.csv"), "--measure", "vital.births", *DAYS, code=1
    )  # fmt: skip
    assert "level province), but vital.births is read at level commune" in told
    assert "restate --level province" in told
