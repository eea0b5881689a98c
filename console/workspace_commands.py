"""Commands on a workspace: `init` makes one, `demo` fills one with everything on the real figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.output import say


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init")(init_workspace)
    app.command("demo")(run_demo)


def init_workspace(
    folder: Annotated[Path, typer.Argument(help="thư mục mới / a new folder")],
) -> None:
    """Tạo thư mục làm việc với danh mục để sửa. / Make a workspace with a catalog to edit."""
    from console.shipped import copy_catalog
    from engine.workspace import Workspace

    Workspace.create(folder)
    if copy_catalog(folder):
        say(f"đã tạo {folder}: chitieu.toml và catalog/", f"made {folder}: chitieu.toml and catalog/")
    else:
        say(f"{folder} đã có catalog/, giữ nguyên", f"{folder} has a catalog/ already, left as it is")
    say(
        f"tiếp theo: chitieu --workspace {folder} catalog check; rồi load, run, report render",
        f"next: chitieu --workspace {folder} catalog check; then load, run, report render",
    )


def run_demo(
    folder: Annotated[Path, typer.Argument(help="thư mục / the folder")] = Path("demo"),
) -> None:
    """Làm tất cả trên số liệu thật, đến khi nơi nhận thử nghiệm chấp nhận báo cáo. / Everything, on real data."""
    from console.demo import demo

    demo(folder)
