"""What every command shares: the workspace and language in use, rows to stdout, messages to stderr."""

from __future__ import annotations

import csv
import json
import locale
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from indicators.findings import Finding, Language, UsageFault


class Format(StrEnum):
    """How rows come out."""

    table = "table"
    csv = "csv"
    json = "json"


@dataclass
class Settings:
    """What the global options say; set once, before the command runs."""

    workspace: Path
    language: Language


settings = Settings(Path(), "vi")


def default_language() -> Language:
    """Vietnamese, unless the locale asks for English."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if (name or locale.getlocale()[0] or "").startswith("en") else "vi"


def say(vi: str, en: str) -> None:
    """Write one message line to stderr in the language in use."""
    sys.stderr.write((vi if settings.language == "vi" else en) + "\n")


def show_findings(findings: Iterable[Finding]) -> None:
    """Write findings to stderr, one line each."""
    for finding in findings:
        sys.stderr.write(finding.text(settings.language) + "\n")


def plain(value: object) -> str:
    """A value as text: decimals without exponent or trailing zeros, days as ISO, nothing for None.

    >>> plain(Decimal("8717600.000000000")), plain(Decimal("0.50")), plain(None)
    ('8717600', '0.5', '')
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else str(value)


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], form: Format) -> None:
    """Write rows to stdout as an aligned table, CSV, or a JSON list of objects (decimals as text).

    A reader that stops early (`| head`) has what it wanted: that is no fault.
    """
    try:
        _write_rows(columns, rows, form)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at exit fails again


def _write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], form: Format) -> None:
    if form is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([plain(value) for value in row] for row in rows)
    elif form is Format.json:
        listed = [{name: _json(value) for name, value in zip(columns, row, strict=True)} for row in rows]
        json.dump(listed, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        texts = [[plain(value) for value in row] for row in rows]
        widths = [max([len(name), *(len(row[i]) for row in texts)]) for i, name in enumerate(columns)]
        for row in [list(columns), ["-" * width for width in widths], *texts]:
            sys.stdout.write("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() + "\n")


def _json(value: object) -> object:
    return value if value is None or isinstance(value, (bool, int, float, str)) else plain(value)


def parse_day(text: str, option: str) -> date:
    """An ISO day given to an option.

    Raises:
        UsageFault: It is not a day, with an example of one.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageFault(
            Finding(
                "usage.day",
                "error",
                f"{option}: '{text}' không phải là ngày; hãy viết năm-tháng-ngày, ví dụ 2025-07-01",
                f"{option}: '{text}' is not a day; write year-month-day, for example 2025-07-01",
            )
        ) from None


def counts(numbers: Mapping[str, int]) -> str:
    """Counts in one line: `34 exact, 2 partial`."""
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items())
