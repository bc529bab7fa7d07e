# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class MattersConfig(AppConfig):
    """The matters part of the foundation."""

    name = "helhet.foundation.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"
