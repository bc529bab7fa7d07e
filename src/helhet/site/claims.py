# SPDX-License-Identifier: EUPL-1.2
"""Group claims of the login provider become roles, and stop being roles when the claim is gone.

The pairs are data: rows of :class:`ClaimMapping`, and ``[[roles]]`` in the file of login providers. What somebody
was given by hand is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from helhet.foundation.people.models import ClaimMapping, Organisation, User
from helhet.foundation.people.services import add_member, end_member
from helhet.foundation.policy import system
from helhet.foundation.policy.roles import Role


def groups_in(data: Mapping[str, Any], claim: str) -> frozenset[str]:
    """The groups that a provider's answer tells of: one text or a list of texts; anything else is no group."""
    found: set[str] = set()
    for part in ("id_token", "userinfo"):
        given = (data.get(part) or {}).get(claim, [])
        listed = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        found.update(group for group in listed if isinstance(group, str) and len(group) <= 200)
    return frozenset(found)


def roles_for(groups: Iterable[str]) -> dict[tuple[int, str], Organisation]:
    """What the groups give: (organisation, role) → organisation."""
    wanted = set(groups)
    rows = ClaimMapping.objects.filter(claim__in=wanted).select_related("organisation")
    given = {(row.organisation_id, row.role): row.organisation for row in rows}
    written = [row for row in settings.HELHET_OIDC.get("roles", []) if row.get("claim") in wanted]
    slugs = {row.get("organisation") for row in written}
    units = {unit.slug: unit for unit in Organisation.objects.filter(slug__in=slugs)}
    for row in written:
        unit = units.get(row.get("organisation"))
        if unit is not None and row.get("role") in Role.values:
            given[unit.pk, row["role"]] = unit
    return given


@transaction.atomic
def follow_claims(user: User, groups: Iterable[str]) -> None:
    """Give what the groups give, take back what they no longer give."""
    wanted, by = roles_for(groups), system()
    for membership in user.memberships.filter(from_claim=True).select_related("organisation", "user"):
        if (membership.organisation_id, membership.role) not in wanted:
            end_member(by=by, membership=membership)
    has_home = user.memberships.filter(is_home=True).exists()
    for (_pk, role), organisation in sorted(wanted.items()):
        add_member(by=by, user=user, organisation=organisation, role=role, is_home=not has_home, from_claim=True)
        has_home = True
