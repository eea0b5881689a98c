"""A small workspace: three provinces, six indicators, a yearly report; and the sandbox in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.workspace import Workspace
from indicators.catalog import Catalog, load_catalog
from submitters.form import Value

ROOT = Path(__file__).parents[2]
DAY = date(2025, 7, 1)
REPORT = "bao_cao_nam"
COMMANDS = "from console import main; main.COMMAND_MODULES = ('console.report_commands',); main.main()"
"""The real command line with only the commands that are tested here, so that a fault elsewhere is not seen here."""

AREAS = """code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
01,province,thanh_pho,Thành phố Hà Nội,Ha Noi City,,2008-08-01,2025-07-01,x
10,province,tinh,Tỉnh Lào Cai,Lao Cai Province,,2008-08-01,2025-07-01,x
15,province,tinh,Tỉnh Yên Bái,Yen Bai Province,,2008-08-01,2025-07-01,x
66,province,tinh,Tỉnh Đắk Lắk,Dak Lak Province,,2008-08-01,2025-07-01,x
01,province,thanh_pho,Thành phố Hà Nội,Ha Noi City,,2025-07-01,,x
15,province,tinh,Tỉnh Lào Cai,Lao Cai Province,,2025-07-01,,x
66,province,tinh,"Tỉnh Ea H'Leo & <b>""đèo""</b>",Ea H'Leo,,2025-07-01,,x
"""
CHANGES = """effective,kind,from_code,to_code,part,legal_basis,note
2025-07-01,merger,10,15,,x,
"""
MEASURE = """id: {id}
name: {{vi: {id}, en: {id}}}
unit: {unit}
decimals: {decimals}
level: province
areas: {areas}
time: {{rule: {time}}}
"""
INDICATOR = """id: {id}
name: {{vi: "{vi}", en: "{id}"}}
unit: {unit}
decimals: {decimals}
frequency: A
levels: [province]
versions:
  - valid_from: "2009-01-01"
    basis: [{{document: "Văn bản <mẫu>", item: Điều 1, verified: false}}]
    formula: {formula}
    inputs: {{{inputs}}}
examples: [{{name: x, given: {{{given}}}, expect: {expect}}}]
"""
MEASURES = (
    ("population.mean", "PERSON", 0, "{rule: sum}", "average"),
    ("land.area", "KM2", 1, "{rule: sum}", "stock"),
    ("economy.grdp_per_head", "MILLION_VND_PER_PERSON", 1, "{rule: mean, by: population.mean}", "none"),
    ("governance.pci", "SCORE", 5,
     "{rule: none, why: {vi: điểm khảo sát không cộng được, en: survey scores do not add}}", "none"),
)  # fmt: skip
INDICATORS = (
    ("population.total_mean", "Dân số", "PERSON", 0, "p", "p: population.mean", "p: [1, 2]", 3),
    ("population.density", "Mật độ", "PERSON_PER_KM2", 2, "p / a", "p: population.mean, a: land.area",
     "p: [2], a: [1]", 2),
    ("economy.grdp", "GRDP", "BILLION_VND", 0, "g * p / 1000", "g: economy.grdp_per_head, p: population.mean",
     "p: [1000], g: [2]", 2),
    ("governance.pci", "PCI", "SCORE", 2, "s", "s: governance.pci", "s: [1.5]", 1.5),
    ("land.total_area", "Diện tích", "KM2", 1, "a", "a: land.area", "a: [1.5]", 1.5),
)  # fmt: skip
FORM = f"""id: {REPORT}
name: {{vi: Báo cáo "năm" & quý, en: Yearly report}}
calendar: nd09_2019
frequency: A
level: province
area_basis: "2025-07-01"
receiver: sandbox
columns:
  - indicator: population.total_mean
  - indicator: population.density
  - indicator: economy.grdp
  - indicator: land.total_area
  - {{indicator: governance.pci, latest: true}}
"""


def write_catalog(folder: Path) -> None:
    """The small catalog, in the files that a statistician would write."""
    texts = {"areas/areas.csv": AREAS, "areas/changes.csv": CHANGES, f"reports/{REPORT}.yaml": FORM}
    texts["areas/weights.csv"] = "effective,from_code,to_code,basis,value,share,quality,source\n"
    texts["calendars/nd09_2019.yaml"] = (ROOT / "catalog/calendars/nd09_2019.yaml").read_text("utf-8")
    for name, unit, decimals, areas, time in MEASURES:
        domain, _, short = name.partition(".")
        text = MEASURE.format(id=name, unit=unit, decimals=decimals, areas=areas, time=time)
        texts[f"measures/{domain}/{short}.yaml"] = text
    for name, vi, unit, decimals, formula, inputs, given, expect in INDICATORS:
        domain, _, short = name.partition(".")
        text = INDICATOR.format(
            id=name, vi=vi, unit=unit, decimals=decimals, formula=formula, inputs=inputs, given=given, expect=expect
        )
        texts[f"indicators/{domain}/{short}.yaml"] = text
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def value(
    indicator: str, area: str, number: str | None, basis: str = "exact", period: str = "2024", **other: object
) -> Value:
    """A row of `indicator_values`, with the lake's nine decimals."""
    held = None if number is None else Decimal(number).quantize(Decimal("0.000000001"))
    fields: dict[str, object] = {
        "indicator": indicator, "version": "2009-01-01", "ref_area": area, "area_basis": DAY, "time_period": period,
        "dimensions": "", "obs_value": held, "obs_lower": held, "obs_upper": held,
        "obs_status": "A" if held is not None else "O", "basis": basis, "coverage": Decimal("1.000000"), "run_id": "r1",
    }  # fmt: skip
    return Value(**(fields | other))  # type: ignore[arg-type]


