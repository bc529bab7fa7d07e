# SPDX-License-Identifier: EUPL-1.2
"""Who may work in a sluice. Whoever may see a matter may help in its thread; outcomes are for those who answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.policy import LEADS, may_read, may_steer
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Decision, Standing, allow, deny, register
from helhet.foundation.policy.core import by_roles
from helhet.foundation.policy.roles import TRIAGE, Role
from helhet.rooms.sluice.models import Case, Sluice

#: Roles that answer in the sluice of an organisation where they hold them.
ANSWERING = frozenset(
    {Role.UNIT_MANAGER, Role.PROCESS_LEADER, Role.BOUNDARY_SPANNER, Role.PLATFORM_TEAM, Role.PLANNER, Role.ECONOMIST}
)


def may_answer(actor: Standing, case: Case) -> Decision:
    reading = may_read(actor, case.matter)
    if not reading:
        return reading
    if may_steer(actor, case.matter) or actor.has_in(case.sluice.organisation.path, *ANSWERING):
        return allow()
    return deny(_("Utfallet sätts av dem som sköter slussen. Du kan hjälpa till i tråden."))


def may_see_queue(actor: Standing, obj: Any) -> Decision:
    if actor.is_internal:
        return allow()
    return deny(_("Kön är till för dem som arbetar i kommunen och bolagen."))


def may_open(actor: Standing, organisation: Organisation | None) -> Decision:
    """A sluice of an organisation's own; asked about none, whether there is any that the actor may open one for."""
    if actor.has(Role.PLATFORM_TEAM):
        return allow()
    if actor.has(*LEADS) and (organisation is None or actor.has_in(organisation.path, *LEADS)):
        return allow()
    return deny(_("En sluss öppnas av plattformsteamet eller den som leder enheten eller gruppen."))


def may_configure(actor: Standing, sluice: Sluice) -> Decision:
    if may_open(actor, sluice.organisation):
        return allow()
    return deny(_("Slussen ställs in av plattformsteamet eller den som leder enheten eller gruppen."))


def may_reopen(actor: Standing, case: Case) -> Decision:
    if actor.user_id is not None and case.matter.author_id == actor.user_id:
        return allow()
    return may_answer(actor, case)


def register_actions() -> None:
    register("sluice.answer", _("Sätta ett utfall i slussen"), may_answer)
    register("sluice.see_queue", _("Se kön"), may_see_queue)
    register("sluice.open", _("Öppna en sluss för en enhet eller grupp"), may_open)
    register("sluice.configure", _("Ställa in en sluss"), may_configure)
    register("sluice.reopen", _("Öppna ett ärende igen"), may_reopen)
    register(
        "sluice.translate",
        _("Översätta svar"),
        by_roles(TRIAGE | {Role.EMPLOYEE, Role.PROCESS_LEADER}, _("Översätts av anställda i kommunen.")),
    )
