"""Loading a catalog: what a workspace may leave out, what it gives, and a hundred errors at once."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.areas import Area, Register, Weight
from indicators.built_in_units import BUILT_IN_UNITS
from indicators.catalog import check_catalog, load_catalog
from indicators.catalog_draft import Draft
from indicators.definitions import AreaRule, Input, Measure, Name
from indicators.findings import DataFault
from indicators.measure_checks import check_weight_bases

GOLDEN = Path(__file__).parent.parent / "golden" / "catalog_faults" / "catalog"
GUIDES = [Path(__file__).parents[2] / "docs" / "thong-ke-vien.md"]
MEASURE = """\
id: {id}
name: {{vi: Dân số, en: Population}}
unit: {unit}
decimals: 0
level: commune
areas: {{rule: sum}}
time: {{rule: stock}}
"""


def write(root: Path, file: str, text: str) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(GOLDEN / "areas", tmp_path / "areas")
    return tmp_path


def test_areas_and_one_measure_are_enough(root: Path) -> None:
    write(root, "measures/population/total.yaml", MEASURE.format(id="population.total", unit="PERSON"))
    catalog = load_catalog(root)
    file = str(root / "measures" / "population" / "total.yaml")
    assert catalog.measures == {
        "population.total": Measure(
            id="population.total", name=Name("Dân số", "Population"), unit="PERSON", decimals=0, level="commune",
            areas=AreaRule("sum"), time="stock", file=file,
        )
    }  # fmt: skip
    assert catalog.units == BUILT_IN_UNITS
    assert catalog.register.levels == ("province", "commune")
    others = (catalog.indicators, catalog.models, catalog.codelists, catalog.calendars, catalog.reports)
    assert not any(others)


@pytest.mark.parametrize("file", ["measures/population/total.yaml", "measures/population/population.total.yaml"])
def test_both_names_of_a_file_are_right(root: Path, file: str) -> None:
    write(root, file, MEASURE.format(id="population.total", unit="PERSON"))
    assert set(load_catalog(root).measures) == {"population.total"}


def test_everything_that_the_sound_catalog_says_is_built() -> None:
    catalog = load_catalog(GOLDEN)
    births = catalog.measures["vital.births"]
    assert (births.dimensions, births.split_weight) == ({"sex": "CL_SEX"}, "population")
    assert catalog.measures["economy.income"].areas.by == "population.mean"
    assert catalog.measures["economy.index"].areas.why is not None
    rate = catalog.indicators["population.crude_birth_rate"]
    assert [version.valid_from for version in rate.versions] == [date(2016, 1, 1), date(2023, 4, 15)]
    assert rate.examples[0].given["births"] == (Decimal(120), Decimal(80))
    assert rate.version_on(date(2015, 12, 31)) is None
    assert rate.version_on(date(2023, 4, 14)) is rate.versions[0]
    assert rate.version_on(date(2023, 4, 15)) is rate.versions[1]
    revenue = catalog.indicators["economy.revenue_final"].versions[0]
    assert revenue.inputs == {"revenue": Input("economy.revenue", {"stage": "FINAL"})}
    model = catalog.models["births"]
    assert (model.layout, model.area_basis, model.name_column) == ("wide", date(2025, 7, 1), "name")
    assert model.items["boys"].maximum == Decimal(5000)
    assert catalog.codelists["CL_SEX"].codes["F"].name == Name("Nữ", "Female")
    assert catalog.calendars["nd09"].periods["A"].from_month == -1
    assert [column.indicator for column in catalog.reports["yearly"].columns][1] == "economy.revenue_final"


def test_many_errors_are_all_reported_two_in_one_file_as_well(root: Path) -> None:
    for number in range(50):
        text = MEASURE.format(id=f"bad.m{number}", unit="PERSONS").replace("sum", "summ")
        write(root, f"measures/bad/m{number}.yaml", text)
        text = MEASURE.format(id=f"odd.m{number}", unit="PERSONS")
        write(root, f"measures/odd/m{number}.yaml", text)
    with pytest.raises(DataFault) as fault:
        load_catalog(root)
    findings = fault.value.findings
    assert len(findings) == 150
    assert len({(each.file, each.rule) for each in findings}) == 150
    assert fault.value.exit_code == 1


def test_a_hundred_errors_in_one_file_are_all_reported(root: Path) -> None:
    extra = "".join(f"stray_{number}: 1\n" for number in range(100))
    write(root, "measures/population/total.yaml", MEASURE.format(id="population.total", unit="PERSON") + extra)
    assert [each.line for each in check_catalog(root)] == list(range(8, 108))


def test_only_the_problems_of_the_given_paths(root: Path) -> None:
    write(root, "measures/a/one.yaml", MEASURE.format(id="a.one", unit="X"))
    write(root, "measures/b/two.yaml", MEASURE.format(id="b.two", unit="X"))
    assert len(check_catalog(root)) == 2
    assert len(check_catalog(root, [root / "measures" / "a"])) == 1
    assert len(check_catalog(root, [root / "measures" / "b" / "two.yaml"])) == 1
    assert check_catalog(root, [root / "areas"]) == []


def test_no_catalog_at_all(tmp_path: Path) -> None:
    with pytest.raises(DataFault, match="there is no such folder"):
        load_catalog(tmp_path / "catalog")


def test_a_misspelt_folder_is_a_warning_and_does_not_stop_the_work(root: Path) -> None:
    (root / "indicator").mkdir()
    found = check_catalog(root)
    assert [(each.rule, each.severity) for each in found] == [("file.unknown-folder", "warning")]
    assert "did you mean 'indicators'" in found[0].en
    assert load_catalog(root).indicators == {}


def test_a_basis_of_weights_that_nothing_defines() -> None:
    day = date(2025, 7, 1)
    register = Register(
        (Area("01", "province", "tinh", "Một", "One", "", day, None),),
        weights=(
            Weight(day, "1", "2", "population", None, Decimal(1), "law", line=2),
            Weight(day, "1", "2", "vital.births", None, Decimal(1), "law", line=3),
            Weight(day, "1", "2", "vital.births", None, Decimal(1), "law", line=4),
        ),
    )
    draft = Draft(register=register)
    check_weight_bases(draft, "areas/weights.csv")
    assert [(each.place, each.rule) for each in draft.findings] == [
        ("areas/weights.csv:3:1", "reference.unknown-weight")
    ]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_the_guide_shows_loads(guide: Path, root: Path) -> None:
    shutil.copytree(GOLDEN / "codelists", root / "codelists")
    write(root, "measures/population/mean.yaml", MEASURE.format(id="population.mean", unit="PERSON"))
    shown = re.findall(r"`catalog/(\S+\.yaml)`:\n\n```yaml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) == 2
    for file, text in shown:
        write(root, file, text)
    assert [finding.text("en") for finding in check_catalog(root)] == []
