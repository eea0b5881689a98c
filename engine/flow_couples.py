"""Moves between areas as figures of couples of areas (`from>to`), so that one change of areas carries both ends.

A couple of old areas becomes couples of new ones: every area that the origin went to with every area that the
destination went to. What happened to people who live in a piece says little about those of them who moved, so a share
is never certain here unless it is all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from math import lcm

import polars as pl

from engine.apportion import PIECES, numerators
from engine.links import TARGETS, WHOLE, Links
from indicators.correspondence import Correspondence
from indicators.extent import QUALITY_ORDER, ZERO

BETWEEN = ">"
"""Stands between the two codes of a couple; no code of an area has it."""

MOST_PARTS = 10**9
"""Shares of one end are whole numbers of at most so many parts, so that those of two ends and a figure fit 128 bits."""

ENDS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "to": pl.String(),
    "part": pl.Int64(),
    "parts": pl.Int64(),
    "known": pl.Boolean(),
    "rank": pl.Int8(),
    "same": pl.Boolean(),
}
"""Where each area went: `part` of `parts` of it, how good that is (its place in QUALITY_ORDER), and the same land."""

Reach = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]
"""Where couples may go, from couples and ends: `ref_area` of the couple, `to_area`, and `part` to `same` as in ENDS."""


def ends_of(areas: Correspondence) -> pl.DataFrame:
    """Where each area went, in the shape ENDS. Land that left has the empty code.

    A piece is only left out where the law says that nothing which is counted went with it, and something else did: that
    nobody lives in a piece today does not say that nobody moved there.
    """
    rows: list[tuple[object, ...]] = []
    for code, pairs in areas.by_source.items():
        counted = [pair for pair in pairs if pair.upper > 0 or pair.quality != "law"] or pairs
        parts, numbers = _in_parts([pair.share for pair in counted])
        rows += [
            (code, pair.to_area, number, parts, pair.share is not None, QUALITY_ORDER.index(pair.quality), pair.same)
            for pair, number in zip(counted, numbers, strict=True)
            if code
        ]
    return pl.DataFrame(rows, schema=ENDS, orient="row")


def by_couple(couples: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """New origin and new destination: `X>Y`; `X>X` is within one area. Land that left has the empty code."""
    both = couples.join(ends, left_on="origin", right_on="code").join(
        ends, left_on="other", right_on="code", suffix="_met"
    )
    there = (pl.col("to") != "") & (pl.col("to_met") != "")
    return both.select(
        "ref_area",
        to_area=pl.when(there).then(couple_code("to", "to_met")).otherwise(pl.lit("")),
        part=pl.col("part") * pl.col("part_met"),
        parts=pl.col("parts") * pl.col("parts_met"),
        known=pl.col("known") & pl.col("known_met"),
        rank=pl.max_horizontal("rank", "rank_met"),
        same=pl.col("same") & pl.col("same_met"),
    )


def by_origin(couples: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """New origin, and whether the move leaves it: `X>`, or stays within: `X>X`."""
    return _leaving(couples.rename({"origin": "mover", "other": "met"}), ends, couple_code("to", None))


def by_destination(couples: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """New destination, and whether the move comes from elsewhere: `>Y`, or from within: `Y>Y`."""
    return _leaving(couples.rename({"other": "mover", "origin": "met"}), ends, couple_code(None, "to"))


def couple_code(start: str | None, end: str | None) -> pl.Expr:
    """The code of a couple, from the columns of its ends; None: any area."""
    ends = [pl.lit("") if name is None else pl.col(name) for name in (start, end)]
    return pl.concat_str(ends[0], pl.lit(BETWEEN), ends[1])


def couple_links(couples: pl.DataFrame, ends: pl.DataFrame, to_day: date, reach: Reach) -> Links:
    """How couples map.

    Args:
        couples: Of old areas: `ref_area` (the code of the couple), `origin, other`.
        ends: As `ends_of` gives them.
        to_day: The day of the areas wanted.
        reach: Where a couple may go: `by_couple`, `by_origin` or `by_destination`.
    """
    # Targets that several ways lead to are one.
    reached = reach(couples, ends).group_by("ref_area", "to_area").agg(
        pl.col("part").sum(), pl.col("parts").first(), pl.col("known").all(), pl.col("rank").max(), pl.col("same").all()
    )  # fmt: skip
    alone = pl.len().over("ref_area") == 1
    whole = reached.filter(alone).with_columns(estimated=pl.lit(value=False)).select(*WHOLE)
    targets = reached.filter(pl.col("to_area") != "").group_by("to_area").agg(
        expected=pl.len().cast(pl.Int64), same=pl.col("same").any(), empty_land=pl.lit(value=False)
    )  # fmt: skip
    return Links(to_day, whole, _pieces(reached.filter(~alone)), targets.select(*TARGETS))


def split(rows: pl.DataFrame, counterpart: str) -> pl.DataFrame:
    """Rows with `dimensions` without the counterpart, and the counterpart's code beside them (`other`, null: total)."""
    text = pl.col("dimensions")
    rest = text.str.replace(f"(?:^|;){counterpart}=[^;]*", "").str.strip_prefix(";")
    return rows.with_columns(other=text.str.extract(f"(?:^|;){counterpart}=([^;]*)"), dimensions=rest)


