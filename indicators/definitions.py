"""What the catalog defines, as frozen values: measures, indicators, code lists, data models, calendars and reports.

No files are read here: `indicators.catalog` builds these values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

AreaRuleName = Literal["sum", "mean", "min", "max", "count_distinct", "none"]
TimeRule = Literal["flow", "stock", "average", "none"]
DimensionRule = Literal["sum", "none"]
Frequency = Literal["A", "S", "Q", "M", "W", "D"]
WhenMissing = Literal["blank", "partial", "carry_forward"]


@dataclass(frozen=True)
class Name:
    """A name or text in both languages."""

    vi: str
    en: str


@dataclass(frozen=True)
class Basis:
    """The legal or methodological basis of a definition; `verified` only if somebody read the source."""

    document: str
    item: str = ""
    verified: bool = False


@dataclass(frozen=True)
class AreaRule:
    """How a measure's values of several areas make the value of their union.

    Attributes:
        rule: `sum`, `mean` (weighted by the measure `by`), `min`, `max`, `count_distinct` (bounds only) or `none`.
        by: The measure that weighs a mean.
        why: For `none`: why it cannot be had, and what to collect instead.
    """

    rule: AreaRuleName
    by: str | None = None
    why: Name | None = None


@dataclass(frozen=True)
class Measure:
    """A base quantity that is reported.

    Attributes:
        level: The level of area where it is collected.
        dimensions: Dimension name to code list id, sorted by name.
        dimension_rules: Dimension name to its rule; those not named sum.
        split_weight: The basis of `weights.csv` that estimates a cut piece; None: no value, bounds only.
        internal_flow: The dimension that names the counterpart area, for moves that merging makes internal.
        counts: The level of the areas that the figures count (communes that meet a standard). The areas themselves are
            counted, so a figure only lives on where all of them do: it is never carried over a change of theirs.
        signed: Values may be negative (balances, changes); then an unknown piece has no certain bounds.
        file: Where it is defined, for messages.
    """

    id: str
    name: Name
    unit: str
    decimals: int
    level: str
    areas: AreaRule
    time: TimeRule
    dimensions: Mapping[str, str] = field(default_factory=dict)
    dimension_rules: Mapping[str, DimensionRule] = field(default_factory=dict)
    split_weight: str | None = None
    internal_flow: str | None = None
    counts: str | None = None
    signed: bool = False
    file: str = ""


@dataclass(frozen=True)
class Input:
    """One input of a formula.

    Attributes:
        measure: The measure's id.
        where: Dimension codes to take; dimensions not named are summed over, where the measure allows it.
        periods_back: 0 the same period, 1 the period before it (growth), and so on.
    """

    measure: str
    where: Mapping[str, str] = field(default_factory=dict)
    periods_back: int = 0


@dataclass(frozen=True)
class Version:
    """A dated definition of an indicator: it is in force for periods that end on or after `valid_from`."""

    valid_from: date
    basis: tuple[Basis, ...]
    formula: str
    inputs: Mapping[str, Input]
    when_missing: WhenMissing = "blank"
    change: str = ""


@dataclass(frozen=True)
class Example:
    """A figure worked out by hand: the inputs of several areas that become one, and the indicator's value."""

    given: Mapping[str, tuple[Decimal | None, ...]]
    expect: Decimal | None
    name: str = ""


@dataclass(frozen=True)
class Indicator:
    """What is published: a formula over measures, in dated versions (ascending by `valid_from`)."""

    id: str
    name: Name
    unit: str
    decimals: int
    frequency: Frequency
    levels: tuple[str, ...]
    versions: tuple[Version, ...]
    examples: tuple[Example, ...] = ()
    definition: Name | None = None
    file: str = ""

    def version_on(self, day: date) -> Version | None:
        """The version in force on a day, or None before the first."""
        in_force = [version for version in self.versions if version.valid_from <= day]
        return in_force[-1] if in_force else None


@dataclass(frozen=True)
class Code:
    """A code of a code list; `parent` is the code that it is a part of, or empty."""

    code: str
    name: Name
    parent: str = ""


