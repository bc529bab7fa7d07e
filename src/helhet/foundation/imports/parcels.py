# SPDX-License-Identifier: EUPL-1.2
"""Rows that wait to be put in: a few in memory, many in the database, where they survive a kill."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from helhet.foundation.imports.kinds import Kind, Parsed
from helhet.foundation.imports.models import Import, Parcel

#: So many rows are put in at once, in the transaction that shows everything; with more, all wait in parcels.
AT_ONCE = 200
ROWS_A_PARCEL = 20


class Waiting:
    """What remains for the end of an import: rows that differ, and new rows of a kind that cannot be hidden."""

    def __init__(self, kind: Kind, job: Import, depths: Mapping[str, int]) -> None:
        self._kind, self._job, self._depths = kind, job, depths
        self._rows: dict[int, list[Parsed]] = defaultdict(list)
        self.in_parcels = False
        self.new = self.changed = 0

    def add(self, rows: Iterable[Parsed]) -> None:
        """Keep more rows."""
        for row in rows:
            self._rows[self._depths.get(row.key, 0)].append(row)

    @property
    def overflows(self) -> bool:
        """There are more than fit in memory, or some lie in parcels already."""
        return self.in_parcels or sum(map(len, self._rows.values())) > AT_ONCE

    def rows(self) -> list[Parsed]:
        """The rows in memory, in the order of the file: contributions of a thread keep their places."""
        return sorted((row for rows in self._rows.values() for row in rows), key=lambda row: row.number)

    def store(self) -> None:
        """Put what is in memory into parcels, in the caller's transaction."""
        parcels = [
            Parcel(batch=self._job, depth=depth, packed=_packed(self._kind, rows[start : start + ROWS_A_PARCEL]))
            for depth, rows in self._rows.items()
            for start in range(0, len(rows), ROWS_A_PARCEL)
        ]
        Parcel.objects.bulk_create(parcels, batch_size=50)
        self._rows.clear()
        self.in_parcels = self.in_parcels or bool(parcels)


def take(kind: Kind, job: Import, count: int, put_in: Callable[[Sequence[Parsed]], None]) -> int:
    """Hand the next ``count`` parcels' rows over and forget them, in the caller's transaction; returns how many rows."""
    found = list(job.parcels.order_by("depth", "pk")[:count])
    found = [parcel for parcel in found if parcel.depth == found[0].depth]
    rows = [row for parcel in found for row in _unpacked(kind, bytes(parcel.packed))]
    if rows:
        put_in(rows)
        job.parcels.filter(pk__in=[parcel.pk for parcel in found]).delete()
    return len(rows)


def _packed(kind: Kind, rows: Sequence[Parsed]) -> bytes:
    """As cells: what a column writes it reads again as the same value."""
    cells = [
        [row.number, row.key, {name: kind.by_name[name].write(value) for name, value in row.values.items()}]
        for row in rows
    ]
    return zlib.compress(json.dumps(cells, ensure_ascii=False).encode())


def _unpacked(kind: Kind, packed: bytes) -> list[Parsed]:
    return [
        Parsed(number, key, {name: kind.by_name[name].parse(cell) for name, cell in cells.items()})
        for number, key, cells in json.loads(zlib.decompress(packed))
    ]
