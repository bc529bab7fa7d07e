# SPDX-License-Identifier: EUPL-1.2
"""Who may change people and organisations."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from helhet.foundation.policy import Decision, Standing, allow, deny, register
from helhet.foundation.policy.core import by_roles
from helhet.foundation.policy.roles import Role


def _own_token(actor: Standing, obj: Any) -> Decision:
    if actor.user_id is not None and actor.user_id == getattr(obj, "pk", None):
        return allow()
    return deny(_("Du kan bara göra nycklar åt dig själv."))


def register_actions() -> None:
    administrator = by_roles({Role.ADMINISTRATOR}, _("Det gör den som är administratör."))
    register("organisation.edit", _("Ändra organisationer och grupper"), administrator)
    register("person.edit", _("Ändra konton och roller"), administrator)
    register("token.make", _("Göra en nyckel till API:et"), _own_token)
