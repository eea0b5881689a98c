"""`chitieu restate` on moves between areas, on counts of areas, and on windows that cross a change."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from console.shipped import copy_catalog
from terminal.command import chitieu, chitieu_apart

OLD, NEW = "2025-06-30", "2025-07-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with nothing but the shipped catalog."""
    made = tmp_path_factory.mktemp("restated")
    copy_catalog(made)
    return made


def restated(folder: Path, measure: str, text: str, *more: str, code: int = 0) -> str:
    file = folder / "given.csv"
    file.write_text(text, encoding="utf-8")
    days = ("--from", OLD) if "--from" not in more else ()
    return chitieu(folder, "restate", str(file), "--measure", measure, *days, "--to", NEW, *more, code=code)


def answers(text: str, *keys: str) -> dict[tuple[str, ...], dict[str, str]]:
    return {tuple(row[key] for key in keys): row for row in csv.DictReader(io.StringIO(text))}


MOVES = """ref_area,ref_area_to,time_period,obs_value
10,15,2024,300
15,10,2024,200
10,01,2024,50
15,01,2024,70
01,10,2024,20
01,15,2024,5
"""


def test_moves_between_lao_cai_and_yen_bai_are_internal_now(folder: Path) -> None:
    found = answers(restated(folder, "population.migration", MOVES), "ref_area", "ref_area_to")
    assert found["15", "01"]["obs_value"] == "120"
    assert found["01", "15"]["obs_value"] == "25"
    assert found["15", ""]["obs_value"] == "120"
    assert ("15", "15") not in found
    told = chitieu_apart(
        folder, "restate", str(folder / "given.csv"), "--measure", "population.migration", "--from", OLD, "--to", NEW
    )
    assert told.startswith("ref_area,")


def test_gross_flows_say_what_comes_is_incomplete_without_every_origin(folder: Path) -> None:
    found = answers(restated(folder, "population.migration", MOVES, "--gross"), "ref_area", "flow")
    assert found["15", "out"]["obs_value"] == "120"
    assert (found["15", "in"]["obs_value"], found["15", "in"]["obs_lower"]) == ("", "25")
    assert "internal_flow" in restated(folder, "population.mean", "ref_area,time_period,obs_value\n", "--gross", code=2)


def test_a_total_without_where_to_is_refused_on_merger_and_kept_elsewhere(folder: Path) -> None:
    totals = "ref_area,time_period,obs_value\n10,2024,5\n15,2024,8\n04,2024,7\n"
    found = answers(restated(folder, "population.migration", totals), "ref_area")
    assert (found["15",]["basis"], found["15",]["obs_value"]) == ("refused", "")
    assert (found["04",]["basis"], found["04",]["obs_value"]) == ("reported", "7")


def test_the_other_end_must_be_an_area_of_the_day(folder: Path) -> None:
    told = restated(folder, "population.migration", MOVES.replace("10,01", "10,99"), code=1)
    assert "given.csv:4" in told
    assert "99" in told


def test_numbers_of_communes_are_not_carried_over(folder: Path) -> None:
    found = answers(restated(folder, "rural.ntm_communes", "ref_area,time_period,obs_value\n04,2024,30\n"), "ref_area")
    assert found["04",]["basis"] == "refused"


def test_a_flow_over_the_change_is_marked_by_the_calendar(folder: Path) -> None:
    given = "ref_area,time_period,budget_stage,obs_value\n15,2025-07,FINAL,5\n04,2025-07,FINAL,7\n"
    more = ("--from", NEW, "--calendar", "nd09_2019")
    found = answers(restated(folder, "budget.revenue", given, *more), "ref_area")
    assert (found["15",]["obs_status"], found["04",]["obs_status"]) == ("B", "A")
    plain = answers(restated(folder, "budget.revenue", given, "--from", NEW), "ref_area")
    assert plain["15",]["obs_status"] == "A"
    assert "nd09_2019" in restated(folder, "budget.revenue", given, "--from", NEW, "--calendar", "x", code=2)
