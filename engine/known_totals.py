"""What the known totals of areas above leave for the areas below that did not report.

The total of a province less the figures of its communes is what its other communes have together, its *rest*: the very
figure of the last one, or the sum of several. Totals of the nearest level above come first; the rest of a district is
then a figure within its province.

A total is not used where it contradicts the figures, nor where anything below it is suppressed, in any series: what it
leaves could tell that figure (decision 24).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from engine.frames import NUM, STATUSES, empty, rank, unrank
from engine.parent_totals import parents_of
from engine.protect import SUPPRESSED
from engine.restate import SERIES
from indicators.areas import Register
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding

MOST, MOST_CONTRADICTIONS = 10, 50
RESTS: dict[str, pl.DataType] = {
    "parent": pl.String(),
    "time_period": pl.String(),
    "dimensions": pl.String(),
    "members": pl.List(pl.String()),
    "obs_value": NUM,
    "obs_status": pl.String(),
}
"""What the areas `members` of an area `parent` have together; the status is the weightiest of what it is made of."""
_FIGURES = ["ref_area", *SERIES, "obs_value", "obs_status"]


@dataclass(frozen=True)
class Known:
    """What totals tell beside the figures.

    Attributes:
        rests: Shape RESTS: of one area its figure, of several their sum.
        findings: Totals that were not used, and why.
    """

    rests: pl.DataFrame
    findings: tuple[Finding, ...]


def known_totals(figures: pl.DataFrame, totals: pl.DataFrame, measure: Measure, register: Register, day: date) -> Known:
    """What totals of areas above leave for areas without a figure.

    Args:
        figures: Protected observations of areas of the measure's level.
        totals: Observations of areas above, shape OBSERVATIONS.
        measure: A plain sum.
        register: The areas.
        day: Their day.

    Raises:
        DataFault: A total is suppressed, and the figures below it add up to it.
    """
    levels = register.levels[: register.levels.index(measure.level)][::-1]
    in_force = register.on(day)
    below = {level: parents_of(register, day, level, measure.level) for level in levels}
    hidden = _hidden(figures, totals, pl.concat(below.values()), measure)
    rests, findings = empty(RESTS), []
    valued = totals.filter(pl.col("obs_value").is_not_null())
    for level in levels:
        codes = [code for code, area in in_force.items() if area.level == level]
        of_level = valued.filter(pl.col("ref_area").is_in(codes))
        if of_level.is_empty():
            continue
        closed = of_level.filter(pl.col("ref_area").is_in(_over(below[level], hidden)))
        findings += _withheld(closed, measure)
        left = _left(of_level.join(closed, on="ref_area", how="anti"), figures, rests, below[level], register, day)
        wrong = (pl.col("missing") == 0) & (pl.col("rest") != 0)
        wrong |= pl.lit(not measure.signed) & (pl.col("rest") < 0)
        findings += _contradictions(left.filter(wrong), measure)
        open_ = left.filter(~wrong & (pl.col("missing") > 0))
        rests = pl.concat([rests, _rests(open_, figures, rests, below[level])])
    return Known(rests.sort("parent", *SERIES), tuple(findings))


def _over(below: pl.DataFrame, codes: Iterable[str]) -> list[str]:
    """The areas above that hold any of some areas."""
    return below.filter(pl.col("ref_area").is_in(sorted(codes)))["parent"].unique().to_list()


def _hidden(figures: pl.DataFrame, totals: pl.DataFrame, below: pl.DataFrame, measure: Measure) -> set[str]:
    """The areas that have a suppressed figure, or lie in one that has."""
    closed = totals.filter(pl.col("obs_status") == SUPPRESSED)
    told = [
        (area, period, dimensions)
        for area, period, dimensions in closed.select("ref_area", *SERIES).sort("ref_area", *SERIES).iter_rows()
        if _is_told((area, period, dimensions), figures, below)
    ]
    if told:
        raise DataFault([_told(row, measure) for row in told])
    within = below.filter(pl.col("parent").is_in(closed["ref_area"].unique().to_list()))["ref_area"]
    return {*within, *figures.filter(pl.col("obs_status") == SUPPRESSED)["ref_area"]}


def _is_told(total: tuple[str, str, str], figures: pl.DataFrame, below: pl.DataFrame) -> bool:
    """Whether nothing below a suppressed total keeps it open: no area that is suppressed as well, or all silent."""
    parent, period, dimensions = total
    within = below.filter(pl.col("parent") == parent).select("ref_area").unique()
    said = figures.filter(pl.col("obs_value").is_not_null()).select("ref_area").unique()
    also = figures.filter(
        pl.col("obs_status") == SUPPRESSED, pl.col("time_period") == period, pl.col("dimensions") == dimensions
    )
    return within.join(said, on="ref_area", how="anti").is_empty() and within.join(also, on="ref_area").is_empty()


def _within(figures: pl.DataFrame, rests: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    """What is known within each area above: `parent`, the series, `number` of areas, `value`, `status`."""
    counted = figures.filter(pl.col("obs_value").is_not_null()).select(*_FIGURES, number=pl.lit(1, pl.UInt32))
    members = pl.col("members")
    summed = rests.with_columns(ref_area=members.list.first(), number=members.list.len())
    every = pl.concat([counted, summed.select(counted.columns)])
    return every.join(below, on="ref_area").select(
        "parent", *SERIES, "number", value="obs_value", status=rank("obs_status", STATUSES)
    )


def _left(
    totals: pl.DataFrame,
    figures: pl.DataFrame,
    rests: pl.DataFrame,
    below: pl.DataFrame,
    register: Register,
    day: date,
) -> pl.DataFrame:
    """Each total with what is known within it, how many areas are `missing`, and the `rest` that they have."""
    group = ["parent", *SERIES]
    there = (
        _within(figures, rests, below)
        .group_by(group)
        .agg(pl.col("number").sum(), pl.col("value").sum(), pl.col("status").max())
    )
    sizes = below.group_by("parent").agg(areas=pl.len())
    names = {code: area.name_vi for code, area in register.on(day).items()}
    return (
        totals.select(*SERIES, parent="ref_area", total="obs_value", own=rank("obs_status", STATUSES))
        .join(sizes, on="parent")
        .join(there, on=group, how="left")
        .with_columns(pl.col("number", "value").fill_null(0))
        .with_columns(
            missing=pl.col("areas") - pl.col("number"),
            rest=(pl.col("total") - pl.col("value")).cast(NUM),
            status=unrank(pl.max_horizontal("own", "status"), STATUSES),
            name=pl.col("parent").replace_strict(names),
        )
        .sort(group)
    )


def _rests(left: pl.DataFrame, figures: pl.DataFrame, rests: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    """The rests of totals, with the areas that share each."""
    known = pl.concat(
        [
            figures.filter(pl.col("obs_value").is_not_null()).select("ref_area", *SERIES),
            rests.explode("members").select(*SERIES, ref_area="members").select("ref_area", *SERIES),
        ]
    )
    members = (
        left.select("parent", *SERIES)
        .join(below, on="parent")
        .join(known, on=["ref_area", *SERIES], how="anti")
        .group_by("parent", *SERIES)
        .agg(members=pl.col("ref_area").sort())
    )
    joined = left.join(members, on=["parent", *SERIES])
    return joined.with_columns(obs_value="rest", obs_status="status").select(
        pl.col(name).cast(kind) for name, kind in RESTS.items()
    )


def _contradictions(wrong: pl.DataFrame, measure: Measure) -> list[Finding]:
    """One for each total that cannot be, with both numbers."""
    findings = []
    for row in wrong.head(MOST_CONTRADICTIONS).iter_rows(named=True):
        where = " ".join(filter(None, (measure.id, row["parent"], row["name"], row["time_period"], row["dimensions"])))
        total, value, off = (f"{row[name].normalize():f}" for name in ("total", "value", "rest"))
        if row["missing"]:
            vi = f"{where}: tổng đã biết {total} nhỏ hơn {value} là tổng các địa bàn bên dưới đã báo cáo"
            en = f"{where}: the known total {total} is less than {value}, the sum of what areas below reported"
        else:
            vi = f"{where}: tổng đã biết {total} khác {value} là tổng mọi địa bàn bên dưới (lệch {off})"
            en = f"{where}: the known total {total} is not {value}, the sum of all areas below (off by {off})"
        findings.append(
            Finding(
                "restate.total-contradicts", "warning",
                f"{vi}; không dùng tổng này. Hãy đối chiếu với nguồn", f"{en}; it is not used. Compare with the source",
                subject=measure.id, ref_area=row["parent"], time_period=row["time_period"],
            )
        )  # fmt: skip
    if wrong.height > MOST_CONTRADICTIONS:
        more = wrong.height - MOST_CONTRADICTIONS
        vi, en = f"{measure.id}: còn {more} tổng nữa mâu thuẫn", f"{measure.id}: {more} more totals contradict as well"
        findings.append(Finding("restate.total-contradicts", "warning", vi, en, subject=measure.id))
    return findings


def _withheld(closed: pl.DataFrame, measure: Measure) -> list[Finding]:
    if closed.is_empty():
        return []
    codes = closed["ref_area"].unique().sort().to_list()
    some = ", ".join(codes[:MOST]) + (" …" if len(codes) > MOST else "")
    vi = (
        f"{measure.id}: không dùng tổng đã biết của {len(codes)} địa bàn ({some}) vì bên trong có số giữ kín (Q),"
        " phần còn lại của tổng có thể làm lộ số ấy. Nếu tổng này được công bố, hãy giữ kín thêm một địa bàn bên trong"
    )
    en = (
        f"{measure.id}: known totals of {len(codes)} areas ({some}) are not used, as a figure within is suppressed (Q)"
        " and what they leave may tell it. If such a total is published, suppress at least one more area within"
    )
    return [Finding("restate.total-withheld", "warning", vi, en, subject=measure.id, ref_area=codes[0])]


def _told(total: tuple[str, str, str], measure: Measure) -> Finding:
    code, period, dimensions = total
    where = " ".join(filter(None, (measure.id, code, period, dimensions)))
    vi = f"{where}: tổng giữ kín (Q) nhưng mọi địa bàn bên dưới đều có số nên cộng lại là lộ; giữ kín thêm một địa bàn"
    en = f"{where}: the total is suppressed (Q), but the figures of all areas below add up to it; suppress one more"
    return Finding("restate.total-told", "error", vi, en, subject=measure.id, ref_area=code, time_period=period)
