# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class CalculationsConfig(AppConfig):
    """The room calculations."""

    name = "helhet.rooms.calculations"
    label = "calculations"
    default_auto_field = "django.db.models.BigAutoField"
