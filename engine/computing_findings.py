"""What is to be said of computed figures: what was refused and why, what cannot exist, what no definition covers."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.figure_marks import REFUSED
from engine.formula_rows import Note
from indicators.definitions import Indicator, Measure
from indicators.findings import Finding, Severity
from indicators.periods import in_order, parse_period

_NOTES: tuple[tuple[Note, str, Severity, str, str], ...] = (
    (
        Note.IMPOSSIBLE,
        "compute.impossible",
        "info",
        "không thể có số liệu vì phải chia cho 0 hoặc công thức không có giá trị, tại",
        "a figure cannot exist, because the formula divides by zero or gives none, for",
    ),
    (
        Note.TOO_LARGE,
        "compute.too-large",
        "error",
        "kết quả dài hơn 29 chữ số phần nguyên nên không công bố được; kiểm tra công thức và đơn vị, tại",
        "the result has more than 29 digits before the point and is not published; check formula and units, for",
    ),
)


def remarks(indicator: Indicator, rows: pl.DataFrame, inputs: Sequence[Measure]) -> list[Finding]:
    """Findings about the computed rows of an indicator.

    Args:
        indicator: The indicator.
        rows: Its rows, with `basis_i` of every input i and the `note` of the result.
        inputs: The measures of the inputs.
    """
    found = []
    for place, measure in enumerate(inputs):
        refused = rows.filter(pl.col(f"basis_{place}") == REFUSED)
        if not refused.is_empty():
            why = measure.areas.why
            where_vi, where_en = _where(refused)
            vi = f"từ chối tại {where_vi} vì {measure.id}: {why.vi if why else 'không có quy tắc gộp'}"
            en = (
                f"refused for {where_en} because of {measure.id}: {why.en if why else 'no rule says how to combine it'}"
            )
            found.append(_finding(indicator, "compute.refused", "info", vi, en))
    for note, rule, severity, vi, en in _NOTES:
        noted = rows.filter(pl.col("note") == note)
        if not noted.is_empty():
            where_vi, where_en = _where(noted)
            found.append(_finding(indicator, rule, severity, f"{vi} {where_vi}", f"{en} {where_en}"))
    return list(dict.fromkeys(found))


def no_version(indicator: Indicator, period: str) -> Finding:
    """Nothing was in force for a period."""
    first = indicator.versions[0].valid_from if indicator.versions else "-"
    vi = f"không có định nghĩa nào có hiệu lực cho kỳ {period}; định nghĩa đầu tiên từ {first}"
    en = f"no definition is in force for {period}; the first is from {first}"
    return _finding(indicator, "compute.no-version", "info", vi, en, period)


def _finding(
    indicator: Indicator, rule: str, severity: Severity, vi: str, en: str, period: str = ""
) -> Finding:  # fmt: skip
    return Finding(
        rule, severity, f"{indicator.id}: {vi}", f"{indicator.id}: {en}", subject=indicator.id, time_period=period
    )


def _where(rows: pl.DataFrame) -> tuple[str, str]:
    """The areas and periods of rows, a few by name."""
    areas = sorted(rows["ref_area"].unique())
    periods = [period.text for period in in_order(parse_period(text) for text in rows["time_period"].unique())]
    some, when = _few(areas), _few(periods)
    return f"{len(areas)} địa bàn ({some}), kỳ {when}", f"{len(areas)} areas ({some}), {when}"


def _few(texts: Sequence[str]) -> str:
    return ", ".join(texts[:10]) + (" …" if len(texts) > 10 else "")
