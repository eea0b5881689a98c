"""Findings as rows of the lake's table, under the run or the load that found them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from engine.tables import TABLES
from indicators.findings import Finding


def findings_frame(findings: Iterable[Finding], run_id: str) -> pl.DataFrame:
    """Findings as rows of the table `findings`, each once, in their order; a file by its name without the folder."""
    rows = [
        (run_id, f.rule, f.severity, f.subject, f.ref_area, f.time_period, Path(f.file).name, f.line, f.row, f.vi, f.en)
        for f in dict.fromkeys(findings)
    ]
    schema = {name: pl.Int64 if kind == "BIGINT" else pl.String for name, kind in TABLES["findings"].items()}
    return pl.DataFrame(rows, schema=schema, orient="row")
