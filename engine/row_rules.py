"""Row rules of a data model: conditions over the numbers of one source row that must not be false."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from engine.candidates import numeric_columns
from engine.conform_texts import conform_text
from engine.number_texts import PLAIN, number_fault
from engine.sources import ROW, RowFault
from indicators.definitions import DataModel, RowRule
from indicators.findings import Finding
from indicators.formula import parse_formula

MOST_DECIMALS = 9


def rule_faults(frame: pl.DataFrame, model: DataModel, file: str) -> tuple[list[RowFault], list[Finding]]:
    """Rows that break a rule, as faults; those that break a rule of severity warning, as one finding for each rule.

    An empty cell makes a rule unknown, and what is unknown is not broken.

    Args:
        frame: The rows of a `Source`.
        model: Has the rules. Their names are columns, whose cells are numbers.
        file: As the user named it.
    """
    faults = [fault for column in numeric_columns(model) for fault in _no_numbers(frame, column)]
    findings: list[Finding] = []
    for rule in model.rules:
        broken = _broken(frame, rule)
        vi, en = conform_text("load.row-rule", vi=rule.message.vi, en=rule.message.en, check=rule.check)
        if rule.severity == "error":
            faults += [RowFault(row, f"rule.{rule.id}", "", "", vi, en) for row in broken]
        elif broken:
            count = f"({len(broken):,}; {broken[0]})"
            findings.append(
                Finding(f"rule.{rule.id}", "warning", f"{vi} {count}", f"{en} {count}", file=file, row=broken[0])
            )
    return faults, findings


def _no_numbers(frame: pl.DataFrame, column: str) -> list[RowFault]:
    faults = []
    odd = frame.filter(~pl.col(column).str.contains(PLAIN)).select(ROW, column)
    for row, text in odd.iter_rows():
        fault = number_fault(text, MOST_DECIMALS)
        if fault is not None:
            faults.append(RowFault(row, fault[0], column, text, fault[1], fault[2]))
    return faults


def _broken(frame: pl.DataFrame, rule: RowRule) -> list[int]:
    formula = parse_formula(rule.check)
    names = formula.order
    rows: Sequence[tuple[int, ...]] = frame.select(ROW, *names).rows()
    broken = []
    for row, *texts in rows:
        value = formula.value({name: _number(text) for name, text in zip(names, texts, strict=True)})
        if value == 0:
            broken.append(row)
    return broken


def _number(text: object) -> Fraction | None:
    if not isinstance(text, str) or number_fault(text, MOST_DECIMALS) is not None:
        return None
    return Fraction(text)
