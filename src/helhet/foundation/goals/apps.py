# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """The goals part of the foundation."""

    name = "helhet.foundation.goals"
    label = "goals"
    default_auto_field = "django.db.models.BigAutoField"
