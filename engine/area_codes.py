"""Area codes of a file against the register on one day: a bare code means nothing, so every answer names the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import polars as pl

from engine.conform_texts import conform_text
from engine.sources import ROW, RowFault, shortened
from indicators.area_history import history
from indicators.area_names import readings
from indicators.areas import Area, Register
from indicators.definitions import DataModel

Words = frozenset[tuple[str, ...]]


def area_faults(candidates: pl.DataFrame, register: Register, basis: date, model: DataModel) -> list[RowFault]:
    """Rows whose area code is no area of the measure's level on a day, or whose area has another name.

    Args:
        candidates: `ROW`, `area`, `name`, `measure`, `level`; rows without a code are left to others.
        register: The areas.
        basis: The day whose areas the codes mean.
        model: Names the columns, and the names that its source uses for an area.
    """
    coded = candidates.filter(pl.col("area").is_not_null())
    in_force = register.on(basis)
    known = pl.DataFrame({"area": list(in_force)}, schema={"area": pl.String})
    faults: list[RowFault] = []
    for code, rows in _rows_of(coded.join(known, on="area", how="anti"), ["area"]):
        rule, vi, en = _unknown(register, str(code[0]), basis)
        faults += [RowFault(row, rule, model.area_column, shortened(str(code[0])), vi, en) for row in rows]
    meant = coded.join(known, on="area", how="semi")
    faults += _level_faults(meant, register, basis, model)
    return faults + _name_faults(meant, register, basis, model)


def _rows_of(frame: pl.DataFrame, columns: Sequence[str]) -> Iterator[tuple[tuple[object, ...], list[int]]]:
    """Each distinct value of some columns, with the source rows that have it."""
    grouped = frame.select(ROW, *columns).unique(maintain_order=True).group_by(columns, maintain_order=True)
    for *values, rows in grouped.agg(ROW).iter_rows():
        yield tuple(values), rows


def _unknown(register: Register, code: str, basis: date) -> tuple[str, str, str]:
    versions = register.versions(code)
    if versions:
        hint_vi, hint_en = _when_in_force(register, versions, basis)
        return "load.area-not-in-force", *conform_text(
            "load.area-not-in-force", code=code, day=basis, hint_vi=hint_vi, hint_en=hint_en
        )
    shown = shortened(code, 40)
    padded = next((full for width in (2, 3, 5) if register.area(full := code.zfill(width), basis)), None)
    if padded is not None and code.isdigit():
        area = register.on(basis)[padded]
        hint_vi = f"có lẽ mất số 0 đầu: «{padded}» là {area.name_vi}; giữ cột mã ở dạng chữ khi xuất tệp"
        hint_en = f"leading zeros may be lost: '{padded}' is {area.name_vi}; keep the column as text when exporting"
    else:
        hint_vi = "kiểm tra lại mã; tra bằng «chitieu areas find TÊN»"
        hint_en = "check the code; look it up with `chitieu areas find NAME`"
    return "load.unknown-area", *conform_text("load.unknown-area", code=shown, hint_vi=hint_vi, hint_en=hint_en)


def _when_in_force(register: Register, versions: tuple[Area, ...], basis: date) -> tuple[str, str]:
    """When a code that is not in force on a day was, or will be, and what became of its area."""
    earlier = [area for area in versions if area.valid_to is not None and area.valid_to <= basis]
    area = earlier[-1] if earlier else versions[0]
    until_vi = f" đến hết {area.valid_to - timedelta(days=1)}" if area.valid_to else ""
    until_en = f" until {area.valid_to - timedelta(days=1)}" if area.valid_to else ""
    vi = f"đó là {area.name_vi}, từ {area.valid_from}{until_vi}"
    en = f"it is {area.name_vi}, from {area.valid_from}{until_en}"
    successors = list(_successors(register, area, basis)) if earlier else []
    if successors:
        vi, en = f"{vi}, nay thuộc {', '.join(successors)}", f"{en}, now in {', '.join(successors)}"
    return vi, en


def _successors(register: Register, area: Area, basis: date) -> Iterator[str]:
    """The areas, in force on a day, that an area's territory went to when it ended."""
    if area.valid_to is None:
        return
    past = history(register, area.code, area.valid_to - timedelta(days=1))
    ends = {step.to_area.code: step.to_area for step in past.became if step.to_area} if past else {}
    for code in sorted(ends):
        if register.area(code, basis) is not None:
            yield f"{code} {ends[code].name_vi}"


