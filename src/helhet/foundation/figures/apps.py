# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Figures and the runs they come from."""

    name = "helhet.foundation.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.foundation.figures.policy import register_actions

        register_actions()
