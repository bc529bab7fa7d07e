# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices part of the foundation."""

    name = "helhet.foundation.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
