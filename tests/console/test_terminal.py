"""The terminal that a command finds: other encodings, closed outputs, early ends of reading, bytes that are no text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from terminal.command import chitieu

AREAS = """\
code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
A,commune,xa,Xã Đầu,,,2000-01-01,,
"""
MANY = "".join(f"{number:05},commune,xa,Xã Đầu,,,2000-01-01,,\n" for number in range(20_000))
PROGRAM = [sys.executable, "-m", "console.main", "--lang", "vi"]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "catalog" / "areas").mkdir(parents=True)
    (tmp_path / "catalog" / "areas" / "areas.csv").write_text(AREAS + MANY, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_any_locale_prints_vietnamese(workspace: Path, env: dict[str, str]) -> None:
    words = [*PROGRAM, "--workspace", str(workspace), "areas", "find", "A"]
    done = subprocess.run(words, capture_output=True, timeout=60, env={**os.environ, **env})
    assert (done.returncode, "Xã Đầu" in done.stdout.decode("utf-8")) == (0, True)


def test_a_closed_output_shows_no_traceback(workspace: Path) -> None:
    for closing in (">&-", "2>&-"):
        line = f'"$@" --workspace {workspace} areas find A {closing}'
        done = subprocess.run(["sh", "-c", line, "sh", *PROGRAM], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_is_no_fault(workspace: Path) -> None:
    for form in ("table", "csv", "json"):
        words = [*PROGRAM, "--workspace", str(workspace), "areas", "find", "xã đầu", "--format", form]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            told = process.stderr.read().decode()
        assert (process.returncode, "Traceback" in told) == (0, False), told


def test_bytes_that_are_no_text_are_wrong_usage(workspace: Path) -> None:
    (workspace / "chitieu.toml").write_text("", encoding="utf-8")
    words: list[str | bytes] = [*PROGRAM, "--workspace", str(workspace), "sql", b"SELECT \xff"]
    done = subprocess.run(words, capture_output=True, timeout=60, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    assert (done.returncode, b"sql.encoding" in done.stderr, b"Traceback" in done.stderr) == (2, True, False)


def test_a_period_or_a_folder_that_cannot_be_is_wrong_usage(workspace: Path) -> None:
    (workspace / "chitieu.toml").write_text("", encoding="utf-8")
    assert "2024-Q1" in chitieu(workspace, "run", "--period", "abc", code=2)
    assert "no folder" in chitieu(workspace, "sql", "SELECT 1", "-o", str(workspace / "none" / "a.csv"), code=2)
    (workspace / "a.csv").mkdir()
    assert "is a folder" in chitieu(workspace, "sql", "SELECT 1", "-o", str(workspace / "a.csv"), code=2)
    assert "the lake is empty" in chitieu(workspace, "sql", "SELECT 1", "--as-of", "5", code=2)
