"""Communes left out of the real census of 2019 come back by the totals of their provinces, or are bounded by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.parent_totals import parents_of
from engine.restate_file import Answer, Job, restate_file
from indicators.catalog import load_catalog

ROOT = Path(__file__).parents[2]
OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
Answers = Mapping[str, Answer]
BLANKED, RECOVERED = 65, 25
"""New communes that have a figure when all reported: how many lose it, and how many of those the totals give back."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """All communes; without some of them; and without them, with the totals of the provinces that are complete."""
    folder = tmp_path_factory.mktemp("census")
    catalog = load_catalog(ROOT / "catalog")
    job = Job(catalog.measures["population.census"], OLD, NEW, "commune", date(2026, 1, 1))
    census = pl.read_csv(ROOT / "figures" / "census_2019.csv", infer_schema_length=0)
    communes = {code for code, area in catalog.register.on(OLD).items() if area.level == "commune"}
    lacking = pl.col("ref_area").is_in(sorted(communes - set(census["code"])))
    parents = parents_of(catalog.register, OLD, "province", "commune")
    open_provinces = parents.filter(lacking)["parent"]
    complete = census.filter(~pl.col("province_code").is_in(open_provinces.to_list()))
    totals = (
        complete.group_by("province_code", "year", maintain_order=True)
        .agg(pl.col("population").cast(int).sum().cast(pl.String))
        .rename({"province_code": "ref_area", "year": "time_period", "population": "obs_value"})
    )
    nth = pl.int_range(pl.len()).over("province_code")
    third = totals["ref_area"].gather_every(3).to_list()  # of these provinces three communes are left out, else one
    left_out = complete.filter((nth == 7) | (pl.col("province_code").is_in(third) & nth.is_in([8, 30])))["code"]
    columns = {"ref_area": "code", "time_period": "year", "obs_value": "population"}
    whole = census.select(**columns)
    gaps = whole.filter(~pl.col("ref_area").is_in(left_out.to_list()))
    found = {}
    for name, frame in (("all", whole), ("gaps", gaps), ("totals", pl.concat([gaps, totals]))):
        frame.write_csv(folder / "census.csv")
        found[name] = restate_file(folder / "census.csv", job, catalog)
    return found


def test_what_totals_tell_is_true_and_more_than_the_communes_told(answers: Answers) -> None:
    truth = answers["all"].table.select("ref_area", true="obs_value", least="obs_lower", most="obs_upper")
    without = answers["gaps"].table.select("ref_area", before="obs_value", open="obs_upper")
    rows = answers["totals"].table.join(truth, on="ref_area").join(without, on="ref_area")
    told = rows.filter(pl.col("obs_value").is_not_null())
    assert (told["obs_value"] == told["true"]).all()
    known = rows.filter(pl.col("true").is_not_null())
    assert (known["obs_lower"] <= known["true"]).all()
    assert (known["true"] <= known["obs_upper"]).all()
    blanked = known.filter(pl.col("before").is_null())
    assert blanked.height == BLANKED
    assert blanked["open"].null_count() == BLANKED
    assert blanked.filter(pl.col("obs_value").is_not_null()).height == RECOVERED
    assert answers["totals"].findings == ()
