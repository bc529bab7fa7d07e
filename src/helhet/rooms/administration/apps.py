# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Accounts, organisations, groups, tables in and out: what an administrator does in the browser."""

    name = "helhet.rooms.administration"
    label = "administration"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.rooms.administration import services  # noqa: F401  # its tasks are known from the start
