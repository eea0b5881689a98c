"""A JSON Schema validator that reads scalars as the text of the file, so that `010` is never 8.

The schemas stay plain JSON Schema for editors; only what counts as text, number or boolean, and how errors name the
key at fault, is our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from indicators.schema_parts import Schema
from indicators.yaml_source import Text

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]
_INTEGER = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def validator_of(schema: Schema) -> Draft202012Validator:
    """A validator of documents read by `indicators.yaml_source`.

    Errors of `required`, `additionalProperties` and `propertyNames` come one for each key, with the key as message.
    """
    return cast(Draft202012Validator, _VALIDATOR(schema, format_checker=FormatChecker(["date"])))


def _is_text(_checker: object, value: object) -> bool:
    return value.kind == "text" if isinstance(value, Text) else isinstance(value, str)


def _is_number(_checker: object, value: object) -> bool:
    return isinstance(value, Text) and value.kind == "number" and bool(_DECIMAL.fullmatch(value))


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, Text) and value.kind == "number" and bool(_INTEGER.fullmatch(value))


def _is_boolean(_checker: object, value: object) -> bool:
    return isinstance(value, Text) and value.kind == "boolean" and value in ("true", "false")


def _required(validator: Any, names: list[str], value: object, _schema: object) -> Iterator[ValidationError]:
    if validator.is_type(value, "object") and isinstance(value, dict):
        yield from (ValidationError(name) for name in names if name not in value)


def _no_others(validator: Any, allowed: Any, value: object, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    for name in (name for name in value if name not in known):
        if allowed is False:
            yield ValidationError(name)
        else:
            yield from validator.descend(value[name], allowed, path=name)


def _property_names(validator: Any, names: Any, value: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        yield from (ValidationError(name) for name in value if not validator.evolve(schema=names).is_valid(name))


def _const(validator: Any, due: object, value: object, _schema: object) -> Iterator[ValidationError]:
    found = value == "true" if validator.is_type(value, "boolean") else value
    if found != due:
        yield ValidationError("const")


def _limit(broken: Callable[[Decimal, Decimal], bool]) -> Keyword:
    def check(validator: Any, limit: Any, value: Any, _schema: object) -> Iterator[ValidationError]:
        if validator.is_type(value, "number") and broken(Decimal(value), Decimal(str(limit))):
            yield ValidationError("limit")

    return check


_VALIDATOR: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "required": _required,
        "additionalProperties": _no_others,
        "propertyNames": _property_names,
        "const": _const,
        "minimum": _limit(lambda value, limit: value < limit),
        "maximum": _limit(lambda value, limit: value > limit),
        "exclusiveMinimum": _limit(lambda value, limit: value <= limit),
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"string": _is_text, "number": _is_number, "integer": _is_integer, "boolean": _is_boolean}
    ),
)
