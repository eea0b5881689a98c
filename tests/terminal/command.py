"""One command of `chitieu`, in this process (quick) or in one of its own (where threads or signals matter)."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from console.main import run


def chitieu(workspace: Path, *words: str, code: int = 0, lang: str = "en") -> str:
    """Run a command in this process.

    Returns:
        Its output, or its messages where it is to fail with `code`.
    """
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        done = run(["--workspace", str(workspace), "--lang", lang, *words])
    assert done == code, f"exit {done}: {err.getvalue()}"
    return out.getvalue() if code == 0 else err.getvalue()


def chitieu_apart(workspace: Path, *words: str, code: int = 0, env: dict[str, str] | None = None) -> str:
    """Run a command in a process of its own; no traceback is ever shown."""
    program = [sys.executable, "-m", "console.main", "--workspace", str(workspace), "--lang", "en", *words]
    done = subprocess.run(program, capture_output=True, text=True, env={**os.environ, **(env or {})}, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def rows(workspace: Path, query: str) -> list[dict[str, str]]:
    """The rows of a query, as text."""
    return list(csv.DictReader(io.StringIO(chitieu(workspace, "sql", query, "--format", "csv"))))
