"""Publishes a run: into the lake in one transaction, and as files whose bytes depend on nothing but the figures."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl

from engine.findings_table import findings_frame
from engine.lake import Connection, append, commit, next_number, reading, snapshot
from engine.register_tables import write_register
from engine.run import Run
from engine.tables import TABLES
from engine.workspace import Workspace, person
from indicators.areas import Register
from indicators.correspondence import Correspondence

VALUE_ORDER = ["indicator", "area_basis", "ref_area", "time_period", "dimensions"]
RESTATED_ORDER = ["measure", "area_basis", "ref_area", "time_period", "dimensions"]


def catalog_fingerprint(folder: Path) -> str:
    """SHA-256 over the paths and bytes of a catalog's definitions, whatever order the disk lists them in."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".csv") and path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def publish(workspace: Workspace, register: Register, run: Run) -> tuple[int, Path]:
    """Write a run into the lake and beside it as Parquet and CSV files.

    A run that is there already writes nothing: the same question over the same figures changes nothing.

    Args:
        workspace: Where to.
        register: The areas, kept in the lake beside the figures.
        run: What to publish.

    Returns:
        The lake's snapshot, and the folder of the files.
    """
    values = run.values.with_columns(run_id=pl.lit(run.run_id)).sort(VALUE_ORDER)
    restated = run.restated.with_columns(run_id=pl.lit(run.run_id)).sort(RESTATED_ORDER)

    def write(connection: Connection) -> None:
        if not _known(connection, run.run_id):
            write_register(connection, register)
            for one in run.correspondences:
                _write_correspondence(connection, one)
            append(connection, "restated", restated)
            append(connection, "indicator_values", values)
            append(connection, "findings", findings_frame(run.findings, run.run_id))
            append(connection, "runs", _run_row(connection, run))

    commit(workspace, write, f"run {run.run_id}")
    with reading(workspace) as connection:  # the number that the commit got is known only after it
        number = snapshot(connection)
    folder = workspace.root / "published" / run.run_id
    _write_files(folder, {"indicator_values": values, "restated": restated, "balance": run.balance})
    return number, folder


def _known(connection: Connection, run_id: str) -> bool:
    return connection.execute("SELECT 1 FROM lake.runs WHERE run_id = ?", [run_id]).fetchone() is not None


def _run_row(connection: Connection, run: Run) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "run_id": run.run_id,
            "run_seq": next_number(connection, "runs", "run_seq"),
            "report": run.question.report,
            "time_periods": ", ".join(run.question.periods),
            "area_days": ", ".join(day.isoformat() for day in run.question.days),
            "loads": ", ".join(run.loads),
            "catalog_sha256": run.catalog_sha256,
            "figures": run.values.height,
            "run_by": person(),
            "run_at": datetime.now(UTC).replace(tzinfo=None),
        }
    )


def _write_correspondence(connection: Connection, one: Correspondence) -> None:
    weight = one.weight or ""
    key = [one.from_day, one.to_day, one.level, one.to_level, weight]
    rows = [
        (
            *key, pair.from_area, pair.to_area, _share(pair.share), _share(pair.lower), _share(pair.upper),
            pair.quality, "; ".join(pair.law),
        )
        for pair in one.pairs
    ]  # fmt: skip
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        "VARCHAR": pl.String,
        "DATE": pl.Date,
        "DECIMAL(18, 12)": pl.Decimal(18, 12),
    }
    schema = {name: kinds[kind] for name, kind in TABLES["correspondence"].items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    same = "from_day = ? AND to_day = ? AND level = ? AND to_level = ? AND weight = ?"
    held = connection.execute(f"SELECT * FROM lake.correspondence WHERE {same}", key).pl()  # noqa: S608
    order = list(TABLES["correspondence"])
    if held.sort(order).equals(frame.sort(order)):
        return
    connection.execute(f"DELETE FROM lake.correspondence WHERE {same}", key)  # noqa: S608
    append(connection, "correspondence", frame)


def _share(share: Fraction | None) -> Decimal | None:
    if share is None:
        return None
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("1e-12"))


def _write_files(folder: Path, frames: dict[str, pl.DataFrame]) -> None:
    """Each file is written beside its place and moved there whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        for suffix in ("parquet", "csv"):
            target, part = folder / f"{name}.{suffix}", folder / f".{name}.{suffix}.part"
            if suffix == "parquet":
                frame.write_parquet(part, compression="zstd")
            else:
                frame.write_csv(part)
            os.replace(part, target)
