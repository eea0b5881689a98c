"""How a handover record speaks: shares, amounts, qualities, levels and categories, for page and workbook alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from engine.handover_record import Handover, MeasureRecord
from indicators.catalog import Catalog
from indicators.definitions import Measure, Name
from submitters.wording import STATUSES, vietnamese_number

UNKNOWN = Name("chưa rõ", "unknown")
QUALITIES: Mapping[str, Name] = {
    "whole": Name("toàn bộ", "whole"),
    "law": Name("theo luật", "by law"),
    "measured": Name("đo được", "measured"),
    "estimated": Name("ước tính", "estimated"),
    "placeholder": Name("đặt tạm", "placeholder"),
    "unknown": Name("chưa ai công bố", "not published"),
}
RULES: Mapping[str, Name] = {
    "sum": Name("cộng", "sum"),
    "mean": Name("bình quân có quyền số", "weighted mean"),
    "min": Name("nhỏ nhất", "minimum"),
    "max": Name("lớn nhất", "maximum"),
    "count_distinct": Name("đếm không trùng", "distinct count"),
    "none": Name("không gộp được", "cannot be combined"),
}


@dataclass(frozen=True)
class SourceFile:
    """A file that figures came in, with the number that rows refer to it by."""

    number: int
    file: str
    load_id: str
    sha256: str
    figures: int


def source_files(record: Handover) -> tuple[SourceFile, ...]:
    """Every load that a figure of the record came in, ordered by file name and load."""
    counts: dict[tuple[str, str, str], int] = {}
    for measure in record.measures:
        for figure in measure.figures:
            key = (figure.file, figure.load_id, figure.sha256)
            counts[key] = counts.get(key, 0) + 1
    return tuple(SourceFile(number, *key, counts[key]) for number, key in enumerate(sorted(counts), start=1))


def share_text(share: Fraction | None) -> str:
    """A share as Vietnamese readers write it: per cent where that is exact, else the fraction.

    >>> share_text(Fraction(1)), share_text(Fraction(1, 8)), share_text(Fraction(1, 3)), share_text(None)
    ('100 %', '12,5 %', '1/3', 'chưa rõ')
    """
    if share is None:
        return UNKNOWN.vi
    percent = share * 100
    rest = percent.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1 or percent.denominator > 10**6:
        return f"{share.numerator}/{share.denominator}"
    return f"{vietnamese_number(trimmed(Decimal(percent.numerator) / Decimal(percent.denominator)))} %"


def trimmed(number: Decimal) -> Decimal:
    """The number without trailing zeros, and without an exponent.

    >>> trimmed(Decimal("8717600.000000000")), trimmed(Decimal("0E-9"))
    (Decimal('8717600'), Decimal('0'))
    """
    short = number.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def places(record: MeasureRecord) -> int:
    """The decimals that the figures of a measure need; they are all shown with as many."""
    numbers = [figure.obs_value for figure in record.figures]
    numbers += [new.obs_value for new in record.results]
    numbers += [flow.given for figure in record.figures for flow in figure.flows]
    exponents = [trimmed(number).as_tuple().exponent for number in numbers if number is not None]
    return max([0, *(-one for one in exponents if isinstance(one, int))])


def figure_text(number: Decimal | None, decimals: int) -> str:
    """A figure in Vietnamese; the mark for no figure, which is not 0, where there is none.

    >>> figure_text(Decimal("6892.700000000"), 1), figure_text(None, 0)
    ('6.892,7', '…')
    """
    if number is None:
        return "…"
    return vietnamese_number(number.quantize(Decimal(1).scaleb(-decimals)))


def amount_text(given: Decimal | None, least: Decimal | None, most: Decimal | None, decimals: int) -> str:
    """An amount, else its certain bounds, else nothing."""
    if given is not None:
        return figure_text(given, decimals)
    if least is not None and most is not None:
        return f"từ {figure_text(least, decimals)} đến {figure_text(most, decimals)}"
    return f"ít nhất {figure_text(least, decimals)}" if least is not None else "…"


def coverage_text(coverage: Decimal) -> str:
    """The share of the expected sources that reported, in per cent, rounded down: 100 % only where all did.

    >>> coverage_text(Decimal("1.000000")), coverage_text(Decimal("0.999999")), coverage_text(Decimal("0.987461"))
    ('100 %', '99,9 %', '98,7 %')
    """
    return f"{vietnamese_number(trimmed((coverage * 100).quantize(Decimal('0.1'), ROUND_FLOOR)))} %"


def status_text(status: str) -> str:
    """An observation status with its meaning, empty for an ordinary one."""
    return "" if status == "A" else f"{status}: {STATUSES.get(status, Name(status, status)).vi}"


def category_names(record: Handover, catalog: Catalog) -> Mapping[tuple[str, str], Name]:
    """What the dimensions of each measure's figures say, by measure and dimension text; the total is empty."""
    return {
        (one.measure.id, text): category_name(one.measure, text, catalog)
        for one in record.measures
        for text in dict.fromkeys(_dimensions(one))
    }


def _dimensions(record: MeasureRecord) -> Iterable[str]:
    yield from (figure.dimensions for figure in record.figures)
    yield from (total.dimensions for total in record.totals)
    yield from (new.dimensions for new in record.results)
    yield from (gap.dimensions for gap in record.missing if gap.dimensions is not None)


def category_name(measure: Measure, dimensions: str, catalog: Catalog) -> Name:
    """`residence=U` in the words of its code list."""
    names = []
    for pair in filter(None, dimensions.split(";")):
        dimension, _, code = pair.partition("=")
        codelist = catalog.codelists.get(measure.dimensions.get(dimension, ""))
        known = codelist.codes.get(code) if codelist is not None else None
        names.append(known.name if known is not None else Name(pair, pair))
    return Name("; ".join(name.vi for name in names), "; ".join(name.en for name in names))
