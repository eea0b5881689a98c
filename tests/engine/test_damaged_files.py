"""Damaged inputs: each ends in a clear finding and exit code 1, with the good rows kept or the file refused whole."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.cell.cell import Cell

from engine.lake import reading
from engine.load import LoadResult, load
from engine.views import create_views
from engine.workspace import Workspace
from indicators.catalog import Catalog

HEADER = "ref_area,time_period,sex,obs_value,obs_status,name,note"
GOOD = ("00001,2024,F,120,A,Phường Phúc Xá,x", "00004,2024,M,95,,Trúc Bạch,")
TODAY = date(2026, 3, 1)


@dataclass(frozen=True)
class Damage:
    """A damaged file: its content, the rule that must be named, and how many of its figures are good."""

    content: bytes
    rule: str
    kept: int = 0
    name: str = "file.csv"


def text(*rows: str, header: str = HEADER, good: tuple[str, ...] = GOOD) -> bytes:
    return ("\n".join([header, *good, *rows]) + "\n").encode()


def row(rule: str, line: str, kept: int = 2) -> Damage:
    """Two good rows and a bad one."""
    return Damage(text(line), rule, kept)


def value(rule: str, figure: str) -> Damage:
    return row(rule, f'00006,2024,F,"{figure}",A,,')


def workbook(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.split(","))
    for line in GOOD:
        sheet.append([cell or None for cell in line.split(",")])
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_cells(**cells: object) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        for place, content in cells.items():
            book.active[place] = content

    return workbook(change)


def error_cell(book: openpyxl.Workbook) -> None:
    book.active.append(["00006", "2024", "F"])
    cell: Cell = book.active["D4"]
    cell.value, cell.data_type = "#DIV/0!", "e"


def title_above(book: openpyxl.Workbook) -> None:
    book.active.insert_rows(1)
    book.active["A1"] = "Số trẻ sinh năm 2024"


def parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def births_frame(**columns: object) -> pl.DataFrame:
    plain: dict[str, object] = {"ref_area": ["00001"], "time_period": ["2024"], "sex": ["F"], "obs_value": ["5"]}
    return pl.DataFrame({**plain, **columns})


def swollen_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as entry:
            for _ in range(40):
                entry.write(b"\0" * 1_000_000)
    return stream.getvalue()


def plain_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("readme.txt", "x")
    return stream.getvalue()


def truncated(content: bytes, share: float = 0.6) -> bytes:
    return content[: int(len(content) * share)]


AREAS = {
    "unknown code": row("load.unknown-area", "99999,2024,F,1,A,,"),
    "code in words": row("load.unknown-area", "Phúc Xá,2024,F,1,A,,"),
    "leading zeros lost": row("load.unknown-area", "6,2024,F,1,A,,"),
    "code as a float": row("load.unknown-area", "6.0,2024,F,1,A,,"),
    "code with an apostrophe": row("load.unknown-area", "'00006,2024,F,1,A,,"),
    "code in full-width digits": row("load.unknown-area", "００００６,2024,F,1,A,,"),
    "two codes in a cell": row("load.unknown-area", "00006 00007,2024,F,1,A,,"),
    "no code": row("load.no-area", ",2024,F,1,A,,"),
    "blank code": row("load.no-area", "   ,2024,F,1,A,,"),
    "province where a commune is due": row("load.area-level", "01,2024,F,1,A,,"),
    "district where a commune is due": row("load.area-level", "001,2024,F,1,A,,"),
    "a neighbour's name": row("load.area-name", "00006,2024,F,1,A,Phường Cống Vị,"),
    "a name of nowhere": row("load.area-name", "00006,2024,F,1,A,Không Đâu,"),
    "name and code swapped": row("load.unknown-area", "Vĩnh Phúc,2024,F,1,A,00006,"),
}
PERIODS = {
    "no period": row("load.no-period", "00006,,F,1,A,,"),
    "month 13": row("load.period", "00006,2024-13,F,1,A,,"),
    "day that is none": row("load.period", "00006,2024-02-30,F,1,A,,"),
    "quarter 5": row("load.period", "00006,2024-Q5,F,1,A,,"),
    "Vietnamese day": row("load.period", "00006,31/12/2024,F,1,A,,"),
    "year with words": row("load.period", "00006,năm 2024,F,1,A,,"),
    "year as a float": row("load.period", "00006,2024.0,F,1,A,,"),
    "two-digit year": row("load.period", "00006,24,F,1,A,,"),
    "range of years": row("load.period", "00006,2023-2024,F,1,A,,"),
    "before the first period": row("load.period-too-early", "00006,2008,F,1,A,,"),
    "in the future": row("load.period-in-future", "00006,2204,F,1,A,,"),
}
CODES = {
    "unknown sex": row("load.unknown-code", "00006,2024,X,1,A,,"),
    "sex in words": row("load.unknown-code", "00006,2024,Nữ,1,A,,"),
    "sex in small letters": row("load.unknown-code", "00006,2024,f,1,A,,"),
    "unknown status": row("load.unknown-status", "00006,2024,F,1,Z,,"),
    "status in words": row("load.unknown-status", "00006,2024,F,1,ước tính,,"),
    "status without a value": row("load.status-without-value", "00006,2024,F,,A,,"),
    "a value that is said to be missing": row("load.value-without-status", "00006,2024,F,1,M,,"),
    "a value that is said to be suppressed": row("load.value-without-status", "00006,2024,F,1,Q,,"),
    "duplicate key": Damage(text("00006,2024,F,1,A,,", "00006,2024,F,2,A,,"), "load.duplicate", 2),
    "the same row twice": Damage(text(GOOD[0]), "load.duplicate", 1),
    "row rule broken": row("rule.not-seven", "00006,2024,F,777,A,,"),
}
NUMBERS = {
    "float where a count is due": value("number.decimals", "12.5"),
    "whole float where a count is due": value("number.decimals", "12.0"),
    "decimal comma": value("number.decimal-comma", "12,5"),
    "thousands with points": value("number.thousands", "1.234.567"),
    "thousands with one point": value("number.thousands", "1.234"),
    "thousands with commas": value("number.thousands", "1,234"),
    "thousands with spaces": value("number.thousands", "1 234"),
    "thousands with no-break spaces": value("number.thousands", "1\u00a0234"),
    "Vietnamese notation": value("number.both-separators", "1.234,5"),
    "English notation": value("number.both-separators", "1,234.5"),
    "exponent": value("number.exponent", "1e5"),
    "spreadsheet exponent": value("number.exponent", "1.2E+05"),
    "NaN": value("number.no-figure", "NaN"),
    "infinity": value("number.infinite", "inf"),
    "minus infinity": value("number.infinite", "-Infinity"),
    "dash": value("number.no-figure", "-"),
    "long dash": value("number.no-figure", "–"),
    "two points": value("number.no-figure", ".."),
    "ellipsis": value("number.no-figure", "…"),
    "x": value("number.no-figure", "x"),
    "null in words": value("number.no-figure", "NULL"),
    "không có": value("number.no-figure", "không có"),
    "N/A": value("number.no-figure", "N/A"),
    "percent": value("number.percent", "12%"),
    "with a unit": value("number.with-unit", "12 người"),
    "in words": value("number.text", "mười hai"),
    "in brackets": value("number.accounting", "(12)"),
    "typographic minus": value("number.accounting", "−12"),
    "leading zeros": value("number.leading-zero", "0012"),
    "plus sign": value("number.incomplete", "+12"),
    "no digit before the point": value("number.incomplete", ".5"),
    "no digit after the point": value("number.incomplete", "12."),
    "too many digits": value("number.digits", "1" * 40),
    "more digits than sums can hold": value("number.digits", "1" * 22),
    "negative count": value("load.negative", "-5"),
    "hexadecimal": value("number.with-unit", "0x1F"),
    "truth value": value("number.text", "true"),
    "Eastern digits": value("number.text", "٣٤"),
    "sum formula": value("source.formula", "=SUM(A1:A9)"),
}
CELLS = {
    "formula injection in a note": row("source.formula", "00006,2024,F,1,A,,=cmd|' /C calc'!A0"),
    "formula injection with a plus": row("source.formula", "00006,2024,F,1,A,,+cmd|' /C calc'!A0"),
    "formula injection with a minus": row("source.formula", "00006,2024,F,1,A,,-2+3+cmd|' /C calc'!A0"),
    "formula injection with an at": row("source.formula", "00006,2024,F,1,A,,@SUM(1)"),
    "formula in the code": row("source.formula", "=00006,2024,F,1,A,,"),
    "zero-width space in a code": row("source.hidden", "0000\u200b6,2024,F,1,A,,"),
    "soft hyphen": row("source.hidden", "00006,2024,F,1\u00ad0,A,,"),
    "right-to-left mark": row("source.hidden", "00006,2024,F,1,A,\u202exxx,"),
    "replacement character": row("source.hidden", "00006,2024,F,1,A,V\ufffdnh Phúc,"),
    "bell": row("source.hidden", "00006,2024,F,1,A,,\x07"),
    "line break in a cell": row("source.line-break", '00006,2024,F,1,A,,"a\nb"'),
    "tab in a cell": row("source.line-break", "00006,2024,F,1,A,,a\tb"),
    "10 MB line": row("source.long-cell", f"00006,2024,F,1,A,,{'a' * 10_000_000}"),
    "10 MB of digits": row("source.long-cell", f"00006,2024,F,{'1' * 10_000_000},A,,"),
    "too few cells": row("source.cells", "00006,2024,F,1"),
    "too many cells": row("source.cells", "00006,2024,F,1,A,,,,9"),
    "unquoted comma in a name": row("source.cells", "00006,2024,F,1,A,Vĩnh, Phúc,"),
}
FILES = {
    "empty": Damage(b"", "source.empty"),
    "only blank lines": Damage(b"\n\n  \n", "source.empty"),
    "only a byte order mark": Damage(b"\xef\xbb\xbf", "source.empty"),
    "header only": Damage(text(good=()), "source.header-only"),
    "header and blank rows": Damage(text(",,,,,,", good=()), "source.header-only"),
    "byte order mark": Damage(b"\xef\xbb\xbf" + text(), "source.bom", 2),
    "decomposed letters": Damage(unicodedata.normalize("NFD", text().decode()).encode(), "source.not-nfc", 2),
    "UTF-16": Damage(text().decode().encode("utf-16"), "source.utf-16"),
    "UTF-16 without a mark": Damage(text().decode().encode("utf-16-le"), "source.utf-16"),
    "Windows-1258": Damage(
        b"ref_area,time_period,sex,obs_value,name\n00001,2024,F,1,Ph\xfd\xf2ng Ph\xfac X\xe1\n", "source.encoding"
    ),
    "Latin-1 byte": Damage(text().replace("ú".encode(), b"\xfa"), "source.encoding"),
    "NUL byte": Damage(text("00006,2024,F,1\0,A,,"), "source.nul"),
    "semicolons": Damage(text().replace(b",", b";"), "source.separator"),
    "tabs": Damage(text().replace(b",", b"\t"), "source.separator"),
    "bars": Damage(text().replace(b",", b"|"), "source.separator"),
    "quote never closed": Damage(text('00006,2024,F,1,A,"Vĩnh Phúc,'), "source.quote"),
    "quote that swallows rows": Damage(text('00006,"2024,F,1,A,,', '00007,"2024,F,1,A,,'), "source.quote"),
    "text after a quote": Damage(text('00006,2024,F,"1"2,A,,'), "source.quote"),
    "no header": Damage("\n".join(GOOD).encode(), "load.no-column"),
    "missing column": Damage(text(header=HEADER.replace("obs_value", "gia_tri")), "load.no-column"),
    "unknown column": Damage(text(header=HEADER.replace("note", "ghi_chu")), "load.unknown-column"),
    "column in capitals": Damage(text(header=HEADER.replace("sex", "SEX")), "load.no-column"),
    "column name twice": Damage(text(header=HEADER.replace("note", "name")), "source.header-twice"),
    "empty column name": Damage(text(header=HEADER.replace("note", "")), "source.header-empty"),
    "merged header in CSV": Damage(b"Nam 2024,,,\n" + text(), "source.header-empty"),
    "web page instead of CSV": Damage(b"<!DOCTYPE html><html>404</html>", "source.wrong-extension"),
    "JSON instead of CSV": Damage(b'{"error": 404}', "source.wrong-extension"),
    "gzip instead of CSV": Damage(b"\x1f\x8b\x08\x00abc", "source.wrong-extension"),
    "unknown extension": Damage(text(), "source.extension", name="file.ods"),
    "no extension": Damage(text(), "source.extension", name="file"),
}
WORKBOOKS = {
    "CSV named XLSX": Damage(text(), "source.wrong-extension", name="file.xlsx"),
    "XLSX named CSV": Damage(with_cells(), "source.wrong-extension"),
    "old XLS named XLSX": Damage(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "source.wrong-extension", 0, "a.xlsx"
    ),
    "ZIP named XLSX": Damage(plain_zip(), "source.wrong-extension", name="file.xlsx"),
    "truncated XLSX": Damage(truncated(with_cells()), "source.xlsx", name="file.xlsx"),
    "nearly whole XLSX": Damage(truncated(with_cells(), 0.97), "source.xlsx", name="file.xlsx"),
    "swelling XLSX": Damage(swollen_zip(), "source.too-large", name="file.xlsx"),
    "empty workbook": Damage(workbook(lambda book: book.active.delete_rows(1, 9)), "source.empty", name="file.xlsx"),
    "workbook with a header only": Damage(
        workbook(lambda book: book.active.delete_rows(2, 9)), "source.header-only", name="file.xlsx"
    ),
    "merged header": Damage(workbook(lambda book: book.active.merge_cells("A1:B1")), "source.merged", 0, "file.xlsx"),
    "merged figures": Damage(workbook(lambda book: book.active.merge_cells("D2:D3")), "source.merged", 0, "file.xlsx"),
    "title above the header": Damage(workbook(title_above), "source.header-empty", name="file.xlsx"),
    "two sheets": Damage(
        workbook(lambda book: book.create_sheet("2").append(["x"])), "source.sheets", name="file.xlsx"
    ),
    "error cell": Damage(workbook(error_cell), "source.error-cell", 2, "file.xlsx"),
    "formula without a result": Damage(with_cells(D2="=1+1"), "source.no-result", name="file.xlsx"),
    "number where a code is due": Damage(
        with_cells(A4=6, B4="2024", C4="F", D4=1), "load.unknown-area", 2, "file.xlsx"
    ),
    "fraction in a workbook": Damage(
        with_cells(A4="00006", B4="2024", C4="F", D4=1.5), "number.decimals", 2, "file.xlsx"
    ),
    "truth value in a workbook": Damage(
        with_cells(A4="00006", B4="2024", C4="F", D4=True), "number.text", 2, "file.xlsx"
    ),
    "day in a workbook": Damage(
        with_cells(A4="00006", B4=date(2024, 1, 1), C4="F", D4=1), "load.period", 2, "file.xlsx"
    ),
    "cells beside the table": Damage(with_cells(J3="ghi chú"), "source.header-empty", 0, "file.xlsx"),
}
PARQUET = {
    "Parquet named CSV": Damage(parquet(births_frame()), "source.wrong-extension"),
    "CSV named Parquet": Damage(text(), "source.wrong-extension", name="file.parquet"),
    "truncated Parquet": Damage(truncated(parquet(births_frame())), "source.parquet", name="file.parquet"),
    "Parquet without a footer": Damage(b"PAR1" + b"\0" * 100, "source.parquet", name="file.parquet"),
    "empty Parquet": Damage(parquet(births_frame().clear()), "source.header-only", name="file.parquet"),
    "codes as numbers": Damage(parquet(births_frame(ref_area=[1])), "load.unknown-area", 0, "file.parquet"),
    "floats for counts": Damage(parquet(births_frame(obs_value=[5.0])), "number.decimals", 0, "file.parquet"),
    "NaN in Parquet": Damage(parquet(births_frame(obs_value=[float("nan")])), "number.no-figure", 0, "file.parquet"),
    "lists in Parquet": Damage(parquet(births_frame(obs_value=[[5]])), "source.parquet-type", 0, "file.parquet"),
    "truth values in Parquet": Damage(parquet(births_frame(sex=[True])), "source.parquet-type", 0, "file.parquet"),
    "too many decimals in Parquet": Damage(
        parquet(births_frame(obs_value=[Decimal("5.25")])), "number.decimals", 0, "file.parquet"
    ),
}
KINDS = (AREAS, PERIODS, CODES, NUMBERS, CELLS, FILES, WORKBOOKS, PARQUET)
DAMAGES: Mapping[str, Damage] = {name: damage for kind in KINDS for name, damage in kind.items()}
SOME = [name for kind in KINDS for name in list(kind)[:3]] + ["byte order mark", "decomposed letters"]
"""A few of each kind, where all would take too long."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.create(tmp_path_factory.mktemp("damaged") / "workspace")


