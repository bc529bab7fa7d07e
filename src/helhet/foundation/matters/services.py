# SPDX-License-Identifier: EUPL-1.2
"""Capture and change matters. Every verb asks policy first and ends with exactly one event."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, TypedDict, Unpack

from django.db import transaction
from django.db.models import F, Sum
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.core.text import sensitive
from helhet.foundation import policy
from helhet.foundation.ledger.services import destroy_salts, record
from helhet.foundation.matters.models import (
    AuthorKind,
    Batch,
    Kind,
    Matter,
    Owner,
    Participant,
    SecretLink,
    Visibility,
)
from helhet.foundation.matters.numbers import nearest_with_series, next_number
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import municipality
from helhet.foundation.people.services import hash_token
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line, fits

TITLE_LENGTH = 90
SECRET_LINK_DAYS = 365


class Sensitive(Exception):
    """The text holds what looks like personal data; ``findings`` says what. Confirmed text is saved as it is."""

    def __init__(self, findings: Sequence[sensitive.Sensitive]):
        super().__init__(_("Texten verkar innehålla känsliga uppgifter."))
        self.findings = findings


def ask_about(*texts: str, confirmed: bool = False) -> None:
    """Raise :class:`Sensitive` when any text holds what looks like personal data and nobody has confirmed it."""
    if not confirmed and (findings := sensitive.find("\n".join(texts))):
        raise Sensitive(findings)


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


class Details(TypedDict, total=False):
    """What a matter may carry beside its words, its author and who may read it."""

    latitude: float | None
    longitude: float | None
    on_behalf_of: str
    themes: str
    reference: str | None
    source: str
    confidence: str
    batch: Batch | None


@transaction.atomic
def capture_matter(
    *,
    by: Standing,
    kind: str,
    text: str,
    title: str = "",
    place: str = "",
    language: str = "",
    visibility: str = Visibility.INTERNAL,
    secrecy_paragraph: str = "",
    author_kind: str = AuthorKind.NAMED,
    author_label: str = "",
    home_unit: Organisation | None = None,
    created_at: datetime | None = None,
    confirmed: bool = False,
    **details: Unpack[Details],
) -> Captured:
    """Take in a matter: number it, make its author follow it, and say so in the ledger.

    Raises :class:`Sensitive` when the text holds what looks like personal data and ``confirmed`` is not set, and
    ValueError when the text is empty.
    """
    policy.require(by, "matter.capture")
    title, text, place = clean_line(title), clean(text), clean_line(place)
    if not text:
        raise ValueError(_("Skriv några ord om vad det gäller."))
    if visibility == Visibility.RESTRICTED and not secrecy_paragraph.strip():
        raise ValueError(_("Ange vilken paragraf i offentlighets- och sekretesslagen som gäller."))
    _check_position(details.get("latitude"), details.get("longitude"))
    details["on_behalf_of"] = clean_line(details.get("on_behalf_of", ""))
    kept = {name: details[name] for name in ("on_behalf_of", "themes", "source") if name in details}  # type: ignore[literal-required]
    fits(Matter, place=place, author_label=author_label, **kept)
    ask_about(title, text, place, confirmed=confirmed)
    if not by.is_authenticated and not by.system:
        author_kind = AuthorKind.ANONYMOUS
    unit = home_unit or _home_unit(by)
    moment = created_at or now()
    matter = Matter.objects.create(
        kind=Kind(kind),
        title=(title or title_from(text))[:160],
        text=text,
        language=language or by.language,
        number=next_number(unit),
        home_unit=unit,
        author_id=by.user_id if author_kind != AuthorKind.ANONYMOUS else None,
        author_kind=author_kind,
        author_label=_author_label(by, author_kind, author_label),
        visibility=Visibility(visibility),
        secrecy_paragraph=secrecy_paragraph.strip(),
        place=place,
        created_at=moment,
        active_at=moment,
        **details,
    )
    return _told(by, matter, unnamed=author_kind == AuthorKind.ANONYMOUS and not by.system)


def _told(by: Standing, matter: Matter, *, unnamed: bool) -> Captured:
    """Let the author follow – by account, or by a secret link when unnamed – and write the event."""
    if matter.author_id:
        matter.follows.create(user_id=matter.author_id)
        Matter.objects.filter(pk=matter.pk).update(follower_count=1)
    secret = _secret_link(matter) if unnamed else ""
    record(
        by=policy.visitor() if unnamed else by,
        verb="matter.captured",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={
            "kind": matter.kind,
            "visibility": matter.visibility,
            "number": matter.number,
            "author": matter.author_kind,
        },
        private={"title": matter.title, "text": matter.text},
    )
    return Captured(matter, secret)


@transaction.atomic
def edit_matter(
    *, by: Standing, matter: Matter, title: str, text: str, place: str = "", kind: str = "", confirmed: bool = False
) -> Matter:
    """Change what a matter says. Raises :class:`Sensitive` and ValueError as capture does."""
    policy.require(by, "matter.edit", matter)
    title, text, place = clean_line(title), clean(text), clean_line(place)
    fits(Matter, place=place)
    if not text or not title:
        raise ValueError(_("Rubrik och text behövs."))
    ask_about(title, text, place, confirmed=confirmed)
    matter.title, matter.text, matter.place = title[:160], text, place
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
    place_owners(matter, owners)
    record(
        by=by,
        verb="matter.owners_set",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"owners": [org.pk for org, _part in owners]},
    )
    return matter


def place_owners(matter: Matter, owners: Sequence[tuple[Organisation, str]]) -> None:
    """Write who owns a matter, for verbs that say so in an event of their own; who owned before keeps since when."""
    wanted = {(org.pk, clean_line(part)) for org, part in owners}
    for _org, part in wanted:
        fits(Owner, part=part)
    for owner in Owner.objects.filter(matter=matter):
        if (owner.organisation_id, owner.part) in wanted:
            wanted.remove((owner.organisation_id, owner.part))  # keeps since when
        else:
            owner.delete()
    Owner.objects.bulk_create(
        Owner(matter=matter, organisation=org, part=clean_line(part))
        for org, part in dict.fromkeys(owners)
        if (org.pk, clean_line(part)) in wanted
    )
    matter.nobody_owns = not owners
    matter.active_at = now()
    matter.save(update_fields=["nobody_owns", "active_at"])
    _forget_related(matter)


@transaction.atomic
def set_visibility(
    *, by: Standing, matter: Matter, visibility: str, secrecy_paragraph: str = "", released: bool | None = None
) -> Matter:
    """Change who may read. A restricted matter names the paragraph of the secrecy act it rests on."""
    policy.require(by, "matter.classify", matter)
    if visibility == Visibility.RESTRICTED and not secrecy_paragraph.strip():
        raise ValueError(_("Ange vilken paragraf i offentlighets- och sekretesslagen som gäller."))
    fits(Matter, secrecy_paragraph=secrecy_paragraph.strip())
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
def add_participant(
    *, by: Standing, matter: Matter, organisation: Organisation, role: str, share_percent: float | Decimal | None = None
) -> Participant:
    """Give an organisation a typed part in the matter."""
    policy.require(by, "matter.steer", matter)
    if share_percent is not None and not 0 <= share_percent <= 100:
        raise ValueError(_("Andelen är mellan 0 och 100 procent."))
    _check_shares(matter, organisation, role, share_percent)
    participant, _created = Participant.objects.update_or_create(
        matter=matter, organisation=organisation, role=Participant.Role(role), defaults={"share_percent": share_percent}
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


def _check_shares(matter: Matter, organisation: Organisation, role: str, share_percent: float | Decimal | None) -> None:
    """The shares of those who pay for the whole are at most the whole."""
    others = matter.participants.exclude(organisation=organisation, role=role).aggregate(sum=Sum("share_percent"))[
        "sum"
    ]
    if share_percent is not None and Decimal(str(share_percent)) + (others or 0) > 100:
        left = 100 - others
        raise ValueError(_("Andelarna blir mer än 100 procent. Det finns %(left)s procent kvar.") % {"left": left})


@transaction.atomic
def end_participant(*, by: Standing, participant: Participant) -> None:
    """Take back an organisation's part in the matter; what it opened closes at once."""
    matter = participant.matter
    policy.require(by, "matter.steer", matter)
    participant.delete()
    _forget_related(matter)
    data = {"organisation": participant.organisation_id, "role": participant.role}
    record(by=by, verb="matter.participant_ended", obj=matter, unit_id=matter.home_unit_id, data=data)


