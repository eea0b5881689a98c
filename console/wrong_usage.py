"""What is said of a command line that cannot be read: an option or a command that is not there, a value left out.

The parser speaks English only, and stops before the language is known, so both languages stand in one line.
"""

from __future__ import annotations

import re
import sys

from typer.exceptions import TyperException

_WORDS = (
    (r"^No such option: ", "không có tuỳ chọn "),
    (r"\(Possible options: (.+)\)$", r"(có thể là: \1)"),
    (r"^No such command ", "không có lệnh "),
    (r"^Missing command", "thiếu lệnh"),
    (r"^Missing option ", "thiếu tuỳ chọn "),
    (r"^Missing argument ", "thiếu tham số "),
    (r"^Got unexpected extra argument(?:\(s\)|s)? ", "thừa tham số "),
    (r"^Option (\S+) requires an argument", r"tuỳ chọn \1 cần một giá trị"),
    (r"^Option (\S+) does not take a value", r"tuỳ chọn \1 không nhận giá trị"),
    (r"^Invalid value for ", "giá trị không dùng được cho "),
    (r"^Invalid value", "giá trị không dùng được"),
    (r"(?:Value error, )?(\S+) is not one of ", r"\1 không phải là một trong "),
    (r"Input should be less than or equal to ", "phải nhỏ hơn hoặc bằng "),
    (r"Input should be greater than or equal to ", "phải lớn hơn hoặc bằng "),
    (r"Input should be a valid integer.*", "phải là một số nguyên"),
    (r"Input should be a valid number.*", "phải là một số"),
    (r"Did you mean ", "có phải là "),
)
"""What the parser says, and the same in Vietnamese; what is not listed stays as it is."""


def in_vietnamese(message: str) -> str:
    """A message of the parser in Vietnamese.

    >>> in_vietnamese("Invalid value for '--format': Value error, 'zz' is not one of 'csv', 'json'.")
    "giá trị không dùng được cho '--format': 'zz' không phải là một trong 'csv', 'json'"
    """
    for pattern, words in _WORDS:
        message = re.sub(pattern, words, message)
    return message.rstrip(".")


def show_wrong_usage(error: TyperException) -> None:
    """Write to stderr what the parser found wrong, and where to read on; nothing where help was shown instead."""
    message = error.format_message()
    if not message:
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "chitieu"
    sys.stderr.write(f"{in_vietnamese(message)} / {message} [usage.command-line]\n")
    sys.stderr.write(f"cách dùng / usage: {command} --help\n")
