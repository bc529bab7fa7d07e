# SPDX-License-Identifier: EUPL-1.2
"""Phase two: write in short transactions that nobody sees the result of, then show it all in a last one.

A run may be killed anywhere. The same file again goes on where the last run stopped; another file of the same kind
first clears away what the stopped run had hidden. Two runs never work on the same import: each short transaction
begins by checking that nobody has taken over.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from helhet.foundation import policy
from helhet.foundation.imports.kinds import SYSTEM, Kind, Parsed, Writing
from helhet.foundation.imports.models import Import, ImportedRow
from helhet.foundation.imports.problems import Report
from helhet.foundation.imports.reading import parsed_rows, validate
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Batch
from helhet.foundation.policy import Standing

#: How long a short transaction should hold the database's write lock; writers of the web wait at most about as long.
HOLD_S = 0.06
CHUNK = 100
ALIVE = timedelta(seconds=60)
LONGEST_PAUSE_S = 0.2


class Busy(Exception):
    """Another file of this kind is being read in right now."""


class Overtaken(Exception):
    """Another run of the same file has taken over; what this one had under way is rolled back."""


def run_import(
    *, kind: Kind, source: Path | bytes, filename: str = "", by: Standing = SYSTEM, chunk: int = 0
) -> Report:
    """Read a table in: checked whole, written hidden, revealed at once. The same file again changes nothing.

    Returns the report; with problems nothing has been written. Raises :class:`Busy` when another file of the
    kind is on its way in, and :class:`policy.Forbidden`. ``chunk`` fixes how many rows a transaction writes (0: as
    many as fit :data:`HOLD_S`).
    """
    policy.require(by, "import.run")
    name = filename or (source.name if isinstance(source, Path) else f"{kind.name}.csv")
    content = source.read_bytes() if isinstance(source, Path) else source
    report = validate(kind, content, name)
    if not report.ok:
        return report
    job = _open(kind, name, hashlib.sha256(content).hexdigest(), by)
    writing = Writing(by, job.batch)
    found = _write_all(kind, content, name, job, writing, report, chunk)
    _reveal(kind, job, writing, report, found)
    return report


def unfinished(kind: str = "") -> list[Import]:
    """Imports that were stopped on their way, oldest first."""
    found = Import.objects.filter(state=Import.State.WRITING)
    return list((found.filter(kind=kind) if kind else found).order_by("pk"))


def discard(kind: Kind, job: Import) -> None:
    """Clear away what a stopped import had hidden, in short transactions."""
    pks = list(job.imported.order_by("pk").values_list("object_id", flat=True))
    for start in range(0, len(pks), CHUNK):
        some = pks[start : start + CHUNK]
        with transaction.atomic():
            if kind.discard:
                kind.discard(some)
            job.imported.filter(object_id__in=some).delete()
    with transaction.atomic():
        Import.objects.filter(pk=job.pk).update(state=Import.State.DISCARDED, finished_at=now(), runner="")
        record(by=SYSTEM, verb="import.discarded", obj=job, data={"kind": kind.name, "rows": len(pks)})


def _open(kind: Kind, filename: str, sha256: str, by: Standing) -> Import:
    """The import to work on: the stopped one of the same file, or a new one."""
    runner = uuid.uuid4().hex
    for job in unfinished(kind.name):
        if job.sha256 == sha256:
            Import.objects.filter(pk=job.pk).update(runner=runner, beat_at=now())
            job.runner = runner
            return job
        if job.beat_at > now() - ALIVE and job.runner:
            raise Busy(job.filename)
        Import.objects.filter(pk=job.pk).update(runner="")
        discard(kind, job)
    with transaction.atomic():
        batch = Batch.objects.create(kind=kind.name[:20], source_hash=sha256)
        return Import.objects.create(
            kind=kind.name,
            filename=Path(filename).name[-200:],
            sha256=sha256,
            batch=batch,
            started_by=by.actor_key or "system",
            runner=runner,
        )


Placed = list[tuple[Parsed, int]]


@dataclass
class _Left:
    """What remains for the last transaction."""

    #: Rows that say something else than the object they became.
    changed: Placed = field(default_factory=list)
    #: New rows of a kind that cannot be hidden.
    new: list[Parsed] = field(default_factory=list)
    #: New rows, cut down to the columns that ``finish`` reads.
    unfinished: list[Parsed] = field(default_factory=list)


def _write_all(
    kind: Kind, content: bytes, name: str, job: Import, writing: Writing, report: Report, chunk: int
) -> _Left:
    """Write the new rows of a kind that can be hidden; return what is left for the last transaction."""
    left = _Left()
    pace = _Pace(chunk)
    for rows in _chunks(parsed_rows(kind, content, name), pace):
        new, written, differing, same = _sort(kind, rows, job)
        left.changed += differing
        left.unfinished += _cut(kind, new + written)
        report.unchanged += same
        if kind.hidden and new:
            with pace, transaction.atomic():
                _still_mine(job)
                _note(kind, job, new, kind.create(new, writing))
        elif new:
            left.new += new
    return left


def _cut(kind: Kind, rows: Iterable[Parsed]) -> Iterator[Parsed]:
    for row in rows:
        kept = {name: row.values[name] for name in kind.finish_columns if row.values.get(name) not in (None, ())}
        if kept:
            yield Parsed(row.number, row.key, kept)


def _sort(kind: Kind, rows: Sequence[Parsed], job: Import) -> tuple[list[Parsed], list[Parsed], Placed, int]:
    """Part rows: new, written by an earlier run of this import, different from what is there, the same (a count)."""
    keys = [row.key for row in rows]
    known = {r.reference: r for r in ImportedRow.objects.filter(kind=kind.name, reference__in=keys)}
    there = kind.existing(keys)
    strange = {pk for key, pk in there.items() if key not in known}
    native = {str(now_there[kind.key]): now_there for now_there in kind.rows(sorted(strange))} if strange else {}
    new, written, differing, same = [], [], [], 0
    for row in rows:
        mark, pk = known.get(row.key), there.get(row.key)
        if mark and mark.batch_id == job.pk:
            written.append(row)
        elif pk is None:
            new.append(row)
        elif (mark and mark.object_id == pk and mark.row_hash == row.hash) or _says(kind, row, native.get(row.key)):
            same += 1
        else:
            differing.append((row, pk))
    return new, written, differing, same


def _says(kind: Kind, row: Parsed, there: dict[str, Any] | None) -> bool:
    """Whether an object that was never read in already says what the row says."""
    return there is not None and all(
        kind.by_name[name].write(value) == kind.by_name[name].write(there.get(name))
        for name, value in row.values.items()
    )


def _reveal(kind: Kind, job: Import, writing: Writing, report: Report, left: _Left) -> None:
    with transaction.atomic():
        _still_mine(job)
        if left.new:
            _note(kind, job, left.new, kind.create(left.new, writing))
        pks = dict(job.imported.values_list("reference", "object_id"))
        for start in range(0, len(pks) if kind.reveal else 0, 500):
            kind.reveal(list(pks.values())[start : start + 500])  # type: ignore[misc]  # the range is empty without it
        kind.finish([(row, pks[row.key]) for row in left.unfinished], writing)
        for row, pk in left.changed:
            kind.change(row, pk, writing)
        _mark_changed(kind, job, left.changed)
        _close(kind, job, writing, report, len(pks), len(left.changed))


def _mark_changed(kind: Kind, job: Import, changed: Placed) -> None:
    for row, pk in changed:
        ImportedRow.objects.update_or_create(
            kind=kind.name,
            reference=row.key,
            defaults={"row_hash": row.hash, "object_id": pk, "batch": job},
        )


def _close(kind: Kind, job: Import, writing: Writing, report: Report, created: int, changed: int) -> None:
    report.created, report.changed = created, changed
    counts = {"rows": report.rows, "created": created, "changed": changed, "unchanged": report.unchanged}
    Batch.objects.filter(pk=job.batch_id).update(revealed_at=now())
    Import.objects.filter(pk=job.pk).update(state=Import.State.DONE, finished_at=now(), runner="", **counts)
    if created or changed:
        record(by=writing.by, verb="import.revealed", obj=job, data={"kind": kind.name, **counts})


def _note(kind: Kind, job: Import, rows: Sequence[Parsed], pks: dict[str, int]) -> None:
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(kind=kind.name, reference=row.key, row_hash=row.hash, object_id=pks[row.key], batch=job)
            for row in rows
        ],
        batch_size=500,
        update_conflicts=True,
        update_fields=["row_hash", "object_id", "batch"],
        unique_fields=["kind", "reference"],
    )


def _still_mine(job: Import) -> None:
    """The first write of each transaction: it also takes the write lock early, so that nothing is done in vain."""
    mine = Import.objects.filter(pk=job.pk, runner=job.runner, state=Import.State.WRITING)
    if not mine.update(beat_at=now()):
        raise Overtaken(job.filename)


class _Pace:
    """How many rows to write at a time on this machine just now. As long a pause after each lets the web through."""

    def __init__(self, fixed: int):
        self.fixed, self.size, self._started = fixed, fixed or CHUNK // 4, 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        held = time.perf_counter() - self._started
        if not self.fixed:
            self.size = max(10, min(2 * CHUNK, round(self.size * min(2.0, HOLD_S / held))))
        time.sleep(min(LONGEST_PAUSE_S, held))


def _chunks(rows: Iterator[Parsed], pace: _Pace) -> Iterator[list[Parsed]]:
    while some := list(islice(rows, pace.size)):
        yield some


def counts_of(job: Import) -> dict[str, Any]:
    """What an import did, for lists of imports."""
    return {name: getattr(job, name) for name in ("rows", "created", "changed", "unchanged")}
