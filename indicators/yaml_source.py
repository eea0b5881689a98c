"""Strict YAML: every scalar is text, every node keeps its place, and nothing is decided silently.

PyYAML's own loaders read `010` as 8 and `NO` as False, keep the last of two equal keys and drop all
positions, so only its event stream is used here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from indicators.findings import Finding
from indicators.yaml_faults import syntax_finding, tab_findings, yaml_finding

Path = tuple[str | int, ...]
Kind = Literal["text", "number", "boolean"]

MAX_DEPTH = 30
MAX_CHARACTERS = 2_000_000
_NUMBER = re.compile(r"[-+]?(\.\d[\d_]*|\d[\d_]*(\.[\d_]*)?)([eE][-+]?\d+)?|[-+]?0[xob][0-9a-fA-F_]+")
_KINDS: dict[str, Kind] = {"int": "number", "float": "number", "bool": "boolean"}


class Text(str):
    """A scalar as it stands in the file, with what other YAML readers would take it for.

    Attributes:
        kind: `text` (quoted, a block, plain words, a day), `number`, or `boolean` (plain `NO`, `yes`, `on`).
    """

    kind: Kind

    def __new__(cls, value: str, kind: Kind = "text") -> Text:
        """Text of a kind."""
        made = super().__new__(cls, value)
        made.kind = kind
        return made


@dataclass(frozen=True)
class Place:
    """A place in a text file, from 1."""

    line: int
    column: int


@dataclass
class Document:
    """One YAML file as plain data (dict, list, `Text`, None) with the place of every value and key.

    Attributes:
        file: As the user named it.
        values: Path of a value to where it starts.
        keys: Path of a value to where its key starts.
    """

    file: str
    data: object = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def at(self, path: Path) -> object:
        """The value at a path; None where there is none."""
        found: Any = self.data
        for step in path:
            inside = isinstance(found, dict) and step in found
            inside = inside or (isinstance(found, list) and isinstance(step, int) and step < len(found))
            found = found[step] if inside else None
        return found

    def place(self, path: Path = (), of_key: bool = False) -> Place:
        """Where a value (or its key) stands, or else the nearest thing around it that is in the file."""
        places = self.keys if of_key else self.values
        while path and path not in places:
            path = path[:-1]
        return places.get(path) or self.values.get(path) or Place(1, 1)


def read_yaml(content: bytes | str, file: str) -> tuple[Document, list[Finding]]:
    """Read one YAML file strictly.

    Args:
        content: The file's bytes (UTF-8) or text.
        file: How the user named it, for messages.

    Returns:
        The document and every problem found. After a syntax error `data` is None: nothing behind that
        place can be trusted.
    """
    document = Document(file)
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        line = bytes(error.object).count(b"\n", 0, error.start) + 1
        return document, [yaml_finding("yaml.encoding", file, line, 1)]
    if len(text) > MAX_CHARACTERS:
        return document, [yaml_finding("yaml.too-large", file, 1, 1, size=len(text), limit=MAX_CHARACTERS)]
    reader = _Reader(document)
    try:
        document.data = reader.read(text)
    except yaml.YAMLError as error:
        tabs, syntax = tab_findings(text, file), syntax_finding(error, text, file)
        said = any(tab.line == syntax.line for tab in tabs)
        return Document(file), [*reader.findings, *tabs, *([] if said else [syntax])]
    return document, reader.findings


class _Reader:
    """Turns the events of one file into data, noting places and problems on the way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.events: Iterator[yaml.Event] = iter(())
        self.findings: list[Finding] = []
        self.anchored: dict[str, Text | None] = {}

    def read(self, text: str) -> object:
        self.events = yaml.parse(text, Loader=yaml.SafeLoader)
        roots: list[object] = []
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if roots:
                    self._note("yaml.several-documents", event)
            elif not isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)):
                roots.append(self._value(event, ()))
        if not roots:
            self.findings.append(yaml_finding("yaml.empty", self.document.file, 1, 1))
        return roots[0] if roots else None

    def _value(self, event: yaml.Event, path: Path) -> object:
        self.document.values.setdefault(path, _place(event))
        self._refuse_indirection(event)
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
            if event.anchor:
                self.anchored[event.anchor] = value
            return value
        if isinstance(event, yaml.AliasEvent):
            # What an alias of a scalar stands for, so that the refused alias is the only problem reported.
            return self.anchored.get(str(event.anchor))
        if len(path) >= MAX_DEPTH:
            raise _fault("nested too deeply", event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else None

    def _sequence(self, path: Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event)
            inner = (*path, key)
            if duplicate := key in found:
                self._note("yaml.duplicate-key", event, key=key, first=self.document.keys[inner].line)
            else:
                self.document.keys[inner] = _place(event)
            value = self._value(next(self.events), inner)
            if not duplicate and key != "<<":
                found[key] = value
        return found

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _fault("a list or mapping used as a key", event)
        self._refuse_indirection(event)
        key = self._scalar(event)
        if key == "<<" and event.style is None:
            self._note("yaml.merge-key", event)
        elif key is None or key.kind != "text":
            self._note("yaml.ambiguous-key", event, key=event.value)
        return str(event.value)

    def _scalar(self, event: yaml.ScalarEvent) -> Text | None:
        if not unicodedata.is_normalized("NFC", event.value):
            self._note("yaml.not-nfc", event)
        if event.style is not None:
            return Text(event.value)
        kind = _plain_kind(event.value)
        return None if kind is None else Text(event.value, kind)

    def _refuse_indirection(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._note("yaml.anchor", event)
        if getattr(event, "tag", None):
            self._note("yaml.tag", event)

    def _note(self, rule: str, event: yaml.Event, **facts: object) -> None:
        place = _place(event)
        self.findings.append(yaml_finding(rule, self.document.file, place.line, place.column, **facts))


def _plain_kind(value: str) -> Kind | None:
    """What YAML 1.1 or 1.2 makes of an unquoted scalar; None for nothing (empty, `null`, `~`)."""
    if _NUMBER.fullmatch(value):
        return "number"
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(value[:1], [])
    tag = next((tag for tag, pattern in resolvers if pattern.match(value)), "").rpartition(":")[2]
    return None if tag == "null" or not value else _KINDS.get(tag, "text")


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _fault(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]
