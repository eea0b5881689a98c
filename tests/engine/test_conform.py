"""Conforming: what is good comes out exactly, what is not says why and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine.conform import Conformed, conform
from engine.frames import OBSERVATIONS
from engine.source_files import read_source
from indicators.catalog import Catalog
from indicators.definitions import DataModel, Item, Name, RowRule

BEFORE, AFTER, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 3, 1)
FIGURES = Path(__file__).parents[2] / "figures"
Write = Callable[..., Path]


def conformed(catalog: Catalog, file: Path, model: str = "births", basis: date = BEFORE) -> Conformed:
    return conform(read_source(file), catalog.models[model], catalog, basis, TODAY)


def only_reject(found: Conformed) -> dict[str, object]:
    assert found.rejects.height == 1
    return found.rejects.row(0, named=True)


@pytest.mark.parametrize(
    ("dataset", "rows", "rejected", "observations", "total"),
    [
        ("census_2019", 10_010, 0, 20_020, 96_022_015),
        ("nso_2024", 63, 0, 189, None),
        ("population_2020", 63, 0, 63, 97_582_600),
        ("budget", 5_296, 1_516, 3_780, None),
        ("pci", 7_962, 2_766, 5_196, None),
        ("papi", 2_634, 2, 2_632, None),
        ("covid_2021", 62, 0, 62, 887_800),
    ],
)
def test_real_figures_come_in_whole(
    shipped: Catalog, dataset: str, rows: int, rejected: int, observations: int, total: int | None
) -> None:
    found = conformed(shipped, FIGURES / f"{dataset}.csv", dataset)
    assert (found.rows, found.rejected, found.good.height) == (rows, rejected, observations)
    assert dict(found.good.schema) == OBSERVATIONS
    if total is not None:
        assert found.good["obs_value"].sum() == total


def test_budgets_before_2009_are_refused_because_the_territory_differs(shipped: Catalog) -> None:
    found = conformed(shipped, FIGURES / "budget.csv", "budget")
    by_rule = dict(found.rejects.group_by("rule").len().rows())
    assert by_rule == {"load.period-too-early": 1_516, "load.no-area": 20}
    assert found.good["time_period"].min() == "2009"
    assert "Hà Tây" in found.rejects["message_vi"][1]
    assert found.rejects["original"][0] == ",Ha Tay,2006,final_balancing_transfer,million VND,1264946"


def test_preliminary_figures_say_so(shipped: Catalog) -> None:
    good = conformed(shipped, FIGURES / "nso_2024.csv", "nso_2024").good
    statuses = set(good.select("measure", "obs_status").rows())
    assert statuses == {("economy.grdp_per_head", "P"), ("land.area", "A"), ("population.mean", "A")}


def test_leading_zeros_stay(small: Catalog, births_file: Write) -> None:
    good = conformed(small, births_file("00004,2024,F,1,A")).good
    assert good["ref_area"].to_list() == ["00004"]


def test_an_empty_cell_is_missing_and_not_zero(small: Catalog, births_file: Write) -> None:
    good = conformed(small, births_file("00001,2024,F,,", "00004,2024,F,,L", "00006,2024,F,0,")).good
    assert good.select("obs_value", "obs_status").rows() == [(None, "O"), (None, "L"), (Decimal(0), "A")]


def test_observations_are_exact_decimals_with_their_source(small: Catalog, births_file: Write) -> None:
    found = conformed(small, births_file("00001,2024-Q1,F,12345678901234567890,E", "00001,2024-A1,,7,"))
    assert found.good.drop("area_basis").rows() == [
        ("vital.births", "00001", "2024-Q1", "sex=F", Decimal(12345678901234567890), "E", "", "births.csv:1"),
        ("vital.births", "00001", "2024", "", Decimal(7), "A", "", "births.csv:2"),
    ]
    assert found.good["area_basis"].unique().to_list() == [BEFORE]


def test_a_forecast_may_lie_in_the_future(small: Catalog, births_file: Write) -> None:
    found = conformed(small, births_file("00001,2030,F,1,F", "00001,2031,F,1,A"))
    assert found.good["time_period"].to_list() == ["2030"]
    assert only_reject(found)["rule"] == "load.period-in-future"


@pytest.mark.parametrize(
    ("code", "basis", "good"),
    [
        ("00006", BEFORE, True),
        ("00006", AFTER, False),
        ("00004", BEFORE, True),
        ("00004", AFTER, True),
    ],
)
def test_a_code_is_read_on_its_day(small: Catalog, births_file: Write, code: str, basis: date, good: bool) -> None:
    found = conformed(small, births_file(f"{code},2024,F,1,A"), basis=basis)
    assert bool(found.good.height) is good


def test_an_old_code_after_the_change_names_its_day_and_successor(small: Catalog, births_file: Write) -> None:
    reject = only_reject(conformed(small, births_file("00006,2024,F,1,A"), basis=AFTER))
    assert reject["rule"] == "load.area-not-in-force"
    for words in ("until 2025-06-30", "Vĩnh Phúc", "00008 Phường Ngọc Hà", "--basis"):
        assert words in str(reject["message_en"])


def test_code_15_is_another_province_the_day_after(small: Catalog, tmp_path: Path) -> None:
    header = "province_code,province,year,area_km2,population_mean,grdp_per_capita_million_vnd,grdp_preliminary"
    file = tmp_path / "provinces.csv"
    file.write_text(f"{header}\n15,Lào Cai,2024,6000,900000,60,true\n", encoding="utf-8")
    reject = only_reject(conformed(small, file, "nso_2024", BEFORE))
    assert reject["rule"] == "load.area-name"
    assert "Yên Bái" in str(reject["message_en"])
    assert "--basis 2025-07-01" in str(reject["message_en"])
    assert conformed(small, file, "nso_2024", AFTER).good["ref_area"].to_list() == ["15"] * 3


@pytest.mark.parametrize(
    "name", ["Phường Vĩnh Phúc", "Vĩnh Phúc", "VINH PHUC", "phuong vinh phuc", "P. Vĩnh Phúc", "Vĩnh Phúc Ward", ""]
)
def test_names_agree_however_they_are_typed(small: Catalog, tmp_path: Path, name: str) -> None:
    file = tmp_path / "named.csv"
    file.write_text(f"ref_area,time_period,sex,obs_value,name\n00006,2024,F,1,{name}\n", encoding="utf-8")
    assert conformed(small, file).good.height == 1


def test_names_that_the_source_uses_are_listed_in_the_model(shipped: Catalog) -> None:
    strict = replace(shipped.models["papi"], also_called={})
    found = conform(read_source(FIGURES / "papi.csv"), strict, shipped, BEFORE, TODAY)
    assert set(found.rejects.filter(pl.col("rule") == "load.area-name")["value"]) == {
        "BRVT",
        "TP HCM",
        "Thua Thien Hue",
    }


def test_a_row_with_many_faults_tells_them_all(small: Catalog, births_file: Write) -> None:
    found = conformed(small, births_file("99999,2024-13,X,1.5,Z"))
    assert set(found.rejects["rule"]) == {
        "load.unknown-area",
        "load.period",
        "load.unknown-code",
        "number.decimals",
        "load.unknown-status",
    }
    assert found.rejected == 1


def test_both_rows_of_a_double_key_are_refused_even_if_one_is_bad(small: Catalog, births_file: Write) -> None:
    found = conformed(small, births_file("00001,2024,F,1,A", "00001,2024,F,x,A", "00001,2024,M,1,A"))
    assert found.good["dimensions"].to_list() == ["sex=M"]
    assert found.rejects.select("source_row", "rule").rows() == [
        (1, "load.duplicate"),
        (2, "load.duplicate"),
        (2, "number.no-figure"),
    ]


def test_the_same_period_written_in_two_ways_is_one_key(small: Catalog, births_file: Write) -> None:
    found = conformed(small, births_file("00001,2024,F,1,A", "00001,2024-A1,F,2,A"))
    assert found.rejects["rule"].unique().to_list() == ["load.duplicate"]


def test_limits_hold_to_the_last_unit(small: Catalog, births_file: Write) -> None:
    item = Item("vital.births", minimum=Decimal(10), maximum=Decimal(20))
    model = replace(small.models["births"], items={"": item})
    rows = [f"00001,{year},F,{value},A" for year, value in ((2020, 9), (2021, 10), (2022, 20), (2023, 21))]
    found = conform(read_source(births_file(*rows)), model, small, BEFORE, TODAY)
    assert found.good["obs_value"].to_list() == [10, 20]
    assert found.rejects["rule"].to_list() == ["load.too-small", "load.too-great"]


def wide(small: Catalog, **changes: object) -> DataModel:
    """Boys and girls in columns, with a total that must agree."""
    items = {
        "boys": Item("vital.births", {"sex": "M"}, Decimal(0)),
        "girls": Item("vital.births", {"sex": "F"}, Decimal(0)),
    }
    rule = RowRule("total", "total = boys + girls", Name("sai tổng", "wrong total"))
    births = small.models["births"]
    facts = {"layout": "wide", "items": items, "rules": (rule,), "dimension_columns": {}, "other_columns": ("total",)}
    return replace(births, **{**facts, **changes})  # type: ignore[arg-type]


def wide_file(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "wide.csv"
    file.write_text("\n".join(["ref_area,time_period,boys,girls,total", *rows, ""]), encoding="utf-8")
    return file


def test_wide_rows_are_good_or_bad_as_a_whole(small: Catalog, tmp_path: Path) -> None:
    rows = ["00001,2024,5,6,11", "00004,2024,5,6,12", "00006,2024,5,x,5", "00007,2024,5,,5"]
    found = conform(read_source(wide_file(tmp_path, *rows)), wide(small), small, BEFORE, TODAY)
    assert found.good.select("ref_area", "dimensions", "obs_value", "obs_status").rows() == [
        ("00001", "sex=M", 5, "A"),
        ("00001", "sex=F", 6, "A"),
        ("00007", "sex=M", 5, "A"),
        ("00007", "sex=F", None, "O"),
    ]
    assert found.rejects.select("source_row", "rule").rows() == [(2, "rule.total"), (3, "number.no-figure")]


def test_a_column_that_a_rule_computes_with_must_hold_numbers(small: Catalog, tmp_path: Path) -> None:
    found = conform(read_source(wide_file(tmp_path, "00001,2024,5,6,11 em")), wide(small), small, BEFORE, TODAY)
    assert only_reject(found)["column_name"] == "total"


def test_a_rule_of_severity_warning_keeps_the_row(small: Catalog, tmp_path: Path) -> None:
    rule = replace(wide(small).rules[0], severity="warning")
    source = read_source(wide_file(tmp_path, "00001,2024,5,6,12"))
    found = conform(source, wide(small, rules=(rule,)), small, BEFORE, TODAY)
    assert (found.good.height, found.rejected) == (2, 0)
    assert [remark.severity for remark in found.remarks] == ["warning"]


def test_an_island_district_stands_for_itself(shipped: Catalog) -> None:
    """Five island districts have no commune, so a figure of communes may be theirs."""
    children = shipped.register.children(BEFORE)
    districts = [area for area in shipped.register.on(BEFORE).values() if area.level == "district"]
    islands = [area.code for area in districts if area.code not in children]
    assert len(islands) == 5
    frame = pl.DataFrame({"ref_area": [islands[0]], "time_period": ["2024"], "sex": ["F"], "obs_value": ["1"]})
    model = replace(shipped.models["population_2020"], id="births", layout="long", items={"": Item("vital.births")})
    model = replace(
        model, area_column="ref_area", time_column="time_period", time_format="period", value_column="obs_value",
        item_column="", name_column="", dimension_columns={"sex": "sex"}, other_columns=(), also_called={},
    )  # fmt: skip
    from engine.sources import LINE, ORIGINAL, ROW, Source

    beside = {ROW: [1], LINE: [2], ORIGINAL: [""]}
    numbered = frame.with_columns(pl.Series(name, values) for name, values in beside.items())
    source = Source("a.csv", "", tuple(frame.columns), numbered)
    assert conform(source, model, shipped, BEFORE, TODAY).good["ref_area"].to_list() == [islands[0]]
