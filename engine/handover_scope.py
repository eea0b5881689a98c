"""What a handover record takes in: which measures, the areas of which days, whose figures, and who gets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from engine.handover_question import HandoverQuestion
from engine.handover_record import LeftOut
from indicators.areas import Register
from indicators.catalog import Catalog
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import Measure, Name
from indicators.levels import inside, level_name, standing_level
from indicators.observed_shares import Observed


@dataclass(frozen=True)
class Way:
    """How figures went to the areas of one level.

    Attributes:
        areas: The correspondence.
        targets: The areas of this record that got figures.
        needed: Every old area that any of them is made of.
    """

    areas: Correspondence
    targets: frozenset[str]
    needed: frozenset[str]


@dataclass(frozen=True)
class Scope:
    """One measure of one day's areas.

    Attributes:
        sources: The old areas whose figures are listed, in order.
        ways: To the areas of the measure's own level, then to those of the level of the area asked for, if another.
    """

    measure: Measure
    area_basis: date
    sources: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def needed(self) -> frozenset[str]:
        """Every old area whose figures are read."""
        return frozenset(self.sources).union(*(way.needed for way in self.ways))


def scopes(
    catalog: Catalog,
    question: HandoverQuestion,
    held: Iterable[tuple[str, date]],
    observed: Mapping[str, Observed] = MappingProxyType({}),
) -> tuple[list[Scope], list[LeftOut]]:
    """What a record takes in, and what it cannot.

    Args:
        catalog: The definitions.
        question: Which area and days.
        held: The measures of which there are figures, with the day of their areas.
        observed: Of each measure that weighs cut pieces of others, the amounts observed (`engine.observed_weights`).

    Returns:
        The measures in order of their ids, and those left out with the reason.
    """
    days: dict[str, list[date]] = {}
    for name, basis in sorted(set(held)):
        days.setdefault(name, []).append(basis)
    ways = _Ways(catalog.register, question.new_day, observed)
    found, left_out = [], []
    for measure in sorted(catalog.measures.values(), key=lambda one: one.id):
        bases = [day for day in days.get(measure.id, ()) if _same_areas(catalog.register, day, question.old_day)]
        made = [one for day in bases if (one := _scope(catalog.register, question, measure, day, ways)) is not None]
        found += made
        if not made:
            left_out.append(LeftOut(measure, _why_not(catalog, question, measure, bases, days.get(measure.id, []))))
    return found, left_out


def _same_areas(register: Register, one: date, other: date) -> bool:
    """Whether no territory moved between two days."""
    return not any(min(one, other) < moved <= max(one, other) for moved in register.change_days)


def _scope(register: Register, question: HandoverQuestion, measure: Measure, basis: date, ways: _Ways) -> Scope | None:
    level = standing_level(register, question.new_day, measure.level)
    detail = ways.areas(measure, basis, level)
    code = question.area.code
    if question.gives:
        sources = inside(register, basis, code, measure.level)
    else:
        sources = _sources(detail, inside(register, question.new_day, code, level))
    if not sources:
        return None
    found = [_way(detail, question, sources, register)]
    upper = standing_level(register, question.new_day, question.area.level)
    if register.levels.index(upper) < register.levels.index(level):
        found.append(_way(ways.areas(measure, basis, upper), question, sources, register))
    return Scope(measure, basis, sources, tuple(found))


class _Ways:
    """The correspondences to the new day; many measures share one."""

    def __init__(self, register: Register, new_day: date, observed: Mapping[str, Observed]) -> None:
        self.register, self.new_day, self.observed = register, new_day, observed
        self.known: dict[tuple[date, str, str, str | None], Correspondence] = {}

    def areas(self, measure: Measure, basis: date, to_level: str) -> Correspondence:
        key = (basis, measure.level, to_level, measure.split_weight)
        if key not in self.known:
            self.known[key] = correspondence(
                self.register, basis, self.new_day, measure.level, to_level, measure.split_weight,
                self.observed.get(measure.split_weight or ""),
            )  # fmt: skip
        return self.known[key]


def _sources(areas: Correspondence, targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({pair.from_area for to in targets for pair in areas.by_target.get(to, ()) if pair.from_area}))


def _way(areas: Correspondence, question: HandoverQuestion, sources: tuple[str, ...], register: Register) -> Way:
    if question.gives:
        targets = {pair.to_area for code in sources for pair in areas.by_source.get(code, ()) if pair.to_area}
    else:
        targets = set(inside(register, question.new_day, question.area.code, areas.to_level))
    return Way(areas, frozenset(targets), frozenset(_sources(areas, targets)))


def _why_not(
    catalog: Catalog, question: HandoverQuestion, measure: Measure, bases: list[date], held: list[date]
) -> Name:
    order = catalog.register.levels
    if order.index(question.area.level) > order.index(measure.level):
        return Name(
            f"thu thập ở {level_name(measure.level).vi}, không có số liệu riêng của {question.area.name_vi}; xem biên"
            " bản của địa bàn cấp trên",
            f"collected at level {measure.level}; {question.area.name_en} has no figure of its own; see the record of"
            " the area above",
        )
    if bases:
        return Name("không có địa bàn cũ nào ở cấp này", "no old area at this level")
    if held:
        days = ", ".join(day.isoformat() for day in held)
        return Name(
            f"kho chỉ có số liệu theo địa bàn ngày {days}; lập biên bản của ngày ấy bằng --on và --to",
            f"the lake only has figures of the areas of {days}; make the record of those days with --on and --to",
        )
    return Name("kho chưa có số liệu nào", "the lake holds no figure")
