"""Readable pages of a catalog: an index, and a page for each indicator; Vietnamese first. Same catalog, same bytes."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from indicators.catalog import Catalog
from indicators.catalog_uses import uses_of_indicator
from indicators.rule_words import (
    FREQUENCIES,
    TIME_RULES,
    WHEN_MISSING,
    areas_in_words,
    basis_in_words,
    input_in_words,
    split_in_words,
)

TEMPLATES = Path(__file__).with_name("templates")


def write_pages(catalog: Catalog, directory: Path) -> list[Path]:
    """Write `index.html` and one `<indicator id>.html` for each indicator; the files' paths."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        frequencies=FREQUENCIES, time_rules=TIME_RULES, when_missing=WHEN_MISSING, areas_in_words=areas_in_words,
        basis_in_words=basis_in_words, input_in_words=input_in_words, split_in_words=split_in_words,
        units=catalog.units,
    )  # fmt: skip
    directory.mkdir(parents=True, exist_ok=True)
    lists = {"indicators": list(catalog.indicators.values()), "measures": list(catalog.measures.values())}
    written = [_write(directory / "index.html", environment.get_template("index.html.j2").render(lists))]
    page = environment.get_template("indicator.html.j2")
    for indicator in catalog.indicators.values():
        used_by = uses_of_indicator(indicator.id, catalog.reports.values())
        text = page.render(indicator=indicator, measures=catalog.measures, used_by=used_by)
        written.append(_write(directory / f"{indicator.id}.html", text))
    return written


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
