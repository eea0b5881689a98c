"""`chitieu restate`: one file to the areas of another day, no lake needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.area_answers import areas_folder, check_level, say_no_weights
from console.output import Format, counts, parse_day, say, settings, show_findings, show_rows
from indicators.findings import Finding, UsageFault

if TYPE_CHECKING:
    import polars as pl

    from indicators.catalog import Catalog
    from indicators.definitions import Calendar, Measure


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restate")(restate_command)


def restate_command(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, Parquet: ref_area, time_period, obs_value …")],
    measure: Annotated[
        list[str], typer.Option(help="mã đại lượng; tệp có cột measure: nhiều mã, hay all / the measure's id, or all")
    ],
    from_day: Annotated[str, typer.Option("--from", help="ngày của mã trong tệp / the day of the file's areas")],
    to_day: Annotated[str, typer.Option("--to", help="ngày của địa bàn cần có / the day of the areas wanted")],
    level: Annotated[str, typer.Option(help="cấp của tệp, nếu khác cấp thu thập / the file's level")] = "",
    to_level: Annotated[str, typer.Option(help="cấp cần có / the level wanted")] = "",
    weights: Annotated[Path | None, typer.Option(help="số liệu làm quyền số / figures that weigh")] = None,
    weights_day: Annotated[str, typer.Option(help="ngày của mã trong tệp quyền số / the day of its areas")] = "",
    calendar: Annotated[str, typer.Option(help="lịch có cửa sổ số liệu / the calendar whose windows count")] = "",
    gross: Annotated[bool, typer.Option("--gross", help="luồng: tổng đi, đến, thuần / moves: out, in, net")] = False,
    output: Annotated[Path | None, typer.Option("-o", help="tệp kết quả / the file to write")] = None,
    form: Annotated[Format, typer.Option("--format")] = Format.csv,
) -> None:
    """Quy đổi một tệp số liệu sang địa bàn của ngày khác. / Restate one file to another day's areas."""
    from console.file_places import check_inputs, check_output
    from console.restate_many import ALL, catalog_and_facts, refuse_options, require_one, restate_many
    from console.result_files import FrameAnswer, check_name, write_answer
    from engine.restate_file import Job, restate_file

    areas = areas_folder(settings.workspace)
    read = {"FILE": file, "--weights": weights}
    check_inputs(read)
    if output is not None:
        check_output(output, settings.workspace, read)
        check_name(output)
    days = parse_day(from_day, "--from"), parse_day(to_day, "--to")
    catalog, facts = catalog_and_facts(settings.workspace / "catalog", file, days[0])
    for named_level, day, option in ((level, days[0], "--level"), (to_level, days[1], "--to-level")):
        if named_level:
            check_level(catalog.register, day, named_level, option)
    windows = calendar_named(catalog, calendar) if calendar else None
    if facts is not None:
        refuse_options({"--weights": weights, "--weights-day": weights_day, "--gross": gross})
        named = catalog.measures if measure == [ALL] else {name: _measure(catalog, name) for name in measure}
        say_no_weights(areas, named.values())
        restate_many(file, measure, named, days, (level, to_level), output, catalog, windows, facts)
        return
    require_one(file, measure, catalog)
    chosen = _measure(catalog, measure[0])
    chosen = replace(chosen, level=level) if level else chosen
    weighed = parse_day(weights_day, "--weights-day") if weights_day else None
    today = date.today()  # noqa: DTZ011  # a day as people here see it
    if gross and chosen.internal_flow is None:
        raise UsageFault(_no_moves(chosen))
    job = Job(chosen, *days, to_level or chosen.level, today, weighed, windows, gross)
    say_no_weights(areas, [] if weights else [chosen])
    answer = restate_file(file, job, catalog, weights)
    show_findings(answer.findings)
    _summarise(answer.table, answer.balance, answer.left)
    if output is None:
        show_rows(answer.table.columns, answer.table.iter_rows(), form)
    else:
        write_answer(output, FrameAnswer(answer.table))
        say(f"đã ghi {output}", f"wrote {output}")


def _measure(catalog: Catalog, name: str) -> Measure:
    if name in catalog.measures:
        return catalog.measures[name]
    known = ", ".join(catalog.measures) or "-"
    raise UsageFault(
        Finding(
            "usage.measure",
            "error",
            f"--measure: không có đại lượng «{name}»; có: {known}",
            f"--measure: there is no measure '{name}'; there are: {known}",
        )
    )


def calendar_named(catalog: Catalog, name: str) -> Calendar:
    """The calendar that `--calendar` names.

    Raises:
        UsageFault: The catalog has none of that name; the finding lists those it has.
    """
    if name in catalog.calendars:
        return catalog.calendars[name]
    known = ", ".join(catalog.calendars) or "-"
    vi = f"--calendar: không có lịch «{name}»; có: {known}"
    en = f"--calendar: there is no calendar '{name}'; there are: {known}"
    raise UsageFault(Finding("usage.calendar", "error", vi, en))


def _no_moves(measure: Measure) -> Finding:
    vi = f"--gross: {measure.id} không phải là luồng giữa các địa bàn (không khai internal_flow); bỏ --gross"
    en = f"--gross: {measure.id} is no move between areas (it states no internal_flow); leave --gross out"
    return Finding("usage.gross", "error", vi, en, subject=measure.id)


def _summarise(table: pl.DataFrame, balance: pl.DataFrame, left: pl.DataFrame) -> None:
    gone = {(period, dimensions): amount for period, dimensions, amount in left.iter_rows()}
    bases = dict(sorted(table["basis"].value_counts().iter_rows()))
    for row in balance.iter_rows(named=True):
        away = gone.get((row["time_period"], row["dimensions"]))
        sides = {**row, "held": row["held"] - (away or 0), "left": away or 0}
        before, values, held, rest, inside, out = (f"{sides[name]:f}".rstrip("0").rstrip(".") for name in _SIDES)
        series = " ".join(filter(None, (row["time_period"], row["dimensions"])))
        vi, en = (f" + {inside} (nay là nội bộ)", f" + {inside} (now internal)") if row["internal"] else ("", "")
        if away:
            vi, en = f"{vi} + {out} (không thuộc địa bàn nào nữa)", f"{en} + {out} (left every area)"
        say(
            f"{series}: tổng {before} = {values} (có số) + {held} (ở địa bàn chưa có số) + {rest} (chưa phân bổ){vi}",
            f"{series}: total {before} = {values} (valued) + {held} (in areas without a value) + {rest}"
            f" (unallocated){en}",
        )
    say(f"kết quả: {counts(bases)}", f"result: {counts(bases)}")


_SIDES = ("before", "values", "held", "unallocated", "internal", "left")
