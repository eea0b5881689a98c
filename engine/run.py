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

from engine.aggregate import aggregate
from engine.check import BALANCE, balance, levels_agree
from engine.compute import VALUES, compute
from engine.formula_inputs import period_of_input
from engine.frames import OBSERVATIONS, RESTATED, empty
from engine.observed_weights import observed_weights
from engine.question import Question, measures_of, measures_used, needed, run_id, weighing
from engine.restate import Restated, restate
from indicators.catalog import Catalog
from indicators.correspondence import Correspondence, areas_at, correspondence
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
    wanted = observations.join(needed(question, measures), on=["measure", "time_period"], how="semi")
    _require_single(wanted)
    if wanted.is_empty():
        raise DataFault(_no_observations(question))
    weights = {name: observed_weights(observations, catalog.measures[name]) for name in weighing(measures, catalog)}
    weigh = observations.filter(pl.col("measure").is_in(list(weights)))
    loads = tuple(sorted({*wanted["load_id"], *weigh["load_id"]}))
    result = Run(run_id(question, catalog_sha256, loads), question, catalog_sha256, loads)
    worker = _Worker(catalog, measures, wanted, question, result, progress or (lambda _: None))
    worker.weights = weights
    worker.restate_all()
    worker.compute_all()
    return result


def _require_single(observations: pl.DataFrame) -> None:
    key = ["measure", "ref_area", "area_basis", "time_period", "dimensions"]
    twice = observations.filter(pl.struct(key).is_duplicated()).sort(key)
    if twice.is_empty():
        return
    findings = []
    for row in twice.unique(["measure", "time_period"], keep="first", maintain_order=True).iter_rows(named=True):
        series, area = f"{row['measure']} {row['time_period']}", row["ref_area"]
        vi = f"{series}: hai bộ số liệu cùng có một số liệu, ví dụ địa bàn {area}; chỉ giữ một bộ"
        en = f"{series}: two data sets give the same figure, such as of area {area}; keep one of them"
        findings.append(Finding("run.two-sources", "error", vi, en, subject=row["measure"], ref_area=area))
    raise DataFault(findings)


def _no_observations(question: Question) -> Finding:
    periods = ", ".join(question.periods)
    vi = f"chưa có số liệu nào cho kỳ {periods}; nạp bằng `chitieu load TỆP --dataset MÃ`"
    en = f"there are no observations for {periods}; load some with `chitieu load FILE --dataset ID`"
    return Finding("run.no-observations", "error", vi, en, time_period=periods)


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

    def restate_all(self) -> None:
        """Restate every measure to every day and level that an indicator needs, and check the totals."""
        balances = []
        for name, measure in self.measures.items():
            self.progress(name)
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
        frames, sides = [], []
        weights = self.observations.get((measure.areas.by or "",))
        for (basis,), group in sorted(found.partition_by("area_basis", as_dict=True).items()):
            areas = self._correspondence(basis, day, measure, level)
            known = None if weights is None else weights.filter(pl.col("area_basis") == basis)
            restated = restate(group, measure, areas, known)
            sides.append(balance(group, restated, measure, areas))
            self._tell_gaps(measure, restated, day, level)
            frames.append(restated.rows)
        rows = pl.concat(frames)
        kept = {tuple(sorted(selection)) for selection in self._selections(measure)} | {tuple(measure.dimensions)}
        every = [rows, *(aggregate(rows, measure, selection) for selection in sorted(kept))]
        return pl.concat(every).unique(maintain_order=True), pl.concat(sides)

    def _selections(self, measure: Measure) -> list[tuple[str, ...]]:
        return [
            tuple(one.where)
            for indicator in self.question.indicators
            for version in indicator.versions
            for one in version.inputs.values()
            if one.measure == measure.id
        ] + [()]

    def _tell_gaps(self, measure: Measure, restated: Restated, day: date, level: str) -> None:
        asked = pl.col("time_period").is_in(list(self.question.periods))
        gaps = restated.rows.filter(asked & (pl.col("coverage") < 1)).unique(["ref_area", "time_period"])
        for (period,), group in sorted(gaps.partition_by("time_period", as_dict=True).items()):
            codes = sorted(group["ref_area"])
            some = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
            vi = f"{measure.id} {period}: {len(codes)} địa bàn cấp {level} ngày {day} thiếu nguồn số liệu ({some})"
            en = f"{measure.id} {period}: {len(codes)} areas of level {level} on {day} lack a source ({some})"
            self.result.findings.append(
                Finding("run.missing-source", "warning", vi, en, subject=measure.id, time_period=str(period))
            )

    def _compare_levels(self, measure: Measure, day: date) -> None:
        levels = self._levels(measure, day)
        for upper, lower in itertools.pairwise(levels):
            at = areas_at(self.catalog.register, day, upper)
            below = areas_at(self.catalog.register, day, lower)
            pairs = sorted({(below[code], at[code]) for code in at if code in below})
            parents = pl.DataFrame(pairs, schema={"ref_area": pl.String, "parent": pl.String}, orient="row")
            levels_agree(self.restated[measure.id, day, upper], self.restated[measure.id, day, lower], parents, measure)

    def compute_all(self) -> None:
        """Compute every indicator from the restated measures."""
        frames = []
        for indicator in self.question.indicators:
            self.progress(indicator.id)
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
            text = pl.lit(";") + pl.col("dimensions") + pl.lit(";")
            taken = [text.str.contains(f";{name}={code};", literal=True) for name, code in one.where.items()]
            if found.filter(pl.col("time_period") == needed, pl.col("obs_value").is_not_null(), *taken).is_empty():
                lacking.append(" ".join([one.measure, needed, *one.where.values()]))
        if lacking and len(lacking) < len(version.inputs):
            listed = ", ".join(sorted(set(lacking)))
            vi = f"{indicator.id} {period}: không tính vì chưa nạp số liệu nào của {listed}"
            en = f"{indicator.id} {period}: not computed, because nothing is loaded of {listed}"
            self.result.findings.append(
                Finding("run.no-input", "info", vi, en, subject=indicator.id, time_period=period)
            )
        return not lacking

    def _compute(self, indicator: Indicator, day: date, level: str, periods: Sequence[str]) -> pl.DataFrame:
        used = measures_used(indicator)
        tables = {name: self.restated.get((name, day, level), empty(RESTATED)) for name in used}
        values, findings = compute(indicator, tables, self.measures, periods)
        self.result.findings += findings
        return values
