# SPDX-License-Identifier: EUPL-1.2
"""Read people and organisations."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from helhet.foundation.people.models import Membership, Organisation, User
from helhet.foundation.policy import Standing, visitor
from helhet.foundation.policy.roles import Role

MUNICIPALITY = "kommunen"
#: organisation, its path, kind, short name, name, role
Row = tuple[int, str, str, str, str, str]


def standing_of(user: Any) -> Standing:
    """Where a person stands; one query, kept on the user object for the rest of the request."""
    if not isinstance(user, User) or not user.is_active:
        return visitor()
    kept: Standing | None = getattr(user, "_standing", None)
    if kept is None:
        kept = standings_of([user])[user.pk]
        user._standing = kept  # type: ignore[attr-defined]  # cached for the request
    return kept


def standings_of(users: Sequence[User]) -> dict[int, Standing]:
    """Where many people stand, by primary key; one query for all."""
    today = localdate()
    rows = (
        Membership.objects.filter(
            Q(since=None) | Q(since__lte=today),
            Q(until=None) | Q(until__gte=today),
            Q(organisation__closed_at=None) | Q(organisation__closed_at__gt=today),
            user__in=users,
        )
        .order_by("user_id", "-is_home", "id")
        .values_list(
            "user_id",
            "organisation_id",
            "organisation__path",
            "organisation__kind",
            "organisation__short",
            "organisation__name",
            "role",
        )
    )
    of_user: dict[int, list[Row]] = {}
    for user_id, *row in rows:
        of_user.setdefault(user_id, []).append(tuple(row))  # type: ignore[arg-type]  # the six columns after the first
    return {u.pk: _standing(u, of_user.get(u.pk, [])) if u.is_active else visitor() for u in users}


def _standing(user: User, rows: list[Row]) -> Standing:
    held: dict[int, set[str]] = {}
    paths: dict[int, str] = {}
    kinds: dict[int, str] = {}
    home, home_name, first_role = None, "", ""
    for organisation_id, path, kind, short, name, role in rows:
        held.setdefault(organisation_id, set()).add(role)
        paths[organisation_id] = path
        kinds[organisation_id] = kind
        if home is None:
            home, home_name, first_role = organisation_id, short or name, role
    title = user.role_title or _title_of(first_role)
    return Standing(
        user_id=user.pk,
        actor_key=user.actor_key,
        label=f"{title}, {home_name}" if home_name else title,
        language=user.language,
        roles=frozenset({Role.VISITOR, *(role for roles in held.values() for role in roles)}),
        held={org: frozenset(roles) for org, roles in held.items()},
        paths=paths,
        kinds=kinds,
        home_unit_id=home,
    )


def _title_of(role: str) -> str:
    """What others see of somebody without a role title: what they do here, never the user name."""
    words = str(Role(role).label) if role in Role else _("Inloggad")
    return words[:1].upper() + words[1:]


class NoMunicipality(ValueError):
    """No instance has been loaded, so there is nobody to leave anything to."""

    def __init__(self) -> None:
        super().__init__(_("Kommunen finns inte här än. Den som driver Helhet behöver läsa in en instans."))


def municipality() -> Organisation:
    """The municipality this Helhet belongs to; its slug is the same in every instance, whose loading founds it.

    Raises :class:`NoMunicipality` where none has been loaded.
    """
    found = Organisation.objects.filter(slug=MUNICIPALITY).first()
    if found is None:
        raise NoMunicipality
    return found


def top() -> Organisation:
    """What stands at the top of the tree that the municipality is in: itself, or the group with its companies."""
    return Organisation.objects.get(pk=int(municipality().path.strip("/").split("/")[0]))


def organisations_for_choice() -> QuerySet[Organisation]:
    """Organisations that may be chosen as owners or participants, by name."""
    return Organisation.objects.filter(closed_at=None).order_by("name")


def members_of(organisation_id: int, *roles: str) -> QuerySet[User]:
    """Active people who hold one of ``roles`` (or any role) in exactly this organisation."""
    found = User.objects.filter(is_active=True, memberships__organisation_id=organisation_id)
    return (found.filter(memberships__role__in=roles) if roles else found).distinct()


def nearest_holders(organisations: Sequence[Organisation], roles: Collection[str]) -> set[int]:
    """Who holds one of ``roles`` in each organisation, or else in the nearest one above it; in one query.

    Where nobody does, as in most that are not the municipality's own, everybody who acts for it is meant.
    """
    today = localdate()
    reach = {int(part) for org in organisations for part in org.path.split("/") if part}
    rows = Membership.objects.filter(
        Q(since=None) | Q(since__lte=today),
        Q(until=None) | Q(until__gte=today),
        organisation_id__in=reach,
        user__is_active=True,
    ).exclude(role__in=[Role.VISITOR, Role.RESIDENT, Role.ADMINISTRATOR])
    held: dict[int, dict[bool, set[int]]] = {}
    for organisation, user, role in rows.values_list("organisation_id", "user_id", "role"):
        held.setdefault(organisation, {}).setdefault(role in roles, set()).add(user)
    found: set[int] = set()
    for org in organisations:
        above = [int(part) for part in reversed(org.path.split("/")) if part]
        leaders = next((held[pk][True] for pk in above if True in held.get(pk, {})), set())
        found |= leaders or held.get(org.pk, {}).get(False, set())
    return found
