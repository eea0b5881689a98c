"""`chitieu load` and `chitieu sql` as people use them: exit codes, what goes where, and the files they write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import openpyxl
import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from console import figure_commands, output
from console.result_files import write_answer
from engine.query import query
from engine.workspace import SETTINGS_FILE, Workspace
from indicators.findings import ChitieuError, UsageFault

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "figures"
COMMANDS = "from console import main; main.COMMAND_MODULES = ('console.figure_commands',); main.main()"
"""The real command line with only the commands that are tested here, so that a fault elsewhere is not seen here."""
HEADER = "province_code,province,year,area_km2,population_mean,grdp_per_capita_million_vnd,grdp_preliminary"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace over the catalog of the repository."""
    root = tmp_path_factory.mktemp("console") / "workspace"
    root.mkdir()
    (root / SETTINGS_FILE).write_text(f"[folders]\ncatalog = '{ROOT / 'catalog'}'\n", encoding="utf-8")
    assert tomllib.loads((root / SETTINGS_FILE).read_text(encoding="utf-8"))
    assert chitieu(root, "load", str(FIGURES / "nso_2024.csv"), "--dataset", "nso_2024").returncode == 0
    return root


@pytest.fixture(autouse=True)
def _english(folder: Path) -> Iterator[None]:
    output.settings.workspace, output.settings.language = folder, "en"
    yield
    output.settings.workspace, output.settings.language = Path(), "vi"


def chitieu(root: Path, *arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-c", COMMANDS, "--lang", language, "--workspace", str(root), *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=120)


def in_process(*arguments: str) -> Result:
    app = typer.Typer()
    figure_commands.add_to(app)
    return CliRunner().invoke(app, list(arguments))


def bad_file(tmp_path: Path) -> Path:
    file = tmp_path / "bad.csv"
    rows = ["01,Hà Nội,2024,3359.8,8717600,162.9,true", "15,Lào Cai,2024,6000,900000,60,true"]
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return file


def test_load_and_ask_in_processes_of_their_own(folder: Path) -> None:
    again = chitieu(folder, "load", str(FIGURES / "nso_2024.csv"), "--dataset", "nso_2024", "--format", "json")
    assert again.returncode == 0
    assert json.loads(again.stdout)[0]["status"] == "unchanged"
    asked = chitieu(
        folder, "sql", "SELECT count(*) AS n FROM observations WHERE dataset = 'nso_2024'", "--format", "csv"
    )
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "n\n189\n", "")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_bad_row_ends_with_1_and_says_why_in_both_languages(folder: Path, tmp_path: Path, language: str) -> None:
    done = chitieu(folder, "load", str(bad_file(tmp_path)), "--dataset", "nso_2024", "--dry-run", language=language)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{tmp_path / 'bad.csv'}:3: " in done.stderr
    assert "[load.area-name]" in done.stderr
    assert ("hãy nêu ngày đó" if language == "vi" else "name that day") in done.stderr
    assert "checked" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["load", "x.csv", "--dataset", "nowhere"], 2),
        (["load", "x.csv"], 2),
        (["load", "x.csv", "--dataset", "nso_2024", "--basis", "1/7/2025"], 2),
        (["load", "x.csv", "--dataset", "nso_2024"], 1),
        (["sql", "DROP TABLE loads"], 2),
        (["sql", "SELECT 1", "--as-of", "99999"], 2),
        (["sql", "SELECT 1", "-o", "x.doc"], 2),
    ],
)
def test_exit_codes(folder: Path, arguments: list[str], code: int) -> None:
    result = in_process(*arguments)
    found = result.exception.exit_code if isinstance(result.exception, ChitieuError) else result.exit_code
    assert found == code


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    done = chitieu(tmp_path, "sql", "SELECT 1")
    assert done.returncode == 2
    assert "chitieu init" in done.stderr


