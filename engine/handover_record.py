"""The handover record (bàn giao) as values: each old figure, where it went, and both sides of the totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.handover_question import HandoverQuestion
from indicators.areas import Area
from indicators.definitions import Measure, Name


@dataclass(frozen=True)
class Flow:
    """What one old figure gave to one area.

    Attributes:
        to_area: The area that gets it; empty for land that left every area.
        share: Its share of the old area, or None where nothing says how much; `lower` and `upper` are certain.
        quality: whole, law, measured, estimated, placeholder or unknown.
        law: Legal bases of the changes.
        given: The amount, or None where it is unknown or amounts do not apply (a mean, a score).
        least: The amount at least, or None where nothing is certain or amounts do not apply.
        most: The amount at most, likewise.
    """

    to_area: str
    to_name: str
    share: Fraction | None
    lower: Fraction
    upper: Fraction
    quality: str
    law: tuple[str, ...]
    given: Decimal | None
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True)
class OldFigure:
    """One figure as received, with its source, and where it went.

    Attributes:
        weight: For a mean: the figure of the measure that weighs it.
        flows: In a record of what an area gave: all; of what it took: only those to it.
        unallocated: What of it can be given to no single area; None where amounts do not apply.
    """

    ref_area: str
    name: str
    time_period: str
    dimensions: str
    obs_value: Decimal | None
    obs_status: str
    weight: Decimal | None
    source: str
    load_id: str
    file: str
    sha256: str
    flows: tuple[Flow, ...]
    unallocated: Decimal | None


@dataclass(frozen=True)
class Total:
    """Both sides of one additive total: `before = given + elsewhere + unallocated`.

    Attributes:
        level: The level of the areas that got it: a piece may be unknown among communes and certain of their province.
        figures: How many old figures it is made of.
        given: What went to the areas of this record.
        elsewhere: What went to other areas, or to none.
    """

    level: str
    time_period: str
    dimensions: str
    figures: int
    before: Decimal
    given: Decimal
    elsewhere: Decimal
    unallocated: Decimal

    @property
    def balanced(self) -> bool:
        """Whether nothing was lost and nothing came from nowhere."""
        return self.before == self.given + self.elsewhere + self.unallocated


@dataclass(frozen=True)
class NewFigure:
    """The figure of an area that gets figures, made of all its sources, as restating gives it."""

    level: str
    ref_area: str
    name: str
    time_period: str
    dimensions: str
    obs_value: Decimal | None
    obs_lower: Decimal | None
    obs_upper: Decimal | None
    obs_status: str
    basis: str
    coverage: Decimal


@dataclass(frozen=True)
class BrokenWindow:
    """An area that gets figures of a period whose window crosses a change of its boundaries."""

    level: str
    ref_area: str
    time_period: str


@dataclass(frozen=True)
class MissingSource:
    """An old area of which there is no figure for a period; `dimensions` is None where every series is missing."""

    ref_area: str
    name: str
    time_period: str
    dimensions: str | None


@dataclass(frozen=True)
class MeasureRecord:
    """All of one measure, from the areas of one day.

    Attributes:
        area_basis: The day whose areas the figures are of.
        to_level: The level of the areas that they went to.
        reasons: What is not conserved, refused or missing, why, and what to collect instead.
        broken: Which figures count partly on the areas before a change and partly on those after it (status B, unless
            another weighs more).
    """

    measure: Measure
    area_basis: date
    to_level: str
    figures: tuple[OldFigure, ...]
    totals: tuple[Total, ...]
    results: tuple[NewFigure, ...]
    missing: tuple[MissingSource, ...]
    reasons: tuple[Name, ...]
    broken: tuple[BrokenWindow, ...] = ()


@dataclass(frozen=True)
class NewLand:
    """Land that belonged to no area before."""

    to_area: str
    to_name: str
    law: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class LeftOut:
    """A measure of which this record holds no figure, and why."""

    measure: Measure
    why: Name


@dataclass(frozen=True)
class Handover:
    """One handover record; nobody has signed it yet.

    Attributes:
        others: The areas on the other side, at the level of the measures, the lowest first.
        law: Legal bases of all changes between both sides.
    """

    question: HandoverQuestion
    others: tuple[Area, ...]
    law: tuple[str, ...]
    measures: tuple[MeasureRecord, ...]
    land: tuple[NewLand, ...]
    left_out: tuple[LeftOut, ...]
