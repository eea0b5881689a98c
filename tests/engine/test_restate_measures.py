"""A file of many measures: each by its own rule, the same figures as one by one, whatever the order of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from engine import restate_measures
from engine.dense_sum import Block, Sums, add_up
from engine.frames import NUM
from engine.mean_weights import with_totals
from engine.restate_file import Job, figures_of
from engine.restate_measures import ManyAnswer, ManyJob
from indicators.area_files import read_register
from indicators.areas import Area, Register
from indicators.catalog import Catalog
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name
from indicators.findings import DataFault
from naive.cells import Country, random_country

TODAY = date(2025, 11, 1)
SEX = Codelist("CL_SEX", {code: Code(code, Name(code, code)) for code in ("F", "M")})
NUMBERS = ("obs_value", "obs_lower", "obs_upper")
REAL = Path(__file__).parents[2] / "catalog" / "areas"


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # figures to test with


def measure(name: str, rule: str = "sum", **changes: Any) -> Measure:
    made = Measure(name, Name(name, name), "PERSON", 0, "commune", AreaRule("sum"), "flow", split_weight="population")
    return replace(made, areas=AreaRule(rule, by="a.births" if rule == "mean" else None), **changes)  # type: ignore[arg-type]


MEASURES = {
    one.id: one
    for one in (
        measure("a.births", dimensions={"sex": "CL_SEX"}),
        measure("b.budget", decimals=2, signed=True),
        measure("c.rate", "mean"),
        measure("d.deaths"),
    )
}


def catalog(country: Country) -> Catalog:
    return Catalog(Path(), country.register, MEASURES, {}, {"CL_SEX": SEX}, {}, {}, {}, {})


def rows(random: Random, codes: Iterable[str], *, gaps: bool = True) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in MEASURES.values():
        for period in ("2023", "2024"):
            for sex in ("", "F", "M") if one.dimensions else ("",):
                for code in codes:
                    chance = random.random()
                    if gaps and chance < 0.05:
                        continue
                    amount = random.choice([0, 1, 2, 3, 7, 11, 250]) * (random.choice([1, -1]) if one.signed else 1)
                    value, status = (
                        Decimal(amount).scaleb(-one.decimals),
                        "A" if chance < 0.7 else random.choice("PIEB"),
                    )
                    if gaps and chance < 0.12:
                        value, status = None, random.choice("OLM")  # type: ignore[assignment]
                    found.append(
                        {"measure": one.id, "ref_area": code, "time_period": period, "sex": sex or None,
                         "obs_value": value, "obs_status": status}
                    )  # fmt: skip
    return found


SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("measure", "ref_area", "time_period", "sex")]
    + [("obs_value", pa.decimal128(18, 2)), ("obs_status", pa.string())]
)


def written(file: Path, listed: list[dict[str, Any]], schema: pa.Schema = SCHEMA, group: int = 50) -> Path:
    pq.write_table(pa.Table.from_pylist(listed, schema=schema), file, row_group_size=group)
    return file


def done(country: Country, file: Path, days: tuple[date, date], **changes: Any) -> tuple[ManyAnswer, pl.DataFrame]:
    job = replace(ManyJob(MEASURES, True, *days, "", TODAY), **changes)
    out = file.with_name("out.parquet")
    answer = restate_measures.restate_measures(file, out, job, catalog(country))
    return answer, pl.read_parquet(out)


def one_by_one(
    country: Country,
    listed: list[dict[str, Any]],
    days: tuple[date, date],
    measures: Mapping[str, Measure] = MEASURES,
) -> pl.DataFrame:
    frame = pl.DataFrame(listed, schema_overrides={"obs_value": NUM, "sex": pl.String}).with_columns(
        dimensions=pl.when(pl.col("sex").is_null()).then(pl.lit("")).otherwise("sex=" + pl.col("sex")),
        area_basis=pl.lit(days[0]),
    )
    areas = correspondence(country.register, *days, "commune", "commune", "population")
    found = []
    for one in measures.values():
        own = frame.filter(pl.col("measure") == one.id)
        by = MEASURES.get(one.areas.by or "")
        weights = with_totals(frame.filter(pl.col("measure") == by.id), by, {"CL_SEX": SEX})[0] if by else None
        job = Job(one, *days, "commune", TODAY)
        found.append(figures_of(own, job, catalog(country), areas, weights).rows)
    return pl.concat(found)


def comparable(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(NUMBERS).cast(NUM))


def expected(frame: pl.DataFrame) -> pl.DataFrame:
    sex = pl.col("dimensions").str.strip_prefix("sex=").alias("sex")
    return frame.with_columns(sex).drop("dimensions")


@pytest.mark.parametrize("seed", range(12))
def test_the_same_figures_as_one_by_one_whatever_the_order_of_rows(seed: int, tmp_path: Path) -> None:
    random = dice(seed)
    country = random_country(seed, weighted=seed % 2 == 0)
    days = (min(country.maps), max(country.maps))
    listed = rows(random, country.truth(days[0]))
    answer, found = done(country, written(tmp_path / "in.parquet", listed), days)
    wanted = expected(one_by_one(country, listed, days))
    assert_frame_equal(comparable(found), comparable(wanted.select(found.columns)))
    assert "c.rate" in answer.general
    assert "d.deaths" in answer.dense
    sides = answer.balance
    assert (sides["before"] == sides["values"] + sides["held"] + sides["unallocated"]).all()
    first = (tmp_path / "out.parquet").read_bytes()
    random.shuffle(listed)
    done(country, written(tmp_path / "in.parquet", listed, group=7), days)
    assert (tmp_path / "out.parquet").read_bytes() == first


def test_little_memory_makes_more_passes_and_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    country = random_country(3)
    days = (min(country.maps), max(country.maps))
    listed = rows(dice(3), country.truth(days[0]))
    dice(4).shuffle(listed)
    file = written(tmp_path / "in.parquet", listed)
    done(country, file, days)
    first = (tmp_path / "out.parquet").read_bytes()
    width = len(country.truth(days[0])) + 1
    for series in (6, 7, 9):  # of the ten that there are
        monkeypatch.setattr(restate_measures, "MOST_BYTES", 9 * width * series)
        answer, _ = done(country, file, days)
        assert (tmp_path / "out.parquet").read_bytes() == first
    assert "a.births" in answer.dense


def test_a_measure_too_large_for_memory_goes_the_general_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    country = random_country(5)
    days = (min(country.maps), max(country.maps))
    listed = rows(dice(5), country.truth(days[0]))
    file = written(tmp_path / "in.parquet", listed)
    monkeypatch.setattr(restate_measures, "MOST_BYTES", 1)
    answer, found = done(country, file, days)
    assert set(answer.general) == set(MEASURES)
    assert_frame_equal(comparable(found), comparable(expected(one_by_one(country, listed, days)).select(found.columns)))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"ref_area": "99999"}, "load.unknown-area"),
        ({"time_period": "2024-13"}, "load.period"),
        ({"time_period": "2031"}, "load.period-in-future"),
        ({"sex": "X"}, "load.unknown-code"),
        ({"obs_value": Decimal(-1)}, "load.negative"),
        ({"obs_value": Decimal("0.5")}, "number"),
        ({"obs_value": None}, "load.status-without-value"),
        ({"obs_status": "Z"}, "load.unknown-status"),
        ({"obs_status": "M"}, "load.value-without-status"),
        ({}, "load.duplicate"),
    ],
)
def test_a_row_at_fault_is_named_as_ever(change: dict[str, Any], rule: str, tmp_path: Path) -> None:
    country = random_country(1)
    days = (min(country.maps), max(country.maps))
    listed = rows(dice(1), country.truth(days[0]), gaps=False)
    first = next(row for row in listed if row["measure"] == "a.births")
    listed.append({**first, "obs_status": "A", **change})
    with pytest.raises(DataFault) as caught:
        done(country, written(tmp_path / "in.parquet", listed), days)
    assert any(rule in finding.rule for finding in caught.value.findings)
    assert {finding.row for finding in caught.value.findings} & {1, len(listed)}
    assert not (tmp_path / "out.parquet").exists()
    assert not list(tmp_path.glob(".out*"))


def test_measures_that_nobody_knows_or_that_are_not_there_are_named(tmp_path: Path) -> None:
    country = random_country(1)
    days = (min(country.maps), max(country.maps))
    listed = rows(dice(1), country.truth(days[0]), gaps=False)
    file = written(tmp_path / "in.parquet", [*listed, {**listed[0], "measure": "a.birth"}])
    with pytest.raises(DataFault, match=r"a\.births"):
        done(country, file, days)
    chosen = {"d.deaths": MEASURES["d.deaths"]}
    answer, found = done(country, file, days, measures=chosen, all_of_file=False)
    assert (answer.dense, set(found["measure"])) == (["d.deaths"], {"d.deaths"})
    with pytest.raises(DataFault, match="z"):
        done(country, file, days, measures={"z": measure("z")}, all_of_file=False)


def test_suppressed_figures_and_large_ones_take_the_general_way(tmp_path: Path) -> None:
    country = random_country(2)
    days = (min(country.maps), max(country.maps))
    listed = rows(dice(2), country.truth(days[0]), gaps=False)
    next(row for row in listed if row["measure"] == "d.deaths").update(obs_value=None, obs_status="Q")
    next(row for row in listed if row["measure"] == "b.budget").update(obs_value=Decimal(10**19))
    wide = SCHEMA.set(4, pa.field("obs_value", pa.decimal128(38, 9)))
    answer, found = done(country, written(tmp_path / "in.parquet", listed, wide), days)
    assert {"b.budget", "d.deaths"} <= set(answer.general)
    assert found.schema["obs_value"] == NUM
    assert found["obs_value"].max() >= Decimal(10**19)  # type: ignore[operator]


def test_a_file_of_the_lake_has_columns_of_its_own(tmp_path: Path) -> None:
    country = random_country(2)
    days = (min(country.maps), max(country.maps))
    listed = rows(dice(2), country.truth(days[0]))
    done(country, written(tmp_path / "in.parquet", listed), days)
    first = pl.read_parquet(tmp_path / "out.parquet")
    schema = SCHEMA.set(4, pa.field("obs_value", pa.decimal128(38, 9))).append(pa.field("area_basis", pa.date32()))
    for name in ("load_id", "source"):
        schema = schema.append(pa.field(name, pa.string()))
    more = [{**row, "area_basis": days[0], "load_id": "x", "source": f"f:{n}"} for n, row in enumerate(listed)]
    _, found = done(country, written(tmp_path / "in.parquet", more, schema), days)
    assert_frame_equal(comparable(found), comparable(first))
    more[5]["area_basis"] = days[1]
    with pytest.raises(DataFault, match=str(days[1])):
        done(country, written(tmp_path / "in.parquet", more, schema), days)


def test_a_total_that_is_not_kept_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    country = random_country(7)
    days = (min(country.maps), min(country.maps))
    file = written(tmp_path / "in.parquet", rows(dice(7), country.truth(days[0]), gaps=False))

    def wrong(block: Block, layout: Any, signed: bool) -> Sums:
        sums = add_up(block, layout, signed)
        row, column = np.argwhere(sums.has_value)[0]
        sums.value[row, column] += 1
        return sums

    monkeypatch.setattr(restate_measures, "add_up", wrong)
    with pytest.raises(DataFault, match="total before"):
        done(country, file, days)
    assert not (tmp_path / "out.parquet").exists()


def under_one_province(country: Country) -> Country:
    """The same country, in which all communes lie in one province: its total is exact and narrows what they may be."""
    register = country.register
    communes = [replace(area, parent="P") for area in register.areas]
    province = Area("P", "province", "tinh", "P", "P", "", min(country.maps), None)
    return replace(country, register=Register((province, *communes), register.changes, register.weights))


@pytest.mark.parametrize("seed", range(12))
def test_totals_of_the_level_above_narrow_the_same(seed: int, tmp_path: Path) -> None:
    country = under_one_province(random_country(seed, weighted=seed % 3 == 0))
    days = (min(country.maps), max(country.maps))
    listed = rows(dice(seed), country.truth(days[0]), gaps=seed % 4 == 0)
    answer, found = done(country, written(tmp_path / "in.parquet", listed), days)
    wanted = expected(one_by_one(country, listed, days))
    assert_frame_equal(comparable(found), comparable(wanted.select(found.columns)))
    assert "d.deaths" in answer.dense


def test_the_real_areas(tmp_path: Path) -> None:
    country = Country({}, {}, read_register(REAL))
    days = (date(2025, 6, 30), date(2025, 7, 1))
    codes = [code for code, area in country.register.on(days[0]).items() if area.level == "commune"]
    listed = [row for row in rows(dice(1), codes) if row["measure"] in ("b.budget", "d.deaths")]
    chosen = {name: MEASURES[name] for name in ("b.budget", "d.deaths")}
    file = written(tmp_path / "in.parquet", listed, pa.schema([one for one in SCHEMA if one.name != "sex"]), 30_000)
    answer, found = done(country, file, days, measures=chosen, all_of_file=False)
    wanted = one_by_one(country, listed, days, chosen)
    assert_frame_equal(comparable(found), comparable(wanted.select(found.columns)))
    assert answer.dense == list(chosen)
    back, found = done(country, written_back(tmp_path, found), days[::-1], measures=chosen, all_of_file=False)
    assert back.dense == list(chosen)
    assert found["ref_area"].n_unique() == len(codes) + 5  # the districts without communes


def written_back(folder: Path, found: pl.DataFrame) -> Path:
    """What came out as a file to carry back; a blank with bounds is left out."""
    columns = [name for name in SCHEMA.names if name != "sex"]
    known = found.filter(pl.col("obs_value").is_not_null()).select(columns)
    table = known.to_arrow().cast(pa.schema([SCHEMA.field(name) for name in columns]))
    pq.write_table(table, folder / "back.parquet")
    return folder / "back.parquet"
