"""`chitieu restate` names the land that is in no area any more, with the figures that it takes along."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from console.main import run

AREAS = """\
code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
A,commune,xa,Xã A,,,2000-01-01,,
C,commune,xa,Xã C,,,2000-01-01,2010-01-01,
D,commune,xa,Xã D,,,2000-01-01,,
"""
CHANGES = """\
effective,kind,from_code,to_code,part,legal_basis,note
2010-01-01,breakdown,C,,,NQ 1,
2010-01-01,split_off,D,,,NQ 1,
2010-01-01,split_off,D,D,,NQ 1,
"""
MEASURE = """\
id: vital.{id}
name: {{vi: Số trẻ sinh, en: Births}}
unit: PERSON
decimals: 0
level: commune
areas: {{rule: sum}}
time: {{rule: stock}}
"""
ROWS = [("A", "2009", 1), ("C", "2009", 30), ("D", "2009", 8)]
ASKED = ("--from", "2009-12-31", "--to", "2010-01-01")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    texts = {"areas/areas.csv": AREAS, "areas/changes.csv": CHANGES}
    texts |= {f"measures/vital/{name}.yaml": MEASURE.format(id=name) for name in ("births", "deaths")}
    for name, text in texts.items():
        file = tmp_path / "catalog" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def messages(workspace: Path, *words: str, lang: str = "en") -> str:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert run(["--workspace", str(workspace), "--lang", lang, *words]) == 0, err.getvalue()
    return err.getvalue()


def told(text: str) -> list[str]:
    return [line for line in text.splitlines() if "[restate.left]" in line]


def test_the_areas_and_the_amounts_are_named(workspace: Path) -> None:
    file = workspace / "births.csv"
    file.write_text("ref_area,time_period,obs_value\n" + "".join(f"{a},{t},{v}\n" for a, t, v in ROWS), "utf-8")
    asked = ("restate", str(file), "--measure", "vital.births", *ASKED)
    said = messages(workspace, *asked)
    (line,) = told(said)
    assert line.startswith("vital.births 2009: land that is in no area on 2010-01-01")
    assert "in no row: C 30, D 0…8 " in line
    assert "total 39 = 1 (valued) + 0 (in areas without a value) + 8 (unallocated) + 30 (left every area)" in said
    assert "+ 30 (không thuộc địa bàn nào nữa)" in messages(workspace, *asked, lang="vi")


def test_nothing_is_said_where_nothing_left(workspace: Path) -> None:
    file = workspace / "births.csv"
    file.write_text("ref_area,time_period,obs_value\nA,2009,1\n", "utf-8")
    said = messages(workspace, "restate", str(file), "--measure", "vital.births", *ASKED)
    assert told(said) == []
    assert "left every area" not in said


def test_a_file_of_many_measures_is_told_the_same(workspace: Path) -> None:
    names = ("vital.births", "vital.deaths")
    rows = [(name, area, period, Decimal(value)) for name in names for area, period, value in ROWS]
    frame = pl.DataFrame(rows, schema=["measure", "ref_area", "time_period", "obs_value"], orient="row")
    frame.with_columns(pl.col("obs_value").cast(pl.Decimal(38, 9))).write_parquet(workspace / "in.parquet")
    files = str(workspace / "in.parquet"), "--measure", "all", *ASKED, "-o", str(workspace / "out.parquet")
    lines = told(messages(workspace, "restate", *files))
    assert [line.split(" 2009: ")[0] for line in lines] == list(names)
    assert all("C 30, D 0…8 " in line for line in lines)
