# SPDX-License-Identifier: EUPL-1.2
"""Who may read and change matters. The reasons are written for the person who is told no."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Matter, Visibility
from helhet.foundation.matters.reading import Readable, Reader
from helhet.foundation.policy import Decision, Standing, allow, can, deny, register
from helhet.foundation.policy.roles import TRIAGE, Role

#: May read restricted matters wherever they are: they keep the whole in order, or examine it.
SEES_RESTRICTED = frozenset({Role.PLATFORM_TEAM, Role.AUDITOR})

#: Being a resident, or keeping accounts, in an organisation is not to act for it: it opens none of its matters.
DOES_NOT_REPRESENT = frozenset({Role.VISITOR, Role.RESIDENT, Role.ADMINISTRATOR})

#: Lead a unit, and with it everything below.
LEADS = frozenset({Role.UNIT_MANAGER, Role.PROCESS_LEADER})

#: Answer for an organisation in what it takes part in. To be employed there is not to need its secrets for one's work.
ANSWERS_FOR = LEADS | {Role.BOUNDARY_SPANNER, Role.PARTNER, Role.ASSESSOR}


def readable_q(actor: Standing, at: str = "") -> Q:
    """The matters the actor may read, as a condition. Says the same as ``matter.read`` (a test holds them together).

    ``at`` leads from another model to its matter (``"matter__"``). Such a condition joins the matters of the rows
    that are looked at, where ``matter__in=readable(actor)`` would first gather every readable matter there is.
    """
    if actor.system:
        return Q()
    seen = {Visibility.PUBLIC}
    if actor.is_internal:
        seen.add(Visibility.INTERNAL)
    if actor.has(*SEES_RESTRICTED):
        seen.add(Visibility.RESTRICTED)
    entrusted = _entrusted(actor)
    reader = Reader(
        visibilities=tuple(sorted(visibility.value for visibility in seen)),
        everything=seen == set(Visibility),
        released=actor.has(Role.RESEARCHER),
        user_id=actor.user_id,
        entrusted=tuple(sorted(entrusted)),
        led=_led_paths(actor),
        represented=() if Visibility.INTERNAL in seen else tuple(sorted(_represented(actor) - entrusted)),
    )
    return Q(Readable(reader, at))


def _represented(actor: Standing) -> frozenset[int]:
    """The organisations and groups that the actor acts for."""
    return frozenset(org for org, roles in actor.held.items() if roles - DOES_NOT_REPRESENT)


def _entrusted(actor: Standing) -> frozenset[int]:
    """Those of them whose restricted matters the actor may read: answers for them, or is named as one of a group."""
    named = DOES_NOT_REPRESENT | {Role.RESEARCHER}
    return frozenset(
        org for org, roles in actor.held.items() if roles & ANSWERS_FOR or (org in actor.groups and roles - named)
    )


def _led_paths(actor: Standing) -> tuple[str, ...]:
    """Tree paths of the units that the actor leads; what lies below is theirs too."""
    return tuple(sorted(p for org, roles in actor.held.items() if roles & LEADS and (p := actor.paths.get(org, ""))))


def _involved(actor: Standing, matter: Matter) -> bool:
    """Acts for an owner or a participant – and is entrusted with its secrets – or leads what an owner stands below."""
    mine = _entrusted(actor) if matter.visibility == Visibility.RESTRICTED else _represented(actor)
    if not mine:
        return False
    if any(o.organisation_id in mine for o in matter.owners.all()):
        return True
    return _leads_an_owner(actor, matter) or any(p.organisation_id in mine for p in matter.participants.all())


def _leads_an_owner(actor: Standing, matter: Matter, *roles: str) -> bool:
    wanted = roles or tuple(LEADS)
    if not actor.has(*wanted):
        return False  # spares the lists a look at each owner's place in the tree
    return any(actor.has_in(o.organisation.path, *wanted) for o in matter.owners.all())


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
            _("Ärendet är begränsat enligt %(paragraph)s. Fråga plattformsteamet om du behöver läsa det i ditt arbete.")
            % {"paragraph": matter.secrecy_paragraph}
        )
    if actor.is_authenticated:
        return deny(_("Ärendet är internt. Be den som äger frågan att lägga till din organisation."))
    return deny(_("Ärendet är internt. Logga in för att läsa det."))


MatterRule = Callable[[Standing, Matter], Decision]


def reading_first(rule: MatterRule) -> MatterRule:
    """``rule``, asked only of those who may read: who may not read is told that, and nothing about the matter."""

    def both(actor: Standing, matter: Matter) -> Decision:
        reading = may_read(actor, matter)
        return rule(actor, matter) if reading else reading

    return both


def only_audits(actor: Standing) -> bool:
    """Is here as an auditor and nothing else: reads everything, changes nothing."""
    return Role.AUDITOR in actor.roles and actor.roles <= {Role.AUDITOR, Role.VISITOR, Role.RESIDENT}


def _member(actor: Standing, matter: Matter) -> Decision:
    if only_audits(actor):
        return deny(_("Som revisor läser du utan att delta."))
    if actor.is_authenticated:
        return allow()
    return deny(_("Logga in för att göra det här."))


def may_comment(actor: Standing, matter: Matter) -> Decision:
    if not actor.is_authenticated:
        return deny(_("Logga in för att skriva i tråden."))
    return _member(actor, matter)


def may_edit(actor: Standing, matter: Matter) -> Decision:
    if only_audits(actor):
        return deny(_("Som revisor läser du utan att delta."))
    if _is_author(actor, matter):
        return allow()
    return may_steer(actor, matter)


def may_steer(actor: Standing, matter: Matter) -> Decision:
    """Answer, set owners, link, merge: the platform, boundary spanners, and those who lead what owns it."""
    if actor.has(*TRIAGE):
        return allow()
    if _leads_an_owner(actor, matter) or (actor.has(*LEADS) and actor.has_in(matter.home_unit.path, *LEADS)):
        return allow()
    return deny(_("Det gör plattformsteamet, en gränsgångare eller den som leder enheten som äger frågan."))


def may_classify(actor: Standing, matter: Matter) -> Decision:
    if actor.has(Role.PLATFORM_TEAM):
        return allow()
    if actor.has(Role.UNIT_MANAGER) and (
        actor.has_in(matter.home_unit.path, Role.UNIT_MANAGER) or _leads_an_owner(actor, matter, Role.UNIT_MANAGER)
    ):
        return allow()
    return deny(_("Vem som får läsa ändras av plattformsteamet eller chefen för enheten."))


def may_capture(actor: Standing, obj: Any) -> Decision:
    if only_audits(actor):
        return deny(_("Som revisor läser du utan att delta."))
    return allow()


def may_edit_project(actor: Standing, matter: Matter) -> Decision:
    if actor.has(Role.PROCESS_LEADER) or may_steer(actor, matter):
        return allow()
    return deny(_("Det gör processledare, gränsgångare, plattformsteamet och den som leder enheten som äger frågan."))


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
    register("project.edit", _("Ändra ett projekt"), reading_first(may_edit_project))


def can_read(actor: Standing, matter: Matter) -> bool:
    return bool(can(actor, "matter.read", matter))