def test_formats_on_stdout(folder: Path) -> None:
    sql = "SELECT ref_area, obs_value FROM observations WHERE measure = 'economy.grdp_per_head' AND ref_area = '01'"
    assert in_process("sql", sql, "--format", "csv").stdout == "ref_area,obs_value\n01,162.9\n"
    assert json.loads(in_process("sql", sql, "--format", "json").stdout) == [{"ref_area": "01", "obs_value": "162.9"}]
    assert in_process("sql", sql).stdout.splitlines() == [
        "ref_area  obs_value",
        "--------  ---------",
        "01        162.9",
    ]


SQL = (
    "SELECT '00004' AS code, CAST(12345.678 AS DECIMAL(38, 9)) AS value, DATE '2025-07-01' AS day, '=1+1' AS formula, "
    "CAST('12345678901234567890.5' AS DECIMAL(38, 9)) AS large, NULL AS missing, true AS flag, 'Đắk Lắk' AS name"
)


def written(folder: Path, file: Path) -> bytes:
    with query(Workspace.open(folder), SQL) as answer:
        write_answer(file, answer)
    return file.read_bytes()


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
def test_a_file_has_the_same_bytes_every_time(folder: Path, tmp_path: Path, suffix: str) -> None:
    first, second = (written(folder, tmp_path / f"{name}.{suffix}") for name in ("a", "b"))
    assert first == second
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"a.{suffix}", f"b.{suffix}"]


def test_csv_and_json_are_exact(folder: Path, tmp_path: Path) -> None:
    text = written(folder, tmp_path / "a.csv").decode()
    assert text.splitlines()[1] == "00004,12345.678,2025-07-01,=1+1,12345678901234567890.5,,True,Đắk Lắk"
    record = json.loads(written(folder, tmp_path / "a.json"))[0]
    assert (record["code"], record["value"], record["large"], record["missing"]) == (
        "00004", "12345.678", "12345678901234567890.5", None,
    )  # fmt: skip


def test_parquet_keeps_types(folder: Path, tmp_path: Path) -> None:
    written(folder, tmp_path / "a.parquet")
    frame = pl.read_parquet(tmp_path / "a.parquet")
    assert frame.schema["value"] == pl.Decimal(38, 9)
    assert frame.schema["day"] == pl.Date
    assert str(frame["large"][0]) == "12345678901234567890.500000000"


def test_a_workbook_keeps_zeros_runs_no_formula_and_rounds_nothing(folder: Path, tmp_path: Path) -> None:
    written(folder, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    code, value, day, formula, large, missing, flag, name = sheet[2]
    assert (code.value, code.data_type) == ("00004", "s")
    assert (value.value, value.data_type) == (12345.678, "n")
    assert day.value.date().isoformat() == "2025-07-01"
    assert (formula.value, formula.data_type) == ("=1+1", "s")
    assert (large.value, large.data_type) == ("12345678901234567890.5", "s")
    assert (missing.value, flag.value, name.value) == (None, True, "Đắk Lắk")
    assert fastexcel.read_excel(tmp_path / "a.xlsx").sheet_names == ["chitieu"]


def test_a_file_that_cannot_be_finished_leaves_the_old_one(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_text("the old one", encoding="utf-8")
    with query(Workspace.open(folder), "SELECT repeat('x', 40000) AS t") as answer, pytest.raises(UsageFault):
        write_answer(file, answer)
    assert file.read_text(encoding="utf-8") == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_empty_answer_is_a_file_with_a_header(folder: Path, tmp_path: Path) -> None:
    for suffix in ("csv", "json", "parquet", "xlsx"):
        with query(Workspace.open(folder), "SELECT ref_area FROM observations WHERE false") as answer:
            write_answer(tmp_path / f"a.{suffix}", answer)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "ref_area\n"
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == []
    assert pl.read_parquet(tmp_path / "a.parquet").columns == ["ref_area"]
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A1"].value == "ref_area"
