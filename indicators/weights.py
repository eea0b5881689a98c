"""The weights of cut pieces: which of several counts, and what areas held as far as weights say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from indicators.areas import QUALITIES, Register, Weight


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


def amounts(register: Register, day: date, basis: str | None) -> dict[str, Decimal]:
    """How much of a basis areas held, from the amounts given where their next change after a day happened."""
    best = best_weights(register.weights, basis)
    first: dict[str, date] = {}
    targets: dict[str, set[str]] = defaultdict(set)
    for change in register.changes:
        if change.effective > day and first.setdefault(change.from_code, change.effective) == change.effective:
            targets[change.from_code].add(change.to_code)
    known: dict[str, Decimal] = {}
    for code, reached in targets.items():
        values = [best.get((first[code], code, to)) for to in sorted(reached)]
        given = [weight.amount for weight in values if weight is not None and weight.amount is not None]
        if len(given) == len(values):
            known[code] = sum(given, Decimal(0))
    return known
