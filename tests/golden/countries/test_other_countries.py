"""Other countries' registers, with figures that their statistics offices published on both sides of a change.

Each folder here is a case: a register in the shape of the contract, figures as given, and figures as expected (`whose`
says who published them or how they follow). README.md names the sources and their licences.
"""

from __future__ import annotations

import csv
import shutil
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from engine.restate_file import Job, restate_file
from indicators.catalog import load_catalog

HERE = Path(__file__).parent
CASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "expected.csv").exists())
MEASURE = """\
id: {id}
name: {{vi: Số người, en: People}}
unit: PERSON
decimals: 0
level: {level}
areas: {{rule: sum}}
time: {{rule: stock}}
split: {split}
"""
ASKED = ("measure", "from_day", "to_day", "level", "to_level")


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def questions() -> list[tuple[str, tuple[str, ...]]]:
    asked = {
        (case, tuple(row[column] for column in ASKED)) for case in CASES for row in rows(HERE / case / "expected.csv")
    }
    return sorted(asked)


def workspace(case: str, folder: Path) -> Path:
    areas = folder / "catalog" / "areas"
    areas.mkdir(parents=True)
    for name in ("areas.csv", "changes.csv", "weights.csv"):
        shutil.copyfile(HERE / case / name, areas / name)
    for row in rows(HERE / case / "given.csv"):
        domain, name = row["measure"].split(".")
        split = "{refuse: true}" if name in ("unweighted", "county") else "{weight: population}"
        file = folder / "catalog" / "measures" / domain / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(MEASURE.format(id=row["measure"], level=row["level"], split=split), encoding="utf-8")
    return folder


def given(case: str, measure: str, day: str, level: str, file: Path) -> Path:
    wanted = [
        r for r in rows(HERE / case / "given.csv") if (r["measure"], r["day"], r["level"]) == (measure, day, level)
    ]
    lines = [f"{row['ref_area']},{row['time_period']},{row['obs_value']}" for row in wanted]
    file.write_text("\n".join(["ref_area,time_period,obs_value", *lines, ""]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("case", "question"), questions(), ids=lambda value: "-".join(value) if isinstance(value, tuple) else value
)
def test_the_figures_that_the_offices_published_come_out(case: str, question: tuple[str, ...], tmp_path: Path) -> None:
    measure, from_day, to_day, level, to_level = question
    catalog = load_catalog(workspace(case, tmp_path) / "catalog")
    file = given(case, measure, from_day, level, tmp_path / "given.csv")
    job = Job(
        catalog.measures[measure], date.fromisoformat(from_day), date.fromisoformat(to_day), to_level, date(2026, 1, 1)
    )
    answer = restate_file(file, job, catalog)
    got = {(row["ref_area"], row["time_period"]): row for row in answer.table.iter_rows(named=True)}
    for expected in rows(HERE / case / "expected.csv"):
        if tuple(expected[column] for column in ASKED) != question:
            continue
        row = got[expected["ref_area"], expected["time_period"]]
        assert row["basis"] == expected["basis"], expected
        assert row["obs_value"] == number(expected["obs_value"]), expected
        assert row["coverage"] == Decimal(expected["coverage"]), expected
        if expected["basis"] != "estimated" or expected["obs_lower"]:
            assert (row["obs_lower"], row["obs_upper"]) == (
                number(expected["obs_lower"]),
                number(expected["obs_upper"]),
            ), expected
    for side in answer.balance.iter_rows(named=True):
        assert side["before"] == side["values"] + side["held"] + side["unallocated"]


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def test_every_figure_says_whose_it_is() -> None:
    for case, lines in groupby(
        ((c, row) for c in CASES for row in rows(HERE / c / "expected.csv")), key=lambda pair: pair[0]
    ):
        assert all(row["whose"] for _, row in lines), case
    assert len(CASES) >= 4
