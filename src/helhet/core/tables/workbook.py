# SPDX-License-Identifier: EUPL-1.2
"""Records of an Excel workbook, guarded against archives and XML made to exhaust the reader."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from helhet.core.tables.errors import TableError, table_error
from helhet.core.tables.limits import Limits

# A sheet may hold formatted cells without value to its edge; this many are stepped over.
_MAX_SPARE_CELLS = 5_000_000
_MAX_ROW = 1_048_576
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAMAGE = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    SyntaxError,
)


def workbook_records(source: Path | bytes, limits: Limits, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number from 1, cells as text) of one sheet; formulas give their stored values."""
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml must be installed before workbooks are read")
    stream = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with stream:
        try:
            _guard(stream, limits)
            stream.seek(0)
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                yield from _sheet_records(_sheet(book, sheet), limits)
            finally:
                book.close()
        except TableError:
            raise
        except _DAMAGE as error:
            raise table_error("damaged") from error


def _guard(stream: Any, limits: Limits) -> None:
    start = stream.read(8)
    stream.seek(0)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise table_error("encrypted")
    if not start.startswith(b"PK"):
        raise table_error("content", kind="XLSX")
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise table_error("encrypted")
        # The reader never gives more than the declared size of an entry, so the declared sizes are true bounds.
        unpacked = sum(entry.file_size for entry in entries)
        packed = max(1, sum(entry.compress_size for entry in entries))
        strings = sum(e.file_size for e in entries if e.filename.lower().endswith("sharedstrings.xml"))
        if (
            len(entries) > limits.max_entries
            or unpacked > limits.max_unpacked
            or strings > limits.max_shared_strings
            or (unpacked > 2_000_000 and unpacked / packed > limits.max_ratio)
        ):
            raise table_error("archive")


def _sheet(book: Any, name: str | None) -> Any:
    if name is not None:
        if name not in book.sheetnames:
            raise table_error("sheet", sheet=name)
        return book[name]
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise table_error("empty")
    return visible[0]


def _sheet_records(sheet: Any, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    # Declared dimensions are often wrong; the bounds below hold whatever the sheet claims.
    sheet.reset_dimensions()
    spare = _MAX_SPARE_CELLS
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > _MAX_ROW:
            raise table_error("rows", number, limit=limits.max_rows)
        texts = [_text(cell, number) for cell in cells]
        if len(texts) > limits.max_columns:
            spare -= len(texts) - limits.max_columns
            if spare < 0 or any(texts[limits.max_columns :]):
                raise table_error("columns", number, limit=limits.max_columns)
        yield number, texts


def _text(cell: Any, number: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise table_error("formula_error", number, getattr(cell, "column_letter", None), value=value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    return str(value)
