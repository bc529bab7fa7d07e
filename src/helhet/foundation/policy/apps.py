# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The policy part of the foundation."""

    name = "helhet.foundation.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"