def _level_faults(meant: pl.DataFrame, register: Register, basis: date, model: DataModel) -> list[RowFault]:
    """An area of a higher level stands for itself only where nothing lies below it (an island district)."""
    parents = register.children(basis)
    levels = pl.DataFrame(
        [(code, area.level, code in parents) for code, area in register.on(basis).items()],
        schema={"area": pl.String, "its_level": pl.String, "divided": pl.Boolean},
        orient="row",
    )
    depth = {level: place for place, level in enumerate(register.levels)}
    joined = meant.join(levels, on="area", how="left").filter(pl.col("its_level") != pl.col("level"))
    wrong = joined.filter(pl.col("divided") | (_depth("its_level", depth) > _depth("level", depth)))
    faults = []
    for (code, measure, due), rows in _rows_of(wrong, ["area", "measure", "level"]):
        area = register.on(basis)[str(code)]
        vi, en = conform_text(
            "load.area-level", code=code, name=area.name_vi, level=area.level, measure=measure, due=due
        )
        faults += [RowFault(row, "load.area-level", model.area_column, str(code), vi, en) for row in rows]
    return faults


def _depth(column: str, depth: dict[str, int]) -> pl.Expr:
    return pl.col(column).replace_strict(depth, default=-1, return_dtype=pl.Int64)


def _name_faults(meant: pl.DataFrame, register: Register, basis: date, model: DataModel) -> list[RowFault]:
    in_force = register.on(basis)
    names = pl.DataFrame(
        [(code, area.name_vi) for code, area in in_force.items()],
        schema={"area": pl.String, "its_name": pl.String},
        orient="row",
    )
    named = meant.filter(pl.col("name").is_not_null()).join(names, on="area", how="left")
    faults = []
    for (code, value), rows in _rows_of(named.filter(pl.col("name") != pl.col("its_name")), ["area", "name"]):
        area = in_force[str(code)]
        called = (area.name_vi, area.name_en, *model.also_called.get(area.code, ()))
        if _spellings([str(value)]) & _spellings(called):
            continue
        hint_vi, hint_en = _name_hint(register, area, str(value), basis)
        facts = {"code": code, "day": basis, "name": area.name_vi, "value": shortened(str(value), 60)}
        vi, en = conform_text("load.area-name", hint_vi=hint_vi, hint_en=hint_en, **facts)
        faults += [RowFault(row, "load.area-name", model.name_column, shortened(str(value)), vi, en) for row in rows]
    return faults


def _spellings(names: Iterable[str]) -> Words:
    """Names as words without marks, with and without the word of a type."""
    return frozenset(tuple(word.plain for word in reading.name) for name in names for reading in readings(name))


def _name_hint(register: Register, area: Area, value: str, basis: date) -> tuple[str, str]:
    spelled = _spellings([value])
    for other in register.versions(area.code):
        if not other.in_force(basis) and spelled & _spellings([other.name_vi]):
            return (
                f"đó là tên của mã này từ {other.valid_from}: nếu tệp dùng bộ mã của ngày đó, "
                f"hãy nêu ngày đó (load --basis {other.valid_from}, restate --from {other.valid_from})",
                f"that is what the code means from {other.valid_from}: if the file has the codes of that day, "
                f"name that day (load --basis {other.valid_from}, restate --from {other.valid_from})",
            )
    alike = [
        f"{other.code} {other.name_vi}"
        for other in register.on(basis).values()
        if other.level == area.level and spelled & _spellings([other.name_vi])
    ]
    if alike:
        listed = ", ".join(alike[:5])
        return f"ngày đó tên này là của {listed}; sửa mã", f"on that day the name is that of {listed}; correct the code"
    return (
        "sửa mã hoặc tên; nếu nguồn quen gọi như vậy, khai tên đó trong also_called của mô hình",
        "correct the code or the name; if the source calls it so, list the name under the model's also_called",
    )
