"""Makes the figures of a longer period from those of shorter ones, by the measure's rule for time.

Flows add up, of stocks the last one counts, averages are averaged by length, and what has no rule is refused. A part
that is missing makes the whole missing: never a smaller sum. What is certain stays: an unsigned flow is at least what
its known parts add up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from engine.frames import RESTATED, empty
from engine.time_parts import SPAN, last_part, prepared, published, summed
from engine.time_remarks import differing, incomplete, refused_periods, two_figures
from indicators.definitions import Measure
from indicators.findings import DataFault, Finding
from indicators.periods import MONTHS, Period, PeriodFrequency, parse_period, parts

SERIES = ["ref_area", "area_basis", "dimensions"]
SHORTER: Mapping[PeriodFrequency, PeriodFrequency] = {"A": "S", "9M": "Q", "S": "Q", "Q": "M", "M": "D", "W": "D"}
"""Which periods a period is made of; those are made of shorter ones in turn, so quarters and months may be mixed."""


def parts_held(periods: Iterable[str], held: Iterable[str]) -> dict[str, list[str]]:
    """Of each period, the shorter periods within it that there are figures of, in the order given.

    Only periods that can be its parts: weeks are none of a month's.
    """
    known = [parse_period(text) for text in held]
    found: dict[str, list[str]] = {}
    for text in dict.fromkeys(periods):
        whole = parse_period(text)
        kinds = _kinds(whole.frequency)
        found[text] = [part.text for part in known if part.frequency in kinds and whole.contains(part)]
    return found


def time_aggregate(
    rows: pl.DataFrame, measure: Measure, periods: Iterable[str], broken: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, list[Finding]]:
    """Add the figures of periods that are made of shorter ones.

    Args:
        rows: Restated figures of one measure (shape RESTATED), of any periods.
        measure: Its rule for time.
        periods: The periods wanted.
        broken: `time_period, ref_area`: where the window of a period breaks (`engine.window_breaks`). There a flow made
            of its parts, each restated on its own side of the change, is better than one counted across it.

    Returns:
        The rows, and those that were made. A figure given for the period itself stands, unless its window breaks and
        its parts are all there. Findings: `time.refused`, `time.incomplete`, `time.differs`.

    Raises:
        DataFault: There are two figures of one area, period and dimensions to choose from (`time.two-figures`).
    """
    held = parts_held(periods, rows["time_period"].unique().sort().to_list())
    wanted = [text for text in held if held[text]]
    if not wanted:
        return rows, []
    within = rows.filter(pl.col("time_period").is_in([*wanted, *(part for text in wanted for part in held[text])]))
    if measure.internal_flow is not None:  # which pairs a period lacks is not known: only totals are made of parts
        within = within.filter(~pl.col("dimensions").str.contains(f"{measure.internal_flow}=", literal=True))
    twice = within.filter(pl.struct([*SERIES, "time_period"]).is_duplicated()).sort("time_period", *SERIES)
    if not twice.is_empty():
        raise DataFault(two_figures(measure, twice.row(0, named=True)))
    if measure.time == "none":
        return _refused(rows, within, measure, wanted)
    return _made(rows, within, measure, wanted, broken)


def _made(
    rows: pl.DataFrame, within: pl.DataFrame, measure: Measure, wanted: Sequence[str], broken: pl.DataFrame | None
) -> tuple[pl.DataFrame, list[Finding]]:
    findings: list[Finding] = []
    replaced = rows
    for text in wanted:
        maker = _Maker(within, measure, parse_period(text))
        made = maker.from_parts(maker.target)
        if made is None:
            continue
        composed = published(made, measure, text)
        own = replaced.filter(pl.col("time_period") == text)
        better = _better(composed, own, measure, text, broken)
        findings += differing(composed, own, measure, text)
        used = composed.join(own, on=SERIES, how="anti")
        used = pl.concat([used, composed.join(better, on=SERIES, how="semi")])
        lost = used.filter(pl.col("obs_value").is_null(), pl.col("basis") != "refused", pl.col("coverage") < 1)
        findings += incomplete(lost, measure, text, maker.lacking())
        others = replaced.filter(pl.col("time_period") != text)
        replaced = pl.concat([others, own.join(better, on=SERIES, how="anti"), used])
    return replaced, findings


def _better(
    composed: pl.DataFrame, own: pl.DataFrame, measure: Measure, period: str, broken: pl.DataFrame | None
) -> pl.DataFrame:
    """The series whose figure made of parts is better than their own: theirs is missing, or counts across a change."""
    valued = composed.filter(pl.col("obs_value").is_not_null())
    missing = own.filter(pl.col("obs_value").is_null() & pl.col("obs_status").is_in(["O", "L"]))
    found = valued.join(missing, on=SERIES, how="semi").select(SERIES)
    if measure.time != "flow" or broken is None:
        return found
    here = broken.filter(pl.col("time_period") == period)
    crossed = own.join(here, on=["time_period", "ref_area"], how="semi")
    return pl.concat([found, valued.join(crossed, on=SERIES, how="semi").select(SERIES)]).unique(maintain_order=True)


def _refused(
    rows: pl.DataFrame, within: pl.DataFrame, measure: Measure, wanted: Sequence[str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Where there are only parts and no rule: no figure, and the reason."""
    made = [empty(RESTATED)]
    held = within["time_period"].unique().sort().to_list()
    for text in wanted:
        whole = parse_period(text)
        inside = [part for part in held if part != text and whole.contains(parse_period(part))]
        own = rows.filter(pl.col("time_period") == text)
        series = within.filter(pl.col("time_period").is_in(inside)).sort("time_period", *SERIES)
        lacking = series.unique(SERIES, keep="first", maintain_order=True).join(own, on=SERIES, how="anti")
        nothing = [pl.lit(None).cast(RESTATED[name]).alias(name) for name in ("obs_value", "obs_lower", "obs_upper")]
        marks = {"time_period": text, "obs_status": "M", "basis": "refused"}
        marked = lacking.with_columns(*nothing, *(pl.lit(value).alias(name) for name, value in marks.items()))
        made.append(marked.select(*RESTATED))
    refused = pl.concat(made)
    return pl.concat([rows, refused]), refused_periods(refused, measure)


