"""What no cell of any file may hold, whatever its column: invisible characters, formulas, endless text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import polars as pl

from engine.source_texts import source_text
from engine.sources import ROW, RowFault, row_fault
from indicators.findings import Finding

LONGEST_CELL = 1000

_LINE_BREAK = r"[\n\r\t\x0b\x0c\x{85}\x{2028}\x{2029}]"
_CONTROLS = r"\x00-\x08\x0e-\x1f\x7f-\x{84}\x{86}-\x{9f}"
_INVISIBLE = r"\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}\x{fffd}"
_HIDDEN = f"[{_CONTROLS}{_INVISIBLE}]"
# A minus may begin a number and a dash stands for "no figure", so those need more before they are a formula.
_FORMULA = r"^([=@]|[+-].*[(|!])"


def composed(frame: pl.DataFrame, columns: Sequence[str], file: str) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """All cells in composed Unicode (NFC), and a remark if some were not.

    Nothing of a figure depends on it: codes are ASCII, and names are compared without marks.
    """
    normal = frame.with_columns(pl.col(columns).str.normalize("NFC"))
    changed = frame.filter(pl.any_horizontal(frame[name].ne_missing(normal[name]) for name in columns))
    if changed.is_empty():
        return frame, ()
    vi, en = source_text("source.not-nfc", count=changed.height, row=changed[ROW][0])
    return normal, (Finding("source.not-nfc", "error", vi, en, file=file, row=changed[ROW][0]),)


def cell_faults(frame: pl.DataFrame, columns: Sequence[str]) -> list[RowFault]:
    """The first fault of every cell that no column may hold."""
    faults: list[RowFault] = []
    for column in columns:
        cell = pl.col(column)
        kinds = {
            "source.long-cell": cell.str.len_chars() > LONGEST_CELL,
            "source.line-break": cell.str.contains(_LINE_BREAK),
            "source.hidden": cell.str.contains(_HIDDEN),
            "source.formula": cell.str.contains(_FORMULA),
        }
        for rule, holds in kinds.items():
            bad = frame.filter(holds).select(ROW, column)
            faults += [_fault(rule, column, row, value) for row, value in bad.iter_rows()]
    return faults


def _fault(rule: str, column: str, row: int, value: str) -> RowFault:
    if rule == "source.long-cell":
        return row_fault(row, rule, column, value, length=len(value), most=LONGEST_CELL)
    hidden = [
        character for character in value if unicodedata.category(character) in ("Cc", "Cf") or character == "\ufffd"
    ]
    which = ", ".join(dict.fromkeys(f"U+{ord(mark):04X}" for mark in hidden))
    return row_fault(row, rule, column, value, which=which)
