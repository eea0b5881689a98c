"""Formulas: SQL scalar expressions, read against an allow-list, evaluated exactly and with certain bounds.

`parse_formula("births / population * 1000")` gives a `Formula`. Its values are fractions, so nothing is lost before the
single rounding at the end; its bounds contain every value that inputs within their bounds can give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from indicators.evaluation import Pair, Program, compile_expression, pair_of
from indicators.expressions import Expression, Kind, kind_of, names_in
from indicators.formula_bounds import Bounding
from indicators.intervals import Interval
from indicators.rounding import round_down, round_half_up, round_up

__all__ = ["Formula", "Interval", "parse_formula", "round_down", "round_half_up", "round_up"]


@dataclass(frozen=True)
class Formula:
    """A formula that may run: its text, and the expression that it means."""

    text: str
    expression: Expression

    @cached_property
    def names(self) -> frozenset[str]:
        """The inputs that it uses."""
        return frozenset(names_in(self.expression))

    @property
    def kind(self) -> Kind:
        """`number`, or `condition` for a rule such as `a <= b`."""
        return kind_of(self.expression)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The inputs in the order in which `program` takes them."""
        return tuple(sorted(self.names))

    @cached_property
    def program(self) -> Program:
        """The formula over pairs of whole numbers, for many evaluations; see `indicators.evaluation`."""
        return compile_expression(self.expression, {name: i for i, name in enumerate(self.order)})

    @cached_property
    def bounding(self) -> Bounding:
        """What is known of the formula's shape, for its bounds."""
        return Bounding(self.expression)

    @property
    def adds_up(self) -> bool:
        """Whether it is a plain sum of inputs, each maybe times a positive number.

        Then less of an input is less of the result, and nothing else. A share, a difference or a product of what only
        some areas reported says nothing of what they all would give.

        >>> [parse_formula(text).adds_up for text in ("men + women", "births / 1000", "births / population", "a - b")]
        [True, True, False, False]
        """
        return self.bounding.adds_up

    def value(self, inputs: Mapping[str, Fraction | None]) -> Fraction | None:
        """The exact value, or None where it is missing.

        A missing input makes the result missing, unless COALESCE, CASE or IS NULL says otherwise; `x / 0` is missing.
        A condition gives 1 for true, 0 for false and None for unknown, as in SQL.

        Args:
            inputs: A value, or None for missing, for every one of `names`.

        >>> parse_formula("births / population * 1000").value({"births": Fraction(200), "population": Fraction(16000)})
        Fraction(25, 2)
        """
        pairs: list[Pair | None] = [pair_of(inputs[name]) for name in self.order]
        result = self.program(pairs)
        return None if result is None else Fraction(*result)

    def bounds(self, inputs: Mapping[str, Interval]) -> Interval:
        """An interval that certainly contains the value, whatever the inputs are within theirs.

        It is exact for formulas that use each input so that the value moves with it in one direction (sums, shares,
        ratios, growth rates), and may be wider for others. Where the value would be missing it says nothing.

        Args:
            inputs: For every one of `names`, an interval that contains the input's value.

        >>> half = Interval(Fraction(0), Fraction(10))
        >>> parse_formula("a / (a + b)").bounds({"a": half, "b": Interval(Fraction(30), Fraction(40))})
        Interval(lower=Fraction(0, 1), upper=Fraction(1, 4))
        """
        return self.bounding.bounds(inputs)


@lru_cache(maxsize=1024)
def parse_formula(text: str) -> Formula:
    """Read a formula.

    Allowed are input names, numbers, `+ - * /`, parentheses, comparisons, BETWEEN, AND, OR, NOT, IS NULL, CASE WHEN
    and ABS, COALESCE, GREATEST, LEAST, NULLIF, POWER (whole exponent), ROUND. All of them are exact. LEAST and GREATEST
    of a missing value are missing.

    Raises:
        DataFault: One finding (`formula.empty`, `formula.syntax`, `formula.not-allowed`, `formula.number`,
            `formula.kind`, `formula.integer`, `formula.too-long`) that names what is refused; its `column` counts
            characters of `text` from 1.
    """
    # Reading SQL takes a tenth of a second to import, and most commands read no formula.
    from indicators.formula_grammar import read_expression

    return Formula(text, read_expression(text))
