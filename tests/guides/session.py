"""Does what the documents show, one command after the other, in one folder, as a reader who follows them would."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from console.main import run
from guides.fences import Fence, Shown, fences, matches, shown_commands

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass
class Session:
    """A reader at a terminal.

    Attributes:
        faults: What is not as the documents show it, by document.
        code: The exit code of the last command.
    """

    faults: dict[Path, list[str]] = field(default_factory=dict)
    code: int = 0
    address: str = ""
    shown_address: str = ""
    sandbox: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.sandbox is not None:
            self.sandbox.terminate()
            self.sandbox.communicate(timeout=30)

    def follow(self, document: Path) -> None:
        """Write the files that a document shows, and type its commands."""
        self.faults[document] = []
        for fence in fences(document):
            if fence.kind == "csv" and fence.name:
                Path(fence.name).write_text(fence.text, encoding="utf-8")
            elif fence.kind == "console":
                self._type(list(shown_commands(fence)), fence)

    def _type(self, commands: list[Shown], fence: Fence) -> None:
        for shown, after in zip(commands, [*commands[1:], None], strict=True):
            got = self._do(shown.command)
            if self.shown_address:
                got = got.replace(self.address, self.shown_address)
            if not matches(shown.output, got.splitlines()):
                self.faults[fence.document].append(f"{shown}\n{_indented(got)}")
            if self.code and (after is None or after.command != "echo $?"):
                self.faults[fence.document].append(f"{shown}\n    exit {self.code}, which is not shown by `echo $?`")

    def _do(self, command: str) -> str:
        words = shlex.split(command)
        if words[0] == "cd":
            os.chdir(words[1])
            return ""
        if command == "echo $?":
            code, self.code = self.code, 0
            return str(code)
        assert words[0] == "chitieu", f"not a command for a reader: {command}"
        if words[1] == "sandbox":
            return self._open_sandbox(words)
        if self.shown_address:
            words = [word.replace(self.shown_address, self.address) for word in words]
        text = io.StringIO()
        with redirect_stdout(text), redirect_stderr(text):
            self.code = run(words[1:])
        return text.getvalue()

    def _open_sandbox(self, words: list[str]) -> str:
        """The receiver of the documents, on any port that is free."""
        port = words[words.index("--port") + 1]
        program = [sys.executable, "-m", "console.main", "sandbox", "--port", "0"]
        self.sandbox = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.sandbox.stdout is not None
        self.address, self.shown_address = self.sandbox.stdout.readline().strip(), f"http://127.0.0.1:{port}"
        assert ADDRESS.fullmatch(self.address), self.address
        return f"{self.address}\n"


def follow_all(documents: Iterable[Path]) -> dict[Path, list[str]]:
    """Follow documents, one after the other, in the current folder.

    Returns:
        What is not as it is shown, by document.
    """
    with Session() as session:
        home = Path.cwd()
        for number, document in enumerate(documents):
            if number == 0:
                session.follow(document)
                home = Path.cwd()  # the first document makes the workspace and enters it
            else:
                os.chdir(home)
                session.follow(document)
        return session.faults


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines()) or "    (nothing)\n"
