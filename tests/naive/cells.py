"""A country of unit cells: the deliberately naive reference for everything that follows territory.

Each area is a plain set of cells, each cell holds a whole number of people. A random history moves cells about and
writes down the change rows that a statistics office would publish. The truth of any area on any day is then a sum over
cells, found without any of the code under test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from indicators.areas import Area, Change, Register, Weight

START = date(2000, 1, 1)


@dataclass
class Country:
    """A history as it happened (`maps`: day to area code to cells) and as it was published (`register`)."""

    people: dict[int, int]
    maps: dict[date, dict[str, frozenset[int]]]
    register: Register
    kinds: list[str] = field(default_factory=list)

    def truth(self, day: date) -> dict[str, int]:
        """The people of each area on a day."""
        latest = max(known for known in self.maps if known <= day)
        return {code: sum(self.people[cell] for cell in cells) for code, cells in self.maps[latest].items()}


class _History:
    def __init__(self, random: Random, areas: int, weighted: bool) -> None:
        self.random, self.weighted = random, weighted
        cells = iter(range(10_000))
        self.now = {f"A{i}": frozenset(next(cells) for _ in range(random.randint(1, 5))) for i in range(areas)}
        self.people = {cell: random.choice([0, 1, 2, 3, 7, 20]) for held in self.now.values() for cell in held}
        self.maps = {START: dict(self.now)}
        self.since = dict.fromkeys(self.now, START)
        self.areas: list[Area] = []
        self.changes: list[Change] = []
        self.weights: list[Weight] = []
        self.kinds: list[str] = []
        self.codes = areas

    def code(self) -> str:
        """A new code, or one that was closed long ago and now means something else."""
        closed = sorted({area.code for area in self.areas} - set(self.now))
        if closed and self.random.random() < 0.3:
            return self.random.choice(closed)
        self.codes += 1
        return f"A{self.codes}"

    def happen(self, day: date) -> None:
        before = dict(self.now)
        kind = self.random.choice(["merge", "merge", "split", "transfer", "undo", "undo", "recode"])
        done = getattr(self, kind)(day)
        if not done:
            return
        self.kinds.append(kind)
        for code in sorted(set(before) - set(self.now)):
            self.areas.append(self.area(code, day))
            del self.since[code]
        for code in set(self.now) - set(before):
            self.since[code] = day
        self.maps[day] = dict(self.now)

    def area(self, code: str, until: date | None) -> Area:
        return Area(code, "commune", "xa", code, code, "", self.since[code], until)

    def pick(self) -> str:
        return self.random.choice(sorted(self.now))

    def merge(self, day: date) -> bool:
        if len(self.now) < 2:
            return False
        parts = self.random.sample(sorted(self.now), min(len(self.now), self.random.randint(2, 3)))
        into = parts[0] if self.random.random() < 0.5 else self.code()
        for code in parts:
            if self.weighted and self.random.random() < 0.7:
                self.weigh_amount(day, code, into, self.now[code])
        cells = frozenset().union(*(self.now.pop(code) for code in parts))
        self.now[into] = cells
        self.changes += [Change(day, "merger", code, into) for code in parts]
        return True

    def split(self, day: date) -> bool:
        code = self.pick()
        cells = sorted(self.now[code])
        if len(cells) < 2:
            return False
        self.random.shuffle(cells)
        at = self.random.randint(1, len(cells) - 1)
        del self.now[code]
        first = self.code()
        self.now[first] = frozenset(cells[:at])
        second = self.code()
        self.now[second] = frozenset(cells[at:])
        self.cut(day, code, {first: cells[:at], second: cells[at:]}, "breakdown")
        return True

    def transfer(self, day: date) -> bool:
        if len(self.now) < 2:
            return False
        giver, taker = self.random.sample(sorted(self.now), 2)
        cells = sorted(self.now[giver])
        if len(cells) < 2:
            return False
        self.random.shuffle(cells)
        at = self.random.randint(1, len(cells) - 1)
        self.now[giver] = frozenset(cells[at:])
        self.now[taker] |= frozenset(cells[:at])
        self.cut(day, giver, {taker: cells[:at], giver: cells[at:]}, "transfer")
        return True

    def undo(self, day: date) -> bool:
        """Territory that an earlier area held leaves the area that holds it now, under a code of its own."""
        earlier = sorted(known for known in self.maps if known < day)
        if not earlier:
            return False
        then = self.random.choice(earlier)
        part = self.random.choice(sorted(self.maps[then]))
        holder = self.pick()
        cells = self.maps[then][part] & self.now[holder]
        if not cells or cells == self.now[holder]:
            return False
        back = part if part not in self.now else self.code()
        left = self.now[holder] - cells
        self.now[holder], self.now[back] = left, cells
        self.changes.append(Change(day, "re_establishment", holder, back, f"{part}@{then}"))
        if self.weighted:
            self.cut_rest(day, holder, back, sorted(left))
        return True

    def cut_rest(self, day: date, holder: str, back: str, left: list[int]) -> None:
        """What a part leaves is kept without a row, with one, or cut; weights are shares of all of the area."""
        pieces = {back: sorted(self.now[back])}
        kept = self.random.choice(["without a row", "with a row", "cut"])
        if kept == "with a row" or len(left) < 2:
            pieces[holder] = left
        elif kept == "cut":
            self.random.shuffle(left)
            at = self.random.randint(1, len(left) - 1)
            new = self.code()
            pieces |= {holder: left[:at], new: left[at:]}
            self.now[holder], self.now[new] = frozenset(left[:at]), frozenset(left[at:])
        self.changes += [Change(day, "split_off", holder, to) for to in pieces if to != back]
        self.weigh(day, holder, pieces, left)

    def recode(self, day: date) -> bool:
        code = self.pick()
        new = self.code()
        self.now[new] = self.now.pop(code)
        self.changes.append(Change(day, "code_change", code, new))
        return True

    def cut(self, day: date, code: str, pieces: dict[str, list[int]], kind: str) -> None:
        self.changes += [Change(day, kind, code, to) for to in pieces]
        if self.weighted and self.random.random() < 0.6:
            self.weigh(day, code, pieces)

    def weigh(self, day: date, code: str, pieces: dict[str, list[int]], left: Sequence[int] = ()) -> None:
        """Shares of an area, of all its pieces or of some; or the amounts of all that have a row of their own."""
        cells = {cell for held in pieces.values() for cell in held} | set(left)
        total = sum(self.people[cell] for cell in cells)
        if total == 0:
            return
        if self.random.random() < 0.2 and cells == {cell for held in pieces.values() for cell in held}:
            for to, held in pieces.items():
                self.weigh_amount(day, code, to, held)
            return
        for to in self.random.sample(list(pieces), self.random.choice([1, len(pieces), len(pieces)])):
            share = Fraction(sum(self.people[cell] for cell in pieces[to]), total)
            if share.denominator in (1, 2, 4, 5, 8, 10, 20, 25):  # shares that a decimal writes exactly
                exact = Decimal(share.numerator) / Decimal(share.denominator)
                self.weights.append(Weight(day, code, to, "population", None, exact, "measured"))

    def weigh_amount(self, day: date, code: str, to: str, held: Iterable[int]) -> None:
        amount = Decimal(sum(self.people[cell] for cell in held))
        self.weights.append(Weight(day, code, to, "population", amount, None, "measured"))


def random_country(seed: int, areas: int = 5, events: int = 12, *, weighted: bool = False) -> Country:
    """A random history of mergers, splits, transfers, undone mergers, recodings and reused codes.

    Where it is weighted, some rows of cuts, mergers and parts called back have measured weights, all of them true.
    """
    history = _History(Random(seed), areas, weighted)  # noqa: S311 (the same histories on every run)
    for i in range(events):
        history.happen(START + timedelta(days=30 * (i + 1)))
    history.areas += [history.area(code, None) for code in history.now]
    register = Register(tuple(history.areas), tuple(history.changes), tuple(history.weights))
    return Country(history.people, history.maps, register, history.kinds)
