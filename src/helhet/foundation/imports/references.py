# SPDX-License-Identifier: EUPL-1.2
"""Names of rows whose objects carry no name of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from helhet.foundation.imports.kinds import Parsed
from helhet.foundation.imports.models import ImportedRow


def native_references(kind: str) -> dict[int, str]:
    """Object pk → the reference it was read in under."""
    return dict(ImportedRow.objects.filter(kind=kind).values_list("object_id", "reference"))


def objects_of(kind: str, made_up: Callable[[str], int | None]) -> Callable[[Sequence[str]], dict[str, int]]:
    """A lookup for a kind: by the reference a row was read in under, else by the one an export made up."""

    def existing(keys: Sequence[str]) -> dict[str, int]:
        known = ImportedRow.objects.filter(kind=kind, reference__in=keys)
        found = dict(known.values_list("reference", "object_id"))
        for key in keys:
            if key not in found and (pk := made_up(key)) is not None:
                found[key] = pk
        return found

    return existing


def parents_first(rows: Sequence[Parsed], column: str) -> Iterator[Parsed]:
    """The rows in the order of the file, but each after the one that ``column`` points at. There are no circles."""
    waiting = {row.key: row for row in rows}
    for row in rows:
        path: list[Parsed] = []
        step: Parsed | None = row if row.key in waiting else None
        while step is not None:
            path.append(waiting.pop(step.key))
            step = waiting.get(step.get(column))
        yield from reversed(path)
