"""Rules and codes of the catalog in plain words, for people who read definitions."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.definitions import Basis, Input, Measure, Name

AREA_RULES: Mapping[str, Name] = {
    "sum": Name("cộng các địa bàn", "areas add up"),
    "mean": Name("bình quân có quyền số", "weighted mean of areas"),
    "min": Name("lấy giá trị nhỏ nhất", "the smallest of the areas"),
    "max": Name("lấy giá trị lớn nhất", "the greatest of the areas"),
    "count_distinct": Name("đếm không trùng, chỉ biết khoảng", "distinct count, known within bounds only"),
    "none": Name("không gộp được", "cannot be combined"),
}
TIME_RULES: Mapping[str, Name] = {
    "flow": Name("cộng các kỳ", "periods add up"),
    "stock": Name("lấy kỳ cuối", "the last period"),
    "average": Name("bình quân các kỳ", "mean of the periods"),
    "none": Name("không gộp được", "cannot be combined"),
}
FREQUENCIES: Mapping[str, Name] = {
    "A": Name("năm", "yearly"),
    "S": Name("nửa năm", "half-yearly"),
    "Q": Name("quý", "quarterly"),
    "M": Name("tháng", "monthly"),
    "W": Name("tuần", "weekly"),
    "D": Name("ngày", "daily"),
}
WHEN_MISSING: Mapping[str, Name] = {
    "blank": Name("thiếu một đầu vào thì để trống", "blank where an input is missing"),
    "partial": Name("tính trên phần đã báo cáo, kèm độ phủ", "computed on what reported, with its coverage"),
    "carry_forward": Name("dùng kỳ gần nhất đã có", "the latest earlier period is used"),
}


def areas_in_words(measure: Measure) -> Name:
    """How values of several areas make the value of their union."""
    words, by = AREA_RULES[measure.areas.rule], measure.areas.by
    if by:
        return Name(f"{words.vi}: {by}", f"{words.en}: {by}")
    if measure.counts:
        return Name(
            f"{words.vi}; đếm địa bàn cấp {measure.counts} nên không quy đổi qua lần đổi địa giới",
            f"{words.en}; counts areas of level {measure.counts}, so it is never carried over a change of theirs",
        )
    if measure.internal_flow:
        return Name(
            f"{words.vi}; luồng đến địa bàn ở cột {measure.internal_flow}, nhập làm một thì thành nội bộ",
            f"{words.en}; moves to the area in column {measure.internal_flow}, which merging makes internal",
        )
    return words


def split_in_words(measure: Measure) -> Name:
    """What becomes of a piece that is cut off."""
    if measure.split_weight is None:
        return Name("không ước tính, chỉ cho khoảng chắc chắn", "not estimated, certain bounds only")
    return Name(f"ước tính theo {measure.split_weight}", f"estimated by {measure.split_weight}")


def dimensions_in_words(measure: Measure) -> Name:
    """The dimensions with their code lists, and which of them do not add up."""
    parts = [
        (f"{name} ({codelist})", measure.dimension_rules.get(name, "sum") == "none")
        for name, codelist in measure.dimensions.items()
    ]
    return Name(
        ", ".join(text + (" không cộng" if apart else "") for text, apart in parts),
        ", ".join(text + (" does not add up" if apart else "") for text, apart in parts),
    )


def input_in_words(given: Input) -> str:
    """An input with its selection: `budget.revenue [budget_stage=FINAL], 1 kỳ trước / 1 period back`."""
    chosen = ";".join(f"{name}={code}" for name, code in given.where.items())
    text = f"{given.measure} [{chosen}]" if chosen else given.measure
    return f"{text}, {given.periods_back} kỳ trước / period(s) back" if given.periods_back else text


def basis_in_words(basis: Basis) -> Name:
    """A legal basis with whether somebody has read the source."""
    text = f"{basis.document}, {basis.item}" if basis.item else basis.document
    if basis.verified:
        return Name(f"{text} (đã đối chiếu)", f"{text} (verified)")
    return Name(f"{text} (chưa đối chiếu)", f"{text} (not verified)")
