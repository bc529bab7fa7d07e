# SPDX-License-Identifier: EUPL-1.2
"""A small municipality and the people in it, for any test: plain functions, called where a database is at hand.

>>> town = small_town()
>>> leader = standing("process_leader", town.technical)
>>> thing = matter(by=leader, title="Halt vid skolan", visibility="public")
"""

from dataclasses import dataclass
from itertools import count
from typing import Any

from helhet.foundation import policy
from helhet.foundation.matters.models import Batch, Matter, Owner, Participant
from helhet.foundation.matters.services import capture_matter
from helhet.foundation.people.models import Membership, Organisation, User
from helhet.foundation.people.selectors import MUNICIPALITY, standing_of
from helhet.foundation.policy import Standing

_numbers = count(1)
SYSTEM = policy.system()


@dataclass(frozen=True)
class Town:
    """The municipality, two administrations, an office below one of them, and those around."""

    municipality: Organisation
    technical: Organisation
    streets: Organisation
    social: Organisation
    company: Organisation
    university: Organisation
    sami_village: Organisation
    group: Organisation
    public: Organisation


def organisation(slug: str, kind: str = "unit", parent: Organisation | None = None, **details: Any) -> Organisation:
    """An organisation with its place in the tree; the same slug again gives the same one."""
    found = Organisation.objects.filter(slug=slug).first()
    details.setdefault("name", slug.replace("-", " ").capitalize())
    return found or Organisation.objects.create(slug=slug, kind=kind, parent=parent, **details)


def municipality() -> Organisation:
    """The one that every other organisation of the town stands under."""
    return organisation(MUNICIPALITY, name="Kommunen", series="KN")


def main_sluice() -> None:
    """Where a matter goes that is left in no other sluice."""
    from helhet.rooms.sluice.models import Sluice

    Sluice.objects.get_or_create(organisation=municipality(), defaults={"title": "Kommunens sluss"})


def small_town() -> Town:
    """The whole tree; asked for again it is the same town."""
    top = municipality()
    technical = organisation("tekniska", parent=top, series="TN")
    return Town(
        municipality=top,
        technical=technical,
        streets=organisation("gatukontoret", parent=technical),
        social=organisation("socialforvaltningen", parent=top, series="SN"),
        company=organisation("bolaget", "company"),
        university=organisation("hogskolan", "university"),
        sami_village=organisation("samebyn", "sami_village"),
        group=organisation("innovationsgruppen", "group"),
        public=organisation("invanarna", "public"),
    )


def person(role: str = "employee", org: Organisation | None = None, *, name: str = "", **details: Any) -> User:
    """An account that holds ``role`` in ``org`` (the municipality when left out). ``visitor`` gives no membership."""
    user = User.objects.create_user(name or f"{role}-{next(_numbers)}", role_title=role.capitalize(), **details)
    if role != "visitor":
        Membership.objects.create(user=user, organisation=org or municipality(), role=role, is_home=True)
    return user


def standing(role: str = "employee", org: Organisation | None = None, **details: Any) -> Standing:
    """Where a new person with the role stands; for ``visitor`` somebody who has not logged in."""
    return policy.visitor() if role == "visitor" else standing_of(person(role, org, **details))


def user_of(actor: Standing) -> User:
    """The account behind a standing."""
    return User.objects.get(pk=actor.user_id)


def matter(
    *,
    by: Standing | None = None,
    owners: tuple[Organisation, ...] = (),
    participants: tuple[Organisation, ...] = (),
    hidden: bool = False,
    released: bool = False,
    **details: Any,
) -> Matter:
    """A matter left by ``by`` (Helhet itself when left out), with owners and participants."""
    municipality()
    details.setdefault("kind", "need")
    details.setdefault("text", f"Det behövs något nytt här, nummer {next(_numbers)}.")
    if details.get("visibility") == "restricted":
        details.setdefault("secrecy_paragraph", "21 kap. 7 § OSL")
    if hidden:
        details["batch"] = Batch.objects.create(kind="matters", source_hash="0" * 64)
    made = capture_matter(by=by or SYSTEM, confirmed=True, **details).matter
    Owner.objects.bulk_create(Owner(matter=made, organisation=org) for org in owners)
    Participant.objects.bulk_create(Participant(matter=made, organisation=org, role="partner") for org in participants)
    Matter.objects.filter(pk=made.pk).update(nobody_owns=not owners, released=released)
    return Matter.objects.get(pk=made.pk)
