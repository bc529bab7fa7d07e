# SPDX-License-Identifier: EUPL-1.2
"""Read a table from CSV or a workbook: bounded, streaming, every cell as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from helhet.core.tables.csvfile import csv_records
from helhet.core.tables.errors import table_error
from helhet.core.tables.limits import Limits
from helhet.core.tables.safety import restore
from helhet.core.tables.workbook import workbook_records


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as a spreadsheet shows it (the header is 1), `values` by normalised column name."""

    number: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text of `column`; KeyError if the table has no such column."""
        return self.values[column]

    def get(self, column: str, default: str = "") -> str:
        """Return the text of `column` without space around it, or `default` if missing or empty."""
        return self.values.get(column, "").strip() or default


def read(
    source: Path | bytes,
    filename: str,
    limits: Limits | None = None,
    *,
    sheet: str | None = None,
) -> Iterator[Row]:
    """Yield the rows of a .csv or .xlsx table; blank rows are passed over but counted.

    The first row that is not blank names the columns (stripped, lower case, single spaces). `filename` decides
    the format and appears in messages only. Of a workbook the first visible sheet is read, or `sheet`.
    Raises TableError, also in the middle of the iteration: validate the whole before writing anything.
    """
    bounds = limits or Limits()
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > bounds.max_bytes:
        raise table_error("size", limit=bounds.max_bytes // 1_000_000)
    suffix = Path(filename).suffix.lower()
    if suffix in {".csv", ".tsv", ".txt"}:
        records = csv_records(source, bounds)
    elif suffix == ".xlsx":
        records = workbook_records(source, bounds, sheet)
    else:
        raise table_error("kind", name=Path(filename).name)
    return _rows(records, bounds)


def _rows(records: Iterator[tuple[int, list[str]]], limits: Limits) -> Iterator[Row]:
    header: list[str] | None = None
    count = 0
    for number, cells in records:
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        if header is None:
            header = _header(number, cells, limits)
            continue
        count += 1
        if count > limits.max_rows:
            raise table_error("rows", number, limit=limits.max_rows)
        yield Row(number, _values(number, header, cells, limits))
    if header is None:
        raise table_error("empty")


def _header(number: int, cells: Sequence[str], limits: Limits) -> list[str]:
    names = [" ".join(cell.split()).lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.max_columns:
        raise table_error("columns", number, limit=limits.max_columns)
    seen: set[str] = set()
    for name in names:
        if len(name) > limits.max_cell:
            raise table_error("cell", number, limit=limits.max_cell)
        if name and name in seen:
            raise table_error("header_twice", number, name)
        seen.add(name)
    return names


def _values(number: int, header: Sequence[str], cells: Sequence[str], limits: Limits) -> dict[str, str]:
    values = dict.fromkeys(header, "")
    values.pop("", None)
    for index, cell in enumerate(cells):
        name = header[index] if index < len(header) else ""
        if not name:
            if cell.strip():
                raise table_error("header_missing", number, column_letter(index))
            continue
        if len(cell) > limits.max_cell:
            raise table_error("cell", number, name, limit=limits.max_cell)
        values[name] = restore(cell)
    return values


def column_letter(index: int) -> str:
    """Return the spreadsheet's letter of the column at `index` from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
