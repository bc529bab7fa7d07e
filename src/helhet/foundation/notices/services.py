# SPDX-License-Identifier: EUPL-1.2
"""Tell people, once each; let them read, mute and get a digest."""

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.contracts import Text, rooms
from helhet.foundation.jobs.services import task
from helhet.foundation.ledger.models import Event
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Matter, Visibility
from helhet.foundation.matters.policy import can_read
from helhet.foundation.notices.models import Muted, Notice
from helhet.foundation.notices.words import WORDS
from helhet.foundation.people.models import User
from helhet.foundation.people.selectors import standing_of, standings_of
from helhet.foundation.policy import Standing

log = logging.getLogger(__name__)
CHUNK = 500
DIGEST_ROWS = 200


def words_for(verb: str) -> Text:
    """How a verb is told, from the foundation's or a room's table."""
    for room in rooms():
        if verb in room.notices:
            return room.notices[verb]
    return WORDS.get(verb, "")


def tell(
    *,
    event: Event,
    matter: Matter,
    users: Iterable[int],
    must_user: int | None = None,
    also_must: Mapping[int, Matter] | None = None,
) -> int:
    """Write a notice to each of ``users`` but the one who acted.

    Muted kinds are left out, save for ``must_user`` (the author) and ``also_must``: authors of matters merged into this,
    each with the matter they left. Whoever may not read this one is told on the one they left. Nobody but the author is
    told of what they may not read. Returns how many were told; the cost is a few queries for every ``CHUNK`` people.
    """
    left = also_must or {}
    must = {*left, *([must_user] if must_user else [])}
    muted = set(Muted.objects.filter(verb=event.verb).values_list("user_id", flat=True))
    wanted = sorted({user for user in users if user not in muted} | must)
    told = 0
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        people = list(User.objects.filter(pk__in=chunk, is_active=True).exclude(actor_key=event.actor_key))
        standings = standings_of(people)
        made = []
        for user in people:
            about = matter if user.pk == must_user or can_read(standings[user.pk], matter) else left.get(user.pk)
            if about is matter or (about is not None and can_read(standings[user.pk], about)):
                made.append(Notice(user=user, event_uid=event.uid, verb=event.verb, matter=about, must=user.pk in must))
        Notice.objects.bulk_create(made, ignore_conflicts=True)
        told += len(made)
    return told


def mark_read(*, by: Standing, matter: Matter | None = None) -> int:
    """Mark one's own notices as read: all, or those of one matter."""
    if by.user_id is None:
        return 0
    unread = Notice.objects.filter(user_id=by.user_id, read_at=None)
    if matter is not None:
        unread = unread.filter(matter=matter)
        if not unread.exists():
            return 0  # asked each time a matter is looked at: most often without taking the lock of a write
    return unread.update(read_at=now())


def news() -> dict[str, Text]:
    """Everything one may be told, verb by verb, in words: the foundation's and the rooms'."""
    return WORDS | {verb: words for room in rooms() for verb, words in room.notices.items()}


@transaction.atomic
def choose_news(*, by: Standing, user: User, off: Iterable[str]) -> None:
    """Switch off the kinds of news in ``off``, and all others on. Outcomes of one's own matters come all the same."""
    policy.require(by, "person.choose", user)
    wanted = set(off) & set(news())
    now_off = set(Muted.objects.filter(user=user).values_list("verb", flat=True))
    if wanted == now_off:
        return
    Muted.objects.filter(user=user, verb__in=now_off - wanted).delete()
    Muted.objects.bulk_create(Muted(user=user, verb=verb) for verb in sorted(wanted - now_off))
    record(by=by, verb="notices.chosen", obj=user, data={"off": len(wanted)})


@task("notices.digest", every=timedelta(hours=1), atomic=False)
def send_digests() -> None:
    """Send what is unread and untold, grouped by matter, to those whose digest is due."""
    waiting = Notice.objects.filter(digested_at=None, read_at=None).values("user_id")
    people = User.objects.filter(pk__in=waiting, is_active=True, digest_days__gt=0).exclude(email="")
    for user in people.annotate(last_digest=Max("notices__digested_at")).order_by("pk").iterator(chunk_size=500):
        if user.last_digest is not None and user.last_digest > now() - timedelta(days=user.digest_days):
            continue
        try:
            _send_digest(user)
        except OSError:  # one address that does not answer must not keep the others from their mail
            log.exception("the digest of %s could not be sent; it is tried again", user.actor_key)


def _send_digest(user: User) -> None:
    waiting = Notice.objects.filter(user=user, digested_at=None, read_at=None).select_related("matter__batch")
    rows = list(
        waiting.prefetch_related("matter__participants", "matter__owners__organisation").order_by("matter_id", "-id")[
            :DIGEST_ROWS
        ]
    )
    standing = standing_of(user)
    # Somebody may have lost the right to read since the notice was written.
    readable = [row for row in rows if row.matter is None or can_read(standing, row.matter)]
    if readable:
        with translation.override(user.language):
            send_mail(_("Nytt i Helhet"), digest_text(readable), settings.DEFAULT_FROM_EMAIL, [user.email])
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(digested_at=now())


def digest_text(rows: list[Notice]) -> str:
    """The digest's body: one paragraph a matter. Mail leaves the house: a restricted matter is named by number only."""
    lines: list[str] = []
    last: int | None = -1
    for row in rows:
        if row.matter_id != last:
            lines += ["", _matter_in_mail(row.matter)]
            last = row.matter_id
        lines.append(f"– {words_for(row.verb)}")
    return "\n".join([*lines, "", settings.HELHET_BASE_URL]).strip()


def _matter_in_mail(matter: Matter | None) -> str:
    if matter is None:
        return ""
    if matter.visibility == Visibility.RESTRICTED:
        return _("Ett begränsat ärende, %(number)s") % {"number": matter.number or "–"}
    return f"{matter.title} ({matter.number})" if matter.number else matter.title
