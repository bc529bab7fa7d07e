# SPDX-License-Identifier: EUPL-1.2
"""Attachments: bounded, checked in a job, stripped of where a photo was taken, handed out only as downloads."""

import hashlib
import io
import zipfile
from pathlib import PurePosixPath

import puremagic
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from helhet.foundation import policy
from helhet.foundation.jobs.services import enqueue, task
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import File, Matter
from helhet.foundation.policy import Standing

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 20
MAX_PIXELS = 50_000_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 120

#: extension → (media type we hand out, the beginnings puremagic may report)
ALLOWED = {
    ".jpg": ("image/jpeg", "image/jpeg"),
    ".jpeg": ("image/jpeg", "image/jpeg"),
    ".png": ("image/png", "image/png"),
    ".webp": ("image/webp", "image/webp"),
    ".pdf": ("application/pdf", "application/pdf"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/"),
    ".txt": ("text/plain", ""),
    ".csv": ("text/csv", ""),
}
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class Refused(ValueError):
    """The file cannot be taken; the message says why and what to do."""


@transaction.atomic
def attach(*, by: Standing, matter: Matter, upload: UploadedFile) -> File:
    """Take a file into quarantine and ask for its check. Raises :class:`Refused`."""
    policy.require(by, "matter.attach", matter)
    return keep_upload(by=by, matter=matter, upload=upload)


def keep_upload(*, by: Standing, matter: Matter, upload: UploadedFile) -> File:
    """The part of :func:`attach` after the policy question, for a capture that has just made its own matter."""
    name = PurePosixPath((upload.name or "fil").replace("\\", "/")).name[-150:]
    extension = PurePosixPath(name).suffix.lower()
    if extension not in ALLOWED:
        raise Refused(_("Filtypen går inte att bifoga. Spara som bild, PDF, Word, Excel eller text och försök igen."))
    if (upload.size or 0) > MAX_BYTES:
        raise Refused(_("Filen är större än 10 MB. Minska den och försök igen."))
    if matter.files.count() >= MAX_FILES:
        raise Refused(_("Ett ärende kan ha högst 20 filer."))
    body = upload.read(MAX_BYTES + 1)
    kept = File.objects.create(
        matter=matter,
        name=name,
        media_type=ALLOWED[extension][0],
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        blob=ContentFile(body, name="waiting.bin"),
    )
    enqueue("matters.check_file", {"uid": str(kept.uid)}, key=f"check_file:{kept.uid}")
    record(by=by, verb="matter.file_added", obj=matter, unit_id=matter.home_unit_id, data={"file": str(kept.uid)})
    return kept


@task("matters.check_file")
def check_file(uid: str) -> None:
    """Look inside a quarantined file: is it what it says, is it bounded, and take out what a photo tells of places."""
    kept = File.objects.select_for_update().get(uid=uid)
    if kept.state != File.State.QUARANTINED:
        return
    with kept.blob.open("rb") as stream:
        body = stream.read(MAX_BYTES + 1)
    try:
        clean = checked(body, kept.name)
    except Refused as refusal:
        kept.state, kept.refused_because = File.State.REFUSED, str(refusal)[:200]
    else:
        if clean != body:
            kept.blob.save("checked.bin", ContentFile(clean), save=False)
            kept.size, kept.sha256 = len(clean), hashlib.sha256(clean).hexdigest()
        kept.state = File.State.OK
    kept.save()


def checked(body: bytes, name: str) -> bytes:
    """The bytes to keep, or :class:`Refused`. Images are drawn anew, without camera position or other extras."""
    extension = PurePosixPath(name).suffix.lower()
    media_type, expected = ALLOWED[extension]
    if expected and not _sniffed(body, name).startswith(expected):
        raise Refused(_("Filen är inte av den typ som namnet säger."))
    if media_type in IMAGES:
        return _redrawn(body, IMAGES[media_type])
    if extension in {".docx", ".xlsx"}:
        _check_archive(body)
    elif extension in {".txt", ".csv"} and b"\x00" in body:
        raise Refused(_("Filen är inte av den typ som namnet säger."))
    return body


def _sniffed(body: bytes, name: str) -> str:
    try:
        return str(puremagic.from_string(body[:4096], mime=True, filename=name))
    except (puremagic.PureError, ValueError):
        return ""


def _redrawn(body: bytes, image_format: str) -> bytes:
    try:
        with Image.open(io.BytesIO(body), formats=[image_format]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused(_("Bilden har för många bildpunkter. Minska den och försök igen."))
            upright = ImageOps.exif_transpose(picture)
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - a broken picture may fail in any way inside the decoder
        raise Refused(_("Bilden går inte att läsa.")) from error
    out = io.BytesIO()
    clean.save(out, format=image_format)
    return out.getvalue()


def _check_archive(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Refused(_("Filen går inte att läsa.")) from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > 5000 or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(body), 1):
        raise Refused(_("Filen packar upp till något orimligt stort och har stoppats."))
    if any("vbaProject" in entry.filename for entry in entries):
        raise Refused(_("Filen innehåller makron. Spara den utan makron och försök igen."))