@transaction.atomic
def erase_author(*, by: Standing, matter: Matter) -> Matter:
    """Lawful erasure of who wrote: the name goes, the salts of the matter's events go, the chain still holds.

    What the author wrote in the thread loses its sender too, and the author's own ways back to the matter end.
    """
    policy.require(by, "person.edit")
    gone = _("Borttagen avsändare")
    if matter.author_id:
        matter.comments.filter(author_id=matter.author_id).update(author=None, author_label=gone)
        if matter.follows.filter(user_id=matter.author_id).delete()[0]:
            Matter.objects.filter(pk=matter.pk).update(follower_count=F("follower_count") - 1)
    matter.secret_links.all().delete()
    matter.author, matter.author_kind, matter.author_label, matter.on_behalf_of = None, AuthorKind.ANONYMOUS, gone, ""
    matter.save(update_fields=["author", "author_kind", "author_label", "on_behalf_of"])
    destroy_salts(object_type="matters.matter", object_id=str(matter.pk))
    record(by=by, verb="matter.author_erased", obj=matter, unit_id=matter.home_unit_id)
    return matter


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
    return nearest_with_series(by.paths.get(by.home_unit_id or 0, "")) or municipality()


def _check_position(latitude: float | None, longitude: float | None) -> None:
    if (latitude is None) != (longitude is None):
        raise ValueError(_("En plats behöver både latitud och longitud."))
    if latitude is not None and longitude is not None and not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(_("Platsen ligger inte på jorden. Kontrollera latitud och longitud."))


def _author_label(by: Standing, author_kind: str, wanted: str) -> str:
    wanted = clean_line(wanted)
    if author_kind == AuthorKind.ANONYMOUS:
        return wanted or _("Anonym")
    if author_kind == AuthorKind.PSEUDONYM:
        return wanted or _("Pseudonym")
    return (wanted or by.label)[:200]


def _forget_related(matter: Matter) -> None:
    matter._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # owners are read anew after a change
