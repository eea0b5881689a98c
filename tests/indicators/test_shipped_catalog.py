"""The catalog that ships: it loads, its examples pass, and it does not claim what nobody read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from indicators.built_in_units import BUILT_IN_UNITS
from indicators.catalog import Catalog, check_catalog, load_catalog
from indicators.catalog_files import FOLDERS
from indicators.examples import check_examples
from indicators.schema import schema_text
from indicators.schema_documents import SCHEMAS

ROOT = Path(__file__).parents[2] / "catalog"
MEASURES = {
    "population.census", "population.mean", "land.area", "economy.grdp_per_head", "budget.revenue",
    "budget.expenditure", "budget.balancing_transfer", "budget.targeted_transfer", "governance.pci", "governance.papi",
    "health.covid_cases", "vital.births",
}  # fmt: skip
INDICATORS = {
    "population.total_mean", "population.density", "population.urban_share", "population.census_total",
    "population.growth", "population.crude_birth_rate", "land.total_area", "economy.grdp_per_head", "economy.grdp",
    "budget.revenue_final", "budget.expenditure_final", "budget.revenue_execution", "budget.expenditure_execution",
    "budget.revenue_growth", "budget.balance", "governance.pci", "governance.papi", "health.covid_cases",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(ROOT)


def test_it_has_no_finding_at_all() -> None:
    assert [finding.text("en") for finding in check_catalog(ROOT)] == []


def test_what_it_defines(catalog: Catalog) -> None:
    assert set(catalog.measures) >= MEASURES
    assert set(catalog.indicators) >= INDICATORS


def test_every_file_was_read(catalog: Catalog) -> None:
    for kind, folder in FOLDERS.items():
        files = list((ROOT / folder).rglob("*.yaml"))
        assert files
        assert len(files) == len(getattr(catalog, f"{kind}s"))


def test_every_indicator_has_a_definition_and_examples_that_pass(catalog: Catalog) -> None:
    for indicator in catalog.indicators.values():
        assert indicator.definition
        assert indicator.examples
        assert check_examples(indicator, catalog.measures) == []


def test_every_indicator_with_several_areas_in_an_example_shows_the_merger(catalog: Catalog) -> None:
    for indicator in catalog.indicators.values():
        widest = max(len(values) for example in indicator.examples for values in example.given.values())
        assert widest > 1, indicator.id


def test_an_index_is_refused_with_a_reason_that_says_what_to_collect(catalog: Catalog) -> None:
    for name in ("governance.pci", "governance.papi"):
        why = catalog.measures[name].areas.why
        assert why is not None
        assert "Cần thu thập" in why.vi
        assert "Collect" in why.en


def test_no_code_inferred_from_the_order_of_a_list_is_called_verified(catalog: Catalog) -> None:
    codes = [
        basis
        for indicator in catalog.indicators.values()
        for version in indicator.versions
        for basis in version.basis
        if re.fullmatch(r"[THX]\d{4}", basis.item)
    ]
    assert codes
    assert not any(basis.verified for basis in codes)


def test_the_break_of_2025_is_told(catalog: Catalog) -> None:
    share = catalog.indicators["population.urban_share"]
    assert share.definition is not None
    assert "01/7/2025" in share.definition.vi
    assert share.versions[-1].valid_from.isoformat() == "2025-07-01"
    assert share.versions[-1].change


def test_the_units_that_ship_are_those_built_in(catalog: Catalog) -> None:
    assert dict(catalog.units) == dict(BUILT_IN_UNITS)


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_schemas_are_valid_and_not_stale(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    kept = (ROOT / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert kept == schema_text(SCHEMAS[kind]), "run: chitieu catalog schema"
    assert json.loads(kept)["$schema"].endswith("2020-12/schema")


def test_definitions_point_editors_to_their_schema() -> None:
    for folder in ("measures", "indicators"):
        for path in (ROOT / folder).rglob("*.yaml"):
            first = path.read_text(encoding="utf-8").split("\n")[0]
            target = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
            assert target, path
            assert (path.parent / target[1]).resolve().is_file(), path
