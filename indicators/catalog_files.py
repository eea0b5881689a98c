"""Reads every file of a catalog folder into a draft: all files, whatever is wrong with some of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from indicators.area_files import read_register
from indicators.built_in_units import BUILT_IN_UNITS
from indicators.catalog_draft import Draft, Entry
from indicators.codelist_files import read_codelist
from indicators.definition_builder import BUILDERS, build_unit
from indicators.definitions import Unit
from indicators.findings import DataFault
from indicators.schema import check_shape
from indicators.schema_parts import ID
from indicators.suggestions import guess
from indicators.unit_dimensions import dimension_of
from indicators.yaml_source import Document, read_yaml

FOLDERS: Mapping[str, str] = {
    "measure": "measures",
    "indicator": "indicators",
    "model": "models",
    "calendar": "calendars",
    "report": "reports",
}
"""Kind of definition to its folder."""
OTHER_FOLDERS = ("areas", "codelists", "rules", "corrections", "schema")
UNITS_FILE = "units.yaml"


def read_catalog_files(root: Path) -> Draft:
    """Read the folder `catalog/` of a workspace; every problem of a single file goes to the draft's findings."""
    draft = Draft()
    if not root.is_dir():
        draft.file_fault(str(root), "file.no-catalog")
        return draft
    _check_folders(root, draft)
    try:
        draft.register = read_register(root / "areas")
    except DataFault as error:
        draft.findings += error.findings
    for path in sorted((root / "codelists").glob("*.csv")):
        draft.codelists[path.stem], findings = read_codelist(path)
        draft.findings += findings
    _read_units(root / UNITS_FILE, draft)
    for kind, folder in FOLDERS.items():
        for path in sorted(path for path in (root / folder).rglob("*.yaml") if path.is_file()):
            _read_definition(root, path, kind, draft)
    return draft


def _check_folders(root: Path, draft: Draft) -> None:
    known = {*FOLDERS.values(), *OTHER_FOLDERS}
    for path in sorted(root.iterdir()):
        if path.is_dir() and path.name not in known and path.name[0] not in "._":
            vi, en = guess(path.name, known)
            draft.file_fault(str(path), "file.unknown-folder", severity="warning", guess_vi=vi, guess_en=en)
    for path in sorted(root.rglob("*.yml")):
        draft.file_fault(str(path), "file.extension")


def _read_document(path: Path, kind: str, draft: Draft) -> tuple[Document, bool]:
    """A document, and whether its shape is right."""
    document, findings = read_yaml(path.read_bytes(), str(path))
    if document.data is not None or not findings:
        findings = [*findings, *check_shape(kind, document)]
    draft.findings += findings
    return document, not findings


def _read_units(path: Path, draft: Draft) -> None:
    draft.units = BUILT_IN_UNITS
    if not path.is_file():
        return
    document, sound = _read_document(path, "units", draft)
    if not (sound and isinstance(document.data, list)):
        return
    found: dict[str, Unit] = {}
    for number, data in enumerate(document.data):
        unit = build_unit(data)
        if unit.id in found:
            first = f"{document.file}:{document.place((list(found).index(unit.id),)).line}"
            draft.fault(document, (number, "id"), "file.duplicate-id", id=unit.id, first=first)
        try:
            dimension_of(unit.dimension)
        except ValueError:
            draft.fault(document, (number, "dimension"), "unit.dimension", dimension=unit.dimension)
            draft.bad_units.add(unit.id)
        found.setdefault(unit.id, unit)
    draft.units = found


def _read_definition(root: Path, path: Path, kind: str, draft: Draft) -> None:
    document, sound = _read_document(path, kind, draft)
    name = document.data.get("id") if isinstance(document.data, dict) else None
    # A file without a good id still stands for the id that its name promises, so that others may refer to it.
    is_good = isinstance(name, str) and re.match(ID, name)
    known_as = str(name) if is_good else _promised_id(path, root / FOLDERS[kind], kind)
    entries = draft.entries(kind)
    if known_as in entries:
        first = entries[known_as].document
        place = f"{first.file}:{first.place(('id',)).line}"
        draft.fault(document, ("id",), "file.duplicate-id", id=known_as, first=place)
        return
    if sound:
        _check_place(path.relative_to(root).as_posix(), kind, known_as, document, draft)
    data = document.data if sound and isinstance(document.data, dict) else None
    entries[known_as] = Entry(document, None if data is None else BUILDERS[kind](data, document.file))


def _promised_id(path: Path, folder: Path, kind: str) -> str:
    if kind not in ("measure", "indicator") or path.parent == folder or path.stem.startswith(f"{path.parent.name}."):
        return path.stem
    return f"{path.parent.name}.{path.stem}"


def _check_place(relative: str, kind: str, name: str, document: Document, draft: Draft) -> None:
    folder, (domain, _, rest) = FOLDERS[kind], name.partition(".")
    if kind in ("measure", "indicator"):
        parts = relative.split("/")
        due = f"{folder}/{domain}/{rest or name}.yaml"
        right = parts[-1] in (f"{name}.yaml", f"{rest}.yaml") and (not rest or parts[1:-1] == [domain])
    else:
        due = f"{folder}/{name}.yaml"
        right = relative == due
    if not right:
        draft.fault(document, ("id",), "file.place", id=name, due=due)
