"""Read a report document strictly: JSON without duplicate keys, as `report.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from indicators.findings import DataFault, Finding

Document = Mapping[str, object]
"""A report document, valid against the schema."""

_MOST = 50
"""Findings of one document that are listed; the rest is counted."""


@cache
def validator() -> Draft202012Validator:
    """The validator of report documents, from the schema that is shipped."""
    text = files("submitters").joinpath("templates", "report.schema.json").read_text("utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def read_document(payload: bytes) -> Document:
    """A report document from its bytes.

    Raises:
        DataFault: Not UTF-8, not JSON, a key twice, a number that is none, or not as the schema says: every problem.
    """
    try:
        document = json.loads(payload.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise DataFault(
            Finding(
                "document.not-json",
                "error",
                f"nội dung gửi không phải là JSON hợp lệ (UTF-8, không trùng khoá): {error}",
                f"what was sent is not proper JSON (UTF-8, no key twice): {error}",
            )
        ) from None
    errors = sorted(validator().iter_errors(document), key=lambda error: (error.json_path, error.message))
    if errors:
        found = [_finding(error) for error in errors[:_MOST]]
        raise DataFault([*found, *_rest(len(errors) - _MOST)])
    return dict(document)


def _finding(error: ValidationError) -> Finding:
    place, message = error.json_path, error.message[:300]
    return Finding(
        "document.schema",
        "error",
        f"{place}: không đúng lược đồ báo cáo: {message}",
        f"{place}: not as the report schema says: {message}",
        subject=place,
    )


def _rest(count: int) -> list[Finding]:
    if count <= 0:
        return []
    return [Finding("document.schema", "error", f"và {count} lỗi nữa", f"and {count} more problems")]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError("duplicate key: " + ", ".join(sorted({key for key in keys if keys.count(key) > 1})))
    return made


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")
