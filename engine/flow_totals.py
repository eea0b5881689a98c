"""Totals of moves of a new area: made of the moves, or given and freed of those that have become internal."""

from __future__ import annotations

import polars as pl

from engine.flow_couples import BETWEEN, by_origin
from engine.frames import BASES, COVERAGE, NUM, RESTATED, STATUSES, rank, unrank
from engine.links import links_of
from engine.moves import SERIES, Moves
from engine.restated import Restated
from indicators.correspondence import Correspondence
from indicators.findings import Finding

_ZERO = pl.lit(0).cast(NUM)


def made_totals(moves: Moves, leaving: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """What leaves each new area for others, for every area and series.

    Args:
        moves: The moves that were listed.
        leaving: Those carried `by_origin`.
        pairs: Those carried `by_couple`, with their ends as `origin, other`. Where a total is estimated and all its
            moves are, it is their sum, so that a table adds up.
    """
    out = leaving.filter(pl.col("ref_area").str.ends_with(BETWEEN)).with_columns(
        ref_area=pl.col("ref_area").str.strip_suffix(BETWEEN)
    )
    areas = pl.DataFrame({"ref_area": sorted(moves.areas.to_areas)}, schema={"ref_area": pl.String})
    reach = moves.coverage().rename({"origin": "ref_area"})
    every = areas.join(moves.listed.select(SERIES).unique(), how="cross")
    table = (
        every.join(out, on=["ref_area", *SERIES], how="left")
        .join(pair_sums(pairs, "origin"), on=["ref_area", *SERIES], how="left")
        .join(reach, on=["ref_area", *SERIES], how="left")
        .with_columns(pl.col("reach").fill_null(0))
    )
    # An area of which every origin sent a list, none of it to anywhere else, sent nothing.
    absent, all_sent, some_sent = pl.col("basis").is_null(), pl.col("reach") == 1, pl.col("reach") > 0
    estimated = (pl.col("basis") == "estimated") & pl.col("summed").is_not_null()

    def number(name: str, sent: pl.Expr) -> pl.Expr:
        return pl.when(absent & sent).then(_ZERO).otherwise(pl.col(name)).alias(name)

    return table.with_columns(
        pl.when(absent & all_sent).then(_ZERO).when(estimated).then(pl.col("summed")).otherwise(pl.col("obs_value"))
        .alias("obs_value"),
        number("obs_lower", some_sent),
        number("obs_upper", all_sent),
        obs_status=pl.col("obs_status").fill_null(pl.when(all_sent).then(pl.lit("A")).otherwise(pl.lit("O"))),
        basis=pl.col("basis").fill_null(pl.when(all_sent).then(pl.lit("exact")).otherwise(pl.lit("partial"))),
        coverage=pl.min_horizontal(pl.col("coverage").fill_null(1), pl.col("reach")).cast(COVERAGE),
        measure=pl.lit(moves.measure.id),
        area_basis=pl.lit(moves.areas.to_day),
    ).select(*RESTATED)  # fmt: skip


def pair_sums(pairs: pl.DataFrame, end: str) -> pl.DataFrame:
    """The moves that leave (`origin`) or reach (`other`) each area for or from others, added up: `summed`."""
    summed = pl.when(pl.col("obs_value").is_not_null().all()).then(pl.col("obs_value").sum())
    apart = pairs.filter(pl.col("origin") != pl.col("other"))
    return apart.group_by(end, *SERIES).agg(summed=summed).rename({end: "ref_area"})


def given_totals(totals: pl.DataFrame, moves: Moves, areas: Correspondence) -> Restated:
    """Totals that somebody gave: kept for unchanged areas; for others without what has become internal, or refused.

    Args:
        totals: `ref_area, time_period, dimensions, obs_value, obs_status`.
        moves: The moves listed beside them, maybe none.
        areas: How the areas map.
    """
    plain = moves.carry(totals, moves.measure, links_of(areas, signed=moves.measure.signed))
    same = {pair.to_area for pair in areas.pairs if pair.same}
    inside = _inside(moves)
    key = ["ref_area", *SERIES]
    table = plain.rows.join(inside, on=key, how="left", maintain_order="left").with_columns(
        kept=pl.col("ref_area").is_in(sorted(same)) | (pl.col("coverage") == 0),
        freed=pl.col("inside").is_not_null(),
    )
    kept, freed = pl.col("kept"), ~pl.col("kept") & pl.col("freed")
    refused = ~pl.col("kept") & ~pl.col("freed")
    place = pl.max_horizontal(rank("basis", BASES), pl.col("place"), pl.lit(BASES.index("exact")))
    status = pl.max_horizontal(rank("obs_status", STATUSES), pl.col("status"))
    less = {
        "obs_value": pl.col("obs_value") - pl.col("inside"),
        "obs_lower": pl.max_horizontal(pl.col("obs_lower") - pl.col("inside"), _ZERO),
        "obs_upper": pl.col("obs_upper") - pl.col("inside"),
    }
    rows = table.with_columns(
        *(
            pl.when(kept).then(pl.col(name)).when(freed).then(value.cast(NUM)).otherwise(pl.lit(None, NUM)).alias(name)
            for name, value in less.items()
        ),
        obs_status=pl.when(kept).then("obs_status").when(refused).then(pl.lit("M")).otherwise(unrank(status, STATUSES)),
        basis=pl.when(kept).then("basis").when(refused).then(pl.lit("refused")).otherwise(unrank(place, BASES)),
    )
    valued = pl.col("obs_value").is_not_null()
    internal = table.filter(freed & valued).select(*key, obs_value=pl.col("inside"))
    lost = table.filter(refused)
    held = pl.concat([plain.held, lost.filter(valued).select(plain.held.columns)])
    told = (_refusal(moves, areas, lost["ref_area"]),) if not lost.is_empty() else ()
    return Restated(rows.select(*RESTATED), held, plain.unallocated, (*plain.findings, *told), internal)


def _inside(moves: Moves) -> pl.DataFrame:
    """What is known for certain to have moved within each new area: `inside`, its `status` and `place` (basis)."""
    schema: dict[str, type[pl.DataType] | pl.DataType] = {
        **dict.fromkeys(("ref_area", *SERIES), pl.String),
        "inside": NUM,
        "status": pl.Int8,
        "place": pl.Int8,
    }
    if moves.listed.is_empty():
        return pl.DataFrame(schema=schema)
    complete = moves.coverage().filter(pl.col("reach") == 1).rename({"origin": "ref_area"}).drop("reach")
    code = pl.col("ref_area").str.split(BETWEEN).list
    done = moves.carried(by_origin).rows
    # Where nothing may be internal there is no row: then nothing is.
    found = done.filter(code.first() == code.last()).with_columns(ref_area=code.first())
    table = complete.join(found, on=["ref_area", *SERIES], how="left")
    absent, certain = pl.col("basis").is_null(), pl.col("basis").is_in(["exact", "reported"])
    return table.filter(absent | certain).select(
        "ref_area",
        *SERIES,
        inside=pl.col("obs_value").fill_null(_ZERO),
        status=pl.when(absent).then(0).otherwise(rank("obs_status", STATUSES)).cast(pl.Int8),
        place=pl.lit(BASES.index("exact")).cast(pl.Int8),
    )


def _refusal(moves: Moves, areas: Correspondence, codes: pl.Series) -> Finding:
    """Why totals are refused to areas that several became, and to pieces of one that was cut."""
    lost = sorted(codes.unique())
    sources = {code: sorted({pair.from_area for pair in areas.by_target.get(code, ())} - {""}) for code in lost}
    merged = [code for code in lost if len(sources[code]) > 1]
    pieces = [code for code in lost if len(sources[code]) <= 1]
    told = []
    if merged:
        olds = sources[merged[0]][:4]
        pairs = ", ".join(f"{one}→{other}" for one in olds for other in olds if one != other)
        told.append(_of_merged(areas, merged, pairs))
    if pieces:
        told.append(_of_pieces(areas, pieces, sorted({one for code in pieces for one in sources[code]})))
    vi, en = (f"{moves.measure.id}: " + ". ".join(text) for text in zip(*told, strict=True))
    return Finding("restate.flow-without-counterpart", "warning", vi, en, subject=moves.measure.id)


def _of_merged(areas: Correspondence, lost: list[str], pairs: str) -> tuple[str, str]:
    vi = (
        f"từ chối cộng tổng luồng cho {len(lost)} địa bàn ({_some(lost)}) vì luồng giữa các địa bàn cũ nay là nội bộ"
        f" mà số tổng không tách được; hãy cung cấp số theo nơi đi và nơi đến (cột địa bàn đối ứng) của ngày"
        f" {areas.from_day}, ít nhất các cặp trong cùng địa bàn mới, như {pairs}, mỗi nơi đi một danh sách"
    )
    en = (
        f"refused to add up total flows for {len(lost)} areas ({_some(lost)}): moves between the areas that became one"
        " are no moves any more, and a total does not say how many they are; supply the moves by origin and destination"
        f" (the counterpart's column) of {areas.from_day}, at least between areas that became one, such as {pairs}, a"
        " list from each origin"
    )
    return vi, en


def _of_pieces(areas: Correspondence, lost: list[str], cut: list[str]) -> tuple[str, str]:
    vi = (
        f"từ chối chia tổng luồng cho {len(lost)} địa bàn ({_some(lost)}) là phần của địa bàn bị chia ({_some(cut)}):"
        " số tổng không nói từ phần nào, và đi lại giữa các phần khi đó không được đếm; hãy cung cấp số theo nơi đi"
        f" và nơi đến (cột địa bàn đối ứng) của ngày {areas.from_day} để có khoảng, hoặc số đếm theo địa bàn mới"
    )
    en = (
        f"refused to divide total flows between {len(lost)} areas ({_some(lost)}) that are pieces of areas that were"
        f" cut ({_some(cut)}): a total does not say from which piece, and moves between the pieces were not counted;"
        f" supply the moves by origin and destination (the counterpart's column) of {areas.from_day} for bounds, or"
        " counts by the new areas"
    )
    return vi, en


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
