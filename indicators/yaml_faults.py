"""Says what a YAML syntax error means, with its place."""

from __future__ import annotations

import re

import yaml

from indicators.findings import Finding
from indicators.yaml_texts import SYNTAX_HINTS, YAML_TEXTS


def yaml_finding(rule: str, file: str, line: int, column: int, **facts: object) -> Finding:
    """An error of a YAML rule at a place; `facts` fill the rule's texts."""
    vi, en = (text.format(**facts) for text in YAML_TEXTS[rule])
    return Finding(rule, "error", vi, en, file, line, column)


def syntax_finding(error: yaml.YAMLError, text: str, file: str) -> Finding:
    """The finding for a file that YAML cannot read, at the place where reading stopped."""
    line, column, problem = 1, 1, str(error)
    if isinstance(error, yaml.MarkedYAMLError):
        problem = " ".join(part for part in (error.context, error.problem) if part)
        opened = error.context_mark if "quoted scalar" in problem else None
        mark = opened or error.problem_mark or error.context_mark
        if mark is not None:
            line, column = mark.line + 1, mark.column + 1
    elif isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        problem = "special characters are not allowed"
    vi, en = next(
        ((vi, en) for words, vi, en in SYNTAX_HINTS if words in problem),
        (f"{problem}; hãy so với một tệp khác đang đúng", f"{problem}; compare it with a file that works"),
    )
    return yaml_finding("yaml.syntax", file, line, column, vi=vi, en=en)


def tab_findings(text: str, file: str) -> list[Finding]:
    """One finding for every line that is indented with a tab."""
    return [
        yaml_finding("yaml.tab", file, number, found.start(1) + 1)
        for number, line in enumerate(text.splitlines(), 1)
        if (found := re.match(r" *(\t)", line))
    ]
