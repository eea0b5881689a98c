"""Names of areas as people type them: with or without accents, either tone placement, with or without the type word.

`Hoà Bình`, `Hòa Bình`, `hoa binh` and their decomposed spellings are one name; `Tân Phú` and `Tấn Phú` are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_TONES = {"\u0300": "`", "\u0301": "´", "\u0303": "~", "\u0309": "?", "\u0323": "."}
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_MARKS = re.compile(r"[\u0300-\u036f]")
_BREAKS = re.compile(r"[\W_]+")

_CITY = ("thanh_pho", "thanh_pho_truc_thuoc_tw")
TYPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "tỉnh": ("tinh",),
    "thành phố": _CITY,
    "quận": ("quan",),
    "huyện": ("huyen",),
    "thị xã": ("thi_xa",),
    "xã": ("xa",),
    "phường": ("phuong",),
    "thị trấn": ("thi_tran",),
    "đặc khu": ("dac_khu",),
}
"""Words that name a type, as they begin a Vietnamese name, and the values of `type` that they mean."""

SHORT_TYPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "t": ("tinh",),
    "tp": _CITY,
    "q": ("quan",),
    "h": ("huyen",),
    "tx": ("thi_xa",),
    "x": ("xa",),
    "p": ("phuong",),
    "tt": ("thi_tran",),
    "đk": ("dac_khu",),
}
"""The same as people shorten them."""

ENGLISH_TYPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "province": ("tinh",),
    "city": _CITY,
    "district": ("quan", "huyen"),
    "town": ("thi_xa",),
    "commune": ("xa",),
    "ward": ("phuong",),
    "township": ("thi_tran",),
    "special zone": ("dac_khu",),
}
"""The same in English, where they may also stand after the name."""


@dataclass(frozen=True)
class Word:
    """One word of a name.

    Attributes:
        plain: Small letters without any mark, đ as d.
        letters: The same with the marks that make another letter (ă â ê ô ơ ư đ), one character for each of `plain`.
        tone: The tone mark, wherever it stood in the word; empty for none.
    """

    plain: str
    letters: str
    tone: str

    @property
    def marked(self) -> bool:
        """Whether it was written with any mark."""
        return bool(self.tone) or self.letters != self.plain


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[Word, ...]:
    """The words of a name, free of case, punctuation, Unicode form and tone placement.

    >>> words("Xã Hoà Bình") == words("xã  HÒA bình"), [word.plain for word in words("TP. Đà Nẵng, Ea H'Leo")]
    (True, ['tp', 'da', 'nang', 'ea', 'hleo'])
    """
    composed = unicodedata.normalize("NFC", _APOSTROPHES.sub("", text.casefold()))
    return tuple(_word(part) for part in _BREAKS.sub(" ", composed).split())


def _word(text: str) -> Word:
    plain, letters, tone = "", "", ""
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        base, marks = parts[0], parts[1:]
        tone += "".join(_TONES.get(mark, "") for mark in marks)
        others = "".join(mark for mark in marks if mark not in _TONES)
        plain += "d" if base == "đ" else base
        letters += unicodedata.normalize("NFC", base + others)[0]
    return Word(plain, letters, tone)


def plain(text: str) -> str:
    """The words of a name without any mark; the same as `words` gives, but fast enough for a whole register.

    >>> plain("Phường Bà Rịa - Vũng Tàu")
    'phuong ba ria vung tau'
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFD", _APOSTROPHES.sub("", text.casefold())))
    return _BREAKS.sub(" ", bare.replace("đ", "d")).strip()


@dataclass(frozen=True)
class Reading:
    """One way to read a query: the words of the name, and the types it is limited to (empty: any)."""

    name: tuple[Word, ...]
    types: tuple[str, ...] = ()


def readings(text: str) -> tuple[Reading, ...]:
    """Every way to read a query: as a name, and with a type word before (Vietnamese, English) or after it (English).

    A type word written with marks must have the right ones: `phương` is no `phường`, but `phuong` may be either.
    """
    typed = words(text)
    found = [Reading(typed)] if typed else []
    for type_word, types, english in _type_words():
        size = len(type_word)
        if len(typed) <= size:
            continue
        if agree(typed[:size], type_word):
            found.append(Reading(typed[size:], types))
        if english and agree(typed[-size:], type_word):
            found.append(Reading(typed[:-size], types))
    return tuple(found)


@lru_cache(maxsize=1)
def _type_words() -> tuple[tuple[tuple[Word, ...], tuple[str, ...], bool], ...]:
    vietnamese = {**TYPE_WORDS, **SHORT_TYPE_WORDS}
    return (
        *((words(word), types, False) for word, types in vietnamese.items()),
        *((words(word), types, True) for word, types in ENGLISH_TYPE_WORDS.items()),
    )


def bare_name(name: str, kind: str) -> str:
    """A Vietnamese name without the word of its type; a name that does not begin with it stays as it is.

    >>> bare_name("Thị Trấn Ái Tử", "thi_tran"), bare_name("Xã Xa Dung", "xa"), bare_name("Nam", "region")
    ('Ái Tử', 'Xa Dung', 'Nam')
    """
    parts = name.split(" ")
    for word in _words_of(kind):
        size = len(word)
        if len(parts) > size and agree(word, words(" ".join(parts[:size]))):
            return " ".join(parts[size:])
    return name


@lru_cache(maxsize=64)
def _words_of(kind: str) -> tuple[tuple[Word, ...], ...]:
    return tuple(words(word) for word, kinds in TYPE_WORDS.items() if kind in kinds)


def agree(typed: tuple[Word, ...], name: tuple[Word, ...]) -> bool:
    """Whether typed words equal words of a name; a word typed without marks agrees with any marks."""
    return len(typed) == len(name) and all(
        mine.plain == its.plain and (not mine.marked or mine == its) for mine, its in zip(typed, name, strict=True)
    )
