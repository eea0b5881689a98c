"""Findings: what is wrong, where, and what to do about it, in Vietnamese and English.

Every fault that a user can cause is reported as findings, never as a traceback. The exception carries the exit code of
the command line: 1 the data or the catalog is at fault, 2 wrong usage, 3 a system fault worth trying again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
Language = Literal["vi", "en"]


@dataclass(frozen=True)
class Finding:
    """One broken rule.

    Attributes:
        rule: Stable id, such as `catalog.unknown-key` or `load.unknown-area`.
        severity: An error stops what was asked; a warning is kept with the result.
        vi: What is wrong, why, and what to do, in Vietnamese.
        en: The same in English.
        file: The file as the user named it, or empty.
        line: Line in a text file, from 1.
        column: Character column in that line, from 1.
        row: Data row of a table, from 1 without its header.
        subject: The data set, measure, indicator or report it is about.
        ref_area: The area it is about.
        time_period: The period it is about.
    """

    rule: str
    severity: Severity
    vi: str
    en: str
    file: str = ""
    line: int | None = None
    column: int | None = None
    row: int | None = None
    subject: str = ""
    ref_area: str = ""
    time_period: str = ""

    @property
    def place(self) -> str:
        """Where it is, as `file:line:column`, as far as that is known."""
        parts = [self.file] if self.file else []
        parts += [str(number) for number in (self.line, self.column) if number is not None]
        return ":".join(parts)

    def text(self, language: Language = "vi") -> str:
        """The message with its place and rule, one line.

        >>> Finding("area.unknown", "error", "mã lạ", "unknown code", file="a.csv", line=3).text("en")
        'a.csv:3: unknown code [area.unknown]'
        """
        message = self.vi if language == "vi" else self.en
        return f"{self.place}: {message} [{self.rule}]" if self.place else f"{message} [{self.rule}]"


class ChitieuError(Exception):
    """A fault with findings that explain it; `exit_code` is that of the command line."""

    exit_code = 3

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(finding.text("en") for finding in self.findings))


class DataFault(ChitieuError):
    """The data or the catalog is at fault (exit code 1)."""

    exit_code = 1


class UsageFault(ChitieuError):
    """The request itself is wrong (exit code 2)."""

    exit_code = 2


class SystemFault(ChitieuError):
    """A disk, a lock or a network is at fault, and trying again may help (exit code 3)."""

    exit_code = 3
