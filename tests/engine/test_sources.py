"""Reading: everything is text as it stands, in every kind of file."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from engine.source_files import read_source
from engine.sources import LINE, ORIGINAL, ROW
from indicators.findings import DataFault

ROWS = [("00004", "8717600", "162.9", "2024-01-31"), ("01", "0", "57", "2024-12-31")]
COLUMNS = ("code", "count", "rate", "day")


def csv_file(folder: Path) -> Path:
    file = folder / "a.csv"
    file.write_text("\n".join(",".join(row) for row in [COLUMNS, *ROWS]) + "\n", encoding="utf-8")
    return file


def xlsx_file(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(COLUMNS)
    for code, count, rate, day in ROWS:
        book.active.append([code, int(count), float(rate), day])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def parquet_file(folder: Path) -> Path:
    frame = pl.DataFrame(
        [(code, int(count), Decimal(rate), date.fromisoformat(day)) for code, count, rate, day in ROWS],
        schema={"code": pl.String, "count": pl.Int64, "rate": pl.Decimal(38, 9), "day": pl.Date},
        orient="row",
    )
    frame.write_parquet(folder / "a.parquet")
    return folder / "a.parquet"


@pytest.mark.parametrize("make", [csv_file, xlsx_file, parquet_file])
def test_every_kind_of_file_gives_the_same_text(make: object, tmp_path: Path) -> None:
    source = read_source(make(tmp_path))  # type: ignore[operator]
    assert source.columns == COLUMNS
    assert source.frame.select(COLUMNS).rows() == ROWS
    assert source.frame[ROW].to_list() == [1, 2]
    assert source.frame[ORIGINAL][0] == "00004,8717600,162.9,2024-01-31" or make is parquet_file


def test_nothing_is_inferred(tmp_path: Path) -> None:
    odd = ["00004", "1e5", "NA", "true", "2024-13-99", "0x10", "1_000", "Infinity", "-0", "1.10"]
    file = tmp_path / "a.csv"
    file.write_text("a\n" + "\n".join(odd) + "\n", encoding="utf-8")
    assert read_source(file).frame["a"].to_list() == odd


def test_empty_cells_are_null_and_spaces_around_are_dropped(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a , b\n 1 ,\n\u00a02,"  "\n', encoding="utf-8")
    assert read_source(file).frame.select("a", "b").rows() == [("1", None), ("2", None)]


def test_rows_keep_their_number_line_and_text(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'a,b\r\n1,"x\ny"\r\n\r\n2,"say ""so"""\r\n')
    rows = read_source(file).frame.select(ROW, LINE, ORIGINAL).rows()
    assert rows == [(1, 2, '1,"x\ny"'), (3, 5, '2,"say ""so"""')]


def test_rows_of_a_workbook_are_those_of_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["1", "x"], [], ["2", None]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert read_source(tmp_path / "a.xlsx").frame.select(ROW, LINE, "a", "b").rows() == [
        (1, 2, "1", "x"),
        (3, 4, "2", None),
    ]


def test_hidden_sheets_do_not_count(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append(["1"])
    hidden = book.create_sheet("lists")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert read_source(tmp_path / "a.xlsx").frame["a"].to_list() == ["1"]


def test_an_error_cell_is_a_fault_and_never_an_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["1", "2"])
    cell = book.active["B2"]
    cell.value, cell.data_type = "#REF!", "e"
    book.save(tmp_path / "a.xlsx")
    faults = read_source(tmp_path / "a.xlsx").faults
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [(1, "b", "#REF!")]


def test_every_fault_of_a_header_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,,a,\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        read_source(file)
    rules = [finding.rule for finding in caught.value.findings]
    assert rules == ["source.header-empty", "source.header-twice", "source.header-empty"]


def test_the_place_of_a_quote_that_is_not_closed_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n1,2\n3,"4\n5,6\n', encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        read_source(file)
    assert caught.value.findings[0].line == 3


def test_reading_leaves_other_readers_of_csv_alone(tmp_path: Path) -> None:
    """The length that Python's csv accepts is one for the whole process; it was once cut down to that of a file."""
    before = csv.field_size_limit()
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    read_source(file)
    assert csv.field_size_limit() >= before
