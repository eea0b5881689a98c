"""Viet Nam, whole: every shipped figure carried to provinces and communes of the other map, there and back.

Run `python benchmarks/viet_nam.py` from the root of the repository; it writes `docs/proof-viet-nam.md` anew from
`catalog/` and `figures/` alone. The same figures give the same file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.check import balance
from engine.conform import conform
from engine.frames import OBSERVATIONS
from engine.observed_weights import observed_weights
from engine.restate import restate
from engine.source_files import read_source
from indicators.catalog import Catalog, load_catalog
from indicators.correspondence import correspondence
from indicators.definitions import Measure
from indicators.observed_shares import Observed

ROOT = Path(__file__).resolve().parents[1]
OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 1, 1)
LEVELS = ("province", "commune")
KINDS = ("exact", "reported", "estimated", "bounded", "missing", "refused")
WEIGHTS = {"province": "population.mean", "commune": "population.census"}
KEY = ["ref_area", "time_period", "dimensions"]


@dataclass(frozen=True)
class Line:
    """One restatement: what, from where to where, and what came of it."""

    measure: str
    way: str
    weights: str
    kinds: dict[str, int]
    before: Decimal | None
    after: tuple[Decimal, Decimal, Decimal] | None


def observations(catalog: Catalog) -> pl.DataFrame:
    """Every shipped figure that fits its data model."""
    frames = []
    for name, model in sorted(catalog.models.items()):
        source = read_source(ROOT / "figures" / f"{name}.csv")
        frames.append(conform(source, model, catalog, model.area_basis, TODAY).good.select(*OBSERVATIONS))
    return pl.concat(frames).unique(["measure", *KEY], keep="first", maintain_order=True)


def kinds_of(rows: pl.DataFrame) -> dict[str, int]:
    """How many figures rest on what."""
    kind = (
        pl.when(pl.col("basis") != "partial").then(pl.col("basis"))
        .when(pl.col("obs_upper").is_not_null() & pl.col("obs_lower").is_not_null()).then(pl.lit("bounded"))
        .otherwise(pl.lit("missing"))
    )  # fmt: skip
    counted = dict(rows.select(kind.alias("kind")).to_series().value_counts().iter_rows())
    return {name: counted.get(name, 0) for name in KINDS}


class Country:
    """The figures, and how they are carried."""

    def __init__(self) -> None:
        self.catalog = load_catalog(ROOT / "catalog")
        self.figures = observations(self.catalog)
        self.seen = {
            level: {OLD: observed_weights(self.figures, self.catalog.measures[name])[OLD]}
            for level, name in WEIGHTS.items()
        }
        self.lines: list[Line] = []

    def carry(
        self, measure: Measure, figures: pl.DataFrame, days: tuple[date, date], to_level: str, observed: str = ""
    ) -> pl.DataFrame:
        """Carry figures and note what came of it.

        Args:
            measure: Its level is that of the figures.
            figures: Shape OBSERVATIONS, of the areas of the first day.
            days: From and to.
            to_level: The level wanted.
            observed: The measure whose observed amounts estimate cut pieces; empty: none.
        """
        seen: Observed | None = self._observed(observed) if observed else None
        areas = correspondence(self.catalog.register, *days, measure.level, to_level, measure.split_weight, seen)
        by = self.figures.filter(pl.col("measure") == measure.areas.by) if measure.areas.by else None
        restated = restate(figures, measure, areas, by)
        sides = balance(figures, restated, measure, areas)
        before = after = None
        if not sides.is_empty():
            before, *rest = (Decimal(sides[name].sum()) for name in ("before", "values", "held", "unallocated"))
            after = (rest[0], rest[1], rest[2])
        names = {OLD: "cũ", NEW: "mới"}
        way = f"{_level(measure.level)} {names[days[0]]} → {_level(to_level)} {names[days[1]]}"
        self.lines.append(Line(measure.id, way, observed, kinds_of(restated.rows), before, after))
        return restated.rows

    def _observed(self, name: str) -> Observed:
        return next(self.seen[level] for level, one in WEIGHTS.items() if one == name)

    def forwards(self) -> None:
        """From the areas in which each figure was reported to today's, at both levels."""
        for name, figures in self.measures():
            measure = self.catalog.measures[name]
            for level in LEVELS:
                self.carry(measure, figures, (OLD, NEW), level)
            if measure.level == "province" and measure.split_weight == "population":
                self.carry(measure, figures, (OLD, NEW), "commune", WEIGHTS["commune"])

    def backwards(self) -> None:
        """From today's areas back: what is exact of the way there, as if it had been reported there."""
        for name, figures in self.measures():
            measure = self.catalog.measures[name]
            areas = correspondence(self.catalog.register, OLD, NEW, measure.level, measure.level, measure.split_weight)
            by = self.figures.filter(pl.col("measure") == measure.areas.by) if measure.areas.by else None
            there = restate(figures, measure, areas, by).rows
            known = there.filter(pl.col("basis").is_in(["exact", "reported"]))
            today = known.with_columns(load_id=pl.lit(""), source=pl.lit("")).select(*OBSERVATIONS)
            if measure.areas.by:
                continue  # its weight is held for the old areas only
            for level in LEVELS:
                self.carry(measure, today, (NEW, OLD), level)
                if measure.split_weight == "population":
                    self.carry(measure, today, (NEW, OLD), level, WEIGHTS[level])

    def same_day(self) -> None:
        """Old communes to old provinces: what is exact of the same map."""
        for name, figures in self.measures():
            measure = self.catalog.measures[name]
            if measure.level == "commune":
                self.carry(measure, figures, (OLD, OLD), "province")

    def measures(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Each measure with figures, by id."""
        for (name,), figures in sorted(self.figures.partition_by("measure", as_dict=True).items()):
            yield str(name), figures


def _level(level: str) -> str:
    return {"province": "tỉnh", "commune": "xã"}[level]


def _amount(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():,f}"


def table(lines: Iterable[Line]) -> Iterator[str]:
    """The lines as a table of Markdown."""
    names = ["measure", "way", "weights", *KINDS, "total before", "valued", "held", "unallocated"]
    yield "| " + " | ".join(names) + " |"
    yield "|---|---|---|" + "---:|" * 10
    for line in lines:
        counts = " | ".join(str(line.kinds[kind]) for kind in KINDS)
        after = line.after or (None, None, None)
        totals = " | ".join(_amount(value) for value in (line.before, *after))
        yield f"| {line.measure} | {line.way} | {line.weights or '–'} | {counts} | {totals} |"


def conserved(lines: Iterable[Line]) -> bool:
    """Whether both sides of every total agree."""
    return all(line.before == sum(line.after, Decimal(0)) for line in lines if line.before is not None and line.after)


TEXT = """# Chứng minh trên toàn quốc / Viet Nam, whole

Trang này do `python benchmarks/viet_nam.py` viết từ `catalog/` và `figures/`; ai cũng chạy lại được.
This page is written by `python benchmarks/viet_nam.py` from `catalog/` and `figures/`; anybody can repeat it.

Mỗi dòng là một lần quy đổi mọi số liệu của một đại lượng. *exact*: cộng từ địa bàn trọn vẹn; *reported*: địa bàn không
đổi; *estimated*: chia theo quyền số; *bounded*: chỉ biết cận dưới và cận trên; *missing*: thiếu nguồn; *refused*: không
có quy tắc gộp, có nêu lý do. Bốn cột cuối là hai vế của tổng: trước = có số + đang giữ ở địa bàn chưa có số + chưa phân
bổ được; cộng qua mọi kỳ và mọi chiều nên chỉ dùng để đối chiếu.

Each line carries all figures of one measure. *exact*: made of whole areas; *reported*: the same land; *estimated*:
shared by weights; *bounded*: certain bounds only; *missing*: a source has not reported; *refused*: no rule combines it,
with the reason. The last four columns are the two sides of the total, over all periods and categories, hence a
checksum: before = valued + held in areas without a value + unallocated.

Hai vế khớp ở mọi dòng / both sides agree on every line: {conserved}. Số liệu ra / figures that came out: {figures:,}.

## Xuôi: từ địa bàn cũ sang địa bàn nay / Forwards

{forwards}

## Ngược: từ địa bàn nay về địa bàn cũ / Backwards

Chưa có số liệu nào của địa bàn nay đi kèm. Số *exact* và *reported* của chiều xuôi đứng thay, như thể được báo cáo
cho địa bàn nay; xã chỉ có cận thì thành thiếu. Không có quyền số, địa bàn đã nhập chỉ có cận; với dân số quan sát của
địa bàn cũ (tỉnh: `population.mean` năm 2024, xã: `population.census` năm 2019) thì có ước lượng, cho đại lượng khai
`split: {{weight: population}}`. Đại lượng từ chối chia tách thì không bao giờ được ước lượng.

No figures of today's areas are shipped yet. What is exact of the way there stands in for them, as if it had been
reported for today's areas; communes whose figures are only bounded are then missing. Without weights a merged area
gives bounds; with the observed population of the old areas (`population.mean` of 2024 for provinces,
`population.census` of 2019 for communes) it gives estimates, for the measures that state
`split: {{weight: population}}`. Those that refuse a split are never estimated, and of what does not add up nothing can
be shared.

{backwards}

## Cùng ngày: xã cũ lên tỉnh cũ / The same day

{same}
"""


def main() -> None:
    """Write the page."""
    country = Country()
    sections = {}
    for name, work in (("forwards", country.forwards), ("backwards", country.backwards), ("same", country.same_day)):
        start = len(country.lines)
        work()
        sections[name] = "\n".join(table(country.lines[start:]))
    figures = sum(sum(line.kinds.values()) for line in country.lines)
    text = TEXT.format(conserved="có / yes" if conserved(country.lines) else "KHÔNG / NO", figures=figures, **sections)
    (ROOT / "docs" / "proof-viet-nam.md").write_text(text, encoding="utf-8")
    print(f"{len(country.lines)} restatements, {figures:,} figures: docs/proof-viet-nam.md")


if __name__ == "__main__":
    main()
