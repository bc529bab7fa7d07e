# SPDX-License-Identifier: EUPL-1.2
"""What an administrator sees: always within reach, always a page at a time."""

from django.db.models import Q, QuerySet

from helhet.foundation.imports.models import ImportedRow
from helhet.foundation.people.models import Membership, Organisation, User
from helhet.foundation.people.policy import keeps_everything
from helhet.foundation.policy import Standing
from helhet.foundation.policy.roles import Role
from helhet.rooms.administration.models import Transfer

PAGE = 50


def _reach(actor: Standing) -> tuple[str, ...]:
    """Tree paths that the actor is administrator at."""
    held = (actor.paths.get(org, "") for org, roles in actor.held.items() if Role.ADMINISTRATOR in roles)
    return tuple(sorted(path for path in held if path))


def _within(actor: Standing, at: str = "") -> Q:
    """At or below where the actor is administrator; everywhere for one who keeps everything."""
    if actor.system or keeps_everything(actor):
        return Q()
    found = Q(pk__in=())
    for path in _reach(actor):
        found |= Q(**{f"{at}path__startswith": path})
    return found


def kept_by(actor: Standing) -> QuerySet[Organisation]:
    """Living organisations that the actor may change, by name."""
    return Organisation.objects.filter(_within(actor), closed_at=None).select_related("parent").order_by("name")


def accounts(actor: Standing, *, q: str = "", state: str = "", after: str = "") -> tuple[list[User], str]:
    """A page of accounts by user name, and the name to go on after ("" at the end).

    Who keeps everything sees all; others those who have a role within their reach.
    """
    found = User.objects.order_by("username").prefetch_related("memberships__organisation")
    if not keeps_everything(actor):
        found = found.filter(memberships__in=memberships_within(actor)).distinct()
    if q:
        found = found.filter(
            Q(username__icontains=q) | Q(name__icontains=q) | Q(role_title__icontains=q) | Q(email__icontains=q)
        )
    if state in {"oppna", "stangda"}:
        found = found.filter(is_active=state == "oppna")
    if after:
        found = found.filter(username__gt=after)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].username if len(rows) > PAGE else ""


def memberships_within(actor: Standing) -> QuerySet[Membership]:
    """Roles held where the actor is administrator."""
    return Membership.objects.filter(_within(actor, "organisation__"))


def organisations(actor: Standing, *, q: str = "", kind: str = "", after: str = "") -> tuple[list[Organisation], str]:
    """A page of organisations in the order of the tree, and the place to go on after."""
    found = Organisation.objects.filter(_within(actor)).select_related("parent").order_by("path")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(short__icontains=q) | Q(slug__icontains=q))
    if kind in Organisation.Kind.values:
        found = found.filter(kind=kind)
    if after:
        found = found.filter(path__gt=after)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].path if len(rows) > PAGE else ""


def depth(organisation: Organisation) -> int:
    """How far below the top of its tree an organisation stands; 0 at the top."""
    return organisation.path.count("/") - 2


def written_rows(transfer: Transfer) -> int:
    """How many rows of a table on its way in have been written, unseen until all are."""
    return ImportedRow.objects.filter(kind=transfer.kind, batch__sha256=transfer.sha256, batch__state="writing").count()
