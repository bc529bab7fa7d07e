# SPDX-License-Identifier: EUPL-1.2
"""Capture and change matters. Every verb asks policy first and ends with exactly one event."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from helhet.core.text import sensitive
from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import (
    AuthorKind,
    Batch,
    Kind,
    Matter,
    Owner,
    Participant,
    SecretLink,
    Series,
    Status,
    Visibility,
)
from helhet.foundation.people.models import Organisation, User
from helhet.foundation.people.selectors import municipality
from helhet.foundation.people.services import hash_token
from helhet.foundation.policy import Standing

TITLE_LENGTH = 90
SECRET_LINK_DAYS = 365


class Sensitive(Exception):
    """The text holds what looks like personal data; ``findings`` says what. Confirmed text is saved as it is."""

    def __init__(self, findings: Sequence[sensitive.Sensitive]):
        super().__init__(_("Texten verkar innehålla känsliga uppgifter."))
        self.findings = findings


class Captured(NamedTuple):
    """A new matter, and the secret link's token when the author is anonymous (shown once)."""

    matter: Matter
    secret: str


def title_from(text: str) -> str:
    """The first sentence or line, cut at a word: what a list shows when the writer gave no title."""
    line = " ".join(text.strip().split("\n", 1)[0].split())
    for end in (". ", "? ", "! "):
        head, found, _rest = line.partition(end)
        if found and 8 <= len(head) <= TITLE_LENGTH:
            return head + (end[0] if end[0] != "." else "")
    if len(line) <= TITLE_LENGTH:
        return line.rstrip(".") or _("Utan rubrik")
    return line[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"


@transaction.atomic
def capture_matter(
    *,
    by: Standing,
    kind: str,
    text: str,
    title: str = "",
    place: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    language: str = "",
    visibility: str = Visibility.INTERNAL,
    secrecy_paragraph: str = "",
    author_kind: str = AuthorKind.NAMED,
    author_label: str = "",
    on_behalf_of: str = "",
    home_unit: Organisation | None = None,
    themes: str = "",
    reference: str | None = None,
    source: str = "",
    confidence: str = "",
    batch: Batch | None = None,
    created_at: object = None,
    confirmed: bool = False,
) -> Captured:
    """Take in a matter: number it, make its author follow it, and say so in the ledger.

    Raises :class:`Sensitive` when the text holds what looks like personal data and ``confirmed`` is not set, and
    ValueError when the text is empty.
    """
    policy.require(by, "matter.capture")
    if not text.strip():
        raise ValueError(_("Skriv några ord om vad det gäller."))
    if not confirmed and (findings := sensitive.find(f"{title}\n{text}\n{place}")):
        raise Sensitive(findings)
    if not by.is_authenticated and not by.system:
        author_kind = AuthorKind.ANONYMOUS
    unit = home_unit or _home_unit(by)
    moment = created_at or now()
    matter = Matter.objects.create(
        kind=Kind(kind),
        title=(title.strip() or title_from(text))[:160],
        text=text.strip(),
        language=language or by.language,
        number=next_number(unit),
        home_unit=unit,
        author_id=by.user_id if author_kind != AuthorKind.ANONYMOUS else None,
        author_kind=author_kind,
        author_label=_author_label(by, author_kind, author_label),
        on_behalf_of=on_behalf_of,
        visibility=visibility,
        secrecy_paragraph=secrecy_paragraph,
        place=place.strip(),
        latitude=latitude,
        longitude=longitude,
        themes=themes,
        reference=reference,
        source=source,
        confidence=confidence,
        batch=batch,
        created_at=moment,
        active_at=moment,
    )
    if matter.author_id:
        matter.follows.create(user_id=matter.author_id)
        Matter.objects.filter(pk=matter.pk).update(follower_count=1)
    secret = _secret_link(matter) if author_kind == AuthorKind.ANONYMOUS and not by.system else ""
    record(
        by=policy.visitor() if author_kind == AuthorKind.ANONYMOUS and not by.system else by,
        verb="matter.captured",
        obj=matter,
        unit_id=unit.pk,
        data={"kind": matter.kind, "visibility": visibility, "number": matter.number, "author": author_kind},
        private={"title": matter.title, "text": matter.text},
    )
    return Captured(matter, secret)


@transaction.atomic
def edit_matter(
    *, by: Standing, matter: Matter, title: str, text: str, place: str = "", kind: str = "", confirmed: bool = False
) -> Matter:
    """Change what a matter says. Raises :class:`Sensitive` and ValueError as capture does."""
    policy.require(by, "matter.edit", matter)
    if not text.strip() or not title.strip():
        raise ValueError(_("Rubrik och text behövs."))
    if not confirmed and (findings := sensitive.find(f"{title}\n{text}\n{place}")):
        raise Sensitive(findings)
    matter.title, matter.text, matter.place = title.strip()[:160], text.strip(), place.strip()
    matter.kind = Kind(kind) if kind else matter.kind
    matter.active_at = now()
    matter.save(update_fields=["title", "text", "place", "kind", "active_at"])
    record(
        by=by,
        verb="matter.edited",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"kind": matter.kind},
        private={"title": matter.title, "text": matter.text},
    )
    return matter


