"""Unit algebra: does a formula over measures give the unit that the indicator declares?

The number of a figure times the scale of its unit is a quantity of a dimension, such as `person` or `vnd/person`. A
formula is followed step by step: dimensions multiply and divide, powers of ten in the formula (1000, 100) are taken for
changes of scale, other numbers (the 2 of a mean of two) for numbers. Unlike quantities cannot be added or compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.built_in_units import BUILT_IN_UNITS
from indicators.definitions import Indicator, Measure, Unit, Version
from indicators.expressions import COMPARISONS, Call, Expression, Name, Number, case_branches
from indicators.findings import Finding
from indicators.formula import parse_formula
from indicators.formula_bounds import whole
from indicators.unit_dimensions import Dimension, dimension_of, dimension_text, product, raised

__all__ = ["BUILT_IN_UNITS", "check_units"]


@dataclass(frozen=True)
class _Quantity:
    """What a part of a formula stands for: its number is `scale * factor` times the quantity in base words.

    Attributes:
        scale: From units and powers of ten.
        factor: From other numbers.
        literal: The number, where it is nothing but numbers.
    """

    dimension: Dimension
    scale: Fraction = Fraction(1)
    factor: Fraction = Fraction(1)
    literal: Fraction | None = None

    def is_like(self, other: _Quantity) -> bool:
        same_scale = self.scale == other.scale or self.scale * self.factor == other.scale * other.factor
        return self.dimension == other.dimension and same_scale


def check_units(
    indicator: Indicator, version: Version, measures: Mapping[str, Measure], units: Mapping[str, Unit]
) -> list[Finding]:
    """Check that a version's formula gives the indicator's unit.

    Inputs or units that are not defined are passed over: other checks report them.

    Args:
        indicator: The indicator.
        version: One of its versions; its formula must be readable.
        measures: Measures by id.
        units: Units by id.

    Returns:
        `indicator.units` findings, empty where the formula and the units agree.

    Raises:
        DataFault: The formula cannot be read.
    """
    formula = parse_formula(version.formula)
    known: dict[str, _Quantity] = {}
    for name in formula.names:
        given = version.inputs.get(name)
        measure = measures.get(given.measure) if given else None
        unit = units.get(measure.unit) if measure else None
        if unit is None:
            return []
        known[name] = _of_unit(unit)
    declared = units.get(indicator.unit)
    if declared is None:
        return []
    algebra = _Algebra(known)
    result = algebra.quantity(formula.expression)
    problems = algebra.problems or _difference(result, declared)
    return [
        Finding(
            rule="indicator.units",
            severity="error",
            vi=f"công thức «{version.formula}»: {vi}",
            en=f"formula '{version.formula}': {en}",
            file=indicator.file,
            subject=indicator.id,
        )
        for vi, en in problems
    ]


def _of_unit(unit: Unit) -> _Quantity:
    return _Quantity(dimension_of(unit.dimension), 1 / Fraction(unit.scale))


def _difference(result: _Quantity, declared: Unit) -> list[tuple[str, str]]:
    wanted = _of_unit(declared)
    got_text, wanted_text = dimension_text(result.dimension), dimension_text(wanted.dimension)
    if result.literal is not None:
        return []
    if result.dimension != wanted.dimension:
        return [
            (
                f"cho ra {got_text}, nhưng đơn vị khai báo {declared.id} là {wanted_text}; sửa một trong hai",
                f"gives {got_text}, but the declared unit {declared.id} is {wanted_text}; correct one of them",
            )
        ]
    if wanted.scale in (result.scale, result.scale * result.factor):
        return []
    factor = wanted.scale / result.scale
    return [
        (
            f"cho ra {got_text} nhân {result.scale}, nhưng đơn vị khai báo {declared.id} là {wanted_text} nhân "
            f"{wanted.scale}; nhân công thức với {factor} hoặc đổi đơn vị",
            f"gives {got_text} times {result.scale}, but the declared unit {declared.id} is {wanted_text} times "
            f"{wanted.scale}; multiply the formula by {factor} or change the unit",
        )
    ]


class _Algebra:
    """Follows a formula; what does not fit together is collected in `problems`, in both languages."""

    def __init__(self, known: Mapping[str, _Quantity]) -> None:
        self.known = known
        self.problems: list[tuple[str, str]] = []

    def quantity(self, expression: Expression) -> _Quantity:
        if isinstance(expression, Number):
            return _of_number(expression.value)
        if isinstance(expression, Name):
            return self.known[expression.name]
        function = expression.function
        if function == "case":
            return self._case(expression)
        if function == "power":
            return _raised(self.quantity(expression.arguments[0]), whole(expression.arguments[1]))
        if function in ("negate", "abs", "round"):
            return self.quantity(expression.arguments[0])
        parts = [self.quantity(argument) for argument in expression.arguments]
        if function in ("*", "/"):
            return _multiplied(parts[0], parts[1] if function == "*" else _raised(parts[1], -1))
        if function in ("and", "or", "not", "is_null", "null"):
            return _Quantity((), literal=Fraction(0))
        if function in COMPARISONS or function == "nullif":
            # A bare number on one side is a threshold in the other's unit.
            self._alike([part for part in parts if part.literal is None] or parts)
            return parts[0]
        return self._alike(parts)

    def _case(self, call: Call) -> _Quantity:
        pairs, default = case_branches(call)
        for condition, _ in pairs:
            self.quantity(condition)
        return self._alike([self.quantity(value) for value in (*(value for _, value in pairs), default)])

    def _alike(self, parts: Sequence[_Quantity]) -> _Quantity:
        """The common quantity of parts that are added, compared or chosen from; zero is like anything."""
        measured = [part for part in parts if part.literal is None]
        if not measured:
            return parts[0]
        first = measured[0]
        for other in measured[1:]:
            if not first.is_like(other):
                self._unlike(first, other)
        if first.dimension and any(part.literal for part in parts):
            number = next(part for part in parts if part.literal)
            self._unlike(first, number)
        same = all(part.factor == first.factor for part in measured)
        return first if same else _Quantity(first.dimension, first.scale)

    def _unlike(self, one: _Quantity, other: _Quantity) -> None:
        left, right = _described(one), _described(other)
        self.problems.append(
            (
                f"cộng, so sánh hoặc chọn giữa {left} và {right}, là hai đại lượng khác nhau; quy về cùng đơn vị trước",
                f"adds, compares or chooses between {left} and {right}, which are unlike; bring them to one unit first",
            )
        )


def _of_number(value: Fraction) -> _Quantity:
    size = abs(value)
    if size and _is_power_of_ten(size):
        return _Quantity((), size, value / size, value)
    return _Quantity((), Fraction(1), value, value)


def _is_power_of_ten(size: Fraction) -> bool:
    top, bottom = (str(part).rstrip("0") for part in (size.numerator, size.denominator))
    return top == bottom == "1"


def _multiplied(one: _Quantity, other: _Quantity) -> _Quantity:
    literal = None if one.literal is None or other.literal is None else one.literal * other.literal
    return _Quantity(
        product(one.dimension, other.dimension),
        one.scale * other.scale,
        one.factor * other.factor,
        literal,
    )


def _raised(base: _Quantity, exponent: int) -> _Quantity:
    if exponent < 0 and base.factor == 0:
        return _Quantity((), literal=Fraction(0))  # a division by zero: no quantity at all
    return _Quantity(
        raised(base.dimension, exponent),
        base.scale**exponent,
        base.factor**exponent,
        None if base.literal is None else base.literal**exponent,
    )


def _described(quantity: _Quantity) -> str:
    if quantity.literal is not None:
        return str(quantity.literal)
    scale = "" if quantity.scale == 1 else f" × {quantity.scale}"
    return dimension_text(quantity.dimension) + scale
