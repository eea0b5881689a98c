"""The worklist of missing weights: real splits, and what fills a gap or does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from indicators.area_files import read_register
from indicators.areas import Area, Change, Quality, Register, Weight
from indicators.correspondence import correspondence
from indicators.levels import inside, standing_level
from indicators.missing_weights import missing_weights, weights_template
from indicators.weights import Held, amounts

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)


@cache
def real() -> Register:
    return read_register(Path(__file__).parents[2] / "catalog" / "areas")


def area(code: str, start: date, end: date | None = None) -> Area:
    return Area(code, "commune", "xa", f"Xã {code}", f"{code} Commune", "", start, end)


def weight(to: str, share: str | None, value: str | None = None, quality: Quality = "measured") -> Weight:
    return Weight(NEW, "A", to, "population", None if value is None else Decimal(value),
                  None if share is None else Decimal(share), quality)  # fmt: skip


def cut(*weights: Weight, targets: tuple[str, ...] = ("B", "C", "D"), part: str = "") -> Register:
    areas = (area("A", OLD, NEW), *(area(code, NEW) for code in targets if code))
    changes = tuple(Change(NEW, "breakdown", "A", code, part if code == "B" else "", f"NQ{i}")
                    for i, code in enumerate(targets))  # fmt: skip
    return Register(areas, changes, weights)


def test_the_real_register() -> None:
    people = missing_weights(real(), "population")
    assert (len(people), sum(len(split.pieces) for split in people)) == (381, 826)
    assert len(missing_weights(real(), "area")) == 440  # of 441; of Kỳ Lợi the law gives all land to one
    assert [len(split.pieces) for split in people] == sorted((len(s.pieces) for s in people), reverse=True)
    ky_loi = next(split for split in people if split.area.code == "18796")
    assert ky_loi.pieces == ("18754", "18832")
    assert ky_loi.known == (("18823", 0, "law"),)
    assert (ky_loi.within.name_vi, ky_loi.law) == ("Tỉnh Hà Tĩnh", ("1665/NQ-UBTVQH15",))


@pytest.mark.parametrize(
    ("weights", "pieces"),
    [
        ((), ("B", "C", "D")),
        ((weight("B", "0.5"),), ("C", "D")),
        ((weight("B", "0.5"), weight("C", "0.2")), ()),  # the third is what is left
        ((weight("B", "1"),), ()),  # nothing is left for the others
        (
            (weight("B", None, "10"), weight("C", None, "20")),
            ("B", "C", "D"),
        ),  # amounts say nothing until all are known
        ((weight("B", None, "10"), weight("C", None, "20"), weight("D", None, "0")), ()),
        ((weight("B", None, "10"), weight("C", None, "20"), weight("D", "0", quality="law")), ()),  # Kỳ Lợi
        ((weight("B", None, "10"), weight("C", None, "20"), weight("D", "0.1")), ("B", "C")),
        ((weight("B", "0.5", quality="placeholder"), weight("C", "0.1", quality="estimated")), ()),
    ],
)
def test_what_is_still_missing(weights: tuple[Weight, ...], pieces: tuple[str, ...]) -> None:
    found = missing_weights(cut(*weights), "population")
    assert [split.pieces for split in found] == ([pieces] if pieces else [])


def test_another_basis_fills_no_gap() -> None:
    register = cut(weight("B", "0.5"), weight("C", "0.5"))
    assert [split.pieces for split in missing_weights(register, "area")] == [("B", "C", "D")]


def test_a_part_that_is_called_back_and_the_rest_need_no_weight() -> None:
    assert missing_weights(cut(targets=("B", "C"), part=f"B@{OLD - (NEW - OLD)}"), "population") == []


MERGED, UNDONE, BEFORE = date(2010, 1, 1), date(2020, 1, 1), date(2009, 12, 31)


def undone(*weights: Weight, rest: str = "Y", both: bool = False) -> Register:
    """P and Q were merged into M; later P is called back as X, and Q as Y, or Y or M itself keeps the rest."""
    ends = UNDONE if rest == "Y" else None
    areas = (area("P", BEFORE, MERGED), area("Q", BEFORE, MERGED), area("M", MERGED, ends), area("X", UNDONE))
    changes = [Change(MERGED, "merger", "P", "M"), Change(MERGED, "merger", "Q", "M")]
    changes.append(Change(UNDONE, "re_establishment", "M", "X", f"P@{BEFORE}", "NQ"))
    if rest == "Y":
        areas = (*areas, area("Y", UNDONE))
        changes.append(Change(UNDONE, "re_establishment", "M", "Y", f"Q@{BEFORE}" if both else ""))
    return Register(areas, tuple(changes), weights)


def told(to: str, share: str | None, value: str | None = None) -> Weight:
    known = [None if text is None else Decimal(text) for text in (value, share)]
    return Weight(UNDONE, "M", to, "population", *known, "measured")


@pytest.mark.parametrize(
    ("register", "pieces", "known"),
    [
        (undone(), ("X", "Y"), ()),
        (undone(both=True), ("X", "Y"), ()),
        (undone(rest="M"), ("X",), ()),  # no row says that M stays, so no weight of it can be given
        (undone(told("X", "0.3"), both=True), None, ()),  # nothing else is left in M, so Y gets the rest
        (undone(told("X", "0.3")), None, ()),
        (undone(told("X", "0.3"), rest="M"), None, ()),
        (undone(told("X", "0.3"), told("Y", "0.7"), both=True), None, ()),
        (undone(told("X", None, "30"), told("Y", None, "70"), both=True), None, ()),  # nothing else is left in M
        (undone(told("X", None, "30"), told("Y", None, "70")), None, ()),
    ],
)
def test_a_merger_that_is_undone_cuts_the_figures_of_the_time_between(
    register: Register, pieces: tuple[str, ...] | None, known: tuple[object, ...]
) -> None:
    found = missing_weights(register, "population")
    assert [(split.area.code, split.pieces, split.known) for split in found] == (
        [("M", pieces, known)] if pieces else []
    )
    links = correspondence(register, MERGED, UNDONE, "commune", "commune", "population")
    assert (pieces is None) == all(pair.share is not None for pair in links.pairs)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [(BEFORE, None, 0), (BEFORE, UNDONE, 0), (MERGED, UNDONE, 1), (MERGED, UNDONE - (NEW - OLD), 0), (UNDONE, None, 0)],
)
def test_a_merger_that_is_undone_is_no_cut_for_figures_from_before_it(first: date, last: date, count: int) -> None:
    assert len(missing_weights(undone(), "population", first, last)) == count


@pytest.mark.parametrize(
    ("weights", "merged", "before"),
    [
        ((), ("X", "Y", "Z"), ("Y", "Z")),
        ((told("X", "0.5"),), ("Y", "Z"), ("Y", "Z")),
        ((told("Y", "0.2"),), ("X", "Z"), ("Y", "Z")),  # how much the rest is of all is not known, nor Y's share of it
        ((told("Y", "0.2"), told("Z", "0.3")), None, None),
        ((told("X", "0.5"), told("Z", "0.3")), None, None),
        ((told("Y", None, "20"), told("Z", None, "30")), ("X", "Y", "Z"), None),
        ((told("X", None, "50"), told("Y", None, "20"), told("Z", None, "30")), None, None),
    ],
)
def test_a_part_beside_two_pieces_of_the_rest_is_on_the_list_for_the_figures_of_the_time_between(
    weights: tuple[Weight, ...], merged: tuple[str, ...] | None, before: tuple[str, ...] | None
) -> None:
    plain = undone(*weights)
    cut = Register((*plain.areas, area("Z", UNDONE)), (*plain.changes, Change(UNDONE, "split_off", "M", "Z")), weights)
    for first, pieces in ((None, merged), (MERGED, merged), (BEFORE, before)):
        found = [split.pieces for split in missing_weights(cut, "population", first)]
        assert found == ([pieces] if pieces else [])
        links = correspondence(cut, first or MERGED, UNDONE, "commune", "commune", "population")
        assert (pieces is None) == all(pair.share is not None for pair in links.pairs)


def test_a_part_that_is_all_there_is_needs_no_weight() -> None:
    areas = (area("P", BEFORE, MERGED), area("M", MERGED, UNDONE), area("X", UNDONE))
    changes = (Change(MERGED, "code_change", "P", "M"), Change(UNDONE, "code_change", "M", "X", f"P@{BEFORE}"))
    assert missing_weights(Register(areas, changes, ()), "population") == []


def test_land_that_leaves_is_a_piece_too() -> None:
    assert [split.pieces for split in missing_weights(cut(targets=("B", "")), "population")] == [("B", "")]


@pytest.mark.parametrize(
    ("first", "last", "count"), [(None, None, 381), (OLD, NEW, 381), (NEW, None, 0), (None, OLD, 0)]
)
def test_days_on_either_side_of_the_change(first: date | None, last: date | None, count: int) -> None:
    assert len(missing_weights(real(), "population", first, last)) == count


def test_the_template_is_a_weights_file_to_fill_in() -> None:
    text = weights_template(missing_weights(cut(weight("B", "0.5")), "population"))
    assert text == (
        "effective,from_code,to_code,basis,value,share,quality,source\n"
        "2025-07-01,A,C,population,,,,\n"
        "2025-07-01,A,D,population,,,,\n"
    )


def test_a_filled_template_is_read_and_closes_the_gaps(tmp_path: Path) -> None:
    areas = Path(__file__).parents[2] / "catalog" / "areas"
    for name in ("areas.csv", "changes.csv"):
        (tmp_path / name).write_bytes((areas / name).read_bytes())
    splits = missing_weights(real(), "population")
    rows = weights_template(splits).splitlines()
    last = {(split.area.code, split.pieces[-1]) for split in splits}
    filled = []
    for row in rows[1:]:
        day, source, to, basis, *_ = row.split(",")
        share = "1" if (source, to) in last else "0"
        filled.append(f"{day},{source},{to},{basis},,{share},estimated,điều tra thử")
    text = (areas / "weights.csv").read_text("utf-8") + "\n".join(filled) + "\n"
    (tmp_path / "weights.csv").write_text(text, encoding="utf-8")
    assert missing_weights(read_register(tmp_path), "population") == []


def test_a_level_that_is_gone_stands_under_the_one_above() -> None:
    assert standing_level(real(), NEW, "district") == "province"
    assert standing_level(real(), OLD, "district") == "district"
    assert standing_level(real(), NEW, "commune") == "commune"


def test_what_lies_inside_an_area() -> None:
    assert len(inside(real(), OLD, "15", "commune")) == 168
    assert inside(real(), OLD, "15", "province") == ("15",)
    assert inside(real(), OLD, "318", "commune") == ("318",)  # an island district without communes
    assert inside(real(), OLD, "18796", "province") == ()
    assert inside(real(), NEW, "318", "commune") == ()


def test_amounts_beside_a_share_of_nothing_become_shares_both_ways() -> None:
    weights = (weight("B", None, "10"), weight("C", None, "30"), weight("D", "0", quality="law"))
    register = cut(*weights)
    forth = correspondence(register, OLD, NEW, "commune", "commune", "population")
    assert [(pair.to_area, pair.share, pair.quality) for pair in forth.pairs] == [
        ("B", Fraction(1, 4), "measured"), ("C", Fraction(3, 4), "measured"), ("D", 0, "law"),
    ]  # fmt: skip
    assert amounts(register, OLD, "population") == {"A": Held(Fraction(40), "measured", NEW)}
