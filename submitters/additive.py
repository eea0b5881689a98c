"""Whether an indicator's figures may be added over areas: only then does a report show a total."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from indicators.definitions import Input, Measure, Version


def is_additive(version: Version, measures: Mapping[str, Measure]) -> bool:
    """Whether the sum of an indicator over areas is the indicator of their union.

    It is where the formula is a sum or difference of measures whose area rule is `sum`, perhaps times a number, or a
    mean times the measure that weighs it (GRDP per head times population). Anything else is not: ratios, functions, and
    flows between areas, which merging makes internal.
    """
    try:
        formula = sqlglot.parse_one(version.formula, read="duckdb")
    except sqlglot.errors.ParseError:
        return False
    return _adds(formula, version.inputs, measures)


def _adds(node: exp.Expr, inputs: Mapping[str, Input], measures: Mapping[str, Measure]) -> bool:
    if isinstance(node, (exp.Paren, exp.Neg)):
        return _adds(node.this, inputs, measures)
    if isinstance(node, (exp.Add, exp.Sub)):
        return _adds(node.left, inputs, measures) and _adds(node.right, inputs, measures)
    if isinstance(node, exp.Div):
        return _adds(node.left, inputs, measures) and _is_number(node.right)
    if isinstance(node, exp.Mul):
        return _product_adds(node, inputs, measures)
    measure = _measure(node, inputs, measures)
    return measure is not None and measure.areas.rule == "sum" and measure.internal_flow is None


def _product_adds(node: exp.Mul, inputs: Mapping[str, Input], measures: Mapping[str, Measure]) -> bool:
    left, right = node.left, node.right
    if _is_number(left) or _is_number(right):
        return _adds(right if _is_number(left) else left, inputs, measures)
    return _mean_times_its_weight(left, right, inputs, measures) or _mean_times_its_weight(
        right, left, inputs, measures
    )


def _mean_times_its_weight(
    mean: exp.Expr, weight: exp.Expr, inputs: Mapping[str, Input], measures: Mapping[str, Measure]
) -> bool:
    averaged, weighing = _measure(mean, inputs, measures), _measure(weight, inputs, measures)
    return (
        averaged is not None
        and weighing is not None
        and averaged.areas.rule == "mean"
        and averaged.areas.by == weighing.id
        and _input(mean, inputs) == _input(weight, inputs)
    )


def _input(node: exp.Expr, inputs: Mapping[str, Input]) -> tuple[int, tuple[tuple[str, str], ...]] | None:
    """The period and dimensions that an input takes: a mean is weighed only by the weight of the same ones."""
    found = inputs.get(node.name) if isinstance(node, exp.Column) else None
    return (found.periods_back, tuple(sorted(found.where.items()))) if found else None


def _measure(node: exp.Expr, inputs: Mapping[str, Input], measures: Mapping[str, Measure]) -> Measure | None:
    found = inputs.get(node.name) if isinstance(node, exp.Column) else None
    return measures.get(found.measure) if found else None


def _is_number(node: exp.Expr) -> bool:
    return isinstance(node.unnest(), exp.Literal) and not node.unnest().is_string
