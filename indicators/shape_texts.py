"""What is said of a definition whose shape is wrong: by rule, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

SHAPE_TEXTS: Mapping[str, tuple[str, str]] = {
    "shape.unknown-key": (
        "không có khoá '{key}' ở đây; {guess_vi}",
        "there is no key '{key}' here; {guess_en}",
    ),
    "shape.comma": (
        "'{key}' bị hiểu là một khoá không có giá trị, thường vì chữ trong {{...}} có dấu phẩy; hãy đặt cả câu trong "
        'dấu nháy "..."',
        "'{key}' is read as a key without a value, mostly because text within {{...}} holds a comma; put the whole "
        'text in quotes "..."',
    ),
    "shape.missing-key": (
        "thiếu khoá '{key}'{why_vi}; hãy thêm '{key}: …'",
        "key '{key}' is missing{why_en}; add '{key}: …'",
    ),
    "shape.needless-key": (
        "khoá '{key}' không dùng ở đây ({vi}); hãy bỏ khoá hoặc đổi 'rule'",
        "key '{key}' does not belong here ({en}); remove it or change 'rule'",
    ),
    "shape.number-not-text": (
        'số {value} đứng ở chỗ cần chữ, sẽ mất số 0 ở đầu hoặc đổi dạng; hãy viết "{value}" trong dấu nháy',
        'the number {value} stands where text is meant, and other readers would change it; write "{value}" in quotes',
    ),
    "shape.boolean-not-text": (
        '{value} không có dấu nháy sẽ bị hiểu là đúng/sai; hãy viết "{value}" trong dấu nháy',
        '{value} without quotes is read as true or false; write "{value}" in quotes',
    ),
    "shape.text-not-number": (
        "'{value}' phải là số viết thường, không dấu nháy, dấu thập phân là dấu chấm (ví dụ 12.5){what_vi}",
        "'{value}' must be a plain number without quotes, with a decimal point (such as 12.5){what_en}",
    ),
    "shape.not-whole": (
        "{value} phải là số nguyên không dấu nháy{what_vi}",
        "{value} must be a whole number without quotes{what_en}",
    ),
    "shape.not-boolean": (
        "'{value}' phải là true hoặc false, không dấu nháy",
        "'{value}' must be true or false, without quotes",
    ),
    "shape.empty": (
        "chưa có giá trị; hãy viết vào hoặc bỏ khoá này{what_vi}",
        "no value; write one or remove the key{what_en}",
    ),
    "shape.type": (
        "ở đây cần {due_vi}, không phải {found_vi}; hãy xem ví dụ trong catalog/README.md",
        "{due_en} is due here, not {found_en}; see the examples in catalog/README.md",
    ),
    "shape.choice": (
        "'{value}' không phải là một lựa chọn; {guess_vi}",
        "'{value}' is not one of the choices; {guess_en}",
    ),
    "shape.form": (
        "'{value}' viết không đúng dạng; cần {what_vi}",
        "'{value}' is not in the right form; it must be {what_en}",
    ),
    "shape.key-form": (
        "khoá '{key}' viết không đúng dạng; cần {what_vi}",
        "key '{key}' is not in the right form; it must be {what_en}",
    ),
    "shape.range": (
        "{value} nằm ngoài khoảng cho phép ({limit}){what_vi}; hãy sửa lại",
        "{value} is out of range ({limit}){what_en}; correct it",
    ),
    "shape.too-few": (
        "danh sách trống; cần ít nhất {due} mục",
        "nothing is listed; at least {due} is due",
    ),
    "shape.too-many": (
        "chỉ được chọn một khoá ở đây; hãy bỏ bớt",
        "only one of these keys may be given; remove the others",
    ),
    "shape.split-refuse": (
        "'refuse' chỉ nhận true; muốn chia thì viết 'weight: …'",
        "'refuse' takes only true; to estimate pieces write 'weight: …'",
    ),
}

KINDS: Mapping[str, tuple[str, str]] = {
    "object": ("một nhóm khoá (khoá: giá trị)", "a group of keys (key: value)"),
    "array": ("một danh sách [..]", "a list [..]"),
    "string": ("chữ", "text"),
    "number": ("một số", "a number"),
    "integer": ("một số nguyên", "a whole number"),
    "boolean": ("true hoặc false", "true or false"),
    "null": ("để trống", "nothing"),
}
"""JSON types in a statistician's words."""