def some_values() -> list[Value]:
    """Figures of 2024 with everything that happens: exact, estimated, bounded, missing, refused, an older year."""
    return [
        value("population.total_mean", "01", "8717600", "reported"),
        value("population.total_mean", "15", "1778800", obs_status="P"),
        value("population.total_mean", "66", "3346900", "estimated", obs_status="E"),
        value("population.density", "01", "2595.21", "reported"),
        value("population.density", "15", "134.03"),
        value("economy.grdp", "01", "1420097", "reported"),
        value("economy.grdp", "15", None, "partial", obs_lower=Decimal("77000.4"), obs_upper=Decimal("99000.2")),
        value("economy.grdp", "66", "205000"),
        value("land.total_area", "01", "3359.8"),
        value("land.total_area", "15", "13257.0"),
        value("land.total_area", "66", "18096.4"),
        value("governance.pci", "01", "60.74", "reported", "2016"),
        value("governance.pci", "15", None, "refused", "2016", obs_status="M"),
        value("governance.pci", "66", "58.62", "reported", "2016"),
        value("governance.pci", "01", "59.00", "reported", "2015"),
        value("governance.pci", "01", "61.00", "reported", "2026"),
    ]


@pytest.fixture(scope="session")
def catalog_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalog") / "catalog"
    write_catalog(folder)
    return folder


@pytest.fixture(scope="session")
def catalog(catalog_folder: Path) -> Catalog:
    return load_catalog(catalog_folder)


@pytest.fixture
def values() -> list[Value]:
    return some_values()


@pytest.fixture
def make_value() -> Callable[..., Value]:
    return value


@pytest.fixture(scope="session")
def filled_workspace(tmp_path_factory: pytest.TempPathFactory, catalog_folder: Path) -> Path:
    root = tmp_path_factory.mktemp("filled") / "work"
    root.mkdir()
    text = f'[folders]\ncatalog = {json.dumps(str(catalog_folder))}\n[reporter]\ncode = "T15"\nname = "Tỉnh <mẫu>"\n'
    (root / "chitieu.toml").write_text(text, encoding="utf-8")
    publish(Workspace.open(root), some_values())
    return root


@pytest.fixture
def workspace(tmp_path: Path, filled_workspace: Path) -> Workspace:
    """A workspace on the small catalog, whose lake holds the values above."""
    return Workspace.open(Path(shutil.copytree(filled_workspace, tmp_path / "work")))


def publish(workspace: Workspace, rows: list[Value]) -> None:
    """Put rows into the lake's `indicator_values`, in place of what it holds."""
    import polars as pl

    from engine.lake import Connection, append, commit
    from engine.tables import TABLES

    number, columns = pl.Decimal(38, 9), TABLES["indicator_values"]
    kinds = {"DATE": pl.Date, "VARCHAR": pl.String}
    special = {"obs_value": number, "obs_lower": number, "obs_upper": number, "coverage": pl.Decimal(9, 6)}
    schema = {name: special.get(name, kinds.get(kind, pl.String)) for name, kind in columns.items()}
    frame = pl.DataFrame([{**row.__dict__, "unit": "x"} for row in rows], schema=schema, orient="row")

    def work(connection: Connection) -> None:
        connection.execute("DELETE FROM lake.indicator_values")
        append(connection, "indicator_values", frame)

    commit(workspace, work, "test")


@pytest.fixture
def republish(workspace: Workspace) -> Callable[[list[Value]], None]:
    return lambda rows: publish(workspace, rows)


@dataclass
class RunningSandbox:
    """A sandbox in its own process."""

    url: str
    folder: Path
    process: subprocess.Popen[str]

    def requests(self) -> list[str]:
        """`METHOD answer` of every request so far."""
        file = self.folder / "requests.jsonl"
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
        return [f"{row['method']} {row['answer']}" for row in rows]

    def posts(self) -> int:
        return sum(text.startswith("POST") for text in self.requests())

    def accepted(self) -> list[dict[str, object]]:
        return [json.loads(file.read_text("utf-8")) for file in sorted(self.folder.glob("*.receipt.json"))]


@pytest.fixture
def start_sandbox(workspace: Workspace, tmp_path: Path) -> Iterator[Callable[..., RunningSandbox]]:
    """Starts sandboxes: `start_sandbox("503", "429", token="…")`; they end with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(
        *faults: str, token: str = "", seconds: float = 3.0, port: int = 0, folder: str = "received"
    ) -> RunningSandbox:
        data = tmp_path / folder
        command = [sys.executable, "-c", COMMANDS, "--workspace", str(workspace.root), "sandbox", "--data", str(data)]
        command += ["--port", str(port), "--seconds", str(seconds), *(f"--fault={fault}" for fault in faults)]
        command += ["--token-env", "SANDBOX_TOKEN"] if token else []
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
            env={**os.environ, "SANDBOX_TOKEN": token},
        )  # fmt: skip
        started.append(process)
        assert process.stdout is not None
        return RunningSandbox(process.stdout.readline().strip(), data, process)

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
