"""What a run says about its observations: figures that are there twice, that are missing, or that nobody loaded."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.question import Question
from indicators.definitions import Indicator, Measure
from indicators.findings import DataFault, Finding


def require_single(observations: pl.DataFrame) -> None:
    """Refuse observations of which two say the same.

    Raises:
        DataFault: Two data sets give the same figure.
    """
    key = ["measure", "ref_area", "area_basis", "time_period", "dimensions"]
    twice = observations.filter(pl.struct(key).is_duplicated()).sort(key)
    if twice.is_empty():
        return
    findings = []
    for row in twice.unique(["measure", "time_period"], keep="first", maintain_order=True).iter_rows(named=True):
        series, area = f"{row['measure']} {row['time_period']}", row["ref_area"]
        vi = f"{series}: hai bộ số liệu cùng có một số liệu, ví dụ địa bàn {area}; chỉ giữ một bộ"
        en = f"{series}: two data sets give the same figure, such as of area {area}; keep one of them"
        findings.append(Finding("run.two-sources", "error", vi, en, subject=row["measure"], ref_area=area))
    raise DataFault(findings)


def no_observations(question: Question) -> Finding:
    """Nothing is loaded of any period asked for."""
    periods = ", ".join(question.periods)
    vi = f"chưa có số liệu nào cho kỳ {periods}; nạp bằng `chitieu load TỆP --dataset MÃ`"
    en = f"there are no observations for {periods}; load some with `chitieu load FILE --dataset ID`"
    return Finding("run.no-observations", "error", vi, en, time_period=periods)


def gaps(rows: pl.DataFrame, measure: Measure, question: Question, level: str) -> list[Finding]:
    """One warning for each period asked for: the areas that lack a source.

    Args:
        rows: Restated figures (shape RESTATED) of one day's areas.
        measure: Whose figures.
        question: The periods asked for.
        level: The level of the areas, for the message.
    """
    asked = pl.col("time_period").is_in(list(question.periods))
    lacking = rows.filter(asked & (pl.col("coverage") < 1)).unique(["ref_area", "time_period"])
    findings = []
    for (period,), group in sorted(lacking.partition_by("time_period", as_dict=True).items()):
        codes, day = sorted(group["ref_area"]), group["area_basis"][0]
        some = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
        vi = f"{measure.id} {period}: {len(codes)} địa bàn cấp {level} ngày {day} thiếu nguồn số liệu ({some})"
        en = f"{measure.id} {period}: {len(codes)} areas of level {level} on {day} lack a source ({some})"
        findings.append(Finding("run.missing-source", "warning", vi, en, subject=measure.id, time_period=str(period)))
    return findings


def no_input(indicator: Indicator, period: str, lacking: Sequence[str]) -> Finding:
    """An indicator that is not computed, because nothing is loaded of some of its inputs."""
    listed = ", ".join(sorted(set(lacking)))
    vi = f"{indicator.id} {period}: không tính vì chưa nạp số liệu nào của {listed}"
    en = f"{indicator.id} {period}: not computed, because nothing is loaded of {listed}"
    return Finding("run.no-input", "info", vi, en, subject=indicator.id, time_period=period)
