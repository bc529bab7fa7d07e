# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Goals and how matters stand towards them."""

    name = "helhet.foundation.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.foundation.goals.policy import register_actions

        register_actions()
