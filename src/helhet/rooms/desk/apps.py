# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room desk."""

    name = "helhet.rooms.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
