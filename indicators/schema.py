"""Checks the shape of a definition against its JSON Schema: all errors at once, each at its place."""

from __future__ import annotations

import json
from pathlib import Path as FilePath
from typing import Any, cast

from jsonschema.exceptions import ValidationError

from indicators.findings import Finding
from indicators.schema_documents import SCHEMAS
from indicators.schema_parts import Schema
from indicators.schema_validator import validator_of
from indicators.shape_texts import KINDS, SHAPE_TEXTS
from indicators.suggestions import guess
from indicators.yaml_source import Document, Path, Text

Facts = dict[str, Any]
_KEYED = ("required", "additionalProperties", "propertyNames")
"""Keywords whose errors carry the key at fault as their message."""


def check_shape(kind: str, document: Document) -> list[Finding]:
    """Check a document against the schema of its kind (`measure`, `indicator`, ...).

    Returns:
        Every error at its place, in the order of the file; one error for each value.
    """
    found: dict[tuple[Path, str], Finding] = {}
    for error in validator_of(SCHEMAS[kind]).iter_errors(document.data):
        path: Path = tuple(error.absolute_path)
        key = error.message if error.validator in _KEYED else ""
        earlier = found.get((path, key))
        if earlier is None or error.validator == "type":
            found[path, key] = _finding(error, path, document)
    return sorted(found.values(), key=lambda finding: (finding.line or 0, finding.column or 0))


def write_schemas(directory: FilePath) -> list[FilePath]:
    """Write every schema as JSON, for editors that complete and check while typing; the files' paths."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, schema in SCHEMAS.items():
        path = directory / f"{kind}.json"
        path.write_text(schema_text(schema), encoding="utf-8", newline="\n")
        written.append(path)
    return written


def schema_text(schema: Schema) -> str:
    """A schema as the bytes that are kept in `catalog/schema/`."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _finding(error: ValidationError, path: Path, document: Document) -> Finding:
    rule, facts = _explain(error)
    if error.validator in ("additionalProperties", "propertyNames"):
        place = document.place((*path, error.message), of_key=True)
    elif error.validator == "not":
        place = document.place((*path, _schema(error)["x-key"]), of_key=True)
    else:
        place = document.place(path, of_key=error.instance is None and bool(path))
    vi, en = (text.format(**facts) for text in SHAPE_TEXTS[rule])
    return Finding(rule, "error", vi, en, document.file, place.line, place.column)


def _explain(error: ValidationError) -> tuple[str, Facts]:
    """The rule that a JSON Schema error breaks, and the facts for its texts."""
    schema, value = _schema(error), error.instance
    what = _expected(schema)
    if error.validator == "type":
        return _explain_type(error, what)
    if error.validator == "required":
        reason = _aside(_expected(schema if "then" in error.absolute_schema_path else {}))
        why = {"why_vi": reason["what_vi"], "why_en": reason["what_en"]}
        return "shape.missing-key", {"key": error.message, **why}
    if error.validator == "additionalProperties":
        if isinstance(value, dict) and value[error.message] is None:
            return "shape.comma", {"key": error.message}
        vi, en = guess(error.message, schema["properties"])
        return "shape.unknown-key", {"key": error.message, "guess_vi": vi, "guess_en": en}
    if error.validator == "propertyNames":
        return "shape.key-form", {"key": error.message, **_expected(schema["propertyNames"])}
    if error.validator == "enum":
        vi, en = guess(str(value), schema["enum"])
        return "shape.choice", {"value": value, "guess_vi": vi, "guess_en": en}
    if error.validator == "not":
        return "shape.needless-key", {"key": schema["x-key"], "vi": schema["x-vi"], "en": schema["x-en"]}
    return _explain_size(error, what)


def _explain_size(error: ValidationError, what: Facts) -> tuple[str, Facts]:
    if error.validator in ("minItems", "minProperties"):
        return "shape.too-few", {"due": error.validator_value}
    if error.validator == "maxProperties":
        return "shape.too-many", {}
    if error.validator == "const":
        return "shape.split-refuse", {}
    if error.validator in ("minimum", "maximum", "exclusiveMinimum"):
        signs = {"minimum": "≥", "maximum": "≤", "exclusiveMinimum": ">"}
        limit = f"{signs[str(error.validator)]} {error.validator_value}"
        return "shape.range", {"value": error.instance, "limit": limit, **_aside(what)}
    return "shape.form", {"value": error.instance, **what}


def _explain_type(error: ValidationError, what: Facts) -> tuple[str, Facts]:
    value, due = error.instance, error.validator_value
    kinds: list[str] = [str(kind) for kind in due] if isinstance(due, list) else [str(due)]
    if value is None:
        return "shape.empty", _aside(what)
    if isinstance(value, Text):
        facts = {"value": value, **_aside(what)}
        if "string" in kinds:
            return ("shape.boolean-not-text" if value.kind == "boolean" else "shape.number-not-text"), facts
        for kind, rule in (("integer", "not-whole"), ("number", "text-not-number"), ("boolean", "not-boolean")):
            if kind in kinds:
                return f"shape.{rule}", facts
    found = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "string"
    due_vi, due_en = KINDS[kinds[-1]]
    return "shape.type", {
        "due_vi": due_vi, "due_en": due_en, "found_vi": KINDS[found][0], "found_en": KINDS[found][1],
    }  # fmt: skip


def _aside(what: Facts) -> Facts:
    return {key: f" ({text})" if text else "" for key, text in what.items()}


def _expected(schema: Schema) -> Facts:
    return {"what_vi": schema.get("x-vi", ""), "what_en": schema.get("x-en", "")}


def _schema(error: ValidationError) -> Schema:
    return cast(Schema, error.schema)
