"""The units of measure that every workspace has unless its own `catalog/units.yaml` says otherwise.

`dimension` is a product of base words (`person`, `vnd`, `km2`, ...), empty for pure numbers; `scale` is how much of
that product one of the unit is. A percent is 1/100 of a pure number, a hectare 1/100 of a square kilometre.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from indicators.definitions import Name, Unit

_ROWS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    # id, vi, en, symbol vi, symbol en, dimension, scale
    ("PERSON", "Người", "Persons", "người", "persons", "person", "1"),
    ("THOUSAND_PERSONS", "Nghìn người", "Thousand persons", "nghìn người", "thousand persons", "person", "1000"),
    ("HOUSEHOLD", "Hộ", "Households", "hộ", "households", "household", "1"),
    ("CASE", "Ca", "Cases", "ca", "cases", "case", "1"),
    ("UNIT", "Đơn vị, cái", "Units, items", "cái", "items", "item", "1"),
    ("KM2", "Kilômét vuông", "Square kilometres", "km²", "km²", "km2", "1"),
    ("HECTARE", "Hécta", "Hectares", "ha", "ha", "km2", "0.01"),
    ("M2", "Mét vuông", "Square metres", "m²", "m²", "km2", "0.000001"),
    ("KM", "Kilômét", "Kilometres", "km", "km", "km", "1"),
    ("VND", "Đồng", "Dong", "đồng", "VND", "vnd", "1"),
    ("THOUSAND_VND", "Nghìn đồng", "Thousand dong", "nghìn đồng", "thousand VND", "vnd", "1000"),
    ("MILLION_VND", "Triệu đồng", "Million dong", "triệu đồng", "million VND", "vnd", "1000000"),
    ("BILLION_VND", "Tỷ đồng", "Billion dong", "tỷ đồng", "billion VND", "vnd", "1000000000"),
    ("USD", "Đô la Mỹ", "US dollars", "USD", "USD", "usd", "1"),
    ("MILLION_USD", "Triệu đô la Mỹ", "Million US dollars", "triệu USD", "million USD", "usd", "1000000"),
    ("THOUSAND_VND_PER_PERSON", "Nghìn đồng một người", "Thousand dong per person",
     "nghìn đồng/người", "thousand VND/person", "vnd/person", "1000"),
    ("MILLION_VND_PER_PERSON", "Triệu đồng một người", "Million dong per person",
     "triệu đồng/người", "million VND/person", "vnd/person", "1000000"),
    ("PERSON_PER_KM2", "Người trên một kilômét vuông", "Persons per square kilometre",
     "người/km²", "persons/km²", "person/km2", "1"),
    ("TONNE", "Tấn", "Tonnes", "tấn", "t", "tonne", "1"),
    ("THOUSAND_TONNES", "Nghìn tấn", "Thousand tonnes", "nghìn tấn", "thousand t", "tonne", "1000"),
    ("KWH", "Kilôoát giờ", "Kilowatt hours", "kWh", "kWh", "kwh", "1"),
    ("MILLION_KWH", "Triệu kilôoát giờ", "Million kilowatt hours", "triệu kWh", "million kWh", "kwh", "1000000"),
    ("RATIO", "Lần", "Ratio", "lần", "times", "", "1"),
    ("PERCENT", "Phần trăm", "Percent", "%", "%", "", "0.01"),
    ("PERCENTAGE_POINT", "Điểm phần trăm", "Percentage points", "điểm %", "pp", "", "0.01"),
    ("PER_1000", "Phần nghìn", "Per thousand", "‰", "‰", "", "0.001"),
    ("PER_1000_PERSONS", "Phần nghìn dân", "Per 1,000 persons", "‰", "per 1,000", "", "0.001"),
    ("PER_100000_PERSONS", "Trên 100.000 dân", "Per 100,000 persons", "/100.000 dân", "per 100,000", "", "0.00001"),
    ("CASE_PER_100000_PERSONS", "Ca trên 100.000 dân", "Cases per 100,000 persons",
     "ca/100.000 dân", "cases per 100,000", "case/person", "0.00001"),
    ("SCORE", "Điểm", "Points", "điểm", "points", "score", "1"),
    ("RANK", "Hạng", "Rank", "hạng", "rank", "rank", "1"),
    ("YEAR", "Năm", "Years", "năm", "years", "year", "1"),
    ("MONTH", "Tháng", "Months", "tháng", "months", "month", "1"),
    ("DAY", "Ngày", "Days", "ngày", "days", "day", "1"),
    ("HOUR", "Giờ", "Hours", "giờ", "h", "hour", "1"),
)  # fmt: skip

BUILT_IN_UNITS: Mapping[str, Unit] = {
    id_: Unit(id_, Name(vi, en), Name(symbol_vi, symbol_en), dimension, Decimal(scale))
    for id_, vi, en, symbol_vi, symbol_en, dimension, scale in _ROWS
}
"""Unit id to unit."""
