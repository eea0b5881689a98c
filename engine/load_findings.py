"""What a load tells people: equal faults of many rows in one line, and what became of a file that was there before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from engine.lake import Connection
from indicators.findings import Finding

MOST = 40
"""Kinds of faults that are listed; the table `rejects` has them all."""


def reject_findings(rejects: pl.DataFrame, file: str, dataset: str) -> tuple[Finding, ...]:
    """One finding for each kind of fault of a file, at the first row that has it.

    Args:
        rejects: As `engine.conform.REJECTS`.
        file: As the user named it.
        dataset: The data set's id.
    """
    return tuple(_findings(rejects, file, dataset))


def _findings(rejects: pl.DataFrame, file: str, dataset: str) -> Iterator[Finding]:
    kinds = rejects.group_by("rule", "column_name", "message_vi", "message_en", maintain_order=True).agg(
        pl.col("source_row").min(), pl.col("source_line").min(), pl.len().alias("count")
    )
    for rule, column, vi, en, row, line, count in kinds.head(MOST).iter_rows():
        where_vi, where_en = (f"cột {column}, ", f"column {column}, ") if column else ("", "")
        many_vi = f" ({count:,} dòng như vậy)" if count > 1 else ""
        many_en = f" ({count:,} such rows)" if count > 1 else ""
        yield Finding(
            rule,
            "error",
            f"{where_vi}dòng số liệu {row}: {vi}{many_vi}",
            f"{where_en}data row {row}: {en}{many_en}",
            file=file,
            line=line,
            row=row,
            subject=dataset,
        )
    if kinds.height > MOST:
        more = kinds.height - MOST
        yield Finding(
            "load.more",
            "error",
            f"còn {more:,} loại lỗi khác; xem hết trong bảng xem rejects bằng «chitieu sql»",
            f"{more:,} more kinds of faults; see all in the view rejects with `chitieu sql`",
            file=file,
            subject=dataset,
        )


def seen_before(connection: Connection, load_id: str, file: str, loaded_at: datetime) -> list[Finding]:
    """A warning if later loads have replaced figures of a file that is loaded again: they stay replaced.

    Args:
        connection: With the views.
        load_id: The earlier load of the same file.
        file: As the user named it.
        loaded_at: When it was loaded.
    """
    counted = connection.execute(
        "SELECT count(*) FROM vintages WHERE load_id = ? AND NOT current", [load_id]
    ).fetchone()
    replaced = counted[0] if counted else 0
    if not replaced:
        return []
    return [
        Finding(
            "load.replaced-since",
            "warning",
            f"tệp này đã nạp lúc {loaded_at:%Y-%m-%d %H:%M} UTC và {replaced:,} số liệu của nó đã được lần nạp sau "
            "thay thế; nạp lại không đổi gì. Nếu số cũ mới đúng, hãy nạp một tệp đính chính ghi các số đó",
            f"this file was loaded at {loaded_at:%Y-%m-%d %H:%M} UTC and {replaced:,} of its figures have been "
            "replaced since; loading it again changes nothing. If they were right, load a correction that says so",
            file=file,
        )
    ]
