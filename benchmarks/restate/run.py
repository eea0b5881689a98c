"""Restates the same figures by this project and by hand-written baselines, in one run, and prints the ratios.

`python -m benchmarks.restate.run FOLDER --millions 60` makes the data where it is missing, runs every contender in a
process of its own, in turn, several rounds; takes wall time, CPU time and peak memory from the operating system; checks
that all give the same sums; and writes `benchmarks/restate/results.md` if asked (`--write`).

The baselines only add up whole areas. This project also gives bounds, status, basis and coverage for every new area,
apportions and bounds cut pieces, checks totals, and validates what it reads.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from benchmarks.restate.make_data import NEW, OLD, make

OURS = "chitieu"
FILES = {"sorted": "observations.parquet", "shuffled": "shuffled.parquet", "lake": "lake.parquet"}
PACKAGES = ("duckdb", "polars", "pandas", "pyarrow", "numpy")


@dataclass(frozen=True)
class Run:
    """One finished process: seconds of wall clock and of all processors, and the most memory it held."""

    wall: float
    cpu: float
    megabytes: float


def command(contender: str, folder: Path, figures: str, output: Path) -> list[str]:
    """What to start for a contender."""
    if contender.startswith(OURS):
        started = [sys.executable, "-m", "console.main", "--workspace", str(folder), "restate", str(folder / figures)]
        return [*started, "--measure", "all", "--from", str(OLD), "--to", str(NEW), "-o", str(output)]
    return [sys.executable, "-m", "benchmarks.restate.baselines", contender, str(folder), figures, str(output)]


def measured(words: list[str]) -> Run:
    """Run a command to its end."""
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603
    said = process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)}: {process.returncode}\n{said[-2000:]}")
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def compare(folder: Path, contenders: list[tuple[str, str]], rounds: int) -> dict[tuple[str, str], list[Run]]:
    """Run contenders in turn, each once a round after one that does not count, and check their sums."""
    runs: dict[tuple[str, str], list[Run]] = {one: [] for one in contenders}
    for number in range(rounds + 1):
        for name, order in contenders:
            output = folder / f"out-{name}-{order}.parquet".replace(" ", "").replace(",", "-")
            run = measured(command(name, folder, FILES[order], output))
            if number:
                runs[name, order].append(run)
            elif not name.startswith(OURS):
                ours = folder / f"out-{OURS}-{contenders[0][1]}.parquet"
                words = [str(path) for path in (ours, output, folder / "cut.parquet")]
                checked = subprocess.run(  # noqa: S603
                    [sys.executable, "-m", "benchmarks.restate.check", *words],
                    check=False,
                    text=True,
                    capture_output=True,
                )
                if checked.returncode:
                    raise SystemExit(checked.stderr)
                print(f"{name} ({order}): {checked.stdout.strip()}", flush=True)
            print(f"  {name} ({order}): {run.wall:.1f} s, {run.cpu:.1f} s CPU, {run.megabytes:,.0f} MB", flush=True)
    return runs


def table(runs: dict[tuple[str, str], list[Run]], base: tuple[str, str]) -> str:
    """Medians and how many times as fast the base is, as Markdown."""
    lines = ["| | rows | wall s | CPU s | peak MB | wall ÷ ours |", "|---|---|---|---|---|---|"]
    ours = median(run.wall for run in runs[base])
    for (name, order), own in runs.items():
        wall = median(run.wall for run in own)
        spread = f"{wall:.1f} ({min(run.wall for run in own):.1f} – {max(run.wall for run in own):.1f})"
        cpu, memory = median(run.cpu for run in own), max(run.megabytes for run in own)
        lines.append(f"| {name} | {order} | {spread} | {cpu:.1f} | {memory:,.0f} | {wall / ours:.2f} |")
    return "\n".join(lines)


def machine() -> str:
    """Where it ran: processors, system, versions."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} -")
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return f"{os.cpu_count()} × {model}; Python {platform.python_version()}; {', '.join(found)}"


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def main() -> None:
    """Read the command line, run, print, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="outside the repository; a gigabyte for each 60 million rows")
    parser.add_argument("--millions", type=int, nargs="+", default=[60], choices=(6, 60, 180))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contenders", nargs="+", default=["duckdb", "polars", "pandas"])
    parser.add_argument("--orders", nargs="+", default=["sorted", "lake"], choices=list(FILES))
    parser.add_argument("--write", action="store_true", help="write results.md beside this file")
    given = parser.parse_args()
    parts = [machine()]
    for millions in given.millions:
        folder = given.folder / str(millions)
        lacking = [order for order in given.orders if not (folder / FILES[order]).is_file()]
        if lacking or not (folder / "cut.parquet").is_file():
            make(folder, Path(__file__).parents[2] / "catalog" / "areas", millions, lacking)
        contenders = [(OURS, order) for order in given.orders]
        # On the lake's wide decimals one baseline is enough to compare with.
        alike = [(name, order) for name in given.contenders for order in given.orders]
        contenders += [one for one in alike if one[1] != "lake" or one[0] == "duckdb"]
        runs = compare(folder, contenders, given.rounds)
        parts.append(f"### {millions} million rows\n\n{table(runs, contenders[0])}")
        print(parts[-1], flush=True)
    text = "\n\n".join(parts)
    print(text)
    if given.write:
        file = Path(__file__).with_name("results.md")
        file.write_text(f"# Restating: measured\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
