"""Who gives territory to whom on one day, at any level, and what kind of event that is.

Changes are given at the lowest level; what happens to a province or a district is the sum of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from indicators.area_names import bare_name, plain
from indicators.areas import Register

DAY = timedelta(days=1)


@lru_cache(maxsize=32)
def _children(register: Register, day: date) -> Mapping[str, tuple[str, ...]]:
    return register.children(day)


def leaves(register: Register, codes: Iterable[str], day: date) -> frozenset[str]:
    """The lowest areas of some areas on a day."""
    below, found, queue = _children(register, day), set(), list(codes)
    while queue:
        code = queue.pop()
        if code in below:
            queue += below[code]
        elif register.area(code, day) is not None:
            found.add(code)
    return frozenset(found)


def up(register: Register, code: str, day: date, level: str) -> str:
    """The area of a level that an area lies in on a day; the area itself where it lies in none."""
    area = register.area(code, day)
    while area is not None and area.level != level and area.parent:
        area = register.area(area.parent, day)
    return area.code if area is not None and area.level == level else code


@dataclass(frozen=True)
class _Flows:
    """Who gave territory to whom on one day, at one level; an empty code is land of no area."""

    targets: Mapping[str, frozenset[str]]
    sources: Mapping[str, frozenset[str]]


@lru_cache(maxsize=64)
def _flows(register: Register, day: date, level: str) -> _Flows:
    before, after = register.on(day - DAY), register.on(day)
    rows = [change for change in register.changes if change.effective == day]
    emptied = {change.from_code for change in rows if not change.part}
    higher = _children(register, day - DAY)
    pairs = {(change.from_code, change.to_code) for change in rows if change.from_code not in higher}
    pairs |= {(code, code) for code in before if code not in higher and code not in emptied and code in after}
    targets: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    for old, new in pairs:
        source = up(register, old, day - DAY, level) if old else ""
        target = up(register, new, day, level) if new else ""
        targets[source].add(target)
        sources[target].add(source)
    return _Flows(
        {code: frozenset(found) for code, found in targets.items()},
        {code: frozenset(found) for code, found in sources.items()},
    )


def derived_kind(register: Register, day: date, level: str, source: str, target: str) -> str:
    """The kind of an event of a higher level, derived from the changes below.

    Args:
        register: The areas and changes.
        day: The day of the event.
        level: The level of the areas; where the level does not exist, the lowest areas.
        source: The area that gave territory, on the day before; empty for land that belonged to no area.
        target: The area that received it, on the day; empty for land that leaves.

    Returns:
        One of the kinds of change; empty if nothing happened but a new edition of the register.
    """
    flows = _flows(register, day, level)
    old, new = register.area(source, day - DAY), register.area(target, day)
    if old is None or new is None:
        return "takeover" if old is None else "split_off"
    if flows.targets[source] == {target}:
        if flows.sources[target] != {source}:
            return "takeover" if _lives_on(register, day, level, target) else "merger"
        if source != target:
            return "code_change"
        if old.name_vi == new.name_vi:
            return ""
        same_word = bare_name(old.name_vi, old.type) != bare_name(new.name_vi, new.type)
        return "rename" if same_word else "type_change"
    if not _lives_on(register, day, level, source):
        return "breakdown"
    return "transfer" if source != target and _lives_on(register, day, level, target) else "split_off"


def _lives_on(register: Register, day: date, level: str, code: str) -> bool:
    """Whether a code keeps territory of its own, and its name, over a day."""
    old, new = register.area(code, day - DAY), register.area(code, day)
    return (
        old is not None
        and new is not None
        and code in _flows(register, day, level).targets.get(code, ())
        and plain(bare_name(old.name_vi, old.type)) == plain(bare_name(new.name_vi, new.type))
    )