def joined(rows: pl.DataFrame, counterpart: str, other: pl.Expr) -> pl.DataFrame:
    """The inverse of `split`: rows whose dimensions have the counterpart in its place, unless `other` is null."""
    pairs, own = pl.col("dimensions").str.split(";").list, f"{counterpart}="
    # Few texts differ, whatever the number of rows.
    texts = rows.select(pl.col("dimensions").unique()).with_columns(
        before=pairs.eval(pl.element().filter((pl.element() != "") & (pl.element() < own)) + ";").list.join(""),
        after=pairs.eval(";" + pl.element().filter(pl.element() > own)).list.join(""),
    )
    whole = pl.concat_str("before", pl.lit(own), other, "after")
    found = rows.join(texts, on="dimensions", how="left", maintain_order="left")
    return found.with_columns(dimensions=pl.coalesce(whole, "dimensions")).select(rows.columns)


def _in_parts(shares: Sequence[Fraction | None]) -> tuple[int, list[int]]:
    """Shares as whole numbers of common parts; an unknown one is nothing."""
    known = [share or ZERO for share in shares]
    parts = min(lcm(*(share.denominator for share in known)), MOST_PARTS)
    return parts, numerators(known, parts)


def _leaving(couples: pl.DataFrame, ends: pl.DataFrame, name: pl.Expr) -> pl.DataFrame:
    """Couples of `mover` and `met`: whether what moves leaves each area of the mover, or meets the other end there."""
    every = ends.group_by(met="code").agg(
        pieces=pl.len(),
        all_part=pl.col("part").sum(),
        all_parts=pl.col("parts").first(),
        vague=(~pl.col("known")).sum(),
        worst=pl.col("rank").max(),
    )
    there = ends.select("to", met="code", inner="part", inner_known="known")
    gone = pl.col("to") == ""
    moved = (
        couples.join(ends, left_on="mover", right_on="code")
        .join(every, on="met")
        .join(there, on=["met", "to"], how="left")
        .with_columns(
            inside=pl.col("inner").is_not_null() & ~gone,
            parts=pl.col("parts") * pl.col("all_parts"),
            rank=pl.max_horizontal("rank", "worst"),
            same=pl.lit(value=False),
        )
    )
    inner_vague = (pl.col("inside") & ~pl.col("inner_known")).fill_null(value=False)
    beside = pl.when(gone).then("all_parts").otherwise(pl.col("all_part") - pl.col("inner").fill_null(0))
    outside = moved.filter(gone | (pl.col("pieces") > pl.col("inside").cast(pl.UInt32))).with_columns(
        to_area=pl.when(gone).then(pl.lit("")).otherwise(name),
        part=pl.col("part") * beside,
        known=pl.col("known") & (gone | (pl.col("vague") == inner_vague.cast(pl.UInt32))),
    )
    within = moved.filter("inside").with_columns(
        to_area=couple_code("to", "to"),
        part=pl.col("part") * pl.col("inner"),
        known=pl.col("known") & pl.col("inner_known"),
    )
    columns = ["ref_area", "to_area", *(column for column in ENDS if column not in ("code", "to"))]
    return pl.concat([outside.select(columns), within.select(columns)])


def _pieces(reached: pl.DataFrame) -> pl.DataFrame:
    """The pieces of couples that may go to several: each gets nothing to all of it, for certain."""
    number = pl.col("part", "parts").cast(pl.Int128)
    pieces = reached.select("to_area", number, "known", "rank", from_area="ref_area").with_columns(
        part=pl.when("known").then("part").otherwise(0),
        low=pl.lit(0, pl.Int128),
        high=pl.col("parts"),
        firm=pl.lit(value=False),
        placeholder=pl.col("known") & (pl.col("rank") == QUALITY_ORDER.index("placeholder")),
    )
    rest = pieces.group_by("from_area").agg(
        pl.col("parts").first(), part=pl.col("parts").first() - pl.col("part").sum(), known=pl.lit(value=True)
    )
    unallocated = rest.filter(pl.col("part") > 0)
    return pl.concat([pieces.drop("rank"), unallocated], how="diagonal").select(
        pl.col(name).cast(kind) for name, kind in PIECES.items()
    )
