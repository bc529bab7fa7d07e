# SPDX-License-Identifier: EUPL-1.2
"""Everything out again: one table per kind, in the form that the import reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helhet.core.tables import write_csv, write_xlsx
from helhet.foundation import policy
from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.kinds import SYSTEM, Kind, all_kinds
from helhet.foundation.policy import Standing

FORMATS = ("csv", "xlsx", "json")
#: What one cell of a workbook can hold, with room for the apostrophe that disarms a formula.
WORKBOOK_CELL = 32_000


class TooLong(ValueError):
    """A text does not fit a cell of a workbook; CSV and JSON take any length."""


def export(
    kinds: list[str], folder: Path, *, form: str = "csv", identities: bool = False, by: Standing = SYSTEM
) -> list[Path]:
    """Write one file per kind into ``folder`` and return them. ``identities`` adds who supports and follows.

    Raises KeyError for an unknown kind or form and :class:`TooLong` when a workbook cannot hold a text.
    """
    policy.require(by, "export.run")
    known = all_kinds()
    write = {"csv": _csv, "xlsx": _xlsx, "json": _json}[form]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in kinds or list(known):
        path = folder / f"{name}.{form}"
        half = path.with_suffix(f".{form}.part")
        half.write_bytes(write(known[name], identities))
        half.replace(path)
        written.append(path)
    return written


def columns_of(kind: Kind, identities: bool) -> list[Column]:
    """The columns that an export has."""
    return [column for column in kind.columns if identities or not column.private]


def _cells(kind: Kind, columns: list[Column]) -> Iterator[list[str]]:
    for row in kind.rows(None):
        yield [column.write(row.get(column.name)) for column in columns]


def _csv(kind: Kind, identities: bool) -> bytes:
    columns = columns_of(kind, identities)
    return write_csv([column.name for column in columns], _cells(kind, columns))


def _xlsx(kind: Kind, identities: bool) -> bytes:
    columns = columns_of(kind, identities)

    def rows() -> Iterator[list[str]]:
        for cells in _cells(kind, columns):
            if any(len(cell) > WORKBOOK_CELL for cell in cells):
                raise TooLong(f"{kind.name}: {cells[0]}")
            yield cells

    return write_xlsx({kind.name: ([column.name for column in columns], rows())}, title=kind.title_sv)


def _json(kind: Kind, identities: bool) -> bytes:
    columns = columns_of(kind, identities)
    rows = [{c.name: _plain(c, row.get(c.name)) for c in columns} for row in kind.rows(None)]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n"


def _plain(column: Column, value: Any) -> Any:
    if column.many:
        if not column.parts:
            return list(value or ())
        names = [part.name for part in column.parts]
        return [dict(zip(names, item, strict=False)) for item in value or ()]
    return value if value is None or isinstance(value, bool | int | float | str) else column.write(value)
