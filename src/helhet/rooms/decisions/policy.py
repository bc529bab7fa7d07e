# SPDX-License-Identifier: EUPL-1.2
"""Who may write, review and present decision bases, and who may record decisions.

Writing is for those who draft. Presenting is for whoever answers for the process and has seen the whole: the process
leader or the platform team. Recording is keeping the minutes: the process leader, the platform team, or a manager of
what owns the matter, of its home unit or of a unit above that. A politician decides but does not keep the record of
the own decision, and an administrator looks after the system, not after its content.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import may_read
from helhet.foundation.policy import Decision as Answer
from helhet.foundation.policy import Standing, allow, deny, register
from helhet.foundation.policy.roles import DRAFTING, Role
from helhet.rooms.decisions.models import Basis, Decision, FollowUp, ReviewComment

PRESENTING = frozenset({Role.PROCESS_LEADER, Role.PLATFORM_TEAM})


def may_read_draft(actor: Standing, basis: Basis) -> Answer:
    """The working text: inside the municipality only, and never wider than the matter."""
    if not (reading := may_read(actor, basis.matter)):
        return reading
    if actor.is_internal:
        return allow()
    return deny(_("Underlaget är ett utkast. Det visas här när det har lagts fram."))


def may_read_basis(actor: Standing, basis: Basis) -> Answer:
    """A presented basis follows the matter; before that it is a draft."""
    return may_read(actor, basis.matter) if basis.current_version else may_read_draft(actor, basis)


def may_start(actor: Standing, matter: Matter) -> Answer:
    if not (reading := may_read(actor, matter)):
        return reading
    if actor.has(*DRAFTING):
        return allow()
    return deny(_("Beslutsunderlag skrivs av processledare, ekonomer, planerare och plattformsteamet."))


def may_write(actor: Standing, basis: Basis) -> Answer:
    return may_start(actor, basis.matter)


def may_review(actor: Standing, basis: Basis) -> Answer:
    if not (reading := may_read_draft(actor, basis)):
        return reading
    if actor.has(Role.AUDITOR) and not actor.has(Role.EMPLOYEE):
        return deny(_("Som revisor läser du utan att delta."))
    return allow()


def may_resolve(actor: Standing, comment: ReviewComment) -> Answer:
    if actor.user_id is not None and comment.author_id == actor.user_id:
        return may_review(actor, comment.basis)
    return may_write(actor, comment.basis)


def may_present(actor: Standing, basis: Basis) -> Answer:
    if not (reading := may_read_draft(actor, basis)):
        return reading
    if actor.has(*PRESENTING):
        return allow()
    return deny(_("Underlag läggs fram av processledaren eller plattformsteamet. Skicka det på granskning så länge."))


def may_record(actor: Standing, matter: Matter) -> Answer:
    """Who may keep the record of decisions in a matter."""
    if not (reading := may_read(actor, matter)):
        return reading
    if actor.has(*PRESENTING):
        return allow()
    leads = {org for org, roles in actor.held.items() if Role.UNIT_MANAGER in roles}
    owners = {owner.organisation_id for owner in matter.owners.all()} | {matter.home_unit_id}
    if leads & owners or actor.has_in(matter.home_unit.path, Role.UNIT_MANAGER):
        return allow()
    return deny(_("Beslut registreras av processledaren, plattformsteamet eller chefen för enheten som äger frågan."))


def may_read_decision(actor: Standing, decision: Decision) -> Answer:
    """A decision is as open as the matter it belongs to: on a public matter everybody may read it."""
    return may_read(actor, decision.matter)


def may_follow_up(actor: Standing, follow_up: FollowUp) -> Answer:
    matter = follow_up.decision.matter
    if not (reading := may_read(actor, matter)):
        return reading
    if actor.is_internal and follow_up.responsible_id in actor.organisation_ids:
        return allow()
    if may_record(actor, matter):
        return allow()
    return deny(_("Uppföljningen skrivs av enheten som ansvarar för den, processledaren eller plattformsteamet."))


def may_see_bases(actor: Standing, obj: Any) -> Answer:
    if actor.is_internal:
        return allow()
    return deny(_("Underlag som skrivs visas för dem som arbetar i kommunen och bolagen. Besluten är öppna."))


def register_actions() -> None:
    register("basis.read", _("Läsa ett beslutsunderlag"), may_read_basis)
    register("basis.read_draft", _("Läsa ett utkast till beslutsunderlag"), may_read_draft)
    register("basis.list", _("Se underlag som skrivs"), may_see_bases)
    register("basis.start", _("Börja ett beslutsunderlag"), may_start)
    register("basis.write", _("Skriva i ett beslutsunderlag"), may_write)
    register("basis.review", _("Granska ett beslutsunderlag"), may_review)
    register("basis.resolve_comment", _("Avsluta en anmärkning"), may_resolve)
    register("basis.present", _("Lägga fram ett beslutsunderlag"), may_present)
    register("decision.record", _("Registrera ett beslut"), may_record)
    register("decision.read", _("Läsa ett beslut"), may_read_decision)
    register("decision.follow_up", _("Följa upp ett beslut"), may_follow_up)
