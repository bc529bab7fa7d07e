# SPDX-License-Identifier: EUPL-1.2
"""Who may read tables in and out of the house."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.people.policy import keeps_everything
from helhet.foundation.policy import register


def register_actions() -> None:
    register("import.run", _("Läsa in en tabell"), keeps_everything)
    register("export.run", _("Skriva ut alla uppgifter till tabeller"), keeps_everything)
