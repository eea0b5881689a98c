"""What comes with the program: the catalog and the real figures of the reorganisation of 1 July 2025."""

from __future__ import annotations

import shutil
from pathlib import Path

_HOME = Path(__file__).parent.parent
CATALOG = _HOME / "catalog"
FIGURES = _HOME / "figures"

FIGURE_FILES: dict[str, str] = {
    "population_2020": "population_2020.csv",
    "nso_2024": "nso_2024.csv",
    "census_2019": "census_2019.csv",
    "budget": "budget.csv",
    "covid_2021": "covid_2021.csv",
    "pci": "pci.csv",
    "papi": "papi.csv",
}
"""Data set to its file, in the order in which they are loaded."""


def copy_catalog(workspace: Path) -> bool:
    """Give a workspace its own catalog to edit, unless it has one.

    Returns:
        Whether it was copied.
    """
    target = workspace / "catalog"
    if target.exists():
        return False
    shutil.copytree(CATALOG, target, ignore=shutil.ignore_patterns("__pycache__"))
    return True


def copy_figures(workspace: Path) -> Path:
    """Put the real figures into a workspace's `figures` folder; files that are there are left alone."""
    target = workspace / "figures"
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(FIGURES.iterdir()):
        if not (target / file.name).exists():
            shutil.copy2(file, target / file.name)
    return target