@pytest.fixture(scope="module")
def files(place: Workspace) -> dict[str, Path]:
    """Every damaged file, each in a folder of its own because names repeat."""
    made = {}
    for number, (name, damage) in enumerate(DAMAGES.items()):
        file = place.root / f"inbox {number}" / damage.name
        file.parent.mkdir()
        file.write_bytes(damage.content)
        made[name] = file
    return made


@pytest.fixture(scope="module", autouse=True)
def _small_workbooks() -> Iterator[None]:
    """A limit that a test can exceed in a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.xlsx_source.LARGEST_MB", 30)
        yield


@pytest.fixture(scope="module")
def results(place: Workspace, small: Catalog, files: dict[str, Path]) -> dict[str, LoadResult]:
    """All loaded into the lenient data set; a traceback would end this fixture."""
    return dict(zip(files, load(place, small, list(files.values()), "births", today=TODAY), strict=True))


@pytest.fixture(scope="module")
def strict_results(place: Workspace, small: Catalog, files: dict[str, Path]) -> dict[str, LoadResult]:
    """Some loaded into the data set that refuses a file with any fault."""
    return dict(
        zip(SOME, load(place, small, [files[name] for name in SOME], "births_strict", today=TODAY), strict=True)
    )


@pytest.fixture(scope="module")
def held(place: Workspace, results: object, strict_results: object) -> Mapping[str, tuple[int, int, str]]:
    """What the lake holds of each load: observations, rejects, status."""
    with reading(place) as connection:
        create_views(connection, place)
        rows = connection.execute(
            "SELECT load_id, (SELECT count(*) FROM vintages v WHERE v.load_id = l.load_id), "
            "(SELECT count(*) FROM rejects r WHERE r.load_id = l.load_id), status FROM loads l"
        ).fetchall()
    return {load_id: (observations, rejects, status) for load_id, observations, rejects, status in rows}


def test_there_are_more_than_a_hundred() -> None:
    assert len(DAMAGES) >= 140


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_file_says_why_and_keeps_its_good_rows(
    name: str, results: Mapping[str, LoadResult], held: Mapping[str, tuple[int, int, str]]
) -> None:
    damage, result = DAMAGES[name], results[name]
    errors = [finding for finding in result.findings if finding.severity == "error"]
    assert damage.rule in [finding.rule for finding in errors]
    assert result.faulty, "the command must end with exit code 1"
    assert result.observations == damage.kept
    observations, rejects, status = held[result.load_id]
    assert (observations, status) == (damage.kept, "loaded" if damage.kept else "refused")
    assert (rejects > 0) == (result.rejected > 0)


@pytest.mark.parametrize("name", SOME)
def test_strict_data_set_refuses_the_whole_file(
    name: str, strict_results: Mapping[str, LoadResult], held: Mapping[str, tuple[int, int, str]]
) -> None:
    result = strict_results[name]
    assert result.faulty
    observations, rejects, status = held[result.load_id]
    assert (result.observations, observations, status) == (0, 0, "refused")
    assert (rejects > 0) == (result.rejected > 0)


@pytest.mark.parametrize("name", DAMAGES)
def test_findings_are_clear_in_both_languages(name: str, results: Mapping[str, LoadResult]) -> None:
    for finding in results[name].findings:
        assert finding.file, "says which file"
        assert 20 < len(finding.vi) < 1000
        assert 20 < len(finding.en) < 1000
        assert finding.vi != finding.en
        assert "{" not in finding.vi + finding.en, "a fact is not filled in"


def test_rejects_keep_the_row_as_it_stood(place: Workspace, results: Mapping[str, LoadResult], held: object) -> None:
    load_id = results["float where a count is due"].load_id
    with reading(place) as connection:
        create_views(connection, place)
        rows = connection.execute(
            "SELECT source_row, source_line, column_name, value, original FROM rejects WHERE load_id = ?", [load_id]
        ).fetchall()
    assert rows == [(3, 4, "obs_value", "12.5", '00006,2024,F,"12.5",A,,')]


@pytest.mark.parametrize("name", ["10 MB line", "10 MB of digits"])
def test_endless_text_is_not_kept_whole(name: str, place: Workspace, results: Mapping[str, LoadResult]) -> None:
    with reading(place) as connection:
        create_views(connection, place)
        longest = connection.execute(
            "SELECT max(length(original)), max(length(value)) FROM rejects WHERE load_id = ?", [results[name].load_id]
        ).fetchone()
    assert longest is not None
    assert all(length < 3000 for length in longest)


@pytest.mark.parametrize("kind", ["missing file", "folder"])
def test_what_is_no_file_is_told(kind: str, place: Workspace, small: Catalog) -> None:
    path = place.root / "nowhere.csv" if kind == "missing file" else place.root
    result = load(place, small, [path], "births", today=TODAY)[0]
    rule = "source.no-file" if kind == "missing file" else "source.folder"
    assert [finding.rule for finding in result.findings] == [rule]
    assert (result.status, result.load_id) == ("refused", "")
