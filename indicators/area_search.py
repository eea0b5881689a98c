"""Finds areas by code or name. Homonyms are all listed with the areas they lie in; nothing is ever guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from indicators.area_names import Reading, Word, bare_name, plain, readings, words
from indicators.areas import Area, Register

Rank = Literal["code", "exact", "prefix", "word", "substring"]
RANKS: tuple[Rank, ...] = ("code", "exact", "prefix", "word", "substring")
"""How an area matches, best first: its code, its whole name, the beginning of it, of one of its words, any part."""


@dataclass(frozen=True)
class Match:
    """An area that a text may mean.

    Attributes:
        area: The version of the area.
        rank: How it matches.
        above: The areas it lies in, the nearest first, on the day asked for, else on its first day.
        same_marks: The accents that were typed are those of the name.
    """

    area: Area
    rank: Rank
    above: tuple[Area, ...]
    same_marks: bool = True


def find(register: Register, text: str, day: date | None = None) -> list[Match]:
    """Every area that a code or a name may mean.

    Accents may be left out; those that are typed must be right, wherever the tone mark is put. If they fit no name at
    all, the names that fit without them are given, with `same_marks` false.

    Args:
        register: The areas.
        text: A code, or (a part of) a name, with or without its type word.
        day: Only areas in force on this day; None: every version.

    Returns:
        The matches, best first: by rank, level, name, code and first day.
    """
    by_code = [
        Match(area, "code", above(register, area, day))
        for area in register.versions(text.strip())
        if day is None or area.in_force(day)
    ]
    if by_code and text.strip().isdigit():
        return by_code
    asked = readings(text)
    found = _by_name(register, asked, day)
    if not found:
        without = tuple(replace(reading, name=tuple(_unmarked(word) for word in reading.name)) for reading in asked)
        found = [replace(match, same_marks=False) for match in _by_name(register, without, day)]
    coded = {match.area for match in by_code}
    return by_code + [match for match in found if match.area not in coded]


def above(register: Register, area: Area, day: date | None = None) -> tuple[Area, ...]:
    """The areas that an area lies in, the nearest first, on a day on which it is in force (None: its first day)."""
    on, found = day or area.valid_from, []
    parent = register.area(area.parent, on) if area.parent else None
    while parent is not None:
        found.append(parent)
        parent = register.area(parent.parent, on) if parent.parent else None
    return tuple(found)


def _unmarked(word: Word) -> Word:
    return Word(word.plain, word.plain, "")


@lru_cache(maxsize=4)
def _index(register: Register) -> tuple[tuple[Area, tuple[str, ...]], ...]:
    """Every area with its names without marks: the bare name, the whole name, the English name."""
    return tuple(
        (area, tuple(dict.fromkeys(plain(name) for name in (_bare(area), area.name_vi, area.name_en))))
        for area in register.areas
    )


def _bare(area: Area) -> str:
    return bare_name(area.name_vi, area.type)


def _by_name(register: Register, asked: tuple[Reading, ...], day: date | None) -> list[Match]:
    best: dict[Area, Rank] = {}
    queries = [(reading, " ".join(word.plain for word in reading.name)) for reading in asked]
    for area, names in _index(register):
        if day is not None and not area.in_force(day):
            continue
        for reading, query in queries:
            if reading.types and area.type not in reading.types:
                continue
            for rank in _ranks(area, names, reading, query):
                if area not in best or RANKS.index(rank) < RANKS.index(best[area]):
                    best[area] = rank
    typed = {reading.name for reading in asked if any(word.marked for word in reading.name)}
    depth = {level: place for place, level in enumerate(register.levels)}
    return sorted(
        (Match(area, rank, above(register, area, day)) for area, rank in best.items()),
        key=lambda match: (
            RANKS.index(match.rank),
            bool(typed) and words(_bare(match.area)) not in typed,  # either may be meant, Hòa An before Hòa Ân
            depth[match.area.level],
            plain(_bare(match.area)),
            match.area.code,
            match.area.valid_from,
        ),
    )


def _ranks(area: Area, names: tuple[str, ...], reading: Reading, query: str) -> Iterator[Rank]:
    for name in names:
        if " " not in query and len(query) > 3 and query == name.replace(" ", "") != name:
            yield "exact"  # danang, hochiminh
        place = name.find(query)
        while place >= 0:
            if _marks_agree(area, name, reading.name, place):
                yield _rank(name, query, place)
            place = name.find(query, place + 1)


def _rank(name: str, query: str, place: int) -> Rank:
    if place == 0:
        return "exact" if name == query else "prefix"
    return "word" if name[place - 1] == " " else "substring"


def _marks_agree(area: Area, name: str, query: tuple[Word, ...], place: int) -> bool:
    """Whether the marks that were typed are those of the name from a place in its unmarked form."""
    if not any(word.marked for word in query):
        return True
    full = next((words(text) for text in (_bare(area), area.name_vi) if plain(text) == name), None)
    if full is None:  # the English name has no marks to compare
        return False
    first = name.count(" ", 0, place)
    offset = place - (name.rfind(" ", 0, place) + 1)
    for mine, its in zip(query, full[first:], strict=False):
        end = offset + len(mine.plain)
        whole = offset == 0 and end == len(its.plain)
        if mine.marked and mine.letters != its.letters[offset:end]:
            return False
        if mine.marked and mine.tone != its.tone and (whole or mine.tone):
            return False
        offset = 0
    return True
