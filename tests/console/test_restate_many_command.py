"""`chitieu restate` on a file of many measures, as it is typed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from console.shipped import copy_catalog
from engine.workspace import Workspace
from terminal.command import chitieu

DAYS = ("--from", "2025-06-30", "--to", "2025-07-01")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    Workspace.create(folder)
    copy_catalog(folder)
    rows = [("health.covid_cases", code, "2021", 5, "A") for code in ("01", "79", "74", "77")]
    rows += [("population.mean", code, "2021", 7, "P") for code in ("01", "79", "74", "77")]
    schema = ["measure", "ref_area", "time_period", "obs_value", "obs_status"]
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / "many.parquet")
    return folder


def test_every_measure_of_the_file_or_those_that_are_named(workspace: Path) -> None:
    out = workspace / "out.parquet"
    chitieu(workspace, "restate", str(workspace / "many.parquet"), "--measure", "all", *DAYS, "-o", str(out))
    found = pl.read_parquet(out)
    assert found.height == 2 * 34
    new = found.filter(pl.col("ref_area") == "79", pl.col("obs_value").is_not_null())
    assert new.select("measure", pl.col("obs_value").cast(pl.Int64), "obs_status").rows() == [
        ("health.covid_cases", 15, "A"),
        ("population.mean", 21, "P"),
    ]
    one = ("--measure", "health.covid_cases")
    chitieu(workspace, "restate", str(workspace / "many.parquet"), *one, *DAYS, "-o", str(out))
    assert set(pl.read_parquet(out)["measure"]) == {"health.covid_cases"}


def test_several_measures_take_a_parquet_file_that_names_them(workspace: Path) -> None:
    text, plain = workspace / "one.csv", workspace / "one.parquet"
    text.write_text("ref_area,time_period,obs_value\n79,2024,1\n", encoding="utf-8")
    pl.DataFrame({"ref_area": ["79"], "time_period": ["2024"], "obs_value": [1]}).write_parquet(plain)
    two = ("--measure", "population.mean", "--measure", "health.covid_cases")
    for words in (("--measure", "all"), two):
        told = chitieu(workspace, "restate", str(text), *words, *DAYS, code=2)
        assert "take a Parquet file with a column measure" in told
        assert "has no column measure" in chitieu(workspace, "restate", str(plain), *words, *DAYS, code=2)
    assert "không có cột measure" in chitieu(workspace, "restate", str(plain), *two, *DAYS, code=2, lang="vi")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "-o"),
        (("-o", "out.csv"), "-o"),
        (("-o", "out.parquet", "--weights", "x.csv"), "--weights"),
        (("-o", "out.parquet", "--gross"), "--gross"),
    ],
)
def test_what_a_file_of_many_measures_cannot_have(workspace: Path, words: tuple[str, ...], why: str) -> None:
    file = str(workspace / "many.parquet")
    said = chitieu(workspace, "restate", file, "--measure", "all", *DAYS, *words, code=2)
    assert why in said
