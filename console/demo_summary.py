"""The closing lines of the demonstration: what a statistician should see, read from the lake by SQL."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.query import query
from engine.workspace import Workspace
from indicators.findings import Language

OLD, NEW = "DATE '2025-06-30'", "DATE '2025-07-01'"


def summary(folder: Path, receipt: str, seconds: float, language: Language) -> str:
    """What was done, in figures, and where to look next.

    Args:
        folder: The demonstration's workspace.
        receipt: The number of the last receipt.
        seconds: How long it took.
        language: Which language to write.
    """
    figures = _facts(Workspace.open(folder))
    facts: dict[str, object] = {name: _shown(value, language) for name, value in figures.items()}
    facts |= {"receipt": receipt, "seconds": f"{seconds:.0f}", "folder": folder}
    return (_VI if language == "vi" else _EN).format(**facts)


def _one(workspace: Workspace, sql: str) -> tuple[Any, ...]:
    with query(workspace, sql) as answer:
        return next(iter(answer.rows()))


def _facts(workspace: Workspace) -> dict[str, Decimal | int]:
    population = f"""SELECT sum(obs_value) FILTER (area_basis = {OLD}), sum(obs_value) FILTER (area_basis = {NEW}),
        count(*) FILTER (area_basis = {OLD}), count(*) FILTER (area_basis = {NEW})
        FROM indicator_values WHERE indicator = 'population.total_mean' AND time_period = '2024'"""  # noqa: S608
    land = population.replace("population.total_mean", "land.total_area")
    before, after, old, new = _one(workspace, population)
    land_before, land_after, _, _ = _one(workspace, land)
    exact, bounded, missing = _one(
        workspace,
        f"""SELECT count(*) FILTER (obs_value IS NOT NULL),
        count(*) FILTER (obs_value IS NULL AND obs_upper IS NOT NULL),
        count(*) FILTER (obs_value IS NULL AND obs_upper IS NULL)
        FROM indicator_values WHERE indicator = 'population.census_total' AND area_basis = {NEW}
        AND length(ref_area) = 5""",  # noqa: S608
    )
    weighted, three = _one(
        workspace,
        f"""SELECT (SELECT obs_value FROM indicator_values WHERE indicator = 'economy.grdp_per_head'
        AND ref_area = '79' AND area_basis = {NEW} AND time_period = '2024'),
        (SELECT sum(obs_value) FROM indicator_values WHERE indicator = 'economy.grdp_per_head'
        AND ref_area IN ('79', '74', '77') AND area_basis = {OLD} AND time_period = '2024')""",  # noqa: S608
    )
    refused = _one(workspace, "SELECT count(*) FROM indicator_values WHERE basis = 'refused'")[0]
    rejected = _one(workspace, "SELECT coalesce(sum(rejected_rows), 0) FROM loads WHERE status = 'loaded'")[0]
    return {
        "old": old,
        "new": new,
        "before": before,
        "after": after,
        "land_before": land_before,
        "land_after": land_after,
        "communes": exact + bounded + missing,
        "exact": exact,
        "bounded": bounded,
        "missing": missing,
        "weighted": weighted,
        "plain_mean": (three / 3).quantize(Decimal("0.1")),
        "refused": refused,
        "rejected": rejected,
    }


def _shown(value: Decimal | int, language: Language) -> str:
    """A number as people write it: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


_VI = """
Xong sau {seconds} giây. / Done.
  Tỉnh: {old} → {new}. Dân số trung bình 2024: trước {before}, sau {after} người.
  Diện tích: trước {land_before}, sau {land_after} km². Tổng không đổi đến đơn vị cuối cùng.
  Xã: dân số tổng điều tra 2019 trên {communes} đơn vị mới: {exact} có số chính xác, {bounded} chỉ có khoảng chắc chắn
  (xã cũ bị chia mà không có tỷ lệ), {missing} thiếu số liệu nguồn (thiếu, không phải bằng 0).
  GRDP bình quân đầu người TP. Hồ Chí Minh mới: {weighted} triệu đồng; lấy bình quân giản đơn sẽ ra {plain_mean} (sai).
  {refused} giá trị bị từ chối vì chỉ số không gộp được (PCI, PAPI), có nêu lý do.
  {rejected} dòng nguồn bị loại, mỗi dòng giữ lý do và nguyên văn (bảng xem rejects).
  Báo cáo đã được nơi nhận thử nghiệm chấp nhận, biên nhận: {receipt}; gửi lại thì không gửi gì.

Xem tiếp:
  {folder}/reports/    báo cáo (mở tệp .html bằng trình duyệt), JSON, XLSX
  {folder}/explain/    vì sao có con số: công thức, địa bàn cũ, tỷ lệ, luật, dòng nguồn
  {folder}/sql/        kết quả SQL; {folder}/published/ bảng đã công bố; {folder}/demo.log mọi lệnh đã chạy
  chitieu --workspace {folder} areas find "tân phú"
  chitieu --workspace {folder} areas history 15 --on 2025-06-30
  chitieu --workspace {folder} sql "SELECT * FROM indicator_values LIMIT 5"
"""

_EN = """
Done in {seconds} seconds.
  Provinces: {old} → {new}. Mean population 2024: {before} before, {after} after.
  Area: {land_before} before, {land_after} km² after. Totals are kept to the last unit.
  Communes: census population 2019 of the {communes} new ones: {exact} exact, {bounded} with certain bounds only (an old
  commune was cut and nobody knows the shares), {missing} lack a source figure (missing, not zero).
  GRDP per head of the new Ho Chi Minh City: {weighted} million VND; a plain mean would say {plain_mean} (wrong).
  {refused} values refused, because an index does not add up (PCI, PAPI), with the reason.
  {rejected} source rows rejected, each kept with its reason and as it stood (view rejects).
  The report was accepted by the sandbox, receipt: {receipt}; submitting again sent nothing.

Look next at:
  {folder}/reports/    the report (open the .html), JSON, XLSX
  {folder}/explain/    why a figure is what it is: formula, old areas, shares, law, source rows
  {folder}/sql/        SQL results; {folder}/published/ published tables; {folder}/demo.log every command
  chitieu --workspace {folder} areas find "tan phu"
  chitieu --workspace {folder} areas history 15 --on 2025-06-30
  chitieu --workspace {folder} sql "SELECT * FROM indicator_values LIMIT 5"
"""
