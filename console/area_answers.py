"""What the commands on areas tell people beside the rows: other meanings of a code, and what may have been meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from console.output import say
from indicators.area_files import CodeVariant, read_code_variants
from indicators.area_history import Meaning, meanings
from indicators.area_search import above
from indicators.areas import Register
from indicators.definitions import Measure
from indicators.findings import Finding, UsageFault


def areas_folder(workspace: Path) -> Path:
    """The folder of a workspace that holds its register.

    Raises:
        UsageFault: The workspace has none.
    """
    folder = workspace / "catalog" / "areas"
    if not folder.is_dir():
        raise UsageFault(
            Finding(
                "usage.no-areas",
                "error",
                f"không có thư mục {folder}; hãy chạy «chitieu init THƯ-MỤC» rồi thêm --workspace THƯ-MỤC",
                f"there is no folder {folder}; run 'chitieu init DIR', then add --workspace DIR",
            )
        )
    return folder


def say_all(lines: Iterable[tuple[str, str]]) -> None:
    """Write lines to stderr, each in the language in use."""
    for vi, en in lines:
        say(vi, en)


def say_meanings(register: Register, code: str) -> None:
    """Say that a code meant different territories on different days, if it did, and how to choose one."""
    found = meanings(register, code)
    if len(found) < 2:
        return
    vi, en = ("; ".join(_meaning(meaning, place) for meaning in found) for place in (0, 1))
    say(f"mã {code} đã đổi nghĩa: {vi}. Hãy thêm --on NGÀY để chọn một",
        f"code {code} changed its meaning: {en}. Add --on DAY to choose one")  # fmt: skip


def _meaning(meaning: Meaning, place: int) -> str:
    names = dict.fromkeys((area.name_vi, area.name_en)[place] for area in meaning.versions)
    return f"{' / '.join(names)} [{_days(meaning.valid_from, meaning.valid_to)}]"


def _days(start: date, end: date | None) -> str:
    return f"{start} ≤ … < {end}" if end else f"{start} ≤ …"


def not_found(register: Register, folder: Path, code: str, day: date | None) -> list[tuple[str, str]]:
    """What to say of a code or name that was not found, with what may have been meant."""
    versions = register.versions(code)
    if versions:
        vi, en = ("; ".join(_meaning(meaning, place) for meaning in meanings(register, code)) for place in (0, 1))
        return [(f"mã {code} không có hiệu lực ngày {day}; mã này là: {vi}",
                 f"code {code} is not in force on {day}; it means: {en}")]  # fmt: skip
    lines = [(f"không tìm thấy «{code}»" + (f" vào ngày {day}" if day else ""),
              f"'{code}' was not found" + (f" on {day}" if day else ""))]  # fmt: skip
    lines += in_circulation(read_code_variants(folder).get(code, ()), register, day)
    return lines + lost_zeros(register, code)


def lost_zeros(register: Register, code: str) -> list[tuple[str, str]]:
    """What to say of a number that is a code once leading zeros are put back, as a spreadsheet loses them."""
    longer = [code.zfill(width) for width in (2, 3, 5) if code.isdigit() and len(code) < width]
    found = [wider for wider in longer if register.versions(wider)]
    if not found or register.versions(code):
        return []
    codes = ", ".join(f"{wider} ({register.versions(wider)[-1].name_vi})" for wider in found)
    return [(f"có lẽ mã bị mất số 0 ở đầu: {codes}?", f"the code may have lost its leading zeros: {codes}?")]


def in_circulation(
    variants: Iterable[CodeVariant], register: Register, day: date | None = None
) -> list[tuple[str, str]]:
    """What to say of a wrong code in circulation: which area lists give it to, and the official code of that area.

    A list is left out if the day asked for is before the day whose areas it means.
    """
    lines = []
    for variant in variants:
        if day is not None and day < variant.day:
            continue
        area = register.area(variant.official_code, variant.day)
        within = ", ".join(parent.name_vi for parent in above(register, area)) if area else variant.parent
        lines.append((
            f"«{variant.source}» dùng mã {variant.wrong_code} cho {variant.name_vi} ({within}); "
            f"mã đúng là {variant.official_code}. Có phải ý bạn là địa bàn này?",
            f"'{variant.source}' uses code {variant.wrong_code} for {variant.name_vi} ({within}); "
            f"the official code is {variant.official_code}. Did you mean that?",
        ))  # fmt: skip
    return lines


def say_no_weights(folder: Path, measures: Iterable[Measure]) -> None:
    """Say that a register has no `weights.csv`, and what follows for measures that it would divide, if there are any.

    Args:
        folder: Of the register.
        measures: Those that are restated.
    """
    if any(one.split_weight for one in measures) and not (folder / "weights.csv").exists():
        say(
            f"{folder} không có weights.csv: phần của địa bàn bị chia chỉ có khoảng chắc chắn (areas missing-weights)",
            f"{folder} has no weights.csv: pieces of areas that were cut only have bounds (areas missing-weights)",
        )


def check_level(register: Register, day: date, level: str, option: str) -> None:
    """Refuse a level that an option names and that no area has on a day.

    Raises:
        UsageFault: So it is; the finding lists the levels of that day.
    """
    levels = {area.level for area in register.on(day).values()}
    if level not in levels:
        known = ", ".join(found for found in register.levels if found in levels) or "—"
        raise UsageFault(
            Finding(
                "usage.level",
                "error",
                f"{option}: ngày {day} không có cấp '{level}'; các cấp ngày đó: {known}",
                f"{option}: there is no level '{level}' on {day}; the levels of that day are: {known}",
                subject=level,
            )
        )
