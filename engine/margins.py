"""Figures given beside the parts that should make them up, and do not: a total beside its categories, or its moves.

Both are kept and carried over as they were given; which of them is wrong only the source knows. Where one is missing,
suppressed, or of another status than the others, nothing is said: then they need not agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.categories import Tree, deepest_first, whole_categories
from engine.frames import NUM
from engine.table_cells import combining
from indicators.definitions import Codelist, Measure
from indicators.findings import Finding

MOST = 20
STATUSES = ("A", "P")
"""Normal and provisional figures are counted; those that somebody estimated one by one need not add up."""

PLACE = ["area_basis", "ref_area", "time_period"]
SERIES = [*PLACE, "rest"]


def margin_findings(
    observations: pl.DataFrame, measure: Measure, codelists: Mapping[str, Codelist]
) -> tuple[Finding, ...]:
    """A warning for each figure that is not what its parts make, the first of them if there are many.

    A code of a list is made of the codes below it, the total of the topmost, and all of them must be there
    (`engine.categories`); what leaves an area is made of the moves that it lists. Figures with decimals may have been
    rounded one by one, and may differ by as much.

    Args:
        observations: `area_basis, ref_area, time_period, dimensions, obs_value, obs_status` of one measure.
        measure: Its rules; categories that overlap (`none`), and figures that do not add up, are not compared.
        codelists: By id.
    """
    names = [name for name, rule in combining(measure).items() if rule == "sum"]
    trees = whole_categories(measure, names, codelists)
    off = [one for name in names if (one := _differing(observations, name, trees.get(name), measure)) is not None]
    if not off:
        return ()
    rows = pl.concat(off).sort(*PLACE, "dimensions", "by")
    findings = [_finding(row, measure) for row in rows.head(MOST).iter_rows(named=True)]
    if rows.height > MOST:
        more = rows.height - MOST
        vi = f"{measure.id}: còn {more:,} số liệu khác không khớp với các phần của nó"
        en = f"{measure.id}: {more:,} more figures are not what their parts make"
        findings.append(Finding("check.margins", "warning", vi, en, subject=measure.id))
    return tuple(findings)


def _differing(observations: pl.DataFrame, name: str, tree: Tree | None, measure: Measure) -> pl.DataFrame | None:
    """The figures that their parts over one dimension do not make, with `summed`, and the dimension as `by`."""
    texts = observations["dimensions"].unique()
    named = texts.str.contains(f"(^|;){name}=")
    if not named.any():
        return None
    flat = observations.select(*PLACE, "dimensions", "obs_value", "obs_status").join(
        _split(texts, name), on="dimensions"
    )
    if name == measure.internal_flow:
        away = (pl.col("code") != "") & (pl.col("code") != pl.col("ref_area"))
        return _compared(flat.filter(pl.col("code") == ""), _sums(flat.filter(away), None), name, measure)
    if tree is None:
        return None
    found = []
    for parent in (*deepest_first(tree), ""):
        own = flat.filter(pl.col("code") == parent)
        sums = _sums(flat.filter(pl.col("code").is_in(tree.get(parent, ()))), len(tree.get(parent, ())))
        found.append(_compared(own, sums, name, measure))
        made = sums.join(own, on=SERIES, how="anti").with_columns(
            dimensions=pl.lit(None, pl.String), obs_value="summed", obs_status="status", code=pl.lit(parent)
        )
        flat = pl.concat([flat, made.select(flat.columns)])
    return pl.concat(found)


def _split(texts: pl.Series, name: str) -> pl.DataFrame:
    """The dimensions of figures in two: the `code` of one of them, empty for all, and the `rest`."""
    rows = []
    for text in texts:
        pairs = [pair.partition("=") for pair in text.split(";") if pair]
        code = next((value for key, _, value in pairs if key == name), "")
        rows.append((text, code, ";".join("".join(pair) for pair in pairs if pair[0] != name)))
    return pl.DataFrame(rows, schema={"dimensions": pl.String, "code": pl.String, "rest": pl.String}, orient="row")


def _sums(parts: pl.DataFrame, expected: int | None) -> pl.DataFrame:
    """What complete parts of one and the same `status` add up to: `summed`, and of how many `parts`."""
    whole = pl.lit(value=True) if expected is None else pl.col("parts") == expected
    return (
        parts.group_by(SERIES)
        .agg(
            summed=pl.col("obs_value").sum().cast(NUM),
            parts=pl.len(),
            status=pl.col("obs_status").first(),
            fit=pl.col("obs_value").is_not_null().all()
            & (pl.col("obs_status").n_unique() == 1)
            & pl.col("obs_status").is_in(STATUSES).all(),
        )
        .filter(pl.col("fit") & whole)
        .drop("fit")
    )


def _compared(own: pl.DataFrame, sums: pl.DataFrame, name: str, measure: Measure) -> pl.DataFrame:
    both = own.filter(pl.col("dimensions").is_not_null()).join(sums, on=SERIES)
    # Half a unit of the last decimal for each number that may have been rounded.
    rounded = (pl.col("parts") + 1) if measure.decimals else pl.lit(0)
    apart = (pl.col("obs_value") - pl.col("summed")).abs() * 2 * 10**measure.decimals
    off = both.filter(pl.col("obs_status") == pl.col("status"), apart > rounded)
    return off.select(*PLACE, "dimensions", "obs_value", "summed", by=pl.lit(name))


def _finding(row: Mapping[str, Any], measure: Measure) -> Finding:
    where = " ".join(filter(None, (measure.id, str(row["ref_area"]), str(row["time_period"]), str(row["dimensions"]))))
    given, summed = (f"{number.normalize():f}" for number in (row["obs_value"], row["summed"]))
    if row["by"] == measure.internal_flow:
        parts_vi, parts_en = "các luồng được liệt kê", "the moves listed"
    else:
        parts_vi, parts_en = f"các nhóm theo {row['by']}", f"its categories by {row['by']}"
    vi = f"{where}: số đã cho là {given} nhưng {parts_vi} cộng lại là {summed}; giữ nguyên cả hai, hãy đối chiếu nguồn"
    en = f"{where}: the figure given is {given}, but {parts_en} add up to {summed}; both are kept, check the source"
    return Finding(
        "check.margins", "warning", vi, en,
        subject=measure.id, ref_area=str(row["ref_area"]), time_period=str(row["time_period"]),
    )  # fmt: skip
