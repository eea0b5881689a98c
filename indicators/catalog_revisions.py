"""Reads the catalog as it was in a git revision."""

from __future__ import annotations

import subprocess
from pathlib import Path

from indicators.findings import Finding, SystemFault, UsageFault

WANTED = (".yaml", ".csv")


def changed_files(root: Path, revision: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a catalog that differ from a git revision, as they were and as they are.

    Args:
        root: The folder `catalog/`.
        revision: A commit, branch or tag, such as `HEAD` or `v1.0`.

    Returns:
        Path inside the catalog to content, then and now; new files are missing in the first, deleted ones in the
        second.

    Raises:
        UsageFault: The folder is not in a git repository, or there is no such revision.
        SystemFault: git is not installed.
    """
    if _git(root, "rev-parse", "--is-inside-work-tree") is None:
        raise UsageFault(
            Finding(
                "catalog.no-repository",
                "error",
                f"{root} không nằm trong kho git nên không có bản cũ để so; hãy chạy 'git init' và lưu bản đầu tiên",
                f"{root} is not in a git repository, so there is nothing to compare with; run 'git init' and commit",
            )
        )
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageFault(
            Finding(
                "catalog.no-revision",
                "error",
                f"kho git không có bản '{revision}'; hãy dùng mã commit, nhánh hoặc thẻ (xem 'git log --oneline')",
                f"the repository has no revision '{revision}'; use a commit, branch or tag (see 'git log --oneline')",
            )
        )
    at = commit.decode().strip()
    names = _names(_git(root, "ls-tree", "-r", "-z", "--name-only", at, "."))
    differing = _names(_git(root, "diff", "--name-only", "--relative", "-z", at, "--", "."))
    present = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.suffix in WANTED}
    before = {name: _git(root, "show", f"{at}:./{name}") or b"" for name in sorted(differing & names)}
    after = {name: (root / name).read_bytes() for name in sorted(present & (differing | (present - names)))}
    return before, after


def _names(output: bytes | None) -> set[str]:
    names = (output or b"").decode("utf-8").split("\0")
    return {name for name in names if name.endswith(WANTED)}


def _git(root: Path, *arguments: str) -> bytes | None:
    """What a git command writes, or None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 (a list, no shell; the revision cannot be taken for an option)
            ["git", "-C", str(root), *arguments],  # noqa: S607 (git is found on the path, as on any machine)
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise SystemFault(
            Finding(
                "system.no-git",
                "error",
                "không tìm thấy lệnh git; hãy cài git rồi chạy lại",
                "the command git was not found; install git and run again",
            )
        ) from None
    return done.stdout if done.returncode == 0 else None
