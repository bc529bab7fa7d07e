# SPDX-License-Identifier: EUPL-1.2
"""The tables of a document as a workbook or CSV; reading and writing of tables as such is `helhet.core.tables`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from helhet.core import tables
from helhet.core.tables import Cell, Limits, Row, TableError, parse_number, read, write_csv, write_xlsx
from helhet.paper import labels
from helhet.paper.document import Alternatives, Document, Sources, Table, walk
from helhet.paper.plaintext import one_line
from helhet.paper.sources import sources_table, with_sources
from helhet.paper.words import alternatives_table, plain

__all__ = [
    "Limits",
    "Row",
    "TableError",
    "document_tables",
    "document_workbook",
    "read",
    "read_table",
    "table_csv",
    "write_csv",
    "write_xlsx",
]


def document_tables(document: Document) -> Iterator[Table]:
    """Yield every table of `document` in reading order: alternatives, those of charts and the sources included."""
    for item in walk(with_sources(document).sections):
        if isinstance(item, Table):
            yield item
        elif isinstance(item, Alternatives):
            yield alternatives_table(item)
        elif isinstance(item, Sources):
            yield sources_table(document)


def document_workbook(document: Document, *, timestamp: dt.datetime | None = None) -> bytes:
    """Return a workbook with one sheet per table; numbers as shown become numbers, everything else stays text."""
    sheets: dict[str, tuple[Sequence[str | tables.Column], list[list[Cell]]]] = {}
    word = labels.word("table", document.language)
    for number, table in enumerate(document_tables(document), start=1):
        name = f"{word} {number} {one_line(table.caption)}".strip()
        sheets[name] = (_columns(table), _rows(table))
    return write_xlsx(sheets or {word: ([], [])}, title=one_line(document.title), created=timestamp)


def table_csv(table: Table, language: str = "sv") -> bytes:
    """Return one table as CSV for a spreadsheet in `language`."""
    return write_csv(_columns(table), _rows(table), language=language)


def read_table(source: Path | bytes, name: str, limits: Limits | None = None) -> Iterator[Row]:
    """Yield the rows of a foreign table; see `helhet.core.tables.read`."""
    return read(source, name, limits)


def _columns(table: Table) -> list[str | tables.Column]:
    return [one_line(f"{c.label}, {c.unit}" if c.unit else c.label) for c in table.columns]


def _rows(table: Table) -> list[list[Cell]]:
    return [
        [_value(plain(cell), column.align == "num") for cell, column in zip(row, table.columns, strict=True)]
        for row in (*table.rows, *table.footers)
    ]


def _value(text: str, is_number: bool) -> Cell:
    line = one_line(text).strip()
    number = parse_number(line) if is_number else None
    return line if number is None else float(number) if number % 1 else int(number)
