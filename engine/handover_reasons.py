"""What a handover record says beside its figures: what is not conserved, refused or missing, and what to collect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.handover_record import MissingSource, NewFigure, OldFigure
from indicators.definitions import Measure, Name

SHOWN = 12
"""Areas named in one sentence; the tables name them all."""


def reasons(
    measure: Measure, figures: Sequence[OldFigure], results: Sequence[NewFigure], missing: Sequence[MissingSource]
) -> Iterator[Name]:
    """The sentences for one measure, in a fixed order."""
    if measure.areas.rule != "sum":
        yield _rule(measure)
    if measure.areas.why is not None and any(new.basis == "refused" for new in results):
        yield measure.areas.why
    yield from _unallocated(measure, figures)
    yield from _weak_shares(figures)
    yield from _without_value(figures)
    if missing:
        codes = _some(one.ref_area for one in missing)
        yield Name(
            f"thiếu nguồn: {codes} không có số liệu của ít nhất một kỳ hoặc phân tổ (thiếu, không phải là 0); số của"
            " địa bàn nhận vì thế chưa đủ",
            f"missing sources: {codes} have no figure for a period or category at least (missing, not 0), so the"
            " figures of the areas that take them are incomplete",
        )


def _rule(measure: Measure) -> Name:
    by = measure.areas.by
    return {
        "mean": Name(
            f"số bình quân, không cộng nên không có tổng hai bên; số của địa bàn mới là bình quân có quyền số {by}",
            f"a mean: it does not add up, so there are no totals; a new area's figure is the mean weighed by {by}",
        ),
        "min": Name(
            "số nhỏ nhất, không cộng; số của địa bàn mới là số nhỏ nhất của các nguồn, chỉ khi mọi nguồn còn nguyên",
            "a minimum: it does not add up; a new area has the smallest of its sources, if all came whole",
        ),
        "max": Name(
            "số lớn nhất, không cộng; số của địa bàn mới là số lớn nhất của các nguồn, chỉ khi mọi nguồn còn nguyên",
            "a maximum: it does not add up; a new area has the largest of its sources, if all came whole",
        ),
        "count_distinct": Name(
            "số đếm không trùng, không cộng; số của địa bàn mới chỉ biết trong khoảng, cần đếm lại từ danh sách gốc",
            "a distinct count: it does not add up; only bounds are known, count again from the original lists",
        ),
    }.get(
        measure.areas.rule,
        Name(
            "không cộng, không bình quân; chỉ địa bàn giữ nguyên mới giữ được số, số cũ vẫn tra được theo địa bàn cũ",
            "neither added nor averaged; only an unchanged area keeps it, old figures stay with the old areas",
        ),
    )


def _unallocated(measure: Measure, figures: Sequence[OldFigure]) -> Iterator[Name]:
    codes = _some(one.ref_area for one in figures if one.unallocated)
    if not codes:
        return
    if measure.split_weight is None:
        yield Name(
            f"chưa phân bổ: {codes} bị chia và đại lượng này không được ước tính cho phần bị chia; cần số liệu gốc của"
            " từng phần (thôn, tổ dân phố)",
            f"unallocated: {codes} were cut, and this measure is never estimated for a piece; collect the figures of"
            " each piece (hamlets, residential groups)",
        )
        return
    ask = f"chitieu areas missing-weights --basis {measure.split_weight}"
    yield Name(
        f"chưa phân bổ: {codes} bị chia mà chưa ai công bố mỗi phần chiếm bao nhiêu ({measure.split_weight}); thu thập"
        f" số ấy rồi ghi vào weights.csv (danh sách cần hỏi: «{ask}»)",
        f"unallocated: {codes} were cut and nobody has published how much each piece holds ({measure.split_weight});"
        f" collect that and add it to weights.csv (what to ask for: '{ask}')",
    )


def _weak_shares(figures: Sequence[OldFigure]) -> Iterator[Name]:
    for quality, vi, en in (("estimated", "ước tính", "estimates"), ("placeholder", "đặt tạm", "placeholders")):
        codes = _some(one.ref_area for one in figures if any(flow.quality == quality for flow in one.flows))
        if codes:
            yield Name(f"tỷ lệ của {codes} là {vi}, chưa chắc chắn", f"the shares of {codes} are {en}, not certain")


def _without_value(figures: Sequence[OldFigure]) -> Iterator[Name]:
    codes = _some(one.ref_area for one in figures if one.obs_value is None)
    if codes:
        yield Name(
            f"{codes}: nguồn ghi là không có số (xem trạng thái), không tính là 0",
            f"{codes}: the source says that there is no figure (see the status); it does not count as 0",
        )


def _some(codes: Iterator[str]) -> str:
    """The codes in order, the first dozen of them."""
    every = sorted(set(codes))
    more = f" … (+{len(every) - SHOWN})" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more
