"""Every damaged catalog of the golden table gives exactly the findings that the table says, with their places."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indicators.catalog import check_catalog, load_catalog
from indicators.findings import DataFault

GOLDEN = Path(__file__).parent.parent / "golden" / "catalog_faults"


@dataclass
class Case:
    title: str
    edits: list[tuple[str, list[str]]] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)


def read_cases() -> list[Case]:
    cases: list[Case] = []
    for line in (GOLDEN / "cases.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            cases.append(Case(line[3:]))
        elif cases and line.startswith("@ "):
            cases[-1].edits.append((line[2:], []))
        elif cases and line[:1] in ("-", "+", "!") and line:
            cases[-1].edits[-1][1].append(line)
        elif cases and line.startswith("> "):
            cases[-1].expected.append(line[2:])
    return cases


def apply(root: Path, file: str, lines: list[str]) -> None:
    """Every `-` line is taken out where it first stands; the `+` lines after it come in its place."""
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    here = len(content)
    removed = 0
    for line in lines:
        if line.startswith("-"):
            here = content.index(line[1:], removed)
            content.pop(here)
            removed = here
        else:
            content.insert(here, line[1:])
            here += 1
            removed = here
    path.write_text("\n".join(content) + "\n", encoding="utf-8")


def damaged(case: Case, tmp_path: Path) -> Path:
    root = tmp_path / "catalog"
    shutil.copytree(GOLDEN / "catalog", root)
    for file, lines in case.edits:
        apply(root, file, lines)
    return root


def texts(root: Path) -> list[str]:
    return [finding.text("en").replace(f"{root}/", "") for finding in check_catalog(root)]


CASES = read_cases()


def test_there_are_cases() -> None:
    assert len(CASES) >= 40
    assert all(case.expected and case.edits for case in CASES)


def test_the_catalog_that_they_damage_is_sound() -> None:
    assert texts(GOLDEN / "catalog") == []


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_damaged_catalog(case: Case, tmp_path: Path) -> None:
    root = damaged(case, tmp_path)
    with pytest.raises(DataFault) as fault:
        load_catalog(root)
    findings = fault.value.findings
    assert [finding.text("en").replace(f"{root}/", "") for finding in findings] == case.expected
    for finding in findings:
        has_place = finding.line is not None and finding.column is not None
        assert has_place or finding.rule in ("file.extension", "codelist.name")
        assert Path(finding.file).exists()
        assert finding.vi
        assert finding.vi != finding.en
        assert not re.search(r"\{\w*\}", finding.vi + finding.en)
