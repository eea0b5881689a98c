"""The command `chitieu`: global options, the commands of the other modules, and exit codes.

Exit codes: 0 done, 1 the data or the catalog is at fault, 2 wrong usage, 3 a system fault worth trying again.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from console.output import default_language, settings, show_findings
from console.wrong_usage import show_wrong_usage
from indicators.findings import ChitieuError, Finding, SystemFault

app = typer.Typer(
    name="chitieu",
    help="Chuẩn hoá chỉ tiêu, quy đổi số liệu theo địa giới, gửi báo cáo. / Indicators, restated and reported.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMAND_MODULES = (
    "console.workspace_commands",
    "console.catalog_commands",
    "console.area_commands",
    "console.restate_commands",
    "console.figure_commands",
    "console.run_commands",
    "console.handover_commands",
    "console.report_commands",
)


@app.callback()
def options(
    workspace: Annotated[Path, typer.Option(help="Thư mục làm việc / the workspace folder")] = Path(),
    lang: Annotated[str, typer.Option(help="vi | en")] = "",
) -> None:
    """Options before the command: which workspace, which language."""
    if lang not in ("", "vi", "en"):
        raise typer.BadParameter("--lang: vi | en")
    settings.workspace = workspace
    settings.language = ("en" if lang == "en" else "vi") if lang else default_language()


def add_commands() -> None:
    """Add the commands of every module, once."""
    if not app.registered_commands:
        for module in COMMAND_MODULES:
            importlib.import_module(module).add_to(app)


def global_options_first(words: list[str]) -> list[str]:
    """The command line with `--workspace` and `--lang` before the command, wherever they were typed.

    >>> global_options_first(["run", "--period", "2024", "--workspace", "demo", "--lang=en"])
    ['--workspace', 'demo', '--lang=en', 'run', '--period', '2024']
    """
    first: list[str] = []
    rest: list[str] = []
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if word in ("--workspace", "--lang") and queue:
            first += [word, queue.pop(0)]
        elif word.startswith(("--workspace=", "--lang=")):
            first.append(word)
        else:
            rest.append(word)
    return first + rest


def run(words: list[str]) -> int:
    """Run one command line.

    Returns:
        The exit code of the contract; findings are on stderr.
    """
    add_commands()
    try:
        code = app(global_options_first(words), prog_name="chitieu", standalone_mode=False)
    except TyperException as error:
        show_wrong_usage(error)
        return error.exit_code
    except typer.Abort:
        return 1
    except ChitieuError as error:
        show_findings(error.findings)
        return error.exit_code
    except OSError as error:
        fault = SystemFault(Finding("system.os", "error", f"lỗi hệ thống: {error}", f"system fault: {error}"))
        show_findings(fault.findings)
        return fault.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return code if isinstance(code, int) else 0


def prepare_streams() -> None:
    """UTF-8 on both outputs whatever the locale says, and nowhere to write where the caller closed one.

    A name that is not UTF-8 is shown with its bytes escaped.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open to the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Run the command line and exit with the contract's codes."""
    # A command ends soon, and what it reads lives until then: looking for cycles every 700 objects only takes time.
    gc.set_threshold(100_000, 50, 100)
    prepare_streams()
    code = run(sys.argv[1:])
    gc.freeze()  # else all of it is looked through once more before the process ends
    sys.exit(code)


if __name__ == "__main__":
    main()
