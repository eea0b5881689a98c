"""Which catalog is meant: that of the workspace, or the one that holds a given file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from console.output import settings
from engine.workspace import Workspace
from indicators.findings import Finding, UsageFault


def catalog_folder() -> Path:
    """The catalog of the workspace, named as the user named the workspace.

    Raises:
        UsageFault: The folder is not a workspace.
    """
    workspace = Workspace.open(settings.workspace)
    inside_it = workspace.catalog.is_relative_to(workspace.root)
    return settings.workspace / workspace.catalog.relative_to(workspace.root) if inside_it else workspace.catalog


def catalog_of(path: Path) -> Path:
    """The catalog that a file or folder is part of: the nearest folder above it (or `catalog` below) with `areas`.

    Raises:
        UsageFault: There is no such file, or it is part of no catalog.
    """
    if not path.exists():
        raise UsageFault(
            Finding(
                "usage.no-file",
                "error",
                f"không có tệp hay thư mục {path}; hãy kiểm tra đường dẫn",
                f"there is no file or folder {path}; check the path",
            )
        )
    if (path / "catalog" / "areas").is_dir():
        return path / "catalog"
    for folder in (path, *path.parents, *path.resolve().parents):
        if (folder / "areas").is_dir():
            return folder
    raise UsageFault(
        Finding(
            "usage.no-catalog",
            "error",
            f"{path} không thuộc danh mục nào (không có thư mục areas ở trên nó); hãy chỉ tệp trong catalog/",
            f"{path} is part of no catalog (no folder above it has areas); give a file within catalog/",
        )
    )


def inside(root: Path, paths: Iterable[Path]) -> list[Path]:
    """The given paths, or none (meaning all) where the whole catalog or more was given."""
    listed = list(paths)
    return [] if any(path.resolve() in (root.resolve(), *root.resolve().parents) for path in listed) else listed
