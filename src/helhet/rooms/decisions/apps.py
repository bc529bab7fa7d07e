# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """The room decisions."""

    name = "helhet.rooms.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"
