"""Restates a Parquet file of many measures, each by its own rule, into one Parquet file.

Here, and nowhere else, it is chosen how: plain sums go through dense blocks (`engine.dense_sum`); all other rules, and
whatever is odd about a measure's rows, go through the general path (`engine.restate`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from engine.ahead import Ahead
from engine.check import BALANCE
from engine.dense_margins import block_margins
from engine.dense_parents import narrow
from engine.dense_scope import is_plain_sum, rule_fits
from engine.dense_sum import Block, add_up, fits
from engine.frames import BASES
from engine.left_land import from_nowhere, left_land, left_pairs
from engine.mean_weights import with_totals
from engine.measure_blocks import any_codes, block_of, past_periods
from engine.measure_file import FileFacts, model_of, require_measures, rows_of, survey
from engine.measure_layouts import MeasureLayouts
from engine.observation_blocks import MOST_BYTES, Figures, Shape, read_blocks
from engine.restate import SERIES
from engine.restate_dense import as_observations
from engine.restate_file import Job, faults_of, figures_of
from engine.restated_parquet import RestatedParquet
from engine.series_totals import SeriesTotals, series_totals
from engine.total_rows import Given, conform_with_totals
from engine.window_breaks import early_basis
from indicators.catalog import Catalog
from indicators.definitions import Calendar, Item, Measure
from indicators.findings import DataFault, Finding

READ_AHEAD = 32
"""Measures that may wait to be added up, five megabytes each for 10,000 areas and 60 periods."""


@dataclass(frozen=True)
class ManyJob:
    """What is asked.

    Attributes:
        measures: By id: those that are wanted, or that the file may hold (`all_of_file`).
        all_of_file: Every measure of the file is wanted, and one that is not among `measures` is a fault.
        to_level: The level wanted; empty: that of each measure.
        calendar: Has the windows that flows count; None: periods count their own days.
    """

    measures: Mapping[str, Measure]
    all_of_file: bool
    from_day: date
    to_day: date
    to_level: str
    today: date
    calendar: Calendar | None = None


@dataclass
class ManyAnswer:
    """What was done.

    Attributes:
        rows: Rows written.
        bases: How many rows rest on what.
        balances, totals: Both sides of every additive total, by measure, from either way.
        findings: Refusals and remarks.
        dense, general: The measures that went either way.
    """

    rows: int = 0
    bases: Counter[str] = field(default_factory=Counter)
    balances: list[pl.DataFrame] = field(default_factory=list)
    totals: list[SeriesTotals] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    dense: list[str] = field(default_factory=list)
    general: list[str] = field(default_factory=list)

    @property
    def balance(self) -> pl.DataFrame:
        """Both sides of every additive total."""
        return pl.concat([pl.DataFrame(schema=BALANCE), *self.balances, *(one.frame() for one in self.totals)])

    @property
    def additive_series(self) -> int:
        """How many totals there are."""
        return sum(one.height for one in self.balances) + sum(len(one.series) for one in self.totals)


def restate_measures(
    file: Path, output: Path, job: ManyJob, catalog: Catalog, facts: FileFacts | None = None
) -> ManyAnswer:
    """Restate every wanted measure of a file, by measure, area and series.

    Args:
        file: Parquet with `measure, ref_area, time_period, obs_value`, perhaps `obs_status` and dimension columns.
        output: The Parquet file to write.
        job: What is asked.
        catalog: The areas and code lists.
        facts: What `survey` found in the file, if it was asked already.

    Raises:
        DataFault: A row does not fit, or a total is not conserved; then nothing is written.
    """
    facts = facts or survey(file, job.from_day)
    wanted = require_measures(facts, job.measures, file, all_of_file=job.all_of_file)
    work = _Work(file, job, replace(catalog, measures={**catalog.measures, **wanted}), facts)
    decimals = max(measure.decimals for measure in wanted.values())
    largest = facts.largest_total(len(work.codes), decimals)
    # The file is read while the areas are laid out.
    with (
        Ahead(work.blocks(), READ_AHEAD) as blocks,
        RestatedParquet(output, work.dimensions, decimals, largest) as written,
    ):
        for name in sorted(wanted):
            found = next(blocks) if name in work.shape.groups else None
            block = None if found is None else work.block(found)
            if found is None or block is None:
                work.restate_general(wanted[name], written)
            else:
                work.restate_dense(wanted[name], found, block, written)
    work.answer.rows = written.rows
    return work.answer


class _Work:
    """What the measures of one file share."""

    def __init__(self, file: Path, job: ManyJob, catalog: Catalog, facts: FileFacts) -> None:
        self.file, self.job, self.catalog, self.facts = file, job, catalog, facts
        self.answer = ManyAnswer()
        known = {name: catalog.measures[name] for name in facts.last_groups if name in catalog.measures}
        self.model = model_of(file, known, job.from_day)
        self.dimensions = tuple(sorted(self.model.dimension_columns))
        self.layouts = MeasureLayouts(catalog.register, (job.from_day, job.to_day), job.to_level, job.calendar)
        wanted = [measure for name, measure in known.items() if name in job.measures]
        self.codes = self.layouts.codes_of(measure.level for measure in wanted)
        sums = [one.id for one in wanted if facts.has_numbers and is_plain_sum(one)]
        self.shape = Shape(
            {name: facts.last_groups[name] for name in sums},
            self.codes,
            past_periods(job.today),
            {name: any_codes() for name in self.dimensions},
        )

    def blocks(self) -> Iterator[Figures]:
        """The figures of every measure that is a plain sum, by id."""
        return read_blocks(self.file, self.shape, MOST_BYTES)

    def block(self, figures: Figures) -> Block | None:
        """Figures as a block, or None where their rows need to be looked at one by one."""
        measure = self.catalog.measures[figures.measure]
        layout, above = self.layouts.layout(measure), self.layouts.above(measure)
        if not rule_fits(measure, self.layouts.areas(measure)):
            return None
        if self.layouts.crosses_change(measure, (one[0] for one in figures.series)):
            return None
        block = block_of(figures, self.facts.scale, measure, layout, self.catalog, self.dimensions)
        return None if block is None or (above and not fits(block.largest, above[0])) else block

    def restate_dense(self, measure: Measure, figures: Figures, block: Block, written: RestatedParquet) -> None:
        """Restate a measure by its block."""
        layout, areas = self.layouts.layout(measure), self.layouts.areas(measure)
        sums = add_up(block, layout, measure.signed)
        series = [(one[0], self.shape.dimensions_text(one)) for one in figures.series]
        self.answer.findings += block_margins(block, self.codes, series, measure, self.catalog.codelists)
        self.answer.totals.append(series_totals(sums, block, layout, self.codes, series, measure, areas))
        above = self.layouts.above(measure)
        if above is not None and not sums.has_value.all():
            narrow(sums, add_up(block, above[0], measure.signed), above[1], measure.signed)
        written.add_sums(sums, layout, measure, figures.series, areas.to_day)
        numbers = np.bincount(sums.basis[: layout.shown].ravel(), minlength=len(BASES)).tolist()
        self.answer.bases.update({name: count for name, count in zip(BASES, numbers, strict=True) if count})
        self.answer.findings += from_nowhere(measure, areas)
        if left_pairs(areas):
            frame = pl.DataFrame(series, schema=dict.fromkeys(SERIES, pl.String), orient="row")
            self.answer.findings += left_land(as_observations(block, self.codes, frame, measure), measure, areas)
        self.answer.findings += self._early_basis(measure, (period for period, _ in series))
        self.answer.dense.append(measure.id)

    def _early_basis(self, measure: Measure, periods: Iterable[str]) -> list[Finding]:
        """What there is to say of flows of periods after a change of areas whose codes are of a day before it."""
        if measure.time != "flow":
            return []
        job = self.job
        return early_basis(self.catalog.register, periods, job.calendar, job.from_day, measure, "--from")

    def restate_general(self, measure: Measure, written: RestatedParquet) -> None:
        """Restate a measure row by row, as a file of its own would be."""
        job = self.job
        one = Job(measure, job.from_day, job.to_day, self.layouts.level(measure), job.today, calendar=job.calendar)
        weighed, remarks = self._weights(measure)
        given = self._given(measure)
        areas = self.layouts.areas(measure)
        figured = figures_of(given.figures, one, self.catalog, areas, weighed, given.totals)
        text = pl.concat_str(pl.lit(";"), "dimensions", pl.lit(";"))
        codes = [text.str.extract(f";{name}=([^;]*);").fill_null("").alias(name) for name in self.dimensions]
        written.add_frame(figured.rows, figured.rows.select(codes))
        self.answer.balances.append(figured.balance)
        self.answer.bases.update(dict(figured.rows["basis"].value_counts().iter_rows()))
        self.answer.findings += [*remarks, *figured.findings]
        self.answer.general.append(measure.id)

    def _given(self, measure: Measure) -> Given:
        """The figures of a measure, and what is known of the totals of areas above."""
        model = replace(self.model, items={measure.id: Item(measure.id)})
        source, days = rows_of(self.file, measure.id), (self.job.from_day, self.job.today)
        given = conform_with_totals(source, model, measure, self.catalog, *days)
        if given.rejects.height:
            raise DataFault(faults_of(given.rejects, self.file))
        return given

    def _weights(self, measure: Measure) -> tuple[pl.DataFrame | None, list[Finding]]:
        """Of a mean: the figures of the measure that weighs it, which the same file must hold."""
        by = measure.areas.by
        if by is None:
            return None, []
        if by not in self.facts.last_groups or by not in self.catalog.measures:
            vi = f"{measure.id} là số bình quân theo {by}; tệp phải có cả số liệu của {by}"
            en = f"{measure.id} is a mean weighed by {by}; the file must hold the figures of {by} as well"
            raise DataFault(Finding("restate.no-weights", "error", vi, en, subject=measure.id, file=str(self.file)))
        weighing = replace(self.catalog.measures[by], level=measure.level)
        return with_totals(self._given(weighing).figures, weighing, self.catalog.codelists)
