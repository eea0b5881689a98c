"""Which figures of new areas have a source that is missing or of a status other than normal; mostly few have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.dense_layout import Bools, Ints, Layout

Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Marks:
    """What is said of the sources of figures of new areas.

    Attributes:
        lacking: How many sources have no figure.
        worst: The last status, in the order of STATUSES, among the sources that are marked; 0: normal.
        first: The first of them.
    """

    lacking: npt.NDArray[np.int32]
    worst: Bytes
    first: Bytes

    def at(self, which: Ints) -> Marks:
        """Those of some rows."""
        return Marks(self.lacking[which], self.worst[which], self.first[which])

    def flat(self) -> Marks:
        """One behind the other."""
        return Marks(self.lacking.reshape(-1), self.worst.reshape(-1), self.first.reshape(-1))


def marks_of(missing: Bools, status: Bytes | None, layout: Layout) -> tuple[Marks, Ints]:
    """Gather what is said of the sources.

    Args:
        missing: Where nothing is reported: one row for each series, one column for each old area and a last one.
        status: Places in STATUSES, alike; None: all are normal.
        layout: Which old areas make which new ones.

    Returns:
        One row for each of the layout's targets, one column for each series; and the places, in the flattened tables,
        of the figures that have any such source.
    """
    count, width = missing.shape
    noted = np.flatnonzero(missing if status is None else missing | (status != 0))
    series, column = np.divmod(noted, width)
    parts = np.diff(layout.column_starts)[column]
    which = np.repeat(np.arange(len(noted)), parts)
    first_part = np.cumsum(parts) - parts
    place = np.arange(len(which)) - np.repeat(first_part - layout.column_starts[column], parts)
    cells = layout.column_targets[place] * count + series[which]
    shape = (len(layout.targets), count)
    lacking, worst, first = np.zeros(shape, np.int32), np.zeros(shape, np.int8), np.full(shape, 127, np.int8)
    np.add.at(lacking.reshape(-1), cells, missing.reshape(-1)[noted][which])
    said = np.zeros(len(cells), np.int8) if status is None else status.reshape(-1)[noted][which]
    np.maximum.at(worst.reshape(-1), cells, said)
    np.minimum.at(first.reshape(-1), cells, said)
    there = np.zeros(lacking.size, bool)
    there[cells] = True
    return Marks(lacking, worst, first), np.flatnonzero(there)
