"""The straight way of a figure: observations -> restate -> aggregate -> compute -> check, for the periods asked.

Nothing is written here; `engine.publish` does that. The same observations, catalog and question give the same run id.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl

from engine.aggregate import aggregate, refusals
from engine.bases import chosen, told
from engine.check import BALANCE, balance, levels_agree
from engine.compute import VALUES, compute
from engine.formula_inputs import period_of_input
from engine.frames import OBSERVATIONS, RESTATED, empty
from engine.left_land import from_nowhere, left_land
from engine.margins import margin_findings
from engine.mean_weights import with_totals
from engine.observed_weights import observed_weights
from engine.parent_totals import narrowed, parents_of
from engine.protect import protect_all
from engine.question import Question, calendar_of, measures_of, measures_used, needed, run_id, weighing, with_parts
from engine.restate import restate
from engine.run_findings import gaps, no_input, no_observations, require_single
from engine.time_aggregate import parts_held, time_aggregate
from engine.window_breaks import breaks, early_basis, mark, tell
from indicators.catalog import Catalog
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import Indicator, Measure
from indicators.findings import DataFault, Finding
from indicators.periods import parse_period

Progress = Callable[[str], None]


@dataclass
class Run:
    """What a run gives; see `engine.publish` for what is kept of it.

    Attributes:
        run_id: Hash of the question, the catalog and the loads that it rests on.
        restated: Shape RESTATED.
        values: Shape VALUES.
        balance: Both sides of every additive total that was restated.
        findings: Refusals, gaps and remarks.
        correspondences: Those that were used between different days.
        loads: The loads that it rests on.
    """

    run_id: str
    question: Question
    catalog_sha256: str
    loads: tuple[str, ...]
    restated: pl.DataFrame = field(default_factory=lambda: empty(RESTATED))
    values: pl.DataFrame = field(default_factory=lambda: empty(VALUES))
    balance: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BALANCE))
    findings: list[Finding] = field(default_factory=list)
    correspondences: list[Correspondence] = field(default_factory=list)


def run(
    catalog: Catalog,
    observations: pl.DataFrame,
    question: Question,
    catalog_sha256: str,
    progress: Progress | None = None,
) -> Run:
    """Answer a question from observations.

    Args:
        catalog: The definitions.
        observations: Shape OBSERVATIONS: the current vintage of (at least) the measures that are needed.
        question: What is asked.
        catalog_sha256: The fingerprint of the catalog's files.
        progress: Told what is being worked on.

    Raises:
        DataFault: Two data sets give the same figure, a total is not conserved, levels disagree, or there is no
            observation for any of the periods.
    """
    measures = measures_of(catalog, question.indicators)
    weighers = weighing(measures, catalog)
    summed = [catalog.measures[name] for name in sorted({*measures, *weighers})]
    protected = protect_all(observations, summed, catalog.register, catalog.codelists)
    observations = protected.observations
    asked = needed(question, measures)
    parts = with_parts(asked, observations, measures)
    wanted = observations.join(parts, on=["measure", "time_period"], how="semi")
    require_single(wanted)
    if wanted.is_empty():
        raise DataFault(no_observations(question))
    weights = {name: observed_weights(observations, catalog.measures[name]) for name in weighers}
    hiding = {finding.subject for finding in protected.findings}
    also = {*weights, *hiding, *(catalog.measures[name].areas.by or "" for name in hiding)}
    weigh = observations.filter(pl.col("measure").is_in(sorted(also)))
    loads = tuple(sorted({*wanted["load_id"], *weigh["load_id"]}))
    result = Run(run_id(question, catalog_sha256, loads), question, catalog_sha256, loads)
    worker = _Worker(catalog, measures, wanted, question, result, progress or (lambda _: None))
    result.findings += protected.findings
    worker.weights = weights
    worker.asked = dict(asked.group_by("measure").agg(pl.col("time_period").sort()).iter_rows())
    worker.restate_all()
    worker.compute_all()
    return result


class _Worker:
    """One run at work: correspondences and restated figures that several indicators share."""

    def __init__(
        self,
        catalog: Catalog,
        measures: dict[str, Measure],
        observations: pl.DataFrame,
        question: Question,
        result: Run,
        progress: Progress,
    ) -> None:
        self.catalog, self.measures, self.question, self.result = catalog, measures, question, result
        self.progress = progress
        self.observations = observations.partition_by("measure", as_dict=True)
        self.areas: dict[tuple[date, date, str, str, str | None], Correspondence] = {}
        self.weights: dict[str, dict[date, dict[str, Decimal]]] = {}
        self.restated: dict[tuple[str, date, str], pl.DataFrame] = {}
        self.given: dict[tuple[str, date, str], pl.DataFrame] = {}  # before periods are made of shorter ones
        self.asked: dict[str, list[str]] = {}
        self.calendar = calendar_of(question, catalog)

    def restate_all(self) -> None:
        """Restate every measure to every day and level that an indicator needs, and check the totals."""
        balances = []
        # Those that weigh means come first.
        for name, measure in sorted(self.measures.items(), key=lambda pair: pair[1].areas.by is not None):
            self.progress(f"restate {name}")
            given = self.observations.get((name,), empty(OBSERVATIONS))
            self.result.findings += margin_findings(given, measure, self.catalog.codelists)
            for day in self.question.days:
                for level in self._levels(measure, day):
                    frame, sides = self._restate(measure, day, level)
                    self.restated[name, day, level] = frame
                    balances.append(sides)
                self._compare_levels(measure, day)
        frames = list(self.restated.values())
        self.result.balance = pl.concat([self.result.balance, *balances])
        self.result.restated = pl.concat([self.result.restated, *frames]).unique(maintain_order=True)

    def _levels(self, measure: Measure, day: date) -> list[str]:
        """The levels that are wanted of a measure and can be had: its own and those above it, where there are any."""
        levels = self.catalog.register.levels
        wanted = {
            level
            for indicator in self.question.indicators
            for version in indicator.versions
            if any(one.measure == measure.id or self._weighs(measure, one.measure) for one in version.inputs.values())
            for level in indicator.levels
        }
        there = {area.level for area in self.catalog.register.on(day).values()}
        return [level for level in levels[: levels.index(measure.level) + 1] if level in wanted and level in there]

    def _weighs(self, measure: Measure, other: str) -> bool:
        return self.measures[other].areas.by == measure.id

    def _correspondence(self, basis: date, day: date, measure: Measure, level: str) -> Correspondence:
        key = (basis, day, measure.level, level, measure.split_weight)
        if key not in self.areas:
            observed = self.weights.get(measure.split_weight or "")
            self.areas[key] = correspondence(self.catalog.register, *key, observed)
            if basis != day:
                self.result.correspondences.append(self.areas[key])
        return self.areas[key]

    def _restate(self, measure: Measure, day: date, level: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        found = self.observations.get((measure.id,))
        if found is None:
            return empty(RESTATED), pl.DataFrame(schema=BALANCE)
        frames: dict[date, pl.DataFrame] = {}
        sides = []
        weights = self.observations.get((measure.areas.by or "",))
        for group in found.partition_by("area_basis"):
            basis: date = group["area_basis"][0]
            areas = self._correspondence(basis, day, measure, level)
            known = None
            if weights is not None and measure.areas.by:
                of_day = weights.filter(pl.col("area_basis") == basis)
                known, findings = with_totals(of_day, self.measures[measure.areas.by], self.catalog.codelists)
                self.result.findings += findings
            restated = restate(group, measure, areas, known)
            sides.append(balance(group, restated, measure, areas))
            self.result.findings += [*from_nowhere(measure, areas), *left_land(group, measure, areas)]
            frames[basis] = restated.rows
            if measure.time == "flow":
                periods = group["time_period"].unique()
                self.result.findings += early_basis(self.catalog.register, periods, self.calendar, basis, measure)
        rows = chosen(frames, day, self.catalog.register)
        self.result.findings += [*told(frames, measure), *gaps(rows, measure, self.question, level)]
        given = self._over_dimensions(rows, measure, day, level)
        self.given[measure.id, day, level] = given
        return self._over_time(given, measure, day, level), pl.concat(sides)

    def _over_dimensions(self, rows: pl.DataFrame, measure: Measure, day: date, level: str) -> pl.DataFrame:
        """The figures with those by fewer dimensions that an indicator takes, and the totals where there are any."""
        weights = self.given.get((measure.areas.by or "", day, level))
        every = [rows]
        asked = set(self._selections(measure))
        for selection in sorted(asked | {(), tuple(sorted(measure.dimensions))}):
            made = aggregate(rows, measure, selection, self.catalog.codelists, weights)
            every.append(made)
            if selection in asked:
                refused, findings = refusals(rows, made, measure, selection)
                every.append(refused)
                self.result.findings += findings
        return pl.concat(every).unique(maintain_order=True)

    def _over_time(self, given: pl.DataFrame, measure: Measure, day: date, level: str) -> pl.DataFrame:
        """The figures with the periods asked for that are made of shorter ones, and with breaks marked."""
        asked = self.asked.get(measure.id, [])
        register, periods = self.catalog.register, given["time_period"].unique()
        broken = breaks(register, periods if measure.time == "flow" else (), self.calendar, day, level)
        marked = mark(given, broken)
        rows, findings = time_aggregate(marked, measure, asked, broken)
        self.result.findings += findings
        self.result.findings += tell(rows.filter(pl.col("time_period").is_in(asked)), marked, broken, measure)
        return rows

    def _selections(self, measure: Measure) -> list[tuple[str, ...]]:
        return [
            tuple(sorted(one.where))
            for indicator in self.question.indicators
            for version in indicator.versions
            for one in version.inputs.values()
            if one.measure == measure.id
        ]

    def _compare_levels(self, measure: Measure, day: date) -> None:
        levels = self._levels(measure, day)
        found = self.observations.get((measure.id,))
        if found is None or found["area_basis"].n_unique() > 1:  # each area then has the best figure of its own
            return
        for upper, lower in itertools.pairwise(levels):
            parents = parents_of(self.catalog.register, day, upper, lower)
            above, under = (self.given.get((measure.id, day, one), empty(RESTATED)) for one in (upper, lower))
            levels_agree(above, under, parents, measure)
            above, under = (self.restated[measure.id, day, one] for one in (upper, lower))
            self.restated[measure.id, day, lower] = narrowed(under, above, parents, measure)

    def compute_all(self) -> None:
        """Compute every indicator from the restated measures."""
        frames = []
        for indicator in self.question.indicators:
            self.progress(f"compute {indicator.id}")
            periods = [period for period in self.question.periods if self._has_inputs(indicator, period)]
            if periods:
                days, levels = self.question.days, indicator.levels
                frames += [self._compute(indicator, day, level, periods) for day in days for level in levels]
        self.result.values = pl.concat([self.result.values, *frames])

    def _has_inputs(self, indicator: Indicator, period: str) -> bool:
        """Whether every input has observations somewhere; without any, a column of blanks would say less than this."""
        version = indicator.version_on(parse_period(period).end)
        if version is None or version.when_missing == "carry_forward":
            return True
        lacking = []
        for one in version.inputs.values():
            found = self.observations.get((one.measure,), empty(OBSERVATIONS))
            needed = period_of_input(period, one.periods_back)
            within = parts_held([needed], found["time_period"].unique())[needed]
            text = pl.lit(";") + pl.col("dimensions") + pl.lit(";")
            taken = [text.str.contains(f";{name}={code};", literal=True) for name, code in one.where.items()]
            if found.filter(
                pl.col("time_period").is_in([needed, *within]), pl.col("obs_value").is_not_null(), *taken
            ).is_empty():
                lacking.append(" ".join([one.measure, needed, *one.where.values()]))
        if lacking and len(lacking) < len(version.inputs):
            self.result.findings.append(no_input(indicator, period, lacking))
        return not lacking

    def _compute(self, indicator: Indicator, day: date, level: str, periods: Sequence[str]) -> pl.DataFrame:
        used = measures_used(indicator)
        tables = {name: self.restated.get((name, day, level), empty(RESTATED)) for name in used}
        values, findings = compute(indicator, tables, self.measures, periods)
        self.result.findings += findings
        return values
