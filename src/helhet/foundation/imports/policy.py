# SPDX-License-Identifier: EUPL-1.2
"""Who may read tables in and out of the house."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.policy import register
from helhet.foundation.policy.core import by_roles
from helhet.foundation.policy.roles import Role


def register_actions() -> None:
    administrator = by_roles({Role.ADMINISTRATOR}, _("Det gör den som är administratör."))
    register("import.run", _("Läsa in en tabell"), administrator)
    register("export.run", _("Skriva ut alla uppgifter till tabeller"), administrator)
