"""`chitieu areas`: the rows on stdout, what is said beside them on stderr, and exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from console import area_commands
from console.main import options
from indicators.findings import ChitieuError

ROOT = Path(__file__).parents[2]
ACROSS = ("correspondence", "--from", "2025-06-30", "--to", "2025-07-01")


@dataclass(frozen=True)
class Answer:
    exit_code: int
    out: str
    said: str

    @property
    def rows(self) -> list[Mapping[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


def areas(*arguments: str, workspace: Path = ROOT, lang: str = "vi") -> Answer:
    app = typer.Typer()
    app.callback()(options)
    area_commands.add_to(app)
    result = CliRunner().invoke(app, ["--workspace", str(workspace), "--lang", lang, "areas", *arguments])
    if isinstance(result.exception, ChitieuError):
        said = "\n".join(finding.text("en" if lang == "en" else "vi") for finding in result.exception.findings)
        return Answer(result.exception.exit_code, result.stdout, said)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Answer(result.exit_code, result.stdout, result.stderr)


def test_find_a_code_without_a_day_lists_its_meanings_and_says_so() -> None:
    answer = areas("find", "15", "--format", "csv")
    assert [(row["name"], row["valid_from"], row["valid_to"]) for row in answer.rows] == [
        ("Tỉnh Yên Bái", "2008-08-01", "2025-07-01"),
        ("Tỉnh Lào Cai", "2025-07-01", ""),
    ]
    assert "đã đổi nghĩa" in answer.said
    assert "--on" in answer.said
    assert answer.exit_code == 0


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2025-06-29", "Tỉnh Yên Bái"),
        ("2025-06-30", "Tỉnh Yên Bái"),
        ("2025-07-01", "Tỉnh Lào Cai"),
        ("2025-07-02", "Tỉnh Lào Cai"),
    ],
)
def test_find_a_code_on_a_day(day: str, name: str) -> None:
    answer = areas("find", "15", "--on", day, "--format", "csv")
    assert [row["name"] for row in answer.rows] == [name]
    assert answer.said == ""


def test_find_lists_homonyms_with_what_they_lie_in() -> None:
    rows = areas("find", "xa tan phu", "--on", "2025-06-30", "--format", "csv").rows
    exact = [row for row in rows if row["match"] == "exact"]
    assert len(exact) == len({row["within"] for row in exact}) > 5
    assert all(row["within"].count(", ") == 1 for row in exact)


def test_find_in_english_and_as_json() -> None:
    listed = json.loads(areas("find", "ben nghe", "--on", "2025-06-30", "--format", "json", lang="en").out)
    assert listed == [
        {
            "code": "26740",
            "name": "Ben Nghe Ward",
            "level": "commune",
            "within": "District 1, Ho Chi Minh City",
            "valid_from": "2025-06-30",
            "valid_to": "2025-07-01",
            "match": "exact",
        }
    ]


def test_find_nothing() -> None:
    answer = areas("find", "không có đâu", "--format", "csv")
    assert answer.rows == []
    assert "không tìm thấy" in answer.said
    assert answer.exit_code == 0


def test_find_a_code_on_a_day_when_it_is_gone() -> None:
    answer = areas("find", "10", "--on", "2025-07-01", "--format", "csv")
    assert answer.rows == []
    assert "Tỉnh Lào Cai [2008-08-01 ≤ … < 2025-07-01]" in answer.said


def test_find_says_which_accents_were_wrong() -> None:
    assert "đúng dấu" in areas("find", "Hòa Bính").said


def test_lost_zeros_and_wrong_codes_in_circulation() -> None:
    assert "01 (Thành phố Hà Nội)" in areas("find", "1").said
    said = areas("find", "06978", "--on", "2025-07-01").said
    assert "06970" in said
    assert "Xã Ba Chẽ (Tỉnh Quảng Ninh)" in said
    assert "06970" not in areas("find", "06978", "--on", "2025-06-30").said


def test_history_of_a_code_that_changed_its_meaning() -> None:
    answer = areas("history", "15", "--format", "csv")
    assert [(row["on"], row["direction"], row["from_name"], row["to_name"]) for row in answer.rows] == [
        ("2008-08-01", "became", "Tỉnh Yên Bái", "Tỉnh Lào Cai"),
        ("2025-07-01", "came_from", "Tỉnh Lào Cai", "Tỉnh Lào Cai"),
        ("2025-07-01", "came_from", "Tỉnh Yên Bái", "Tỉnh Lào Cai"),
    ]
    assert "đã đổi nghĩa" in answer.said
    on_day = areas("history", "15", "--on", "2025-07-01", "--format", "csv")
    assert on_day.rows == answer.rows[1:]
    assert on_day.said == ""


def test_history_of_ky_loi() -> None:
    rows = areas("history", "18796", "--format", "csv").rows
    assert [(row["to_area"], row["kind"], row["legal_basis"]) for row in rows] == [
        ("18754", "breakdown", "1665/NQ-UBTVQH15"),
        ("18823", "breakdown", "1665/NQ-UBTVQH15"),
        ("18832", "breakdown", "1665/NQ-UBTVQH15"),
    ]
    assert "toàn bộ diện tích" in rows[1]["note"]


def test_history_of_an_area_that_never_changed() -> None:
    answer = areas("history", "01", lang="en")
    assert "no change" in answer.said
    assert answer.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("history", "99999"), "99999"),
        (("history", "1"), "01 (Thành phố Hà Nội)"),
        (("history", "27", "--on", "2025-07-01"), "Tỉnh Bắc Ninh [2008-08-01 ≤ … < 2025-07-01]"),
        (("history", "15", "--on", "mai"), "'mai'"),
        (("find", "15", "--on", "01/07/2025"), "01/07/2025"),
        ((*ACROSS, "--level", "district"), "province, commune"),
        ((*ACROSS, "--level", "quận"), "province, district, commune"),
        (("correspondence", "--from", "1990-01-01", "--to", "2025-07-01"), "2008-08-01"),
        (("correspondence", "--from", "2025-06-30", "--to", "hôm nay"), "hôm nay"),
    ],
)  # fmt: skip
def test_wrong_usage(arguments: tuple[str, ...], says: str) -> None:
    answer = areas(*arguments)
    assert answer.exit_code == 2
    assert says in answer.said
    assert answer.out == ""


def test_a_code_that_only_a_wrong_list_has() -> None:
    variants = (ROOT / "catalog" / "areas" / "code_variants.csv").read_text(encoding="utf-8")
    known = {line.split(",")[0] for line in (ROOT / "catalog/areas/areas.csv").read_text(encoding="utf-8").splitlines()}
    wrong = [line.split(",") for line in variants.splitlines()[1:] if line.split(",")[0] not in known]
    assert wrong
    answer = areas("history", wrong[0][0])
    assert answer.exit_code == 2
    assert wrong[0][2] in answer.said


def test_correspondence_of_provinces() -> None:
    answer = areas(
        "correspondence", "--from", "2025-06-30", "--to", "2025-07-01", "--level", "province", "--format", "csv"
    )
    rows = [row for row in answer.rows if row["from_area"]]
    assert len(rows) == 63
    assert {row["share"] for row in rows} == {"1"}
    assert {row["legal_basis"] for row in rows} == {"202/2025/QH15"}
    yen_bai = next(row for row in rows if row["from_area"] == "15")
    assert (yen_bai["from_name"], yen_bai["to_area"], yen_bai["to_name"]) == ("Tỉnh Yên Bái", "15", "Tỉnh Lào Cai")


def test_correspondence_of_communes_with_and_without_a_weight() -> None:
    days = (*ACROSS, "--format", "csv")
    plain, weighted = areas(*days).rows, areas(*days, "--weight", "area").rows
    assert [(row["from_area"], row["to_area"]) for row in plain] == [
        (row["from_area"], row["to_area"]) for row in weighted
    ]
    assert [row["share"] for row in plain if row["from_area"] == "18796"] == ["", "", ""]
    assert [row["share"] for row in weighted if row["from_area"] == "18796"] == ["0", "1", "0"]
    assert len(plain) == 10_573


def test_default_level_is_the_lowest_of_the_first_day() -> None:
    rows = areas("correspondence", "--from", "2010-01-01", "--to", "2025-07-01", "--format", "csv").rows
    assert len({row["from_area"] for row in rows if row["from_area"]}) == 63
    islands = areas(*ACROSS, "--format", "csv").rows
    assert ("755", "26732") in {(row["from_area"], row["to_area"]) for row in islands}


def test_unknown_weight_is_said() -> None:
    answer = areas(
        "correspondence", "--from", "2025-06-30", "--to", "2025-07-01", "--level", "province", "--weight", "x"
    )
    assert answer.exit_code == 0
    assert "area, population" in answer.said


def test_a_workspace_without_areas(tmp_path: Path) -> None:
    answer = areas("find", "x", workspace=tmp_path, lang="en")
    assert answer.exit_code == 2
    assert "chitieu init" in answer.said


def test_a_damaged_register_is_told_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "catalog" / "areas"
    folder.mkdir(parents=True)
    header = "code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis\n"
    (folder / "areas.csv").write_text(header + "1,commune,xa,Xã A,A,,2020-13-01,,\n", encoding="utf-8")
    answer = areas("find", "a", workspace=tmp_path)
    assert answer.exit_code == 1
    assert f"{folder / 'areas.csv'}:2:22:" in answer.said
    (folder / "areas.csv").write_text(header + "1,commune,xa,Xã A,A,,2020-12-01,,\n", encoding="utf-8")
    assert areas("find", "a", "--format", "csv", workspace=tmp_path).rows[0]["code"] == "1"
