# SPDX-License-Identifier: EUPL-1.2
"""Change people and organisations."""

import hashlib
import secrets
import time
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.people.models import ApiToken, Mandate, Membership, Organisation, Throttle, User
from helhet.foundation.policy import Standing


@transaction.atomic
def add_organisation(
    *,
    by: Standing,
    slug: str,
    kind: str,
    name: str,
    parent: Organisation | None = None,
    **details: str,
) -> Organisation:
    """Add an organisation; its place in the tree follows from its parent."""
    policy.require(by, "organisation.edit")
    organisation = Organisation.objects.create(slug=slug, kind=kind, name=name, parent=parent, **details)
    organisation.path = f"{parent.path if parent else '/'}{organisation.pk}/"
    organisation.save(update_fields=["path"])
    record(by=by, verb="organisation.added", obj=organisation, data={"kind": kind, "slug": slug})
    return organisation


@transaction.atomic
def edit_organisation(*, by: Standing, organisation: Organisation, **changes: str | date | None) -> Organisation:
    """Change names, series or notes. An organisation keeps its slug and its place."""
    policy.require(by, "organisation.edit", organisation)
    for name, value in changes.items():
        if name in {"slug", "parent", "path"}:
            raise ValueError(f"{name} is kept for life")
        setattr(organisation, name, value)
    organisation.save()
    record(by=by, verb="organisation.changed", obj=organisation, data={"fields": sorted(changes)})
    return organisation


@transaction.atomic
def give_mandate(
    *,
    by: Standing,
    group: Organisation,
    purpose: str,
    given_by: Organisation | None = None,
    since: date | None = None,
    until: date | None = None,
    source: str = "",
) -> Mandate:
    """Give a group its mandate: from whom, for what, until when."""
    policy.require(by, "organisation.edit", group)
    mandate = Mandate.objects.create(
        group=group, given_by=given_by, purpose=purpose, since=since, until=until, source=source
    )
    record(by=by, verb="mandate.given", obj=group, data={"mandate": mandate.pk}, private={"purpose": purpose})
    return mandate


@transaction.atomic
def add_person(
    *, by: Standing, username: str, password: str | None = None, role_title: str = "", **details: str | bool
) -> User:
    """Add an account."""
    policy.require(by, "person.edit")
    user = User.objects.create_user(username, password, role_title=role_title, **details)
    record(by=by, verb="person.added", obj=user)
    return user


@transaction.atomic
def add_member(
    *,
    by: Standing,
    user: User,
    organisation: Organisation,
    role: str,
    is_home: bool = False,
    until: date | None = None,
    from_claim: bool = False,
) -> Membership:
    """Give a person a role in an organisation or group; the same again changes nothing."""
    policy.require(by, "person.edit", organisation)
    membership, created = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        role=role,
        defaults={"is_home": is_home, "until": until, "from_claim": from_claim},
    )
    if created:
        record(by=by, verb="member.added", obj=organisation, data={"role": role}, private={"user": user.actor_key})
    return membership


class TooMany(Exception):
    """A bounded action was asked for too often; ``wait_s`` says when to try again."""

    def __init__(self, wait_s: int):
        super().__init__(_("För många försök. Vänta %(s)s sekunder och försök igen.") % {"s": wait_s})
        self.wait_s = wait_s


def throttle(key: str, *, limit: int, per_s: int) -> None:
    """Count one use of ``key``; raise :class:`TooMany` past ``limit`` uses in a window of ``per_s`` seconds."""
    moment = int(time.time())
    window = moment // per_s
    hashed = hashlib.sha256(key.encode()).hexdigest()[:40]
    row = {"key": f"{per_s}:{hashed}", "window": window}
    with transaction.atomic():
        if not Throttle.objects.filter(**row).update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    Throttle.objects.create(**row, count=1)
            except IntegrityError:
                Throttle.objects.filter(**row).update(count=F("count") + 1)
        count = Throttle.objects.filter(**row).values_list("count", flat=True).get()
    if count > limit:
        raise TooMany((window + 1) * per_s - moment)


@transaction.atomic
def make_token(*, by: Standing, user: User, name: str, may_write: bool = False, days: int = 90) -> str:
    """Make an API token for oneself; it is shown once, kept as a hash, and ends by itself."""
    policy.require(by, "token.make", user)
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user, name=name, may_write=may_write, token_hash=hash_token(token), expires_at=now() + timedelta(days=days)
    )
    record(by=by, verb="token.made", obj=user, data={"write": may_write, "days": days})
    return token


def hash_token(token: str) -> str:
    """Tokens and secret links are random enough that a plain SHA-256 keeps them."""
    return hashlib.sha256(token.encode()).hexdigest()
