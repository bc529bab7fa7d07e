# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class CalculationsConfig(AppConfig):
    """Calculations: books, what-if, published figures of investments."""

    name = "helhet.rooms.calculations"
    label = "calculations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.rooms.calculations.policy import register_actions

        register_actions()
