# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search part of the foundation."""

    name = "helhet.foundation.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
