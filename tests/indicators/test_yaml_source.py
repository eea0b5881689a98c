"""Strict YAML: what stands in the file is what is read, and every problem has its place."""

from __future__ import annotations

import pytest

from indicators.yaml_source import Place, Text, read_yaml


def rules(content: bytes | str) -> list[str]:
    return [f"{each.line}:{each.column} {each.rule}" for each in read_yaml(content, "a.yaml")[1]]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("010", "number"), ("08", "number"), ("12.50", "number"), ("1e3", "number"), ("1_000", "number"),
        ("0x1F", "number"), ("12:30", "number"), (".5", "number"), ("-3", "number"), (".inf", "number"),
        ("NO", "boolean"), ("yes", "boolean"), ("on", "boolean"), ("True", "boolean"),
        ("2025-07-01", "text"), ("T0105", "text"), ("9M", "text"), ("sum", "text"), ("QĐ 05/2023/QĐ-TTg", "text"),
        ('"010"', "text"), ("'NO'", "text"),
    ],
)  # fmt: skip
def test_a_scalar_is_its_text(written: str, kind: str) -> None:
    document, findings = read_yaml(f"a: {written}\n", "a.yaml")
    assert isinstance(document.data, dict)
    value = document.data["a"]
    assert findings == []
    assert isinstance(value, Text)
    assert value == written.strip("\"'")
    assert value.kind == kind


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_nothing_is_nothing(written: str) -> None:
    assert read_yaml(f"a: {written}\n", "a.yaml")[0].data == {"a": None}


def test_the_empty_key_in_quotes_is_a_key() -> None:
    assert read_yaml('"": {measure: a}\n', "a.yaml")[0].data == {"": {"measure": "a"}}


def test_places_of_values_and_keys() -> None:
    document, _ = read_yaml("id: x\nname: {vi: Số, en: Number}\nlevels:\n  - province\n  - commune\n", "a.yaml")
    assert document.place(("name", "en")) == Place(2, 20)
    assert document.place(("name", "en"), of_key=True) == Place(2, 16)
    assert document.place(("levels", 1)) == Place(5, 5)
    assert document.place(("levels", 7, "x")) == Place(4, 3), "the nearest thing around it"
    assert document.place(("nothing",)) == Place(1, 1)


def test_columns_count_characters_not_bytes() -> None:
    assert rules("a: {vi: Đắk Lắk, vi: Đắk Nông}\n") == ["1:18 yaml.duplicate-key"]


def test_a_byte_order_mark_and_crlf_do_no_harm() -> None:
    document, findings = read_yaml(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "a.yaml")
    assert (document.data, findings) == ({"a": "1", "b": "2"}, [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a: 1\nb: \xe0\xff\n", ["2:1 yaml.encoding"]),
        ("a: 1\n".encode("utf-16"), ["1:1 yaml.encoding"]),
        (b"", ["1:1 yaml.empty"]),
        (b"# only a comment\n", ["1:1 yaml.empty"]),
        (b"a: 1\nb: \x01\n", ["2:4 yaml.syntax"]),
        (b"a: 1\n? [x]\n: 2\n", ["2:3 yaml.syntax"]),
        (b"a: &x 1\nb: *x\n", ["1:4 yaml.anchor", "2:4 yaml.anchor"]),
        (b"a: !!python/object/apply:os.system [ls]\n", ["1:4 yaml.tag"]),
        (b"a: 1\na: 2\na: 3\n", ["2:1 yaml.duplicate-key", "3:1 yaml.duplicate-key"]),
        (b"no: 1\n010: 2\n~: 3\n", ["1:1 yaml.ambiguous-key", "2:1 yaml.ambiguous-key", "3:1 yaml.ambiguous-key"]),
        (b"[" * 200, ["1:31 yaml.syntax"]),
        (b"a: " + b"x" * 2_000_001, ["1:1 yaml.too-large"]),
    ],
)
def test_what_is_refused(content: bytes, expected: list[str]) -> None:
    assert rules(content) == expected


def test_nested_aliases_cost_nothing() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi"))  # noqa: B905
    assert len(rules(bomb)) == 9 + 4 * 8


def test_every_duplicate_of_a_file_is_reported() -> None:
    content = "".join(f"key_{n}: 1\n" for n in range(100)) * 2
    assert len(rules(content)) == 100
