# SPDX-License-Identifier: EUPL-1.2
"""A kind of table that can be read in and written out, and the register of all kinds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.problems import Problem, Report
from helhet.foundation.policy import Standing

if TYPE_CHECKING:
    from helhet.foundation.matters.models import Batch

SYSTEM = Standing(system=True, label="Helhet")


@dataclass(frozen=True)
class Parsed:
    """A row that has passed the checks: its number, key, typed values by column, and a hash of them."""

    number: int
    key: str
    values: Mapping[str, Any]

    def get(self, column: str, default: Any = "") -> Any:
        """The value, or ``default`` when the column is missing or the cell empty."""
        value = self.values.get(column)
        return default if value is None else value

    @property
    def hash(self) -> str:
        words = json.dumps(self.values, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class Writing:
    """What a kind is given while it writes: on whose behalf, and the batch that hides the rows until the end."""

    by: Standing
    batch: Batch


def _nothing(rows: Sequence[Parsed]) -> Iterable[Problem]:
    return ()


#: Rows with the primary keys of the objects that they became.
Placed = Sequence[tuple[Parsed, int]]


def _no_ties(rows: Placed, writing: Writing) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """One kind of table, declared as data and five functions.

    ``check`` looks at columns against each other. ``create`` makes objects of new rows and returns {key: pk};
    ``change`` makes existing objects say what their rows say. With ``hidden`` the objects of ``create`` must be
    unseen until the batch is revealed. ``tie`` and ``finish`` are given the new rows that have something in
    ``finish_columns``, once every new object is there: ``tie`` in short transactions while all is hidden, maybe twice;
    ``finish`` after ``reveal``, in the transaction that shows everything. ``reveal`` shows what was hidden, given the
    primary keys, maybe as a query; ``discard`` removes hidden objects of a run that was given up. ``rows`` yields
    {column: value} of everything (None), or of the objects with these pks.
    """

    name: str
    title_sv: str
    title_en: str
    key: str
    columns: tuple[Column, ...]
    create: Callable[[Sequence[Parsed], Writing], dict[str, int]]
    change: Callable[[Placed, Writing], None]
    existing: Callable[[Sequence[str]], dict[str, int]]
    rows: Callable[[Sequence[int] | None], Iterator[dict[str, Any]]]
    refers_as: str = ""
    hidden: bool = False
    finish_columns: tuple[str, ...] = ()
    tree: str = ""
    tree_within: str = ""
    check: Callable[[Sequence[Parsed]], Iterable[Problem]] = _nothing
    tie: Callable[[Placed, Writing], None] = _no_ties
    finish: Callable[[Placed, Writing], None] = _no_ties
    reveal: Callable[[Iterable[int]], None] | None = None
    discard: Callable[[Sequence[int]], None] | None = None
    by_name: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    def __call__(self, source: Path | bytes, *, filename: str = "", by: Standing = SYSTEM) -> Report:
        """Read a file in. A room's ``Importer(kind, run=KIND)`` works through this."""
        from helhet.foundation.imports.services import run_import

        return run_import(kind=self, source=source, filename=filename, by=by)


#: What a reference may point at → which of these keys exist in the database.
LOOKUPS: dict[str, Callable[[set[str]], set[str]]] = {}


def all_kinds() -> dict[str, Kind]:
    """Every kind: the foundation's own in the order they build on each other, then the rooms'."""
    from helhet.foundation.contracts import rooms
    from helhet.foundation.imports.tables import OWN

    found = {kind.name: kind for kind in OWN}
    for room in rooms():
        for importer in room.importers:
            if isinstance(importer.run, Kind):
                found[importer.kind] = importer.run
    return found
