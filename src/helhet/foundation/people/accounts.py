# SPDX-License-Identifier: EUPL-1.2
"""Change accounts, and what the login provider's groups give."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.people.models import ClaimMapping, Organisation, User
from helhet.foundation.policy import Standing
from helhet.foundation.policy.roles import Role
from helhet.foundation.texts import clean_line, fits


@transaction.atomic
def edit_person(*, by: Standing, user: User, name: str, email: str, role_title: str, language: str) -> User:
    """Change name, address, role title and language. The user name is for life: the provider and imports know it."""
    policy.require(by, "person.edit")
    wanted = {
        "name": clean_line(name),
        "email": clean_line(email),
        "role_title": clean_line(role_title),
        "language": language,
    }
    fits(User, **wanted)
    check_address(wanted["email"], but=user)
    changed = sorted(field for field, value in wanted.items() if getattr(user, field) != value)
    if changed:
        for field in changed:
            setattr(user, field, wanted[field])
        user.save(update_fields=changed)
        record(by=by, verb="person.changed", obj=user, data={"fields": changed})
    return user


def check_address(email: str, *, but: User | None = None) -> None:
    """An address is well formed and somebody's own: one can log in with it."""
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError:
        raise ValueError(_("E-postadressen ser inte rätt ut. Skriv till exempel namn@kommunen.se.")) from None
    others = User.objects.filter(email__iexact=email)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise ValueError(_("Adressen används av ett annat konto."))


@transaction.atomic
def close_account(*, by: Standing, user: User) -> User:
    """Shut an account: nobody can log in to it, its keys and sessions are worth nothing. Its roles stay, asleep."""
    policy.require(by, "person.edit")
    if by.user_id == user.pk:
        raise ValueError(_("Du kan inte stänga ditt eget konto. Be en annan administratör."))
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        user.api_tokens.all().delete()
        record(by=by, verb="person.closed", obj=user)
    return user


@transaction.atomic
def open_account(*, by: Standing, user: User) -> User:
    """Open a shut account again, with the roles it had."""
    policy.require(by, "person.edit")
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(by=by, verb="person.opened", obj=user)
    return user


@transaction.atomic
def note_invitation(*, by: Standing, user: User) -> None:
    """Say in the ledger that somebody was given a way to choose a password for an account."""
    policy.require(by, "person.edit")
    if not user.is_active:
        raise ValueError(_("Kontot är stängt. Öppna det först."))
    record(by=by, verb="person.invited", obj=user)


@transaction.atomic
def map_claim(*, by: Standing, claim: str, organisation: Organisation, role: str) -> ClaimMapping:
    """Let a group of the login provider give a role. The same again changes nothing. Roles follow at the next login."""
    policy.require(by, "person.edit")
    claim = clean_line(claim)
    if not claim:
        raise ValueError(_("Skriv gruppens namn hos inloggningstjänsten."))
    fits(ClaimMapping, claim=claim)
    mapping, created = ClaimMapping.objects.get_or_create(claim=claim, organisation=organisation, role=Role(role))
    if created:
        record(by=by, verb="claim.mapped", obj=organisation, data={"role": role}, private={"claim": claim})
    return mapping


@transaction.atomic
def unmap_claim(*, by: Standing, mapping: ClaimMapping) -> None:
    """A group gives a role no longer; whoever has it loses it at the next login."""
    policy.require(by, "person.edit")
    organisation, role, claim = mapping.organisation, mapping.role, mapping.claim
    mapping.delete()
    record(by=by, verb="claim.unmapped", obj=organisation, data={"role": role}, private={"claim": claim})
