"""Load: a file becomes observations of a data set, in one transaction with its rejects and its provenance.

The id of a load is a hash of what went in and what came of it, so the same file loaded again changes nothing, and a
corrected file makes a new vintage beside the old one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from engine.conform import REJECTS, Conformed, conform
from engine.findings_table import findings_frame
from engine.frames import OBSERVATIONS, empty
from engine.lake import Connection, Writer, append, ensure_table, next_number, table_columns, writing
from engine.load_findings import reject_findings, seen_before
from engine.register_tables import write_register
from engine.source_files import read_source
from engine.tables import PREFIX, observation_columns
from engine.views import create_views
from engine.workspace import Workspace, person
from indicators.definitions import DataModel
from indicators.findings import DataFault, Finding, UsageFault
from indicators.suggestions import guess

if TYPE_CHECKING:
    from indicators.catalog import Catalog

Status = Literal["loaded", "refused", "unchanged", "checked"]


@dataclass(frozen=True)
class LoadResult:
    """What became of one file.

    Attributes:
        file: As the user named it.
        status: `loaded`, `refused` (nothing of it is in the lake), `unchanged` (it was there already), or `checked`
            (a dry run).
        load_id: The load in the lake; empty where there is none.
        rows: Rows of figures in the file.
        rejected: Rows that are not loaded, with their reasons in `rejects`.
        observations: Figures that are in the lake from this load.
        findings: What is wrong with the file and its rows; equal faults of many rows are one finding.
    """

    file: str
    dataset: str
    status: Status
    load_id: str
    rows: int
    rejected: int
    observations: int
    findings: tuple[Finding, ...]

    @property
    def faulty(self) -> bool:
        """Whether the file has an error, so that the command ends with exit code 1."""
        return any(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True)
class _Checked:
    """A file after conforming: what is to be written about it."""

    path: Path
    sha256: str
    conformed: Conformed
    refused: bool
    findings: tuple[Finding, ...]


def load(
    workspace: Workspace,
    catalog: Catalog,
    files: Sequence[Path],
    dataset: str,
    basis: date | None = None,
    dry_run: bool = False,
    today: date | None = None,
) -> list[LoadResult]:
    """Load files into a data set, each in its own transaction.

    Args:
        workspace: Whose lake.
        catalog: The definitions to conform to.
        files: CSV, XLSX or Parquet.
        dataset: Id of the data model.
        basis: The day whose areas the codes mean; None: what the model says.
        dry_run: Only check; nothing is written.
        today: For periods in the future; None: the day it is.

    Raises:
        UsageFault: There is no such data set, or no area is in force on the basis day.
        SystemFault: The lake cannot be written.
    """
    model = _model(catalog, dataset)
    day = basis or model.area_basis
    if not catalog.register.on(day):
        raise UsageFault(
            Finding(
                "load.basis",
                "error",
                f"--basis: không có địa bàn nào có hiệu lực ngày {day}; hãy chọn ngày có trong catalog/areas",
                f"--basis: no area is in force on {day}; choose a day that catalog/areas knows",
            )
        )
    results: list[LoadResult] = []
    with writing(workspace) as writer:
        for path in files:
            checked = _check(path, model, catalog, day, today or datetime.now(UTC).astimezone().date())
            if dry_run or not checked.sha256:
                results.append(_result(checked, dataset, "refused" if checked.refused else "checked", ""))
            else:
                # Once is enough: the register is the same for all files.
                first = not any(result.load_id for result in results)
                results.append(_store(writer, catalog, model, checked, day, first))
    return results


def _model(catalog: Catalog, dataset: str) -> DataModel:
    model = catalog.models.get(dataset)
    if model is None:
        guess_vi, guess_en = guess(dataset, catalog.models)
        raise UsageFault(
            Finding(
                "load.unknown-dataset",
                "error",
                f"--dataset: không có bộ dữ liệu «{dataset}»; {guess_vi}",
                f"--dataset: there is no data set '{dataset}'; {guess_en}",
            )
        )
    return model


def _check(path: Path, model: DataModel, catalog: Catalog, day: date, today: date) -> _Checked:
    """Read and conform a file; one that is unusable as a whole is refused with its findings."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    try:
        found = conform(read_source(path), model, catalog, day, today)
    except DataFault as fault:
        nothing = Conformed(empty(OBSERVATIONS), empty({name: kind() for name, kind in REJECTS.items()}), (), 0, 0)
        findings = tuple(replace(finding, file=str(path), subject=model.id) for finding in fault.findings)
        return _Checked(path, digest, nothing, True, findings)
    findings = (
        *(replace(remark, file=str(path), subject=model.id) for remark in found.remarks),
        *reject_findings(found.rejects, str(path), model.id),
    )
    strict = model.when_bad == "refuse_file" and any(finding.severity == "error" for finding in findings)
    if strict:
        found = replace(found, good=empty(OBSERVATIONS))
    return _Checked(path, digest, found, strict or found.good.is_empty(), findings)


