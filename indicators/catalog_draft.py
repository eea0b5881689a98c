"""The catalog while it is being read: every document, what it built, and every problem so far."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar

from indicators.areas import Register
from indicators.catalog_texts import CATALOG_TEXTS, THINGS
from indicators.definitions import Calendar, Codelist, DataModel, Indicator, Measure, Report, Unit
from indicators.findings import Finding, Severity
from indicators.suggestions import guess
from indicators.yaml_source import Document, Path, Place

Built = TypeVar("Built")
STANDARD_WEIGHTS = ("population", "area", "households")
"""Bases of `weights.csv` that need no measure."""


@dataclass(frozen=True)
class Entry(Generic[Built]):
    """One definition: its document, and what it built (None if its shape is wrong)."""

    document: Document
    built: Built | None


@dataclass
class Draft:
    """All definitions by id, and the problems found so far.

    Definitions that could not be built are kept, so that a reference to one is not called unknown as well. `bad_units`
    are those of `units` whose dimension cannot be read.
    """

    measures: dict[str, Entry[Measure]] = field(default_factory=dict)
    indicators: dict[str, Entry[Indicator]] = field(default_factory=dict)
    models: dict[str, Entry[DataModel]] = field(default_factory=dict)
    calendars: dict[str, Entry[Calendar]] = field(default_factory=dict)
    reports: dict[str, Entry[Report]] = field(default_factory=dict)
    codelists: dict[str, Codelist | None] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    bad_units: set[str] = field(default_factory=set)
    register: Register | None = None
    findings: list[Finding] = field(default_factory=list)

    def entries(self, kind: str) -> dict[str, Entry[Any]]:
        """The definitions of a kind by id."""
        found: dict[str, Entry[Any]] = getattr(self, f"{kind}s")
        return found

    def built(self, kind: str) -> Iterator[tuple[Any, Document]]:
        """What was built of a kind, with its document."""
        for entry in self.entries(kind).values():
            if entry.built is not None:
                yield entry.built, entry.document

    def unbuilt(self, kind: str) -> Iterator[Document]:
        """The documents of a kind whose shape is wrong: what they refer to is checked all the same."""
        for entry in self.entries(kind).values():
            if entry.built is None:
                yield entry.document

    def refers(self, document: Document, path: Path, thing: str, choice: Collection[str]) -> None:
        """Check the name that stands at a path of an unbuilt document, if one does and nothing was said of it yet."""
        name, place = document.at(path), document.place(path)
        said = any((f.file, f.line, f.column) == (document.file, place.line, place.column) for f in self.findings)
        if isinstance(name, str) and not said:
            self.known(document, path, thing, name, choice)

    def measure(self, name: str) -> Measure | None:
        """A measure that could be built."""
        entry = self.measures.get(name)
        return entry.built if entry else None

    def depth(self, level: str) -> int | None:
        """How far down a level is (0 the highest), or None if the register does not use it."""
        levels = self.register.levels if self.register else ()
        return levels.index(level) if level in levels else None

    def weights(self) -> set[str]:
        """Every basis by which a cut piece may be estimated."""
        listed = {weight.basis for weight in self.register.weights} if self.register else set()
        return {*STANDARD_WEIGHTS, *self.measures, *listed}

    def is_area(self, code: str, day: date) -> bool:
        """Whether a code means an area on a day; true where there is no register to ask."""
        return self.register is None or self.register.area(code, day) is not None

    def fault(self, document: Document, path: Path, rule: str, /, **facts: object) -> None:
        """Add an error at the value at a path of a document."""
        self._add(document, document.place(path), rule, facts)

    def key_fault(self, document: Document, path: Path, rule: str, /, **facts: object) -> None:
        """Add an error at the key of a path of a document."""
        self._add(document, document.place(path, of_key=True), rule, facts)

    def _add(self, document: Document, place: Place, rule: str, facts: Mapping[str, object]) -> None:
        vi, en = (text.format(**facts) for text in CATALOG_TEXTS[rule])
        self.findings.append(Finding(rule, "error", vi, en, document.file, place.line, place.column))

    def file_fault(
        self, file: str, rule: str, line: int | None = None, severity: Severity = "error", **facts: object
    ) -> None:
        """Add a problem of a whole file."""
        vi, en = (text.format(**facts) for text in CATALOG_TEXTS[rule])
        self.findings.append(Finding(rule, severity, vi, en, file, line, 1 if line else None))

    def known(
        self,
        document: Document,
        path: Path,
        thing: str,
        name: str,
        choice: Collection[str],
        within: str = "",
        of_key: bool = False,
    ) -> bool:
        """Whether a name is one of a choice; if not, an error that says what was meant."""  # fmt: skip
        if name in choice:
            return True
        thing_vi, thing_en = THINGS[thing]
        guess_vi, guess_en = guess(name, choice)
        fault = self.key_fault if of_key else self.fault
        fault(
            document, path, "reference.unknown", name=name,
            thing_vi=thing_vi, thing_en=thing_en, guess_vi=guess_vi, guess_en=guess_en,
            where_vi=f" trong {within}" if within else "", where_en=f" in {within}" if within else "",
        )  # fmt: skip
        self.findings[-1] = replace(self.findings[-1], rule=f"reference.unknown-{thing}")
        return False

    def codes_known(self, document: Document, path: Path, measure: Measure, codes: Mapping[str, str]) -> None:
        """Check a selection of codes (dimension to code) against a measure's dimensions and their code lists."""
        for dimension, code in codes.items():
            here = (*path, dimension)
            if self.known(document, here, "dimension", dimension, measure.dimensions, measure.id, of_key=True):
                codelist = self.codelists.get(measure.dimensions[dimension])
                if codelist is not None:
                    self.known(document, here, "code", code, codelist.codes, codelist.id)
