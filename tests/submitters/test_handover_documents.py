"""Handover documents: safe whatever the names are, the same bytes each time, and figures that add up in Excel."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.handover_question import HandoverQuestion
from engine.handover_record import (
    Flow,
    Handover,
    LeftOut,
    MeasureRecord,
    MissingSource,
    NewFigure,
    NewLand,
    OldFigure,
    Total,
)
from indicators.areas import Area, Register
from indicators.catalog import Catalog
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name, Unit
from indicators.findings import UsageFault
from submitters.handover import handover_document

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
TRAP = '=HYPERLINK("http://x")<script>alert(1)</script>'
PERSON = Unit("PERSON", Name("người", "persons"), Name("người", "persons"))
CATALOG = Catalog(
    Path(), Register(()), {}, {},
    {"CL_SEX": Codelist("CL_SEX", {"F": Code("F", Name("Nữ", "Female"))})}, {}, {"PERSON": PERSON}, {}, {},
)  # fmt: skip
PEOPLE = Measure(
    "people", Name("Dân số", "People"), "PERSON", 1, "commune", AreaRule("sum"), "stock", {"sex": "CL_SEX"}
)
SCORE = replace(PEOPLE, id="score", name=Name("Điểm", "Score"), areas=AreaRule("none"), dimensions={})


def flow(to: str, share: Fraction | None, given: str | None, most: str = "10.5") -> Flow:
    amount = None if given is None else Decimal(given)
    least = amount if amount is not None else Decimal(0)
    quality = "unknown" if share is None else "measured"
    upper = Fraction(1) if share is None else share
    return Flow(to, TRAP, share, Fraction(0), upper, quality, ("1/NQ",), amount, least, amount or Decimal(most))


def old(measure_flows: tuple[Flow, ...], value: str | None, left: str | None, dimensions: str = "sex=F") -> OldFigure:
    return OldFigure(
        "00123", TRAP, "2024", dimensions, None if value is None else Decimal(value), "A" if value else "O", None,
        "f.csv:7", "load1", "f.csv", "ab" * 32, measure_flows, None if left is None else Decimal(left),
    )  # fmt: skip


def new(
    code: str, value: str | None, lower: str | None, upper: str | None, status: str, basis: str, coverage: str
) -> NewFigure:
    numbers = [None if number is None else Decimal(number) for number in (value, lower, upper)]
    return NewFigure("commune", code, TRAP, "2024", "", *numbers, status, basis, Decimal(coverage))


@pytest.fixture
def record() -> Handover:
    here = Area("00123", "commune", "xa", TRAP, "X Commune", "", OLD, NEW)
    people = MeasureRecord(
        PEOPLE, OLD, "commune",
        (
            old((flow("00456", Fraction(1, 3), "3.5"), flow("00789", Fraction(2, 3), "7.0")), "10.5", "0"),
            old((flow("00456", None, None), flow("00789", None, None)), "10.5", "10.5", ""),
            old((flow("00456", None, None),), None, None, "sex=X"),
        ),
        (Total("commune", "2024", "sex=F", 1, Decimal("10.5"), Decimal("10.5"), Decimal(0), Decimal(0)),),
        (
            new("00456", None, "1", "2", "O", "partial", "0.98"),
            new("00789", "1234567.5", "1", None, "E", "estimated", "1"),
        ),
        (MissingSource("00999", TRAP, "2024", None), MissingSource("00998", TRAP, "2024", "sex=F")),
        (Name(TRAP, "why"),),
    )  # fmt: skip
    kept = old((replace(flow("00456", Fraction(1), None), least=None, most=None),), "6.5", None, "")
    refused = new("00456", None, None, None, "M", "refused", "1")
    score = MeasureRecord(SCORE, OLD, "commune", (kept,), (), (refused,), (), ())
    return Handover(
        HandoverQuestion(here, OLD, NEW), (here,), ("1/NQ",), (people, score),
        (NewLand("00456", TRAP, ("2/NQ",), "bãi bồi"),), (LeftOut(SCORE, Name("không có", "none")),),
    )  # fmt: skip


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.widths: list[list[int]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page_of(record: Handover) -> str:
    return handover_document(record, CATALOG, Path("a.html")).decode()


def sheets(record: Handover) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(handover_document(record, CATALOG, Path("a.xlsx"))))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def test_the_page_is_well_formed_safe_and_loads_nothing(record: Handover) -> None:
    text = page_of(record)
    page = Page(text)
    assert page.open == []
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "form", "a"}
    assert not [name for _, attrs in page.tags for name in attrs if name in ("src", "href") or name.startswith("on")]
    assert not re.search(r"url\(|@import", text)


def test_every_row_of_a_table_is_as_wide_as_its_head(record: Handover) -> None:
    for table in re.findall(r"<table>.*?</table>", page_of(record), re.DOTALL):
        head, *body = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        width, waiting = len(re.findall(r"<th ", head)), list[list[int]]()
        for row in body:
            cells = [
                (int((re.search(r'colspan="(\d+)"', one) or [0, "1"])[1]),
                 int((re.search(r'rowspan="(\d+)"', one) or [0, "1"])[1]))
                for one in re.findall(r"<t[dh]([^>]*)>", row)
            ]  # fmt: skip
            kept = sum(columns for columns, _ in waiting)
            assert sum(columns for columns, _ in cells) + kept == width, row
            waiting = [[columns, rows - 1] for columns, rows in waiting] + [[c, r - 1] for c, r in cells if r > 1]
            waiting = [one for one in waiting if one[1] > 0]


def test_the_page_says_what_a_reader_needs(record: Handover) -> None:
    text = page_of(record)
    for words in ("30/06/2025", "01/07/2025", "1/3", "2/3", "chưa rõ", "từ 0,0 đến 10,5", "Nữ", "cân", "từ chối",
                  "1.234.567,5", "từ 1,0 đến 2,0", "98 %", "00999", "mọi phân tổ", "f.csv:7 [1]", "ab" * 32, "load1",
                  "bãi bồi", "Bên giao", "Bên nhận", "Cơ quan chứng kiến", "Họ tên", "Chức vụ",
                  "chưa ai ký"):  # fmt: skip
        assert words in text, words
    assert text.count(hashlib.sha256(handover_document(record, CATALOG, Path("a.txt"))).hexdigest()) == 2


@pytest.mark.parametrize("suffix", [".html", ".xlsx", ".txt"])
def test_the_same_record_gives_the_same_bytes(record: Handover, suffix: str) -> None:
    first = handover_document(record, CATALOG, Path(f"a{suffix}"))
    assert handover_document(replace(record), CATALOG, Path(f"b{suffix.upper()}")) == first


def test_the_workbook_keeps_codes_as_text_and_makes_no_formula(record: Handover) -> None:
    book = openpyxl.load_workbook(io.BytesIO(handover_document(record, CATALOG, Path("a.xlsx"))))
    for page in book:
        assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}
    rows = sheets(record)["Số liệu"]
    assert [row[4] for row in rows[1:3]] == ["00123", "00123"]
    assert [row[12] for row in rows[1:3]] == ["00456", "00789"]
    assert rows[1][5] == TRAP


def test_the_columns_of_the_workbook_add_up(record: Handover) -> None:
    rows = [dict(zip(sheets(record)["Số liệu"][0], row, strict=True)) for row in sheets(record)["Số liệu"][1:]]
    people = [row for row in rows if row["Đại lượng"] == "people"]
    assert sum(row["Số liệu"] or 0 for row in people) == 21
    assert sum(row["Số giao"] or 0 for row in people) == 10.5
    assert sum(row["Chưa phân bổ"] or 0 for row in people) == 10.5
    unknown = [row for row in people if row["Tỷ lệ"] == "chưa rõ"]
    assert [(row["Số giao"], row["Ít nhất"], row["Nhiều nhất"]) for row in unknown] == [(None, 0, 10.5)] * 3
    assert people[0]["SHA-256 của tệp"] == "ab" * 32


def test_the_workbook_has_the_fingerprint_the_gaps_and_room_to_sign(record: Handover) -> None:
    pages = sheets(record)
    front = {row[0]: row[1] for row in pages["Biên bản"] if row[0]}
    assert (
        front["SHA-256 của dữ liệu / of the data"]
        == hashlib.sha256(handover_document(record, CATALOG, Path("a.txt"))).hexdigest()
    )
    assert [row[0] for row in pages["Biên bản"]].count("Họ tên / Name") == 3
    assert [(row[0], row[2]) for row in pages["Thiếu và từ chối"][1:]] == [
        ("Lưu ý", None), ("Nguồn thiếu", "00999"), ("Nguồn thiếu", "00998"), ("Không có trong biên bản", None),
    ]  # fmt: skip
    assert pages["Tổng hai bên"][1][5:] == (10.5, 10.5, 0, 0, "cân")
    assert pages["Tệp nguồn"][1] == ("f.csv", "load1", "ab" * 32, 4)


def test_a_long_figure_is_text_in_excel_so_that_no_digit_is_lost(record: Handover) -> None:
    one = replace(record.measures[0].figures[0], obs_value=Decimal("1234567890123456.5"))
    long = replace(record, measures=(replace(record.measures[0], figures=(one,)),))
    assert sheets(long)["Số liệu"][1][8] == "1.234.567.890.123.456,5"


def test_another_form_is_refused_with_those_that_there_are(record: Handover) -> None:
    with pytest.raises(UsageFault, match=r"\.html, \.xlsx, \.txt"):
        handover_document(record, CATALOG, Path("a.docx"))


def test_a_record_without_any_figure_still_says_so(record: Handover) -> None:
    assert "Kho không có số liệu nào" in page_of(replace(record, measures=()))
