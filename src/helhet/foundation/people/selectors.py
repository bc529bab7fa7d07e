# SPDX-License-Identifier: EUPL-1.2
"""Read people and organisations."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from helhet.foundation.people.models import Membership, Organisation, User
from helhet.foundation.policy import Standing, visitor
from helhet.foundation.policy.roles import Role

MUNICIPALITY = "kommunen"


def standing_of(user: Any) -> Standing:
    """Where a person stands; one query, kept on the user object for the rest of the request."""
    if not isinstance(user, User) or not user.is_active:
        return visitor()
    kept: Standing | None = getattr(user, "_standing", None)
    if kept is None:
        kept = user._standing = _read_standing(user)  # type: ignore[attr-defined]  # cached for the request
    return kept


def _read_standing(user: User) -> Standing:
    today = localdate()
    rows = (
        Membership.objects.filter(Q(since=None) | Q(since__lte=today), Q(until=None) | Q(until__gte=today), user=user)
        .order_by("-is_home", "id")
        .values_list("organisation_id", "organisation__path", "organisation__short", "organisation__name", "role")
    )
    held: dict[int, set[str]] = {}
    paths: dict[int, str] = {}
    home, home_name = None, ""
    for organisation_id, path, short, name, role in rows:
        held.setdefault(organisation_id, set()).add(role)
        paths[organisation_id] = path
        if home is None:
            home, home_name = organisation_id, short or name
    title = user.role_title or user.username
    return Standing(
        user_id=user.pk,
        actor_key=user.actor_key,
        label=f"{title}, {home_name}" if home_name else title,
        language=user.language,
        roles=frozenset({Role.VISITOR, *(role for roles in held.values() for role in roles)}),
        held={org: frozenset(roles) for org, roles in held.items()},
        paths=paths,
        home_unit_id=home,
    )


def municipality() -> Organisation:
    """The municipality this Helhet belongs to. Its slug is the same in every instance; it is made when missing."""
    found, created = Organisation.objects.get_or_create(
        slug=MUNICIPALITY, defaults={"kind": Organisation.Kind.UNIT, "name": "Kommunen", "series": "KN"}
    )
    if created:
        found.path = f"/{found.pk}/"
        found.save(update_fields=["path"])
    return found


def organisations_for_choice() -> QuerySet[Organisation]:
    """Organisations that may be chosen as owners or participants, by name."""
    return Organisation.objects.filter(closed_at=None).order_by("name")


def members_of(organisation_id: int, *roles: str) -> QuerySet[User]:
    """Active people who hold one of ``roles`` (or any role) in exactly this organisation."""
    found = User.objects.filter(is_active=True, memberships__organisation_id=organisation_id)
    return (found.filter(memberships__role__in=roles) if roles else found).distinct()
