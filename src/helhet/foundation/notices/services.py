# SPDX-License-Identifier: EUPL-1.2
"""Tell people, once each; let them read, mute and get a digest."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation.contracts import Text, rooms
from helhet.foundation.jobs.services import task
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import can_read
from helhet.foundation.notices.models import Muted, Notice
from helhet.foundation.notices.words import WORDS
from helhet.foundation.people.models import User
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing


def words_for(verb: str) -> Text:
    """How a verb is told, from the foundation's or a room's table."""
    for room in rooms():
        if verb in room.notices:
            return room.notices[verb]
    return WORDS.get(verb, "")


def tell(*, event: Event, matter: Matter, users: Iterable[int], must_user: int | None = None) -> int:
    """Write a notice to each of ``users`` but the one who acted. Muted kinds are left out, save for ``must_user``."""
    muted = set(Muted.objects.filter(verb=event.verb).values_list("user_id", flat=True))
    wanted = {user for user in users if user not in muted} | ({must_user} if must_user else set())
    people = User.objects.filter(pk__in=wanted, is_active=True).exclude(actor_key=event.actor_key)
    made = [
        Notice(user=user, event_uid=event.uid, verb=event.verb, matter=matter, must=user.pk == must_user)
        for user in people
        if user.pk == must_user or can_read(standing_of(user), matter)
    ]
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def mark_read(*, by: Standing, matter: Matter | None = None) -> int:
    """Mark one's own notices as read: all, or those of one matter."""
    unread = Notice.objects.filter(user_id=by.user_id, read_at=None)
    if matter is not None:
        unread = unread.filter(matter=matter)
    return unread.update(read_at=now())


def mute(*, by: Standing, verb: str, on: bool = True) -> None:
    """Switch a kind of news off or on. Outcomes of one's own matters come whatever is switched off."""
    if on:
        Muted.objects.get_or_create(user_id=by.user_id, verb=verb)
    else:
        Muted.objects.filter(user_id=by.user_id, verb=verb).delete()


@task("notices.digest", every=timedelta(hours=1), atomic=False)
def send_digests() -> None:
    """Send what is unread and untold, newest first and grouped by matter, to those whose digest is due."""
    for user in User.objects.filter(is_active=True, digest_days__gt=0).exclude(email="").iterator(chunk_size=500):
        due = now() - timedelta(days=user.digest_days)
        waiting = Notice.objects.filter(user=user, digested_at=None, read_at=None)
        latest = Notice.objects.filter(user=user).exclude(digested_at=None).order_by("-digested_at").first()
        if latest is not None and latest.digested_at is not None and latest.digested_at > due:
            continue
        rows = list(waiting.select_related("matter").order_by("matter_id", "-id")[:200])
        if rows:
            with translation.override(user.language):
                send_mail(_("Nytt i Helhet"), digest_text(rows), settings.DEFAULT_FROM_EMAIL, [user.email])
            Notice.objects.filter(pk__in=[row.pk for row in rows]).update(digested_at=now())


def digest_text(rows: list[Notice]) -> str:
    """The digest's body: one paragraph a matter."""
    lines: list[str] = []
    last: int | None = -1
    for row in rows:
        if row.matter_id != last:
            lines += ["", str(row.matter or "")]
            last = row.matter_id
        lines.append(f"– {words_for(row.verb)}")
    return "\n".join(lines).strip()
