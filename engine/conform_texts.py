"""What a row that does not fit its data model is told: what is wrong, and what to do, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

CONFORM_TEXTS: Mapping[str, tuple[str, str]] = {
    "load.no-column": (
        "thiếu cột «{column}» mà {model} cần; dòng đầu tiên của tệp phải là tên cột; {guess}",
        "column '{column}' that {model} needs is missing; the first row must be the column names; {guess_en}",
    ),
    "load.unknown-column": (
        "cột «{column}» không phải là cột của {model}; xoá cột hoặc sửa tên (mô hình dữ liệu có thể khai nó trong "
        "other_columns); {guess}",
        "'{column}' is no column of {model}; remove or rename it (a data model may list it in other_columns); "
        "{guess_en}",
    ),
    "load.no-item-name": (
        "ô «{column}» trống; ghi tên số liệu của dòng này",
        "'{column}' is empty; name what the figure of this row is",
    ),
    "load.unknown-item": (
        "«{value}» trong cột «{column}» không có trong mô hình; {guess}",
        "'{value}' in column '{column}' is not in the model; {guess_en}",
    ),
    "load.no-area": (
        "không có mã địa bàn; điền mã có hiệu lực ngày {day}, vì số liệu không có mã thì không biết của nơi nào",
        "there is no area code; give the code in force on {day}, for a figure without one belongs nowhere",
    ),
    "load.unknown-area": (
        "«{code}» chưa bao giờ là mã địa bàn; {hint_vi}",
        "'{code}' has never been an area code; {hint_en}",
    ),
    "load.area-not-in-force": (
        "mã «{code}» không có hiệu lực ngày {day}: {hint_vi}. Sửa mã, hoặc nêu đúng ngày của bộ mã (load --basis, "
        "restate --from)",
        "code '{code}' is not in force on {day}: {hint_en}. Correct the code, or name the day of the codes "
        "(load --basis, restate --from)",
    ),
    "load.area-level": (
        "mã «{code}» là {name} (cấp {level}), nhưng {measure} được đọc ở cấp {due}; dùng mã cấp {due}, hoặc nêu cấp "
        "của tệp (restate --level {level})",
        "code '{code}' is {name} (level {level}), but {measure} is read at level {due}; use codes of level {due}, or "
        "name the file's level (restate --level {level})",
    ),
    "load.area-name": (
        "ngày {day} mã «{code}» là «{name}», nhưng dòng ghi «{value}»; {hint_vi}",
        "on {day} code '{code}' is '{name}', but the row says '{value}'; {hint_en}",
    ),
    "load.no-period": ("không có kỳ số liệu; điền cột «{column}»", "there is no period; fill column '{column}'"),
    "load.period": (
        "«{value}» không phải là {due_vi}; viết như {example}",
        "'{value}' is not {due_en}; write it like {example}",
    ),
    "load.period-form": ("{vi}", "{en}"),
    "load.period-too-early": (
        "kỳ {value} trước kỳ sớm nhất được nhận là {earliest}: {why_vi}",
        "period {value} is before {earliest}, the earliest accepted: {why_en}",
    ),
    "load.period-in-future": (
        "kỳ {value} chưa bắt đầu (hôm nay là {today}); sửa kỳ, hoặc ghi trạng thái F nếu là số dự báo",
        "period {value} has not begun (today is {today}); correct it, or give status F if it is a forecast",
    ),
    "load.unknown-code": (
        "«{value}» trong cột «{column}» không có trong danh mục {codelist}; {guess}",
        "'{value}' in column '{column}' is not in code list {codelist}; {guess_en}",
    ),
    "load.dimension-not-of-measure": (
        "{measure} không phân theo «{column}»; để trống ô này",
        "{measure} is not broken down by '{column}'; leave the cell empty",
    ),
    "load.unknown-status": (
        "«{value}» không phải trạng thái; dùng một trong {known} (SDMX), hoặc để trống",
        "'{value}' is no status; use one of {known} (SDMX), or leave it empty",
    ),
    "load.status-without-value": (
        "trạng thái {status} nói là có số liệu nhưng ô «{column}» trống; điền số, hoặc ghi O, M, L hay Q",
        "status {status} says that there is a value, but '{column}' is empty; give it, or use O, M, L or Q",
    ),
    "load.value-without-status": (
        "trạng thái {status} nói là không có số liệu nhưng ô «{column}» có số; xoá số hoặc sửa trạng thái",
        "status {status} says that there is no value, but '{column}' has one; remove it or correct the status",
    ),
    "load.negative": (
        "{value} là số âm, nhưng {measure} không thể âm; kiểm tra dấu",
        "{value} is negative, and {measure} cannot be; check the sign",
    ),
    "load.too-small": (
        "{value} nhỏ hơn mức thấp nhất {limit} của mô hình; kiểm tra số và đơn vị tính ({unit})",
        "{value} is below the model's least value {limit}; check the figure and its unit ({unit})",
    ),
    "load.too-great": (
        "{value} lớn hơn mức cao nhất {limit} của mô hình; kiểm tra số và đơn vị tính ({unit})",
        "{value} is above the model's greatest value {limit}; check the figure and its unit ({unit})",
    ),
    "load.duplicate": (
        "khoá ({key}) có {count} lần trong tệp, ở các dòng {rows}; không biết dòng nào đúng nên từ chối cả; giữ một",
        "the key ({key}) stands {count} times in the file, in rows {rows}; which is right is unknown, so all are "
        "refused; keep one",
    ),
    "load.row-rule": ("{vi} ({check})", "{en} ({check})"),
}


def conform_text(rule: str, **facts: object) -> tuple[str, str]:
    """A rule's message in both languages, with its facts filled in."""
    vi, en = CONFORM_TEXTS[rule]
    return vi.format(**facts), en.format(**facts)
