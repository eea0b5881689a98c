"""The weights of cut pieces: which of several counts, and what areas held as far as weights say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from indicators.areas import QUALITIES, Register, Weight
from indicators.extent import worst


def best_weights(weights: Iterable[Weight], basis: str | None) -> dict[tuple[date, str, str], Weight]:
    """The weight in use for each cut piece in one basis: best quality first, then the first in the file."""
    best: dict[tuple[date, str, str], Weight] = {}
    for weight in weights:
        if weight.basis != basis:
            continue
        key = (weight.effective, weight.from_code, weight.to_code)
        if key not in best or QUALITIES.index(weight.quality) < QUALITIES.index(best[key].quality):
            best[key] = weight
    return best


@dataclass(frozen=True)
class Held:
    """How much an area held, how good that is known, and the day of the change that its amounts were given for."""

    amount: Fraction
    quality: str
    day: date


def amounts(register: Register, day: date, basis: str | None) -> dict[str, Held]:
    """How much of a basis areas held, from the amounts given where their next change after a day happened.

    The amount of an area that got land in between is of another territory, and an estimate at best.
    """
    best = best_weights(register.weights, basis)
    first: dict[str, date] = {}
    targets: dict[str, set[str]] = defaultdict(set)
    grew: dict[str, date] = {}
    for change in register.changes:
        if change.effective <= day:
            continue
        if first.setdefault(change.from_code, change.effective) == change.effective:
            targets[change.from_code].add(change.to_code)
        if change.from_code != change.to_code:
            grew.setdefault(change.to_code, change.effective)
    known: dict[str, Held] = {}
    for code, reached in targets.items():
        values = [best.get((first[code], code, to)) for to in sorted(reached)]
        given = [weight for weight in values if weight is not None and weight.amount is not None]
        if len(given) == len(values):
            total = sum((Fraction(weight.amount) for weight in given if weight.amount is not None), Fraction(0))
            same = grew.get(code, first[code]) >= first[code] and _lasts(register, code, day, first[code])
            quality = worst([*(weight.quality for weight in given), *([] if same else ["estimated"])])
            known[code] = Held(total, quality, first[code])
    return known


def _lasts(register: Register, code: str, day: date, until: date) -> bool:
    """Whether a code is in force all the time between two days."""
    ends = [area.valid_to for area in register.versions(code) if area.valid_to and day < area.valid_to < until]
    return all(register.area(code, end) is not None for end in ends)
