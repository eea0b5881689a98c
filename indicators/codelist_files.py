"""Reads code lists: `codelists/CL_SEX.csv` with `code,name_vi,name_en,parent`, strictly."""

from __future__ import annotations

import re
from pathlib import Path

from indicators.catalog_texts import CATALOG_TEXTS
from indicators.definitions import Code, Codelist, Name
from indicators.findings import Finding
from indicators.schema_parts import CODE, CODELIST
from indicators.strict_csv import Table, read_table

HEADER = ("code", "name_vi", "name_en", "parent")
_RULES = {rule: texts for rule, texts in CATALOG_TEXTS.items() if rule.startswith("codelist.")}


def read_codelist(path: Path) -> tuple[Codelist | None, list[Finding]]:
    """Read one code list; its id is the file's name.

    Returns:
        The code list, or None where the file is damaged, and every problem with line and column.
    """
    table = read_table(path, HEADER, _RULES)
    if not re.match(CODELIST, path.stem):
        table.fault(None, "", "codelist.name")
    if not table.records and not table.findings:
        table.fault(None, "", "codelist.empty")
    first: dict[str, int] = {}
    codes: dict[str, Code] = {}
    for line, cells in table.records:
        for column in ("code", "name_vi", "name_en"):
            if not cells[column]:
                table.fault(line, column, "codelist.no-code", column=column)
        code = cells["code"]
        if code and not re.match(CODE, code):
            table.fault(line, "code", "codelist.code-form", code=code)
        if code in first:
            table.fault(line, "code", "codelist.duplicate", code=code, first=first[code])
        first.setdefault(code, line)
        codes.setdefault(code, Code(code, Name(cells["name_vi"], cells["name_en"]), cells["parent"]))
    _check_parents(table, codes)
    return (None if table.findings else Codelist(path.stem, codes)), table.findings


def _check_parents(table: Table, codes: dict[str, Code]) -> None:
    """A parent must be a code of the list, and going up must come to an end."""
    for line, cells in table.records:
        above, steps = cells["parent"], 0
        while above and above in codes and steps <= len(codes):
            above, steps = codes[above].parent, steps + 1
        if above:
            table.fault(line, "parent", "codelist.parent", code=cells["code"], parent=cells["parent"])
