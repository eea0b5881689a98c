"""The JSON Schemas (draft 2020-12) of what statisticians write: one for each kind of file in the catalog."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.schema_parts import (
    BASIS,
    CODE,
    CODELIST,
    CODES,
    DIMENSION_NAME,
    LEVEL,
    NAME,
    STATUSES,
    WORD,
    Schema,
    choice,
    day,
    document,
    id_,
    integer,
    keyed,
    listed,
    mapping,
    needs,
    number,
    text,
)

_DECIMALS = integer("số chữ số thập phân", "digits after the decimal point", 0, 9)
_LEVEL = text("cấp đơn vị hành chính có trong areas.csv", "a level that areas.csv uses", LEVEL)
_UNIT = text("mã đơn vị tính trong units.yaml", "a unit of units.yaml", r"^[A-Z][A-Z0-9_]*$")
_COLUMN = text("tên cột trong tệp nguồn", "a column of the source file")

_AREAS = mapping(
    ["rule"],
    rule=choice("cách gộp theo địa bàn", "how areas combine", "sum", "mean", "min", "max", "count_distinct", "none"),
    by=id_("đại lượng làm quyền số", "the measure that weighs the mean"),
    why=NAME,
) | {
    "allOf": [
        needs({"rule": {"const": "mean"}}, "by", "trung bình phải có quyền số", "a mean needs its weight"),
        needs({"rule": {"const": "none"}}, "why", "không gộp được thì phải nói lý do và cần thu thập gì thay thế",
              "what cannot be combined needs a reason, and what to collect instead"),
    ]
}  # fmt: skip

MEASURE = document("measure", mapping(
    ["id", "name", "unit", "decimals", "level", "areas", "time"],
    id=id_("mã đại lượng", "id of the measure"),
    name=NAME,
    unit=_UNIT,
    decimals=_DECIMALS,
    level=_LEVEL,
    dimensions=keyed(DIMENSION_NAME, text("mã danh mục, ví dụ CL_SEX", "a code list, such as CL_SEX", CODELIST)),
    areas=_AREAS,
    time=mapping(["rule"], rule=choice("cách gộp theo thời gian", "how periods combine",
                                       "flow", "stock", "average", "none")),
    dimension_rules=keyed(DIMENSION_NAME, choice("cách gộp theo phân tổ", "how codes combine", "sum", "none")),
    split=mapping(
        [],
        weight=text("cơ sở chia trong weights.csv: population, area, households hoặc mã một đại lượng",
                    "a basis of weights.csv: population, area, households or a measure's id"),
        refuse={"type": "boolean", "const": True, "description": "không chia, chỉ cho khoảng / bounds only"},
    ) | {"minProperties": 1, "maxProperties": 1},
    internal_flow=mapping(["counterpart"], counterpart=DIMENSION_NAME),
    counts=text("cấp của địa bàn được đếm (số xã đạt chuẩn): không quy đổi qua lần đổi địa giới",
                "the level of the areas that are counted (communes that meet a standard): never carried over a change",
                WORD),
    signed={"type": "boolean", "description": "có thể có giá trị âm / values may be negative"},
))  # fmt: skip

_INPUT: Schema = {
    "type": ["string", "object"],
    "pattern": id_("", "")["pattern"],
    "x-vi": "mã một đại lượng, hoặc {measure: mã, where: {phân tổ: mã}, periods_back: số kỳ}",
    "x-en": "a measure's id, or {measure: id, where: {dimension: code}, periods_back: number}",
    "additionalProperties": False,
    "required": ["measure"],
    "properties": {
        "measure": id_("mã đại lượng", "id of the measure"),
        "where": CODES,
        "periods_back": integer("số kỳ lùi lại", "periods back", 0, 1000),
    },
}
_VARIABLE = text("tên biến trong công thức: chữ thường, số, gạch dưới", "a name in the formula", WORD)
_VERSION = mapping(
    ["valid_from", "basis", "formula", "inputs"],
    valid_from=day("ngày phiên bản bắt đầu có hiệu lực", "the day from which the version is in force"),
    basis=listed(BASIS),
    formula=text("biểu thức SQL trên các biến của inputs", "a SQL expression over the names of inputs"),
    inputs=keyed(_VARIABLE, _INPUT, 1),
    when_missing=choice("khi thiếu số liệu", "when an input is missing", "blank", "partial", "carry_forward"),
    change=text("phiên bản này khác gì phiên bản trước", "what differs from the version before"),
)
_EXAMPLE = mapping(
    ["given", "expect"],
    name=text("tên ví dụ", "name of the example"),
    given=keyed(_VARIABLE, listed({"type": ["number", "null"], "x-vi": "một số, hoặc null nếu thiếu",
                                   "x-en": "a number, or null where it is missing"}), 1),
    expect={"type": ["number", "null"], "x-vi": "một số tính tay, hoặc null",
            "x-en": "a number worked out by hand, or null"},
)  # fmt: skip

INDICATOR = document("indicator", mapping(
    ["id", "name", "unit", "decimals", "frequency", "levels", "versions"],
    id=id_("mã chỉ tiêu", "id of the indicator"),
    name=NAME,
    definition=NAME,
    unit=_UNIT,
    decimals=_DECIMALS,
    frequency=choice("kỳ công bố", "how often it is published", "A", "S", "Q", "M", "W", "D"),
    levels=listed(_LEVEL),
    versions=listed(_VERSION),
    examples=listed(_EXAMPLE, 0),
))  # fmt: skip

_ITEM = mapping(
    ["measure"],
    measure=id_("mã đại lượng", "id of the measure"),
    dimensions=CODES,
    min=number("giá trị nhỏ nhất được nhận", "smallest value accepted", quoted=True),
    max=number("giá trị lớn nhất được nhận", "largest value accepted", quoted=True),
    status=choice("trạng thái khi nguồn không ghi", "status where the source gives none", *STATUSES),
)
_ROW_RULE = mapping(
    ["id", "check", "message"],
    id=text("mã quy tắc", "id of the rule", WORD),
    check=text("biểu thức SQL trên các cột của một dòng", "a SQL expression over the columns of a row"),
    message=NAME,
    severity=choice("mức độ", "severity", "error", "warning"),
)

MODEL = document("model", mapping(
    ["id", "name", "area_basis", "items"],
    id=text("mã bộ dữ liệu: chữ thường, số, gạch dưới", "id: lower-case letters, digits, underscores", WORD),
    name=NAME,
    source=text("nguồn của số liệu", "where the figures come from"),
    area_basis=day("ngày mà mã địa bàn trong tệp có nghĩa", "the day whose areas the codes mean"),
    when_bad=choice("khi có dòng sai", "when rows are bad", "keep_good", "refuse_file"),
    layout=choice("cách xếp bảng", "layout of the table", "long", "wide"),
    area=mapping(
        [],
        column=_COLUMN,
        name_column=_COLUMN,
        also_called=keyed(text("mã địa bàn trong dấu nháy", "an area code, in quotes", CODE),
                          listed(text("tên khác mà nguồn dùng", "another name that the source uses"))),
    ),
    time=mapping(
        [],
        column=_COLUMN,
        format=choice("cách viết kỳ", "how periods are written", "period", "year", "date"),
        min=text("kỳ sớm nhất được nhận, viết trong dấu nháy", "earliest period accepted, in quotes"),
        min_why=NAME,
    ),
    value=mapping(["column"], column=_COLUMN),
    item=mapping(["column"], column=_COLUMN),
    status=mapping(["column"], column=_COLUMN),
    dimensions=keyed(DIMENSION_NAME, _COLUMN),
    items=keyed({"type": "string"}, _ITEM, 1),
    other_columns=listed(_COLUMN, 0),
    rules=listed(_ROW_RULE, 0),
))  # fmt: skip

_MOMENT = mapping(
    ["month", "day"],
    month=integer("tháng, tính từ tháng gốc của kỳ", "months from the period's own month", -12, 12),
    day=integer("ngày trong tháng", "day of the month", 1, 31),
)
_WINDOW = mapping(["from", "to", "due", "basis"], from_=_MOMENT, to=_MOMENT, due=_MOMENT, basis=BASIS)

CALENDAR = document("calendar", mapping(
    ["id", "name", "timezone", "periods"],
    id=text("mã lịch: chữ thường, số, gạch dưới", "id: lower-case letters, digits, underscores", WORD),
    name=NAME,
    timezone=text("múi giờ, ví dụ Asia/Ho_Chi_Minh", "time zone, such as Asia/Ho_Chi_Minh"),
    periods={
        "type": "object", "minProperties": 1, "additionalProperties": False,
        "properties": dict.fromkeys(("M", "Q", "S", "9M", "A"), _WINDOW),
    },
))  # fmt: skip

REPORT = document("report", mapping(
    ["id", "name", "calendar", "frequency", "level", "receiver", "columns"],
    id=text("mã biểu: chữ thường, số, gạch dưới", "id: lower-case letters, digits, underscores", WORD),
    name=NAME,
    calendar=text("mã lịch", "id of the calendar", WORD),
    frequency=choice("kỳ báo cáo", "kind of period", "M", "Q", "S", "9M", "A"),
    level=_LEVEL,
    receiver=text("nơi nhận", "the receiver", WORD),
    area_basis=day("ngày mà địa bàn của biểu có hiệu lực", "the day whose areas are the rows"),
    columns=listed(mapping(
        ["indicator"],
        indicator=id_("mã chỉ tiêu", "id of the indicator"),
        dimensions=text("phân tổ, ví dụ sex=F", "dimensions, such as sex=F", r"^[a-z][a-z0-9_]*=\S+$"),
        name=NAME,
        latest={"type": "boolean", "description": "lấy kỳ mới nhất đang có / take the latest period held"},
    )),
    basis=listed(BASIS, 0),
))  # fmt: skip

UNITS = document("units", listed(mapping(
    ["id", "name", "symbol"],
    id=_UNIT,
    name=NAME,
    symbol=NAME,
    dimension=text("thứ nguyên, ví dụ person hoặc vnd/person", "dimension, such as person or vnd/person"),
    scale=number("hệ số so với đơn vị gốc", "factor to the base unit", exclusiveMinimum=0),
)))  # fmt: skip

SCHEMAS: Mapping[str, Schema] = {
    "measure": MEASURE,
    "indicator": INDICATOR,
    "model": MODEL,
    "calendar": CALENDAR,
    "report": REPORT,
    "units": UNITS,
}
"""File name in `catalog/schema/` (without `.json`) to schema."""
