# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Matters and what hangs on them."""

    name = "helhet.foundation.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.foundation.matters import files  # noqa: F401 - registers its task
        from helhet.foundation.matters.policy import register_actions

        register_actions()
