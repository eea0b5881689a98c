"""The words that a formula may be made of, and how a formula is refused.

An allow-list: what is not on it is refused with its place in the text, whatever SQL would make of it.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import NoReturn

from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from indicators.findings import DataFault, Finding

ALLOWED_FUNCTIONS = ("ABS", "COALESCE", "GREATEST", "LEAST", "NULLIF", "POWER", "ROUND")
ALLOWED_EN = (
    "allowed are input names, numbers, + - * /, parentheses, comparisons, BETWEEN, AND, OR, NOT, IS NULL, "
    "CASE WHEN and " + ", ".join(ALLOWED_FUNCTIONS)
)
ALLOWED_VI = (
    "chỉ được dùng tên đầu vào, số, + - * /, ngoặc đơn, phép so sánh, BETWEEN, AND, OR, NOT, IS NULL, "
    "CASE WHEN và " + ", ".join(ALLOWED_FUNCTIONS)
)
LONGEST_TEXT, MOST_WORDS, MOST_DIGITS = 4000, 400, 30

_WORDS = {
    TokenType.VAR, TokenType.NUMBER, TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH,
    TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA, TokenType.EQ, TokenType.NEQ, TokenType.LT,
    TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.IS,
    TokenType.NULL, TokenType.BETWEEN, TokenType.CASE, TokenType.WHEN, TokenType.THEN, TokenType.ELSE,
    TokenType.END,
}  # fmt: skip
_NUMBER = re.compile(r"(\d+(\.\d*)?)([eE][+-]?\d{1,3})?")


def refuse(text: str, rule: str, vi: str, en: str, at: int | None = None) -> NoReturn:
    """Refuse a formula; `at` is the offset of what is wrong in its text."""
    column = None if at is None or at < 0 else at + 1
    where_vi, where_en = (f" (cột {column})", f" (column {column})") if column else ("", "")
    shown = text if len(text) <= 120 else text[:117] + "..."
    raise DataFault(
        Finding(
            rule=rule,
            severity="error",
            vi=f"công thức «{shown}»{where_vi}: {vi}",
            en=f"formula '{shown}'{where_en}: {en}",
            column=column,
        )
    )


def too_long(text: str) -> NoReturn:
    """Refuse a formula that would take too long to read or to compute."""
    refuse(
        text,
        "formula.too-long",
        "công thức quá dài hoặc lồng quá sâu; tách thành nhiều chỉ tiêu",
        "the formula is too long or too deeply nested; split it into several indicators",
    )


def not_allowed(text: str, what: str, at: int | None = None) -> NoReturn:
    """Refuse what is not on the list, and say what is."""
    refuse(
        text,
        "formula.not-allowed",
        f"«{what}» không được phép trong công thức; {ALLOWED_VI}",
        f"'{what}' is not allowed in a formula; {ALLOWED_EN}",
        at,
    )


def read_words(text: str) -> list[Token]:
    """The words of a formula, all of them allowed.

    Raises:
        DataFault: At the first that is not.
    """
    if len(text) > LONGEST_TEXT:
        too_long(text)
    for comment in ("--", "/*"):
        if comment in text:
            not_allowed(text, comment, text.find(comment))
    try:
        tokens = DuckDB().tokenize(text)
    except TokenError:
        not_allowed(text, text.strip()[:20])
    if not tokens:
        refuse(
            text,
            "formula.empty",
            "công thức trống; viết một biểu thức trên các đầu vào",
            "the formula is empty; write an expression over the inputs",
        )
    if len(tokens) > MOST_WORDS:
        too_long(text)
    for position, token in enumerate(tokens):
        following = tokens[position + 1].token_type if position + 1 < len(tokens) else None
        _check_word(text, token, following)
    return tokens


def _check_word(text: str, token: Token, following: TokenType | None) -> None:
    word, at = token.text, token.start
    if token.token_type not in _WORDS or token.comments:
        not_allowed(text, text[at : token.end + 1] or word, at)
    if token.token_type == TokenType.NUMBER:
        plain_number(text, word, at)
    if token.token_type == TokenType.VAR:
        if following == TokenType.L_PAREN:
            if word.upper() not in ALLOWED_FUNCTIONS:
                not_allowed(text, f"{word}()", at)
        elif not word.isidentifier() or not unicodedata.is_normalized("NFC", word):
            not_allowed(text, word, at)


def plain_number(text: str, word: str, at: int | None = None) -> Fraction:
    """A number as written, exactly."""
    match = _NUMBER.fullmatch(word)
    exponent = int(match[3][1:]) if match and match[3] else 0
    if match is None or len(match[1]) > MOST_DIGITS or abs(exponent) > MOST_DIGITS:
        refuse(
            text,
            "formula.number",
            f"«{word}» không phải số thập phân thông thường; viết như 1000 hoặc 0.5",
            f"'{word}' is not a plain decimal number; write it like 1000 or 0.5",
            at,
        )
    return Fraction(word)
