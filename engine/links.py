"""How areas map, as frames: what goes over whole, the pieces of what was cut, and what each new area is made of.

Restating works on these; they are made of a correspondence of areas here, and of couples of areas in
`engine.flow_couples`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.apportion import pieces_frame
from indicators.correspondence import Correspondence, Pair

WHOLE: dict[str, pl.DataType] = {
    "ref_area": pl.String(),
    "to_area": pl.String(),
    "estimated": pl.Boolean(),
    "same": pl.Boolean(),
}
TARGETS: dict[str, pl.DataType] = {
    "to_area": pl.String(),
    "expected": pl.Int64(),
    "same": pl.Boolean(),
    "empty_land": pl.Boolean(),
}


@dataclass(frozen=True)
class Links:
    """How the areas of one day map to those of another.

    Attributes:
        to_day: The day of the areas wanted.
        whole: Shape WHOLE: areas of which all that is counted goes to one area, and whether that is the same land.
        pieces: The pieces of all others, as `engine.apportion.pieces_frame` has them.
        targets: Shape TARGETS: the areas wanted; how many areas that count they come from, whether they are unchanged
            or empty land. Land that came without anything that is counted (`empty_land`: the law moved land, not
            people) has a figure: zero.
    """

    to_day: date
    whole: pl.DataFrame
    pieces: pl.DataFrame
    targets: pl.DataFrame


def links_of(areas: Correspondence, *, signed: bool) -> Links:
    """The frames of a correspondence.

    Args:
        areas: How the areas map.
        signed: Whether figures may be negative: then nothing is certain of a piece of unknown share.
    """
    whole = [pair for pair in areas.pairs if pair.whole and pair.from_area]
    pieces = [pair for pair in areas.pairs if not pair.whole and pair.upper > 0 and pair.from_area]
    return Links(areas.to_day, _whole(whole), pieces_frame(pieces, signed), _targets(areas))


def _whole(pairs: Sequence[Pair]) -> pl.DataFrame:
    rows = [(pair.from_area, pair.to_area, pair.quality not in ("whole", "law"), pair.same) for pair in pairs]
    return pl.DataFrame(rows, schema=WHOLE, orient="row")


def _targets(areas: Correspondence) -> pl.DataFrame:
    rows = []
    for code in areas.to_areas:
        pairs = [pair for pair in areas.by_target.get(code, ()) if pair.from_area]
        counted = [pair for pair in pairs if pair.upper > 0]
        rows.append((code, len(counted), any(pair.same for pair in pairs), bool(pairs) and not counted))
    return pl.DataFrame(rows, schema=TARGETS, orient="row")
