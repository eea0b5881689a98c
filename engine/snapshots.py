"""Which snapshot of the lake is meant: by its number, by a day, by a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from indicators.findings import Finding, UsageFault


def snapshot_option(as_of: str) -> str:
    """What ATTACH is told, after a comma; empty text for the present.

    Args:
        as_of: A snapshot's number, a day (its last moment) or a time; local, unless it says otherwise.

    Raises:
        UsageFault: It is none of these.

    >>> snapshot_option("12"), snapshot_option("2025-07-01T00:00:00+07:00")
    (', SNAPSHOT_VERSION 12', ", SNAPSHOT_TIME '2025-06-30 17:00:00.000000+00'")
    """
    if not as_of:
        return ""
    if as_of.isascii() and as_of.isdigit():
        return f", SNAPSHOT_VERSION {int(as_of)}"
    try:
        if len(as_of) == len("2025-07-01"):
            moment = datetime.combine(date.fromisoformat(as_of) + timedelta(days=1), time()).astimezone()
            moment -= timedelta(microseconds=1)
        else:
            moment = datetime.fromisoformat(as_of).astimezone()
    except (ValueError, OverflowError, OSError):
        raise no_snapshot(as_of, "không phải số, ngày hay giờ", "it is neither a number, a day nor a time") from None
    return f", SNAPSHOT_TIME '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"


def no_snapshot(as_of: str, why_vi: str, why_en: str) -> UsageFault:
    """The fault of asking for a snapshot that is not there."""
    return UsageFault(
        Finding(
            "lake.no-snapshot",
            "error",
            f"--as-of: không có bản chụp «{as_of}» ({why_vi}); ghi số bản chụp, ngày hoặc giờ, ví dụ 12, 2025-07-31",
            f"--as-of: no snapshot '{as_of}' ({why_en}); give its number, a day or a time, such as 12, 2025-07-31",
        )
    )
