"""The documents are true: their commands do what they show, their definitions load, their links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from console.main import add_commands, app
from console.shipped import FIGURES, copy_catalog
from engine.views import VIEWS
from guides.fences import Fence, fences
from guides.session import follow_all
from indicators.catalog import Catalog, load_catalog
from indicators.yaml_source import read_yaml

ROOT = Path(__file__).parents[2]
FOLLOWED = [ROOT / name for name in ("README.md", "docs/phan-tich-vien.md", "docs/thong-ke-vien.md",
                                     "docs/can-bo-bao-cao.md", "docs/lap-trinh-vien.md")]  # fmt: skip
"""In the order in which they are followed; the first makes the workspace that the others use."""
DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "catalog").rglob("*.md"), *FIGURES.glob("*.md")}
)
KINDS = (("models", "items"), ("reports", "columns"), ("indicators", "versions"), ("measures", "areas"))
"""Folder of the catalog to a key that only its definitions have."""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, list[str]]]:
    folder = tmp_path_factory.mktemp("reader")
    (folder / "figures").mkdir()
    for name in ("nso_2024.csv", "covid_2021.csv"):
        shutil.copy2(FIGURES / name, folder / "figures" / name)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.setenv("LC_ALL", "C.UTF-8")
        here.setenv("CHITIEU_USER", "lan")
        here.setattr("indicators.catalog.load_catalog", _remembered())
        yield follow_all(FOLLOWED)


def _remembered() -> Callable[[Path], Catalog]:
    """`load_catalog`, which reads a catalog whose files have not changed only once: half of the time of a command."""
    held: dict[tuple[object, ...], Catalog] = {}

    def load(root: Path) -> Catalog:
        stats = sorted((path.as_posix(), path.stat().st_mtime_ns) for path in root.absolute().rglob("*"))
        return held.get(tuple(stats)) or held.setdefault(tuple(stats), load_catalog(root))

    return load


@pytest.mark.parametrize("document", FOLLOWED, ids=lambda path: path.name)
def test_commands_do_what_the_document_shows(document: Path, faults: dict[Path, list[str]]) -> None:
    assert not faults[document], "\n".join(faults[document])


def test_definitions_in_the_documents_load(tmp_path: Path) -> None:
    copy_catalog(tmp_path)
    written = 0
    for document in FOLLOWED:
        for fence in fences(document):
            if fence.kind == "yaml":
                written += _write_definition(fence, tmp_path / "catalog")
            elif fence.kind == "toml":
                tomllib.loads(fence.text)
    assert written >= 4
    load_catalog(tmp_path / "catalog")


def _write_definition(fence: Fence, catalog: Path) -> int:
    document, findings = read_yaml(fence.text, f"{fence.document.name}:{fence.line}")
    assert not findings, findings
    keys: Any = document.data
    folder = next((folder for folder, key in KINDS if key in keys), "")
    if "id" not in keys or not folder:
        return 0
    target = catalog / folder / f"{keys['id'].replace('.', '/')}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(fence.text, encoding="utf-8")
    return 1


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    wrong = [
        link
        for link in links
        if not link.startswith(("https://", "http://", "#")) and not (document.parent / link.partition("#")[0]).exists()
    ]
    assert wrong == []


def test_every_command_is_in_a_guide() -> None:
    text = " ".join(" ".join(document.read_text(encoding="utf-8").split()) for document in FOLLOWED)
    assert [name for name in commands() if f"chitieu {name}" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_that_are_not_run_exist_with_their_options(document: Path) -> None:
    known = commands()
    lines = [line for fence in fences(document) if fence.kind in ("", "sh") for line in fence.lines]
    lines += re.findall(r"`(chitieu [a-z][^`]*)`", document.read_text(encoding="utf-8"))
    wrong = []
    for line in lines:
        if not line.startswith("chitieu "):
            continue
        words = shlex.split(line.split("   ")[0], comments=True)[1:]
        name = next((name for name in (" ".join(words[:2]), words[0]) if name in known), "")
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        if not name or options - known[name] - {"--workspace", "--lang", "--help"}:
            wrong.append(line)
    assert wrong == []


def test_every_view_and_column_is_in_the_analysts_guide() -> None:
    text = (ROOT / "docs" / "phan-tich-vien.md").read_text(encoding="utf-8")
    missing = [f"{view}.{column}" for view, columns in VIEWS.items() for column in columns if f"`{column}`" not in text]
    assert [view for view in VIEWS if f"`{view}`" not in text] == []
    assert missing == []


def test_decisions_are_numbered_and_whole() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [file.name[:4] for file in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequence")), file.name
        assert f"({file.name})" in index


def commands() -> dict[str, set[str]]:
    """Every command of the program, as `areas find`, and its options."""
    add_commands()
    found: dict[str, set[str]] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        for path, one in [(name, command)] if below is None else [(f"{name} {sub}", one) for sub, one in below.items()]:
            found[path] = {option for param in one.params for option in (*param.opts, *param.secondary_opts)}
    return found
