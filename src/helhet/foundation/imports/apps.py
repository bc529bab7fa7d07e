# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Tables in and out: validated whole, written in short batches, revealed at once."""

    name = "helhet.foundation.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.foundation.imports import services  # noqa: F401 - registers the task that ends what was begun
        from helhet.foundation.imports.policy import register_actions

        register_actions()
