"""`chitieu handover` on a month whose window, 15 June to 14 July 2025, crosses the change of boundaries."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import openpyxl
import pytest

from console.shipped import copy_catalog
from terminal.command import chitieu

FIGURES = Path(__file__).parents[2] / "figures" / "budget.csv"
MODEL = """id: budget_monthly
name: {vi: Chi ngân sách hằng tháng, en: Monthly expenditure}
source: Bộ Tài chính
area_basis: "2025-06-30"
when_bad: refuse_file
layout: long
items: {"": {measure: budget.expenditure}}
dimensions: {budget_stage: budget_stage}
"""
CALENDAR = ("--calendar", "nd09_2019")
MERGED, KEPT = ("10", "15"), "04"
"""Lào Cai and Yên Bái, which became one; Cao Bằng, which kept its land."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with the real expenditure of three provinces, as that of June and July 2025."""
    made = tmp_path_factory.mktemp("breaks")
    chitieu(made, "init", str(made / "workspace"))
    made /= "workspace"
    copy_catalog(made)
    (made / "catalog" / "models" / "budget_monthly.yaml").write_text(MODEL, encoding="utf-8")
    with FIGURES.open(encoding="utf-8") as budget:
        real = {row["province_code"]: row["value"] for row in csv.DictReader(budget)
                if (row["year"], row["indicator"]) == ("2017", "plan_expenditure")}  # fmt: skip
    rows = [f"{code},{month},PLAN,{real[code]}" for code in (*MERGED, KEPT) for month in ("2025-06", "2025-07")]
    file = made / "monthly.csv"
    file.write_text("\n".join(["ref_area,time_period,budget_stage,obs_value", *rows, ""]), encoding="utf-8")
    chitieu(made, "load", str(file), "--dataset", "budget_monthly")
    return made


def made(folder: Path, name: str, code: str, *more: str) -> Path:
    file = folder / name
    chitieu(folder, "handover", code, "--on", "2025-07-01", "-o", str(file), *more)
    return file


def statuses(folder: Path, code: str, *more: str) -> dict[str, str]:
    lines = [line.split("\t") for line in made(folder, "a.txt", code, *more).read_text("utf-8").splitlines()]
    return {line[3]: line[8] for line in lines if line[0] == "result"}


def test_only_the_month_that_crosses_the_change_is_marked_and_only_where_land_changed(folder: Path) -> None:
    assert statuses(folder, "15", *CALENDAR) == {"2025-06": "A", "2025-07": "B"}
    assert statuses(folder, KEPT, *CALENDAR) == {"2025-06": "A", "2025-07": "A"}
    assert statuses(folder, "15") == {"2025-06": "A", "2025-07": "A"}  # July's own days begin with the change


def test_the_text_names_the_break_and_the_fingerprint_covers_it(folder: Path) -> None:
    text = made(folder, "a.txt", "15", *CALENDAR).read_text("utf-8")
    assert "break\tprovince\t15\t2025-07\n" in text
    assert text.count("break\t") == 1
    assert hashlib.sha256(text.encode()).hexdigest() in made(folder, "a.html", "15", *CALENDAR).read_text("utf-8")


def test_the_page_says_what_restating_says(folder: Path) -> None:
    page = made(folder, "a.html", "15", *CALENDAR).read_text("utf-8")
    assert "(B: đứt đoạn chuỗi số liệu)" in page
    assert "budget.expenditure 2025-07: kỳ số liệu vắt qua ngày đổi địa giới, 1 địa bàn (15)" in page
    assert "mã địa bàn được hiểu theo ngày 2025-06-30" in page
    assert "đứt đoạn" not in made(folder, "b.html", KEPT, *CALENDAR).read_text("utf-8")


def test_the_workbook_marks_the_figure_and_tells_why(folder: Path) -> None:
    book = openpyxl.load_workbook(made(folder, "a.xlsx", "15", *CALENDAR))
    head, *rows = book["Số của địa bàn nhận"].iter_rows(values_only=True)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["Kỳ"], row["Trạng thái"]) for row in found] == [("2025-06", "A"), ("2025-07", "B")]
    told = [row[6] for row in book["Thiếu và từ chối"].iter_rows(values_only=True) if row[0] == "Lưu ý"]
    assert any("2025-07: kỳ số liệu vắt qua" in str(text) for text in told)


def test_a_calendar_that_there_is_not_is_told(folder: Path) -> None:
    more = ("-o", str(folder / "c.html"), "--calendar", "x")
    assert "nd09_2019" in chitieu(folder, "handover", "15", "--on", "2025-07-01", *more, code=2)
