# SPDX-License-Identifier: EUPL-1.2
"""Change people and organisations."""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.jobs.services import task
from helhet.foundation.ledger.services import Change, destroy_salts, record, record_all
from helhet.foundation.people.models import ApiToken, Mandate, Membership, Organisation, Throttle, User, new_actor_key
from helhet.foundation.people.selectors import MUNICIPALITY
from helhet.foundation.policy import Standing
from helhet.foundation.policy.roles import WIDE
from helhet.foundation.texts import clean, clean_line, fits

TOKEN_DAYS = 366

#: What else is done when a person is erased, by name: what lies above the foundation keeps things about people too.
ERASERS: dict[str, Callable[[User], None]] = {}

CHANGEABLE = frozenset({"name", "name_en", "short", "kind", "series", "note", "source", "confidence", "closed_at"})


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
    policy.require(by, "organisation.edit", parent)
    _check_place(Organisation.Kind(kind), parent)
    fits(Organisation, slug=slug, name=name, **details)
    if Organisation.objects.filter(slug=slug).exists():
        raise ValueError(_("Det finns redan en organisation med beteckningen %(slug)s.") % {"slug": slug})
    organisation = Organisation.objects.create(
        slug=slug, kind=Organisation.Kind(kind), name=name, parent=parent, **details
    )
    record(by=by, verb="organisation.added", obj=organisation, data={"kind": kind, "slug": slug})
    return organisation


def found_municipality(*, by: Standing) -> Organisation:
    """The municipality this Helhet belongs to, added when the instance's own table has not named it."""
    found = Organisation.objects.filter(slug=MUNICIPALITY).first()
    return found or add_organisation(
        by=by, slug=MUNICIPALITY, kind=Organisation.Kind.UNIT, name="Kommunen", series="KN"
    )


def _check_place(kind: str, parent: Organisation | None) -> None:
    """A group stands outside the tree, and nothing stands below one."""
    if parent is not None and Organisation.Kind.GROUP in (kind, parent.kind):
        raise ValueError(_("En grupp står utanför trädet: den ligger inte under något, och inget under den."))


@transaction.atomic
def move_organisation(*, by: Standing, organisation: Organisation, parent: Organisation | None) -> Organisation:
    """Move an organisation, with everything below it, to another place in the tree. Roles above reach it anew.

    Asks for the right to change it, where it stands and where it goes. Matters, members and figures come along.
    """
    for place in (organisation, organisation.parent, parent):
        policy.require(by, "organisation.edit", place)
    _check_place(organisation.kind, parent)
    old = organisation.path
    if parent is not None and parent.path.startswith(old):
        raise ValueError(_("En organisation kan inte ligga under sig själv."))
    new = f"{parent.path if parent else '/'}{organisation.pk}/"
    if new == old:
        return organisation
    below = Organisation.objects.select_for_update().filter(path__startswith=old)
    longest = max(len(path) for path in below.values_list("path", flat=True)) - len(old) + len(new)
    if longest > (Organisation._meta.get_field("path").max_length or 0):
        raise ValueError(_("Trädet blir för djupt. Välj en plats högre upp."))
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    organisation.parent, organisation.path = parent, new
    organisation.save(update_fields=["parent"])
    record(by=by, verb="organisation.moved", obj=organisation, data={"to": parent.pk if parent else None})
    return organisation


@transaction.atomic
def add_organisations(*, by: Standing, organisations: Sequence[Organisation]) -> None:
    """Add many new organisations at once, their parents being there already: an event for each, as for one."""
    policy.require(by, "organisation.edit")
    Organisation.objects.bulk_create(organisations)
    for one in organisations:
        one.path = f"{one.parent.path if one.parent else '/'}{one.pk}/"
    Organisation.objects.bulk_update(organisations, ["path"], batch_size=200)
    record_all(
        by=by,
        verb="organisation.added",
        changes=[Change(one, data={"kind": one.kind, "slug": one.slug}) for one in organisations],
    )


@transaction.atomic
def edit_organisation(*, by: Standing, organisation: Organisation, **changes: str | date | None) -> Organisation:
    """Change names, series or notes. An organisation keeps its slug and its place."""
    policy.require(by, "organisation.edit", organisation)
    if kept := set(changes) - CHANGEABLE:
        raise ValueError(f"{', '.join(sorted(kept))} is kept for life")
    fits(Organisation, **changes)
    for name, value in changes.items():
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
    if not group.is_group:
        raise ValueError(_("Uppdrag ges till grupper."))
    if since and until and until < since:
        raise ValueError(_("Slutet ligger före början."))
    purpose, source = clean(purpose), clean_line(source)
    if not purpose:
        raise ValueError(_("Skriv vad gruppen ska göra."))
    fits(Mandate, source=source)
    mandate = Mandate.objects.create(
        group=group, given_by=given_by, purpose=purpose, since=since, until=until, source=source
    )
    record(by=by, verb="mandate.given", obj=group, data={"mandate": mandate.pk}, private={"purpose": purpose})
    return mandate


@transaction.atomic
def end_mandate(*, by: Standing, mandate: Mandate, on: date) -> Mandate:
    """Say on which day a mandate ends, sooner or later than was said when it was given."""
    policy.require(by, "organisation.edit", mandate.group)
    if mandate.since and on < mandate.since:
        raise ValueError(_("Slutet ligger före början."))
    mandate.until = on
    mandate.save(update_fields=["until"])
    record(by=by, verb="mandate.ended", obj=mandate.group, data={"mandate": mandate.pk, "until": on.isoformat()})
    return mandate


