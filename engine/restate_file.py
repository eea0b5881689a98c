"""Restates one file without a lake: read, conform to the measure, restate, check, and hand back one table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from engine.check import balance
from engine.conform import conform
from engine.frames import OBSERVATIONS, RESTATED
from engine.gross_flows import gross_flows
from engine.known_totals import RESTS, Known, known_totals
from engine.left_land import from_nowhere, left_amounts, left_land
from engine.margins import margin_findings
from engine.mean_weights import with_totals
from engine.observed_weights import observed_weights
from engine.parent_totals import level_above, narrowed, parents_of
from engine.protect import protect
from engine.rest_areas import restate_completed
from engine.restate import Restated
from engine.source_files import read_source
from engine.sources import Source
from engine.total_rows import conform_with_totals
from engine.weights_place import weights_place
from engine.window_breaks import breaks, early_basis, mark, tell
from indicators.catalog import Catalog
from indicators.correspondence import Correspondence, correspondence
from indicators.definitions import AreaRule, Calendar, DataModel, Item, Measure, Name
from indicators.findings import DataFault, Finding
from indicators.observed_shares import Observed

AREA_COLUMNS = ["ref_area", "area_basis", "time_period"]
FIGURE_COLUMNS = ["obs_value", "obs_lower", "obs_upper", "obs_status", "basis", "coverage"]


@dataclass(frozen=True)
class Job:
    """What is asked: which measure, from which day's areas to which day's, at which levels.

    `weights_day` is the day whose areas a file of weights has; None: that of the two days whose areas it covers best.
    `calendar` has the windows that flows count; None: periods count their own days. `gross`: of moves, what leaves and
    reaches each area instead of each move.
    """

    measure: Measure
    from_day: date
    to_day: date
    to_level: str
    today: date
    weights_day: date | None = None
    calendar: Calendar | None = None
    gross: bool = False


@dataclass(frozen=True)
class Answer:
    """The restated table, both sides of its totals, what there is to say about it, and what is in no area any more."""

    table: pl.DataFrame
    balance: pl.DataFrame
    findings: tuple[Finding, ...]
    left: pl.DataFrame


def restate_file(file: Path, job: Job, catalog: Catalog, weights: Path | None = None) -> Answer:
    """Restate a file of observations.

    The file has `ref_area, time_period, obs_value`, a column for each dimension of the measure that it breaks down by,
    and `obs_status` where it has one. Rows of areas above the measure's level are totals that are known of them
    (`engine.known_totals`).

    Args:
        file: CSV, XLSX or Parquet.
        job: What is asked.
        catalog: The areas, and the measure's code lists.
        weights: For a measure whose rule is a mean: the file of the measure that weighs it. For another: amounts of
            its `split` weight, for areas of either day and of any level, which estimate cut pieces.

    Returns:
        A table of `ref_area, area_basis, time_period`, the dimensions, and `obs_value, obs_lower, obs_upper,
        obs_status, basis, coverage`.

    Raises:
        DataFault: A row does not fit; then the file is refused whole, since its totals would be wrong.
    """
    measure = job.measure
    observed = _observed(weights, job, catalog)
    areas = correspondence(
        catalog.register, job.from_day, job.to_day, measure.level, job.to_level, measure.split_weight, observed
    )
    source = read_source(file)
    given = conform_with_totals(
        source, _model(source, measure, job.from_day), measure, catalog, job.from_day, job.today
    )
    if given.rejects.height:
        raise DataFault(faults_of(given.rejects, file))
    weighed, remarks = _weighing(weights, job, catalog)
    figured = figures_of(given.figures, job, catalog, areas, weighed, given.totals)
    findings = (*remarks, *figured.findings)
    rows = gross_flows(figured.observations, measure, areas) if job.gross else figured.rows
    return Answer(_table(rows, measure), figured.balance, findings, figured.left)


@dataclass(frozen=True)
class Figured:
    """The figures of one measure (shape RESTATED), from which observations, both sides of the totals, and remarks.

    `left` is what is in no area any more, as `engine.left_land.left_amounts` has it.
    """

    rows: pl.DataFrame
    observations: pl.DataFrame
    balance: pl.DataFrame
    findings: tuple[Finding, ...]
    left: pl.DataFrame


def figures_of(
    observations: pl.DataFrame,
    job: Job,
    catalog: Catalog,
    areas: Correspondence,
    weighed: pl.DataFrame | None,
    totals: pl.DataFrame | None = None,
) -> Figured:
    """Restate the observations of a measure: suppression kept, totals checked, bounds narrowed, breaks told.

    Args:
        observations: Shape OBSERVATIONS.
        job: What is asked.
        catalog: The areas.
        areas: How they map.
        weighed: For a mean: what weighs it.
        totals: For a plain sum: known totals of areas above, shape OBSERVATIONS.
    """
    measure = job.measure
    if weighed is not None:
        weighed = _safe(weighed.with_columns(area_basis=pl.lit(job.from_day)), _weigher(job, catalog), catalog)
    protected = protect(observations, measure, catalog.register, catalog.codelists, weighed)
    known = _known(protected.observations, totals, job, catalog)
    completed = restate_completed(protected.observations, known.rests, measure, areas, weighed)
    restated = completed.restated
    sides = balance(completed.observations, restated, measure, areas)
    rows, found = _broken(_narrowed(restated, protected.observations, known.rests, job, catalog), job, catalog)
    contradictions = margin_findings(protected.observations, measure, catalog.codelists)
    left = [*from_nowhere(measure, areas), *left_land(protected.observations, measure, areas)]
    findings = (*contradictions, *protected.findings, *known.findings, *restated.findings, *left, *found)
    return Figured(rows, protected.observations, sides, findings, left_amounts(restated.held, measure))


def _known(figures: pl.DataFrame, totals: pl.DataFrame | None, job: Job, catalog: Catalog) -> Known:
    """What the totals of areas above leave for those without a figure; nothing where there are none."""
    if totals is None or totals.is_empty():
        return Known(pl.DataFrame(schema=RESTS), ())
    return known_totals(figures, totals, job.measure, catalog.register, job.from_day)


def _broken(rows: pl.DataFrame, job: Job, catalog: Catalog) -> tuple[pl.DataFrame, list[Finding]]:
    """The figures with those marked whose window crosses a change of boundaries, and what there is to say of them."""
    measure, register = job.measure, catalog.register
    if measure.time != "flow":
        return rows, []
    periods = rows["time_period"].unique()
    broken = breaks(register, periods, job.calendar, job.to_day, job.to_level)
    marked = mark(rows, broken)
    early = early_basis(register, periods, job.calendar, job.from_day, measure, "--from")
    return marked, [*early, *tell(marked, marked, broken, measure)]


def _narrowed(
    restated: Restated, observations: pl.DataFrame, rests: pl.DataFrame, job: Job, catalog: Catalog
) -> pl.DataFrame:
    """The figures with what the exact totals of the level above leave certain."""
    register, measure = catalog.register, job.measure
    above = level_above(register, job.to_day, job.to_level)
    if (
        measure.areas.rule != "sum"
        or measure.internal_flow
        or above is None
        or not restated.rows["obs_value"].has_nulls()
    ):
        return restated.rows
    areas = correspondence(register, job.from_day, job.to_day, measure.level, above, measure.split_weight)
    totals = restate_completed(observations, rests, measure, areas).restated.rows
    return narrowed(restated.rows, totals, parents_of(register, job.to_day, above, job.to_level), measure)


def _observations(file: Path, measure: Measure, job: Job, catalog: Catalog) -> pl.DataFrame:
    source = read_source(file)
    model = _model(source, measure, job.from_day)
    known = replace(catalog, measures={**catalog.measures, measure.id: measure})
    conformed = conform(source, model, known, job.from_day, job.today)
    if conformed.rejected:
        raise DataFault(faults_of(conformed.rejects, file))
    return conformed.good.select(*OBSERVATIONS)


def _model(source: Source, measure: Measure, day: date) -> DataModel:
    """The standard long form of one measure, with the dimensions that the file has."""
    return DataModel(
        id=measure.id,
        name=measure.name,
        source="",
        area_basis=day,
        layout="long",
        items={"": Item(measure.id)},
        dimension_columns={name: name for name in _dimensions(measure) if name in source.columns},
    )


def faults_of(rejects: pl.DataFrame, file: Path, most: int = 50) -> list[Finding]:
    """The first faults of the rows of a file, as findings."""
    findings = [
        Finding(
            row["rule"], "error", row["message_vi"], row["message_en"],
            file=str(file), line=row["source_line"], row=row["source_row"],
        )
        for row in rejects.head(most).iter_rows(named=True)
    ]  # fmt: skip
    if rejects.height > most:
        more = rejects.height - most
        vi, en = f"còn {more} lỗi nữa; sửa các lỗi trên rồi chạy lại", f"{more} more; correct these and run again"
        findings.append(Finding("restate.more", "error", vi, en, file=str(file)))
    return findings


def _observed(file: Path | None, job: Job, catalog: Catalog) -> Observed | None:
    """The amounts by which cut pieces are estimated; a mean has none, since its file weighs the mean itself."""
    basis = job.measure.split_weight
    if file is None or job.measure.areas.by is not None:
        return None
    if basis is None:
        vi = f"{job.measure.id} không khai `split: {{weight: …}}` nên --weights không được dùng; bỏ tệp hoặc khai"
        en = f"{job.measure.id} states no `split: {{weight: …}}`, so --weights says nothing: leave it out or state it"
        raise DataFault(Finding("restate.weights-unused", "error", vi, en, subject=job.measure.id, file=str(file)))
    day, level = weights_place(read_source(file), job, catalog.register)
    known = catalog.measures.get(basis)
    if known is None:
        known = replace(job.measure, id=basis, name=Name(basis, basis), decimals=9, dimensions={}, signed=False)
    rows = _observations(file, replace(known, level=level), replace(job, from_day=day), catalog)
    return observed_weights(_safe(rows.with_columns(area_basis=pl.lit(day)), known, catalog), known)


def _weighing(file: Path | None, job: Job, catalog: Catalog) -> tuple[pl.DataFrame | None, list[Finding]]:
    """What weighs a mean, with the totals of its categories, and what there is to say of those."""
    by = job.measure.areas.by
    if by is None:
        return None, []
    if file is None:
        vi = f"{job.measure.id} là số bình quân theo {by}; cho biết tệp số liệu của {by} bằng --weights TỆP"
        en = f"{job.measure.id} is a mean weighed by {by}; give the file of {by} with --weights FILE"
        raise DataFault(Finding("restate.no-weights", "error", vi, en, subject=job.measure.id))
    weighing = _weigher(job, catalog)
    return with_totals(_observations(file, weighing, job, catalog), weighing, catalog.codelists)


def _weigher(job: Job, catalog: Catalog) -> Measure:
    """The measure that weighs a mean, at the mean's level; a plain sum where the catalog does not have it."""
    by = job.measure.areas.by or ""
    unknown = replace(job.measure, id=by, name=Name(by, by), decimals=9, areas=AreaRule("sum"))
    return replace(catalog.measures.get(by, unknown), level=job.measure.level)


def _safe(rows: pl.DataFrame, measure: Measure, catalog: Catalog) -> pl.DataFrame:
    """Weights without those that would tell a suppressed one, since what they weigh would."""
    return protect(rows, measure, catalog.register, catalog.codelists).observations


def _dimensions(measure: Measure) -> list[str]:
    """The columns that break a measure down, with the other area of a move."""
    return sorted({*measure.dimensions, *filter(None, [measure.internal_flow])})


def _table(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """The rows with a column for each dimension that occurs; empty for the total."""
    texts = rows["dimensions"].unique().to_list()
    there = [name for name in _dimensions(measure) if any(f";{name}=" in f";{text}" for text in texts)]
    named = [
        pl.concat_str(pl.lit(";"), "dimensions", pl.lit(";")).str.extract(f";{name}=([^;]*);").fill_null("").alias(name)
        for name in there
    ]
    flow = [name for name in ("flow",) if name in rows.columns]
    return rows.with_columns(named).select(*AREA_COLUMNS, *there, *flow, *(c for c in FIGURE_COLUMNS if c in RESTATED))
