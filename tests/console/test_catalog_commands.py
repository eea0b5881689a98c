"""`chitieu catalog check | show | diff | schema | docs`, as a person at the command line sees them."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from console import catalog_commands
from console.main import options
from console.output import settings, show_findings
from indicators.findings import ChitieuError
from indicators.schema_documents import SCHEMAS

GOLDEN = Path(__file__).parent.parent / "golden" / "catalog_faults" / "catalog"


@dataclass
class Answer:
    code: int
    out: str
    err: str


class Shell:
    """Runs commands in a workspace and keeps what they write."""

    def __init__(self, workspace: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.workspace = workspace
        self.capture = capture
        self.app = typer.Typer()
        self.app.callback()(options)
        catalog_commands.add_to(self.app)

    def __call__(self, *words: str, lang: str = "en") -> Answer:
        code = 0
        try:
            self.app(["--workspace", str(self.workspace), "--lang", lang, "catalog", *words])
        except ChitieuError as error:
            show_findings(error.findings)
            code = error.exit_code
        except SystemExit as stop:
            code = int(stop.code or 0)
        written = self.capture.readouterr()
        return Answer(code, written.out, written.err)


@pytest.fixture
def chitieu(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    shutil.copytree(GOLDEN, tmp_path / "catalog")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "workspace", Path())
    monkeypatch.setattr(settings, "language", "vi")
    return Shell(Path(), capsys)


def edit(file: str, old: str, new: str) -> None:
    path = Path("catalog") / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_catalog_says_what_it_holds(chitieu: Shell) -> None:
    answer = chitieu("check")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith("catalog: no errors; 5 measures, 2 indicators, 1 data models")
    assert "không có lỗi; 5 đại lượng" in chitieu("check", lang="vi").err


def test_every_fault_with_its_place(chitieu: Shell) -> None:
    edit("measures/vital/births.yaml", "unit: PERSON", "unit: PERSONS")
    edit("measures/population/mean.yaml", "decimals: 0", "decimal: 0")
    answer = chitieu("check")
    assert answer.code == 1
    assert "Traceback" not in answer.err
    assert answer.err.splitlines() == [
        "catalog/measures/population/mean.yaml:1:1: key 'decimals' is missing; add 'decimals: …' [shape.missing-key]",
        "catalog/measures/population/mean.yaml:4:1: there is no key 'decimal' here; did you mean 'decimals'? "
        "[shape.unknown-key]",
        "catalog/measures/vital/births.yaml:3:7: there is no unit 'PERSONS'; did you mean 'PERSON'? "
        "[reference.unknown-unit]",
    ]
    assert "ý bạn là 'PERSON'?" in chitieu("check", lang="vi").err


def test_only_one_file_is_asked_about(chitieu: Shell) -> None:
    edit("measures/vital/births.yaml", "unit: PERSON", "unit: PERSONS")
    assert chitieu("check", "catalog/measures/population").code == 0
    assert chitieu("check", "catalog/measures/vital/births.yaml").code == 1
    assert chitieu("check", ".").code == 1
    assert chitieu("check", "catalog").code == 1


def test_a_path_that_does_not_exist_or_is_no_catalog(chitieu: Shell, tmp_path: Path) -> None:
    assert chitieu("check", "catalog/measure").code == 2
    (tmp_path / "elsewhere").mkdir()
    answer = chitieu("check", "elsewhere")
    assert answer.code == 2
    assert "part of no catalog" in answer.err


def test_findings_as_rows(chitieu: Shell) -> None:
    edit("measures/vital/births.yaml", "unit: PERSON", "unit: PERSONS")
    answer = chitieu("check", "--format", "json")
    assert answer.code == 1
    assert [(row["file"], row["line"], row["column"], row["rule"]) for row in json.loads(answer.out)] == [
        ("catalog/measures/vital/births.yaml", 3, 7, "reference.unknown-unit")
    ]


def test_a_folder_that_is_no_workspace(chitieu: Shell, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "catalog")
    assert chitieu("check").code == 2


def test_show_an_indicator_on_a_day(chitieu: Shell) -> None:
    answer = chitieu("show", "population.crude_birth_rate", "--on", "2023-04-14", "--format", "json")
    rows = [(row["field"], row["value"]) for row in json.loads(answer.out)]
    assert ("version", "2016-01-01") in rows
    assert ("in_force", "2016-01-01/2023-04-14") in rows
    assert ("basis", "QĐ 54/2016/QĐ-TTg (not verified)") in rows
    assert ("used_by", "report yearly") in rows
    later = chitieu("show", "population.crude_birth_rate", "--on", "2023-04-15", "--format", "csv").out
    assert "version,2023-04-15\n" in later
    assert 'basis,"QĐ 05/2023/QĐ-TTg, T0105 (not verified)"\n' in later


def test_show_a_measure_and_who_uses_it(chitieu: Shell) -> None:
    answer = chitieu("show", "vital.births", lang="vi")
    assert "gộp địa bàn             sum: cộng các địa bàn" in answer.out
    assert "indicator population.crude_birth_rate" in answer.out
    assert "model births" in answer.out
    assert "measure economy.income" in chitieu("show", "population.mean").out


def test_show_tells_why_something_cannot_be_combined(chitieu: Shell) -> None:
    assert "Scores do not add up; collect the answers" in chitieu("show", "economy.index").out


def test_show_of_an_unknown_id_or_day(chitieu: Shell) -> None:
    answer = chitieu("show", "vital.birth")
    assert (answer.code, "did you mean 'vital.births'?" in answer.err) == (2, True)
    assert chitieu("show", "vital.births", "--on", "1/7/2025").code == 2
    answer = chitieu("show", "population.crude_birth_rate", "--on", "2015-12-31")
    assert (answer.code, "the first is from 2016-01-01" in answer.err) == (1, True)


def test_show_of_a_broken_definition_says_what_is_wrong_with_it(chitieu: Shell) -> None:
    edit("measures/vital/births.yaml", "decimals: 0", "decimals: x")
    edit("measures/population/mean.yaml", "decimals: 0", "decimals: x")
    answer = chitieu("show", "vital.births")
    assert answer.code == 1
    assert answer.err.count("shape.") == 1


@pytest.fixture
def repository(chitieu: Shell, tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "first")):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_diff_says_what_changed_from_when_on_and_for_whom(chitieu: Shell) -> None:
    answer = chitieu("diff", "HEAD")
    assert (answer.code, json.loads(chitieu("diff", "HEAD", "--format", "json").out)) == (0, [])
    assert "no definition differs from HEAD" in answer.err
    edit("measures/vital/births.yaml", "rule: sum", "rule: max")
    edit("measures/vital/births.yaml", "en: Live births", "en: Births")
    Path("catalog/indicators/economy/revenue_final.yaml").unlink()
    Path("catalog/codelists/CL_NEW.csv").write_text("code,name_vi,name_en,parent\nA,Một,One,\n", encoding="utf-8")
    rows = json.loads(chitieu("diff", "HEAD", "--format", "json").out)
    assert [(row["id"], row["what"], row["part"], row["since"], row["figures"], row["affects"]) for row in rows] == [
        ("CL_NEW.csv", "added", "", "", "yes", ""),
        ("economy.revenue_final", "removed", "", "2016-01-01", "yes", ""),
        ("vital.births", "changed", "areas.rule", "", "yes", "population.crude_birth_rate"),
        ("vital.births", "changed", "name.en", "", "no", ""),
    ]


@pytest.mark.usefixtures("repository")
def test_diff_with_a_revision_that_does_not_exist(chitieu: Shell) -> None:
    for revision in ("nothing", "--output=x", ""):
        answer = chitieu("diff", "--", revision)
        assert answer.code == 2
        assert "has no revision" in answer.err
    assert not Path("x").exists()


def test_diff_outside_a_repository(
    chitieu: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    answer = chitieu("diff", "HEAD")
    assert answer.code in (2, 3), "3 where git is not installed"
    assert "git" in answer.err
    assert "Traceback" not in answer.err


def test_schema_writes_every_schema(chitieu: Shell) -> None:
    assert chitieu("schema").code == 0
    written = {path.name for path in Path("catalog/schema").iterdir()}
    assert written == {f"{kind}.json" for kind in SCHEMAS}


def test_docs_are_readable_pages_and_the_same_every_time(chitieu: Shell) -> None:
    edit("measures/vital/births.yaml", "Số trẻ sinh sống", "Số trẻ <sinh> sống")
    assert chitieu("docs", "one").code == 0
    assert chitieu("docs", "two").code == 0
    pages = {path.name: path.read_bytes() for path in Path("one").iterdir()}
    assert set(pages) == {"index.html", "population.crude_birth_rate.html", "economy.revenue_final.html"}
    assert pages == {path.name: path.read_bytes() for path in Path("two").iterdir()}
    page = pages["population.crude_birth_rate.html"].decode()
    assert page.index("Tỷ suất sinh thô") < page.index("Crude birth rate")
    assert "Số trẻ &lt;sinh&gt; sống" in page
    assert "(chưa đối chiếu)" in page
    assert 'href="population.crude_birth_rate.html"' in pages["index.html"].decode()


def test_docs_of_a_broken_catalog_are_not_written(chitieu: Shell) -> None:
    edit("measures/vital/births.yaml", "unit: PERSON", "unit: PERSONS")
    assert chitieu("docs", "pages").code == 1
    assert not Path("pages").exists()
