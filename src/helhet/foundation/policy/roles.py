# SPDX-License-Identifier: EUPL-1.2
"""The roles a person may hold through a membership. A role holds in its organisation and everything below it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    VISITOR = "visitor", _("besökare")
    RESIDENT = "resident", _("boende")
    PARTNER = "partner", _("partner")
    EMPLOYEE = "employee", _("anställd")
    BOUNDARY_SPANNER = "boundary_spanner", _("gränsgångare")
    PLATFORM_TEAM = "platform_team", _("plattformsteam")
    PROCESS_LEADER = "process_leader", _("processledare")
    UNIT_MANAGER = "unit_manager", _("chef")
    ECONOMIST = "economist", _("ekonom")
    PLANNER = "planner", _("planerare")
    ASSESSOR = "assessor", _("bedömare")
    RESEARCHER = "researcher", _("forskare")
    POLITICIAN = "politician", _("politiker")
    AUDITOR = "auditor", _("revisor")
    ADMINISTRATOR = "administrator", _("administratör")


#: Roles inside the municipality's own organisation: they read what is internal.
INTERNAL = frozenset(
    {
        Role.EMPLOYEE,
        Role.BOUNDARY_SPANNER,
        Role.PLATFORM_TEAM,
        Role.PROCESS_LEADER,
        Role.UNIT_MANAGER,
        Role.ECONOMIST,
        Role.PLANNER,
        Role.POLITICIAN,
        Role.AUDITOR,
    }
)

#: Roles that answer in a sluice, move matters on and set owners, wherever the matter waits.
TRIAGE = frozenset({Role.PLATFORM_TEAM, Role.BOUNDARY_SPANNER})

#: Roles that may work on calculations.
CALCULATING = frozenset({Role.ECONOMIST, Role.PLANNER, Role.PROCESS_LEADER, Role.PLATFORM_TEAM})

#: Roles that write decision bases.
DRAFTING = frozenset({Role.PROCESS_LEADER, Role.ECONOMIST, Role.PLANNER, Role.PLATFORM_TEAM})

#: Roles that open things in the whole house wherever they are held: given out for the whole municipality only.
WIDE = TRIAGE | {Role.AUDITOR}
