"""`chitieu restate` on a Parquet file of many measures: each by its own rule, all into one Parquet file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from console.output import counts, say, show_findings
from indicators.findings import Finding, UsageFault

if TYPE_CHECKING:
    from engine.measure_file import FileFacts
    from engine.restate_measures import ManyAnswer
    from indicators.catalog import Catalog
    from indicators.definitions import Calendar, Measure

ALL = "all"


def catalog_and_facts(folder: Path, file: Path, day: date) -> tuple[Catalog, FileFacts | None]:
    """The catalog, and meanwhile what a file of many measures holds; None for any other file."""
    from engine.measure_file import has_measures, survey
    from indicators.catalog import load_catalog

    with ThreadPoolExecutor(1) as thread:
        looking = thread.submit(survey, file, day) if has_measures(file) else None
        catalog = load_catalog(folder)
        return catalog, looking.result() if looking is not None else None


def restate_many(
    file: Path,
    names: Sequence[str],
    measures: Mapping[str, Measure],
    days: tuple[date, date],
    levels: tuple[str, str],
    output: Path | None,
    catalog: Catalog,
    calendar: Calendar | None,
    facts: FileFacts,
) -> None:
    """Restate a file with a column `measure`.

    Args:
        file: Parquet.
        names: What `--measure` says; `all` alone: every measure of the file.
        measures: Those that are named, or the whole catalog.
        days: Of the areas in the file, and of those wanted.
        levels: Of the file, where it is not that of the measure, and the one wanted; or empty.
        output: The Parquet file to write.
        catalog: The areas and code lists.
        calendar: Has the windows that flows count.
        facts: What the file holds.
    """
    from engine.restate_measures import ManyJob, restate_measures

    if output is None or output.suffix.lower() != ".parquet":
        raise UsageFault(_not_parquet(file))
    level, to_level = levels
    chosen = {name: replace(measure, level=level or measure.level) for name, measure in measures.items()}
    today = date.today()  # noqa: DTZ011  # a day as people here see it
    job = ManyJob(chosen, list(names) == [ALL], *days, to_level, today, calendar)
    answer = restate_measures(file, output, job, catalog, facts)
    show_findings(answer.findings)
    _summarise(answer)
    say(f"đã ghi {output}", f"wrote {output}")


def require_one(file: Path, names: Sequence[str], catalog: Catalog) -> None:
    """Refuse several measures of a file that does not say which of them its rows are of.

    Raises:
        UsageFault: Several are named, or all; the finding says what the file lacks.
    """
    if len(names) == 1 and (names[0] != ALL or ALL in catalog.measures):
        return
    asked = " ".join(names)
    if file.suffix.lower() == ".parquet":
        vi = f"--measure {asked}: {file} không có cột measure; thêm cột đó vào tệp, hoặc nêu một đại lượng"
        en = f"--measure {asked}: {file} has no column measure; add it to the file, or name one measure"
    else:
        vi = f"--measure {asked}: nhiều đại lượng cần tệp Parquet có cột measure; với {file} hãy nêu một đại lượng"
        en = f"--measure {asked}: several measures take a Parquet file with a column measure; of {file} name one"
    raise UsageFault(Finding("usage.many-measures", "error", vi, en))


def refuse_options(given: Mapping[str, object]) -> None:
    """Refuse options that mean nothing for a file of many measures.

    Args:
        given: Option to its value.

    Raises:
        UsageFault: One finding for each that was given.
    """
    findings = []
    for option, value in given.items():
        if value:
            vi = f"{option} không dùng cho tệp có nhiều đại lượng: tách riêng đại lượng cần đến nó"
            en = f"{option} is not for a file of many measures: put the measure that needs it into a file of its own"
            findings.append(Finding("usage.many-measures", "error", vi, en))
    if findings:
        raise UsageFault(findings)


def _summarise(answer: ManyAnswer) -> None:
    series, done = answer.additive_series, len(answer.dense) + len(answer.general)
    say(
        f"{done} đại lượng, {answer.rows:,} dòng; tổng trước và sau khớp ở cả {series:,} chuỗi cộng được",
        f"{done} measures, {answer.rows:,} rows; totals before and after agree in all {series:,} additive series",
    )
    bases = dict(sorted(answer.bases.items()))
    say(f"kết quả: {counts(bases)}", f"result: {counts(bases)}")


def _not_parquet(file: Path) -> Finding:
    vi = f"{file} có nhiều đại lượng; kết quả ghi vào tệp Parquet: -o TỆP.parquet"
    en = f"{file} holds many measures; the result goes into a Parquet file: -o FILE.parquet"
    return Finding("usage.many-measures", "error", vi, en)
