"""The commands `chitieu catalog check | show | diff | schema | docs`: definitions, checked and explained."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from console.catalog_places import catalog_folder, catalog_of, inside
from console.definition_rows import Row, indicator_rows, measure_rows, show_fields
from console.output import Format, parse_day, say, settings, show_findings, show_rows
from indicators.catalog import checked_draft, findings_within, load_catalog
from indicators.catalog_changes import Difference, differences
from indicators.catalog_draft import Draft
from indicators.catalog_pages import write_pages
from indicators.catalog_revisions import changed_files
from indicators.catalog_uses import uses_of_measure
from indicators.definitions import Indicator, Measure
from indicators.findings import DataFault, Finding, UsageFault
from indicators.schema import write_schemas
from indicators.suggestions import guess

FINDING_COLUMNS = ("severity", "file", "line", "column", "rule", "message")
DIFFERENCE_COLUMNS = ("id", "what", "part", "before", "after", "since", "figures", "affects", "file")

FormatOption = Annotated[Format, typer.Option("--format", help="table | csv | json")]


def add_to(app: typer.Typer) -> None:
    """Add the group `catalog` to the command line."""
    group = typer.Typer(help="Định nghĩa đại lượng và chỉ tiêu. / Definitions.", no_args_is_help=True)
    group.command("check")(check)
    group.command("show")(show)
    group.command("diff")(diff)
    group.command("schema")(schema)
    group.command("docs")(docs)
    app.add_typer(group, name="catalog")


def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="tệp hoặc thư mục / files or folders")] = None,
    form: FormatOption = Format.table,
) -> None:
    """Kiểm tra danh mục, báo mọi lỗi cùng lúc kèm vị trí. / Check the catalog: every problem with its place."""
    roots: dict[Path, list[Path]] = {}
    for path in paths or []:
        roots.setdefault(catalog_of(path), []).append(path)
    if not roots:
        roots[catalog_folder()] = []
    drafts = {root: checked_draft(root) for root in roots}
    found = [
        finding
        for root, draft in drafts.items()
        for finding in findings_within(draft.findings, inside(root, roots[root]))
    ]
    errors = [finding for finding in found if finding.severity == "error"]
    if form is not Format.table:
        _show_as_rows(found, form)
    elif not errors:
        show_findings(found)
    if errors and form is Format.table:
        raise DataFault(found)
    if errors:
        raise typer.Exit(DataFault.exit_code)
    for root, draft in drafts.items():
        _say_counts(root, draft)


def show(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="mã đại lượng hoặc chỉ tiêu / id of a measure or indicator")
    ],
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="ngày, ví dụ 2025-07-01 / a day")] = "",
    form: FormatOption = Format.table,
) -> None:
    """Một định nghĩa: phiên bản có hiệu lực, căn cứ, nơi dùng. / A definition: version in force, basis, who uses it."""
    day = parse_day(on, "--on") if on else None
    draft = checked_draft(catalog_folder())
    found = [entries[name] for entries in (draft.indicators, draft.measures) if name in entries]
    if not found:
        vi, en = guess(name, {*draft.measures, *draft.indicators})
        text_vi = f"không có đại lượng hay chỉ tiêu '{name}'; {vi}"
        raise UsageFault(Finding("usage.unknown-id", "error", text_vi, f"no measure or indicator '{name}'; {en}"))
    for entry in found:
        if entry.built is None:
            raise DataFault(finding for finding in draft.findings if finding.file == entry.document.file)
    rows = [row for entry in found if entry.built for row in _rows_of(entry.built, draft, day)]
    if form is Format.table:
        show_fields(rows)
    else:
        show_rows(("field", "value"), rows, form)


def diff(
    revision: Annotated[str, typer.Argument(metavar="REV", help="bản git để so / git revision to compare with")],
    form: FormatOption = Format.table,
) -> None:
    """Định nghĩa nào khác bản git đã lưu, từ kỳ nào. / Which definitions differ from a git revision, from when on."""
    root = catalog_folder()
    found = differences(*changed_files(root, revision))
    draft = checked_draft(root)
    rows = [
        (each.id, each.what, each.part, each.before, each.after, each.since, "yes" if each.figures else "no",
         _affected(draft, each), each.file)
        for each in found
    ]  # fmt: skip
    show_rows(DIFFERENCE_COLUMNS, rows, form)
    if not found:
        say(f"không có định nghĩa nào khác bản {revision}", f"no definition differs from {revision}")


def schema() -> None:
    """Ghi JSON Schema vào catalog/schema cho trình soạn thảo. / Write the JSON Schemas to catalog/schema."""
    for path in write_schemas(catalog_folder() / "schema"):
        say(f"đã ghi {path}", f"wrote {path}")


def docs(directory: Annotated[Path, typer.Argument(metavar="DIR", help="thư mục ghi trang / where pages go")]) -> None:
    """Trang đọc cho từng chỉ tiêu và trang mục lục (HTML). / Readable pages of all indicators, with an index (HTML)."""
    written = write_pages(load_catalog(catalog_folder()), directory)
    say(f"đã ghi {len(written)} trang; mở {written[0]}", f"wrote {len(written)} pages; open {written[0]}")


def _say_counts(root: Path, draft: Draft) -> None:
    areas = len(draft.register.areas) if draft.register else 0
    say(
        f"{root}: không có lỗi; {len(draft.measures)} đại lượng, {len(draft.indicators)} chỉ tiêu, "
        f"{len(draft.models)} mô hình dữ liệu, {len(draft.codelists)} danh mục mã, {len(draft.units)} đơn vị tính, "
        f"{len(draft.calendars)} lịch, {len(draft.reports)} biểu báo cáo, {areas:,} phiên bản địa bàn",
        f"{root}: no errors; {len(draft.measures)} measures, {len(draft.indicators)} indicators, "
        f"{len(draft.models)} data models, {len(draft.codelists)} code lists, {len(draft.units)} units, "
        f"{len(draft.calendars)} calendars, {len(draft.reports)} report forms, {areas:,} versions of areas",
    )


def _show_as_rows(findings: list[Finding], form: Format) -> None:
    vietnamese = settings.language == "vi"
    rows = [
        (each.severity, each.file, each.line, each.column, each.rule, each.vi if vietnamese else each.en)
        for each in findings
    ]
    show_rows(FINDING_COLUMNS, rows, form)


def _rows_of(definition: Indicator | Measure, draft: Draft, day: date | None) -> Iterable[Row]:
    """What is shown of one definition; an indicator and its measure may share an id, then both are shown."""
    if isinstance(definition, Measure):
        return measure_rows(definition, draft, settings.language)
    version = definition.version_on(day) if day else definition.versions[-1]
    if version is not None:
        return indicator_rows(definition, version, draft, settings.language)
    first = definition.versions[0].valid_from
    raise DataFault(
        Finding(
            "indicator.not-in-force",
            "error",
            f"ngày {day} chưa có phiên bản nào của {definition.id} có hiệu lực; phiên bản đầu tiên từ {first}",
            f"no version of {definition.id} is in force on {day}; the first is from {first}",
            definition.file,
        )
    )


def _affected(draft: Draft, each: Difference) -> str:
    """The indicators whose figures a change of a measure can change."""
    if not each.figures or not each.file.startswith("measures/"):
        return ""
    lists = ([value for value, _ in draft.built(kind)] for kind in ("measure", "indicator", "model"))
    users = uses_of_measure(each.id, *lists)
    return ", ".join(use.partition(" ")[2] for use in users if use.startswith("indicator "))
