"""Opens a source file by what it is: CSV, XLSX or Parquet, by its extension and its first bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.sources import Source, refuse

_KINDS = {".csv": "CSV", ".txt": "CSV", ".tsv": "CSV", ".xlsx": "XLSX", ".xlsm": "XLSX", ".parquet": "Parquet"}
_SIGNATURES = (
    (b"PK\x03\x04", "XLSX"),
    (b"PAR1", "Parquet"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
    (b"<", "HTML/XML"),
    (b"{", "JSON"),
)


def read_source(path: Path) -> Source:
    """Read a file as text.

    Raises:
        DataFault: The file as a whole cannot be used; nothing of it is read.
    """
    content = _bytes(path)
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        refuse(path, "source.extension", found=path.suffix)
    if not content.strip():
        refuse(path, "source.empty")
    found = next((name for signature, name in _SIGNATURES if content.lstrip().startswith(signature)), "CSV")
    if found != kind:
        refuse(path, "source.wrong-extension", named=path.suffix, found="CSV/TXT" if found == "CSV" else found)
    digest = hashlib.sha256(content).hexdigest()
    # The readers of workbooks and Parquet take long to import, and most files need neither.
    if kind == "XLSX":
        from engine.xlsx_source import read_xlsx

        return read_xlsx(path, content, digest)
    if kind == "Parquet":
        from engine.parquet_source import read_parquet

        return read_parquet(path, content, digest)
    from engine.csv_source import read_csv

    return read_csv(path, content, digest)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        refuse(path, "source.folder")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        refuse(path, "source.no-file")
    except OSError as error:
        refuse(path, "source.unreadable", why=error.strerror)
