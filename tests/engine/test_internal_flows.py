"""Moves between areas that merge, are cut, or are the same, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from engine.check import balance
from engine.flow_couples import joined, split
from engine.frames import NUM
from engine.gross_flows import gross_flows
from engine.restate import Restated, restate
from indicators.areas import Area, Change, Register, Weight
from indicators.catalog import Catalog
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import AreaRule, Measure, Name
from indicators.findings import DataFault

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
MOVES = Measure(
    "moves", Name("Di cư", "Migration"), "PERSON", 0, "commune", AreaRule("sum"), "flow",
    dimensions={"sex": "CL_SEX"}, internal_flow="ref_area_to", split_weight="people",
)  # fmt: skip
Listed = dict[tuple[str, str], int | None]


def area(code: str, first: date | None, last: date | None) -> Area:
    return Area(code, "commune", "xa", code, code, "", first or date(2000, 1, 1), last)


def register(*weights: Weight) -> Register:
    """Old A + B become M; C stays; S is cut into T and U."""
    lasting = [area("C", None, None), area("E", None, None)]
    ended = [area(code, None, NEW) for code in "ABS"]
    begun = [area(code, NEW, None) for code in "MTU"]
    moves = [("merger", "A", "M"), ("merger", "B", "M"), ("breakdown", "S", "T"), ("breakdown", "S", "U")]
    return Register((*lasting, *ended, *begun), tuple(Change(NEW, *move) for move in moves), weights)


def links(*weights: Weight) -> Correspondence:
    return correspondence(register(*weights), OLD, NEW, "commune", "commune", "people")


def listed(figures: Listed, dimensions: str = "", totals: dict[str, int] | None = None) -> pl.DataFrame:
    rows = [(one, f"ref_area_to={other}", value) for (one, other), value in figures.items()]
    rows += [(code, "", value) for code, value in (totals or {}).items()]
    return pl.DataFrame(
        {
            "ref_area": [row[0] for row in rows],
            "time_period": "2024",
            "dimensions": [";".join(filter(None, [row[1], dimensions])) for row in rows],
            "obs_value": pl.Series([None if row[2] is None else Decimal(row[2]) for row in rows], dtype=NUM),
            "obs_status": ["O" if row[2] is None else "A" for row in rows],
        }
    )


def carried(figures: pl.DataFrame, areas: Correspondence | None = None) -> Restated:
    result = restate(figures, MOVES, areas or links())
    balance(figures, result, MOVES, areas or links())
    return result


def answers(rows: pl.DataFrame, *more: str) -> dict[tuple[str, ...], tuple[Any, ...]]:
    columns = ("obs_value", "obs_lower", "obs_upper", "basis")
    named = rows.with_columns(other=pl.col("dimensions").str.replace("ref_area_to=", ""))
    keys = ("ref_area", *(more or ("other",)))
    return {tuple(row[k] for k in keys): tuple(row[c] for c in columns) for row in named.iter_rows(named=True)}


FLAT: Listed = {("A", "B"): 5, ("B", "A"): 7, ("A", "C"): 2, ("B", "C"): 3, ("C", "A"): 4, ("C", "B"): 1, ("C", "E"): 6,
                ("E", "C"): 8}  # fmt: skip


def test_moves_between_areas_that_became_one_are_internal() -> None:
    result = carried(listed(FLAT))
    found = answers(result.rows)
    assert found["M", "C"] == (5, 5, 5, "exact")
    assert found["C", "M"] == (5, 5, 5, "exact")
    assert found["C", "E"] == (6, 6, 6, "reported")
    assert ("M", "M") not in found
    assert dict(result.internal.select("ref_area", "obs_value").iter_rows()) == {"M": 12}
    sides = balance(listed(FLAT), result, MOVES, links()).row(0, named=True)
    assert (sides["before"], sides["values"], sides["internal"]) == (36, 24, 12)


def test_totals_are_made_of_the_moves_that_still_are_moves() -> None:
    found = answers(carried(listed(FLAT)).rows)
    assert found["M", ""] == (5, 5, 5, "exact")
    assert found["C", ""] == (11, 11, 11, "exact")
    assert found["T", ""][:3] == (None, None, None)  # S sent no list


def test_gross_and_net_flows() -> None:
    everywhere = {**FLAT, ("S", "C"): 0}
    found = answers(gross_flows(listed(everywhere), MOVES, links()), "flow")
    assert found["M", "out"] == (5, 5, 5, "exact")
    assert found["M", "in"] == (5, 5, 5, "exact")
    assert found["M", "net"] == (0, 0, 0, "exact")
    assert found["C", "net"] == (2, 2, 2, "exact")  # in 2 + 3 + 8, out 11
    assert answers(gross_flows(listed(FLAT), MOVES, links()), "flow")["C", "in"][:3] == (None, 13, None)
    with pytest.raises(DataFault, match="ref_area_to"):
        gross_flows(listed({}, totals={"A": 5}), MOVES, links())


def test_a_cut_end_leaves_bounds_on_either_side_of_the_cut() -> None:
    moves: Listed = {("A", "S"): 4, ("B", "A"): 1, ("C", "S"): 6, ("S", "C"): 9, ("S", "S"): 2}
    found = answers(carried(listed(moves)).rows)
    assert found["C", "T"] == (None, 0, 6, "partial")
    assert found["C", "U"] == (None, 0, 6, "partial")
    assert found["C", ""] == (6, 6, 6, "exact")  # wherever in S they went, they left C
    assert found["T", "C"] == (None, 0, 9, "partial")
    assert found["T", "U"] == (None, 0, 2, "partial")  # who moved within S may have gone from the one to the other
    assert found["T", ""] == (None, 0, 11, "partial")
    unlisted = {pair: value for pair, value in moves.items() if pair != ("S", "S")}
    assert answers(carried(listed(unlisted)).rows)["T", "U"] == (None, None, None, "partial")


def test_a_share_estimates_and_keeps_the_table_whole() -> None:
    areas = links(Weight(NEW, "S", "T", "people", None, Decimal("0.5"), "measured"))
    moves: Listed = {("A", "S"): 5, ("B", "S"): 1, ("C", "S"): 3, ("S", "C"): 9, ("S", "S"): 0}
    result = carried(listed(moves), areas)
    found = answers(result.rows)
    assert found["C", "T"] == (2, 0, 3, "estimated")  # people, not moves, were measured: nothing is certain of moves
    assert found["C", "T"][0] + found["C", "U"][0] == found["C", ""][0] == 3
    assert found["T", ""][0] == found["T", "C"][0] + found["T", "U"][0]


def test_what_an_origin_does_not_list_did_not_happen_and_who_sent_nothing_is_missing() -> None:
    one_missing = {pair: value for pair, value in FLAT.items() if pair[0] != "B"}
    result = carried(listed(one_missing))
    row = result.rows.filter((pl.col("ref_area") == "M") & (pl.col("dimensions") == "ref_area_to=C")).row(0, named=True)
    assert (row["obs_value"], row["obs_lower"], row["obs_upper"], row["obs_status"]) == (None, 2, None, "O")
    assert row["coverage"] == Decimal("0.5")
    blank = {**FLAT, ("B", "C"): None}
    assert answers(carried(listed(blank)).rows)["M", "C"][:3] == (None, 2, None)


def test_totals_without_a_counterpart_are_refused_on_merger_and_kept_elsewhere() -> None:
    totals = {"A": 10, "B": 20, "C": 7, "E": 1, "S": 9}
    result = carried(listed({}, totals=totals))
    found = answers(result.rows)
    assert found["M", ""] == (None, None, None, "refused")
    assert found["T", ""] == (None, None, None, "refused")
    assert found["C", ""] == (7, 7, 7, "reported")
    (finding,) = result.findings
    assert finding.rule == "restate.flow-without-counterpart"
    assert "A→B" in finding.en
    assert result.held["obs_value"].sum() == 30


def test_totals_with_the_moves_that_became_internal_are_freed_of_them() -> None:
    totals = {"A": 10, "B": 20, "C": 7, "E": 1}  # A and B have moves abroad, too, which the list does not name
    result = carried(listed({("A", "B"): 4, ("B", "A"): 6}, totals=totals))
    assert answers(result.rows)["M", ""] == (20, 20, 20, "exact")
    assert sorted(result.internal["obs_value"]) == [10, 10]  # once of the totals, once of the moves
    half = carried(listed({("A", "B"): 4}, totals=totals))
    assert answers(half.rows)["M", ""][3] == "refused"  # B did not say what it sent to A


def test_other_dimensions_stay_apart() -> None:
    figures = pl.concat([listed(FLAT, "sex=F"), listed({("A", "B"): 1, ("B", "C"): 2}, "sex=M")])
    rows = carried(figures).rows
    found = {(row["ref_area"], row["dimensions"]): row["obs_value"] for row in rows.iter_rows(named=True)}
    assert found["M", "ref_area_to=C;sex=F"] == 5
    assert found["M", "ref_area_to=C;sex=M"] == 2
    assert found["M", "sex=M"] == 2


def test_a_suppressed_move_hides_what_it_is_in() -> None:
    figures = listed(FLAT).with_columns(
        obs_value=pl.when(pl.col("dimensions") == "ref_area_to=C").then(None).otherwise("obs_value"),
        obs_status=pl.when(pl.col("dimensions") == "ref_area_to=C").then(pl.lit("Q")).otherwise("obs_status"),
    )
    rows = carried(figures).rows
    (row,) = rows.filter((pl.col("ref_area") == "M") & (pl.col("dimensions") == "")).iter_rows(named=True)
    assert (row["obs_value"], row["obs_status"]) == (None, "Q")


def test_both_ends_must_be_areas_of_the_day() -> None:
    with pytest.raises(DataFault, match="M"):
        restate(listed({("A", "M"): 1}), MOVES, links())


def test_the_real_provinces(shipped: Catalog) -> None:
    """One move between every two old provinces: 63 x 62 in all; what stays a move is told by the merger alone."""
    made = replace(MOVES, level="province", split_weight=None)
    areas = correspondence(shipped.register, OLD, NEW, "province", "province")
    codes = sorted(areas.from_areas)
    figures = listed({(one, other): 1 for one in codes for other in codes if one != other})
    result = restate(figures, made, areas)
    balance(figures, result, made, areas)
    found = answers(result.rows)
    assert found["15", "01"] == (2, 2, 2, "exact")  # Lào Cai and Yên Bái to Hà Nội
    assert found["15", ""] == (122, 122, 122, "exact")  # 2 x 61
    assert found["04", "01"] == (1, 1, 1, "reported")
    counts = [sum(1 for pair in pairs if pair.from_area) for pairs in areas.by_target.values()]
    within = sum(count * (count - 1) for count in counts)
    assert result.internal["obs_value"].sum() == within
    assert result.rows.filter(pl.col("dimensions") != "")["obs_value"].sum() == 63 * 62 - within


def test_the_other_area_stands_in_its_place_among_the_dimensions() -> None:
    texts = ["", "age=1", "age=1;b=2;sex=F", "sex=F;zz=1"]
    rows = pl.DataFrame({"dimensions": texts, "other": ["X", None, "Y", "Z"]})
    named = joined(rows, "ref_area_to", pl.col("other"))
    wanted = ["ref_area_to=X", "age=1", "age=1;b=2;ref_area_to=Y;sex=F", "ref_area_to=Z;sex=F;zz=1"]
    assert named["dimensions"].to_list() == wanted
    assert split(named, "ref_area_to").equals(rows)


def test_no_moves_at_all_are_no_figures() -> None:
    assert carried(listed(FLAT).clear()).rows.is_empty()
