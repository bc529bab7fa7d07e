# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger part of the foundation."""

    name = "helhet.foundation.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
