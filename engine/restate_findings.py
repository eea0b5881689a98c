"""What there is to say about restated figures: refusals, placeholder shares, tables that cannot be rounded closely."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from engine.aggregate import names_of
from engine.frames import BASES, decimal
from indicators.definitions import Measure
from indicators.findings import Finding

MOST = 10


def findings_of(rows: pl.DataFrame, cut: pl.DataFrame, measure: Measure) -> tuple[Finding, ...]:
    """All findings of one restated measure.

    Args:
        rows: The restated figures.
        cut: What the pieces of cut areas get, as `engine.apportion` has it.
        measure: The measure.
    """
    return (*_refusals(rows, measure), *_placeholders(cut, measure), *_rough(cut, measure))


def _some(texts: Iterable[str]) -> str:
    listed = list(texts)
    return ", ".join(listed[:MOST]) + (" …" if len(listed) > MOST else "")


def _refusals(rows: pl.DataFrame, measure: Measure) -> list[Finding]:
    refused = rows.filter(pl.col("basis") == BASES[-1])
    if refused.is_empty():
        return []
    why = measure.areas.why
    areas = sorted(refused["ref_area"].unique())
    some = _some(areas)
    vi = f"{measure.id}: từ chối gộp cho {len(areas)} địa bàn mới ({some}): {why.vi if why else 'không có quy tắc gộp'}"
    en = (
        f"{measure.id}: refused for {len(areas)} new areas ({some}): {why.en if why else 'no rule says how to combine'}"
    )
    return [Finding("restate.refused", "info", vi, en, subject=measure.id)]


def _placeholders(cut: pl.DataFrame, measure: Measure) -> list[Finding]:
    """One for each period: which new areas rest on a share that somebody put in to have one, and with how much."""
    resting = cut.filter(pl.col("placeholder"), pl.col("given").is_not_null(), pl.col("to_area").is_not_null())
    findings = []
    for (period,), group in sorted(resting.partition_by("time_period", as_dict=True).items()):
        sums = _totals(group, measure).select("ref_area", "to_area", decimal(pl.col("given"), measure.decimals)).rows()
        areas = len({to for _, to, _ in sums})
        listed = _some(f"{to}: {amount.normalize():f} ({source})" for source, to, amount in sums)
        vi = f"{measure.id} {period}: {areas} địa bàn mới dùng tỷ lệ tạm (placeholder), không có căn cứ: {listed}"
        en = f"{measure.id} {period}: {areas} new areas rest on placeholder shares that nothing supports: {listed}"
        findings.append(Finding("restate.placeholder", "warning", vi, en, subject=measure.id, time_period=str(period)))
    return findings


def _totals(group: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """`ref_area, to_area, given`: of the totals, or summed over the finest breakdown (for a mean: of its weights)."""
    names = group.select(named=names_of("dimensions")).to_series().unique().to_list()
    finest = "" if "" in names or measure.areas.rule != "sum" else max(names, key=lambda text: (text.count(";"), text))
    chosen = group.filter(names_of("dimensions") == finest) if finest in names else group
    return chosen.group_by("ref_area", "to_area").agg(pl.col("given").sum()).sort("to_area", "ref_area")


def _rough(cut: pl.DataFrame, measure: Measure) -> list[Finding]:
    tables = cut.filter(pl.col("rough")).select("time_period", "ref_area").unique().sort("time_period", "ref_area")
    findings = []
    for (period,), group in sorted(tables.partition_by("time_period", as_dict=True).items()):
        listed = _some(group["ref_area"])
        vi = (
            f"{measure.id} {period}: bảng nhiều chiều của {listed} không thể làm tròn để mọi tổng lệch dưới một đơn vị;"
            " các tổng vẫn khớp"
        )
        en = (
            f"{measure.id} {period}: the crossed table of {listed} could not be rounded with every margin within one"
            " unit; all margins still add up"
        )
        findings.append(Finding("restate.margins", "info", vi, en, subject=measure.id, time_period=str(period)))
    return findings
