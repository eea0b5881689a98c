"""The lake: all or nothing, one writer at a time, and views that are always there."""

from __future__ import annotations

import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from engine import lake
from engine.lake import Connection, append, commit, next_number, reading, snapshot
from engine.register_tables import write_register
from engine.tables import TABLES
from engine.views import VIEWS, create_views
from engine.workspace import SETTINGS_FILE, Workspace
from indicators.catalog import Catalog
from indicators.findings import DataFault, SystemFault, UsageFault

VALUE = {
    "indicator": "a",
    "version": "2020-01-01",
    "ref_area": "01",
    "area_basis": date(2025, 7, 1),
    "time_period": "2024",
    "dimensions": "",
    "obs_value": Decimal("1.5"),
    "obs_lower": Decimal("1.5"),
    "obs_upper": Decimal("1.5"),
    "obs_status": "A",
    "basis": "exact",
    "coverage": Decimal(1),
    "unit": "PERSON",
    "run_id": "r1",
}


def run_row(number: int) -> pl.DataFrame:
    empty = dict.fromkeys(TABLES["runs"])
    return pl.DataFrame([{**empty, "run_id": f"r{number}", "run_seq": number}])


def add_values(workspace: Workspace, number: int, **changes: object) -> None:
    def work(connection: Connection) -> None:
        append(connection, "runs", run_row(number))
        append(connection, "indicator_values", pl.DataFrame([{**VALUE, "run_id": f"r{number}", **changes}]))

    commit(workspace, work, "run")


def test_every_view_is_there_with_its_columns_before_anything_is(workspace: Workspace) -> None:
    with reading(workspace) as connection:
        create_views(connection, workspace)
        for view, columns in VIEWS.items():
            described = connection.execute(f"SELECT * FROM {view}").description
            assert [column[0] for column in described or ()] == list(columns)
    assert not workspace.lake.exists()


def test_a_transaction_that_fails_leaves_nothing(workspace: Workspace) -> None:
    def work(connection: Connection) -> None:
        append(connection, "indicator_values", pl.DataFrame([VALUE]))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        commit(workspace, work, "never")
    with reading(workspace) as connection:
        assert lake.tables(connection) == set()


def test_a_transaction_without_changes_makes_no_snapshot(workspace: Workspace) -> None:
    first = commit(workspace, lambda connection: append(connection, "runs", run_row(1)), "one")
    assert first is None
    before, after = (commit(workspace, snapshot, "nothing") for _ in range(2))
    assert before == after == 1


def test_a_conflict_is_tried_again(workspace: Workspace) -> None:
    tries = []

    def work(connection: Connection) -> int:
        tries.append(1)
        if len(tries) < 3:
            raise duckdb.TransactionException("conflict on commit")
        return next_number(connection, "runs", "run_seq")

    assert commit(workspace, work, "at last") == 1
    assert len(tries) == 3


