"""The commands `chitieu areas find | history | correspondence`: areas by code, name and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Annotated

import typer

from console.area_answers import (
    areas_folder,
    check_level,
    in_circulation,
    lost_zeros,
    not_found,
    say_all,
    say_meanings,
)
from console.missing_weights_command import show_missing_weights
from console.output import Format, parse_day, say, settings, show_rows
from indicators.area_files import read_code_variants, read_register
from indicators.area_history import History, Step, history, meanings
from indicators.area_search import find
from indicators.areas import Area, Register
from indicators.correspondence import correspondence
from indicators.findings import Finding, UsageFault

FIND_COLUMNS = ("code", "name", "level", "within", "valid_from", "valid_to", "match")
HISTORY_COLUMNS = (
    "code", "on", "direction", "effective", "kind", "from_area", "from_name", "to_area", "to_name",
    "legal_basis", "note",
)  # fmt: skip
CORRESPONDENCE_COLUMNS = ("from_area", "from_name", "to_area", "to_name", "share", "quality", "legal_basis")
SHARE_PLACES = Decimal(1).scaleb(-12)

FormatOption = Annotated[Format, typer.Option("--format", help="table | csv | json")]
OnOption = Annotated[str, typer.Option("--on", metavar="DAY", help="ngày, ví dụ 2025-07-01 / a day")]


def add_to(app: typer.Typer) -> None:
    """Add the group `areas` to the command line."""
    group = typer.Typer(help="Địa bàn qua thời gian. / Areas over time.", no_args_is_help=True)
    group.command("find")(find_areas)
    group.command("history")(show_history)
    group.command("correspondence")(show_correspondence)
    group.command("missing-weights")(show_missing_weights)
    app.add_typer(group, name="areas")


def find_areas(
    text: Annotated[str, typer.Argument(help="mã hoặc tên, có dấu hay không / code or name, accents optional")],
    on: OnOption = "",
    form: FormatOption = Format.table,
) -> None:
    """Tìm địa bàn theo mã hoặc tên; tên trùng thì liệt kê hết. / Areas by code or name, homonyms all listed."""
    day = parse_day(on, "--on") if on else None
    folder = areas_folder(settings.workspace)
    register = read_register(folder)
    found = find(register, text, day)
    show_rows(
        FIND_COLUMNS,
        [
            (
                match.area.code, _name(match.area), match.area.level, ", ".join(map(_name, match.above)),
                match.area.valid_from, match.area.valid_to, match.rank,
            )
            for match in found
        ],
        form,
    )  # fmt: skip
    code = text.strip()
    if not found:
        say_all(not_found(register, folder, code, day))
    elif not found[0].same_marks:
        say(f"không có tên nào đúng dấu «{text}»; trên đây là các tên giống khi bỏ dấu",
            f"no name has the accents of '{text}'; these are the same without accents")  # fmt: skip
    elif found[0].rank != "code":
        say_all(lost_zeros(register, code))
    if day is None and found and found[0].rank == "code":
        say_meanings(register, code)
    say_all(in_circulation(read_code_variants(folder).get(code, ()), register, day) if found else ())


def show_history(
    code: Annotated[str, typer.Argument(help="mã địa bàn / code of the area")],
    on: OnOption = "",
    form: FormatOption = Format.table,
) -> None:
    """Địa bàn từ đâu mà có và trở thành gì. / What an area came from and what became of it."""
    folder = areas_folder(settings.workspace)
    register = read_register(folder)
    if on:
        days: Sequence[date] = [parse_day(on, "--on")]
    else:
        days = [meaning.valid_from for meaning in meanings(register, code)]
    found = [told for day in days if (told := history(register, code, day)) is not None]
    if not found:
        lines = not_found(register, folder, code, days[0] if on else None)
        raise UsageFault(Finding("area.unknown", "error", vi, en, ref_area=code) for vi, en in lines)
    show_rows(HISTORY_COLUMNS, [row for told, day in zip(found, days, strict=True) for row in _rows(told, day)], form)
    for told, day in zip(found, days, strict=True):
        if not told.came_from and not told.became:
            say(f"{code} {told.area.name_vi} ({day}): danh mục không có thay đổi nào",
                f"{code} {told.area.name_en} ({day}): the register has no change of it")  # fmt: skip
    if not on:
        say_meanings(register, code)
    say_all(in_circulation(read_code_variants(folder).get(code, ()), register, days[0] if on else None))


def show_correspondence(
    from_day: Annotated[str, typer.Option("--from", metavar="DAY", help="ngày của địa bàn gốc / day of areas given")],
    to_day: Annotated[str, typer.Option("--to", metavar="DAY", help="ngày của địa bàn đích / day of the areas wanted")],
    level: Annotated[str, typer.Option(help="cấp gốc; mặc định: thấp nhất / default: the lowest")] = "",
    to_level: Annotated[str, typer.Option(help="cấp đích; mặc định: như cấp gốc / default: the same")] = "",
    weight: Annotated[str, typer.Option(help="cơ sở của tỷ lệ: population, area… / basis of the shares")] = "",
    form: FormatOption = Format.table,
) -> None:
    """Bảng quy đổi địa bàn giữa hai ngày bất kỳ. / How the areas of one day map to those of another."""
    first, last = parse_day(from_day, "--from"), parse_day(to_day, "--to")
    register = read_register(areas_folder(settings.workspace))
    level = level or _lowest_level(register, first, "--from")
    to_level = to_level or level
    check_level(register, first, level, "--level")
    check_level(register, last, to_level, "--to-level")
    bases = sorted({entry.basis for entry in register.weights})
    if weight and weight not in bases:
        say(f"weights.csv không có cơ sở «{weight}» (có: {', '.join(bases) or 'không có gì'}); phần bị chia để trống",
            f"weights.csv has no basis '{weight}' (it has: {', '.join(bases) or 'none'}); cut pieces have no share",
        )  # fmt: skip
    old, new = register.on(first), register.on(last)
    pairs = correspondence(register, first, last, level, to_level, weight or None).pairs
    rows = [
        (
            pair.from_area, _name(old.get(pair.from_area)), pair.to_area, _name(new.get(pair.to_area)),
            share_text(pair.share), pair.quality, "; ".join(pair.law),
        )
        for pair in pairs
    ]  # fmt: skip
    show_rows(CORRESPONDENCE_COLUMNS, rows, form)
    unknown = sum(pair.share is None for pair in pairs)
    say(f"{len(pairs):,} cặp; {unknown:,} cặp không có tỷ lệ nào được công bố hoặc ấn định (để trống)",
        f"{len(pairs):,} pairs; {unknown:,} have no share that is published or fixed by law (left empty)")  # fmt: skip


def share_text(share: Fraction | None) -> str:
    """A share as a decimal, exact where it ends within twelve places.

    >>> share_text(Fraction(1)), share_text(Fraction(1, 4)), share_text(Fraction(1, 3)), share_text(None)
    ('1', '0.25', '0.333333333333', '')
    """
    if share is None:
        return ""
    rounded = (Decimal(share.numerator) / Decimal(share.denominator)).quantize(SHARE_PLACES, ROUND_HALF_EVEN)
    return f"{rounded:f}".rstrip("0").rstrip(".")


def _name(area: Area | None) -> str:
    if area is None:
        return ""
    return area.name_vi if settings.language == "vi" else area.name_en


def _rows(told: History, day: date) -> Iterable[tuple[object, ...]]:
    for direction, steps in (("came_from", told.came_from), ("became", told.became)):
        for step in steps:
            yield (
                told.area.code, day, direction, step.day, step.kind,
                step.from_area.code if step.from_area else "", _name(step.from_area),
                step.to_area.code if step.to_area else "", _name(step.to_area),
                "; ".join(step.law), _note(step),
            )  # fmt: skip


def _note(step: Step) -> str:
    if not step.changes:
        return step.note
    return (
        f"tính từ {step.changes} thay đổi cấp dưới"
        if settings.language == "vi"
        else f"derived from {step.changes} changes of lower areas"
    )


def _lowest_level(register: Register, day: date, option: str) -> str:
    levels = {area.level for area in register.on(day).values()}
    lowest = [level for level in register.levels if level in levels]
    if not lowest:
        first = min(area.valid_from for area in register.areas)
        raise UsageFault(
            Finding(
                "usage.no-areas-on-day",
                "error",
                f"{option}: ngày {day} danh mục không có địa bàn nào; danh mục bắt đầu từ {first}",
                f"{option}: the register has no area on {day}; it begins on {first}",
            )
        )
    return lowest[-1]
