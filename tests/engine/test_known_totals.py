"""Known totals of provinces and districts in a file: what they leave, when they are not used, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.restate_file import Answer, Job, restate_file
from engine.restate_measures import ManyJob, restate_measures
from indicators.areas import Area, Change, Register
from indicators.catalog import Catalog
from indicators.definitions import AreaRule, Code, Codelist, Measure, Name
from indicators.findings import DataFault

OLD, NEW, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2025, 11, 1)
PEOPLE = Measure("m.people", Name("m", "m"), "PERSON", 0, "commune", AreaRule("sum"), "stock", {"sex": "CL_SEX"})
SEX = Codelist("CL_SEX", {code: Code(code, Name(code, code)) for code in ("F", "M")})


def area(code: str, level: str, parent: str, since: date = date(2000, 1, 1), until: date | None = NEW) -> Area:
    return Area(code, level, level, code, code, parent, since, until)


def register() -> Register:
    """Province P of districts D (a, b, c) and E (d, e), and Q of the communes f, g; then N is all there is.

    a and b merge into x; c is cut into y and z; d and e are now in z and w; f and g keep their codes.
    """
    old = [area(code, "commune", "D") for code in "abc"] + [area(code, "commune", "E") for code in "de"]
    old += [area(code, "commune", "Q", until=None if code == "f" else NEW) for code in "fg"]
    new = [area(code, "commune", "N", NEW, None) for code in "gwxyz"]
    above = [
        area("P", "province", ""),
        area("Q", "province", ""),
        area("D", "district", "P"),
        area("E", "district", "P"),
    ]
    old = [replace(one, valid_to=NEW) for one in old]
    new += [area("f", "commune", "N", NEW, None), area("N", "province", "", NEW, None)]
    pairs = ["ax", "bx", "cy", "cz", "dz", "ew"]
    changes = [Change(NEW, "merger", pair[0], pair[1]) for pair in pairs]
    return Register((*old, *new, *above), tuple(changes))


def catalog(*measures: Measure) -> Catalog:
    return Catalog(Path(), register(), {one.id: one for one in measures}, {}, {"CL_SEX": SEX}, {}, {}, {}, {})


def restated(
    folder: Path, rows: str, measure: Measure = PEOPLE, to_day: date = NEW, level: str = "commune", columns: str = ""
) -> Answer:
    """Rows as `area:value`, or `area:value:more cells`; a missing value is `Q` or `O`."""
    file = folder / "in.csv"
    lines = [f"ref_area,time_period,obs_value,obs_status{columns}"]
    for row in rows.split():
        code, value, *more = row.split(":")
        lines.append(",".join([code, "2024", *(("", value) if value in ("O", "Q", "M") else (value, "A")), *more]))
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return restate_file(file, Job(measure, OLD, to_day, level, TODAY), catalog(measure))


def figures(answer: Answer) -> dict[str, Any]:
    """Area to value, or to (lower, upper)."""
    found: dict[str, Any] = {}
    for code, value, low, high in answer.table.select("ref_area", "obs_value", "obs_lower", "obs_upper").iter_rows():
        found[code] = int(value) if value is not None else tuple(None if n is None else int(n) for n in (low, high))
    return found


def rules(answer: Answer) -> list[str]:
    return [finding.rule for finding in answer.findings]


ALL = "a:1 b:2 c:3 d:4 e:5 f:6 g:7"


def test_the_last_commune_of_a_province_has_what_its_total_leaves(tmp_path: Path) -> None:
    answer = restated(tmp_path, "a:1 c:3 d:4 e:5 P:15 f:6 g:7")
    assert figures(answer) == {"f": 6, "g": 7, "w": 5, "x": 3, "y": (0, 3), "z": (4, 7)}
    row = answer.table.row(by_predicate=pl.col("ref_area") == "x", named=True)
    assert (row["basis"], row["obs_status"], row["coverage"]) == ("exact", "A", Decimal("0.5"))
    assert answer.balance["before"].to_list() == [28]
    assert answer.findings == ()


def test_without_the_total_it_is_open(tmp_path: Path) -> None:
    assert figures(restated(tmp_path, "a:1 c:3 d:4 e:5 f:6 g:7"))["x"] == (1, None)


def test_on_the_same_day_what_is_worked_out_is_not_called_reported(tmp_path: Path) -> None:
    answer = restated(tmp_path, "a:1 b:O c:3 d:4 e:5 P:15 Q:20 f:6", to_day=OLD)
    assert figures(answer) == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 14}
    bases = dict(answer.table.select("ref_area", "basis").iter_rows())
    assert [code for code, basis in bases.items() if basis == "exact"] == ["b", "g"]
    assert bases["a"] == "reported"


def test_several_missing_communes_share_the_rest(tmp_path: Path) -> None:
    assert figures(restated(tmp_path, "c:3 d:4 e:5 P:15 f:6 g:7"))["x"] == 3  # both are in x
    found = figures(restated(tmp_path, "a:1 c:3 d:4 P:15 f:6 g:7"))  # b in x, e in w: seven together
    assert (found["x"], found["w"]) == ((1, 8), (0, 7))
    assert figures(restated(tmp_path, "a:1 c:3 d:4 P:8 f:6 g:7"))["x"] == 1  # nothing is left


def test_totals_of_districts_stand_within_those_of_provinces(tmp_path: Path) -> None:
    found = figures(restated(tmp_path, "a:1 c:3 D:6 P:15 d:4 f:6 g:7"))
    assert (found["x"], found["w"]) == (3, 5)
    alone = figures(restated(tmp_path, "a:1 D:6 P:15 d:4 f:6 g:7"))  # b and c have five, e the rest of P
    assert (alone["x"], alone["y"], alone["w"]) == ((1, 6), (0, 5), 5)


def test_a_province_and_its_total_to_provinces(tmp_path: Path) -> None:
    assert figures(restated(tmp_path, "a:1 P:15 f:6 g:7", level="province")) == {"N": 28}
    assert figures(restated(tmp_path, "a:1 f:6 g:7", level="province")) == {"N": (14, None)}


def test_a_total_that_contradicts_the_figures_is_told_and_not_used(tmp_path: Path) -> None:
    less = restated(tmp_path, "a:1 c:3 d:4 e:5 P:12 f:6 g:7")
    assert rules(less) == ["restate.total-contradicts"]
    assert "12" in less.findings[0].vi
    assert "13" in less.findings[0].en
    assert figures(less)["x"] == (1, None)
    other = restated(tmp_path, f"{ALL} P:16 Q:13")
    assert rules(other) == ["restate.total-contradicts"]
    assert (other.findings[0].ref_area, figures(other)) == ("P", figures(restated(tmp_path, ALL)))


def test_of_many_contradictions_the_first_are_listed(tmp_path: Path) -> None:
    lines = [f"{code},{year},{n}" for year in range(1950, 2010) for code, n in (("f", 1), ("g", 1), ("Q", 5))]
    (tmp_path / "in.csv").write_text("\n".join(["ref_area,time_period,obs_value", *lines, ""]), encoding="utf-8")
    answer = restate_file(tmp_path / "in.csv", Job(PEOPLE, OLD, NEW, "commune", TODAY), catalog(PEOPLE))
    assert rules(answer) == ["restate.total-contradicts"] * 51
    assert "10" in answer.findings[-1].en


def test_figures_that_may_be_negative(tmp_path: Path) -> None:
    signed = replace(PEOPLE, signed=True)
    assert figures(restated(tmp_path, "a:1 c:3 d:4 e:5 P:10 f:6 g:7", signed))["x"] == -2
    found = figures(restated(tmp_path, "a:1 c:3 d:4 P:15 f:6 g:7", signed))
    assert (found["x"], found["w"]) == ((None, None), (None, None))


def test_nothing_is_worked_out_beside_a_suppressed_figure(tmp_path: Path) -> None:
    for rows in ("a:Q c:3 d:4 e:5 P:15 b:2 f:6 g:7", "a:Q c:3 d:4 P:15 b:2 f:6 g:7", "a:Q d:4 D:6 P:15 b:2 f:6 g:7"):
        answer = restated(tmp_path, rows)
        assert set(rules(answer)) == {"restate.total-withheld"}
        without = restated(tmp_path, " ".join(row for row in rows.split() if row[0] not in "PD"))
        assert answer.table.equals(without.table)
    beside = restated(tmp_path, "a:Q c:3 d:4 E:9 P:15 Q:13 b:2 g:7")
    assert (figures(beside)["w"], figures(beside)["f"], figures(beside)["x"]) == (5, 6, (2, None))


def test_a_total_of_any_category_is_withheld_where_another_is_suppressed(tmp_path: Path) -> None:
    rows = "a:O: a:Q:F a:1:M b:2: P:9: c:1: d:1: e:1: f:1: g:1:"
    answer = restated(tmp_path, rows, columns=",sex")
    assert "restate.total-withheld" in rules(answer)
    total = answer.table.filter(pl.col("ref_area") == "x", pl.col("sex") == "")
    assert total["obs_value"].to_list() == [None]
    assert total["obs_upper"].to_list() == [None]


def test_a_suppressed_total(tmp_path: Path) -> None:
    with pytest.raises(DataFault, match="total-told"):
        restated(tmp_path, f"{ALL} P:Q")
    kept = restated(tmp_path, "a:1 c:3 D:6 d:4 e:5 f:6 g:7 P:Q")
    assert (rules(kept), figures(kept)["x"]) == (["restate.total-withheld"], (1, None))


def test_categories_are_completed_one_by_one(tmp_path: Path) -> None:
    rows = "a:1:F a:1:M b:2:F c:1:F c:1:M d:1:F e:1:F e:1:M P:6:F P:5:M f:1:F f:1:M g:1:F g:1:M"
    answer = restated(tmp_path, rows, columns=",sex")
    found = {(code, sex): (value, high) for code, sex, value, high in answer.table.select(
        "ref_area", "sex", "obs_value", "obs_upper").iter_rows()}  # fmt: skip
    assert found["x", "F"] == (3, 3)
    assert found["x", "M"] == (None, 3)  # b and d have two men together
    assert found["w", "M"] == (1, 1)


@pytest.mark.parametrize(
    "change", [{"areas": AreaRule("mean", by="w")}, {"areas": AreaRule("max")}, {"counts": "commune"}]
)
def test_only_of_sums_is_a_total_known(change: dict[str, Any], tmp_path: Path) -> None:
    weights = tmp_path / "w.csv"
    weights.write_text("ref_area,time_period,obs_value\na,2024,1\n", encoding="utf-8")
    measure = replace(PEOPLE, **change)
    (tmp_path / "in.csv").write_text("ref_area,time_period,obs_value\na,2024,1\nP,2024,3\n", encoding="utf-8")
    with pytest.raises(DataFault, match="total-no-sum"):
        restate_file(
            tmp_path / "in.csv",
            Job(measure, OLD, NEW, "commune", TODAY),
            catalog(measure),
            weights if measure.areas.by else None,
        )


def test_rows_at_fault_of_either_kind_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(DataFault) as caught:
        restated(tmp_path, "a:1 P:-1 b:0.5 P:3 zz:1")
    assert [(finding.row, finding.rule) for finding in caught.value.findings] == [
        (2, "load.duplicate"), (2, "load.negative"), (3, "number.decimals"), (4, "load.duplicate"),
        (5, "load.unknown-area"),
    ]  # fmt: skip


def test_a_file_of_nothing_but_provinces_is_refused_as_ever(tmp_path: Path) -> None:
    with pytest.raises(DataFault, match="area-level"):
        restated(tmp_path, "P:15 Q:13")


def test_a_file_of_many_measures(tmp_path: Path) -> None:
    other = replace(PEOPLE, id="n.other")
    listed = [("m.people", code, "2024", Decimal(n)) for code, n in (("a", 1), ("c", 3), ("d", 4), ("e", 5), ("P", 15))]
    listed += [("n.other", code, "2024", Decimal(1)) for code in "abcdefg"]
    names = ("measure", "ref_area", "time_period")
    schema = pa.schema([*((name, pa.string()) for name in names), ("obs_value", pa.decimal128(18, 0))])
    table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in listed], schema=schema)
    pq.write_table(table, tmp_path / "in.parquet")
    known = catalog(PEOPLE, other)
    job = ManyJob(known.measures, True, OLD, NEW, "", TODAY)
    answer = restate_measures(tmp_path / "in.parquet", tmp_path / "out.parquet", job, known)
    assert (answer.general, answer.dense) == (["m.people"], ["n.other"])
    rows = pl.read_parquet(tmp_path / "out.parquet").filter(pl.col("measure") == "m.people")
    assert dict(rows.select("ref_area", "obs_value").iter_rows())["x"] == 3
