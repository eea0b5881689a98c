"""The census of 2019 lacks 25 communes and 5 island districts; the totals of the provinces are published."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.restate_file import Answer, Job, restate_file
from indicators.catalog import load_catalog

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
COLUMNS = ["ref_area", "obs_value", "obs_lower", "obs_upper", "basis", "coverage"]
CONTRADICTED = ["30", "36", "64", "75", "83"]
"""Provinces all of whose communes have a figure, and whose total is more: a commune lacks people in the file."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    folder = tmp_path_factory.mktemp("census")
    census = pl.read_csv(ROOT / "figures" / "census_2019.csv", infer_schema_length=0)
    own = census.select(ref_area="code", time_period="year", obs_value="population")
    totals = pl.read_csv(HERE / "provinces_2019.csv", infer_schema_length=0)
    catalog = load_catalog(ROOT / "catalog")
    measure = catalog.measures["population.census"]
    job = Job(measure, date(2025, 6, 30), date(2025, 7, 1), "commune", date(2026, 1, 1))
    found = {}
    for name, frame in (("without", own), ("with", pl.concat([own, totals]))):
        frame.write_csv(folder / "census.csv")
        found[name] = restate_file(folder / "census.csv", job, catalog)
    return found


def test_of_26_open_communes_10_become_exact_and_16_bounded(answers: dict[str, Answer]) -> None:
    without, found = (answers[name].table for name in ("without", "with"))
    opened = without.filter(pl.col("obs_upper").is_null())["ref_area"].to_list()
    expected = list(csv.DictReader((HERE / "expected.csv").read_text(encoding="utf-8").splitlines()))
    assert sorted(opened) == [row["ref_area"] for row in expected]
    assert found["obs_upper"].null_count() == 0
    got = found.filter(pl.col("ref_area").is_in(opened)).select(COLUMNS)
    for row, due in zip(got.cast(pl.String).fill_null("").iter_rows(named=True), expected, strict=True):
        assert {name: _plain(cell) for name, cell in row.items()} == {name: _plain(cell) for name, cell in due.items()}
    assert got["basis"].value_counts(sort=True).rows() == [("partial", 16), ("exact", 10)]


def _plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def test_all_other_communes_are_as_they_were(answers: dict[str, Answer]) -> None:
    without, found = (answers[name].table for name in ("without", "with"))
    closed = without.filter(pl.col("obs_upper").is_not_null())
    assert found.join(closed.select("ref_area"), on="ref_area", how="semi").equals(closed)
    assert closed.filter(pl.col("basis") == "partial").height == 385  # pieces of communes that were cut


def test_a_total_that_is_not_the_sum_of_all_communes_is_told(answers: dict[str, Answer]) -> None:
    told = [finding for finding in answers["with"].findings if finding.rule == "restate.total-contradicts"]
    assert [finding.ref_area for finding in told] == CONTRADICTED
    assert answers["without"].findings == ()


def test_the_totals_are_those_that_were_published() -> None:
    totals = pl.read_csv(HERE / "provinces_2019.csv", infer_schema_length=0)["obs_value"].cast(int)
    assert (totals.len(), totals.sum()) == (63, 96_208_984)
