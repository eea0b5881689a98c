"""How the areas of each measure map and lie in blocks; measures of one level, weight and sign share all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from engine.dense_layout import Layout, lay_out
from engine.dense_parents import Parents, lay_out_parents
from engine.parent_totals import level_above, parents_of
from engine.window_breaks import broken_areas
from indicators.areas import Register
from indicators.correspondence import Correspondence, areas_at, correspondence
from indicators.definitions import Calendar, Measure
from indicators.periods import parse_period
from indicators.windows import window


@dataclass
class MeasureLayouts:
    """Correspondences and layouts between two days, made when they are first asked for.

    Attributes:
        register: The areas.
        days: Of the areas given, and of those wanted.
        to_level: The level wanted; empty: that of each measure.
        calendar: The windows that flows count.
        codes: The columns of a block, by `codes_of`.
    """

    register: Register
    days: tuple[date, date]
    to_level: str
    calendar: Calendar | None = None
    codes: list[str] = field(default_factory=list)
    _areas: dict[tuple[str, str, str | None], Correspondence] = field(default_factory=dict)
    _layouts: dict[tuple[str, str, str | None, bool], Layout] = field(default_factory=dict)
    _parents: dict[tuple[str, str, str | None, bool], tuple[Layout, Parents] | None] = field(default_factory=dict)
    _broken: dict[tuple[str, str], bool] = field(default_factory=dict)

    def codes_of(self, levels: Iterable[str]) -> list[str]:
        """The columns of a block: every area of the levels on the day of the areas given."""
        found = {code for level in set(levels) for code in areas_at(self.register, self.days[0], level).values()}
        self.codes = sorted(found)
        return self.codes

    def level(self, measure: Measure) -> str:
        """The level wanted of a measure."""
        return self.to_level or measure.level

    def areas(self, measure: Measure, to_level: str = "") -> Correspondence:
        """How the areas of a measure map to those of the level wanted, or of another."""
        key = (measure.level, to_level or self.level(measure), measure.split_weight)
        if key not in self._areas:
            level, wanted, weight = key
            self._areas[key] = correspondence(self.register, *self.days, level, wanted, weight)
        return self._areas[key]

    def layout(self, measure: Measure, to_level: str = "") -> Layout:
        """Where these areas lie in a block."""
        key = (measure.level, to_level or self.level(measure), measure.split_weight, measure.signed)
        if key not in self._layouts:
            self._layouts[key] = lay_out(self.areas(measure, to_level), self.codes, measure.signed)
        return self._layouts[key]

    def above(self, measure: Measure) -> tuple[Layout, Parents] | None:
        """The layout of the level above the one wanted, and which areas lie in which; None: there is none."""
        key = (measure.level, self.level(measure), measure.split_weight, measure.signed)
        if key not in self._parents:
            self._parents[key] = self._above(measure)
        return self._parents[key]

    def _above(self, measure: Measure) -> tuple[Layout, Parents] | None:
        above, to_day = level_above(self.register, self.days[1], self.level(measure)), self.days[1]
        if above is None:
            return None
        upper = self.layout(measure, above)
        parents = dict(parents_of(self.register, to_day, above, self.level(measure)).iter_rows())
        return upper, lay_out_parents(self.layout(measure), upper, parents)

    def crosses_change(self, measure: Measure, periods: Iterable[str]) -> bool:
        """Whether a flow's window crosses a change of boundaries, so that figures must be marked (`window_breaks`)."""
        return measure.time == "flow" and any(self._crosses(measure, period) for period in set(periods))

    def _crosses(self, measure: Measure, period: str) -> bool:
        key = (period, self.level(measure))
        if key not in self._broken:
            counted = window(parse_period(period), self.calendar)
            late = any(self.days[0] < change for change in counted.changes(self.register))
            self._broken[key] = late or bool(broken_areas(self.register, counted, self.days[1], key[1]))
        return self._broken[key]