def test_a_lock_that_stays_is_a_system_fault(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(workspace, snapshot, "make it")
    monkeypatch.setattr(lake, "WAIT_FOR_WRITER", 0.1)
    other = sqlite3.connect(workspace.lake / "writer.lock", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SystemFault) as caught:
        commit(workspace, snapshot, "waits")
    other.close()
    assert caught.value.exit_code == 3
    assert isinstance(commit(workspace, snapshot, "free again"), int)


def test_rows_are_stored_in_one_order_whatever_order_they_come_in(tmp_path: Path) -> None:
    frame = pl.DataFrame([{**VALUE, "ref_area": f"{number:05}"} for number in range(3000)])
    stored = []
    for name, rows in (("a", frame), ("b", frame.sample(fraction=1, shuffle=True, seed=7))):
        workspace = Workspace.create(tmp_path / name)
        commit(workspace, lambda connection, rows=rows: append(connection, "indicator_values", rows), "x")
        (file,) = workspace.lake_data.rglob("*.parquet")
        stored.append(pl.read_parquet(file))
    assert stored[0].equals(stored[1])


def test_decimals_are_exact_to_the_last_digit(workspace: Workspace) -> None:
    large = Decimal("12345678901234567890123456789.123456789")
    add_values(workspace, 1, obs_value=large)
    with reading(workspace) as connection:
        create_views(connection, workspace)
        assert connection.execute("SELECT obs_value FROM indicator_values").fetchone() == (large,)


def test_the_newest_run_of_each_key_is_shown_and_the_older_snapshot_shows_the_older(workspace: Workspace) -> None:
    add_values(workspace, 1)
    add_values(workspace, 2, obs_value=Decimal("2.5"))
    add_values(workspace, 3, ref_area="02")
    query = "SELECT ref_area, obs_value, run_id FROM indicator_values ORDER BY ref_area"
    shown = {}
    for as_of in ("", "1"):
        with reading(workspace, as_of) as connection:
            create_views(connection, workspace)
            shown[as_of] = connection.execute(query).fetchall()
    assert shown[""] == [("01", Decimal("2.5"), "r2"), ("02", Decimal("1.5"), "r3")]
    assert shown["1"] == [("01", Decimal("1.5"), "r1")]


@pytest.mark.parametrize("as_of", ["99", "2001-01-01", "2001-01-01T10:00:00", "yesterday", "-1", "1; DROP"])
def test_a_snapshot_that_is_not_there_is_told(workspace: Workspace, as_of: str) -> None:
    add_values(workspace, 1)
    with pytest.raises(UsageFault), reading(workspace, as_of):
        pass


def test_a_reader_cannot_write(workspace: Workspace) -> None:
    add_values(workspace, 1)
    with reading(workspace) as connection, pytest.raises(duckdb.InvalidInputException):
        connection.execute("DELETE FROM lake.runs")


def test_a_broken_lake_is_a_system_fault(workspace: Workspace) -> None:
    workspace.lake.mkdir()
    workspace.lake_catalog.write_bytes(b"this is no database" * 100)
    with pytest.raises(SystemFault), reading(workspace):
        pass


def test_a_lake_may_be_moved_and_its_folder_may_have_any_name(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "Sở Thống kê's kho số liệu")
    add_values(workspace, 1)
    moved = workspace.root.rename(tmp_path / "moved")
    with reading(Workspace.open(moved)) as connection:
        create_views(connection, workspace)
        assert connection.execute("SELECT count(*) FROM indicator_values").fetchone() == (1,)


def test_the_register_is_written_when_it_changed_only(workspace: Workspace, small: Catalog) -> None:
    assert commit(workspace, lambda connection: write_register(connection, small.register), "first")
    before = commit(workspace, snapshot, "look")
    assert not commit(workspace, lambda connection: write_register(connection, small.register), "again")
    assert commit(workspace, snapshot, "look") == before
    changed = type(small.register)(small.register.areas[1:], small.register.changes)
    assert commit(workspace, lambda connection: write_register(connection, changed), "changed")


def test_the_ledger_is_read_without_its_payloads(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.ledger) as ledger:
        columns = [name for name in VIEWS["submissions"] if name != "id"]
        ledger.execute(f"CREATE TABLE submissions (id INTEGER PRIMARY KEY, {', '.join(columns)}, payload BLOB)")
        ledger.execute(f"INSERT INTO submissions ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", [
            "r", "2024", "01", "sandbox", 1, "key", "hash", "accepted", None, "3", "2026-01-01", "2026-01-01",
        ])  # fmt: skip
    ledger.close()
    with reading(workspace) as connection:
        create_views(connection, workspace)
        assert connection.execute("SELECT report, revision, state FROM submissions").fetchall() == [
            ("r", 1, "accepted")
        ]
        assert connection.execute("SELECT count(*) FROM receipts").fetchone() == (0,)


def test_a_folder_that_is_no_workspace_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as caught:
        Workspace.open(tmp_path)
    assert "chitieu init" in caught.value.findings[0].en


@pytest.mark.parametrize(
    "text",
    [
        "[folder]\n",
        "[folders]\nlakes = 'x'\n",
        "[engine]\nthreads = 'two'\n",
        "[engine]\nthreads = -1\n",
        "x ==\n",
        "a=1\n",
    ],
)
def test_settings_are_read_strictly(tmp_path: Path, text: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        Workspace.open(tmp_path)
    assert caught.value.findings[0].file.endswith(SETTINGS_FILE)


def test_settings_name_other_folders(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text("[folders]\nlake = 'kho'\n[engine]\nthreads = 1\n", encoding="utf-8")
    workspace = Workspace.open(tmp_path)
    assert (workspace.lake, workspace.threads, Workspace.open(tmp_path, threads=2).threads) == (tmp_path / "kho", 1, 2)
