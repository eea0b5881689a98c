"""Which figures of one area's table are to be suppressed beside those that are.

Of sums and means: those that determine a suppressed one, the finest and smallest first, until nothing does. A mean is
a sum of weight times value, and all weights are taken to be known. Of the smallest, the largest and distinct counts,
of which linear algebra says nothing: all that shares a cell with a suppressed figure and has another cell too, and
parts of it as long as the others make it up; then some cell of it is in nothing that is published. Of means whose
weights are suppressed: what overlaps a finer mean, since two means and that of both tell how the weights compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.row_space import Cells, telling
from engine.table_cells import Entry, combining
from indicators.definitions import Measure
from indicators.periods import Period, parse_period

LINEAR = frozenset({"sum", "mean", "none"})


def secondary(table: Sequence[Entry], measure: Measure) -> set[int]:
    """The rows to suppress as well so that no suppressed figure of a table can be worked out."""
    closed = sorted({entry.cells for entry in table if entry.hidden}, key=sorted_cells)
    known = [entry for entry in table if entry.amount is not None and not entry.hidden]
    if not {*combining(measure).values(), measure.areas.rule} <= LINEAR:
        return _uncovered(closed, sorted(known, key=_by_size))
    summed = measure.areas.rule == "sum"
    known.sort(key=_by_amount if summed else _by_size)
    found: set[int] = set()
    while True:
        left = [entry for entry in known if entry.number not in found]
        sums = [(entry.cells, entry.amount if summed or not entry.amount else None) for entry in left]
        told = telling(closed, sums, signed=measure.signed)
        if not told:
            return found
        for places in told:  # one that tells of two targets is enough for both
            if not any(left[place].number in found for place in places):
                found.add(left[places[-1]].number)


def apart(table: Sequence[Entry], periods: Iterable[Period]) -> set[int]:
    """The rows of a mean to suppress where its weights are: those that overlap finer ones in any of some periods."""
    spans = list(periods)
    known = [entry for entry in table if entry.amount is not None and not entry.hidden]
    seen: set[object] = set()
    found: set[int] = set()
    for entry in sorted(known, key=_by_size, reverse=True):
        time = parse_period(entry.period)
        if not any(time.start <= span.end and span.start <= time.end for span in spans):
            continue
        if entry.cells & seen:
            found.add(entry.number)
        else:
            seen |= entry.cells
    return found


def sorted_cells(cells: Cells) -> list[str]:
    """A key that puts sets of cells in the same order on every run."""
    return sorted(map(repr, cells))


def _by_amount(entry: Entry) -> tuple[int, int, str, int]:
    """Those to keep come first: of few dimensions, and large."""
    return entry.dimensions.count("="), -abs(entry.amount or 0), entry.dimensions, entry.number


def _by_size(entry: Entry) -> tuple[int, int, str, int]:
    """Those to keep come first: of few dimensions, and made of much."""
    return entry.dimensions.count("="), -len(entry.cells), entry.dimensions, entry.number


def _uncovered(closed: Sequence[Cells], known: Sequence[Entry]) -> set[int]:
    found: set[int] = set()
    for target in closed:
        parts = []
        for entry in known:
            if entry.cells <= target and entry.cells != target:
                parts.append(entry)
            elif entry.cells & target:
                found.add(entry.number)
        parts = [entry for entry in parts if entry.number not in found]
        while parts and target <= frozenset().union(*(entry.cells for entry in parts)):
            found.add(parts.pop().number)
    return found
