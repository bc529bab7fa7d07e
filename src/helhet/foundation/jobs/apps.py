# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The jobs part of the foundation."""

    name = "helhet.foundation.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
