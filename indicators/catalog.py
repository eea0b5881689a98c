"""The catalog of a workspace: loaded strictly, with every problem of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indicators.areas import Register
from indicators.catalog_draft import Draft
from indicators.catalog_files import read_catalog_files
from indicators.definitions import Calendar, Codelist, DataModel, Indicator, Measure, Report, Unit
from indicators.findings import DataFault, Finding
from indicators.indicator_checks import check_indicators
from indicators.measure_checks import check_measures, check_weight_bases
from indicators.model_checks import check_models
from indicators.report_checks import check_calendars, check_reports


@dataclass(frozen=True)
class Catalog:
    """Everything that the folder `catalog/` defines, by id; every reference in it is known to be good."""

    root: Path
    register: Register
    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]
    codelists: Mapping[str, Codelist]
    models: Mapping[str, DataModel]
    units: Mapping[str, Unit]
    calendars: Mapping[str, Calendar]
    reports: Mapping[str, Report]


def load_catalog(root: Path) -> Catalog:
    """Load the catalog of a workspace.

    Only `areas/` is needed; other folders may be missing, and without `units.yaml` the built-in units hold.

    Args:
        root: The folder `catalog/` itself.

    Raises:
        DataFault: Something is wrong; its findings are all the errors of all files, with file, line and column.
    """
    draft = checked_draft(root)
    errors = [finding for finding in draft.findings if finding.severity == "error"]
    if errors or draft.register is None:
        raise DataFault(errors)
    return Catalog(
        root=root,
        register=draft.register,
        measures=_built(draft, "measure"),
        indicators=_built(draft, "indicator"),
        codelists={name: codelist for name, codelist in draft.codelists.items() if codelist is not None},
        models=_built(draft, "model"),
        units=draft.units,
        calendars=_built(draft, "calendar"),
        reports=_built(draft, "report"),
    )


def check_catalog(root: Path, paths: Iterable[Path] = ()) -> list[Finding]:
    """Every problem of a catalog, in the order of files and lines.

    Args:
        root: The folder `catalog/` itself.
        paths: Only problems of these files and folders; empty: of all. References into other files are checked all the
            same.
    """
    return findings_within(checked_draft(root).findings, paths)


def findings_within(findings: Iterable[Finding], paths: Iterable[Path]) -> list[Finding]:
    """The findings of some files and folders; of all where none is given."""
    chosen = [path.resolve() for path in paths]
    return [finding for finding in findings if not chosen or _is_under(finding.file, chosen)]


def checked_draft(root: Path) -> Draft:
    """The draft of a catalog with all its problems, sorted by file, line and column."""
    draft = read_catalog_files(root)
    check_measures(draft)
    check_weight_bases(draft, str(root / "areas" / "weights.csv"))
    check_indicators(draft)
    check_models(draft)
    check_calendars(draft)
    check_reports(draft)
    draft.findings.sort(key=lambda finding: (finding.file, finding.line or 0, finding.column or 0))
    return draft


def _built(draft: Draft, kind: str) -> dict[str, Any]:
    return {value.id: value for value, _document in sorted(draft.built(kind), key=lambda pair: str(pair[0].id))}


def _is_under(file: str, chosen: list[Path]) -> bool:
    path = Path(file).resolve()
    return any(path == one or one in path.parents for one in chosen)
