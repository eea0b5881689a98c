"""What there is to say about figures made of shorter periods: gaps, refusals, and figures that do not agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from indicators.definitions import Measure
from indicators.findings import Finding

SERIES = ["ref_area", "area_basis", "dimensions"]
SHOWN = 10


def incomplete(lost: pl.DataFrame, measure: Measure, period: str, lacking: Sequence[str]) -> list[Finding]:
    """One remark for a period that could not be made for some areas, with the parts that nobody has given."""
    if lost.is_empty():
        return []
    count, some = _areas(lost)
    which_vi = f"; chưa có kỳ nào trong: {_listed(lacking)}" if lacking else ""
    which_en = f"; nothing at all is loaded of {_listed(lacking)}" if lacking else ""
    vi = (
        f"{measure.id} {period}: {count} địa bàn ({some}) thiếu số liệu của kỳ ngắn hơn nên không có số cả kỳ{which_vi}"
    )
    en = f"{measure.id} {period}: {count} areas ({some}) lack a shorter period, so there is no figure{which_en}"
    return [Finding("time.incomplete", "warning", vi, en, subject=measure.id, time_period=period)]


def refused_periods(refused: pl.DataFrame, measure: Measure) -> list[Finding]:
    """One refusal for each period that would have to be made by a rule that there is not."""
    findings = []
    for (period,), rows in sorted(refused.partition_by("time_period", as_dict=True).items()):
        count, some = _areas(rows)
        vi = (
            f"{measure.id} {period}: từ chối gộp các kỳ ngắn hơn cho {count} địa bàn ({some}) vì đại lượng không gộp"
            f" theo thời gian (time: none); hãy nạp số của chính kỳ {period}"
        )
        en = (
            f"{measure.id} {period}: refused to combine shorter periods for {count} areas ({some}), because nothing"
            f" says how they combine (time: none); load the figure of {period} itself"
        )
        findings.append(Finding("time.refused", "info", vi, en, subject=measure.id, time_period=str(period)))
    return findings


def differing(composed: pl.DataFrame, own: pl.DataFrame, measure: Measure, period: str) -> list[Finding]:
    """A warning where a figure given for a period is another than its parts make."""
    both = composed.join(own.select(*SERIES, given="obs_value"), on=SERIES)
    off = both.filter(pl.col("given") != pl.col("obs_value")).sort(SERIES)
    if off.is_empty():
        return []
    count, some = _areas(off)
    first = off.row(0, named=True)
    made, given = f"{first['obs_value']:f}", f"{first['given']:f}"
    vi = (
        f"{measure.id} {period}: số cả kỳ khác số gộp từ các kỳ ngắn hơn ở {count} địa bàn ({some}); ví dụ"
        f" {first['ref_area']}: {given} và {made}. Hãy đối chiếu nguồn"
    )
    en = (
        f"{measure.id} {period}: the figure given differs from what its parts make in {count} areas ({some}); such as"
        f" {first['ref_area']}: {given} and {made}. Check the sources"
    )
    return [Finding("time.differs", "warning", vi, en, subject=measure.id, time_period=period)]


def two_figures(measure: Measure, row: Mapping[str, object]) -> Finding:
    """Two figures of one key: nothing says which of them to add."""
    area, period = str(row["ref_area"]), str(row["time_period"])
    vi = f"{measure.id} có hai số liệu cho địa bàn {area}, kỳ {period}; chỉ giữ một nguồn cho mỗi kỳ"
    en = f"{measure.id} has two figures for area {area}, period {period}; keep one source for each period"
    return Finding(
        "time.two-figures", "error", vi, en, subject=measure.id, ref_area=area, time_period=period
    )  # fmt: skip


def _areas(rows: pl.DataFrame) -> tuple[int, str]:
    codes = sorted(rows["ref_area"].unique())
    return len(codes), _listed(codes)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts[:SHOWN]) + (" …" if len(texts) > SHOWN else "")
