"""Worked examples of an indicator, run as tests: inputs of several areas that become one, and the expected figure.

The inputs are combined first, each by its measure's own rule, then the formula runs, then the result is rounded: the
same order as with real figures, so an example shows that a ratio of sums is not a mean of ratios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from indicators.definitions import Example, Indicator, Measure, Version
from indicators.findings import Finding
from indicators.formula import parse_formula, round_half_up

Values = Sequence[Decimal | None]


def run_example(
    indicator: Indicator, version: Version, example: Example, measures: Mapping[str, Measure]
) -> Decimal | None:
    """What a version's formula gives for an example, rounded; None is missing.

    Raises:
        DataFault: The formula cannot be read.
        KeyError: An input or measure is not defined.
    """
    combined: dict[str, Fraction | None] = {}
    for name, given in version.inputs.items():
        weights = _weights(version, example, measures, name)
        combined[name] = _combined(measures[given.measure], version, example.given[name], weights)
    value = parse_formula(version.formula).value(combined)
    return None if value is None else round_half_up(value, indicator.decimals)


def check_examples(
    indicator: Indicator, measures: Mapping[str, Measure], version: Version | None = None
) -> list[Finding]:
    """Run the examples of an indicator.

    Args:
        indicator: The indicator with its examples.
        measures: Measures by id.
        version: The version to run them with; the newest unless given.

    Returns:
        `indicator.example-inputs` where an example does not give exactly the inputs of the version, as many areas for
        each; `indicator.example-fails` where the formula gives another figure, with both figures.

    Raises:
        DataFault: The formula cannot be read.
    """
    used = version or indicator.versions[-1]
    found: list[Finding] = []
    for number, example in enumerate(indicator.examples, start=1):
        name = example.name or str(number)
        problem = _input_problem(used, example, measures)
        if problem is None:
            result = run_example(indicator, used, example, measures)
            if result == example.expect:
                continue
            expected, got = _shown(example.expect), _shown(result)
            rule = "indicator.example-fails"
            problem = (
                f"cần {expected[0]} nhưng công thức «{used.formula}» cho {got[0]}; sửa công thức hoặc tính lại ví dụ",
                f"expects {expected[1]} but formula '{used.formula}' gives {got[1]}; correct one of them",
            )
        else:
            rule = "indicator.example-inputs"
        vi, en = f"ví dụ «{name}»: {problem[0]}", f"example '{name}': {problem[1]}"
        found.append(Finding(rule, "error", vi, en, file=indicator.file, subject=indicator.id))
    return found


def _input_problem(
    version: Version, example: Example, measures: Mapping[str, Measure]
) -> tuple[str, str] | None:  # fmt: skip
    given, wanted = set(example.given), set(version.inputs)
    if given != wanted:
        names = ", ".join(sorted(given ^ wanted))
        return (
            f"đầu vào thiếu hoặc thừa: {names}; cho đúng {', '.join(sorted(wanted))}",
            f"inputs missing or not known: {names}; give exactly {', '.join(sorted(wanted))}",
        )
    if len({len(values) for values in example.given.values()}) > 1 or not all(example.given.values()):
        return (
            "mỗi đầu vào phải có cùng số địa bàn, ít nhất một",
            "every input needs the same number of areas, at least one",
        )
    unknown = sorted({each.measure for each in version.inputs.values()} - set(measures))
    if unknown:
        return f"không có đại lượng {', '.join(unknown)}", f"there is no measure {', '.join(unknown)}"
    return None


def _weights(
    version: Version, example: Example, measures: Mapping[str, Measure], name: str
) -> Values | None:  # fmt: skip
    """The values by which a mean is weighted: those of the input over the measure that its rule names."""
    by = measures[version.inputs[name].measure].areas.by
    back = version.inputs[name].periods_back
    names = [other for other, each in version.inputs.items() if each.measure == by and not each.where]
    names.sort(key=lambda other: (version.inputs[other].periods_back != back, other))
    return example.given[names[0]] if names else None


def _combined(measure: Measure, version: Version, values: Values, weights: Values | None) -> Fraction | None:
    """The value of the union of areas, by the measure's rule; None where it is missing or cannot be had."""
    if len(values) == 1:
        return None if values[0] is None else Fraction(values[0])
    known = [Fraction(value) for value in values if value is not None]
    rule = measure.areas.rule
    skip_missing = version.when_missing == "partial" and rule == "sum"
    if not known or (len(known) < len(values) and not skip_missing):
        return None
    if rule == "mean":
        mean = _mean(known, weights)
        # A mean is an observation of the measure, so it has the measure's decimals before the formula sees it.
        return None if mean is None else Fraction(round_half_up(mean, measure.decimals))
    if rule == "sum":
        return sum(known, Fraction(0))
    if rule in ("min", "max"):
        return min(known) if rule == "min" else max(known)
    return None


def _mean(values: Sequence[Fraction], weights: Values | None) -> Fraction | None:
    if weights is None or any(weight is None for weight in weights):
        return None
    known = [Fraction(weight) for weight in weights if weight is not None]
    total = sum(known, Fraction(0))
    if not total:
        return None
    return sum((value * weight for value, weight in zip(values, known, strict=True)), Fraction(0)) / total


def _shown(value: Decimal | None) -> tuple[str, str]:
    return ("thiếu", "missing") if value is None else (str(value), str(value))