@dataclass(frozen=True)
class Codelist:
    """A code list by its id, such as `CL_SEX`; codes in the order of the file."""

    id: str
    codes: Mapping[str, Code]


@dataclass(frozen=True)
class Unit:
    """A unit of measure; `dimension` and `scale` let formulas be checked (PERSON: person x 1)."""

    id: str
    name: Name
    symbol: Name
    dimension: str = ""
    scale: Decimal = Decimal(1)


@dataclass(frozen=True)
class Item:
    """What one source column (wide) or item code (long) of a data model means.

    Attributes:
        measure: The measure's id.
        dimensions: Dimension codes that hold for every value of it.
        minimum: Smallest allowed value, or None.
        maximum: Largest allowed value, or None.
        status: Status of a value where the source gives none (P: the whole column is preliminary).
    """

    measure: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    status: str = "A"


@dataclass(frozen=True)
class RowRule:
    """A rule over the columns of one source row: a SQL scalar expression that must not be false."""

    id: str
    check: str
    message: Name
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class DataModel:
    """The standard structure that a data set must fit; its id is the data set's id.

    Attributes:
        layout: `long`: one value a row (`value_column`), its meaning in `item_column` or the single item.
            `wide`: one column for each item.
        area_basis: The day whose areas the codes mean, unless `--basis` says otherwise.
        when_bad: `keep_good` loads the good rows and rejects the others; `refuse_file` loads nothing.
        time_format: `period` (SDMX), `year` or `date` (ISO day, kept as a daily period).
        time_min: Earliest period accepted, or empty; `time_min_why` says why.
        item_column: Long layout: the column that names the item; empty where the model has one item.
        items: Column name (wide), item code (long) or empty text (the single item) to its meaning.
        dimension_columns: Dimension name to the source column that holds its codes.
        name_column: A column with the area's name, compared with the register; empty: none.
        also_called: Area code to names that the source uses and the register does not (77: BRVT).
        other_columns: Columns that are known and not used.
    """

    id: str
    name: Name
    source: str
    area_basis: date
    layout: Literal["long", "wide"]
    items: Mapping[str, Item]
    when_bad: Literal["keep_good", "refuse_file"] = "keep_good"
    area_column: str = "ref_area"
    time_column: str = "time_period"
    time_format: Literal["period", "year", "date"] = "period"
    time_min: str = ""
    time_min_why: Name | None = None
    value_column: str = "obs_value"
    item_column: str = ""
    status_column: str = "obs_status"
    dimension_columns: Mapping[str, str] = field(default_factory=dict)
    name_column: str = ""
    also_called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other_columns: tuple[str, ...] = ()
    rules: tuple[RowRule, ...] = ()
    file: str = ""


@dataclass(frozen=True)
class CalendarPeriod:
    """When the figures of a kind of period are closed and due.

    Days are days of a month; months count from the period's last month (0) for `to` and `due`, and from its first month
    for `from` (so -1 is the month before the period).
    """

    from_month: int
    from_day: int
    to_month: int
    to_day: int
    due_month: int
    due_day: int
    basis: Basis


@dataclass(frozen=True)
class Calendar:
    """Windows and deadlines of periodic reports; keys of `periods`: M, Q, S, 9M, A."""

    id: str
    name: Name
    timezone: str
    periods: Mapping[str, CalendarPeriod]
    file: str = ""


@dataclass(frozen=True)
class ReportColumn:
    """One column of a report: an indicator, with an optional selection of dimensions.

    Attributes:
        dimensions: As in `indicator_values`: empty for the total, else `name=code;name=code`.
        latest: Take the latest period held that is not after the report's, and say which; else the report's own period.
    """

    indicator: str
    dimensions: str = ""
    name: Name | None = None
    latest: bool = False


@dataclass(frozen=True)
class Report:
    """A report form: one row for each area of `level`, one column for each indicator.

    Attributes:
        frequency: A key of the calendar's `periods`.
        area_basis: The day whose areas are the rows; None: the last day of the period's window.
    """

    id: str
    name: Name
    calendar: str
    frequency: str
    level: str
    receiver: str
    columns: tuple[ReportColumn, ...]
    basis: tuple[Basis, ...] = ()
    area_basis: date | None = None
    file: str = ""
