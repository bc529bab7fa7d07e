# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class SluiceConfig(AppConfig):
    """The sluice: leave, answer, bank."""

    name = "helhet.rooms.sluice"
    label = "sluice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.rooms.sluice import staging  # noqa: F401 - its task is registered by being read
        from helhet.rooms.sluice.policy import register_actions

        register_actions()
