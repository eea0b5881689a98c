"""The commands for reports, as a person or a script calls them, on the catalog that is shipped."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
import typer

from console import main
from engine.lake import Connection, append, commit
from engine.tables import TABLES
from engine.workspace import Workspace

ROOT = Path(__file__).parents[2]
COMMANDS = "from console import main; main.COMMAND_MODULES = ('console.report_commands',); main.main()"
REPORT = "kinh_te_xa_hoi_nam"


class Answer(NamedTuple):
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Answer]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace on the shipped catalog, whose lake holds the mean population of 2024 for two provinces."""
    root = tmp_path_factory.mktemp("filled") / "work"
    root.mkdir()
    catalog = json.dumps(str(ROOT / "catalog"))
    (root / "chitieu.toml").write_text(f"[folders]\ncatalog = {catalog}\n", encoding="utf-8")
    columns = TABLES["indicator_values"]
    rows = [
        ["population.total_mean", "2023-04-15", "01", "2025-07-01", "2024", "", "8717600", "8717600", "8717600",
         "A", "reported", "1", "PERSON", "r1"],
        ["population.total_mean", "2023-04-15", "15", "2025-07-01", "2024", "", "1778800", "1778800", "1778800",
         "A", "exact", "1", "PERSON", "r1"],
    ]  # fmt: skip
    named = ["indicator", "version", "ref_area", "area_basis", "time_period", "dimensions", "obs_value", "obs_lower",
             "obs_upper", "obs_status", "basis", "coverage", "unit", "run_id"]  # fmt: skip
    number = pl.Decimal(38, 9)
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {"DATE": pl.Date, "VARCHAR": pl.String, "DECIMAL(38,9)": number}
    kinds["DECIMAL(9,6)"] = pl.Decimal(9, 6)
    frame = pl.DataFrame(rows, schema=named, orient="row").select(
        pl.col(name).str.to_date() if kind == "DATE" else pl.col(name).cast(kinds.get(kind, pl.String))
        for name, kind in columns.items()
    )

    def work(connection: Connection) -> None:
        append(connection, "indicator_values", frame)

    commit(Workspace.open(root), work, "test")
    return root


@pytest.fixture
def root(tmp_path: Path, filled: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "work"))


@pytest.fixture
def command(root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs `chitieu --workspace ROOT ...` in this process, with the commands for reports only."""

    def run(*arguments: str, lang: str = "en") -> Answer:
        app = typer.Typer(pretty_exceptions_enable=False)
        app.callback()(main.options)
        monkeypatch.setattr(main, "app", app)
        monkeypatch.setattr(main, "COMMAND_MODULES", ("console.report_commands",))
        monkeypatch.setattr(sys, "argv", ["chitieu", "--workspace", str(root), "--lang", lang, *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main.main()
        return Answer(int(end.value.code or 0), *capfd.readouterr())

    return run


def rows(answer: Answer) -> list[dict[str, str]]:
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


@pytest.fixture
def sandbox(root: Path) -> Iterator[str]:
    words = [sys.executable, "-c", COMMANDS, "--workspace", str(root), "sandbox"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        process.wait(20)


def test_the_whole_way_of_a_report(command: Command, root: Path, sandbox: str) -> None:
    submit = ("submit", REPORT, "--period", "2024", "--channel", sandbox, "--format", "csv")
    dry = rows(command(*submit, "--dry-run"))
    assert (dry[0]["done"], dry[0]["receipt_id"]) == ("dry_run", "")
    assert rows(command("outbox", "--format", "csv")) == []
    sent = command(*submit)
    assert "the deadline was 2024-12-25: it is over" in sent.stderr
    first = rows(sent)[0]
    assert (first["done"], first["sha256"]) == ("sent", dry[0]["sha256"])
    again = rows(command(*submit))[0]
    assert (again["done"], again["receipt_id"]) == ("already_accepted", first["receipt_id"])
    receipts = rows(command("receipts", "--format", "csv"))
    assert [(one["receipt_id"], one["state"], one["verified"]) for one in receipts] == [
        (first["receipt_id"], "accepted", "True")
    ]
    log = (root / "sandbox" / "requests.jsonl").read_text("utf-8").splitlines()
    assert len(log) == 1


def test_render_writes_what_is_asked(command: Command, tmp_path: Path) -> None:
    for as_form in ("json", "html", "xlsx", "sdmx-csv"):
        file = tmp_path / f"report.{as_form}"
        answer = command("report", "render", REPORT, "--period", "2024", "--as", as_form, "-o", str(file))
        assert (answer.returncode, answer.stdout) == (0, ""), answer.stderr
        assert file.stat().st_size > 1000
    printed = command("report", "render", REPORT, "--period", "2024", "--as", "json")
    assert printed.stdout == (tmp_path / "report.json").read_text("utf-8")


def test_calendar_shows_window_deadline_and_basis(command: Command) -> None:
    shown = rows(command("report", "calendar", REPORT, "--period", "2025", "--format", "csv"))[0]
    assert (shown["window_from"], shown["window_to"], shown["deadline"]) == ("2024-12-15", "2025-12-14", "2025-12-25")
    assert "09/2019" in shown["basis"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["report", "render", REPORT, "--period", "2024", "--as", "pdf"], 2, "not yet available; there are: json"),
        (["report", "render", "nope", "--period", "2024"], 2, f"there are: {REPORT}"),
        (["report", "render", REPORT, "--period", "2024-Q1"], 2, "usage.period-kind"),
        (["report", "render", REPORT, "--period", "hai nghìn"], 2, "usage.period"),
        (["report", "render", REPORT, "--period", "1999"], 1, "form.no-figures"),
        (["report", "render", REPORT, "--period", "2024", "--as-of", "99"], 2, "lake.no-snapshot"),
        (["submit", REPORT, "--period", "2024"], 2, "receiver.unknown"),
        (["submit", REPORT, "--period", "2024", "--channel", "http://example.vn"], 2, "receiver.address"),
        (["sandbox", "--fault", "nope"], 2, "accept-then-drop"),
        (["sandbox", "--token-env", "NOT_SET_ANYWHERE"], 2, "usage.token"),
        (["report", "render", REPORT], 2, "--period"),
    ],
)
def test_faults_are_findings_with_exit_codes(command: Command, arguments: list[str], code: int, said: str) -> None:
    answer = command(*arguments)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert said in answer.stderr


def test_a_dry_run_checks_the_report_even_where_no_receiver_is_set_up(command: Command) -> None:
    answer = command("submit", REPORT, "--period", "2024", "--dry-run")
    assert answer.returncode == 2
    first, second = answer.stderr.splitlines()
    assert "the report is in order" in first
    assert "receiver.unknown" in second


def test_messages_are_vietnamese_unless_asked(command: Command) -> None:
    answer = command("submit", REPORT, "--period", "2024", lang="vi")
    assert "chưa khai báo nơi nhận" in answer.stderr
