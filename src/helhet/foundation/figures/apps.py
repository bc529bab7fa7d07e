# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """The figures part of the foundation."""

    name = "helhet.foundation.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"
