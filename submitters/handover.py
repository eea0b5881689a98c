"""A handover record as a document: a page to print and sign, a workbook, or the plain text behind its fingerprint.

The same record gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.handover_record import Handover
from engine.handover_text import canonical_text, fingerprint
from indicators.catalog import Catalog
from indicators.findings import Finding, UsageFault
from indicators.levels import level_name
from submitters import handover_words as words
from submitters.handover_sheet import handover_workbook
from submitters.render import environment
from submitters.wording import BASIS_NAMES

SIGNERS: tuple[tuple[str, str], ...] = (
    ("Bên giao", "Handed over by"),
    ("Bên nhận", "Received by"),
    ("Cơ quan chứng kiến", "Witnessed by"),
)


def handover_document(record: Handover, catalog: Catalog, file: Path) -> bytes:
    """The document that a file name asks for.

    Args:
        record: What is handed over.
        catalog: Gives units and categories their names.
        file: Ends in `.html`, `.xlsx` or `.txt`.

    Raises:
        UsageFault: It ends in something else.
    """
    require_form(file)
    return DOCUMENTS[file.suffix.lower()](record, catalog)


def require_form(file: Path) -> None:
    """Refuse a file name that asks for no known form, before any work is done.

    Raises:
        UsageFault: The finding lists the forms.
    """
    if file.suffix.lower() in DOCUMENTS:
        return
    known = ", ".join(DOCUMENTS)
    vi = f"-o {file}: không lập được dạng «{file.suffix}»; đặt tên tệp kết thúc bằng {known}"
    en = f"-o {file}: there is no form '{file.suffix}'; end the file name in {known}"
    raise UsageFault(Finding("usage.handover-form", "error", vi, en))


def handover_page(record: Handover, catalog: Catalog) -> bytes:
    """The record as a page to sign: Vietnamese with English beside it, and nothing loaded from elsewhere."""
    made = environment()
    made.filters.update(
        share=words.share_text,
        status=words.status_text,
        coverage=words.coverage_text,
        level=lambda level: level_name(level).vi,
    )
    files = words.source_files(record)
    text = made.get_template("handover.html.j2").render(
        record=record,
        asked=record.question,
        units=catalog.units,
        categories=words.category_names(record, catalog),
        places={one.measure.id: words.places(one) for one in record.measures},
        files=files,
        numbers={one.load_id: one.number for one in files},
        figure=words.figure_text,
        amount=words.amount_text,
        qualities=words.QUALITIES,
        rules=words.RULES,
        bases=BASIS_NAMES,
        signers=SIGNERS,
        fingerprint=fingerprint(record),
    )
    return (text + "\n").encode()


def handover_text(record: Handover, _catalog: Catalog) -> bytes:
    """The data alone; its SHA-256 is the fingerprint on the page."""
    return canonical_text(record).encode()


DOCUMENTS: Mapping[str, Callable[[Handover, Catalog], bytes]] = {
    ".html": handover_page,
    ".xlsx": handover_workbook,
    ".txt": handover_text,
}
"""What a file name may end in, and what makes it."""
