"""A report form and what fills it: frozen values that the renderers, the sandbox and the ledger share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from indicators.definitions import Basis, Calendar, Name, Report, Unit
from submitters.calendar import Closing

NoteKind = Literal["missing", "refused", "partial", "estimated"]

BASES = ("reported", "exact", "estimated", "partial", "refused")
"""How a value came about, worst last."""


@dataclass(frozen=True)
class Value:
    """One row of the lake's `indicator_values`."""

    indicator: str
    version: str
    ref_area: str
    area_basis: date
    time_period: str
    dimensions: str
    obs_value: Decimal | None
    obs_lower: Decimal | None
    obs_upper: Decimal | None
    obs_status: str
    basis: str
    coverage: Decimal | None
    run_id: str


@dataclass(frozen=True)
class Reporter:
    """Who reports: an identifier and a name."""

    code: str
    name: str


@dataclass(frozen=True)
class Cell:
    """A figure of the form, rounded to its column's decimals.

    `basis` is empty where the lake holds no row: then the status is O and nothing is said about the value.
    """

    obs_value: Decimal | None = None
    obs_lower: Decimal | None = None
    obs_upper: Decimal | None = None
    obs_status: str = "O"
    basis: str = ""
    coverage: Decimal | None = None


@dataclass(frozen=True)
class Total:
    """The sum of a column's rows as shown; no value unless every row has one.

    Attributes:
        counted: Rows that have a value.
    """

    obs_value: Decimal | None
    obs_lower: Decimal | None
    obs_upper: Decimal | None
    basis: str
    counted: int


@dataclass(frozen=True)
class Column:
    """An indicator in the form.

    Attributes:
        id: `c1`, `c2`, ... in the order of the report.
        time_period: The period its figures are of, empty where none is held.
        latest: It takes the latest period held, which may be older than the report's.
        version: The day since which its definition holds.
        total: Only where its figures may be added over areas.
    """

    id: str
    indicator: str
    name: Name
    definition: Name | None
    dimensions: str
    time_period: str
    latest: bool
    unit: Unit
    decimals: int
    version: str
    basis: tuple[Basis, ...]
    total: Total | None


@dataclass(frozen=True)
class Row:
    """An area in force on the form's day, with one cell for each column."""

    ref_area: str
    type: str
    name: Name
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Note:
    """What a reader must know about some figures of a column: how many rows, and why."""

    column: str
    kind: NoteKind
    areas: int
    text: Name


@dataclass(frozen=True)
class FilledReport:
    """A report form, filled for one period.

    Attributes:
        runs: The runs that made its figures, sorted.
        data_sha256: Digest of the rows of `indicator_values` that it shows: the same figures, the same digest.
    """

    report: Report
    calendar: Calendar
    closing: Closing
    reporter: Reporter
    area_basis: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]
    runs: tuple[str, ...]
    data_sha256: str
