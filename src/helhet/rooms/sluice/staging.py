# SPDX-License-Identifier: EUPL-1.2
"""Files of a form that came back with an error: kept a day for the sender alone, then gone.

They are drafts and not yet anything of the municipality's, so nothing of them is written in the ledger.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation.jobs.services import task
from helhet.foundation.matters.files import Refused, taken
from helhet.foundation.people.services import hash_token
from helhet.rooms.sluice.models import Staged

KEPT = timedelta(days=1)
MOST = 10


@transaction.atomic
def stage(*, holder: str, upload: Any) -> Staged:
    """Keep a file that was sent with a form that must be filled in again. Raises ``Refused`` as attaching does."""
    if Staged.objects.filter(holder=hash_token(holder)).count() >= MOST:
        raise Refused(_("Du har redan lagt till så många filer som går. Skicka dem först."))
    upload.seek(0)
    name, body = taken(upload)
    blob = ContentFile(body, name="waiting.bin")
    return Staged.objects.create(holder=hash_token(holder), name=name, size=len(body), blob=blob)


def staged(holder: str, uids: Sequence[str]) -> list[Staged]:
    """Those of the holder's own files that are still there; whatever else is asked for is not."""
    wanted = [uid for uid in uids[:MOST] if _is_uid(uid)]
    if not holder or not wanted:
        return []
    mine = Staged.objects.filter(holder=hash_token(holder), created_at__gt=now() - KEPT)
    return list(mine.filter(uid__in=wanted).order_by("id"))


def opened(one: Staged) -> "File[bytes]":
    """The file under the name it was sent with, to be attached."""
    return File(one.blob.open("rb"), name=one.name)


@transaction.atomic
def forget(files: Sequence[Staged]) -> None:
    """Take the files away, from the disk as well."""
    for one in files:
        storage, name = one.blob.storage, one.blob.name
        one.delete()
        if name:
            transaction.on_commit(partial(storage.delete, name))


@task("sluice.tidy_staged", every=timedelta(hours=1))
def tidy_staged() -> None:
    """Files that nobody came back for within a day leave."""
    forget(list(Staged.objects.filter(created_at__lte=now() - KEPT)[:1000]))


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
