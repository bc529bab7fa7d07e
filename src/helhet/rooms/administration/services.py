# SPDX-License-Identifier: EUPL-1.2
"""Tables in and out of the house, carried by jobs: checked whole first, written when somebody has read the report."""

import hashlib
import logging
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.imports.exporting import FORMATS, TooLong, export
from helhet.foundation.imports.kinds import all_kinds
from helhet.foundation.imports.problems import Problem, Report
from helhet.foundation.imports.reading import LIMITS, validate
from helhet.foundation.imports.services import Busy, Overtaken, run_import
from helhet.foundation.jobs.services import enqueue, task
from helhet.foundation.ledger.services import record
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing
from helhet.rooms.administration.models import Transfer

log = logging.getLogger(__name__)
State = Transfer.State
KEPT = timedelta(days=7)
ENDINGS = (".csv", ".xlsx")


@transaction.atomic
def receive_table(*, by: Standing, kind: str, upload: UploadedFile) -> Transfer:
    """Take in a file and have it checked. Nothing of it is written before :func:`read_in`."""
    policy.require(by, "import.run")
    name = Path(upload.name or "").name[-200:]
    if kind not in all_kinds():
        raise ValueError(_("Välj vad filen innehåller."))
    if not name.lower().endswith(ENDINGS):
        raise ValueError(_("Filen ska vara CSV eller XLSX."))
    if (upload.size or 0) > LIMITS.max_bytes:
        raise ValueError(_("Filen är för stor. Dela den, eller läs in den från kommandoraden."))
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    made = Transfer(direction="in", kind=kind, filename=name, by_id=by.user_id or 0, sha256=digest.hexdigest())
    made.blob.save(f"{made.uid}{Path(name).suffix.lower()}", upload, save=False)
    made.save()
    enqueue("administration.check", {"uid": str(made.uid)}, key=f"check:{made.uid}")
    record(by=by, verb="table.received", obj=made, data={"kind": kind, "sha256": made.sha256})
    return made


@transaction.atomic
def read_in(*, by: Standing, transfer: Transfer) -> Transfer:
    """Have a checked table written. Asked twice it is written once."""
    policy.require(by, "import.run")
    if not Transfer.objects.filter(pk=transfer.pk, state=State.CHECKED).update(state=State.WRITING):
        raise ValueError(_("Filen är inte kontrollerad, eller redan på väg in."))
    enqueue("administration.read_in", {"uid": str(transfer.uid)}, key=f"read:{transfer.uid}")
    record(by=by, verb="table.approved", obj=transfer, data={"kind": transfer.kind, "sha256": transfer.sha256})
    transfer.refresh_from_db()
    return transfer


@transaction.atomic
def order_export(*, by: Standing, kinds: Sequence[str], form: str, identities: bool = False) -> Transfer:
    """Have tables written out, all kinds when none is named: one file, or several in an archive."""
    policy.require(by, "export.run")
    if form not in FORMATS or not set(kinds) <= set(all_kinds()):
        raise ValueError(_("Välj vad som ska skrivas ut, och i vilken form."))
    name = f"{kinds[0]}.{form}" if len(kinds) == 1 else f"helhet-{form}.zip"
    made = Transfer.objects.create(
        direction="out", kind=kinds[0] if len(kinds) == 1 else "all", filename=name, state=State.WRITING,
        by_id=by.user_id or 0, report={"kinds": list(kinds), "form": form, "identities": identities},
    )  # fmt: skip
    enqueue("administration.write_out", {"uid": str(made.uid)}, key=f"write:{made.uid}")
    record(by=by, verb="table.ordered", obj=made, data={"kinds": list(kinds), "form": form, "identities": identities})
    return made


@transaction.atomic
def forget_table(*, by: Standing, transfer: Transfer) -> None:
    """Drop a file before its time. What has been read in stays."""
    policy.require(by, "import.run" if transfer.direction == "in" else "export.run")
    if transfer.under_way:
        raise ValueError(_("Vänta tills det är klart."))
    record(by=by, verb="table.forgotten", obj=transfer, data={"kind": transfer.kind})
    _drop_file(transfer)
    transfer.delete()


