"""Laws of registers: every history is a sound register, what is left out of one is told, and weights are believed."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.area_files import AREAS_HEADER, CHANGES_HEADER, WEIGHTS_HEADER, read_register
from indicators.areas import Area, Change, Register, Weight
from indicators.correspondence import correspondence
from indicators.findings import DataFault
from naive.cells import START, Country, random_country
from naive.lots import maps_of

SEEDS = st.integers(0, 10**9)
DAY = timedelta(days=1)


def faults(register: Register, changes: Iterable[Change], weights: Iterable[Weight]) -> list[tuple[str, str]]:
    """The rules and the codes of what is wrong with a register once it is written to files and read again."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder) / "areas.csv", AREAS_HEADER, register.areas)
        _write(Path(folder) / "changes.csv", CHANGES_HEADER, changes)
        _write(Path(folder) / "weights.csv", WEIGHTS_HEADER, weights)
        try:
            read_register(Path(folder))
        except DataFault as fault:
            return [(finding.rule, finding.ref_area) for finding in fault.findings]
    return []


def _write(file: Path, header: Sequence[str], records: Iterable[Area] | Iterable[Change] | Iterable[Weight]) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        for record in records:
            cells = [getattr(record, name) for name in header]
            writer.writerow(["" if cell is None else cell for cell in cells])


@settings(max_examples=100, deadline=None)
@given(data=st.data(), seed=SEEDS, weighted=st.booleans())
def test_a_history_is_a_sound_register_and_a_row_without_which_land_vanishes_is_missed(
    data: st.DataObject, seed: int, weighted: bool
) -> None:
    register = random_country(seed, weighted=weighted).register
    assert faults(register, register.changes, register.weights) == []
    rows: dict[tuple[date, str], int] = defaultdict(int)
    for change in register.changes:
        rows[change.effective, change.from_code] += 1
    alone = [
        change for change in register.changes
        if rows[change.effective, change.from_code] == 1 and register.area(change.from_code, change.effective) is None
    ]  # fmt: skip
    if alone:
        dropped = data.draw(st.sampled_from(alone))
        left = [change for change in register.changes if change is not dropped]
        assert ("area.ended", dropped.from_code) in faults(register, left, ())


@settings(max_examples=100, deadline=None)
@given(data=st.data(), seed=SEEDS)
def test_a_part_that_never_lay_there_is_told(data: st.DataObject, seed: int) -> None:
    country = random_country(seed, events=20)
    recalled = [change for change in country.register.changes if change.part]
    if not recalled:
        return
    change = data.draw(st.sampled_from(recalled))
    maps = maps_of(country.register, START)  # lots, as cells know where a cut went, and registers do not
    inside = maps[max(day for day in maps if day < change.effective)][change.from_code]
    wrong = [
        f"{code}@{day}"
        for day, areas in maps.items()
        for code, lots in areas.items()
        if day < change.effective and not any(lot[: len(old)] == old for old in lots for lot in inside)
    ]
    if wrong:
        part = data.draw(st.sampled_from(wrong))
        changes = [Change(c.effective, c.kind, c.from_code, c.to_code, part) if c is change else c
                   for c in country.register.changes]  # fmt: skip
        assert "change.part-elsewhere" in {rule for rule, _ in faults(country.register, changes, ())}


@settings(max_examples=200, deadline=None)
@given(seed=SEEDS)
def test_weights_of_all_rows_of_an_area_are_what_each_row_carries(seed: int) -> None:
    """Whether rows have a part or not: figures of the day before are shared by them, firmly and truly."""
    country = random_country(seed, weighted=True)
    rows: dict[tuple[date, str], set[str]] = defaultdict(set)
    for change in country.register.changes:
        rows[change.effective, change.from_code].add(change.to_code)
    given_shares = {(w.effective, w.from_code, w.to_code) for w in country.register.weights if w.share is not None}
    for (day, code), targets in rows.items():
        if len(targets) > 1 and all((day, code, to) in given_shares for to in targets):
            links = correspondence(country.register, day - DAY, day, "commune", "commune", "population")
            found = {pair.to_area: (pair.lower, pair.share, pair.upper) for pair in links.by_source[code]}
            assert found == {to: (share,) * 3 for to, share in _truth(country, day, code).items()}, (seed, day, code)


def _truth(country: Country, day: date, code: str) -> dict[str, Fraction]:
    """What each area of a day got of the people of an area of the day before."""
    cells = country.maps[max(known for known in country.maps if known < day)][code]
    people = sum(country.people[cell] for cell in cells)
    got = {to: cells & held for to, held in country.maps[day].items() if cells & held}
    return {to: Fraction(sum(country.people[cell] for cell in inside), people) for to, inside in got.items()}
