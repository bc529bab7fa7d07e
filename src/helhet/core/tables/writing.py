# SPDX-License-Identifier: EUPL-1.2
"""Write tables as CSV and workbooks; the same content always gives the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from helhet.core.tables.safety import neutralise

Cell = str | int | float | Decimal | bool | dt.date | dt.datetime | None

_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_SAMPLE = 200
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MAX_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a written table: `format` is an Excel number format, `width` counts characters (0 = by content)."""

    name: str
    format: str = ""
    width: int = 0


def write_csv(columns: Sequence[str | Column], rows: Iterable[Sequence[Cell]], *, language: str = "sv") -> bytes:
    """Return UTF-8 with byte order mark: `;` and decimal comma, or `,` and decimal point where `language` is "en".

    Text that a spreadsheet might run gets an apostrophe before it; numbers stay numbers.
    """
    english = language.lower().startswith("en")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="," if english else ";", lineterminator="\r\n")
    writer.writerow([neutralise(_name(column)) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(cell, english) for cell in row])
    return text.getvalue().encode("utf-8-sig", errors="replace")


def write_xlsx(
    sheets: Mapping[str, tuple[Sequence[str | Column], Iterable[Sequence[Cell]]]],
    *,
    title: str = "",
    created: dt.datetime | None = None,
) -> bytes:
    """Return a workbook with one sheet per entry: header in bold, first row frozen, filter, widths by content.

    Rows are written as they come, in constant memory. `created` is stamped into the properties (a fixed date if None).
    """
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title[:255], "created": (created or _EPOCH).replace(tzinfo=None)})
        taken: set[str] = set()
        for name, (columns, rows) in sheets.items():
            _write_sheet(book, book.add_worksheet(sheet_name(name, taken)), columns, rows)
    return buffer.getvalue()


def sheet_name(name: str, taken: set[str]) -> str:
    """Return `name` as Excel allows it (31 characters, some forbidden, unique whatever the case); adds it to `taken`."""
    base = _SHEET_FORBIDDEN.sub(" ", name).strip().strip("'")[:31].strip() or "Tabell"
    if base.lower() == "history":  # reserved by Excel
        base = "History 1"
    found, number = base, 2
    while found.lower() in taken:
        tail = f" ({number})"
        found, number = base[: 31 - len(tail)] + tail, number + 1
    taken.add(found.lower())
    return found


def _name(column: str | Column) -> str:
    return column if isinstance(column, str) else column.name


def _csv_cell(cell: Cell, english: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return neutralise(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if not math.isfinite(cell):
        return ""
    text = f"{cell:f}" if isinstance(cell, Decimal) else repr(cell)
    return text if english else text.replace(".", ",")


def _write_sheet(book: Any, sheet: Any, columns: Sequence[str | Column], rows: Iterable[Sequence[Cell]]) -> None:
    wanted = [column if isinstance(column, Column) else Column(column) for column in columns]
    remaining = iter(rows)
    sample = list(islice(remaining, _SAMPLE))
    header = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E9F0F4", "valign": "top", "text_wrap": True})
    date = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    plain = book.add_format({"valign": "top", "text_wrap": True})
    formats = [book.add_format({"num_format": c.format, "valign": "top"}) if c.format else None for c in wanted]
    for index, column in enumerate(wanted):
        sheet.set_column(
            index, index, column.width or _width(column.name, (r[index] for r in sample if index < len(r)))
        )
        sheet.write_string(0, index, neutralise(column.name)[:_MAX_CELL], header)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(chain(sample, remaining), start=1):
        for index, cell in enumerate(row):
            given = formats[index] if index < len(formats) else None
            _write_cell(sheet, last, index, cell, given, (plain, date, moment))
    if wanted and last:
        sheet.autofilter(0, 0, last, len(wanted) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, given: Any, styles: tuple[Any, Any, Any]) -> None:
    plain, date, moment = styles
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, column, neutralise(cell)[:_MAX_CELL], plain)
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, column, cell.replace(tzinfo=None), moment)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, cell, date)
    elif math.isfinite(cell):
        sheet.write_number(row, column, cell, given)


def _width(name: str, cells: Iterable[Cell]) -> int:
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    return max(8, min(60, max(len(name), longest) + 2))
