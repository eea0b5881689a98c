"""Whatever is done to a file of the catalog, the answer is findings, and never another exception."""

from __future__ import annotations

import random
import re
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from indicators.catalog import load_catalog
from indicators.findings import DataFault

GOLDEN = Path(__file__).parent.parent / "golden" / "catalog_faults" / "catalog"
PIECES = (
    ": ", "- ", "{", "}", "[", "]", '"', "'", "#", "&a ", "*a", "!!x ", "\t", "\n", "  ", "0", "-1", "null", "~", "NO",
    "\u0301", "\x00", "<<: ", "9" * 40, "1e999", ".inf", '""', "{}", "[]", "a.b", "CL_SEX", "/", "%", "2025-07-01",
)  # fmt: skip


def mutate(text: str, chance: random.Random) -> str:
    kind, place = chance.randrange(4), chance.randrange(len(text) + 1)
    if kind == 0:
        return text[:place] + chance.choice(PIECES) + text[place:]
    if kind == 1:
        return text[:place] + text[place + chance.randint(1, 12) :]
    if kind == 2:
        values = list(re.finditer(r"(?<=: )[^,}\n]+|(?<=[\[ ])\w+", text))
        if values:
            value = chance.choice(values)
            return text[: value.start()] + chance.choice(PIECES) + text[value.end() :]
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(8))
def test_a_mutated_file_gives_findings(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same mutations on every run)
    root = tmp_path / "catalog"
    shutil.copytree(GOLDEN, root)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    faulty = 0
    for _ in range(15):
        path = chance.choice(files)
        sound = path.read_text(encoding="utf-8")
        path.write_text(mutate(mutate(sound, chance), chance), encoding="utf-8")
        with suppress(DataFault):
            load_catalog(root)
            faulty -= 1
        faulty += 1
        path.write_text(sound, encoding="utf-8")
    assert faulty > 7, "most mutations do harm, so they must be noticed"
