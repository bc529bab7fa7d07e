# SPDX-License-Identifier: EUPL-1.2
"""Prove that what was presented has not moved: every day for all of it, and at each download for the file itself."""

import hashlib
import logging
from datetime import timedelta
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import is_whole
from helhet.foundation.jobs.services import task
from helhet.foundation.matters.models import File
from helhet.rooms.decisions.models import Version
from helhet.rooms.decisions.presenting import version_checksum
from helhet.rooms.decisions.words import LANGUAGES

log = logging.getLogger(__name__)
_FIELDS = ("number", "alternatives", "runs", "files", "what_changed", "ledger_head")

#: What is broken, as it is kept: its kind (text, run or file) and its name.
Broken = list[list[str]]


@task("decisions.check_versions", every=timedelta(days=1), atomic=False)
def check_versions() -> None:
    """Check every presented version, and keep what was found and when."""
    for pk in list(Version.objects.order_by("pk").values_list("pk", flat=True)):
        version = Version.objects.prefetch_related("renderings").get(pk=pk)
        if check(version):
            log.error("version %s of basis %s is not what was presented", version.number, version.basis_id)


def check(version: Version) -> Broken:
    """Read everything a version rests on, and keep on the version what no longer is as it was presented."""
    version.broken, version.checked_at = broken(version), now()
    Version.objects.filter(pk=version.pk).update(broken=version.broken, checked_at=version.checked_at)
    return version.broken


def broken(version: Version) -> Broken:
    """What no longer is as it was presented: texts, runs, the matter's files, files made. Empty when all is well."""
    found: Broken = []
    if version_checksum(version.documents, {name: getattr(version, name) for name in _FIELDS}) != version.checksum:
        found.append(["text", ""])
    runs = {str(run.uid): run for run in Run.objects.filter(uid__in=[run["uid"] for run in version.runs])}
    for kept in version.runs:
        run = runs.get(kept["uid"])
        if run is None or run.checksum != kept["checksum"] or not is_whole(run):
            found.append(["run", kept["title"]])
    files = {str(file.uid): file for file in File.objects.filter(uid__in=[file["uid"] for file in version.files])}
    for kept in version.files:
        if (file := files.get(kept["uid"])) is None or _digest(file.blob) != kept["sha256"]:
            found.append(["file", kept["name"]])
    for made in version.renderings.all():
        if _digest(made.blob) != made.sha256:
            found.append(["file", f"{made.language}.{made.form}"])
    return found


def in_words(found: Broken) -> list[str]:
    """What is broken, for people."""
    return [_said(kind, name) for kind, name in found]


def _said(kind: str, name: str) -> str:
    if kind == "text":
        return _("Underlagets text stämmer inte med kontrollsumman.")
    if kind == "run":
        return _("Körningen %(title)s har ändrats.") % {"title": name}
    return _("Filen %(name)s har ändrats.") % {"name": name}


def faults(version: Version) -> list[str]:
    """What no longer is as it was presented, in words, as read now."""
    return in_words(broken(version))


def _digest(blob: Any) -> str:
    try:
        with blob.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


class Tampered(ValueError):
    """A file made at presenting is not what it was; it is not handed out."""


def rendered(version: Version, language: str, form: str) -> bytes:
    """The bytes that were made when the version was presented; raises :class:`Tampered` when they have changed."""
    kept = version.renderings.get(language=language if language in LANGUAGES else "sv", form=form)
    try:
        with kept.blob.open("rb") as stream:
            body: bytes = stream.read()
    except OSError as error:
        raise Tampered(_("Filen saknas. Plattformsteamet kan återställa den ur säkerhetskopian.")) from error
    if hashlib.sha256(body).hexdigest() != kept.sha256:
        raise Tampered(_("Filen stämmer inte med kontrollsumman och lämnas inte ut. Säg till plattformsteamet."))
    return body
