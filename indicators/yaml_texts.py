"""What is said of a YAML file that is not strict: by rule, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

YAML_TEXTS: Mapping[str, tuple[str, str]] = {
    "yaml.encoding": (
        "tệp không phải UTF-8 nên chữ tiếng Việt có thể bị hỏng; hãy lưu lại tệp với bảng mã UTF-8",
        "not UTF-8, so Vietnamese letters may be damaged; save the file as UTF-8",
    ),
    "yaml.too-large": (
        "tệp dài {size:,} ký tự, quá giới hạn {limit:,}; một định nghĩa chỉ vài chục dòng, hãy xem có nhầm tệp không",
        "{size:,} characters, over the limit of {limit:,}; a definition has a few dozen lines: is it the right file?",
    ),
    "yaml.empty": (
        "tệp trống; hãy viết định nghĩa vào đây hoặc xoá tệp",
        "the file is empty; write the definition here or delete the file",
    ),
    "yaml.several-documents": (
        "mỗi tệp chỉ chứa một định nghĩa; hãy bỏ dòng '---' và chuyển phần sau sang tệp khác",
        "a file holds one definition; remove the line '---' and move what follows to a file of its own",
    ),
    "yaml.duplicate-key": (
        "khoá '{key}' đã có ở dòng {first}; mỗi khoá chỉ được viết một lần, hãy bỏ bớt một",
        "key '{key}' already stands in line {first}; a key is written once: remove one of the two",
    ),
    "yaml.ambiguous-key": (
        'khoá {key} không có dấu nháy sẽ bị hiểu là số, đúng/sai hoặc rỗng; hãy viết "{key}"',
        'the unquoted key {key} is read as a number, true/false or nothing; write "{key}"',
    ),
    "yaml.merge-key": (
        "không dùng khoá gộp '<<' vì người đọc không thấy giá trị thật; hãy viết hẳn các khoá ra",
        "the merge key '<<' is refused because a reader cannot see the real values; write the keys out",
    ),
    "yaml.anchor": (
        "không dùng neo và tham chiếu (& và *) vì người đọc không thấy giá trị thật; hãy viết hẳn giá trị ra, "
        "hoặc đặt trong dấu nháy nếu đó là chữ",
        "anchors and aliases (& and *) are refused because a reader cannot see the real value; write the value out, "
        "or quote it if it is plain text",
    ),
    "yaml.tag": (
        "không dùng nhãn kiểu (! hoặc !!); hãy bỏ nhãn, hoặc đặt trong dấu nháy nếu đó là chữ",
        "type tags (! or !!) are refused; remove the tag, or quote the value if it is plain text",
    ),
    "yaml.not-nfc": (
        "chữ có dấu ở dạng tách rời (NFD) nên tìm kiếm và so sánh sẽ sai; hãy gõ lại hoặc lưu ở dạng dựng sẵn (NFC)",
        "accents are stored apart from their letters (NFD), so search and comparison fail; save the text as NFC",
    ),
    "yaml.tab": (
        "dòng thụt lề bằng phím Tab, YAML chỉ nhận dấu cách; hãy thay Tab bằng hai dấu cách",
        "indented with a tab, and YAML takes spaces only; replace the tab with two spaces",
    ),
    "yaml.syntax": (
        "không đọc được YAML từ đây: {vi}",
        "YAML cannot be read from here: {en}",
    ),
}

SYNTAX_HINTS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "thừa dấu hai chấm hoặc dòng trên chưa xong; chữ chứa ': ' phải đặt trong dấu nháy, và kiểm tra thụt lề",
        "a colon too many, or the line above is unfinished; quote text that holds ': ', and check the indentation",
    ),
    (
        "could not find expected ':'",
        "thiếu dấu hai chấm sau tên khoá; hãy viết 'khoá: giá trị'",
        "a colon is missing after a key; write 'key: value'",
    ),
    (
        "while scanning a quoted scalar",
        "dấu nháy mở mà không đóng; hãy thêm dấu nháy đóng",
        "a quote is opened and not closed; add the closing quote",
    ),
    (
        "expected ',' or '}'",
        "thiếu dấu phẩy hoặc dấu đóng '}'; hãy kiểm tra các cặp {...}",
        "a comma or the closing '}' is missing; check the pairs of {...}",
    ),
    (
        "expected ',' or ']'",
        "thiếu dấu phẩy hoặc dấu đóng ']'; hãy kiểm tra các cặp [...]",
        "a comma or the closing ']' is missing; check the pairs of [...]",
    ),
    (
        "expected <block end>",
        "thụt lề không khớp với các dòng cùng cấp; các khoá cùng cấp phải thẳng cột với nhau",
        "the indentation does not match its neighbours; keys of one level start in the same column",
    ),
    (
        "cannot start any token",
        "ký tự này không thể đứng đầu một giá trị; hãy đặt chữ trong dấu nháy và không dùng phím Tab",
        "this character cannot start a value; put the text in quotes, and use no tabs",
    ),
    (
        "nested too deeply",
        "lồng nhau quá nhiều tầng; một định nghĩa chỉ cần vài tầng, hãy kiểm tra các dấu ngoặc",
        "nested too deeply; a definition needs a few levels only: check the brackets",
    ),
    (
        "used as a key",
        "khoá phải là chữ, không phải danh sách hay bảng; hãy kiểm tra dấu ngoặc và dấu hai chấm",
        "a key must be text, not a list or a mapping; check the brackets and colons",
    ),
    (
        "special characters are not allowed",
        "có ký tự điều khiển không in được; hãy xoá và gõ lại dòng này",
        "an unprintable control character; delete it and type the line again",
    ),
)
"""Words of PyYAML's message, and what they mean to a statistician."""
