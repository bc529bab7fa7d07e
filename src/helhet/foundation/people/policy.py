# SPDX-License-Identifier: EUPL-1.2
"""Who may change people and organisations."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Decision, Standing, allow, deny, register
from helhet.foundation.policy.core import by_roles
from helhet.foundation.policy.roles import Role


def _own_token(actor: Standing, obj: Any) -> Decision:
    if actor.user_id is not None and actor.user_id == getattr(obj, "pk", None):
        return allow()
    return deny(_("Du kan bara göra nycklar åt dig själv."))


def _own_account(actor: Standing, obj: Any) -> Decision:
    if actor.user_id is not None and actor.user_id == getattr(obj, "pk", None):
        return allow()
    return deny(_("Du kan bara ändra dina egna val."))


def keeps_everything(actor: Standing, obj: Any = None) -> Decision:
    """Is administrator at the top of the tree: keeps all accounts and organisations, also those outside the tree."""
    if any(Role.ADMINISTRATOR in actor.held[top] for top in actor.tops):
        return allow()
    return deny(_("Det gör den som är administratör för hela kommunen."))


def _keeps(actor: Standing, obj: Any) -> Decision:
    """Is administrator of an organisation or of one above it; of nothing in particular: of everything."""
    if isinstance(obj, Organisation):
        if obj.path and actor.has(Role.ADMINISTRATOR) and actor.has_in(obj.path, Role.ADMINISTRATOR):
            return allow()
        everything = keeps_everything(actor)
        return everything if everything else deny(_("Det gör den som är administratör här eller högre upp."))
    return keeps_everything(actor)


def register_actions() -> None:
    administrator = by_roles({Role.ADMINISTRATOR}, _("Det gör den som är administratör."))
    register("administration.enter", _("Öppna administrationen"), administrator)
    register("organisation.edit", _("Ändra organisationer och grupper"), _keeps)
    register("person.edit", _("Ändra konton och roller"), _keeps)
    register("person.choose", _("Välja språk och vilka besked man vill ha"), _own_account)
    register("token.make", _("Göra en nyckel till API:et"), _own_token)
