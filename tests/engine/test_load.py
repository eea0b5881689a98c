"""Loading: provenance, vintages, snapshots, and nothing half-loaded."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine.lake import reading, snapshot
from engine.load import LoadResult, load
from engine.views import create_views
from engine.workspace import Workspace
from indicators.catalog import Catalog
from indicators.findings import UsageFault

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "figures"
TODAY = date(2026, 3, 1)
Write = Callable[..., Path]


def put(workspace: Workspace, catalog: Catalog, file: Path, dataset: str = "births") -> LoadResult:
    return load(workspace, catalog, [file], dataset, today=TODAY)[0]


def ask(workspace: Workspace, sql: str, as_of: str = "") -> list[tuple[object, ...]]:
    with reading(workspace, as_of) as connection:
        create_views(connection, workspace)
        return connection.execute(sql).fetchall()


def current_snapshot(workspace: Workspace) -> int:
    with reading(workspace) as connection:
        return snapshot(connection)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shipped: Catalog) -> tuple[Workspace, dict[str, LoadResult]]:
    """A workspace with all real figures."""
    workspace = Workspace.create(tmp_path_factory.mktemp("real") / "workspace")
    names = sorted(shipped.models)
    return workspace, {name: put(workspace, shipped, FIGURES / f"{name}.csv", name) for name in names}


def test_real_figures_are_loaded_with_known_counts(real: tuple[Workspace, dict[str, LoadResult]]) -> None:
    workspace, results = real
    assert {name: result.status for name, result in results.items()} == dict.fromkeys(results, "loaded")
    counted = ask(workspace, "SELECT dataset, count(*), count(obs_value) FROM observations GROUP BY ALL ORDER BY ALL")
    assert counted == [
        ("budget", 3780, 3780),
        ("census_2019", 20020, 20020),
        ("covid_2021", 62, 62),
        ("nso_2024", 189, 189),
        ("papi", 2632, 2632),
        ("pci", 5196, 5196),
        ("population_2020", 63, 63),
    ]


def test_totals_are_those_of_the_sources(real: tuple[Workspace, object]) -> None:
    totals = ask(
        real[0],
        "SELECT measure, sum(obs_value) FROM observations WHERE measure IN "
        "('population.census', 'land.area', 'health.covid_cases') GROUP BY ALL ORDER BY ALL",
    )
    assert totals == [
        ("health.covid_cases", Decimal(887800)),
        ("land.area", Decimal("331326.1")),
        ("population.census", Decimal(96022015)),
    ]


def test_a_missing_province_is_missing_and_not_zero(real: tuple[Workspace, object]) -> None:
    rows = ask(real[0], "SELECT * FROM observations WHERE dataset = 'covid_2021' AND ref_area = '04'")
    assert rows == []


def test_codes_keep_their_zeros_and_their_day(real: tuple[Workspace, object]) -> None:
    rows = ask(
        real[0],
        "SELECT ref_area, area_basis, dimensions, obs_value, source FROM observations "
        "WHERE dataset = 'census_2019' AND ref_area = '00004' ORDER BY dimensions",
    )
    assert rows == [
        ("00004", date(2025, 6, 30), "residence=R", 0, "census_2019.csv:2"),
        ("00004", date(2025, 6, 30), "residence=U", 14770, "census_2019.csv:2"),
    ]


def test_provenance_names_file_hash_rows_and_person(
    real: tuple[Workspace, dict[str, LoadResult]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import hashlib

    digest = hashlib.sha256((FIGURES / "budget.csv").read_bytes()).hexdigest()
    rows = ask(
        real[0],
        "SELECT file, sha256, area_basis, source_rows, loaded_rows, rejected_rows, observations, status, "
        "loaded_by <> '' FROM loads WHERE dataset = 'budget'",
    )
    assert rows == [("budget.csv", digest, date(2025, 6, 30), 5296, 3780, 1516, 3780, "loaded", True)]


def test_rejects_are_kept_with_their_reason(real: tuple[Workspace, dict[str, LoadResult]]) -> None:
    rows = ask(
        real[0], "SELECT dataset, rule, count(*), count(original) FROM rejects GROUP BY ALL ORDER BY dataset, rule"
    )
    assert rows == [
        ("budget", "load.no-area", 20, 20),
        ("budget", "load.period-too-early", 1516, 1516),
        ("papi", "load.too-small", 2, 2),
        ("pci", "load.no-area", 47, 47),
        ("pci", "load.period-too-early", 2766, 2766),
    ]


def test_the_register_is_there_for_sql(real: tuple[Workspace, object], shipped: Catalog) -> None:
    rows = ask(real[0], "SELECT name_vi, valid_from FROM areas WHERE code = '15' ORDER BY valid_from")
    assert rows == [("Tỉnh Yên Bái", date(2008, 8, 1)), ("Tỉnh Lào Cai", date(2025, 7, 1))]
    assert ask(real[0], "SELECT count(*) FROM changes") == [(len(shipped.register.changes),)]


def test_the_same_file_again_changes_nothing(real: tuple[Workspace, dict[str, LoadResult]], shipped: Catalog) -> None:
    workspace, first = real
    before = current_snapshot(workspace)
    again = put(workspace, shipped, FIGURES / "budget.csv", "budget")
    assert (again.status, again.load_id) == ("unchanged", first["budget"].load_id)
    assert again.faulty, "its bad rows are still bad"
    assert current_snapshot(workspace) == before


def test_the_same_file_under_another_name_changes_nothing(
    workspace: Workspace, small: Catalog, births_file: Write
) -> None:
    put(workspace, small, births_file("00001,2024,F,1,A"))
    again = put(workspace, small, births_file("00001,2024,F,1,A", name="copy.csv"))
    assert again.status == "unchanged"


def test_a_corrected_file_makes_a_vintage_and_the_old_one_stays(
    workspace: Workspace, small: Catalog, births_file: Write
) -> None:
    first = put(workspace, small, births_file("00001,2024,F,10,A", "00004,2024,F,20,A"))
    before = current_snapshot(workspace)
    second = put(workspace, small, births_file("00001,2024,F,11,A", name="corrected.csv"))
    assert first.load_id != second.load_id
    now = "SELECT ref_area, obs_value FROM observations ORDER BY ref_area"
    assert ask(workspace, now) == [("00001", 11), ("00004", 20)]
    assert ask(workspace, now, as_of=str(before)) == [("00001", 10), ("00004", 20)]
    history = "SELECT obs_value, current, load_id FROM vintages WHERE ref_area = '00001' ORDER BY load_seq"
    assert ask(workspace, history) == [(10, False, first.load_id), (11, True, second.load_id)]


def test_an_empty_cell_withdraws_a_figure(workspace: Workspace, small: Catalog, births_file: Write) -> None:
    put(workspace, small, births_file("00001,2024,F,10,A"))
    put(workspace, small, births_file("00001,2024,F,,", name="withdrawn.csv"))
    assert ask(workspace, "SELECT obs_value, obs_status FROM observations") == [(None, "O")]


def test_an_old_file_does_not_undo_its_correction_and_says_so(
    workspace: Workspace, small: Catalog, births_file: Write
) -> None:
    old = births_file("00001,2024,F,10,A")
    put(workspace, small, old)
    put(workspace, small, births_file("00001,2024,F,11,A", name="corrected.csv"))
    again = put(workspace, small, old)
    assert [finding.rule for finding in again.findings] == ["load.replaced-since"]
    assert not again.faulty
    assert ask(workspace, "SELECT obs_value FROM observations") == [(11,)]


def test_a_day_or_a_moment_names_a_snapshot(workspace: Workspace, small: Catalog, births_file: Write) -> None:
    put(workspace, small, births_file("00001,2024,F,10,A"))
    moment = str(ask(workspace, "SELECT loaded_at FROM loads")[0][0]) + "+00:00"
    time.sleep(0.01)
    put(workspace, small, births_file("00001,2024,F,11,A", name="corrected.csv"))
    count = "SELECT count(*) FROM vintages"
    after = str(ask(workspace, "SELECT max(loaded_at) FROM loads")[0][0]).split(" ")[0]
    assert ask(workspace, count, as_of="1") == [(1,)]
    assert ask(workspace, count, as_of=after + "T23:59:59.999999+00:00") == [(2,)]
    with pytest.raises(UsageFault):
        ask(workspace, count, as_of="2001-01-01")
    assert moment


def test_what_a_definition_changes_makes_a_new_load(workspace: Workspace, small: Catalog, births_file: Write) -> None:
    """A row that was refused comes in when the register or the model is corrected, without touching the file."""
    file = births_file("00001,2008,F,10,A")
    assert put(workspace, small, file).status == "refused"
    corrected = replace(small, models={"births": replace(small.models["births"], time_min="2005")})
    assert put(workspace, corrected, file).status == "loaded"


def test_a_dry_run_writes_nothing(workspace: Workspace, small: Catalog, births_file: Write) -> None:
    result = load(workspace, small, [births_file("00001,2024,F,1,A", "x,2024,F,1,A")], "births", None, True, TODAY)[0]
    assert (result.status, result.observations, result.rejected) == ("checked", 1, 1)
    assert not workspace.lake.exists()


def test_one_bad_file_does_not_keep_others_out(workspace: Workspace, small: Catalog, births_file: Write) -> None:
    bad, good = births_file(name="empty.csv"), births_file("00001,2024,F,1,A")
    results = load(workspace, small, [bad, good], "births", today=TODAY)
    assert [result.status for result in results] == ["refused", "loaded"]
    assert ask(workspace, "SELECT file, status FROM loads ORDER BY load_seq") == [
        ("empty.csv", "refused"),
        ("births.csv", "loaded"),
    ]
    assert ask(workspace, "SELECT rule FROM findings") == [("source.header-only",)]


@pytest.mark.parametrize(("dataset", "basis"), [("birth", None), ("births", date(1900, 1, 1))])
def test_wrong_usage_is_told(
    workspace: Workspace, small: Catalog, births_file: Write, dataset: str, basis: date | None
) -> None:
    with pytest.raises(UsageFault) as caught:
        load(workspace, small, [births_file("00001,2024,F,1,A")], dataset, basis)
    assert caught.value.exit_code == 2


def test_threads_do_not_change_what_is_stored(tmp_path: Path, shipped: Catalog) -> None:
    stored = []
    for threads in (1, 2):
        root = Workspace.create(tmp_path / str(threads)).root
        workspace = Workspace.open(root, threads=threads)
        put(workspace, shipped, FIGURES / "census_2019.csv", "census_2019")
        (file,) = (workspace.lake_data / "main" / "obs_census_2019").glob("*.parquet")
        stored.append(pl.read_parquet(file))
    assert stored[0].equals(stored[1]), "also in the same order"


LOADER = """
import sys
from datetime import date
from pathlib import Path
from engine.load import load
from engine.workspace import Workspace
from indicators.catalog import load_catalog
root, files = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
catalog = load_catalog(Path("catalog"))
print("ready", flush=True)
load(Workspace.open(root), catalog, files, "census_2019")
"""


def test_a_kill_leaves_a_load_there_whole_or_not_at_all(tmp_path: Path, shipped: Catalog) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    census = (FIGURES / "census_2019.csv").read_text(encoding="utf-8")
    files = []
    for number in range(3):
        file = tmp_path / f"census {number}.csv"
        file.write_text(census.replace("21946,21946,0", f"{21000 + number},{21000 + number},0"), encoding="utf-8")
        files.append(file)
    for wait in (0.2, 0.5):
        command = [sys.executable, "-c", LOADER, str(workspace.root), *map(str, files)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        if not workspace.lake_catalog.exists():
            continue
        with reading(workspace) as connection:
            create_views(connection, workspace)
            counts = connection.execute(
                "SELECT l.observations, (SELECT count(*) FROM vintages v WHERE v.load_id = l.load_id) FROM loads l"
            ).fetchall()
            strangers = connection.execute(
                "SELECT count(*) FROM vintages WHERE load_id NOT IN (SELECT load_id FROM loads)"
            ).fetchone()
        assert all(count == (20020, 20020) for count in counts)
        assert strangers == (0,)
    results = load(workspace, shipped, files, "census_2019")
    assert {result.observations for result in results} == {20020}
    assert ask(workspace, "SELECT count(*), sum(CAST(current AS INT)) FROM vintages") == [(3 * 20020, 20020)]


def test_readers_see_whole_loads_while_another_process_writes(tmp_path: Path, shipped: Catalog) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    put(workspace, shipped, FIGURES / "census_2019.csv", "census_2019")
    census = (FIGURES / "census_2019.csv").read_text(encoding="utf-8")
    files = []
    for number in range(2):
        file = tmp_path / f"census {number}.csv"
        file.write_text(census.replace("21946,21946,0", f"{21000 + number},{21000 + number},0"), encoding="utf-8")
        files.append(file)
    command = [sys.executable, "-c", LOADER, str(workspace.root), *map(str, files)]
    seen = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while process.poll() is None:
            seen += ask(workspace, "SELECT count(*), count(DISTINCT load_id), sum(CAST(current AS INT)) FROM vintages")
    assert process.returncode == 0
    assert len(seen) >= 2
    assert all(rows == 20020 * loads and current == 20020 for rows, loads, current in seen)
    assert ask(workspace, "SELECT count(DISTINCT load_id) FROM vintages") == [(3,)]


def test_two_writers_at_once_both_commit(tmp_path: Path, shipped: Catalog) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    census = (FIGURES / "census_2019.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:501]
    commands = []
    for number in range(2):
        file = tmp_path / f"census {number}.csv"
        file.write_text("".join(census).replace("21946,21946,0", f"{number},{number},0"), encoding="utf-8")
        commands.append([sys.executable, "-c", LOADER, str(workspace.root), str(file)])
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for command in commands]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert ask(workspace, "SELECT load_seq FROM loads ORDER BY load_seq") == [(1,), (2,)]
    assert ask(workspace, "SELECT count(*), sum(CAST(current AS INT)) FROM vintages") == [(2000, 1000)]
