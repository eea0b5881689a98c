"""What others would write by hand: the sum over whole areas, and nothing else. One contender a process.

`python -m benchmarks.restate.baselines duckdb FOLDER INPUT OUTPUT` reads INPUT and `pairs.parquet` of FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path


def duckdb(figures: Path, pairs: Path, output: Path) -> None:
    """The shortest SQL; all threads, default settings."""
    import duckdb as engine

    engine.sql(f"""
        COPY (SELECT measure, to_area AS ref_area, time_period, sum(obs_value)::BIGINT AS obs_value
              FROM '{figures}' JOIN '{pairs}' ON ref_area = from_area GROUP BY ALL) TO '{output}'
    """)


def polars(figures: Path, pairs: Path, output: Path) -> None:
    """Lazy frames through the streaming engine, into a sink."""
    import polars as pl

    (
        pl.scan_parquet(figures)
        .join(pl.scan_parquet(pairs), left_on="ref_area", right_on="from_area")
        .group_by("measure", "to_area", "time_period")
        .agg(pl.col("obs_value").sum())
        .rename({"to_area": "ref_area"})
        .sink_parquet(output, engine="streaming")
    )


def pandas(figures: Path, pairs: Path, output: Path) -> None:
    """Texts as categories, without which 60 million rows of text do not fit; then merge and group."""
    import pandas as pd
    import pyarrow.parquet as pq

    texts = ["measure", "ref_area", "time_period"]
    frame = pq.read_table(figures, columns=[*texts, "obs_value"], read_dictionary=texts).to_pandas()
    targets = pd.read_parquet(pairs).set_index("from_area")["to_area"]
    # A merge would copy every column of text; mapping the categories is what one does instead.
    frame["ref_area"] = frame["ref_area"].map(targets).astype("category")
    summed = frame.groupby(texts, observed=True, as_index=False)["obs_value"].sum()
    summed.to_parquet(output)


CONTENDERS = {"duckdb": duckdb, "polars": polars, "pandas": pandas}


def main() -> None:
    """Run one contender."""
    name, folder, figures, output = sys.argv[1:]
    CONTENDERS[name](Path(folder) / figures, Path(folder) / "pairs.parquet", Path(output))


if __name__ == "__main__":
    main()
