"""A filled form as a document: JSON for systems, HTML for people, XLSX and SDMX-CSV for tables.

The same form gives the same bytes: no clock, no machine and no random number goes into a document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from indicators.findings import Finding, UsageFault
from submitters.form import FilledReport
from submitters.sdmx_csv import sdmx_csv
from submitters.sheet import sheet
from submitters.wording import cell_mark, marks_used, period_name, share, vietnamese_day, vietnamese_number

NOT_YET = ("xml", "sdmx-ml", "pdf")
"""Forms that the command line promises and that are not there yet."""


def render(form: FilledReport, as_form: str) -> bytes:
    """A filled form as the bytes of a document.

    Args:
        form: The filled form.
        as_form: One of `RENDERERS`.

    Raises:
        UsageFault: There is no such document; the finding lists those that there are.
    """
    require_form(as_form)
    return RENDERERS[as_form](form)


def require_form(as_form: str) -> None:
    """Refuse a form of document that cannot be made, before anything is read.

    Raises:
        UsageFault: There is no such document; the finding lists those that there are.
    """
    if as_form not in RENDERERS:
        known = ", ".join(RENDERERS)
        vi, en = ("chưa có", "is not yet available") if as_form in NOT_YET else ("không có", "is unknown")
        raise UsageFault(
            Finding(
                "usage.render-as",
                "error",
                f"--as {as_form}: dạng này {vi}; hiện có: {known}",
                f"--as {as_form}: this form {en}; there are: {known}",
            )
        )


def json_document(form: FilledReport) -> bytes:
    """The form as JSON, as `report.schema.json` describes it; numbers are text, so that no digit is lost."""
    return _text("report.json.j2", form=form)


def html_page(form: FilledReport) -> bytes:
    """The form as a page to read and print: Vietnamese with English beside it, and nothing loaded from elsewhere."""
    cells = [cell for row in form.rows for cell in row.cells]
    return _text(
        "report.html.j2",
        form=form,
        period=period_name(form.closing.period),
        names={column.id: column.name for column in form.columns},
        legend=marks_used(cells),
    )


def _text(template: str, **values: object) -> bytes:
    return (environment().get_template(template).render(**values) + "\n").encode()


def environment() -> Environment:
    """The templates of this package: everything is escaped in HTML, and an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("submitters", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), disabled_extensions=("json.j2",)),
        undefined=StrictUndefined,
    )
    made.filters.update(json=_json, number=vietnamese_number, day=vietnamese_day, mark=cell_mark, share=share)
    return made


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no place in a report")


RENDERERS: Mapping[str, Callable[[FilledReport], bytes]] = {
    "json": json_document,
    "html": html_page,
    "xlsx": sheet,
    "sdmx-csv": sdmx_csv,
}
"""What `--as` accepts, and what makes it."""