@task("administration.check", atomic=False)
def check_table(*, uid: str) -> None:
    """Check a received table whole, and keep what was found."""
    transfer = Transfer.objects.select_related("by").get(uid=uid)
    if transfer.state != State.CHECKING:
        return
    with translation.override(transfer.by.language):
        report = validate(all_kinds()[transfer.kind], Path(transfer.blob.path), transfer.filename)
        _end(transfer, State.CHECKED if report.ok else State.REFUSED, _told(report))


@task("administration.read_in", atomic=False)
def write_table(*, uid: str) -> None:
    """Write a checked table with the rights of whoever approved it. Killed and run again it goes on where it was."""
    transfer = Transfer.objects.select_related("by").get(uid=uid)
    if transfer.state != State.WRITING:
        return
    kind = all_kinds()[transfer.kind]
    with translation.override(transfer.by.language):
        try:
            source, by = Path(transfer.blob.path), standing_of(transfer.by)
            report = run_import(kind=kind, source=source, filename=transfer.filename, by=by)
        except Busy:
            _end(transfer, State.CHECKED, {**transfer.report, "busy": True})
        except (Overtaken, policy.Forbidden) as error:
            _end(transfer, State.FAILED, transfer.report, str(error))
        else:
            _end(transfer, State.DONE if report.ok else State.REFUSED, _told(report))


@task("administration.write_out", atomic=False)
def write_out(*, uid: str) -> None:
    """Write the ordered tables into one file that waits to be fetched."""
    transfer = Transfer.objects.select_related("by").get(uid=uid)
    if transfer.state != State.WRITING:
        return
    asked = transfer.report
    with translation.override(transfer.by.language), tempfile.TemporaryDirectory() as folder:
        try:
            by = standing_of(transfer.by)
            written = export(asked["kinds"], Path(folder), form=asked["form"], identities=asked["identities"], by=by)
        except TooLong as error:
            words = _("En text är för lång för ett kalkylblad (%(where)s). Välj CSV eller JSON.") % {"where": error}
            _end(transfer, State.FAILED, asked, words)
            return
        except policy.Forbidden as error:
            _end(transfer, State.FAILED, asked, str(error))
            return
        with _one_file(written, Path(folder)).open("rb") as file:
            transfer.blob.save(f"{transfer.uid}{Path(transfer.filename).suffix}", File(file), save=True)
    _end(transfer, State.DONE, asked)


@task("administration.tidy", every=timedelta(hours=6), atomic=False)
def tidy() -> None:
    """Drop files that nobody came back for within a week; the row that tells what was done stays without its file."""
    old = Transfer.objects.filter(created_at__lt=now() - KEPT).exclude(blob="").exclude(state=State.WRITING)
    for transfer in old.iterator():
        _drop_file(transfer)
        if transfer.state == State.CHECKED:
            transfer.state = State.FAILED
        transfer.save(update_fields=["blob", "state"])


def _one_file(written: list[Path], folder: Path) -> Path:
    if len(written) == 1:
        return written[0]
    packed = folder / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in written:
            archive.write(path, path.name)
    return packed


def _end(transfer: Transfer, state: str, report: dict[str, Any], because: str = "") -> None:
    """Keep how it went. A file that was read in, or must be mended first, is of no more use here."""
    transfer.state, transfer.report, transfer.failed_because = state, report, because[:300]
    transfer.finished_at = None if state == State.CHECKED else now()
    if transfer.direction == "in" and state in {State.DONE, State.REFUSED}:
        _drop_file(transfer)
    transfer.save(update_fields=["state", "report", "failed_because", "finished_at", "blob"])


def _drop_file(transfer: Transfer) -> None:
    if transfer.blob:
        transfer.blob.delete(save=False)


def _told(report: Report) -> dict[str, Any]:
    language = translation.get_language() or "sv"

    def rows(found: Sequence[Problem]) -> list[list[Any]]:
        return [[problem.row, problem.column, problem.message(language)] for problem in found]

    names = ("rows", "created", "changed", "unchanged", "problem_count")
    return {name: getattr(report, name) for name in names} | {
        "problems": rows(report.problems),
        "warnings": rows(report.warnings),
    }
