"""Every damage to the register's files is a finding with its file, line and column, and all of them come at once."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from indicators.area_files import read_code_variants, read_register
from indicators.findings import DataFault, Finding

AREAS = """\
code,level,type,name_vi,name_en,parent,valid_from,valid_to,legal_basis
01,province,tinh,Tỉnh Bắc,Bac Province,,2000-01-01,,
00001,commune,xa,Xã Đông,Dong Commune,01,2000-01-01,2020-01-01,
00002,commune,xa,Xã Tây,Tay Commune,01,2000-01-01,2020-01-01,
00003,commune,xa,"Xã Nam, Bắc",Nam Bac Commune,01,2020-01-01,,1/NQ
00004,commune,phuong,Phường Mới,Moi Ward,01,2020-01-01,,1/NQ
"""
CHANGES = """\
effective,kind,from_code,to_code,part,legal_basis,note
2020-01-01,breakdown,00001,00003,,1/NQ,
2020-01-01,breakdown,00001,00004,,1/NQ,"một phần, theo luật"
2020-01-01,merger,00002,00003,,1/NQ,
"""
WEIGHTS = """\
effective,from_code,to_code,basis,value,share,quality,source
2020-01-01,00001,00003,population,,0.25,measured,khảo sát
2020-01-01,00001,00004,population,,0.75,measured,khảo sát
"""
FILES = {"areas.csv": AREAS, "changes.csv": CHANGES, "weights.csv": WEIGHTS}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(raw)
    return folder


def findings_of(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(DataFault) as caught:
        read_register(folder)
    return caught.value.findings


@dataclass(frozen=True)
class Damage:
    """Replace `old` by `new` in one file; expect exactly these findings: (rule, line, column)."""

    file: str
    old: str
    new: str
    expect: tuple[tuple[str, int | None, int | None], ...]
    says: str = ""


D = Damage
NO_PARENT = ((3, 39), (4, 37), (5, 48), (6, 42))
ENDED = ("area.ended", 4, 51)
"""Nothing says any more where the land of 00002 went."""
DAMAGES = {
    "wrong header": D("areas.csv", "name_vi,name_en", "name,name_en", (("csv.header", 1, 1),), "name_vi"),
    "columns in another order": D("changes.csv", "from_code,to_code", "to_code,from_code", (("csv.header", 1, 1),)),
    "semicolons": D("areas.csv", ",", ";", (("csv.separator", 1, 1),)),
    "tabs": D("weights.csv", ",", "\t", (("csv.separator", 1, 1),)),
    "byte order mark": D("areas.csv", "code,level", "\ufeffcode,level", (("csv.bom", None, None),)),
    "lone CR": D("areas.csv", "\n", "\r", (("csv.line-end", None, None),)),
    "too few cells": D("areas.csv", ",01,2020-01-01,,1/NQ\n00004", ",01,2020-01-01,\n00004", (("csv.cells", 5, 1),)),
    "a comma without quotes": D("changes.csv", '"một phần, theo luật"', "một phần, theo luật", (("csv.cells", 3, 1),)),
    "an open quote": D("areas.csv", '"Xã Nam, Bắc"', '"Xã Nam, Bắc', (("csv.quote", 5, 1),)),
    "text after a quote": D("areas.csv", '"Xã Nam, Bắc"', '"Xã Nam, Bắc"x', (("csv.quote", 5, 1),)),
    "a blank line": D("changes.csv", "2020-01-01,merger", "\n2020-01-01,merger", (("csv.blank-line", 4, 1),)),
    "decomposed text": D(
        "areas.csv", "Xã Đông", unicodedata.normalize("NFD", "Xã Đông"), (("csv.not-nfc", 3, 18),), "NFC"
    ),
    "a control character": D("areas.csv", "Xã Tây", "Xã\x00Tây", (("csv.control", 4, 18),)),
    "a space at the end": D("areas.csv", "Xã Tây,", "Xã Tây ,", (("csv.space", 4, 18),)),
    "a spreadsheet formula": D("areas.csv", "Xã Tây", "=HYPERLINK(1)", (("csv.formula", 4, 18),)),
    "a line of ten megabytes": D("areas.csv", "Xã Tây", "Xã " + "y" * 10_000_000, (("csv.long-line", 4, 1),)),
    "no code": D(
        "areas.csv",
        "\n01,province",
        "\n,province",
        (("area.empty", 2, 1), *(("area.parent", line, at) for line, at in NO_PARENT)),
    ),
    "no name": D("areas.csv", "Xã Tây", "", (("area.empty", 4, 18),)),
    "no first day": D("areas.csv", "Bac Province,,2000-01-01", "Bac Province,,", (("area.empty", 2, 41),)),
    "a code with a sign": D(
        "areas.csv", "00004,commune", "0@004,commune", (("area.code-shape", 6, 1), ("change.to", 3, 28))
    ),
    "a level with a space": D("areas.csv", "00004,commune", "00004,com mune", (("area.word-shape", 6, 7),)),
    "a day the other way round": D("areas.csv", "2000-01-01,,", "01/01/2000,,", (("area.day", 2, 41),), "2025-07-01"),
    "a day that does not exist": D(
        "areas.csv", "2020-01-01,,1/NQ\n00004", "2020-02-30,,1/NQ\n00004", (("area.day", 5, 51),)
    ),
    "a day without dashes": D("changes.csv", "2020-01-01,merger", "20200101,merger", (("area.day", 4, 1),)),
    "a change without a day": D("changes.csv", "2020-01-01,merger", ",merger", (("area.empty", 4, 1),)),
    "ends before it begins": D(
        "areas.csv",
        "Bac Province,,2000-01-01,,",
        "Bac Province,,2000-01-01,1999-01-01,",
        (("area.ends-before", 2, 52),),
    ),
    "the same version twice": D(
        "areas.csv",
        "00004,commune,phuong,",
        "00003,commune,xa,Xã Nam,Nam Commune,01,2020-01-01,,\n00004,commune,phuong,",
        (("area.duplicate", 6, 40),),
        "5",
    ),
    "overlapping versions": D(
        "areas.csv",
        "00004,commune,phuong,",
        "00001,commune,xa,Xã Đông,Dong Commune,01,2019-12-31,,\n00004,commune,phuong,",
        (("area.overlap", 6, 42),),
        "2020-01-01",
    ),
    "parent unknown": D("areas.csv", "Moi Ward,01,", "Moi Ward,99,", (("area.parent", 6, 42),), "2020-01-01"),
    "parent without its zero": D("areas.csv", "Moi Ward,01,", "Moi Ward,1,", (("area.parent", 6, 42),), "→ 01?"),
    "parent ended": D(
        "areas.csv",
        "Bac Province,,2000-01-01,,",
        "Bac Province,,2000-01-01,2024-01-01,",
        (("area.parent", 5, 48), ("area.parent", 6, 42)),
        "2024-01-01",
    ),
    "parent of the same level": D(
        "areas.csv",
        "Moi Ward,01,",
        "Moi Ward,00003,",
        (("area.parent-level", 6, 42), ("change.not-lowest", 2, 28), ("change.not-lowest", 4, 25)),
    ),
    "its own parent": D(
        "areas.csv",
        "00004,commune,phuong,Phường Mới,Moi Ward,01,",
        "00004,commune,phuong,Phường Mới,Moi Ward,00004,",
        (("area.parent-circle", 6, 42), ("change.not-lowest", 3, 28)),
        "00004 > 00004",
    ),
    "unknown kind": D(
        "changes.csv", "2020-01-01,merger", "2020-01-01,sáp nhập", (("area.not-listed", 4, 12),), "merger"
    ),
    "no codes at all": D("changes.csv", "merger,00002,00003", "merger,,", (ENDED, ("change.no-code", 4, 19))),
    "from not in force the day before": D(
        "changes.csv",
        "2020-01-01,merger",
        "2020-01-01,transfer,00003,00004,,1/NQ,\n2020-01-01,merger",
        (("change.from", 4, 21),),
        "2019-12-31",
    ),
    "from another area than meant": D(
        "changes.csv", "merger,00002", "merger,00003", (ENDED, ("change.from", 4, 19)), "changes.csv"
    ),
    "no row from an area that ended": D("changes.csv", "2020-01-01,merger,00002,00003,,1/NQ,\n", "", (ENDED,)),
    "to not in force on the day": D("changes.csv", "00002,00003", "00002,00001", (("change.to", 4, 25),), "2020-01-01"),
    "a change one day late": D(
        "changes.csv", "2020-01-01,merger", "2020-01-02,merger", (("change.from", 4, 19),), "2020-01-01"
    ),
    "the same change twice": D(
        "changes.csv",
        "2020-01-01,merger",
        "2020-01-01,breakdown,00001,00003,,1/NQ,\n2020-01-01,merger",
        (("change.duplicate", 4, 22),),
        "2",
    ),
    "a change above the lowest level": D(
        "changes.csv", "merger,00002,00003", "merger,00002,01", (("change.not-lowest", 4, 25),)
    ),
    "a part that is no reference": D(
        "changes.csv", "00002,00003,,", "00002,00003,00002,", (("change.part-shape", 4, 31),), "00001@2025-06-30"
    ),
    "a part of a later day": D(
        "changes.csv", "00002,00003,,", "00002,00003,00002@2020-01-01,", (("change.part-later", 4, 31),)
    ),
    "a part nobody had": D(
        "changes.csv", "00002,00003,,", "00002,00003,00009@2010-01-01,", (("change.part-unknown", 4, 31),)
    ),
    "a part of new land": D(
        "changes.csv",
        "merger,00002,00003,,",
        "takeover,,00003,00002@2010-01-01,",
        (ENDED, ("change.part-new-land", 4, 28)),
    ),
    "unknown quality": D("weights.csv", "0.25,measured", "0.25,guess", (("area.not-listed", 2, 41),), "placeholder"),
    "value and share": D("weights.csv", ",,0.25", ",10,0.25", (("weight.both", 2, 35),)),
    "neither value nor share": D("weights.csv", ",,0.25", ",,", (("weight.neither", 2, 35),)),
    "share over one": D("weights.csv", ",,0.25", ",,25", (("weight.share-range", 2, 36),)),
    "share below nothing": D("weights.csv", ",,0.25", ",,-0.25", (("weight.share-range", 2, 36),)),
    "decimal comma": D("weights.csv", ",,0.25", ',,"0,25"', (("weight.number", 2, 36),), "0.25"),
    "exponent": D("weights.csv", ",,0.25", ",,1e-1", (("weight.number", 2, 36),)),
    "negative amount": D("weights.csv", ",,0.25", ",-3,", (("weight.negative", 2, 35),)),
    "shares over the whole": D("weights.csv", ",,0.75", ",,0.76", (("weight.share-sum", 3, 36),), "1.01"),
    "shares short of the whole": D("weights.csv", ",,0.75", ",,0.65", (("weight.share-short", 3, 36),), "0.90"),
    "a weight without a change": D(
        "weights.csv", "00001,00004,population", "00002,00004,population", (("weight.no-change", 3, 12),)
    ),
    "the same weight twice": D(
        "weights.csv",
        "2020-01-01,00001,00004",
        "2020-01-01,00001,00003,population,,0.25,measured,x\n2020-01-01,00001,00004",
        (("weight.duplicate", 3, 12),),
    ),
    "no basis": D("weights.csv", "00003,population", "00003,", (("area.empty", 2, 24),)),
    "a basis in capitals": D("weights.csv", "00003,population", "00003,Dân số", (("weight.basis-shape", 2, 24),)),
}


def test_undamaged_files_are_read(tmp_path: Path) -> None:
    register = read_register(write(tmp_path, dict(FILES)))
    assert [area.code for area in register.areas] == ["00001", "00002", "00003", "00004", "01"]
    assert register.areas[2].name_vi == "Xã Nam, Bắc"
    assert register.areas[2].line == 5
    assert [change.to_code for change in register.changes] == ["00003", "00004", "00003"]
    assert [str(weight.share) for weight in register.weights] == ["0.25", "0.75"]


def test_spreadsheet_line_ends_are_accepted(tmp_path: Path) -> None:
    plain = read_register(write(tmp_path, dict(FILES)))
    crlf = read_register(write(tmp_path, {name: text.replace("\n", "\r\n") for name, text in FILES.items()}))
    assert (crlf.areas, crlf.changes, crlf.weights) == (plain.areas, plain.changes, plain.weights)


def test_areas_alone_are_a_register(tmp_path: Path) -> None:
    lasting = AREAS.replace(",2020-01-01,\n", ",,\n")  # of an area that ends, changes.csv tells where its land went
    register = read_register(write(tmp_path, {"areas.csv": lasting}))
    assert len(register.areas) == 5
    assert register.changes == register.weights == ()


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_at_its_place(name: str, tmp_path: Path) -> None:
    damage = DAMAGES[name]
    text = FILES[damage.file]
    assert damage.old in text
    damaged = text.replace(damage.old, damage.new) if len(damage.old) == 1 else text.replace(damage.old, damage.new, 1)
    found = findings_of(write(tmp_path, {**FILES, damage.file: damaged}))
    assert tuple((f.rule, f.line, f.column) for f in found) == damage.expect
    first = next((f for f in found if f.rule != "area.ended"), None)
    assert first is None or first.file == str(tmp_path / damage.file)
    assert all(Path(f.file).parent == tmp_path for f in found)
    assert found[0].vi != found[0].en
    assert all(len(f.vi) < 700 and len(f.en) < 700 for f in found)
    assert damage.says in found[0].vi
    assert damage.says in found[0].en


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "csv.empty"),
        (b" \n", "csv.empty"),
        (AREAS.encode("utf-16"), "csv.encoding"),
        (AREAS.encode("cp1258", errors="replace"), "csv.encoding"),
        (AREAS.split("\n")[0].encode(), "area.none"),
    ],
)
def test_whole_file_damage(raw: bytes, rule: str, tmp_path: Path) -> None:
    found = findings_of(write(tmp_path, {"areas.csv": raw}))
    assert [f.rule for f in found] == [rule]


def test_missing_areas_file(tmp_path: Path) -> None:
    assert [f.rule for f in findings_of(tmp_path)] == ["csv.no-file"]


def test_all_problems_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    files = {
        "areas.csv": AREAS.replace("Xã Tây", "").replace("Moi Ward,01", "Moi Ward,77"),
        "changes.csv": CHANGES.replace("merger", "merge"),
        "weights.csv": WEIGHTS.replace("0.75", "0,75").replace("0.25,measured", "0.25,sure"),
    }
    found = findings_of(write(tmp_path, files))
    assert [(Path(f.file).name, f.line) for f in found] == [
        ("areas.csv", 4), ("areas.csv", 6), ("changes.csv", 4), ("weights.csv", 2), ("weights.csv", 3),
    ]  # fmt: skip


def test_a_broken_area_does_not_make_its_changes_look_wrong(tmp_path: Path) -> None:
    files = {**FILES, "areas.csv": AREAS.replace("00002,commune,xa,Xã Tây", "00002,commune,xa,")}
    assert [f.rule for f in findings_of(write(tmp_path, files))] == ["area.empty"]


def test_wrong_codes_in_circulation_are_read_and_checked(tmp_path: Path) -> None:
    assert read_code_variants(tmp_path) == {}
    head = "wrong_code,day,official_code,name_vi,parent,source\n"
    write(tmp_path, {"code_variants.csv": head + "9,2020-01-01,00003,Xã Nam,01,list\n"})
    (variant,) = read_code_variants(tmp_path)["9"]
    assert (variant.official_code, variant.day) == ("00003", date(2020, 1, 1))
    write(tmp_path, {"code_variants.csv": head + "9,2020,00003,Xã Nam,01,list\n"})
    with pytest.raises(DataFault, match="2020"):
        read_code_variants(tmp_path)
