"""Notes below a report: which figures are missing, refused, bounded or estimated, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indicators.definitions import Indicator, Measure, Name
from submitters.form import Cell, Column, Note, NoteKind, Row

_TEXTS: Mapping[NoteKind, Name] = {
    "refused": Name(
        "không tính được vì đã sáp nhập hoặc thay đổi địa giới, nên để trống",
        "cannot be had, for they were merged or changed, so they are left blank",
    ),
    "missing": Name(
        "chưa có số liệu; để trống, không coi là 0",
        "no figure is held; left blank, not taken as 0",
    ),
    "partial": Name(
        "thiếu một phần nguồn, hoặc địa giới bị chia mà không có tỷ lệ, nên chỉ biết khoảng chắc chắn",
        "part of the sources is missing, or territory was cut without known shares, so only bounds are certain",
    ),
    "estimated": Name(
        "ước tính từ số bình quân có quyền số hoặc từ tỷ lệ phân bổ, không phải số thu thập trực tiếp",
        "estimated from weighted means or from shares, not collected as such",
    ),
}


def remarks(
    columns: Sequence[Column],
    rows: Sequence[Row],
    indicators: Mapping[str, Indicator],
    measures: Mapping[str, Measure],
) -> tuple[Note, ...]:
    """Notes of a form, by column, then in the order refused, missing, partial, estimated.

    A refusal says the reason that the catalog gives for the measure whose values of several areas make none.
    """
    notes = []
    for number, column in enumerate(columns):
        kinds = [kind_of(row.cells[number]) for row in rows]
        for kind, text in _TEXTS.items():
            if count := kinds.count(kind):
                reasons = _reasons(column, indicators, measures) if kind == "refused" else ()
                notes.append(Note(column.id, kind, count, _with(text, reasons)))
    return tuple(notes)


def kind_of(cell: Cell) -> NoteKind | None:
    """What a reader must know about a cell, or None where it is an ordinary figure."""
    if cell.basis == "refused":
        return "refused"
    if cell.basis == "partial":
        return "partial"
    if cell.obs_value is None:
        return "missing"
    return "estimated" if cell.basis == "estimated" else None


def _reasons(column: Column, indicators: Mapping[str, Indicator], measures: Mapping[str, Measure]) -> tuple[Name, ...]:
    versions = indicators[column.indicator].versions
    version = next(one for one in versions if one.valid_from.isoformat() == column.version)
    used = sorted({taken.measure for taken in version.inputs.values()} & measures.keys())
    whys = (measures[measure].areas.why for measure in used)
    return tuple(why for why in whys if why is not None)


def _with(text: Name, reasons: Iterable[Name]) -> Name:
    vi, en = text.vi, text.en
    for reason in reasons:
        vi, en = f"{vi}. {reason.vi.rstrip('.')}", f"{en}. {reason.en.rstrip('.')}"
    return Name(vi, en)
