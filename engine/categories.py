"""Figures of categories combined into those of all of them: sums, means, extremes, and when all are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl

from engine.frames import BASES, NUM, RESTATED, STATUSES, decimal, rank, units, unrank, weighted_mean
from indicators.definitions import Codelist, Measure

KEY = ["measure", "ref_area", "area_basis", "time_period"]
GROUP = [*KEY, "rest"]
NUMBERS = ("obs_value", "obs_lower", "obs_upper")

Tree = Mapping[str, tuple[str, ...]]
"""Codes with the codes that they are made of; the empty code is made of the topmost."""


@dataclass(frozen=True)
class Categories:
    """The dimensions to combine over, and what their categories are made of; without trees all is taken to be there."""

    dropped: Sequence[str]
    trees: Mapping[str, Tree]


def whole_categories(
    measure: Measure, dropped: Sequence[str], codelists: Mapping[str, Codelist] | None
) -> dict[str, Tree]:
    """The tree of codes of each dimension whose code list is known."""
    found: dict[str, Tree] = {}
    for name in dropped:
        codelist = (codelists or {}).get(measure.dimensions.get(name, ""))
        if codelist is None:
            continue
        below: dict[str, list[str]] = {}
        for code in codelist.codes.values():
            below.setdefault(code.parent, []).append(code.code)
        found[name] = {parent: tuple(codes) for parent, codes in below.items()}
    return found


def combined(
    detail: pl.DataFrame, measure: Measure, rule: str, categories: Categories, weights: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Combine figures over categories.

    Args:
        detail: Shape RESTATED, all by the same dimensions.
        measure: Whose figures.
        rule: sum, mean, min, max or count_distinct.
        categories: The dimensions to combine over.
        weights: For a mean: figures of the measure that weighs it, by the same dimensions.

    Returns:
        The same shape, without the dropped dimensions.
    """
    rows = detail.with_columns(amount=pl.lit(None, NUM))
    if rule == "mean" and weights is not None:
        key = ["ref_area", "area_basis", "time_period", "dimensions"]
        given = weights.filter(pl.col("obs_status") != "Q").select(*key, amount="obs_value")
        rows = detail.join(given, on=key, how="left")
    if rule != "sum":
        flat = _without(rows, categories.dropped)
        tops = [categories.trees[name].get("", ()) for name in categories.dropped if name in categories.trees]
        expected = len(list(product(*tops))) if len(tops) == len(categories.dropped) else None
        return _grouped(flat, measure, rule, expected)
    for name in categories.dropped:
        rows = _over(rows, measure, name, categories.trees.get(name))
    return rows.select(*RESTATED)


def _without(rows: pl.DataFrame, dropped: Sequence[str]) -> pl.DataFrame:
    name = pl.element().str.split("=").list.first()
    kept = pl.col("dimensions").str.split(";").list.eval(pl.element().filter(~name.is_in(list(dropped))))
    return rows.with_columns(rest=kept.list.join(";"))


def _over(rows: pl.DataFrame, measure: Measure, name: str, tree: Tree | None) -> pl.DataFrame:
    """The sum over one dimension: of its topmost categories, each given, or made of its parts where it is not."""
    flat = _without(rows, [name]).with_columns(code=pl.col("dimensions").str.extract(f"(?:^|;){name}=([^;]*)"))
    if tree is None:
        return _grouped(flat, measure, "sum", None)
    for parent in deepest_first(tree):
        parts = flat.filter(pl.col("code").is_in(list(tree[parent])))
        made = _grouped(parts, measure, "sum", len(tree[parent])).rename({"dimensions": "rest"})
        own = flat.filter(pl.col("code") == parent)
        lacking = made.join(own, on=GROUP, how="anti").with_columns(
            dimensions=pl.lit(""), code=pl.lit(parent), amount=pl.lit(None, NUM)
        )
        flat = pl.concat([flat, lacking.select(flat.columns)])
    tops = flat.filter(pl.col("code").is_in(list(tree.get("", ()))))
    return _grouped(tops, measure, "sum", len(tree.get("", ())))


def deepest_first(tree: Tree) -> list[str]:
    """The codes that have parts, each after those of its parts that have some."""
    order: list[str] = []
    waiting = [*tree.get("", ())]
    while waiting:
        code = waiting.pop()
        if code in tree:
            order.append(code)
            waiting += tree[code]
    return order[::-1]


def _grouped(rows: pl.DataFrame, measure: Measure, rule: str, expected: int | None) -> pl.DataFrame:
    """One row for each group; `expected` categories make it complete, any number where that is not known."""
    here = pl.lit(value=True) if expected is None else pl.len() == expected
    value, low, high = (pl.col(name) for name in NUMBERS)
    weighed = pl.col("amount").is_not_null().all() & (pl.col("amount").sum() > 0)
    complete = here & value.is_not_null().all() & (weighed if rule == "mean" else True)
    lows, highs = low.is_not_null().all() & here, high.is_not_null().all() & here
    some = low.is_not_null().any() if not measure.signed else lows
    figure, amount = units("obs_value", measure.decimals), units("amount", 9)
    mean = decimal(weighted_mean(rows, figure, amount), measure.decimals) if rule == "mean" else value.max()
    rules = {
        "sum": (value.sum(), pl.when(some).then(low.sum()), pl.when(highs).then(high.sum())),
        "mean": (mean, pl.when(lows).then(low.min()), pl.when(highs).then(high.max())),
        "min": (value.min(), pl.when(lows).then(low.min()), pl.when(high.is_not_null().any()).then(high.min())),
        "max": (value.max(), pl.when(low.is_not_null().any()).then(low.max()), pl.when(highs).then(high.max())),
        "count_distinct": (pl.lit(None, NUM), low.max(), pl.when(highs).then(high.sum())),
    }
    made, least, most = rules[rule]
    valued = complete & pl.lit(rule != "count_distinct")
    floor = BASES.index("estimated") if rule == "mean" else BASES.index("partial") if rule == "count_distinct" else 0
    refused = (pl.col("place") == BASES.index("refused")).any()
    worst = pl.max_horizontal(pl.col("place").max(), pl.lit(floor))
    status = pl.max_horizontal(pl.col("status").max(), pl.lit(STATUSES.index("E") if rule == "mean" else 0))
    hidden = (pl.col("status") == STATUSES.index("Q")).any()
    gap = (
        pl.when(refused).then(STATUSES.index("M")).when(hidden).then(STATUSES.index("Q")).otherwise(STATUSES.index("O"))
    )
    partial = pl.max_horizontal(worst, pl.lit(BASES.index("partial")))
    share = pl.lit(1) if expected is None else pl.len().clip(0, expected) / expected
    summed = (
        rows.with_columns(status=rank("obs_status", STATUSES), place=rank("basis", BASES))
        .group_by(GROUP)
        .agg(
            obs_value=pl.when(valued & ~refused).then(made),
            obs_lower=pl.when(~refused).then(least),
            obs_upper=pl.when(~refused).then(most),
            obs_status=unrank(pl.when(valued & ~refused).then(status).otherwise(gap), STATUSES),
            basis=unrank(pl.when(valued & ~refused).then(worst).otherwise(partial), BASES),
            coverage=(pl.col("coverage").min() * share).round(6),
        )
    )
    return (
        summed.rename({"rest": "dimensions"})
        .cast({"obs_value": NUM, "obs_lower": NUM, "obs_upper": NUM, "coverage": RESTATED["coverage"]})
        .select(*RESTATED)
    )
