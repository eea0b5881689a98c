"""Formula text to expression: SQL read by sqlglot, and of what it reads only what can be computed exactly.

The words are checked first (`indicators.formula_words`), because they have a place in the text; then the tree that
sqlglot makes of them, because only the tree says what they mean together. What is on neither list is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError

from indicators.expressions import Call, Expression, Kind, Name, Number, factors, kind_of
from indicators.formula_words import not_allowed, plain_number, read_words, refuse, too_long

MOST_FACTORS, LARGEST_EXPONENT = 120, 12


def read_expression(text: str) -> Expression:
    """The expression that a formula's text means.

    Raises:
        DataFault: The text is no formula, or uses what is not allowed; the finding's `column` is its place in the text.
    """
    tokens = read_words(text)
    try:
        trees = DuckDB().parser().parse(tokens, text)
        expression = _Reader(text).read(trees[0])
    except ParseError as error:
        place = error.errors[0] if error.errors else {}
        near = str(place.get("highlight") or "")
        refuse(
            text,
            "formula.syntax",
            f"công thức không đọc được gần «{near}»; kiểm tra ngoặc, dấu phép tính và thứ tự",
            f"the formula cannot be read near '{near}'; check parentheses, operators and their order",
            text.find(near) if near else None,
        )
    except RecursionError:
        too_long(text)
    if factors(expression) > MOST_FACTORS:
        too_long(text)
    return expression


_BINARY: dict[type[exp.Expr], str] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<",
    exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_LOGIC: dict[type[exp.Expr], str] = {exp.And: "and", exp.Or: "or"}
_VARIADIC: dict[type[exp.Expr], str] = {
    exp.Coalesce: "coalesce", exp.Least: "least", exp.Greatest: "greatest",
}  # fmt: skip


class _Reader:
    """Turns sqlglot's tree into our own, node by node; a kind of node without a reader is refused."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.readers: dict[type[exp.Expr], Callable[[exp.Expr], Expression]] = {
            exp.Column: self._column,
            exp.Literal: lambda node: Number(plain_number(self.text, node.name)),
            exp.Null: lambda _: Call("null", ()),
            exp.Paren: lambda node: self.read(node.this),
            exp.Neg: lambda node: self._negate(self.number(node.this)),
            exp.Not: lambda node: Call("not", (self.condition(node.this),)),
            exp.Is: self._is_null,
            exp.Between: self._between,
            exp.Case: self._case,
            exp.Abs: lambda node: Call("abs", (self.number(node.this),)),
            exp.Nullif: lambda node: Call("nullif", self._numbers([node.this, node.expression])),
            exp.Pow: lambda node: self._with_integer("power", node.this, node.expression),
            exp.Round: lambda node: self._with_integer("round", node.this, node.args.get("decimals")),
        }

    def read(self, node: exp.Expr | None) -> Expression:
        if node is None:
            raise ParseError("missing")
        kind = type(node)
        if kind in _BINARY:
            return Call(_BINARY[kind], self._numbers([node.this, node.expression]))
        if kind in _LOGIC:
            return Call(_LOGIC[kind], (self.condition(node.this), self.condition(node.expression)))
        if kind in _VARIADIC:
            return Call(_VARIADIC[kind], self._numbers([node.this, *node.expressions]))
        if kind not in self.readers:
            not_allowed(self.text, node.sql("duckdb"))
        return self.readers[kind](node)

    def number(self, node: exp.Expr | None) -> Expression:
        return self._of_kind("number", node, "số", "a number")

    def condition(self, node: exp.Expr | None) -> Expression:
        return self._of_kind("condition", node, "điều kiện", "a condition")

    def _of_kind(self, kind: Kind, node: exp.Expr | None, vi: str, en: str) -> Expression:
        expression = self.read(node)
        if kind_of(expression) != kind:
            shown = node.sql("duckdb") if node else ""
            refuse(
                self.text,
                "formula.kind",
                f"«{shown}» không phải {vi}; phép tính cần số, còn AND, OR, NOT, WHEN cần điều kiện",
                f"'{shown}' is not {en}; arithmetic takes numbers, and AND, OR, NOT, WHEN take conditions",
            )
        return expression

    def _numbers(self, nodes: Sequence[exp.Expr | None]) -> tuple[Expression, ...]:
        return tuple(self.number(node) for node in nodes)

    @staticmethod
    def _negate(operand: Expression) -> Expression:
        return Number(-operand.value) if isinstance(operand, Number) else Call("negate", (operand,))

    def _column(self, node: exp.Expr) -> Expression:
        identifier = node.this
        if len(node.args) != 1 or not isinstance(identifier, exp.Identifier) or identifier.args.get("quoted"):
            not_allowed(self.text, node.sql("duckdb"))
        return Name(identifier.name)

    def _is_null(self, node: exp.Expr) -> Expression:
        if not isinstance(node.expression, exp.Null):
            not_allowed(self.text, node.sql("duckdb"))
        return Call("is_null", (self.number(node.this),))

    def _between(self, node: exp.Expr) -> Expression:
        low, high = self.number(node.args.get("low")), self.number(node.args.get("high"))
        middle = self.number(node.this)
        return Call("and", (Call(">=", (middle, low)), Call("<=", (middle, high))))

    def _case(self, node: exp.Expr) -> Expression:
        arguments: list[Expression] = []
        for branch in node.args["ifs"]:
            condition = branch.this
            if node.this is not None:
                condition = exp.EQ(this=node.this.copy(), expression=condition.copy())
            arguments += [self.condition(condition), self.number(branch.args["true"])]
        if node.args.get("default") is not None:
            arguments.append(self.number(node.args["default"]))
        return Call("case", tuple(arguments))

    def _with_integer(self, function: str, value: exp.Expr, integer: exp.Expr | None) -> Expression:
        count = Number(Fraction(0)) if integer is None else self.number(integer)
        if not isinstance(count, Number) or count.value.denominator != 1 or abs(count.value) > LARGEST_EXPONENT:
            refuse(
                self.text,
                "formula.integer",
                f"{function.upper()} cần một số nguyên từ -{LARGEST_EXPONENT} đến {LARGEST_EXPONENT} làm tham số "
                "thứ hai, vì chỉ như vậy kết quả mới chính xác",
                f"{function.upper()} takes a whole number from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT} as its "
                "second argument, because only then is the result exact",
            )
        return Call(function, (self.number(value), count))
