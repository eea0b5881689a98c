"""Numbers of communes that meet a standard: added up on one day, refused where the communes themselves changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from engine.check import balance
from engine.frames import NUM
from engine.restate import Restated, restate
from indicators.areas import Area, Change, Register
from indicators.catalog import Catalog
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import AreaRule, Measure, Name

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
COMMUNES = Measure(
    "rural.met", Name("Số xã đạt chuẩn", "Communes that meet it"), "UNIT", 0, "province", AreaRule("sum"), "stock",
    counts="commune",
)  # fmt: skip


def observed(figures: dict[str, int]) -> pl.DataFrame:
    values = pl.Series([Decimal(value) for value in figures.values()], dtype=NUM)
    return pl.DataFrame(
        {"ref_area": list(figures), "time_period": "2024", "dimensions": "", "obs_value": values, "obs_status": "A"}
    )


def carried(figures: dict[str, int], measure: Measure, areas: Correspondence) -> Restated:
    result = restate(observed(figures), measure, areas)
    balance(observed(figures), result, measure, areas)
    return result


def answers(result: Restated) -> dict[str, tuple[Any, ...]]:
    columns = ("obs_value", "obs_upper", "basis", "obs_status")
    return {row["ref_area"]: tuple(row[name] for name in columns) for row in result.rows.iter_rows(named=True)}


def of_level(catalog: Catalog, day: date, level: str) -> dict[str, int]:
    return {area.code: 1 for area in catalog.register.on(day).values() if area.level == level}


def test_every_province_is_refused_across_the_reform_even_unchanged_ones(shipped: Catalog) -> None:
    areas = correspondence(shipped.register, OLD, NEW, "province", "province")
    result = carried(of_level(shipped, OLD, "province"), COMMUNES, areas)
    assert set(answers(result).values()) == {(None, None, "refused", "M")}  # Cao Bằng kept its land, not its communes
    (finding,) = result.findings
    assert finding.rule == "restate.counted-changed"
    assert "count again" in finding.en
    assert result.held["obs_value"].sum() == 63


def test_a_commune_that_is_the_same_keeps_its_answer(shipped: Catalog) -> None:
    measure = replace(COMMUNES, level="commune")
    areas = correspondence(shipped.register, OLD, NEW, "commune", "commune")
    found = answers(carried(dict.fromkeys(areas.from_areas, 1), measure, areas))
    same = {pair.to_area for pair in areas.pairs if pair.same}
    assert {code for code, answer in found.items() if answer[0] is not None} == same
    assert len(same) > 100
    assert {found[code] for code in same} == {(1, 1, "reported", "A")}
    assert {answer[2] for code, answer in found.items() if code not in same} == {"refused"}


def test_levels_add_up_on_one_day(shipped: Catalog) -> None:
    measure = replace(COMMUNES, level="commune")
    areas = correspondence(shipped.register, NEW, NEW, "commune", "province")
    found = answers(carried(of_level(shipped, NEW, "commune"), measure, areas))
    assert sum(value for value, *_ in found.values()) == 3321
    assert found["01"][:3] == (126, 126, "exact")  # Hà Nội has 126 communes and wards


def area(code: str, level: str, parent: str, first: date | None = None, last: date | None = None) -> Area:
    return Area(code, level, "xa", code, code, parent, first or date(2000, 1, 1), last)


def small_register() -> Register:
    """Province P = A + B + C, Q = D + E, R = F; on the day A + B become M, and C goes from P to Q as it is."""
    provinces = [area(code, "province", "") for code in "PQR"]
    lasting = [area("D", "commune", "Q"), area("E", "commune", "Q"), area("F", "commune", "R")]
    moved = [area("C", "commune", "P", last=NEW), area("C", "commune", "Q", first=NEW)]
    merged = [area(code, "commune", "P", last=NEW) for code in "AB"] + [area("M", "commune", "P", first=NEW)]
    changes = (Change(NEW, "merger", "A", "M"), Change(NEW, "merger", "B", "M"))
    return Register((*provinces, *lasting, *moved, *merged), changes)


def test_only_where_a_counted_area_changed_is_the_number_refused() -> None:
    areas = correspondence(small_register(), OLD, NEW, "province", "province")
    found = answers(carried({"P": 2, "Q": 1, "R": 1}, COMMUNES, areas))
    assert found["P"] == (None, None, "refused", "M")  # A and B are gone; M has to be looked at
    assert found["Q"] == (None, 3, "partial", "O")  # D, E and C are what they were: one, and up to two of P's
    assert found["R"] == (1, 1, "reported", "A")
    from_communes = correspondence(small_register(), OLD, NEW, "commune", "province")
    by_commune = replace(COMMUNES, level="commune")
    found = answers(carried({"A": 1, "B": 0, "C": 1, "D": 0, "E": 1, "F": 1}, by_commune, from_communes))
    assert found["Q"] == (2, 2, "exact", "A")
    assert found["P"][2] == "refused"


def test_nothing_is_refused_where_nothing_is_reported(shipped: Catalog) -> None:
    areas = correspondence(shipped.register, OLD, NEW, "province", "province")
    found = answers(carried({"01": 3}, COMMUNES, areas))
    assert found["01"][2] == "refused"
    assert found["04"] == (None, None, "partial", "O")


def test_between_two_days_without_a_change_everything_stays(shipped: Catalog) -> None:
    areas = correspondence(shipped.register, NEW, date(2025, 12, 31), "province", "province")
    found = answers(carried(of_level(shipped, NEW, "province"), COMMUNES, areas))
    assert set(found.values()) == {(1, 1, "reported", "A")}


@pytest.mark.parametrize("level", ["district", "commune"])
def test_a_level_that_is_gone_has_nothing_left_to_count(shipped: Catalog, level: str) -> None:
    areas = correspondence(shipped.register, OLD, NEW, "province", "province")
    assert answers(carried({"01": 30}, replace(COMMUNES, counts=level), areas))["01"][2] == "refused"
