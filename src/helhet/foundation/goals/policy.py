# SPDX-License-Identifier: EUPL-1.2
"""Who may write goals, tie matters to them and settle conflicts."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import may_steer, reading_first
from helhet.foundation.policy import Decision, Standing, allow, deny, register
from helhet.foundation.policy.core import by_roles
from helhet.foundation.policy.roles import Role

WRITERS = {Role.PLANNER, Role.PROCESS_LEADER, Role.PLATFORM_TEAM}


def _may_tie(actor: Standing, matter: Matter) -> Decision:
    if actor.has(Role.PLANNER, Role.ECONOMIST, Role.PROCESS_LEADER, Role.ASSESSOR):
        return allow()
    steering = may_steer(actor, matter)
    return steering if steering else deny(_("Mål knyts av planerare, ekonomer, processledare och den som äger frågan."))


def register_actions() -> None:
    register("goal.edit", _("Skriva mål"), by_roles(WRITERS, _("Mål skrivs av planerare och processledare.")))
    register("matter.tie_goal", _("Knyta ett ärende till mål"), reading_first(_may_tie))
    register("goal.settle", _("Avgöra en målkonflikt"), reading_first(may_steer))
