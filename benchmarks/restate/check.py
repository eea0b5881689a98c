"""Whether a baseline and this project have the same sums. In a process of its own, since memory is being measured.

`python -m benchmarks.restate.check OURS BASELINE CUT`
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb


def check_sums(ours: Path, baseline: Path, cut: Path) -> tuple[int, int]:
    """Compare every sum with ours: equal where a new area is made of whole areas that all reported.

    Elsewhere the baseline's sum lacks pieces or sources without a word; there ours must say at least as much.

    Returns:
        The sums that are equal, and those that ours only bounds from below.
    """
    found = duckdb.sql(f"""
        WITH both_sides AS (
            SELECT coalesce(b.obs_value, 0) AS simple, o.obs_value AS ours, o.obs_lower AS least,
                   o.obs_value IS NOT NULL AND o.ref_area NOT IN (SELECT ref_area FROM '{cut}') AS comparable
            FROM '{ours}' o FULL JOIN '{baseline}' b USING (measure, ref_area, time_period))
        SELECT count(*) FILTER (comparable), count(*) FILTER (NOT comparable),
               count(*) FILTER (CASE WHEN comparable THEN ours <> simple ELSE coalesce(least, 0) < simple END)
        FROM both_sides
    """).fetchone()
    if found is None or found[2]:
        raise SystemExit(f"{baseline}: {found} sums differ")
    return int(found[0]), int(found[1])


def main() -> None:
    """Compare two files and say how many sums are equal."""
    ours, baseline, cut = map(Path, sys.argv[1:])
    equal, bounded = check_sums(ours, baseline, cut)
    print(f"{equal:,} sums equal, {bounded:,} bounded")


if __name__ == "__main__":
    main()
