"""What differs between two states of a catalog: which definition, which part of it, and from which periods on.

Files are compared as data, so that a moved line or a comment is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from indicators.yaml_source import read_yaml

TEXT_ONLY = ("name", "definition", "basis", "change", "examples", "why", "message", "symbol", "source")
"""Keys that say what a figure means and cannot change it."""


@dataclass(frozen=True)
class Difference:
    """One part of a definition that differs.

    Attributes:
        file: Path inside the catalog.
        id: The definition's id, or the file's name.
        what: `added`, `removed` or `changed`.
        part: Which part, such as `areas.rule` or `formula`; empty for the whole.
        before: The old value as text.
        after: The new value as text.
        since: Only figures of periods that end on or after this day can differ; empty: of all periods.
        figures: Whether figures can differ, or only texts do.
    """

    file: str
    id: str
    what: Literal["added", "removed", "changed"]
    part: str = ""
    before: str = ""
    after: str = ""
    since: str = ""
    figures: bool = True


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Difference]:
    """Compare two catalogs.

    Args:
        before: Path inside the catalog to the file's content, earlier.
        after: The same, now. Files that are equal may be left out of both.
    """
    found: list[Difference] = []
    for file in sorted({*before, *after}):
        old, new = before.get(file), after.get(file)
        if old != new:
            compare = _compare_yaml if file.endswith(".yaml") else _compare_lines
            found += compare(file, old, new)
    return found


def _compare_yaml(file: str, old: bytes | None, new: bytes | None) -> Iterator[Difference]:
    one, two = _data(old), _data(new)
    name = str(two.get("id") or one.get("id") or file.rpartition("/")[2])
    if old is None or new is None:
        since = _first_day(two if old is None else one)
        yield Difference(file, name, "added" if old is None else "removed", since=since)
        return
    versions, earlier = _versions(two), _versions(one)
    for day in sorted({*versions, *earlier}):
        yield from _compare_version(file, name, day, earlier.get(day), versions.get(day))
    rest = [{key: value for key, value in data.items() if key != "versions"} for data in (one, two)]
    yield from _compare_parts(file, name, "", rest[0], rest[1])


def _compare_version(file: str, name: str, day: str, old: Any, new: Any) -> Iterator[Difference]:
    if old is None or new is None:
        formula = str((new or old).get("formula", ""))
        if old is None:
            yield Difference(file, name, "added", "version", after=formula, since=day)
        else:
            yield Difference(file, name, "removed", "version", before=formula, since=day)
        return
    yield from _compare_parts(file, name, day, old, new)


def _compare_parts(file: str, name: str, since: str, old: Any, new: Any) -> Iterator[Difference]:
    one, two = dict(_flat(old)), dict(_flat(new))
    for part in sorted({*one, *two}):
        if one.get(part) != two.get(part):
            figures = not any(key in TEXT_ONLY for key in part.split("."))
            yield Difference(
                file, name, "changed", part, one.get(part, ""), two.get(part, ""), since if figures else "", figures
            )


def _compare_lines(file: str, old: bytes | None, new: bytes | None) -> Iterator[Difference]:
    """A CSV file: the lines that went and came, by their first cell."""
    name = file.rpartition("/")[2]
    if old is None or new is None:
        yield Difference(file, name, "added" if old is None else "removed")
        return
    one, two = (set(content.decode("utf-8", "replace").splitlines()) for content in (old, new))
    gone = {line.partition(",")[0]: line for line in sorted(one - two)}
    come = {line.partition(",")[0]: line for line in sorted(two - one)}
    for code in sorted({*gone, *come}):
        what: Literal["added", "removed", "changed"] = (
            "added" if code not in gone else "removed" if code not in come else "changed"
        )
        # A code that stays is renamed at most; a row of another file may be anything.
        figures = what != "changed" or not file.startswith("codelists/")
        yield Difference(file, name, what, code, gone.get(code, ""), come.get(code, ""), figures=figures)


def _data(content: bytes | None) -> dict[str, Any]:
    if content is None:
        return {}
    data = read_yaml(content, "")[0].data
    if isinstance(data, list):
        return {str(item["id"]): item for item in data if isinstance(item, dict) and "id" in item}
    return data if isinstance(data, dict) else {}


def _versions(data: Mapping[str, Any]) -> dict[str, Any]:
    versions = data.get("versions")
    listed = versions if isinstance(versions, list) else []
    return {str(version.get("valid_from")): version for version in listed if isinstance(version, dict)}


def _first_day(data: Mapping[str, Any]) -> str:
    return min(_versions(data), default="")


def _flat(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every scalar of a tree with its dotted path."""
    if isinstance(data, (dict, list)):
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in pairs:
            yield from _flat(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, "" if data is None else str(data)
