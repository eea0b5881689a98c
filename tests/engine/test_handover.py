"""The handover record: where each figure went, both sides, what is refused or missing, and the fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.handover import FIGURES, handover
from engine.handover_question import handover_question
from engine.handover_record import Handover, MeasureRecord
from engine.handover_scope import scopes
from engine.handover_text import canonical_text, fingerprint
from engine.restate import restate
from indicators.areas import Area, Change, Register, Weight
from indicators.catalog import Catalog
from indicators.correspondence import correspondence
from indicators.definitions import AreaRule, Measure, Name
from indicators.findings import DataFault
from naive.cells import random_country

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
WHY = Name("điểm khảo sát không cộng được", "survey scores do not add up")
PEOPLE = Measure(
    "people", Name("Dân số", "People"), "PERSON", 0, "commune", AreaRule("sum"), "stock", {"sex": "CL_SEX"},
    split_weight="population",
)  # fmt: skip
MONEY = replace(PEOPLE, id="money", level="province", dimensions={}, split_weight=None)
SCORE = replace(MONEY, id="score", areas=AreaRule("none", why=WHY), decimals=2)
AVERAGE = replace(MONEY, id="average", areas=AreaRule("mean", by="money"), decimals=1)
Row = tuple[str, str, str, str, str | None]


def area(code: str, level: str, parent: str, start: date, end: date | None = None) -> Area:
    return Area(code, level, "xa", f"Xã {code}", f"{code} Commune", parent, start, end, "" if end else "NQ-tỉnh")


def register(*weights: Weight) -> Register:
    """Provinces P and Q become R; communes a (cut), b, c (people gone, land only) of P and d of Q become x, y, z."""
    areas = [area(code, "province", "", OLD, NEW) for code in "PQ"] + [area("R", "province", "", NEW)]
    areas += [area(code, "commune", parent, OLD, NEW) for code, parent in zip("abcd", "PPPQ", strict=True)]
    areas += [area(code, "commune", "R", NEW) for code in "xyz"]
    moves = [("a", "x"), ("a", "y"), ("b", "x"), ("c", "y"), ("c", "z"), ("d", "z"), ("", "z")]
    changes = [Change(NEW, "breakdown", old, new, "", "NQ1", "bãi bồi" if not old else "") for old, new in moves]
    law = [Weight(NEW, "c", "y", "population", None, Decimal(0), "law"),
           Weight(NEW, "c", "z", "population", None, Decimal(1), "law")]  # fmt: skip
    return Register(tuple(areas), tuple(changes), (*law, *weights))


def catalog(made: Register, *measures: Measure) -> Catalog:
    return Catalog(Path(), made, {one.id: one for one in measures}, {}, {}, {}, {}, {}, {})


def figures(*rows: Row, basis: date = OLD, status: str = "A") -> pl.DataFrame:
    return pl.DataFrame(
        [
            (measure, code, basis, period, dimensions, None if value is None else Decimal(value),
             "O" if value is None else status, "load1", f"f.csv:{line}", "f.csv", "ab" * 32)
            for line, (measure, code, period, dimensions, value) in enumerate(rows, start=1)
        ],
        schema=FIGURES,
        orient="row",
    )  # fmt: skip


def record(
    made: Catalog, frame: pl.DataFrame, code: str, on: date, to: date | None = None, periods: Sequence[str] = ()
) -> Handover:
    series: dict[tuple[str, date], list[tuple[str, str]]] = {}
    for measure, basis, period, dims in frame.select("measure", "area_basis", "time_period", "dimensions").iter_rows():
        series.setdefault((measure, basis), []).append((period, dims))
    question = handover_question(made.register, code, on, to, tuple(periods))
    return handover(made, question, scopes(made, question, series), frame, series)


PEOPLE_ROWS: tuple[Row, ...] = (
    ("people", "a", "2024", "", "100"), ("people", "b", "2024", "", "10"),
    ("people", "c", "2024", "", "7"), ("people", "d", "2024", "", "5"),
)  # fmt: skip


def people(code: str, on: date, *weights: Weight, rows: Sequence[Row] = PEOPLE_ROWS) -> MeasureRecord:
    (one,) = record(catalog(register(*weights), PEOPLE), figures(*rows), code, on).measures
    return one


def went(one: MeasureRecord) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [
        (old.ref_area, flow.to_area, *(None if n is None else f"{n:.0f}" for n in (flow.given, flow.least, flow.most)))
        for old in one.figures
        for flow in old.flows
    ]


def sides(one: MeasureRecord) -> list[tuple[str, ...]]:
    return [(t.level, *(f"{n:.0f}" for n in (t.before, t.given, t.elsewhere, t.unallocated))) for t in one.totals]


def test_a_cut_area_without_a_share_gives_bounds_and_stays_unallocated() -> None:
    one = people("a", OLD)
    assert went(one) == [("a", "x", None, "0", "100"), ("a", "y", None, "0", "100")]
    assert one.figures[0].unallocated == 100
    assert (one.figures[0].source, one.figures[0].load_id, one.figures[0].sha256) == ("f.csv:1", "load1", "ab" * 32)
    assert sides(one) == [("commune", "100", "0", "0", "100")]
    assert any("chưa phân bổ: a" in reason.vi and "weights.csv" in reason.vi for reason in one.reasons)


def test_land_without_people_gets_nothing_by_law() -> None:
    one = people("c", OLD)
    assert went(one) == [("c", "y", "0", "0", "0"), ("c", "z", "7", "7", "7")]
    assert [(flow.share, flow.quality, flow.law) for flow in one.figures[0].flows] == [
        (Fraction(0), "law", ("NQ1",)), (Fraction(1), "law", ("NQ1",)),
    ]  # fmt: skip
    assert sides(one) == [("commune", "7", "7", "0", "0")]


def test_a_province_lists_its_communes_and_is_certain_as_a_whole() -> None:
    one = people("P", OLD)
    assert [old.ref_area for old in one.figures] == ["a", "b", "c"]
    assert sides(one) == [("commune", "117", "17", "0", "100"), ("province", "117", "117", "0", "0")]
    results = {(new.level, new.ref_area): (new.obs_value, new.basis) for new in one.results}
    assert results["province", "R"] == (Decimal(122), "exact")  # with d, which is of the other province
    assert results["commune", "x"] == (None, "partial")


def test_a_new_area_lists_what_it_took_and_what_went_elsewhere() -> None:
    third = [Weight(NEW, "a", to, "population", None, share, "measured")
             for to, share in (("x", Decimal("0.3")), ("y", Decimal("0.7")))]  # fmt: skip
    one = people("x", NEW, *third)
    assert went(one) == [("a", "x", "30", "30", "30"), ("b", "x", "10", "10", "10")]
    assert sides(one) == [("commune", "110", "40", "70", "0")]
    assert [(new.ref_area, new.obs_value, new.basis) for new in one.results] == [("x", Decimal(40), "estimated")]


def test_what_a_new_area_took_may_be_unknown() -> None:
    one = people("x", NEW)
    assert sides(one) == [("commune", "110", "10", "0", "100")]
    assert [(new.obs_value, new.obs_lower, new.obs_upper) for new in one.results] == [(None, 10, 110)]


def test_pieces_are_estimated_by_what_was_observed_of_another_measure() -> None:
    areas = [area("a", "commune", "", OLD, NEW), area("x", "commune", "", NEW), area("y", "commune", "", NEW)]
    halves = Register(tuple(areas), tuple(Change(NEW, "breakdown", "a", to) for to in "xy"))
    made, frame = catalog(halves, replace(PEOPLE, split_weight="homes")), figures(PEOPLE_ROWS[0])
    question, held = handover_question(halves, "a", OLD), {("people", OLD): [("2024", "")]}
    found = scopes(made, question, held, {"homes": {NEW: {"x": Decimal(1), "y": Decimal(3)}}})
    (one,) = handover(made, question, found, frame, held).measures
    assert went(one) == [("a", "x", "25", "0", "100"), ("a", "y", "75", "0", "100")]
    assert {flow.quality for flow in one.figures[0].flows} == {"estimated"}
    assert any("là ước tính" in reason.vi for reason in one.reasons)


def test_new_land_is_told() -> None:
    made = record(catalog(register(), PEOPLE), figures(*PEOPLE_ROWS), "z", NEW)
    assert [(land.to_area, land.law, land.note) for land in made.land] == [("z", ("NQ1",), "bãi bồi")]
    assert made.law == ("NQ1",)


def test_a_source_without_a_row_is_missing_and_one_without_a_value_is_said_to_have_none() -> None:
    rows: list[Row] = [("people", "a", "2024", "sex=F", "3"), ("people", "a", "2024", "sex=M", "4"),
                       ("people", "b", "2024", "sex=F", None)]  # fmt: skip
    one = people("P", OLD, rows=rows)
    assert [(gap.ref_area, gap.dimensions) for gap in one.missing] == [("b", "sex=M"), ("c", None)]
    assert [(t.dimensions, t.figures, t.before) for t in one.totals if t.level == "province"] == [
        ("sex=F", 1, 3), ("sex=M", 1, 4),
    ]  # fmt: skip
    assert any("thiếu nguồn: b, c" in reason.vi for reason in one.reasons)
    assert any(reason.vi.startswith("b: nguồn ghi") for reason in one.reasons)


def test_land_only_is_no_missing_source() -> None:
    rows = [row for row in PEOPLE_ROWS if row[1] != "c"]
    assert [gap.ref_area for gap in people("y", NEW, rows=rows).missing] == []
    assert [gap.ref_area for gap in people("z", NEW, rows=rows).missing] == ["c"]


def test_a_score_is_refused_with_its_reason_and_a_mean_has_its_weight() -> None:
    frame = figures(
        ("score", "P", "2024", "", "6.5"), ("score", "Q", "2024", "", "7.5"), ("average", "P", "2024", "", "2"),
        ("average", "Q", "2024", "", "4"), ("money", "P", "2024", "", "30"), ("money", "Q", "2024", "", "10"),
    )  # fmt: skip
    made = record(catalog(register(), MONEY, SCORE, AVERAGE, PEOPLE), frame, "P", OLD)
    average, money, score = made.measures
    assert [(new.obs_value, new.basis) for new in score.results] == [(None, "refused")]
    assert WHY in score.reasons
    assert score.figures[0].flows[0].given is None
    assert average.figures[0].weight == 30
    assert [new.obs_value for new in average.results] == [Decimal("2.5")]
    assert (score.totals, average.totals) == ((), ())
    assert sides(money) == [("province", "30", "30", "0", "0")]
    assert [left.measure.id for left in made.left_out] == ["people"]


def test_an_unchanged_area_keeps_even_a_score() -> None:
    areas = [area("P", "province", "", OLD), area("Q", "province", "", OLD, NEW), area("R", "province", "", NEW)]
    made = Register(tuple(areas), (Change(NEW, "merger", "Q", "R"),))
    (one,) = record(catalog(made, SCORE), figures(("score", "P", "2024", "", "6.5")), "P", OLD).measures
    assert went(one) == [("P", "P", "6", "6", "6")]
    assert one.figures[0].flows[0].given == Decimal("6.5")
    assert [(new.obs_value, new.basis) for new in one.results] == [(Decimal("6.5"), "reported")]
    assert WHY not in one.reasons


def test_a_commune_has_no_figure_of_a_measure_that_provinces_report() -> None:
    frame = pl.concat([figures(*PEOPLE_ROWS), figures(("money", "P", "2024", "", "30"))])
    made = record(catalog(register(), MONEY, PEOPLE), frame, "a", OLD)
    assert [one.measure.id for one in made.measures] == ["people"]
    assert "cấp tỉnh" in made.left_out[0].why.vi


def test_figures_of_other_days_are_named_not_mixed_in() -> None:
    made = record(catalog(register(), PEOPLE), figures(("people", "x", "2026", "", "9"), basis=NEW), "x", NEW)
    assert made.measures == ()
    assert "2025-07-01" in made.left_out[0].why.vi


def test_only_the_periods_asked_for() -> None:
    rows: list[Row] = [("people", "b", "2023", "", "9"), ("people", "b", "2024", "", "10")]
    made = record(catalog(register(), PEOPLE), figures(*rows), "b", OLD, periods=["2023"])
    (one,) = made.measures
    assert [old.time_period for old in one.figures] == ["2023"]
    assert one.missing == ()


def test_two_data_sets_with_one_figure_make_no_record() -> None:
    with pytest.raises(DataFault, match="two data sets"):
        people("a", OLD, rows=[PEOPLE_ROWS[0], PEOPLE_ROWS[0]])


def test_the_fingerprint_is_of_the_data_alone() -> None:
    made = catalog(register(), PEOPLE)
    frame = figures(*PEOPLE_ROWS)
    first = record(made, frame, "P", OLD)
    assert fingerprint(record(made, frame.reverse(), "P", OLD)) == fingerprint(first)
    assert fingerprint(first) == hashlib.sha256(canonical_text(first).encode()).hexdigest()
    renamed = catalog(register(), replace(PEOPLE, name=Name("Tên khác", "Another name")))
    assert fingerprint(record(renamed, frame, "P", OLD)) == fingerprint(first)
    other = figures(*PEOPLE_ROWS[:1], ("people", "b", "2024", "", "11"), *PEOPLE_ROWS[2:])
    assert fingerprint(record(made, other, "P", OLD)) != fingerprint(first)
    restarted = frame.with_columns(sha256=pl.lit("cd" * 32))
    assert fingerprint(record(made, restarted, "P", OLD)) != fingerprint(first)


def test_the_text_holds_every_fact_once() -> None:
    lines = canonical_text(record(catalog(register(), PEOPLE), figures(*PEOPLE_ROWS), "c", OLD)).splitlines()
    assert lines[:3] == [
        "chitieu handover 2",
        "area\tc\tcommune\t2025-06-30\t2025-07-01\tgives\t",
        "measure\tpeople\t2025-06-30\tsum\tcommune",
    ]
    assert f"figure\tc\t2024\t\t7\tA\t\tf.csv:3\tload1\t{'ab' * 32}\t0" in lines
    assert "flow\tz\t1\t1\t1\tlaw\tNQ1\t7\t7\t7" in lines
    assert "total\tcommune\t2024\t\t1\t7\t7\t0\t0" in lines


@settings(max_examples=60, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10**9), weighted=st.booleans())
def test_records_of_all_areas_add_up_to_what_restating_gives(data: st.DataObject, seed: int, weighted: bool) -> None:
    """Over random histories: what each old area gave, area by area, is what every new area has, known or not."""
    country = random_country(seed, weighted=weighted)
    changed = sorted(country.maps)
    first, last = sorted(data.draw(st.lists(st.sampled_from(changed), min_size=2, max_size=2)))
    first -= timedelta(days=data.draw(st.integers(0, 1))) if first > changed[0] else timedelta()
    if first == last or not country.register.change_days:
        return
    measure = replace(PEOPLE, dimensions={})
    made, truth = catalog(country.register, measure), country.truth(first)
    frame = figures(*(("people", code, "2024", "", str(n)) for code, n in sorted(truth.items())), basis=first)
    areas = correspondence(country.register, first, last, "commune", "commune", "population")
    restated = restate(frame, measure, areas).rows
    given_to: dict[str, Decimal] = dict.fromkeys(country.truth(last), Decimal(0))
    for code in truth:
        (one,) = record(made, frame, code, first, last).measures
        for flow in one.figures[0].flows:
            given_to[flow.to_area] += flow.given or 0
        assert all(total.balanced for total in one.totals)
    for code, value, lower in restated.select("ref_area", "obs_value", "obs_lower").iter_rows():
        assert value is None or given_to[code] == value, (seed, first, last, code)
        (one,) = record(made, frame, code, last, first).measures
        assert one.totals == () or one.totals[0].given == given_to[code], (seed, first, last, code)
        assert [(new.obs_value, new.obs_lower) for new in one.results] in ([(value, lower)], [])
