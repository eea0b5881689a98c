"""Files that a command line names: what is to be read must be there, and what is to be written must harm nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.workspace import SETTINGS_FILE, Workspace
from indicators.findings import ChitieuError, Finding, UsageFault


def check_inputs(named: Mapping[str, Path | None]) -> None:
    """Refuse files to read that are not there.

    Args:
        named: What each is called on the command line, such as `FILE` or `--weights`; None was not given.

    Raises:
        UsageFault: One finding for each that is no file.
    """
    findings = []
    for name, file in named.items():
        if file is None or (file.exists() and not file.is_dir()):
            continue
        if file.is_dir():
            vi = f"{name}: «{file}» là thư mục; hãy nêu từng tệp trong đó"
            en = f"{name}: '{file}' is a folder; name the files in it"
        else:
            vi = f"{name}: không có tệp «{file}»; kiểm tra đường dẫn"
            en = f"{name}: there is no file '{file}'; check the path"
        findings.append(Finding("usage.no-file", "error", vi, en, file=str(file)))
    if findings:
        raise UsageFault(findings)


def check_output(output: Path, workspace: Path, inputs: Mapping[str, Path | None], option: str = "-o") -> None:
    """Refuse a file to write that cannot be, or that would destroy what figures rest on, before anything is computed.

    Args:
        output: The file to write.
        workspace: Its catalog, lake, ledger and settings are kept from it.
        inputs: What each file that is read is called on the command line.
        option: What the output is called there.

    Raises:
        UsageFault: It is a folder or in none, it is one of the inputs, or it lies within the workspace's own files.
    """
    if output.is_dir() or not output.absolute().parent.is_dir():
        vi = f"{option}: «{output}» là thư mục" if output.is_dir() else f"{option}: không có thư mục «{output.parent}»"
        en = f"{option}: '{output}' is a folder" if output.is_dir() else f"{option}: no folder '{output.parent}'"
        where = "; hãy nêu tệp trong một thư mục đã có", "; name a file in a folder that is there"
        raise UsageFault(Finding("output.folder", "error", vi + where[0], en + where[1]))
    read = next((name for name, file in inputs.items() if file is not None and _same(output, file)), None)
    if read is not None:
        vi = f"{option}: «{output}» chính là tệp nguồn ({read}), sẽ bị ghi đè; hãy đặt tên khác"
        en = f"{option}: '{output}' is the file that is read ({read}) and would be overwritten; choose another name"
        raise UsageFault(Finding("output.is-input", "error", vi, en))
    place = output.resolve()
    held = next((one for one in _own(workspace) if place == one or one in place.parents), None)
    if held is not None:
        vi = f"{option}: «{output}» nằm trong {held.name}, nơi giữ danh mục hoặc số liệu của thư mục làm việc; hãy ghi"
        en = f"{option}: '{output}' lies in {held.name}, which holds the workspace's own definitions or figures"
        advice = " ra nơi khác", "; write it elsewhere"
        raise UsageFault(Finding("output.in-workspace", "error", vi + advice[0], en + advice[1]))


def _same(one: Path, other: Path) -> bool:
    """Whether two names lead to one file, also by a link of either kind."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _own(root: Path) -> list[Path]:
    """The files and folders that a workspace holds, wherever its settings say; its settings are one of them."""
    own = [root / "catalog", root / SETTINGS_FILE]
    try:
        workspace = Workspace.open(root)
    except ChitieuError:
        pass  # whoever needs the workspace says what is wrong with it
    else:
        own += [workspace.catalog, workspace.lake, workspace.ledger]
    return [one.resolve() for one in own]
