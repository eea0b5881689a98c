"""SQL: every way out of the views is refused, and what is asked of them comes out exactly."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine import sql_guard
from engine.load import load
from engine.query import query
from engine.sql_guard import check_query
from engine.views import VIEWS
from engine.workspace import Workspace
from indicators.catalog import Catalog
from indicators.findings import UsageFault

FIGURES = Path(__file__).parents[2] / "figures"

REFUSED = {
    # writing
    "INSERT INTO loads VALUES (1)": "sql.not-a-query",
    "UPDATE loads SET status = 'x'": "sql.not-a-query",
    "DELETE FROM observations": "sql.not-a-query",
    "TRUNCATE loads": "sql.not-a-query",
    "DROP VIEW observations": "sql.not-a-query",
    "CREATE TABLE t AS SELECT 1": "sql.not-a-query",
    "CREATE OR REPLACE VIEW observations AS SELECT 1": "sql.not-a-query",
    "CREATE MACRO f() AS 1": "sql.not-a-query",
    "ALTER TABLE loads ADD COLUMN x INT": "sql.not-a-query",
    "MERGE INTO loads USING runs ON true WHEN MATCHED THEN DELETE": "sql.not-a-query",
    "SELECT * INTO t FROM observations": "sql.not-a-query",
    "WITH x AS (DELETE FROM loads RETURNING *) SELECT * FROM x": "sql.not-a-query",
    "COPY observations TO 'out.csv'": "sql.not-a-query",
    "COPY (SELECT 1) TO '/tmp/out.parquet'": "sql.not-a-query",
    "EXPORT DATABASE '/tmp/x'": "sql.not-a-query",
    "IMPORT DATABASE '/tmp/x'": "sql.not-a-query",
    # the engine itself
    "ATTACH '/tmp/x.db' AS x": "sql.not-a-query",
    "DETACH lake": "sql.not-a-query",
    "USE lake": "sql.not-a-query",
    "INSTALL httpfs": "sql.not-a-query",
    "LOAD httpfs": "sql.not-a-query",
    "SET enable_external_access = true": "sql.not-a-query",
    "RESET allowed_directories": "sql.not-a-query",
    "PRAGMA database_list": "sql.not-a-query",
    "CALL pragma_version()": "sql.not-a-query",
    "CHECKPOINT": "sql.not-a-query",
    "VACUUM": "sql.not-a-query",
    "EXPLAIN ANALYZE SELECT 1": "sql.not-a-query",
    "DESCRIBE observations": "sql.not-a-query",
    "SHOW TABLES": "sql.not-a-query",
    "PREPARE p AS SELECT 1": "sql.not-a-query",
    "EXECUTE p": "sql.not-a-query",
    "BEGIN": "sql.not-a-query",
    "COMMENT ON VIEW observations IS 'x'": "sql.not-a-query",
    # several statements
    "SELECT 1; SELECT 2": "sql.several",
    "SELECT 1; DROP TABLE x": "sql.several",
    "SELECT 1 --\n; COPY loads TO 'x'": "sql.several",
    # files
    "SELECT * FROM '/etc/passwd'": "sql.unknown-view",
    "SELECT * FROM 'data/*.parquet'": "sql.unknown-view",
    'SELECT * FROM "x.csv"': "sql.unknown-view",
    "SELECT * FROM read_csv('/etc/passwd')": "sql.function",
    "SELECT * FROM read_csv_auto('x')": "sql.function",
    "SELECT * FROM read_parquet('x')": "sql.function",
    "SELECT * FROM parquet_scan('x')": "sql.function",
    "SELECT * FROM parquet_metadata('x')": "sql.function",
    "SELECT * FROM read_json('x')": "sql.function",
    "SELECT * FROM read_text('/etc/passwd')": "sql.function",
    "SELECT * FROM read_blob('/etc/passwd')": "sql.function",
    "SELECT * FROM glob('/*')": "sql.function",
    "SELECT * FROM sniff_csv('x')": "sql.function",
    "SELECT * FROM sqlite_scan('lake.sqlite', 'ducklake_table')": "sql.function",
    "SELECT * FROM observations, LATERAL read_text('/etc/passwd')": "sql.function",
    "SELECT * FROM observations WHERE ref_area IN (SELECT content FROM read_text('/etc/passwd'))": "sql.function",
    "WITH x AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM x": "sql.function",
    # the lake behind the views
    "SELECT * FROM lake.loads": "sql.qualified",
    "SELECT * FROM lake.main.obs_budget": "sql.qualified",
    "SELECT * FROM main.observations": "sql.qualified",
    "SELECT * FROM __ducklake_metadata_lake.ducklake_snapshot": "sql.qualified",
    "SELECT * FROM information_schema.tables": "sql.qualified",
    "SELECT * FROM pg_catalog.pg_class": "sql.qualified",
    "SELECT * FROM lake.query('SELECT 1')": "sql.function",
    "SELECT * FROM obs_budget": "sql.unknown-view",
    "SELECT * FROM sqlite_master": "sql.unknown-view",
    "SELECT * FROM duckdb_settings()": "sql.function",
    "SELECT * FROM duckdb_secrets()": "sql.function",
    "SELECT * FROM ducklake_snapshots('lake')": "sql.function",
    "SELECT * FROM pragma_table_info('observations')": "sql.function",
    "SELECT * FROM query('DROP TABLE x')": "sql.function",
    "SELECT * FROM query_table('lake.loads')": "sql.function",
    "SELECT * FROM json_execute_serialized_sql('{}')": "sql.function",
    "SELECT getenv('HOME')": "sql.function",
    "SELECT current_setting('temp_directory')": "sql.function",
    "SELECT nextval('s')": "sql.function",
    "SELECT sleep_ms(100000)": "sql.function",
    "SELECT pg_sleep(100)": "sql.function",
    "WITH duckdb_tables AS (SELECT 1) SELECT * FROM duckdb_tables": "sql.name",
    'WITH "x.csv" AS (SELECT 1) SELECT * FROM "x.csv"': "sql.name",
    # no query at all
    "": "sql.empty",
    "   -- nothing": "sql.empty",
    "SELEC 1": "sql.not-a-query",
    "SELECT FROM WHERE": "sql.syntax",
    "SELECT 'open": "sql.syntax",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000: "sql.too-long",
    "SELECT '" + "x" * 200_000 + "'": "sql.too-long",
}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, shipped: Catalog) -> Workspace:
    workspace = Workspace.create(tmp_path_factory.mktemp("asked") / "workspace")
    load(workspace, shipped, [FIGURES / "nso_2024.csv"], "nso_2024")
    return workspace


def rows(workspace: Workspace, sql: str) -> list[tuple[object, ...]]:
    with query(workspace, sql) as answer:
        return list(answer.rows())


@pytest.mark.parametrize("sql", REFUSED, ids=lambda sql: sql[:60])
def test_refused(sql: str) -> None:
    with pytest.raises(UsageFault) as caught:
        check_query(sql)
    assert [finding.rule for finding in caught.value.findings] == [REFUSED[sql]]


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'x.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM lake.loads",
        "SELECT * FROM lake.main.obs_nso_2024",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM sqlite_scan('lake.sqlite', 'ducklake_table')",
        "INSERT INTO lake.loads SELECT * FROM lake.loads",
        "DELETE FROM lake.loads",
        "SET threads = 1",
        "SELECT 1; SELECT 2",
        "ATTACH 'x.db'",
        "WITH x AS (SELECT 1) SELECT * FROM x, lake.loads",
        "SELECT * FROM workspace",
    ],
)
def test_the_engine_refuses_too_where_the_first_guard_does_not_see(
    held: Workspace, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.query.check_query", lambda sql: frozenset({"x"}))
    with pytest.raises(UsageFault):
        rows(held, sql)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", [(1,)]),
        ("FROM observations SELECT count(*)", [(189,)]),
        ("(SELECT count(*) FROM loads) UNION ALL SELECT count(*) FROM runs ORDER BY 1", [(0,), (1,)]),
        ("WITH big AS (SELECT * FROM observations WHERE obs_value > 9000000) SELECT ref_area FROM big", [("79",)]),
        ("SELECT * FROM range(2)", [(0,), (1,)]),
        ("SELECT * FROM generate_series(1, 2)", [(1,), (2,)]),
        ("SELECT unnest([1, 2])", [(1,), (2,)]),
        ("VALUES (1)", [(1,)]),
        ("SELECT count(*) FROM OBSERVATIONS", [(189,)]),
        ("SELECT DISTINCT dataset FROM observations -- a remark", [("nso_2024",)]),
        ("SELECT 'DROP TABLE x; --' AS text", [("DROP TABLE x; --",)]),
        (
            "SELECT a.name_vi, o.obs_value FROM observations o JOIN areas a ON a.code = o.ref_area "
            "AND a.valid_from <= o.area_basis AND (a.valid_to IS NULL OR o.area_basis < a.valid_to) "
            "WHERE o.measure = 'population.mean' AND o.ref_area = '15'",
            [("Tỉnh Yên Bái", Decimal(864400))],
        ),
        ("SELECT area_basis FROM observations LIMIT 1", [(datetime.date(2025, 6, 30),)]),
    ],
)
def test_answered(held: Workspace, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert rows(held, sql) == expected


def test_sums_are_exact(held: Workspace) -> None:
    total = rows(held, "SELECT sum(obs_value) FROM observations WHERE measure = 'land.area'")
    assert total == [(Decimal("331326.1"),)]


def test_an_unknown_view_gets_a_suggestion() -> None:
    with pytest.raises(UsageFault) as caught:
        check_query("SELECT * FROM observation")
    assert "did you mean 'observations'" in caught.value.findings[0].en


@pytest.mark.parametrize(
    "sql", ["SELECT foo FROM observations", "SELECT 1 +", "SELECT 'a'::INT", "SELECT nofunction(1)"]
)
def test_a_wrong_query_is_wrong_usage(held: Workspace, sql: str) -> None:
    with pytest.raises(UsageFault) as caught:
        rows(held, sql)
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.findings[0].en


def test_every_view_can_be_asked_in_an_empty_workspace(workspace: Workspace) -> None:
    counts = ", ".join(f"(SELECT count(*) FROM {view})" for view in VIEWS)
    assert rows(workspace, f"SELECT {counts}") == [(0,) * len(VIEWS)]


def test_the_names_that_are_refused_are_no_views() -> None:
    assert not {name for name in VIEWS if name.startswith(sql_guard._INTERNAL_PREFIXES)}
