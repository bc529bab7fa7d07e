# SPDX-License-Identifier: EUPL-1.2
"""Who may keep runs of calculations."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.policy import may_read, only_audits
from helhet.foundation.policy import Decision, Standing, allow, deny, register
from helhet.foundation.policy.roles import CALCULATING


def _may_keep(actor: Standing, matter: Any) -> Decision:
    if matter is not None and not (reading := may_read(actor, matter)):
        return reading
    if only_audits(actor):
        return deny(_("Som revisor läser du utan att delta."))
    if actor.has(*CALCULATING):
        return allow()
    return deny(_("Körningar sparas av ekonomer, planerare, processledare och plattformsteamet. Alla får räkna."))


def register_actions() -> None:
    register("figure.keep_run", _("Spara en körning"), _may_keep)
