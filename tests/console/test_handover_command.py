"""`chitieu handover` on real figures: 2020 population by province, and the census of a few communes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from console import handover_commands
from console.main import options
from engine.load import load
from engine.workspace import Workspace
from indicators.catalog import load_catalog
from indicators.findings import ChitieuError

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    exit_code: int
    rows: list[dict[str, str]]
    said: str


Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """A workspace with real figures, and the command in it."""
    root = tmp_path_factory.mktemp("handover")
    workspace = Workspace.create(root)
    (root / "catalog").symlink_to(ROOT / "catalog")
    catalog = load_catalog(workspace.catalog)
    header, *lines = (ROOT / "figures" / "census_2019.csv").read_text("utf-8").splitlines()
    wanted = [line for line in lines if any(code in line for code in ("18796", "14695", "14698", "18754"))]
    census = root / "census_2019.csv"
    census.write_text("\n".join([header, *wanted]) + "\n", encoding="utf-8")
    assert load(workspace, catalog, [census], "census_2019")[0].status == "loaded"
    assert load(workspace, catalog, [ROOT / "figures" / "population_2020.csv"], "population_2020")[0].rows == 63

    def run(*arguments: str) -> Answer:
        app = typer.Typer()
        app.callback()(options)
        app.command("sibling")(lambda: None)
        handover_commands.add_to(app)
        asked = ["--workspace", str(root), "--lang", "vi", "handover", *arguments, "--format", "csv"]
        result = CliRunner().invoke(app, asked)
        if isinstance(result.exception, ChitieuError):
            return Answer(result.exception.exit_code, [], "\n".join(f.text() for f in result.exception.findings))
        assert result.exception is None, result.exception
        return Answer(result.exit_code, list(csv.DictReader(io.StringIO(result.stdout))), result.stderr)

    return run


def test_an_old_province_that_merged_whole(ask: Ask, tmp_path: Path) -> None:
    page = tmp_path / "15.html"
    answer = ask("15", "--on", "2025-06-30", "--period", "2020", "-o", str(page))
    assert answer.exit_code == 0
    (row,) = [row for row in answer.rows if row["measure"] == "population.mean"]
    assert (row["before"], row["given"], row["unallocated"]) == ("831600", "831600", "0")
    text = page.read_text("utf-8")
    assert "Tỉnh Yên Bái" in text
    assert "202/2025/QH15" in text
    assert "831.600" in text


def test_a_split_commune_is_bounded_not_guessed(ask: Ask, tmp_path: Path) -> None:
    answer = ask("18796", "--on", "2025-06-30", "-o", str(tmp_path / "a.html"))
    rural = next(row for row in answer.rows if row["dimensions"] == "residence=R")
    assert (rural["before"], rural["given"], rural["unallocated"]) == ("10332", "0", "10332")
    assert "từ 0 đến 10.332" in (tmp_path / "a.html").read_text("utf-8")


def test_a_new_commune_with_new_land(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "14698.xlsx"
    answer = ask("14698", "--on", "2025-07-01", "-o", str(file))
    rural = next(row for row in answer.rows if row["dimensions"] == "residence=R")
    assert (rural["before"], rural["given"]) == ("9564", "9564")
    front = openpyxl.load_workbook(file)["Biên bản"]
    assert any("bãi bồi ven biển" in str(cell.value) for row in front.iter_rows() for cell in row)


def test_an_island_district_without_figures_is_missing_not_zero(ask: Ask, tmp_path: Path) -> None:
    answer = ask("318", "-o", str(tmp_path / "318.html"))
    assert answer.rows == []
    assert "1 nguồn thiếu" in answer.said
    assert "không phải là 0" in (tmp_path / "318.html").read_text("utf-8")


def test_the_printed_fingerprint_is_that_of_the_text(ask: Ask, tmp_path: Path) -> None:
    said = {
        ask("15", "--on", "2025-07-01", "-o", str(tmp_path / name)).said.split()[-1] for name in ("a.txt", "a.html")
    }
    assert said == {hashlib.sha256((tmp_path / "a.txt").read_bytes()).hexdigest()}


def test_a_code_that_changed_its_meaning_needs_a_day(ask: Ask, tmp_path: Path) -> None:
    answer = ask("15", "-o", str(tmp_path / "a.html"))
    assert answer.exit_code == 2
    assert "--on 2025-06-30: Tỉnh Yên Bái; --on 2025-07-01: Tỉnh Lào Cai" in answer.said
    assert not (tmp_path / "a.html").exists()


def test_an_unknown_form_is_refused_before_any_work(ask: Ask, tmp_path: Path) -> None:
    answer = ask("15", "-o", str(tmp_path / "a.pdf"))
    assert answer.exit_code == 2
    assert ".html, .xlsx, .txt" in answer.said
