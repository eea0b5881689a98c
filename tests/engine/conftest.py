"""The shipped catalog, a small one cut from it, and workspaces to load into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.workspace import Workspace
from indicators.areas import Register
from indicators.catalog import Catalog, load_catalog
from indicators.definitions import DataModel, Item, Name, RowRule

ROOT = Path(__file__).parents[2]
BEFORE, AFTER, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 3, 1)


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    """The catalog of the repository, with the real register."""
    return load_catalog(ROOT / "catalog")


@pytest.fixture(scope="session")
def small(shipped: Catalog) -> Catalog:
    """The real provinces, and the real communes of Hà Nội, with two data sets of births: lenient and strict."""
    areas = tuple(area for area in shipped.register.areas if area.level == "province" or _in_hanoi(shipped, area.code))
    codes = {area.code for area in areas}
    changes = tuple(change for change in shipped.register.changes if change.from_code in codes)
    lenient = _births("births", "keep_good")
    strict = _births("births_strict", "refuse_file")
    models = {"nso_2024": shipped.models["nso_2024"], "births": lenient, "births_strict": strict}
    return replace(shipped, register=Register(areas, changes), models=models)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace."""
    return Workspace.create(tmp_path / "workspace")


@pytest.fixture
def births_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows of births under the right header."""

    def write(*rows: str, name: str = "births.csv") -> Path:
        file = tmp_path / name
        file.write_text("\n".join(["ref_area,time_period,sex,obs_value,obs_status", *rows, ""]), encoding="utf-8")
        return file

    return write


def _births(name: str, when_bad: str) -> DataModel:
    return DataModel(
        id=name,
        name=Name("Số trẻ sinh", "Births"),
        source="",
        area_basis=BEFORE,
        layout="long",
        items={"": Item("vital.births", minimum=None, maximum=None)},
        when_bad="refuse_file" if when_bad == "refuse_file" else "keep_good",
        time_min="2009",
        name_column="name",
        dimension_columns={"sex": "sex"},
        other_columns=("note",),
        rules=(RowRule("not-seven", "obs_value <> 777", Name("số xấu", "an ugly number")),),
    )


def _in_hanoi(catalog: Catalog, code: str) -> bool:
    versions = catalog.register.versions(code)
    for area in versions:
        day = area.valid_from
        above = area
        while above.parent:
            parent = catalog.register.area(above.parent, day)
            if parent is None:
                return False
            above = parent
        if above.code == "01":
            return True
    return False
