"""Small workspaces of tests: what is in them, as texts by the name of their file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

BIRTHS = """\
id: vital.births
name: {vi: Số trẻ sinh, en: Births}
unit: PERSON
decimals: 0
level: commune
areas: {rule: sum}
time: {rule: flow}
"""
"""A measure that adds up."""


def fill(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write files into a folder, and the folders that they lie in."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
