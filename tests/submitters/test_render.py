"""Documents: valid, readable, safe, and the same bytes for the same form."""

import csv
import io
import json
import re
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest

from indicators.catalog import Catalog
from indicators.findings import DataFault, UsageFault
from submitters.documents import read_document
from submitters.fill import fill
from submitters.form import FilledReport, Reporter, Value
from submitters.render import render


@pytest.fixture
def form(catalog: Catalog, values: list[Value]) -> FilledReport:
    return fill(catalog.reports["bao_cao_nam"], "2024", catalog, values, Reporter("T15", "<script>alert(1)</script>"))


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_json_is_valid_and_exact(form: FilledReport) -> None:
    document = read_document(render(form, "json"))
    text: Any = document
    assert text["period"]["window_from"] == "2023-12-15"
    assert text["period"]["deadline"] == "2024-12-25"
    assert text["data"][1]["values"][3] == {
        "column": "c4", "obs_value": "13257.0", "obs_lower": "13257.0", "obs_upper": "13257.0", "obs_status": "A",
        "basis": "exact", "coverage": "1.000000",
    }  # fmt: skip
    assert text["data"][2]["name"]["vi"] == 'Tỉnh Ea H\'Leo & <b>"đèo"</b>'
    assert "không phải bộ trường của QCVN" in text["notice"]["vi"]
    assert all(isinstance(one["obs_value"], str | None) for row in text["data"] for one in row["values"])


@pytest.mark.parametrize("as_form", ["json", "html", "xlsx", "sdmx-csv"])
def test_the_same_form_gives_the_same_bytes(form: FilledReport, as_form: str) -> None:
    assert render(form, as_form) == render(deepcopy(form), as_form)


def test_the_page_escapes_names_and_loads_nothing(form: FilledReport) -> None:
    text = render(form, "html").decode()
    page = Page(text)
    assert page.open == []
    assert "<script>" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not [value for _, attrs in page.tags for name, value in attrs.items() if name in ("src", "href")]
    assert not re.search(r"url\(|@import|https?://", text)


def test_the_page_is_accessible(form: FilledReport) -> None:
    page = Page(render(form, "html").decode())
    assert ("html", {"lang": "vi"}) in page.tags
    heads = [attrs for tag, attrs in page.tags if tag == "th"]
    assert all(attrs.get("scope") in ("col", "row") for attrs in heads)
    assert {"caption", "main", "h1", "title", "thead", "tbody", "tfoot"} <= {tag for tag, _ in page.tags}
    assert {attrs.get("lang") for tag, attrs in page.tags if attrs.get("class") == "en"} == {"en"}


def test_the_page_speaks_vietnamese(form: FilledReport) -> None:
    text = render(form, "html").decode()
    for said in (
        "8.717.600", "13.257,0", "1.778.800 <span class=\"small\">(SB)</span>", "từ 77.000 đến 99.001", "…",
        "không tính được", "điểm khảo sát không cộng được", "25/12/2024", "Năm 2024", "01/07/2025",
        "số liệu kỳ 2016", "chưa đủ (2/3 đơn vị)", "không cộng", "13.843.300", "chưa đối chiếu văn bản gốc", "sơ bộ",
        "Thủ trưởng đơn vị",
    ):  # fmt: skip
        assert said in text, said


def test_sdmx_csv_keeps_codes_and_has_a_row_for_each_cell(form: FilledReport) -> None:
    rows = list(csv.DictReader(io.StringIO(render(form, "sdmx-csv").decode())))
    assert len(rows) == 15
    assert {row["REF_AREA"] for row in rows} == {"01", "15", "66"}
    assert [row["OBS_VALUE"] for row in rows if row["INDICATOR"] == "governance.pci"] == ["60.74", "", "58.62"]
    assert {row["TIME_PERIOD"] for row in rows if row["INDICATOR"] == "governance.pci"} == {"2016"}


def test_the_workbook_holds_codes_as_text_and_no_formula(
    catalog: Catalog, values: list[Value], make_value: Callable[..., Value]
) -> None:
    form = fill(catalog.reports["bao_cao_nam"], "2024", catalog, values, Reporter("x", "=cmd|' /C calc'!A1"))
    book = openpyxl.load_workbook(io.BytesIO(render(form, "xlsx")))
    page = book["Số liệu"]
    rows = {row[0].value: row for row in page.iter_rows(min_row=5)}
    assert rows["01"][2].value == 8717600
    assert rows["15"][4].value == "từ 77.000 đến 99.001 (MP)"
    assert rows["15"][6].value == "không tính được"
    assert rows["66"][3].value == "…"
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    ("lower", "said"),
    [("519700", "ít nhất 519.700 (MP; 98,7 % nguồn)"), ("0", "chưa đủ (MP; 98,7 % nguồn)")],
)
def test_an_open_bound_says_how_many_sources_reported(
    catalog: Catalog, values: list[Value], make_value: Callable[..., Value], lower: str, said: str
) -> None:
    bound = {"obs_lower": Decimal(lower), "obs_upper": None, "coverage": Decimal("0.987654")}
    values[0] = make_value("population.total_mean", "01", None, "partial", **bound)
    form = fill(catalog.reports["bao_cao_nam"], "2024", catalog, values, Reporter("x", "x"))
    page = re.sub(r"</?span[^>]*>", "", render(form, "html").decode())
    assert said in page
    book = openpyxl.load_workbook(io.BytesIO(render(form, "xlsx")))
    assert book["Số liệu"].cell(5, 3).value == said
    total = form.columns[0].total
    assert total is not None
    assert (total.obs_value, total.obs_upper, total.counted) == (None, None, 2)


def test_what_is_not_there_yet_is_said_with_what_is(form: FilledReport) -> None:
    for as_form in ("xml", "sdmx-ml", "pdf"):
        with pytest.raises(UsageFault, match="not yet available; there are: json, html"):
            render(form, as_form)
    with pytest.raises(UsageFault, match="unknown"):
        render(form, "docx")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda text: text.replace('"2024-12-25"', '"2024-13-25"'), r"\$\.period\.deadline"),
        (lambda text: text.replace('"obs_value": "8717600"', '"obs_value": 8717600'), r"obs_value: not as"),
        (lambda text: text.replace('"obs_value": "8717600"', '"obs_value": "8.717.600"'), r"obs_value: not as"),
        (lambda text: text.replace('"receiver"', '"recipient"'), r"recipient"),
        (lambda text: text.replace('"totals"', '"data"'), r"duplicate key: data"),
        (lambda text: text.replace('"decimals": 0', '"decimals": NaN'), r"NaN is not a JSON number"),
        (lambda text: text[:-200], r"document\.not-json"),
        (lambda text: "[" * 100_000, r"document\.not-json"),
        (lambda text: "", r"document\.not-json"),
        (lambda text: "[]", r"not as the report schema says"),
        (lambda text: json.dumps({}), r"'reporter' is a required property"),
    ],
)
def test_a_document_that_is_not_as_the_schema_says_is_refused_with_its_place(
    form: FilledReport, change: Callable[[str], str], place: str
) -> None:
    text = render(form, "json").decode()
    assert change(text) != text
    with pytest.raises(DataFault, match=place):
        read_document(change(text).encode())


def test_bytes_that_are_not_utf_8_are_refused(form: FilledReport) -> None:
    with pytest.raises(DataFault, match=r"document\.not-json"):
        read_document(render(form, "json").decode().encode("utf-16"))