@transaction.atomic
def add_person(
    *, by: Standing, username: str, password: str | None = None, role_title: str = "", **details: str | bool
) -> User:
    """Add an account."""
    policy.require(by, "person.edit")
    fits(User, username=username, role_title=role_title)
    if User.objects.filter(username=username).exists():
        raise ValueError(_("Det finns redan ett konto med det användarnamnet."))
    user = User.objects.create_user(username, password, role_title=role_title, **details)
    record(by=by, verb="person.added", obj=user)
    return user


@transaction.atomic
def choose_preferences(*, by: Standing, user: User, language: str, digest_days: int) -> User:
    """Choose the language one is spoken to in, and how often a digest comes (in days; 0 is never). One's own only."""
    policy.require(by, "person.choose", user)
    if language not in dict(settings.LANGUAGES):
        raise ValueError(_("Välj ett av språken i listan."))
    wanted = {"language": language, "digest_days": digest_days}
    changed = sorted(name for name, value in wanted.items() if getattr(user, name) != value)
    if changed:
        user.language, user.digest_days = language, digest_days
        user.save(update_fields=["language", "digest_days"])
        record(by=by, verb="person.preferences_chosen", obj=user, data={"fields": changed})
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
    """Give a person a role in an organisation or group. The same again changes nothing; a new end is written."""
    policy.require(by, "person.edit", organisation)
    if role in WIDE:
        policy.require(by, "person.edit")
    membership, created = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        role=role,
        defaults={"is_home": is_home, "until": until, "from_claim": from_claim},
    )
    wanted = (until, is_home or membership.is_home)
    # What a person was given by hand is not changed by what the identity provider claims.
    by_hand = from_claim and not membership.from_claim
    changed = not created and not by_hand and (membership.until, membership.is_home) != wanted
    if changed:
        membership.until, membership.is_home = wanted
        membership.save(update_fields=["until", "is_home"])
    if created or changed:
        verb = "member.added" if created else "member.changed"
        record(by=by, verb=verb, obj=organisation, data={"role": role}, private={"user": user.actor_key})
    return membership


@transaction.atomic
def end_member(*, by: Standing, membership: Membership) -> None:
    """Take back a role. What the person has done stays; what the role opened closes at once."""
    policy.require(by, "person.edit", membership.organisation)
    if membership.role in WIDE:
        policy.require(by, "person.edit")
    organisation, role, key = membership.organisation, membership.role, membership.user.actor_key
    membership.delete()
    record(by=by, verb="member.ended", obj=organisation, data={"role": role}, private={"user": key})


@transaction.atomic
def erase_person(*, by: Standing, user: User) -> User:
    """Lawful erasure of an account: nobody can log in to it, its name is gone, and its ledger key leads nowhere.

    What the person has left stays under the label it was left with; ``erase_author`` takes that away matter by matter.
    """
    policy.require(by, "person.edit")
    user.username, user.name, user.email, user.role_title = f"borttagen-{user.pk}", "", "", ""
    user.is_active, user.actor_key = False, new_actor_key()
    user.set_unusable_password()
    user.save()
    user.memberships.all().delete()
    user.api_tokens.all().delete()
    for erase in ERASERS.values():
        erase(user)
    destroy_salts(object_type="people.user", object_id=str(user.pk))
    record(by=by, verb="person.erased", obj=user)
    return user


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


@task("people.tidy_throttles", every=timedelta(hours=6))
def tidy_throttles() -> None:
    """Forget counts of windows that ended long ago: every row is at most a day past its window."""
    moment = int(time.time())
    lengths = set(Throttle.objects.values_list(Substr("key", 1, StrIndex("key", Value(":")) - 1), flat=True).distinct())
    for length in lengths:
        ended = (moment - 86400) // int(length)
        Throttle.objects.filter(key__startswith=f"{length}:", window__lt=ended).delete()


@transaction.atomic
def make_token(*, by: Standing, user: User, name: str, may_write: bool = False, days: int = 90) -> str:
    """Make an API token for oneself; it is shown once, kept as a hash, and ends by itself."""
    policy.require(by, "token.make", user)
    name = clean_line(name)
    if not name or not 1 <= days <= TOKEN_DAYS:
        raise ValueError(_("Ge nyckeln ett namn och högst %(most)s dagar.") % {"most": TOKEN_DAYS})
    fits(ApiToken, name=name)
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user, name=name, may_write=may_write, token_hash=hash_token(token), expires_at=now() + timedelta(days=days)
    )
    record(by=by, verb="token.made", obj=user, data={"write": may_write, "days": days})
    return token


@transaction.atomic
def end_token(*, by: Standing, token: ApiToken) -> None:
    """End a key of one's own before its time; it is worth nothing from that moment."""
    policy.require(by, "token.make", token.user)
    user = token.user
    token.delete()
    record(by=by, verb="token.ended", obj=user)


def hash_token(token: str) -> str:
    """Tokens and secret links are random enough that a plain SHA-256 keeps them."""
    return hashlib.sha256(token.encode()).hexdigest()
