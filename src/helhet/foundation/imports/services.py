# SPDX-License-Identifier: EUPL-1.2
"""Phase two: write in short transactions that nobody sees the result of, then show it all in a last one.

A run may be killed anywhere. While an import is *writing*, the same file again goes on where the last run stopped, and
another file of the same kind first clears away what the stopped run had hidden. Where more rows differ than one short
transaction can change, they wait in parcels; once the import is *applying* it is always ended – by the run itself, by
the next one, or by the worker. ADR 0012 says why. Two runs never work on the same import: each short transaction
begins by checking that nobody has taken over.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from helhet.foundation import policy
from helhet.foundation.imports.kinds import SYSTEM, Kind, Parsed, Placed, Writing, all_kinds
from helhet.foundation.imports.models import Import, ImportedRow
from helhet.foundation.imports.pace import Pace
from helhet.foundation.imports.parcels import ROWS_A_PARCEL, Waiting, take
from helhet.foundation.imports.problems import Report
from helhet.foundation.imports.reading import parsed_rows, validate
from helhet.foundation.jobs.services import task
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Batch
from helhet.foundation.policy import Standing

CHUNK = 100
ALIVE = timedelta(seconds=60)


class Busy(Exception):
    """Another file of this kind is being read in right now."""


class Overtaken(Exception):
    """Another run of the same file has taken over; what this one had under way is rolled back."""


class FileChanged(Exception):
    """Somebody wrote to the file while it was read. What has been written stays hidden."""


def run_import(
    *, kind: Kind, source: Path | bytes, filename: str = "", by: Standing = SYSTEM, chunk: int = 0
) -> Report:
    """Read a table in: checked whole, written hidden, revealed at once. The same file again changes nothing.

    Returns the report; with problems nothing has been written. Raises :class:`Busy` when another file of the
    kind is on its way in, and :class:`policy.Forbidden`. ``chunk`` fixes how many rows a transaction writes (0: as
    many as fit :data:`helhet.foundation.imports.pace.HOLD_S`).
    """
    policy.require(by, "import.run")
    name = filename or (source.name if isinstance(source, Path) else f"{kind.name}.csv")
    report = validate(kind, source, name)
    if not report.ok:
        return report
    job, pace = _open(kind, name, _sha256(source), by), Pace(chunk)
    writing = Writing(by, job.batch)
    if job.state == Import.State.WRITING:
        waiting, later = _write_all(kind, parsed_rows(kind, source, name), job, writing, report, pace)
        if _sha256(source) != job.sha256:
            raise FileChanged(name)
        _tie(kind, job, writing, later, pace)
        _reveal(kind, job, writing, report, waiting, later)
    _apply(kind, job, writing, pace)
    report.created, report.changed, report.unchanged = job.created, job.changed, job.unchanged
    return report


def unfinished(kind: str = "") -> list[Import]:
    """Imports that were stopped on their way, oldest first."""
    found = Import.objects.filter(state__in=[Import.State.WRITING, Import.State.APPLYING])
    return list((found.filter(kind=kind) if kind else found).select_related("batch").order_by("pk"))


def discard(kind: Kind, job: Import) -> None:
    """Clear away what a stopped import had hidden, in short transactions."""
    pks = list(job.imported.order_by("pk").values_list("object_id", flat=True))
    for start in range(0, len(pks), CHUNK):
        some = pks[start : start + CHUNK]
        with transaction.atomic():
            if kind.discard:
                kind.discard(some)
            job.imported.filter(object_id__in=some).delete()
    _drop_parcels(job)
    with transaction.atomic():
        Import.objects.filter(pk=job.pk).update(state=Import.State.DISCARDED, finished_at=now(), runner="")
        record(by=SYSTEM, verb="import.discarded", obj=job, data={"kind": kind.name, "rows": len(pks)})


@task("imports.go_on", every=timedelta(minutes=1), atomic=False)
def go_on() -> None:
    """End imports that were killed while their changes were put in: nothing stays half changed."""
    kinds = all_kinds()
    for job in unfinished():
        if job.state == Import.State.APPLYING and not _is_alive(job) and job.kind in kinds:
            _take_over(job)
            _apply(kinds[job.kind], job, Writing(SYSTEM, job.batch), Pace())


def _sha256(source: Path | bytes) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_alive(job: Import) -> bool:
    return bool(job.runner) and job.beat_at > now() - ALIVE


def _take_over(job: Import) -> None:
    job.runner = uuid.uuid4().hex
    Import.objects.filter(pk=job.pk).update(runner=job.runner, beat_at=now())


def _open(kind: Kind, filename: str, sha256: str, by: Standing) -> Import:
    """The import to work on: the stopped one of the same file, or a new one."""
    for job in unfinished(kind.name):
        if job.sha256 == sha256:
            _take_over(job)
            return job
        if _is_alive(job):
            raise Busy(job.filename)
        _take_over(job)
        if job.state == Import.State.APPLYING:
            _apply(kind, job, Writing(SYSTEM, job.batch), Pace())
        else:
            discard(kind, job)
    with transaction.atomic():
        batch = Batch.objects.create(kind=kind.name[:20], source_hash=sha256)
        return Import.objects.create(
            kind=kind.name,
            filename=Path(filename).name[-200:],
            sha256=sha256,
            batch=batch,
            started_by=by.actor_key or "system",
            runner=uuid.uuid4().hex,
        )


def _write_all(
    kind: Kind, rows: Iterator[Parsed], job: Import, writing: Writing, report: Report, pace: Pace
) -> tuple[Waiting, list[tuple[Parsed, int]]]:
    """Write the new rows of a kind that can be hidden; return what waits, and the rows that are to be tied."""
    _drop_parcels(job)
    waiting, later = Waiting(kind, job, report.depths), list[tuple[Parsed, int]]()
    while some := list(islice(rows, pace.size)):
        new, written, differing, same = _sort(kind, some, job)
        report.unchanged += same
        waiting.changed += len(differing)
        waiting.add(differing)
        if not kind.hidden:
            waiting.new += len(new)
            waiting.add(new)
            new = []
        if new or waiting.overflows:
            with pace.transaction():
                _still_mine(job)
                pks = kind.create(new, writing) if new else {}
                _note(kind, job, new, pks)
                if waiting.overflows:
                    waiting.store()
            written += [(row, pks[row.key]) for row in new]
        later += _cut(kind, written)
    return waiting, later


def _cut(kind: Kind, rows: Placed) -> Iterator[tuple[Parsed, int]]:
    """The rows that ``tie`` and ``finish`` have something to do with, cut down to the columns they read."""
    for row, pk in rows:
        kept = {name: row.values[name] for name in kind.finish_columns if row.values.get(name) not in (None, ())}
        if kept:
            yield Parsed(row.number, row.key, kept), pk


def _sort(
    kind: Kind, rows: Sequence[Parsed], job: Import
) -> tuple[list[Parsed], list[tuple[Parsed, int]], list[Parsed], int]:
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
            written.append((row, mark.object_id))
        elif pk is None:
            new.append(row)
        elif (mark and mark.object_id == pk and mark.row_hash == row.hash) or _says(kind, row, native.get(row.key)):
            same += 1
        else:
            differing.append(row)
    return new, written, differing, same


def _says(kind: Kind, row: Parsed, there: dict[str, Any] | None) -> bool:
    """Whether an object that was never read in already says what the row says."""
    return there is not None and all(
        kind.by_name[name].write(value) == kind.by_name[name].write(there.get(name))
        for name, value in row.values.items()
    )


def _tie(kind: Kind, job: Import, writing: Writing, later: Placed, pace: Pace) -> None:
    """Write what stands between rows, still hidden."""
    start = 0
    while start < len(later):
        some = later[start : start + pace.size]
        with pace.transaction():
            _still_mine(job)
            kind.tie(some, writing)
        start += len(some)


def _reveal(kind: Kind, job: Import, writing: Writing, report: Report, waiting: Waiting, later: Placed) -> None:
    """Show everything at once; what lies in parcels is bound to follow."""
    counts = {"rows": report.rows, "changed": waiting.changed, "unchanged": report.unchanged}
    counts["created"] = job.imported.count() + waiting.new
    with transaction.atomic():
        _still_mine(job)
        if kind.reveal:
            kind.reveal(job.imported.values_list("object_id", flat=True))
        kind.finish(later, writing)
        _put_in(kind, job, writing, waiting.rows())
        Batch.objects.filter(pk=job.batch_id).update(revealed_at=now())
        for name, value in counts.items():
            setattr(job, name, value)
        job.state = Import.State.APPLYING
        job.save(update_fields=["state", *counts])
        if not waiting.in_parcels:
            _close(kind, job, writing)


def _put_in(kind: Kind, job: Import, writing: Writing, rows: Sequence[Parsed]) -> None:
    """Make new rows objects, and existing objects what their rows say."""
    there = kind.existing([row.key for row in rows]) if rows else {}
    new = [row for row in rows if row.key not in there]
    differing = [(row, there[row.key]) for row in rows if row.key in there]
    if new:
        pks = kind.create(new, writing)
        _note(kind, job, new, pks)
        if kind.reveal:
            kind.reveal(list(pks.values()))
    if differing:
        kind.change(differing, writing)
        _note(kind, job, [row for row, _pk in differing], there)


def _apply(kind: Kind, job: Import, writing: Writing, pace: Pace) -> None:
    """Put in what lies in parcels, a few at a time, and close the import."""
    while job.state == Import.State.APPLYING:
        with pace.transaction():
            _still_mine(job)
            count = max(1, pace.size // ROWS_A_PARCEL)
            if not take(kind, job, count, lambda rows: _put_in(kind, job, writing, rows)):
                _close(kind, job, writing)


def _close(kind: Kind, job: Import, writing: Writing) -> None:
    job.state, job.finished_at, job.runner = Import.State.DONE, now(), ""
    job.save(update_fields=["state", "finished_at", "runner"])
    if job.created or job.changed:
        record(by=writing.by, verb="import.revealed", obj=job, data={"kind": kind.name, **counts_of(job)})


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


def _drop_parcels(job: Import) -> None:
    while pks := list(job.parcels.values_list("pk", flat=True)[:CHUNK]):
        job.parcels.filter(pk__in=pks).delete()


def _still_mine(job: Import) -> None:
    """The first write of each transaction: it also takes the write lock early, so that nothing is done in vain."""
    mine = Import.objects.filter(pk=job.pk, runner=job.runner, state=job.state)
    if not mine.update(beat_at=now()):
        raise Overtaken(job.filename)


def counts_of(job: Import) -> dict[str, int]:
    """What an import did, for lists of imports."""
    return {name: getattr(job, name) for name in ("rows", "created", "changed", "unchanged")}