@transaction.atomic
def set_owners(*, by: Standing, matter: Matter, owners: Sequence[tuple[Organisation, str]]) -> Matter:
    """Say who owns the matter, each for the whole or a named part. Nobody is a valid answer."""
    policy.require(by, "matter.steer", matter)
    matter.owners.all().delete()
    Owner.objects.bulk_create(Owner(matter=matter, organisation=org, part=part) for org, part in owners)
    matter.nobody_owns = not owners
    matter.active_at = now()
    matter.save(update_fields=["nobody_owns", "active_at"])
    _forget_related(matter)
    record(
        by=by,
        verb="matter.owners_set",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"owners": [org.pk for org, _part in owners]},
    )
    return matter


@transaction.atomic
def set_visibility(
    *, by: Standing, matter: Matter, visibility: str, secrecy_paragraph: str = "", released: bool | None = None
) -> Matter:
    """Change who may read. A restricted matter names the paragraph of the secrecy act it rests on."""
    policy.require(by, "matter.classify", matter)
    if visibility == Visibility.RESTRICTED and not secrecy_paragraph.strip():
        raise ValueError(_("Ange vilken paragraf i offentlighets- och sekretesslagen som gäller."))
    matter.visibility = Visibility(visibility)
    matter.secrecy_paragraph = secrecy_paragraph.strip() if visibility == Visibility.RESTRICTED else ""
    matter.released = matter.released if released is None else released
    matter.save(update_fields=["visibility", "secrecy_paragraph", "released"])
    record(
        by=by,
        verb="matter.visibility_set",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"visibility": visibility, "paragraph": matter.secrecy_paragraph, "released": matter.released},
    )
    return matter


@transaction.atomic
def set_status(*, by: Standing, matter: Matter, status: str, reason_digest: str = "") -> Matter:
    """Move a matter's status. Rooms call this inside verbs of their own, which write the event that says why."""
    policy.require(by, "matter.steer", matter)
    matter.status, matter.active_at = Status(status), now()
    matter.save(update_fields=["status", "active_at"])
    return matter


@transaction.atomic
def add_participant(
    *, by: Standing, matter: Matter, organisation: Organisation, role: str, share_percent: float | None = None
) -> Participant:
    """Give an organisation a typed part in the matter."""
    policy.require(by, "matter.steer", matter)
    participant, _created = Participant.objects.update_or_create(
        matter=matter, organisation=organisation, role=role, defaults={"share_percent": share_percent}
    )
    _forget_related(matter)
    record(
        by=by,
        verb="matter.participant_added",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"organisation": organisation.pk, "role": role},
    )
    return participant


@transaction.atomic
def erase_author(*, by: Standing, matter: Matter) -> Matter:
    """Lawful erasure of who wrote: the name goes, the salts of the matter's events go, the chain still holds."""
    policy.require(by, "person.edit")
    from helhet.foundation.ledger.services import destroy_salts

    matter.author, matter.author_kind, matter.author_label = None, AuthorKind.ANONYMOUS, _("Borttagen avsändare")
    matter.save(update_fields=["author", "author_kind", "author_label"])
    destroy_salts(object_type="matters.matter", object_id=str(matter.pk))
    record(by=by, verb="matter.author_erased", obj=matter, unit_id=matter.home_unit_id)
    return matter


def next_number(unit: Organisation) -> str:
    """The next registration number of the unit this year, such as ``KN 2026/114``. Never given twice."""
    year = localdate().year
    with transaction.atomic():
        Series.objects.get_or_create(unit=unit, year=year)
        series = Series.objects.select_for_update().get(unit=unit, year=year)
        series.last += 1
        series.save(update_fields=["last"])
    return f"{unit.series or unit.slug.upper()[:8]} {year}/{series.last}"


def matter_by_secret(token: str) -> Matter | None:
    """The matter that a living secret link leads to, or None."""
    link = SecretLink.objects.filter(token_hash=hash_token(token), expires_at__gt=now()).first()
    return link.matter if link else None


def _secret_link(matter: Matter) -> str:
    token = secrets.token_urlsafe(32)
    SecretLink.objects.create(
        matter=matter, token_hash=hash_token(token), expires_at=now() + timedelta(days=SECRET_LINK_DAYS)
    )
    return token


def _home_unit(by: Standing) -> Organisation:
    """The nearest unit with a registration series at or above the author's own, else the municipality."""
    path = by.paths.get(by.home_unit_id or 0, "")
    ids = [int(part) for part in path.strip("/").split("/") if part]
    units = {u.pk: u for u in Organisation.objects.filter(pk__in=ids).exclude(series="")} if ids else {}
    return next((units[i] for i in reversed(ids) if i in units), None) or municipality()


def _author_label(by: Standing, author_kind: str, wanted: str) -> str:
    if author_kind == AuthorKind.ANONYMOUS:
        return wanted or _("Anonym")
    if author_kind == AuthorKind.PSEUDONYM:
        return wanted or _("Pseudonym")
    return wanted or by.label


def _forget_related(matter: Matter) -> None:
    matter._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # owners are read anew after a change


def user_of(by: Standing) -> User | None:
    return User.objects.filter(pk=by.user_id).first() if by.user_id else None
