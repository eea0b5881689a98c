"""Restating by each rule, on a handful of areas that can be worked out by hand."""

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
from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import AreaRule, AreaRuleName, Measure, Name
from indicators.findings import DataFault

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def area(code: str, first: date | None, last: date | None) -> Area:
    return Area(code, "commune", "xa", f"Xã {code}", code, "", first or date(2000, 1, 1), last)


def register(*weights: Weight) -> Register:
    """Old A, B, C, S; new M = A + B, C goes on unchanged, S is cut into T and U, and U also takes D."""
    old = [area(code, None, AFTER) for code in "ABSD"]
    new = [area("C", None, None), *(area(code, AFTER, None) for code in "MTU")]
    moves = [("merger", "A", "M"), ("merger", "B", "M"), ("breakdown", "S", "T"), ("breakdown", "S", "U")]
    moves.append(("merger", "D", "U"))
    return Register((*old, *new), tuple(Change(AFTER, *move) for move in moves), weights)


def weight(to: str, share: str, quality: Quality = "measured", basis: str = "people") -> Weight:
    return Weight(AFTER, "S", to, basis, None, Decimal(share), quality)


def measure(rule: AreaRuleName = "sum", **changes: Any) -> Measure:
    made = Measure("m", Name("m", "m"), "PERSON", 0, "commune", AreaRule(rule), "stock", split_weight="people")
    return replace(made, **changes)


def figures(values: dict[str, int | str | None], dimensions: str = "") -> pl.DataFrame:
    statuses = [value if isinstance(value, str) else "O" if value is None else "A" for value in values.values()]
    numbers = [Decimal(value) if isinstance(value, int) else None for value in values.values()]
    return pl.DataFrame(
        {
            "ref_area": list(values),
            "time_period": "2024",
            "dimensions": dimensions,
            "obs_value": pl.Series(numbers, dtype=NUM),
            "obs_status": statuses,
        }
    )


def carried(
    values: dict[str, int | str | None], made: Measure, *weights: Weight, by: dict[str, int | str | None] | None = None
) -> dict[str, tuple[Any, ...]]:
    areas = links(made, *weights)
    result = restate(figures(values), made, areas, figures(by) if by else None)
    balance(figures(values), result, made, areas)
    return answers(result)


def links(made: Measure, *weights: Weight) -> Correspondence:
    return correspondence(register(*weights), BEFORE, AFTER, "commune", "commune", made.split_weight)


def answers(result: Restated) -> dict[str, tuple[Any, ...]]:
    columns = ("obs_value", "obs_lower", "obs_upper", "basis", "obs_status", "coverage")
    return {row["ref_area"]: tuple(row[name] for name in columns) for row in result.rows.iter_rows(named=True)}


ALL: dict[str, int | str | None] = {"A": 10, "B": 5, "C": 7, "S": 9, "D": 2}


def test_whole_areas_add_up_and_an_unchanged_one_is_as_reported() -> None:
    found = carried(ALL, measure())
    assert found["M"] == (15, 15, 15, "exact", "A", 1)
    assert found["C"] == (7, 7, 7, "reported", "A", 1)


def test_a_split_without_weights_is_bounded_and_never_guessed() -> None:
    found = carried(ALL, measure())
    assert found["T"] == (None, 0, 9, "partial", "O", 1)
    assert found["U"] == (None, 2, 11, "partial", "O", 1)


def test_a_measured_share_estimates_with_firm_bounds() -> None:
    found = carried(ALL, measure(), weight("T", "0.5"))  # the other piece gets the rest
    assert found["T"] == (5, 4, 5, "estimated", "E", 1)  # 4.5 each: the tie goes to the lower code
    assert found["U"] == (6, 6, 7, "estimated", "E", 1)


def test_an_estimate_or_a_placeholder_never_tightens_the_bounds() -> None:
    for quality in ("estimated", "placeholder"):
        found = carried(ALL, measure(), weight("T", "0.5", quality))
        assert found["T"] == (5, 0, 9, "estimated", "E", 1)


def test_a_share_fixed_by_law_is_exact() -> None:
    found = carried(ALL, measure(), weight("T", "0", "law"))
    assert found["T"] == (0, 0, 0, "exact", "A", 1)
    assert found["U"] == (11, 11, 11, "exact", "A", 1)