def _kinds(frequency: PeriodFrequency) -> set[PeriodFrequency]:
    kinds: set[PeriodFrequency] = set()
    below = SHORTER.get(frequency)
    while below is not None:
        kinds.add(below)
        below = SHORTER.get(below)
    return kinds


class _Maker:
    """Makes one period from what is held within it."""

    def __init__(self, within: pl.DataFrame, measure: Measure, target: Period) -> None:
        self.measure, self.target = measure, target
        inside = [part for part in within["time_period"].unique() if target.contains(parse_period(part))]
        self.held = {part: parse_period(part) for part in sorted(inside)}
        in_days = any(part.frequency in ("D", "W") for part in self.held.values())
        self.lengths_in_days = in_days or target.frequency == "W"
        self.rows = within.filter(pl.col("time_period").is_in(inside)).partition_by("time_period", as_dict=True)

    def length(self, period: Period) -> int:
        """How long a period is in months; in days, where any figure is of a day."""
        months = MONTHS.get(period.frequency)
        return months if months and not self.lengths_in_days else (period.end - period.start).days + 1

    def from_parts(self, period: Period) -> pl.DataFrame | None:
        """The figures of a period made of its parts; None where there is nothing to make them of."""
        below = SHORTER.get(period.frequency)
        if below is None or not any(period.contains(part) and part != period for part in self.held.values()):
            return None
        made = [(part, self._figures(part)) for part in parts(period, below)]
        if self.measure.time == "stock":
            return last_part(made[-1][1], self.length(period))
        known = [figures for _, figures in made if figures is not None]
        return summed(known, len(made), self.length(period), self.measure) if known else None

    def _figures(self, period: Period) -> pl.DataFrame | None:
        """What is given of a period, and what is made of its parts where nothing with a value is given."""
        given = self.rows.get((period.text,))
        made = self.from_parts(period)
        if given is None:
            return made
        own = prepared(given, self.length(period), self.measure)
        if made is None:
            return own
        blank = own.filter(pl.col("amount").is_null())
        fills = made.filter(pl.col("amount").is_not_null()).join(blank, on=SERIES, how="semi")
        others = made.join(own, on=SERIES, how="anti")
        return pl.concat([own.join(fills, on=SERIES, how="anti"), fills, others]).select(SPAN)

    def lacking(self) -> list[str]:
        """The parts of the period that nobody has given anything of, at the kind of part that most is given in."""
        lengths = {self.length(part) for part in self.held.values() if part != self.target}
        kinds = {part.frequency for part in self.held.values() if self.length(part) == min(lengths, default=0)}
        frequency = min(kinds, default=None)
        if frequency is None or len(self.held) > 400:
            return []
        given = [part for part in self.held.values() if part != self.target]
        every = parts(self.target, frequency)
        return [part.text for part in every if not any(one.contains(part) for one in given)]
