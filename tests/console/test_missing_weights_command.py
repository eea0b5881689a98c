"""`chitieu areas missing-weights` on the real register, without a lake."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from console import area_commands
from console.main import options
from indicators.findings import UsageFault

ROOT = Path(__file__).parents[2]


def ask(*arguments: str, workspace: Path = ROOT) -> tuple[str, str]:
    app = typer.Typer()
    app.callback()(options)
    area_commands.add_to(app)
    result = CliRunner().invoke(
        app, ["--workspace", str(workspace), "--lang", "vi", "areas", "missing-weights", *arguments]
    )
    if isinstance(result.exception, UsageFault):
        raise result.exception
    assert result.exit_code == 0, result.exception
    return result.stdout, result.stderr


def test_the_splits_of_the_reorganisation() -> None:
    out, said = ask("--basis", "population", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 381
    assert "381 địa bàn" in said
    assert "826 mảnh" in said
    ky_loi = next(row for row in rows if row["from_area"] == "18796")
    assert ky_loi["pieces"] == "18754 Phường Sông Trí, 18832 Phường Hoành Sơn"
    assert ky_loi["known_shares"] == "18823=0 (law)"
    assert (ky_loi["province"], ky_loi["effective"]) == ("Tỉnh Hà Tĩnh", "2025-07-01")
    assert ky_loi["unallocated"] == ""


def test_every_basis_that_a_measure_or_a_weight_names() -> None:
    out, _ = ask("--format", "json")
    assert {row["basis"] for row in json.loads(out)} == {"area", "population"}


def test_days_bound_what_is_listed(tmp_path: Path) -> None:
    out, _ = ask("--basis", "population", "--from", "2025-07-01", "--format", "csv")
    assert out.count("\n") == 1


def test_the_template(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    ask("--basis", "population", "--template", str(file))
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) == 827
    assert lines[1] == "2025-07-01,00007,00008,population,,,,"


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        ("population.none", "không có đại lượng"),
        ("health.covid_cases", "không chia phần bị cắt"),
    ],
)
def test_a_measure_that_has_no_weight_is_refused_with_those_that_have(measure: str, message: str) -> None:
    with pytest.raises(UsageFault) as caught:
        ask("--measure", measure)
    assert message in caught.value.findings[0].vi
    assert "population.census" in caught.value.findings[0].vi


def test_a_measure_without_figures_is_ranked_by_pieces(tmp_path: Path) -> None:
    (tmp_path / "catalog").symlink_to(ROOT / "catalog")
    out, said = ask("--measure", "population.census", "--format", "csv", workspace=tmp_path)
    assert next(csv.DictReader(io.StringIO(out)))["from_area"] == "00634"
    assert "chưa có số liệu" in said
