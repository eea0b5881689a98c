"""Combines restated figures over dimensions by the measure's rules, or says why not; nothing else is ever added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from engine.categories import Categories, combined, whole_categories
from engine.frames import RESTATED
from indicators.definitions import Codelist, Measure
from indicators.findings import Finding

KEY = ["measure", "ref_area", "area_basis", "time_period"]


def dimension_text(codes: dict[str, str]) -> str:
    """Dimension codes as the text of the contract, sorted by name.

    >>> dimension_text({"sex": "F", "age": "Y15"})
    'age=Y15;sex=F'
    """
    return ";".join(f"{name}={codes[name]}" for name in sorted(codes))


def names_of(column: str) -> pl.Expr:
    """The names of the dimensions in a text of the contract, joined with `;`: `age=Y15;sex=F` is `age;sex`."""
    names = pl.col(column).str.split(";").list.eval(pl.element().str.split("=").list.first()).list.join(";")
    return pl.when(pl.col(column) == "").then(pl.lit("")).otherwise(names)


def aggregate(
    rows: pl.DataFrame,
    measure: Measure,
    keep: Sequence[str],
    codelists: Mapping[str, Codelist] | None = None,
    weights: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Combine the figures of one measure over the dimensions that are not kept.

    Args:
        rows: Restated figures of the measure (shape RESTATED). Every area has a row for every series, so that a
            category that did not report is missing and makes the sum missing.
        measure: Its rules; a dimension whose categories overlap (`none`) is never summed over.
        keep: The dimensions to keep.
        codelists: By id. With them a sum is complete only if every category of the list is there (or all its parts),
            and a category is never added to its own parts; without, what is there is taken to be all.
        weights: For a mean: the figures of the measure that weighs it, of the same areas, in the same detail.

    Returns:
        Rows of the same shape whose `dimensions` name just the kept ones. Rows already given at that detail stand; only
        what is not there is made, from the coarsest detail that has it. Empty where no rule says how; `refusals` tells.
    """
    wanted = sorted(keep)
    named = rows.with_columns(named=names_of("dimensions"))
    made = named.filter(pl.col("named") == ";".join(wanted)).drop("named")
    for finer in _finer(named, wanted):
        dropped = [name for name in finer if name not in wanted]
        rule = dimension_rule(measure, dropped)
        if rule is None or (rule == "mean" and weights is None):
            continue
        detail = named.filter(pl.col("named") == ";".join(finer)).drop("named")
        categories = Categories(dropped, whole_categories(measure, dropped, codelists))
        found = combined(detail, measure, rule, categories, weights)
        made = pl.concat([made, found.join(made, on=[*KEY, "dimensions"], how="anti")])
    return made.sort(*KEY, "dimensions")


def dimension_rule(measure: Measure, dropped: Sequence[str]) -> str | None:
    """How figures combine over dimensions: sum, mean, min, max, count_distinct, or None where nothing says how.

    What a measure states for a dimension counts. Where it states nothing, counts add up, and a mean, a smallest or a
    largest value combines over categories as it does over areas.
    """
    rules = {measure.dimension_rules.get(name) or measure.areas.rule for name in dropped}
    (rule,) = rules if len(rules) == 1 else ("none",)
    return None if rule == "none" else rule


def refusals(
    rows: pl.DataFrame, made: pl.DataFrame, measure: Measure, keep: Sequence[str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Refused figures, and why, for what is asked and could not be combined although its detail is there.

    Args:
        rows: What `aggregate` was given.
        made: What it made of it.
        measure: The measure.
        keep: The dimensions kept.
    """
    wanted = sorted(keep)
    named = rows.with_columns(named=names_of("dimensions"))
    frames = []
    for finer in _finer(named, wanted):
        detail = named.filter(pl.col("named") == ";".join(finer)).drop("named")
        rest = detail.with_columns(dimensions=_kept(wanted)).unique(
            [*KEY, "dimensions"], keep="first", maintain_order=True
        )
        frames.append(rest.filter(pl.col("coverage") > 0))
    if not frames:
        return made.clear(), []
    asked = pl.concat(frames).unique([*KEY, "dimensions"], keep="first", maintain_order=True)
    lost = asked.join(made, on=[*KEY, "dimensions"], how="anti")
    if lost.is_empty():
        return made.clear(), []
    nothing = [pl.lit(None).cast(RESTATED[name]).alias(name) for name in ("obs_value", "obs_lower", "obs_upper")]
    refused = lost.with_columns(*nothing, obs_status=pl.lit("M"), basis=pl.lit("refused")).select(*RESTATED)
    return refused, [_finding(measure, wanted, period, group) for period, group in _by_period(refused)]


def _finer(named: pl.DataFrame, wanted: Sequence[str]) -> list[tuple[str, ...]]:
    """The sets of dimensions in which rows are given beyond the wanted ones, the coarsest first."""
    sets = {tuple(text.split(";")) for text in named["named"].unique() if text}
    return sorted((names for names in sets if set(names) > set(wanted)), key=lambda names: (len(names), names))


def _kept(wanted: Sequence[str]) -> pl.Expr:
    name = pl.element().str.split("=").list.first()
    return pl.col("dimensions").str.split(";").list.eval(pl.element().filter(name.is_in(wanted))).list.join(";")


def _by_period(rows: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    return sorted((str(period), group) for (period,), group in rows.partition_by("time_period", as_dict=True).items())


def _finding(measure: Measure, wanted: Sequence[str], period: str, lost: pl.DataFrame) -> Finding:
    kept = ", ".join(wanted) or "-"
    codes = sorted(lost["ref_area"].unique())
    some = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
    overlapping = [name for name in measure.dimensions if measure.dimension_rules.get(name) == "none"]
    if overlapping:
        names = ", ".join(overlapping)
        vi, en = f"các mã của phân tổ {names} chồng lên nhau (none)", f"the categories of {names} overlap (none)"
    elif measure.areas.rule == "mean":
        vi = f"số bình quân cần quyền số {measure.areas.by} theo cùng phân tổ"
        en = f"a mean needs {measure.areas.by} by the same dimensions to weigh it"
    else:
        vi, en = "đại lượng không có quy tắc gộp", "the measure has no rule that combines them"
    return Finding(
        "aggregate.refused",
        "warning",
        f"{measure.id} {period}: từ chối gộp phân tổ (giữ: {kept}) cho {len(codes)} địa bàn ({some}): {vi}; hãy nạp số"
        " tổng, hoặc chọn một mã bằng where",
        f"{measure.id} {period}: refused to combine dimensions (kept: {kept}) for {len(codes)} areas ({some}): {en};"
        " load the total itself, or choose one code with where",
        subject=measure.id,
        time_period=period,
    )
