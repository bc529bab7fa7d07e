# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class SluiceConfig(AppConfig):
    """The room sluice."""

    name = "helhet.rooms.sluice"
    label = "sluice"
    default_auto_field = "django.db.models.BigAutoField"
