"""An explanation for people (text) and for programs (a document)."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from console.output import plain
from engine.explain import Explanation, InputExplained, Part
from indicators.catalog import Catalog
from indicators.findings import Language

SHOWN = 12
"""Old areas shown of an input, unless all are asked for."""


def as_document(found: Explanation) -> dict[str, Any]:
    """The explanation as plain data; shares are exact fractions written as text."""
    return {
        "value": found.value,
        "area": asdict(found.area),
        "indicator": {"id": found.indicator.id, "name": asdict(found.indicator.name), "unit": found.indicator.unit},
        "version": {
            "valid_from": found.version.valid_from,
            "formula": found.version.formula,
            "basis": [asdict(basis) for basis in found.version.basis],
        },
        "inputs": [
            {
                "name": each.name,
                "measure": each.measure.id,
                "where": dict(each.given.where),
                "time_period": each.time_period,
                "figures": list(each.figures),
                "parts": [_part(part) for part in each.parts],
            }
            for each in found.inputs
        ],
        "run": found.run,
        "loads": list(found.loads),
        "findings": list(found.findings),
        "submissions": list(found.submissions),
        "snapshot": found.snapshot,
    }


def _part(part: Part) -> dict[str, Any]:
    pair = part.pair
    return {
        "ref_area": pair.from_area,
        "name": part.name,
        "share": None if pair.share is None else str(pair.share),
        "share_lower": str(pair.lower),
        "share_upper": str(pair.upper),
        "quality": pair.quality,
        "law": list(pair.law),
        "observations": list(part.observations),
    }


def as_text(found: Explanation, catalog: Catalog, language: Language, *, every: bool = False) -> str:
    """The explanation to read, in one language."""
    vi = language == "vi"
    name = found.indicator.name.vi if vi else found.indicator.name.en
    unit = catalog.units[found.indicator.unit]
    symbol = unit.symbol.vi if vi else unit.symbol.en
    area = found.area.name_vi if vi else (found.area.name_en or found.area.name_vi)
    value = found.value
    lines = [
        f"{name} — {area} ({found.area.code}, {_w(vi, 'địa bàn ngày', 'areas of')} {value['area_basis']}), "
        f"{value['time_period']}",
        f"  = {_figure(value, language)} {symbol}",
        "",
        f"{_w(vi, 'Công thức', 'Formula')}: {found.version.formula}   "
        f"({_w(vi, 'hiệu lực từ', 'in force from')} {found.version.valid_from})",
    ]
    for basis in found.version.basis:
        seen = _w(vi, "đã đối chiếu", "verified") if basis.verified else _w(vi, "chưa đối chiếu", "not verified")
        lines.append(f"  {_w(vi, 'Căn cứ', 'Basis')}: {' '.join(filter(None, (basis.document, basis.item)))} ({seen})")
    for each in found.inputs:
        lines += ["", *_input(each, language, every=every)]
    lines += ["", *_origin(found, vi)]
    return "\n".join(lines)


def _w(vi: bool, vietnamese: str, english: str) -> str:
    return vietnamese if vi else english


def _number(value: Decimal | None) -> str:
    return "?" if value is None else plain(value)


def _figure(row: dict[str, Any], language: Language) -> str:
    vi = language == "vi"
    basis = _BASES[row["basis"]][0 if vi else 1]
    text = _number(row["obs_value"]) if row["obs_value"] is not None else _w(vi, "không có số", "no value")
    bounds = ""
    if row["obs_value"] is None or row["obs_lower"] != row["obs_upper"]:
        bounds = f" [{_number(row['obs_lower'])} … {_number(row['obs_upper'])}]"
    coverage = "" if row["coverage"] == 1 else f", {_w(vi, 'độ phủ', 'coverage')} {plain(row['coverage'])}"
    return f"{text}{bounds} ({basis}, {row['obs_status']}{coverage})"


_BASES = {
    "reported": ("số báo cáo", "reported"),
    "exact": ("cộng chính xác", "exact"),
    "estimated": ("ước tính", "estimated"),
    "partial": ("chưa đủ căn cứ", "partial"),
    "refused": ("từ chối", "refused"),
}
_QUALITIES = {
    "whole": ("toàn bộ", "whole"),
    "law": ("theo luật", "by law"),
    "measured": ("đo được", "measured"),
    "estimated": ("ước tính", "estimated"),
    "placeholder": ("tạm", "placeholder"),
    "unknown": ("chưa biết", "unknown"),
}


def _input(each: InputExplained, language: Language, *, every: bool) -> list[str]:
    vi = language == "vi"
    name = each.measure.name.vi if vi else each.measure.name.en
    lines = [f"{each.name} = {name} ({each.measure.id}), {each.time_period}"]
    if each.measure.areas.rule == "mean":
        lines[0] += f"; {_w(vi, 'bình quân theo', 'mean weighed by')} {each.measure.areas.by}"
    for figure in each.figures:
        series = f"{figure['dimensions']}: " if figure["dimensions"] else ""
        lines.append(f"  {series}{_figure(figure, language)}")
    counted = [part for part in each.parts if part.pair.upper > 0]
    lines += [_part_line(part, each, language) for part in (counted if every else counted[:SHOWN])]
    if len(counted) > SHOWN and not every:
        more = len(counted) - SHOWN
        lines.append(f"    … {_w(vi, f'còn {more} địa bàn cũ; xem hết: --all', f'{more} more old areas; see --all')}")
    why = each.measure.areas.why
    if why is not None and any(figure["basis"] == "refused" for figure in each.figures):
        lines.append(f"  {_w(vi, 'Vì sao từ chối', 'Why refused')}: {why.vi if vi else why.en}")
    return lines


def _part_line(part: Part, each: InputExplained, language: Language) -> str:
    vi = language == "vi"
    pair = part.pair
    share = "?" if pair.share is None else str(pair.share)
    quality = _QUALITIES[pair.quality][0 if vi else 1]
    law = f"; {', '.join(pair.law)}" if pair.law else ""
    wanted = {f"{name}={code}" for name, code in each.given.where.items()}
    shown = [row for row in part.observations if wanted <= set(row["dimensions"].split(";"))] or part.observations
    figures = "; ".join(
        f"{'' if row['time_period'] == each.time_period else row['time_period'] + ' '}"
        f"{row['dimensions'] + ' ' if row['dimensions'] else ''}{_number(row['obs_value'])} ({row['obs_status']}) "
        f"← {row['source']}"
        for row in shown
    )
    missing = _w(vi, "không có số liệu nguồn", "no source figure")
    return f"    {pair.from_area} {part.name}: × {share} ({quality}{law}): {figures or missing}"


def _origin(found: Explanation, vi: bool) -> list[str]:
    run = found.run
    lines = [
        f"{_w(vi, 'Lần chạy', 'Run')} {run['run_id']} ({run['run_by']}, {run['run_at']:%Y-%m-%d %H:%M} UTC), "
        f"{_w(vi, 'bản chụp', 'snapshot')} {found.snapshot}"
    ]
    by = _w(vi, "nạp bởi", "loaded by")
    lines += [
        f"{_w(vi, 'Tệp', 'File')} {load['file']}: sha256 {load['sha256'][:16]}…, {by} {load['loaded_by']} "
        f"{load['loaded_at']:%Y-%m-%d %H:%M} UTC (load {load['load_id']})"
        for load in found.loads
    ]
    for sent in found.submissions:
        receipt = sent["receipt_id"] or _w(vi, "chưa có biên nhận", "no receipt yet")
        lines.append(
            f"{_w(vi, 'Báo cáo', 'Report')} {sent['report']} {sent['period']} → {sent['receiver']}: {sent['state']}, "
            f"{_w(vi, 'biên nhận', 'receipt')} {receipt}"
        )
    message = "message_vi" if vi else "message_en"
    return lines + [f"{finding['severity']}: {finding[message]}" for finding in found.findings]
