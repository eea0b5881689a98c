"""The drawing of the modules in docs/architecture.md. `python -m drawing.modules` (in tests/) writes it anew."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DRAWING = ROOT / "docs" / "architecture.md"
PACKAGES = ("console", "submitters", "engine", "indicators")
"""In the order in which arrows may run."""
BEGIN, END = "<!-- drawn: begin -->", "<!-- drawn: end -->"


def imports() -> dict[str, set[str]]:
    """Module to the modules of ours that it imports, wherever in the file."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if file.name == "__init__.py":
                continue
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            found[module] = set()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
                    found[module].add(node.module)
                elif isinstance(node, ast.Import):
                    found[module] |= {a.name for a in node.names if a.name.split(".")[0] in PACKAGES}
    return found


def purpose(module: str) -> str:
    """The first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse((ROOT / Path(*module.split("."))).with_suffix(".py").read_text("utf-8"))) or ""
    first = re.split(r"(?<=[.:])\s", " ".join(text.split()), maxsplit=1)[0]
    return first.rstrip(".:").replace("|", "\\|")


def drawing() -> str:
    """The drawing: the packages with the number of arrows between them, and a table of the modules of each."""
    arrows = imports()
    lines = ["```mermaid", "flowchart TD"]
    for here in PACKAGES:
        for there in PACKAGES:
            count = sum(
                1 for m, to in arrows.items() for t in to if m.split(".")[0] == here and t.split(".")[0] == there
            )
            if here != there and count:
                lines.append(f"    {here} -->|{count}| {there}")
    lines.append("```")
    for package in PACKAGES:
        lines += ["", f"### {package}/", "", "| module | what it does | imports |", "|---|---|---|"]
        for module in (m for m in arrows if m.split(".")[0] == package):
            own = sorted(t.removeprefix(package + ".") if t.startswith(package + ".") else t for t in arrows[module])
            lines.append(f"| {module.removeprefix(package + '.')} | {purpose(module)} | {', '.join(own)} |")
    return "\n".join(lines)


def replaced(text: str) -> str:
    """The document with its drawing made anew."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{drawing()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    DRAWING.write_text(replaced(DRAWING.read_text(encoding="utf-8")), encoding="utf-8")
