"""The structure is what the documents say: arrows run one way, and the drawing is true."""

from __future__ import annotations

import pytest

from drawing.modules import DRAWING, PACKAGES, ROOT, imports, replaced

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def test_arrows_run_one_way() -> None:
    wrong = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if PACKAGES.index(other.split(".")[0]) < PACKAGES.index(module.split(".")[0])
    ]
    assert wrong == []


def test_no_circle_of_modules() -> None:
    arrows = imports()
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for other in sorted(arrows.get(module, ())):
                visit(other, (*path, module))
            done.add(module)

    for module in arrows:
        visit(module, ())


def test_the_drawing_is_true() -> None:
    text = DRAWING.read_text(encoding="utf-8")
    assert text == replaced(text), "run `make drawing`"


@pytest.mark.parametrize("package", PACKAGES)
def test_files_are_of_one_job(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for file in files:
        assert file.stem not in VAGUE
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 400, file
