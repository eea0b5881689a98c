"""The page on Viet Nam is what its script writes: one measure, there and back, is worked out again."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_census_on_the_page_is_the_census_as_it_is_restated() -> None:
    script = runpy.run_path(str(ROOT / "benchmarks" / "viet_nam.py"))
    country = script["Country"]()
    measure = country.catalog.measures["population.census"]
    figures = dict(country.measures())[measure.id]
    for days, level in (("forwards", "commune"), ("forwards", "province"), ("same", "province")):
        to_day = script["NEW"] if days == "forwards" else script["OLD"]
        country.carry(measure, figures, (script["OLD"], to_day), level)
    page = (ROOT / "docs" / "proof-viet-nam.md").read_text(encoding="utf-8")
    for line in list(script["table"](country.lines))[2:]:
        assert line in page
    assert script["conserved"](country.lines)
    assert "KHÔNG / NO" not in page
