"""The demonstration: the main job on the real figures of the reorganisation, by the commands that users type.

Each step is a command of `chitieu`, run in this process; what it prints is kept in `demo.log`. Doing it again changes
nothing: the same files, runs and report are recognised.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

from console.demo_summary import summary
from console.output import say, settings
from console.shipped import FIGURE_FILES, copy_catalog, copy_figures
from engine.workspace import Workspace
from indicators.findings import ChitieuError, Finding, SystemFault

REPORT, PERIOD = "kinh_te_xa_hoi_nam", "2024"
EXPLAINED = (
    ("economy.grdp_per_head", "79", PERIOD, "2025-07-01"),
    ("population.total_mean", "15", PERIOD, "2025-06-30"),
    ("population.total_mean", "15", PERIOD, "2025-07-01"),
    ("population.urban_share", "18754", "2019", "2025-07-01"),
    ("governance.pci", "15", "2016", "2025-07-01"),
)
QUERIES = {
    "tinh_2024.xlsx": (
        "SELECT ref_area, a.name_vi, indicator, obs_value, unit, v.basis FROM indicator_values v JOIN areas a"
        " ON a.code = v.ref_area AND a.valid_from <= v.area_basis"
        " AND (a.valid_to IS NULL OR v.area_basis < a.valid_to)"
        " WHERE time_period = '2024' AND area_basis = DATE '2025-07-01' ORDER BY indicator, ref_area"
    ),
    "xa_dan_so_2019.csv": (
        "SELECT ref_area, obs_value, obs_lower, obs_upper, obs_status, basis, coverage FROM indicator_values"
        " WHERE indicator = 'population.census_total' AND area_basis = DATE '2025-07-01' AND length(ref_area) = 5"
        " ORDER BY ref_area"
    ),
    "dong_bi_tu_choi.csv": (
        "SELECT dataset, rule, message_vi, count(*) AS so_dong FROM rejects GROUP BY ALL ORDER BY dataset, rule, 3"
    ),
}


def demo(folder: Path) -> None:
    """Do everything into a folder and say in a few lines what came of it.

    Raises:
        ChitieuError: A step failed; `demo.log` says more.
    """
    settings.workspace = folder
    Workspace.create(folder)
    with _Log(folder) as log:
        with log.step("thư mục, danh mục, số liệu gốc", "workspace, catalog, source figures"):
            copy_catalog(folder)
            copy_figures(folder)
        log.run("kiểm tra danh mục", "check the catalog", "catalog", "check")
        for dataset, file in FIGURE_FILES.items():
            log.run(f"nạp {file}", f"load {file}", "load", str(folder / "figures" / file), "--dataset", dataset)
        log.run("quy đổi, tính, kiểm tra, công bố", "restate, compute, check, publish", "run", "--period", "all")
        _reports(folder, log)
        for name, query in QUERIES.items():
            target = folder / "sql" / name
            target.parent.mkdir(exist_ok=True)
            log.run(f"SQL: {name}", f"SQL: {name}", "sql", query, "-o", str(target))
        receipt = _submission(folder, log)
        for indicator, area, period, day in EXPLAINED:
            out = folder / "explain" / f"{indicator}-{area}-{period}-{day}.txt"
            asked = ("explain", indicator, "--area", area, "--period", period, "--on", day)
            log.run(f"giải thích {indicator} của {area} ngày {day}", f"explain {indicator} of {area}", *asked, to=out)
    sys.stdout.write(summary(folder, receipt, log.seconds, settings.language))


def _reports(folder: Path, log: _Log) -> None:
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    for form in ("html", "json", "xlsx"):
        target = reports / f"{REPORT}-{PERIOD}.{form}"
        asked = ("report", "render", REPORT, "--period", PERIOD, "--as", form, "-o", str(target))
        log.run(f"lập báo cáo {form}", f"render the report as {form}", *asked)


def _submission(folder: Path, log: _Log) -> str:
    """Submit twice to a sandbox in a process of its own; the second time nothing is sent.

    Its address is new each time, so it is a new receiver, which must not hold what an earlier one received.
    """
    (folder / "sandbox").mkdir(exist_ok=True)
    received = mkdtemp(prefix="demo-", dir=folder / "sandbox")
    program = [sys.executable, "-m", "console.main", "--workspace", str(folder), "sandbox", "--data", received]
    with (folder / "sandbox.log").open("w", encoding="utf-8") as errors:
        server = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=errors, text=True)  # noqa: S603
        try:
            url = server.stdout.readline().strip() if server.stdout else ""
            if not url:
                vi, en = f"nơi nhận thử nghiệm không chạy; xem {errors.name}", f"no sandbox; see {errors.name}"
                raise SystemFault(Finding("demo.sandbox", "error", vi, en))
            submit = ("submit", REPORT, "--period", PERIOD, "--channel", url)
            log.run("gửi báo cáo đến nơi nhận thử nghiệm", "submit the report to the sandbox", *submit)
            log.run("gửi lại: không gửi gì", "submit again: nothing is sent", *submit)
        finally:
            server.terminate()
            server.wait(timeout=30)
            if server.stdout:
                server.stdout.close()
    receipts = folder / "receipts.csv"
    log.run("biên nhận", "receipts", "receipts", "--format", "csv", to=receipts)
    with receipts.open(encoding="utf-8", newline="") as file:
        return [row["receipt_id"] for row in csv.DictReader(file)][-1]


class _Log:
    """Runs commands, tells each step and its time, and keeps what they print."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "demo.log"
        self.started = time.monotonic()
        self.file: IO[str] | None = None

    def __enter__(self) -> _Log:
        self.file = self.path.open("w", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()

    @property
    def seconds(self) -> float:
        """Since the demonstration began."""
        return time.monotonic() - self.started

    @contextmanager
    def step(self, vi: str, en: str) -> Iterator[None]:
        """Tell a step and how long it took."""
        begun = time.monotonic()
        try:
            yield
        except ChitieuError:
            say(f"  ✗ {vi}; xem {self.path}", f"  ✗ {en}; see {self.path}")
            raise
        took = f"{time.monotonic() - begun:5.1f} s"
        say(f"  ✓ {took}  {vi}", f"  ✓ {took}  {en}")

    def run(self, vi: str, en: str, *command: str, to: Path | None = None) -> None:
        """Run a command of `chitieu`; its rows go to a file or the log, its messages to the log."""
        from console.main import app

        if self.file is None:
            raise AssertionError("the log is not open")
        self.file.write(f"\n$ chitieu --workspace {settings.workspace} {_quoted(command)}\n")
        if to is not None:
            to.parent.mkdir(parents=True, exist_ok=True)
        with self.step(vi, en), _target(to, self.file) as out, redirect_stdout(out), redirect_stderr(self.file):
            app(["--workspace", str(settings.workspace), "--lang", settings.language, *command], standalone_mode=False)
        self.file.flush()


@contextmanager
def _target(to: Path | None, log: IO[str]) -> Iterator[IO[str]]:
    if to is None:
        yield log
        return
    with to.open("w", encoding="utf-8") as file:
        yield file


def _quoted(command: Sequence[str]) -> str:
    return " ".join(f'"{word}"' if " " in word else word for word in command)
