"""A workspace: the folder with the catalog, the lake and the ledger of one office."""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from errno import EACCES, EEXIST, EISDIR, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import Any

from indicators.findings import DataFault, Finding, UsageFault

SETTINGS_FILE = "chitieu.toml"
SETTINGS_TEXT = """\
# Thư mục làm việc của chitieu / a workspace of chitieu.
# Bỏ dấu # để thay giá trị mặc định / remove the # to change a default.

[folders]
# catalog = "catalog"        # định nghĩa / definitions
# lake = "lake"              # số liệu đã nạp và kết quả / loaded figures and results
# ledger = "ledger.sqlite"   # sổ gửi báo cáo / what was submitted

[engine]
# threads = 0                # 0: mọi nhân / all cores

[reporter]
# code = "H26"               # mã định danh đơn vị báo cáo / who reports
# name = "Ủy ban nhân dân ..."

[receivers.sandbox]
# url = "http://127.0.0.1:8425"            # nơi nhận / where reports go; https, or http on this machine
# token_env = "CHITIEU_SANDBOX_TOKEN"      # biến môi trường chứa mã truy cập / variable with the token
# token_file = "sandbox.token"             # hoặc tệp chứa mã / or a file with it
"""
SUBMITTERS_SECTIONS = ("reporter", "receivers")
"""Sections that the submitters read and check: who reports, and to whom."""
_NO_PLACE = (EACCES, EEXIST, EISDIR, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM, EROFS)
"""Why a folder can never be made: another try of the same command would end alike, unlike with a full disk."""
_FOLDERS = {"catalog": "catalog", "lake": "lake", "ledger": "ledger.sqlite"}


@dataclass(frozen=True)
class Workspace:
    """Where things are, and how many threads may work on them.

    Attributes:
        root: The workspace folder, absolute.
        catalog: Folder of definitions.
        lake: Folder of the lake; made when something is first written.
        ledger: SQLite file of submissions and receipts; written by the submitters.
        threads: Threads of the engine; 0 means all cores. Results do not depend on it.
    """

    root: Path
    catalog: Path
    lake: Path
    ledger: Path
    threads: int = 0

    @classmethod
    def open(cls, root: Path, threads: int | None = None) -> Workspace:
        """The workspace in a folder: one that has `chitieu.toml` or a `catalog`.

        Args:
            root: The folder.
            threads: Overrides the setting.

        Raises:
            UsageFault: The folder is not a workspace.
            DataFault: `chitieu.toml` cannot be read.
        """
        root = root.absolute()
        file = root / SETTINGS_FILE
        settings = _read(file) if file.is_file() else {}
        folders = {**_FOLDERS, **settings.get("folders", {})}
        catalog, lake, ledger = (root / folders[name] for name in _FOLDERS)
        if not file.is_file() and not catalog.is_dir():
            raise UsageFault(
                Finding(
                    "workspace.none",
                    "error",
                    f"{root} không phải là thư mục làm việc (không có {SETTINGS_FILE} và catalog/); "
                    f"tạo mới bằng «chitieu init {root}» hoặc chọn bằng --workspace",
                    f"{root} is not a workspace (no {SETTINGS_FILE}, no catalog/); "
                    f"make one with `chitieu init {root}` or choose one with --workspace",
                )
            )
        set_threads = settings.get("engine", {}).get("threads", 0)
        return cls(root, catalog, lake, ledger, int(set_threads) if threads is None else threads)

    @classmethod
    def create(cls, root: Path) -> Workspace:
        """Write `chitieu.toml` with the defaults into a folder (made if needed) that has none.

        Raises:
            UsageFault: The folder cannot be one: a file is in the way, or nobody may write there.
        """
        try:
            root.mkdir(parents=True, exist_ok=True)
            file = root / SETTINGS_FILE
            if not file.exists():
                file.write_text(SETTINGS_TEXT, encoding="utf-8")
        except OSError as error:
            if error.errno in _NO_PLACE:
                raise UsageFault(_no_place(root, error)) from None
            raise
        return cls.open(root)

    @property
    def lake_catalog(self) -> Path:
        """The SQLite file in which DuckLake keeps tables and snapshots."""
        return self.lake / "lake.sqlite"

    @property
    def lake_data(self) -> Path:
        """The folder of the lake's Parquet files."""
        return self.lake / "data"


def person() -> str:
    """Who is at work, for provenance: `CHITIEU_USER`, else the login name."""
    name = os.environ.get("CHITIEU_USER", "").strip()
    if name:
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"


def _read(file: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _fault(file, f"không đọc được ({error})", f"cannot be read ({error})") from None
    known = {"folders": set(_FOLDERS), "engine": {"threads"}}
    for table, keys in settings.items():
        if table in SUBMITTERS_SECTIONS:
            continue
        if table not in known or not isinstance(keys, dict):
            raise _fault(file, f"không có mục [{table}]", f"there is no section [{table}]")
        for key, value in keys.items():
            if key not in known[table]:
                raise _fault(file, f"không có khoá «{key}» trong [{table}]", f"no key '{key}' in [{table}]")
            good = type(value) is int and value >= 0 if key == "threads" else isinstance(value, str) and value
            if not good:
                raise _fault(file, f"«{key}» có giá trị sai: {value}", f"'{key}' has a wrong value: {value}")
    return settings


def _no_place(root: Path, error: OSError) -> Finding:
    vi = f"không thể tạo thư mục làm việc ở {root} ({error.strerror}); hãy chọn một thư mục mới hoặc ghi được"
    en = f"no workspace can be made at {root} ({error.strerror}); choose a new folder, or one that you may write to"
    return Finding("workspace.place", "error", vi, en)


def _fault(file: Path, vi: str, en: str) -> DataFault:
    advice_vi = "; sửa lại theo mẫu của «chitieu init»"
    advice_en = "; correct it after the pattern that `chitieu init` writes"
    return DataFault(Finding("workspace.settings", "error", vi + advice_vi, en + advice_en, file=str(file)))