def _store(
    writer: Writer, catalog: Catalog, model: DataModel, checked: _Checked, day: date, with_register: bool
) -> LoadResult:
    load_id = _load_id(model.id, day, checked)

    def work(connection: Connection) -> LoadResult:
        before = connection.execute("SELECT loaded_at FROM lake.loads WHERE load_id = ?", [load_id]).fetchone()
        if before is not None:
            create_views(connection, writer.workspace)
            again = seen_before(connection, load_id, str(checked.path), before[0])
            return _result(checked, model.id, "unchanged", load_id, again)
        sequence = next_number(connection, "loads", "load_seq")
        _write(connection, model, checked, load_id, sequence, day)
        if with_register:
            write_register(connection, catalog.register)
        return _result(checked, model.id, "refused" if checked.refused else "loaded", load_id)

    return writer.commit(work, f"load {model.id} {load_id} {checked.path.name}")


def _write(connection: Connection, model: DataModel, checked: _Checked, load_id: str, sequence: int, day: date) -> None:
    found, file = checked.conformed, checked.path.name
    _write_observations(connection, model, found.good, load_id, sequence)
    same = {"load_id": load_id, "dataset": model.id, "file": file}
    append(connection, "rejects", found.rejects.with_columns(pl.lit(text).alias(name) for name, text in same.items()))
    unread = [finding for finding in checked.findings if finding.rule not in set(found.rejects["rule"])]
    append(connection, "findings", findings_frame(unread, load_id))
    row = {
        **same,
        "load_seq": sequence,
        "sha256": checked.sha256,
        "area_basis": day,
        "source_rows": found.rows,
        "loaded_rows": 0 if checked.refused else found.rows - found.rejected,
        "rejected_rows": found.rejected,
        "observations": found.good.height,
        "status": "refused" if checked.refused else "loaded",
        "loaded_by": person(),
        "loaded_at": datetime.now(UTC).replace(tzinfo=None),
    }
    append(connection, "loads", pl.DataFrame([row]))


def _write_observations(
    connection: Connection, model: DataModel, good: pl.DataFrame, load_id: str, sequence: int
) -> None:
    named = {name for item in model.items.values() for name in item.dimensions} | set(model.dimension_columns)
    table = PREFIX + model.id
    ensure_table(connection, table, observation_columns(tuple(sorted(named))))
    columns = table_columns(connection, table)
    dimensions = [name for name in columns if name not in observation_columns(())]
    append(
        connection,
        table,
        good.with_columns(
            *[pl.col("dimensions").str.extract(rf"(?:^|;){name}=([^;]*)").alias(name) for name in dimensions],
            load_id=pl.lit(load_id),
            load_seq=pl.lit(sequence, dtype=pl.Int64),
        ).drop("dimensions"),
    )


def _load_id(dataset: str, day: date, checked: _Checked) -> str:
    """A hash of the file and of what came of it: a definition that changes nothing makes no new load."""
    facts = [dataset, checked.sha256, day.isoformat(), checked.refused, [finding.rule for finding in checked.findings]]
    digest = hashlib.sha256(json.dumps(facts).encode())
    good = checked.conformed.good.drop("source", "load_id")
    for part in (good, checked.conformed.rejects.select("source_row", "rule", "column_name")):
        for rows in part.iter_slices(200_000):
            digest.update(rows.write_csv().encode())
    return digest.hexdigest()[:16]


def _result(checked: _Checked, dataset: str, status: Status, load_id: str, more: Iterable[Finding] = ()) -> LoadResult:
    found = checked.conformed
    findings = (*checked.findings, *more)
    return LoadResult(
        str(checked.path), dataset, status, load_id, found.rows, found.rejected, found.good.height, findings
    )
