"""The fenced blocks of a Markdown document, and the commands that a `console` block shows with their output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ELISION = "…"
"""As a line of its own: any lines. At the end of a line: whatever follows there."""


@dataclass(frozen=True)
class Fence:
    """A fenced block.

    Attributes:
        line: The line of the document on which its text begins.
        kind: The first word after the fence: console, yaml, csv, or nothing.
        name: What follows it: the file that the block is.
    """

    document: Path
    line: int
    kind: str
    name: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the block holds."""
        return "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True)
class Shown:
    """A command that a document shows, and the output that it shows below it."""

    fence: Fence
    line: int
    command: str
    output: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.fence.document.name}:{self.line}: $ {self.command}"


def fences(document: Path) -> Iterator[Fence]:
    """The fenced blocks of a document, in order."""
    lines: list[str] = []
    opened: tuple[int, str, str] | None = None
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if opened is None and line.startswith("```"):
            kind, _, name = line.removeprefix("```").partition(" ")
            opened, lines = (number + 1, kind, name.strip()), []
        elif opened is not None and line == "```":
            yield Fence(document, *opened, tuple(lines))
            opened = None
        else:
            lines.append(line)
    assert opened is None, f"{document}: a block is not closed"


def shown_commands(fence: Fence) -> Iterator[Shown]:
    """The commands of a `console` block, each with the lines up to the next one."""
    starts = [place for place, line in enumerate(fence.lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"{fence.document}:{fence.line}: a console block begins with '$ '"
    for start, end in zip(starts, [*starts[1:], len(fence.lines)], strict=True):
        command = fence.lines[start].removeprefix("$ ")
        yield Shown(fence, fence.line + start, command, fence.lines[start + 1 : end])


def matches(shown: tuple[str, ...], got: list[str]) -> bool:
    """Whether output is what a document shows, but for what it leaves out.

    >>> matches(("a", "…", "run 1…"), ["a", "b", "c", "run 1234"])
    True
    >>> matches(("a", "c"), ["a", "b"])
    False
    """
    if not shown:
        return not got
    first, rest = shown[0], shown[1:]
    if first.strip() == ELISION:
        return any(matches(rest, got[skipped:]) for skipped in range(len(got) + 1))
    return bool(got) and _same(first, got[0]) and matches(rest, got[1:])


def _same(shown: str, got: str) -> bool:
    shown, got = shown.rstrip(), got.rstrip()
    return got == shown or (shown.endswith(ELISION) and got.startswith(shown.removesuffix(ELISION)))
