# SPDX-License-Identifier: EUPL-1.2
"""Who may read and change matters. The reasons are written for the person who is told no."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import AuthorKind, Matter, Owner, Participant, Visibility
from helhet.foundation.policy import Decision, Standing, allow, can, deny, register
from helhet.foundation.policy.core import by_roles
from helhet.foundation.policy.roles import TRIAGE, Role

#: May read restricted matters wherever they are: they keep the whole in order, or examine it.
SEES_RESTRICTED = frozenset({Role.PLATFORM_TEAM, Role.AUDITOR})


def readable_q(actor: Standing) -> Q:
    """The matters the actor may read, as a condition. Says the same as ``matter.read`` (a test holds them together)."""
    revealed = Q(batch=None) | Q(batch__revealed_at__isnull=False)
    if actor.system:
        return Q()
    may = Q(visibility=Visibility.PUBLIC)
    if actor.is_internal:
        may |= Q(visibility=Visibility.INTERNAL)
    if actor.has(*SEES_RESTRICTED):
        may |= Q(visibility=Visibility.RESTRICTED)
    if actor.has(Role.RESEARCHER):
        may |= Q(visibility=Visibility.INTERNAL, released=True)
    if actor.user_id is not None:
        may |= Q(author_id=actor.user_id)
    mine = actor.organisation_ids
    if mine:
        owned = Owner.objects.filter(matter=OuterRef("pk"), organisation_id__in=mine)
        taken = Participant.objects.filter(matter=OuterRef("pk"), organisation_id__in=mine)
        may |= Exists(owned) | Exists(taken)
    return revealed & may


def _involved(actor: Standing, matter: Matter) -> bool:
    mine = actor.organisation_ids
    if not mine:
        return False
    return any(o.organisation_id in mine for o in matter.owners.all()) or any(
        p.organisation_id in mine for p in matter.participants.all()
    )


def _is_author(actor: Standing, matter: Matter) -> bool:
    return actor.user_id is not None and matter.author_id == actor.user_id


def may_read(actor: Standing, matter: Matter) -> Decision:
    if matter.batch_id is not None and matter.batch is not None and matter.batch.revealed_at is None:
        return deny(_("Ärendet läses in just nu och visas när allt är på plats."))
    if matter.visibility == Visibility.PUBLIC or _is_author(actor, matter):
        return allow()
    if matter.visibility == Visibility.INTERNAL:
        if actor.is_internal or (matter.released and actor.has(Role.RESEARCHER)):
            return allow()
    elif actor.has(*SEES_RESTRICTED):
        return allow()
    if _involved(actor, matter):
        return allow()
    if matter.visibility == Visibility.RESTRICTED:
        return deny(
            _("Ärendet är begränsat enligt %(paragraph)s. Fråga plattformsteamet om du behöver läsa det.")
            % {"paragraph": matter.secrecy_paragraph}
        )
    if actor.is_authenticated:
        return deny(_("Ärendet är internt. Be den som äger frågan att lägga till din organisation."))
    return deny(_("Ärendet är internt. Logga in för att läsa det."))


def reading_first(rule: Any) -> Any:
    def both(actor: Standing, matter: Matter) -> Decision:
        reading = may_read(actor, matter)
        return rule(actor, matter) if reading else reading

    return both


def _member(actor: Standing, matter: Matter) -> Decision:
    if actor.is_authenticated:
        return allow()
    return deny(_("Logga in för att göra det här."))


def may_comment(actor: Standing, matter: Matter) -> Decision:
    if not actor.is_authenticated:
        return deny(_("Logga in för att skriva i tråden."))
    if actor.has(Role.AUDITOR) and not actor.has(Role.EMPLOYEE):
        return deny(_("Som revisor läser du utan att delta."))
    return allow()


def may_edit(actor: Standing, matter: Matter) -> Decision:
    if _is_author(actor, matter):
        return allow()
    return may_steer(actor, matter)


def may_steer(actor: Standing, matter: Matter) -> Decision:
    """Answer, set owners, link, merge: the platform, boundary spanners, and those who lead what owns it."""
    if actor.has(*TRIAGE):
        return allow()
    mine = {org for org, roles in actor.held.items() if roles & {Role.UNIT_MANAGER, Role.PROCESS_LEADER}}
    if any(owner.organisation_id in mine for owner in matter.owners.all()) or matter.home_unit_id in mine:
        return allow()
    return deny(_("Det gör plattformsteamet, en gränsgångare eller den som leder enheten som äger frågan."))


def may_classify(actor: Standing, matter: Matter) -> Decision:
    if actor.has(Role.PLATFORM_TEAM):
        return allow()
    mine = {org for org, roles in actor.held.items() if Role.UNIT_MANAGER in roles}
    if matter.home_unit_id in mine or any(owner.organisation_id in mine for owner in matter.owners.all()):
        return allow()
    return deny(_("Vem som får läsa ändras av plattformsteamet eller chefen för enheten."))


def may_capture(actor: Standing, obj: Any) -> Decision:
    if actor.has(Role.AUDITOR) and not actor.has(Role.EMPLOYEE):
        return deny(_("Som revisor läser du utan att delta."))
    return allow()


def may_see_author(actor: Standing, matter: Matter) -> Decision:
    if matter.author_kind == AuthorKind.NAMED or _is_author(actor, matter):
        return allow()
    return deny(_("Avsändaren har valt att inte synas."))


def register_actions() -> None:
    register("matter.capture", _("Lämna ett ärende"), may_capture)
    register("matter.read", _("Läsa ett ärende"), may_read)
    register("matter.comment", _("Skriva i tråden"), reading_first(may_comment))
    register("matter.follow", _("Följa ett ärende"), reading_first(_member))
    register("matter.support", _("Säga att det gäller mig också"), reading_first(_member))
    register("matter.edit", _("Ändra ett ärende"), reading_first(may_edit))
    register("matter.steer", _("Svara, utse ägare, slå ihop och dela"), reading_first(may_steer))
    register("matter.classify", _("Ändra vem som får läsa"), reading_first(may_classify))
    register("matter.attach", _("Bifoga filer"), reading_first(may_edit))
    register("matter.see_author", _("Se vem som har lämnat ärendet"), may_see_author)
    register(
        "project.edit",
        _("Ändra ett projekt"),
        by_roles(
            {Role.PROCESS_LEADER, Role.PLATFORM_TEAM, Role.UNIT_MANAGER, Role.BOUNDARY_SPANNER},
            _("Det gör processledare, chefer, gränsgångare och plattformsteamet."),
        ),
    )


def can_read(actor: Standing, matter: Matter) -> bool:
    return bool(can(actor, "matter.read", matter))
