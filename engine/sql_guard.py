"""What `chitieu sql` may run: one query over the views, with functions that neither read files nor change anything.

This is the first of two locks. The second is the engine's own: the lake is attached read-only and files outside it
cannot be opened (`engine.query`).
"""

from __future__ import annotations

from typing import NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from engine.views import VIEWS
from indicators.findings import Finding, UsageFault
from indicators.suggestions import guess

LONGEST_QUERY = 100_000
TABLE_FUNCTIONS = ("generate_series", "range", "unnest")

_BEGINNINGS = (TokenType.SELECT, TokenType.WITH, TokenType.FROM, TokenType.VALUES, TokenType.L_PAREN, TokenType.TABLE)
_QUERIES = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values)
_CHANGES = (
    exp.DDL, exp.DML, exp.Copy, exp.Command, exp.Into, exp.Set, exp.Pragma, exp.Attach, exp.Detach, exp.Use,
    exp.Drop, exp.Alter, exp.Merge, exp.TruncateTable, exp.Lock,
)  # fmt: skip
_TABLE_FUNCTION_NODES = (exp.GenerateSeries, exp.Unnest, exp.ExplodingGenerateSeries)
_READERS = (exp.ReadCSV, exp.ReadParquet)

_REFUSED_FUNCTIONS = frozenset({
    "arrow_scan", "checkpoint", "current_query", "current_setting", "currval", "force_checkpoint", "getenv",
    "getvariable", "glob", "json_deserialize_sql", "json_execute_serialized_sql", "json_serialize_plan",
    "json_serialize_sql", "nextval", "pandas_scan", "parse_duckdb_log_message", "query", "query_table", "repeat_row",
    "seq_scan", "set_config", "setseed", "sleep_ms", "sniff_csv", "summary", "test_all_types", "which_secret",
    "write_log",
})  # fmt: skip
_REFUSED_PREFIXES = ("duckdb_", "ducklake_", "sqlite_", "pragma_", "pg_", "read_", "parquet_", "enable_", "disable_")
_INTERNAL_PREFIXES = (*_REFUSED_PREFIXES, "information_schema", "__")


def check_query(sql: str) -> frozenset[str]:
    """Refuse what is not one harmless query over the views.

    Args:
        sql: The query as typed, in DuckDB's SQL.

    Returns:
        The names that the query gives to its own subqueries (WITH).

    Raises:
        UsageFault: Why it is refused, and what may be asked instead.
    """
    tree = _parsed(sql)
    for node in tree.walk():
        if isinstance(node, _CHANGES):
            _refuse("sql.not-a-query", f"{node.key.upper()}", node.key.upper())
        if isinstance(node, exp.Func):
            _check_function(node)
    named = frozenset(cte.alias.casefold() for cte in tree.find_all(exp.CTE))
    for name in named:
        if name.startswith(_INTERNAL_PREFIXES) or not name.isidentifier():
            _refuse("sql.name", f"«{name}» không dùng làm tên được", f"'{name}' cannot be used as a name")
    for table in tree.find_all(exp.Table, exp.Lateral):
        _check_table(table, named)
    return named


def _parsed(sql: str) -> exp.Expr:
    if len(sql) > LONGEST_QUERY:
        _refuse("sql.too-long", f"câu hỏi dài quá {LONGEST_QUERY:,} ký tự", f"it has over {LONGEST_QUERY:,} characters")
    if not _is_text(sql):
        _refuse("sql.encoding", "câu hỏi không phải UTF-8", "it is not UTF-8")
    try:
        tokens = sqlglot.tokenize(sql, read="duckdb")
        if not tokens:
            _refuse("sql.empty", "câu hỏi trống", "the query is empty")
        if tokens[0].token_type not in _BEGINNINGS:
            word = tokens[0].text.upper()[:40]
            _refuse("sql.not-a-query", f"{word} không phải là câu hỏi", f"{word} is no query")
        trees = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    except (ParseError, TokenError) as error:
        first = str(error).splitlines()[0]
        _refuse("sql.syntax", f"không đọc được câu SQL: {first}", f"the SQL cannot be read: {first}")
    except RecursionError:
        _refuse("sql.too-long", "câu hỏi lồng quá sâu", "it is too deeply nested")
    if len(trees) != 1:
        _refuse("sql.several", "chỉ chạy một câu mỗi lần", "one statement at a time")
    if not isinstance(trees[0], _QUERIES):
        kind = trees[0].key.upper()
        _refuse("sql.not-a-query", f"{kind} không phải là câu hỏi", f"{kind} is no query")
    return trees[0]


def _is_text(sql: str) -> bool:
    """Whether no byte came from the command line that is no UTF-8 (Python keeps those as lone surrogates)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in sql)


def _check_function(node: exp.Func) -> None:
    name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).casefold()
    if isinstance(node, _READERS) or name in _REFUSED_FUNCTIONS or name.startswith(_REFUSED_PREFIXES):
        _refuse(
            "sql.function",
            f"hàm {name}() không được dùng: chỉ hỏi trên các bảng xem, không đọc tệp hay hệ thống",
            f"the function {name}() is not allowed: only the views may be asked, no files and no system",
        )


def _check_table(table: exp.Expr, named: frozenset[str]) -> None:
    source = table.this
    if isinstance(source, exp.Func):
        if not isinstance(source, _TABLE_FUNCTION_NODES):
            name = source.name or source.sql_name()
            allowed = ", ".join(TABLE_FUNCTIONS)
            _refuse(
                "sql.function",
                f"hàm bảng {name}() không được dùng; chỉ có {allowed}",
                f"the table function {name}() is not allowed; there are {allowed}",
            )
        return
    if not isinstance(table, exp.Table):
        return
    name = table.name
    if table.args.get("db") or table.args.get("catalog"):
        full = ".".join(part.name for part in table.parts)
        _refuse(
            "sql.qualified",
            f"«{full}»: chỉ ghi tên bảng xem, không kèm tên lược đồ hay cơ sở dữ liệu",
            f"'{full}': give the view's name alone, without a schema or a database",
        )
    if name.casefold() not in named and name.casefold() not in VIEWS:
        guess_vi, guess_en = guess(name.casefold(), VIEWS)
        _refuse("sql.unknown-view", f"không có bảng xem «{name}»; {guess_vi}", f"there is no view '{name}'; {guess_en}")


def _refuse(rule: str, vi: str, en: str) -> NoReturn:
    if rule in ("sql.not-a-query", "sql.several", "sql.empty"):
        vi += "; chỉ nhận một câu SELECT (hoặc WITH ... SELECT) trên các bảng xem: " + ", ".join(VIEWS)
        en += "; only one SELECT (or WITH ... SELECT) over the views is taken: " + ", ".join(VIEWS)
    raise UsageFault(Finding(rule, "error", vi, en))