def test_the_better_of_two_weights_counts() -> None:
    both = (weight("T", "0.9", "placeholder"), weight("T", "0.2", "law"))
    assert carried(ALL, measure(), *both)["T"][0] == 2
    assert carried(ALL, measure(), *reversed(both))["T"][0] == 2


def test_a_weight_of_another_basis_is_not_used() -> None:
    assert carried(ALL, measure(), weight("T", "0.5", basis="area"))["T"][0] is None


def test_nothing_to_share_is_shared_exactly() -> None:
    assert carried({**ALL, "S": 0}, measure())["T"] == (0, 0, 0, "exact", "A", 1)


def test_a_missing_part_makes_the_whole_missing_not_smaller() -> None:
    for values in ({**ALL, "B": None}, {code: n for code, n in ALL.items() if code != "B"}):
        assert carried(values, measure())["M"] == (None, 10, None, "partial", "O", Decimal("0.5"))


def test_an_area_of_which_nothing_is_reported_has_no_bounds() -> None:
    found = carried({"C": 7}, measure())
    assert found["M"] == (None, None, None, "partial", "O", 0)


def test_a_suppressed_part_makes_the_whole_suppressed() -> None:
    assert carried({**ALL, "B": "Q"}, measure())["M"][:5] == (None, 10, None, "partial", "Q")


@pytest.mark.parametrize("word", ["M", "L", "O", "Q"])
def test_what_is_missing_keeps_what_all_its_sources_said(word: str) -> None:
    found = carried({**ALL, "A": word, "B": word, "C": word, "S": word}, measure())
    assert [found[code][3:] for code in "CMT"] == [("partial", word, 0)] * 3
    assert found["U"][4] == ("Q" if word == "Q" else "O")  # D is reported


@pytest.mark.parametrize("other", ["L", "O", None])
def test_sources_that_are_missing_for_different_reasons_make_a_figure_just_missing(other: str | None) -> None:
    silent = {code: value for code, value in {**ALL, "A": "M", "B": other}.items() if other or code != "B"}
    assert carried(silent, measure())["M"][:5] == (None, None, None, "partial", "O")


@pytest.mark.parametrize("rule", ["mean", "min", "max", "count_distinct", "none"])
def test_every_rule_keeps_why_an_unchanged_area_has_no_figure(rule: AreaRuleName) -> None:
    assert carried({**ALL, "C": "M"}, measure(rule), by=ALL)["C"] == (None, None, None, "partial", "M", 0)


def test_a_signed_measure_has_no_certain_bounds_of_a_piece() -> None:
    found = carried({**ALL, "S": -9}, measure(signed=True))
    assert found["T"][:3] == (None, None, None)
    assert found["M"][:3] == (15, 15, 15)
    assert carried(ALL, measure(signed=True))["T"][:3] == (None, None, None)  # even of a figure above nothing


def test_a_mean_is_weighed_and_marked() -> None:
    people: dict[str, int | str | None] = {"A": 1, "B": 3, "C": 1, "S": 1, "D": 1}
    found = carried({**ALL, "A": 10, "B": 2}, measure("mean"), by=people)
    assert found["M"] == (4, 2, 10, "estimated", "E", 1)
    assert found["C"] == (7, 7, 7, "reported", "A", 1)
    without = carried({**ALL, "A": 10, "B": 2}, measure("mean"), by={**people, "B": None})
    assert without["M"][0] is None
    unweighed = carried({**ALL, "A": 10, "B": 2}, measure("mean"), by={**people, "A": None, "B": None})
    assert unweighed["M"] == (None, None, None, "partial", "O", 0)


def test_shares_of_all_pieces_that_were_written_short_make_the_whole() -> None:
    shares = weight("T", "0.333"), weight("U", "0.666")
    found = carried({**ALL, "S": 3000, "D": 0}, measure(), *shares)
    assert (found["T"][:4], found["U"][:4]) == (
        (Decimal(1000), Decimal(1000), Decimal(1000), "estimated"),
        (Decimal(2000), Decimal(2000), Decimal(2000), "estimated"),
    )
    half_firm = carried({**ALL, "S": 1000, "D": 0}, measure(), shares[0], weight("U", "0.666", "estimated"))
    assert (half_firm["T"][0], half_firm["U"][0]) == (Decimal(333), Decimal(667))


