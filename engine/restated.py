"""What restating gives: the figures of the new areas, and what became of everything that they do not show."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from engine.frames import NUM
from indicators.findings import Finding

REST: dict[str, pl.DataType] = {
    "ref_area": pl.String(),
    "time_period": pl.String(),
    "dimensions": pl.String(),
    "obs_value": NUM,
}
"""Amounts that are in no figure, by the area where they are."""


@dataclass(frozen=True)
class Restated:
    """What restating gives.

    Attributes:
        rows: The figures of the new areas, in the shape RESTATED, ordered by area, period and dimensions.
        held: Shape REST: what is known to have gone to new areas that got no value, because more went there and nothing
            says how much, or because the value is refused.
        unallocated: Shape REST, by old area: what could be given to no single new area.
        findings: Refusals and remarks.
        internal: Shape REST: moves between areas that are now one area, which therefore are no moves any more.
    """

    rows: pl.DataFrame
    held: pl.DataFrame
    unallocated: pl.DataFrame
    findings: tuple[Finding, ...]
    internal: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REST))
