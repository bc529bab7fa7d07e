# SPDX-License-Identifier: EUPL-1.2
"""Attachments: bounded, checked in a job, stripped of where a photo was taken, handed out only as downloads.

Where the author is not named, a document is stripped of who made it too. Elsewhere it is kept as it came: it may be
signed, and what a municipality has received is an official document.
"""

import hashlib
import io
import zipfile
import zlib
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.base import File as Blob
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from helhet.foundation import policy
from helhet.foundation.jobs.services import enqueue, task
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import AuthorKind, File, Matter
from helhet.foundation.matters.traces import Kept, prolog_is_plain, without_traces
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean_line

MAX_FILES = 20
MAX_PIXELS = 50_000_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 120

#: extension → the media type we hand out
ALLOWED = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
#: What an Office file must hold to be what its name says.
OFFICE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
SAVING: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}}
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def upload_hint() -> str:
    """What whoever chooses a file should know."""
    megabytes = settings.HELHET_MAX_UPLOAD_BYTES // (1024 * 1024)
    return _("Bild, PDF, Word, Excel eller text, högst %(mb)s MB. Var fotot är taget tas bort.") % {"mb": megabytes}


class Refused(ValueError):
    """The file cannot be taken; the message says why and what to do."""


@transaction.atomic
def attach(*, by: Standing, matter: Matter, upload: "UploadedFile[bytes]") -> File:
    """Take a file into quarantine and ask for its check. Raises :class:`Refused`."""
    policy.require(by, "matter.attach", matter)
    return keep_upload(by=by, matter=matter, upload=upload)


def keep_upload(*, by: Standing, matter: Matter, upload: "Blob[bytes]") -> File:
    """The part of :func:`attach` after the policy question, for a capture that has just made its own matter."""
    name, body = taken(upload)
    if matter.files.count() >= MAX_FILES:
        raise Refused(_("Ett ärende kan ha högst 20 filer."))
    kept = File.objects.create(
        matter=matter,
        name=name,
        media_type=ALLOWED[PurePosixPath(name).suffix.lower()],
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        blob=ContentFile(body, name="waiting.bin"),
    )
    enqueue("matters.check_file", {"uid": str(kept.uid)}, key=f"check_file:{kept.uid}")
    record(by=by, verb="matter.file_added", obj=matter, unit_id=matter.home_unit_id, data={"file": str(kept.uid)})
    return kept


def taken(upload: "Blob[bytes]") -> tuple[str, bytes]:
    """The name and content of what was sent, or :class:`Refused`. Nothing has been looked into yet."""
    name = clean_line(PurePosixPath((upload.name or "fil").replace("\\", "/")).name)[-150:]
    extension = PurePosixPath(name).suffix.lower()
    if extension not in ALLOWED:
        raise Refused(_("Filtypen går inte att bifoga. Spara som bild, PDF, Word, Excel eller text och försök igen."))
    longest = settings.HELHET_MAX_UPLOAD_BYTES
    body = upload.read(longest + 1)
    if len(body) > longest:
        raise Refused(_("Filen är större än %(mb)s MB. Minska den och försök igen.") % {"mb": longest // (1024 * 1024)})
    if not body:
        raise Refused(_("Filen är tom."))
    return name, body


@task("matters.check_file")
def check_file(uid: str) -> None:
    """Look inside a quarantined file: is it what it says, is it bounded, and take out what a photo tells of places."""
    kept = File.objects.select_for_update().get(uid=uid)
    if kept.state != File.State.QUARANTINED:
        return
    with kept.blob.open("rb") as stream:
        body = stream.read()
    try:
        harmless = checked(body, kept.name)
        if kept.matter.author_kind != AuthorKind.NAMED:
            harmless = nameless(harmless, kept.name)
    except Refused as refusal:
        kept.state, kept.refused_because = File.State.REFUSED, str(refusal)[:200]
    else:
        if harmless != body:
            _replace(kept, harmless)
        kept.state = File.State.OK
    kept.save()
    record(
        by=policy.system(),
        verb="matter.file_checked",
        obj=kept.matter,
        unit_id=kept.matter.home_unit_id,
        data={"file": uid, "state": kept.state, "sha256": kept.sha256},
    )


def _replace(kept: File, body: bytes) -> None:
    """Put ``body`` in place of what was sent; what was sent, with its camera position, leaves the disk."""
    storage, sent = kept.blob.storage, kept.blob.name
    kept.blob.save("checked.bin", ContentFile(body), save=False)
    kept.size, kept.sha256 = len(body), hashlib.sha256(body).hexdigest()
    if sent:
        transaction.on_commit(partial(storage.delete, sent))


def checked(body: bytes, name: str) -> bytes:
    """The bytes to keep, or :class:`Refused`. Images are drawn anew, without camera position or other extras."""
    extension = PurePosixPath(name).suffix.lower()
    media_type = ALLOWED[extension]
    if extension in OFFICE:
        _check_archive(body, must_hold=OFFICE[extension])
        return body
    if media_type.startswith("text/"):
        if b"\x00" in body:
            raise Refused(_("Filen är inte av den typ som namnet säger."))
        return body
    if _sniffed(body) != media_type:
        raise Refused(_("Filen är inte av den typ som namnet säger."))
    return _redrawn(body, IMAGES[media_type]) if media_type in IMAGES else body


def nameless(body: bytes, name: str) -> bytes:
    """The checked bytes without who made them; :class:`Refused` where that cannot be taken out."""
    extension = PurePosixPath(name).suffix.lower()
    try:
        return without_traces(body, extension, lambda picture, kind: _redrawn(picture, IMAGES[ALLOWED[kind]]))
    except (Kept, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise Refused(
            _("Vi kan inte ta bort uppgifterna om vem som har gjort filen. Spara den som en ny PDF och försök igen.")
        ) from error


def _sniffed(body: bytes) -> str:
    """The media type that the content itself tells of; the name has no say."""
    try:
        return str(puremagic.from_string(body[:4096], mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _redrawn(body: bytes, image_format: str) -> bytes:
    try:
        with Image.open(io.BytesIO(body), formats=[image_format]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused(_("Bilden har för många bildpunkter. Minska den och försök igen."))
            redrawn = ImageOps.exif_transpose(picture).copy()
            redrawn.info = {}  # position, comments, thumbnails and colour profile stay behind
    except Refused:
        raise
    except Exception as error:
        raise Refused(_("Bilden går inte att läsa.")) from error
    out = io.BytesIO()
    redrawn.save(out, format=image_format, **SAVING.get(image_format, {}))
    return out.getvalue()


def _check_archive(body: bytes, *, must_hold: str) -> None:
    """Look at the list of contents and the beginning of each XML part: nothing is unpacked whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(body), must_hold)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(entry) as part:
                        if not prolog_is_plain(part.read):
                            raise Refused(_("Filen går inte att läsa."))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(_("Filen går inte att läsa.")) from error


def _check_entries(entries: list[zipfile.ZipInfo], packed: int, must_hold: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > 5000 or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise Refused(_("Filen packar upp till något orimligt stort och har stoppats."))
    names = {entry.filename for entry in entries}
    if not {"[Content_Types].xml", must_hold} <= names:
        raise Refused(_("Filen är inte av den typ som namnet säger."))
    if any("vbaproject" in name.lower() or name.lower().endswith((".exe", ".dll", ".js", ".vbs")) for name in names):
        raise Refused(_("Filen innehåller makron. Spara den utan makron och försök igen."))
