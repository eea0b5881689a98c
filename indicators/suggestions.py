"""'Did you mean': the nearest of the words that would have been right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST = 15


def guess(word: str, known: Iterable[str]) -> tuple[str, str]:
    """What to do about an unknown word, in Vietnamese and English: the nearest known one, or the whole choice.

    >>> guess("naem", ["name", "unit"])[1]
    "did you mean 'name'?"
    >>> guess("zzz", ["name", "unit"])[1]
    'choose one of: name, unit'
    """
    listed = sorted(set(known))
    if near := nearest(word, listed):
        return f"ý bạn là '{near}'?", f"did you mean '{near}'?"
    if not listed:
        return "hiện chưa có mục nào được khai báo", "none is defined yet"
    shown = ", ".join(listed[:MOST]) + (", …" if len(listed) > MOST else "")
    return f"hãy chọn một trong: {shown}", f"choose one of: {shown}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is much like another, or empty."""
    listed = sorted(set(known))
    near = get_close_matches(word, listed, 1) or [item for item in listed if item.lower() == word.lower()]
    return near[0] if near else ""
