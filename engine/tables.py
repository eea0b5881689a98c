"""The lake's tables: their columns and types, in the order in which they are written and shown."""

from __future__ import annotations

from collections.abc import Mapping

Columns = Mapping[str, str]
"""Column name to its DuckDB type, in order."""

VALUE = "DECIMAL(38, 9)"
SHARE = "DECIMAL(18, 12)"
COVERAGE = "DECIMAL(9, 6)"

TABLES: Mapping[str, Columns] = {
    "loads": {
        "load_id": "VARCHAR",
        "load_seq": "BIGINT",
        "dataset": "VARCHAR",
        "file": "VARCHAR",
        "sha256": "VARCHAR",
        "area_basis": "DATE",
        "source_rows": "BIGINT",
        "loaded_rows": "BIGINT",
        "rejected_rows": "BIGINT",
        "observations": "BIGINT",
        "status": "VARCHAR",
        "loaded_by": "VARCHAR",
        "loaded_at": "TIMESTAMP",
    },
    "rejects": {
        "load_id": "VARCHAR",
        "dataset": "VARCHAR",
        "file": "VARCHAR",
        "source_row": "BIGINT",
        "source_line": "BIGINT",
        "rule": "VARCHAR",
        "column_name": "VARCHAR",
        "value": "VARCHAR",
        "message_vi": "VARCHAR",
        "message_en": "VARCHAR",
        "original": "VARCHAR",
    },
    "findings": {
        "run_id": "VARCHAR",
        "rule": "VARCHAR",
        "severity": "VARCHAR",
        "subject": "VARCHAR",
        "ref_area": "VARCHAR",
        "time_period": "VARCHAR",
        "file": "VARCHAR",
        "line": "BIGINT",
        "source_row": "BIGINT",
        "message_vi": "VARCHAR",
        "message_en": "VARCHAR",
    },
    "runs": {
        "run_id": "VARCHAR",
        "run_seq": "BIGINT",
        "report": "VARCHAR",
        "time_periods": "VARCHAR",
        "area_days": "VARCHAR",
        "loads": "VARCHAR",
        "catalog_sha256": "VARCHAR",
        "figures": "BIGINT",
        "run_by": "VARCHAR",
        "run_at": "TIMESTAMP",
    },
    "restated": {
        "measure": "VARCHAR",
        "ref_area": "VARCHAR",
        "area_basis": "DATE",
        "time_period": "VARCHAR",
        "dimensions": "VARCHAR",
        "obs_value": VALUE,
        "obs_lower": VALUE,
        "obs_upper": VALUE,
        "obs_status": "VARCHAR",
        "basis": "VARCHAR",
        "coverage": COVERAGE,
        "run_id": "VARCHAR",
    },
    "indicator_values": {
        "indicator": "VARCHAR",
        "version": "VARCHAR",
        "ref_area": "VARCHAR",
        "area_basis": "DATE",
        "time_period": "VARCHAR",
        "dimensions": "VARCHAR",
        "obs_value": VALUE,
        "obs_lower": VALUE,
        "obs_upper": VALUE,
        "obs_status": "VARCHAR",
        "basis": "VARCHAR",
        "coverage": COVERAGE,
        "unit": "VARCHAR",
        "run_id": "VARCHAR",
    },
    "areas": {
        "code": "VARCHAR",
        "level": "VARCHAR",
        "type": "VARCHAR",
        "name_vi": "VARCHAR",
        "name_en": "VARCHAR",
        "parent": "VARCHAR",
        "valid_from": "DATE",
        "valid_to": "DATE",
        "legal_basis": "VARCHAR",
    },
    "changes": {
        "effective": "DATE",
        "kind": "VARCHAR",
        "from_code": "VARCHAR",
        "to_code": "VARCHAR",
        "part": "VARCHAR",
        "legal_basis": "VARCHAR",
        "note": "VARCHAR",
    },
    "correspondence": {
        "from_day": "DATE",
        "to_day": "DATE",
        "level": "VARCHAR",
        "to_level": "VARCHAR",
        "weight": "VARCHAR",
        "from_area": "VARCHAR",
        "to_area": "VARCHAR",
        "share": SHARE,
        "share_lower": SHARE,
        "share_upper": SHARE,
        "quality": "VARCHAR",
        "legal_basis": "VARCHAR",
    },
}
"""Tables that every lake has. `findings.run_id` is the run, or the load, that found it."""

OBSERVATION_KEY: tuple[str, ...] = ("measure", "ref_area", "area_basis", "time_period")
"""What, with the dimensions, identifies an observation of a data set."""

PREFIX = "obs_"


def observation_columns(dimensions: tuple[str, ...]) -> Columns:
    """The columns of a data set's own table: its dimensions stand as columns, null for the total."""
    return {
        **dict.fromkeys(("measure", "ref_area"), "VARCHAR"),
        "area_basis": "DATE",
        "time_period": "VARCHAR",
        **dict.fromkeys(dimensions, "VARCHAR"),
        "obs_value": VALUE,
        "obs_status": "VARCHAR",
        "load_id": "VARCHAR",
        "load_seq": "BIGINT",
        "source": "VARCHAR",
    }


def quoted(name: str) -> str:
    """An SQL identifier.

    >>> print(quoted('a"b'))
    "a""b"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL text literal.

    >>> literal("Ea H'Leo")
    "'Ea H''Leo'"
    """
    return "'" + text.replace("'", "''") + "'"


def definition(columns: Columns) -> str:
    """Columns as CREATE TABLE takes them."""
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