@pytest.mark.parametrize("weighs", [0, None], ids=["nothing", "unknown"])
def test_a_mean_of_an_unchanged_area_needs_no_weight(weighs: int | None) -> None:
    found = carried({**ALL, "C": 7}, measure("mean"), by={"A": 1, "B": 1, "C": weighs})
    assert found["C"] == (Decimal(7), Decimal(7), Decimal(7), "reported", "A", 1)
    assert carried(ALL, measure("mean"))["C"] == found["C"]


def test_a_mean_over_parts_that_weigh_nothing_is_bounded_only() -> None:
    found = carried({**ALL, "A": 10, "B": 2}, measure("mean"), by={"A": 0, "B": 0})
    assert found["M"] == (None, Decimal(2), Decimal(10), "partial", "O", 1)


def test_a_mean_over_a_cut_piece_is_weighed_by_the_piece() -> None:
    people: dict[str, int | str | None] = {"A": 1, "B": 3, "C": 1, "S": 4, "D": 1}
    found = carried({**ALL, "S": 8, "D": 2}, measure("mean"), weight("T", "0.5"), by=people)
    assert found["U"] == (6, None, None, "estimated", "E", 1)  # (8 x 2 + 2 x 1) / 3; the piece may differ from S
    assert carried(ALL, measure("mean"), by=people)["U"][0] is None


def test_smallest_and_largest() -> None:
    assert carried(ALL, measure("min"))["M"] == (5, 5, 5, "exact", "A", 1)
    assert carried(ALL, measure("max"))["M"] == (10, 10, 10, "exact", "A", 1)
    assert carried(ALL, measure("max"))["T"][0] is None  # a piece may have missed the largest


def test_a_missing_part_leaves_one_bound_of_a_smallest_and_a_largest() -> None:
    missing = {**ALL, "B": None}
    assert carried(missing, measure("min"))["M"][:4] == (None, None, 10, "partial")
    assert carried(missing, measure("max"))["M"][:4] == (None, 10, None, "partial")


def test_distinct_counts_are_only_bounded() -> None:
    found = carried(ALL, measure("count_distinct"))
    assert found["M"] == (None, 10, 15, "partial", "O", 1)
    assert found["C"][:3] == (7, 7, 7)
    assert found["T"][:3] == (None, 0, 9)  # a piece may hold none of what the cut area holds


def test_what_has_no_rule_is_refused_with_the_reason() -> None:
    made = measure("none", areas=AreaRule("none", why=Name("vì là chỉ số", "it is an index")))
    areas = links(made)
    result = restate(figures(ALL), made, areas)
    found = answers(result)
    assert found["M"] == (None, None, None, "refused", "M", 1)
    assert found["C"] == (7, 7, 7, "reported", "A", 1)
    assert "it is an index" in result.findings[0].en
    assert answers(restate(figures({"C": 7}), made, areas))["M"][3:5] == ("partial", "O")  # nothing there to refuse


def test_an_area_of_another_day_is_named() -> None:
    with pytest.raises(DataFault, match="M"):
        restate(figures({"M": 1}), measure(), links(measure()))


def test_a_day_before_any_area_is_said_even_where_versions_began_together() -> None:
    """C is open and A ended: days that are missing cannot be compared with days that are there."""
    with pytest.raises(DataFault) as caught:
        correspondence(register(), date(1999, 1, 1), AFTER, "commune", "commune")
    assert "from 2000-01-01 to today" in caught.value.findings[0].en


def test_a_total_that_is_not_kept_stops_everything() -> None:
    areas = links(measure())
    result = restate(figures(ALL), measure(), areas)
    wrong = result.rows.with_columns(
        obs_value=pl.when(pl.col("ref_area") == "M").then(pl.lit(Decimal(14), dtype=NUM)).otherwise("obs_value")
    )
    with pytest.raises(DataFault, match=r"33.*32.*M"):
        balance(figures(ALL), replace(result, rows=wrong), measure(), areas)


def test_backwards_a_merged_area_is_bounded_and_an_unchanged_one_exact() -> None:
    areas = correspondence(register(), AFTER, BEFORE, "commune", "commune", "people")
    found = answers(restate(figures({"M": 15, "C": 7, "T": 4, "U": 7}), measure(), areas))
    assert found["C"][3] == "reported"
    assert found["A"] == (None, 0, 15, "partial", "O", 1)
    assert found["S"] == (None, 4, 11, "partial", "O", 1)  # all of T was in S, and what U holds may have been
