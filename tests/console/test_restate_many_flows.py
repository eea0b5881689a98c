"""`chitieu restate --measure all` on real areas: moves beside plain sums, and windows that cross the change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from console.shipped import copy_catalog
from engine.measure_layouts import MeasureLayouts
from indicators.area_files import read_register
from indicators.areas import Register
from terminal.command import chitieu

OLD, NEW = "2025-06-30", "2025-07-01"
CALENDAR = ("--calendar", "nd09_2019")
JUNE, JULY = "2025-06", "2025-07"
"""By the decree July is 15 June to 14 July: it crosses the change, June does not."""
COLUMNS = {
    **dict.fromkeys(("measure", "ref_area", "ref_area_to", "time_period", "budget_stage", "sex"), pl.String()),
    "obs_value": pl.Decimal(18, 0),
}
NUMBERS = [pl.col("obs_value", "obs_lower", "obs_upper").cast(pl.Decimal(38, 9))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with nothing but the shipped catalog."""
    made = tmp_path_factory.mktemp("many-flows")
    copy_catalog(made)
    return made


@pytest.fixture(scope="module")
def register(folder: Path) -> Register:
    return read_register(folder / "catalog" / "areas")


def codes(register: Register, day: str, level: str) -> list[str]:
    in_force = register.on(pl.Series([day]).str.to_date()[0])
    return sorted(area.code for area in in_force.values() if area.level == level)


def moves(register: Register, periods: tuple[str, ...], day: str = OLD) -> pl.DataFrame:
    """Moves between the provinces of a day; each origin lists some."""
    random, provinces = Random(7), codes(register, day, "province")  # noqa: S311
    rows = [
        ("population.migration", start, end, period, None, None, Decimal(random.randint(0, 500)))
        for period in periods
        for start in provinces
        for end in random.sample(provinces, 9)
        if end != start
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def revenue(register: Register, periods: tuple[str, ...], day: str = OLD) -> pl.DataFrame:
    """Revenue of the provinces of a day: a plain sum."""
    random = Random(8)  # noqa: S311
    rows = [
        ("budget.revenue", code, None, period, "FINAL", None, Decimal(random.randint(0, 10**7)))
        for period in periods
        for code in codes(register, day, "province")
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def births(register: Register, periods: tuple[str, ...]) -> pl.DataFrame:
    """Births of the communes of the old day: a plain sum of which pieces have bounds only."""
    random = Random(9)  # noqa: S311
    rows = [
        ("vital.births", code, None, period, None, "F", Decimal(random.randint(0, 400)))
        for period in periods
        for code in codes(register, OLD, "commune")
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def write(given: pl.DataFrame, file: Path, *without: str) -> Path:
    """The columns that hold anything."""
    empty = [column for column in given.columns if given[column].null_count() == given.height]
    given.drop(*empty, *without).write_parquet(file)
    return file


def all_at_once(folder: Path, given: pl.DataFrame, *more: str) -> pl.DataFrame:
    file, out = write(given, folder / "many.parquet"), folder / "all.parquet"
    chitieu(folder, "restate", str(file), "--measure", "all", "-o", str(out), *more)
    return pl.read_parquet(out).with_columns(NUMBERS)


def one_by_one(folder: Path, given: pl.DataFrame, *more: str) -> dict[str, pl.DataFrame]:
    found = {}
    for (name,), own in sorted(given.partition_by("measure", as_dict=True).items()):
        file, out = write(own, folder / "one.parquet", "measure"), folder / "single.parquet"
        chitieu(folder, "restate", str(file), "--measure", str(name), "-o", str(out), *more)
        found[str(name)] = pl.read_parquet(out).with_columns(NUMBERS)
    return found


def assert_same(many: pl.DataFrame, single: dict[str, pl.DataFrame]) -> None:
    assert sorted(many["measure"].unique()) == sorted(single)
    for name, wanted in single.items():
        got = many.filter(pl.col("measure") == name)
        assert_frame_equal(got.select(wanted.columns), wanted, check_row_order=False, check_dtypes=False)
        assert all((got[column] == "").all() for column in {*got.columns} - {*wanted.columns, "measure"})


@pytest.mark.parametrize("days", [(OLD, NEW), (NEW, OLD)], ids=["forwards", "backwards"])
def test_moves_beside_plain_sums_are_those_of_a_file_of_their_own(
    folder: Path, register: Register, days: tuple[str, str]
) -> None:
    given = pl.concat([revenue(register, ("2024",), days[0]), moves(register, ("2023", "2024"), days[0])])
    asked = ("--from", days[0], "--to", days[1])
    many = all_at_once(folder, given, *asked)
    assert_same(many, one_by_one(folder, given, *asked))
    assert many.filter(pl.col("ref_area_to") != "")["measure"].unique().to_list() == ["population.migration"]


def test_the_other_end_of_a_move_must_be_an_area_of_the_day_here_too(folder: Path, register: Register) -> None:
    given = pl.concat([revenue(register, ("2024",)), moves(register, ("2024",))])
    wrong = given.with_columns(
        ref_area_to=pl.when(pl.col("ref_area_to") == "15").then(pl.lit("99")).otherwise("ref_area_to")
    )
    write(wrong, folder / "wrong.parquet")
    asked = ("--measure", "all", "--from", OLD, "--to", NEW, "-o", str(folder / "no.parquet"))
    assert "99" in chitieu(folder, "restate", str(folder / "wrong.parquet"), *asked, code=1)
    assert not (folder / "no.parquet").exists()


@pytest.mark.parametrize("day", [OLD, NEW])
def test_months_that_cross_the_change_are_marked_alike_by_either_path(
    folder: Path, register: Register, day: str
) -> None:
    given = pl.concat([one(register, (JUNE, JULY), day) for one in (revenue, moves)])
    given = given.vstack(births(register, (JUNE, JULY))) if day == OLD else given
    asked = ("--from", day, "--to", NEW, *CALENDAR)
    many = all_at_once(folder, given, *asked)
    assert_same(many, one_by_one(folder, given, *asked))
    shown = many.filter(pl.col("measure") == "budget.revenue", pl.col("ref_area").is_in(["04", "15"]))
    marks = {
        (area, period): status for area, period, status in shown.select("ref_area", "time_period", "obs_status").rows()
    }
    assert marks == {("04", JUNE): "A", ("04", JULY): "A", ("15", JUNE): "A", ("15", JULY): "B"}


def test_without_the_mark_the_paths_would_differ(
    folder: Path, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, asked = revenue(register, (JUNE, JULY)), ("--from", OLD, "--to", NEW, *CALENDAR)
    single = one_by_one(folder, given, *asked)
    monkeypatch.setattr(MeasureLayouts, "crosses_change", lambda *_: False)
    with pytest.raises(AssertionError):
        assert_same(all_at_once(folder, given, *asked), single)
