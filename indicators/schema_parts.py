"""Pieces that the JSON Schemas of the catalog share; `x-vi` and `x-en` say what is expected, for messages."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

ID = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
WORD = r"^[a-z][a-z0-9_]*$"
LEVEL = r"^[A-Za-z][A-Za-z0-9_-]*$"
CODELIST = r"^CL_[A-Z0-9_]+$"
CODE = r"^[A-Za-z0-9_.+-]+$"
STATUSES = ("A", "B", "E", "F", "I", "L", "M", "O", "P", "Q", "S")
"""Statuses of an observation (SDMX CL_OBS_STATUS) that figures here may carry."""
DAY = r"^\d{4}-\d{2}-\d{2}$"


def text(vi: str, en: str, pattern: str = r"\S", **more: object) -> Schema:
    """Text; `vi` and `en` say what it must be."""
    return {"type": "string", "description": f"{vi} / {en}", "pattern": pattern, "x-vi": vi, "x-en": en, **more}


def day(vi: str, en: str) -> Schema:
    """An ISO day, written as text."""
    return text(f"{vi} (năm-tháng-ngày, ví dụ \"2025-07-01\")", f'{en} (year-month-day, such as "2025-07-01")',
                DAY, format="date")  # fmt: skip


def choice(vi: str, en: str, *values: str) -> Schema:
    """One of some words."""
    return {"type": "string", "description": f"{vi} / {en}", "enum": list(values)}


def number(vi: str, en: str, quoted: bool = False, **more: object) -> Schema:
    """A plain decimal number; `quoted`: quotes around it are accepted."""
    return {
        "type": ["number", "string"] if quoted else "number", "description": f"{vi} / {en}",
        **({"pattern": r"^-?(0|[1-9]\d*)(\.\d+)?$"} if quoted else {}), "x-vi": vi, "x-en": en, **more,
    }  # fmt: skip


def integer(vi: str, en: str, lowest: int, highest: int) -> Schema:
    """A whole number in a range."""
    return {
        "type": "integer", "description": f"{vi} / {en}", "minimum": lowest, "maximum": highest, "x-vi": vi, "x-en": en,
    }  # fmt: skip


def mapping(required: list[str], **properties: Schema) -> Schema:
    """A mapping with fixed keys; a trailing underscore keeps Python words usable as keys."""
    named = {name.rstrip("_"): schema for name, schema in properties.items()}
    return {"type": "object", "additionalProperties": False, "required": required, "properties": named}


def keyed(keys: Schema, values: Schema, at_least: int = 0) -> Schema:
    """A mapping with keys that the author chooses."""
    return {"type": "object", "propertyNames": keys, "additionalProperties": values, "minProperties": at_least}


def listed(items: Schema, at_least: int = 1) -> Schema:
    """A list."""
    return {"type": "array", "items": items, "minItems": at_least}


def document(title: str, schema: Schema) -> Schema:
    """A whole schema file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def needs(when: Schema, key: str, vi: str, en: str) -> Schema:
    """A key that is needed exactly when other keys hold: required then, refused otherwise."""
    return {
        "if": {"properties": when, "required": list(when)},
        "then": {"required": [key], "x-vi": vi, "x-en": en},
        "else": {"not": {"required": [key]}, "x-key": key, "x-vi": vi, "x-en": en},
    }


NAME = mapping(
    ["vi", "en"],
    vi=text("chữ tiếng Việt", "text in Vietnamese"),
    en=text("chữ tiếng Anh", "text in English"),
)
BASIS = mapping(
    ["document"],
    document=text("số hiệu văn bản hoặc nguồn", "number of the document, or the source"),
    item=text("điều, mục hoặc mã chỉ tiêu trong văn bản", "article or code in the document"),
    verified={
        "type": "boolean",
        "description": "đã có người đọc nguồn chưa / whether somebody has read the source",
    },
)
DIMENSION_NAME = text("tên phân tổ: chữ thường, số, gạch dưới", "a dimension: lower-case letters, digits, underscores",
                      WORD)  # fmt: skip
CODES = keyed(DIMENSION_NAME, text("một mã của danh mục", "a code of the code list", CODE))


def id_(vi: str, en: str) -> Schema:
    """An id such as `vital.births`."""
    return text(f"{vi}: chữ thường không dấu, số, gạch dưới, chia bằng dấu chấm (ví dụ vital.births)",
                f"{en}: lower-case letters, digits, underscores, in parts by dots (such as vital.births)",
                ID)  # fmt: skip
