"""A measure or an indicator as rows of field and value, for `catalog show`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from textwrap import wrap

from console.output import settings
from indicators.catalog_draft import Draft
from indicators.catalog_uses import uses_of_indicator, uses_of_measure
from indicators.definitions import Indicator, Measure, Name, Version
from indicators.findings import Language
from indicators.rule_words import (
    FREQUENCIES,
    TIME_RULES,
    WHEN_MISSING,
    areas_in_words,
    basis_in_words,
    dimensions_in_words,
    input_in_words,
    split_in_words,
)

Row = tuple[str, str]
WIDTH = 110
LABELS: Mapping[str, tuple[str, str]] = {
    "kind": ("loại", "kind"),
    "id": ("mã", "id"),
    "name_vi": ("tên", "name (vi)"),
    "name_en": ("tên tiếng Anh", "name"),
    "definition": ("định nghĩa", "definition"),
    "unit": ("đơn vị tính", "unit"),
    "decimals": ("số thập phân", "decimals"),
    "level": ("cấp thu thập", "level"),
    "levels": ("cấp công bố", "levels"),
    "dimensions": ("phân tổ", "dimensions"),
    "areas": ("gộp địa bàn", "areas"),
    "why": ("lý do", "why"),
    "time": ("gộp thời gian", "time"),
    "split": ("khi bị chia", "when split"),
    "signed": ("có thể âm", "may be negative"),
    "frequency": ("kỳ", "frequency"),
    "version": ("phiên bản", "version"),
    "in_force": ("hiệu lực", "in force"),
    "change": ("thay đổi", "change"),
    "formula": ("công thức", "formula"),
    "input": ("biến", "input"),
    "when_missing": ("khi thiếu", "when missing"),
    "basis": ("căn cứ", "basis"),
    "other_version": ("phiên bản khác", "other version"),
    "used_by": ("dùng ở", "used by"),
    "file": ("tệp", "file"),
}
"""Field to its label in Vietnamese and English; CSV and JSON keep the field's own name."""


def show_fields(rows: Iterable[Row]) -> None:
    """Write rows to stdout for people: a label, and the value wrapped beside it."""
    for field, value in rows:
        word, _, rest = field.partition(" ")
        label = " ".join(part for part in (LABELS[word][0 if settings.language == "vi" else 1], rest) if part)
        lines = wrap(value, WIDTH - 24, break_long_words=False, break_on_hyphens=False) or [""]
        for number, line in enumerate(lines):
            sys.stdout.write(f"{label if number == 0 else '':<24}{line}".rstrip() + "\n")


def measure_rows(measure: Measure, draft: Draft, language: Language) -> Iterator[Row]:
    """What a measure is, how it combines on every axis, and who uses it."""
    yield from (("kind", "measure"), ("id", measure.id), ("name_vi", measure.name.vi), ("name_en", measure.name.en))
    yield "unit", _unit(draft, measure.unit, language)
    yield from (("decimals", str(measure.decimals)), ("level", measure.level))
    yield "dimensions", _in(language, dimensions_in_words(measure))
    yield "areas", f"{measure.areas.rule}: {_in(language, areas_in_words(measure))}"
    if measure.areas.why:
        yield "why", _in(language, measure.areas.why)
    yield "time", f"{measure.time}: {_in(language, TIME_RULES[measure.time])}"
    yield "split", _in(language, split_in_words(measure))
    yield "signed", str(measure.signed).lower()
    lists = ([value for value, _ in draft.built(kind)] for kind in ("measure", "indicator", "model"))
    yield from (("used_by", use) for use in uses_of_measure(measure.id, *lists))
    yield "file", measure.file


def indicator_rows(indicator: Indicator, version: Version, draft: Draft, language: Language) -> Iterator[Row]:
    """What an indicator is, one version of it, when the others hold, and who uses it."""
    yield from (("kind", "indicator"), ("id", indicator.id))
    yield from (("name_vi", indicator.name.vi), ("name_en", indicator.name.en))
    if indicator.definition:
        yield "definition", _in(language, indicator.definition)
    yield "unit", _unit(draft, indicator.unit, language)
    yield from (("decimals", str(indicator.decimals)), ("levels", ", ".join(indicator.levels)))
    yield "frequency", f"{indicator.frequency}: {_in(language, FREQUENCIES[indicator.frequency])}"
    yield "version", version.valid_from.isoformat()
    yield "in_force", _span(indicator, version)
    if version.change:
        yield "change", version.change
    yield "formula", version.formula
    for name, given in version.inputs.items():
        measure = draft.measure(given.measure)
        text = f" ({_in(language, measure.name)})" if measure else ""
        yield f"input {name}", input_in_words(given) + text
    yield "when_missing", f"{version.when_missing}: {_in(language, WHEN_MISSING[version.when_missing])}"
    yield from (("basis", _in(language, basis_in_words(basis))) for basis in version.basis)
    others = [other for other in indicator.versions if other is not version]
    yield from (("other_version", _span(indicator, other)) for other in others)
    reports = [value for value, _ in draft.built("report")]
    yield from (("used_by", use) for use in uses_of_indicator(indicator.id, reports))
    yield "file", indicator.file


def _span(indicator: Indicator, version: Version) -> str:
    """The first and the last day of a version, as `2023-04-15/2025-06-30`; open at the end: `2025-07-01/`."""
    later = [other.valid_from for other in indicator.versions if other.valid_from > version.valid_from]
    last = (min(later) - timedelta(days=1)).isoformat() if later else ""
    return f"{version.valid_from.isoformat()}/{last}"


def _unit(draft: Draft, unit: str, language: Language) -> str:
    known = draft.units.get(unit)
    return f"{unit}: {_in(language, known.name)}" if known else unit


def _in(language: Language, name: Name) -> str:
    return name.vi if language == "vi" else name.en
