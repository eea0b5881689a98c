"""Who receives and who reports, as `chitieu.toml` says: `[receivers.NAME]` and `[reporter]`.

A token is read from an environment variable or a file at the moment of sending; it is never kept, shown or logged.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from indicators.findings import DataFault, Finding, UsageFault
from submitters.form import Reporter

SETTINGS_FILE = "chitieu.toml"
TOKEN_VARIABLE = "CHITIEU_TOKEN"  # noqa: S105 (the name of a variable, not a token)
"""Where the token is taken from when an address is given on the command line."""

UNNAMED = Reporter("unnamed", "Đơn vị chưa khai báo")
"""The reporter of a workspace that does not say who reports."""

_KEYS = {"url": str, "token_env": str, "token_file": str, "ca_file": str, "seconds": int, "attempts": int}


@dataclass(frozen=True)
class Receiver:
    """A receiver of reports.

    Attributes:
        name: What the ledger knows it by: its name in `chitieu.toml`, or its address where it has none.
        url: Its address; plain http only on this machine.
        token: The bearer token, or empty; never part of a message.
        ca_file: Certificates to trust instead of the usual ones, or empty.
        seconds: The longest that one request may take, all in all.
        attempts: How often one command tries.
    """

    name: str
    url: str
    token: str = field(default="", repr=False)
    ca_file: str = ""
    seconds: int = 30
    attempts: int = 6


def read_reporter(root: Path) -> Reporter:
    """Who reports: `code` and `name` of `[reporter]`, else `UNNAMED`.

    Raises:
        DataFault: `chitieu.toml` cannot be read, or the section is wrong.
    """
    section = _settings(root).get("reporter")
    if not section:
        return UNNAMED
    code, name = (section.get(key) if isinstance(section, dict) else None for key in ("code", "name"))
    if not (isinstance(code, str) and code and isinstance(name, str) and name):
        raise DataFault(_wrong(root, "[reporter]", 'code = "..." và name = "..."', 'code = "..." and name = "..."'))
    return Reporter(code, name)


def read_receiver(root: Path, name: str, channel: str | None = None) -> Receiver:
    """The receiver of a report.

    Args:
        root: The workspace folder.
        name: The receiver that the report names.
        channel: Another receiver's name, or an address: a receiver of its own, which has received nothing that went
            elsewhere, unless `chitieu.toml` gives that very address a name. The token for an address is that of the
            variable `CHITIEU_TOKEN`, so that no other receiver's token gets there.

    Raises:
        UsageFault: The receiver is not in `chitieu.toml`; plain http to another machine; a password in the address;
            no token where one is named.
        DataFault: `chitieu.toml` is wrong.
    """
    listed = _settings(root).get("receivers", {})
    sections: Mapping[str, object] = listed if isinstance(listed, dict) else {}
    if channel and "://" in channel:
        url = _address(channel)
        known = _named_at(url, sections)
        name = name if name in known else min(known, default=url)
        return Receiver(name, url, _sendable(os.environ.get(TOKEN_VARIABLE, "").strip(), name))
    name = channel or name
    section: Any = sections.get(name)
    if not section:
        raise UsageFault(
            Finding(
                "receiver.unknown",
                "error",
                f"chưa khai báo nơi nhận '{name}'; thêm [receivers.{name}] với url vào {SETTINGS_FILE}, "
                f"hoặc ghi địa chỉ: --channel http://127.0.0.1:CỔNG",
                f"receiver '{name}' is not set up; add [receivers.{name}] with its url to {SETTINGS_FILE}, "
                f"or give an address: --channel http://127.0.0.1:PORT",
                subject=name,
            )
        )
    _check(root, name, section)
    given: Mapping[str, str | int] = section
    return Receiver(
        name,
        _address(str(given["url"])),
        _token(root, name, str(given.get("token_env", "")), str(given.get("token_file", ""))),
        str(root / str(given["ca_file"])) if "ca_file" in given else "",
        int(given.get("seconds", 30)),
        int(given.get("attempts", 6)),
    )


def _named_at(url: str, sections: Mapping[str, object]) -> list[str]:
    """The names that `chitieu.toml` gives to an address."""
    urls = {name: section.get("url") for name, section in sections.items() if isinstance(section, dict)}
    return [name for name, text in urls.items() if isinstance(text, str) and _plain(text) == url]


def _plain(url: str) -> str:
    """An address in one spelling; the text as it is where it is none.

    >>> _plain("HTTPS://BaoCao.example.vn:443/api/")
    'https://baocao.example.vn/api'
    """
    scheme, colon, rest = url.partition(":")
    try:
        return str(httpx.URL(scheme.lower() + colon + rest)).rstrip("/")
    except (ValueError, httpx.InvalidURL):
        return url


def _check(root: Path, name: str, section: object) -> None:
    wrong = not isinstance(section, dict) or "url" not in section
    if isinstance(section, dict):
        wrong = wrong or any(not isinstance(value, _KEYS.get(key, ())) for key, value in section.items())
        wrong = wrong or any(section.get(key, 1) < 1 for key in ("seconds", "attempts") if not wrong)
    if wrong:
        keys = ", ".join(_KEYS)
        raise DataFault(_wrong(root, f"[receivers.{name}]", f"url (và {keys})", f"url (and {keys})"))


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = httpx.URL(url).host
    except (ValueError, httpx.InvalidURL):
        raise UsageFault(_refused(url, "không phải là một địa chỉ", "it is not an address")) from None
    if parts.username or parts.password:
        shown = f"{parts.scheme}://…@{host}"
        raise UsageFault(_refused(shown, "không ghi mật khẩu trong địa chỉ", "an address must not carry a password"))
    if (parts.scheme == "https" and host) or (parts.scheme == "http" and is_loopback(host)):
        return _plain(url)
    raise UsageFault(
        _refused(
            url,
            "chỉ gửi qua https (http chỉ dùng cho máy này, ví dụ http://127.0.0.1:8080)",
            "only https is used (http only on this machine, such as http://127.0.0.1:8080)",
        )
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("127.0.0.1.example.vn")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(root: Path, name: str, variable: str, file: str) -> str:
    token = os.environ.get(variable, "").strip() if variable else ""
    try:
        token = token or ((root / file).read_text("utf-8").strip() if file else "")
    except (OSError, UnicodeDecodeError):
        token = ""
    if token or not (variable or file):
        return _sendable(token, name)
    where = " / ".join(one for one in (variable, file) if one)
    raise UsageFault(
        Finding(
            "receiver.no-token",
            "error",
            f"không có mã truy cập cho nơi nhận '{name}': {where} chưa có hoặc rỗng",
            f"no token for receiver '{name}': {where} is not set or empty",
            subject=name,
        )
    )


def _sendable(token: str, name: str) -> str:
    if token.isascii() and (token.isprintable() or not token):
        return token
    vi, en = (
        "có ký tự lạ; chỉ dùng chữ cái không dấu, số và dấu",
        "has odd characters; use plain letters, digits, signs",
    )
    raise UsageFault(
        Finding(
            "receiver.token", "error", f"mã truy cập của '{name}' {vi}", f"the token of '{name}' {en}", subject=name
        )
    )


def _settings(root: Path) -> Mapping[str, object]:
    file = root / SETTINGS_FILE
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFault(
            Finding("workspace.settings", "error", f"không đọc được: {error}", f"cannot be read: {error}", str(file))
        ) from None


def _wrong(root: Path, section: str, vi: str, en: str) -> Finding:
    return Finding(
        "workspace.settings",
        "error",
        f"mục {section} sai; cần {vi}",
        f"section {section} is wrong; it needs {en}",
        file=str(root / SETTINGS_FILE),
    )


def _refused(url: str, vi: str, en: str) -> Finding:
    return Finding("receiver.address", "error", f"địa chỉ '{url}': {vi}", f"address '{url}': {en}")
