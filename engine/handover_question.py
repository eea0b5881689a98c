"""Which area's figures are handed over, and between the areas of which days: a code is never read without its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from indicators.area_history import Meaning, meanings
from indicators.areas import Area, Register
from indicators.findings import Finding, UsageFault

DAY = timedelta(days=1)


@dataclass(frozen=True)
class HandoverQuestion:
    """One area on its day, and the day of the areas on the other side.

    Attributes:
        area: The area as it was on `day`.
        day: The day on which the code is meant.
        other: The day of the other side: later where the area gives its figures, earlier where it takes them.
        periods: Only these periods; empty: all.
    """

    area: Area
    day: date
    other: date
    periods: tuple[str, ...] = ()

    @property
    def gives(self) -> bool:
        """Whether the area's figures go to later areas; else they come from earlier ones."""
        return self.day < self.other

    @property
    def old_day(self) -> date:
        """The day whose areas the figures are of."""
        return min(self.day, self.other)

    @property
    def new_day(self) -> date:
        """The day whose areas get them."""
        return max(self.day, self.other)


def handover_question(
    register: Register, code: str, on: date | None = None, to: date | None = None, periods: tuple[str, ...] = ()
) -> HandoverQuestion:
    """Find the area and both days.

    Args:
        register: The areas.
        code: The area's code.
        on: The day on which the code is meant; None: only if the code has one meaning.
        to: The day of the other side; None: the change that ended the area, else the one that made it what it is.
        periods: Only these periods.

    Raises:
        UsageFault: The code is unknown or means several areas and no day is given, or there is no other side.
    """
    found = meanings(register, code)
    if on is None and len(found) == 1:
        on = _own_day(found[0])
    area = register.area(code, on) if on is not None else None
    if on is None or area is None:
        raise UsageFault(_which(code, found, on))
    meaning = next(one for one in found if one.valid_from <= on and (one.valid_to is None or on < one.valid_to))
    other = to or _other_day(register, meaning, on)
    if other is None or other == on:
        vi = f"{code} ({area.name_vi}) ngày {on}: không có thay đổi nào; nêu ngày của bên kia bằng --to NGÀY"
        en = f"{code} ({area.name_vi}) on {on}: nothing changed; give the day of the other side with --to DAY"
        raise UsageFault(Finding("handover.no-other-day", "error", vi, en, ref_area=code))
    if not register.on(other):
        first = min(one.valid_from for one in register.areas)
        vi = f"--to: ngày {other} danh mục không có địa bàn nào; danh mục bắt đầu từ {first}"
        en = f"--to: the register has no area on {other}; it begins on {first}"
        raise UsageFault(Finding("usage.no-areas-on-day", "error", vi, en))
    return HandoverQuestion(area, on, other, periods)


def _own_day(meaning: Meaning) -> date:
    """The last day of an area that is no more, the first day of one that is."""
    return meaning.valid_to - DAY if meaning.valid_to is not None else meaning.valid_from


def _other_day(register: Register, meaning: Meaning, on: date) -> date | None:
    if meaning.valid_to is not None:
        return meaning.valid_to
    later = [day for day in register.change_days if day > on]
    if later:
        return later[0]
    if meaning.valid_from in register.change_days:
        return meaning.valid_from - DAY
    earlier = [day for day in register.change_days if day <= on]
    return earlier[-1] - DAY if earlier else None


def _which(code: str, found: tuple[Meaning, ...], on: date | None) -> Finding:
    if not found:
        vi = f"«{code}» không phải là mã địa bàn; tìm bằng `chitieu areas find TÊN`"
        en = f"'{code}' is no area code; look it up with `chitieu areas find NAME`"
        return Finding("handover.unknown-area", "error", vi, en, ref_area=code)
    named = "; ".join(f"--on {_own_day(one)}: {one.versions[-1].name_vi}" for one in found)
    if on is not None:
        vi, en = (
            f"mã «{code}» không có hiệu lực ngày {on}; hãy chọn: {named}",
            f"code '{code}' is not in force on {on}; choose: {named}",
        )
        return Finding("handover.not-in-force", "error", vi, en, ref_area=code)
    vi = f"mã «{code}» chỉ địa bàn khác nhau tuỳ ngày, hãy thêm --on: {named}"
    en = f"code '{code}' means different areas on different days, add --on: {named}"
    return Finding("handover.which-area", "error", vi, en, ref_area=code)
