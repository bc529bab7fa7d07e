# SPDX-License-Identifier: EUPL-1.2
"""The look: base templates, components, styles and small scripts that every room shares."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Templates and static files only; no models."""

    name = "helhet.look"
    label = "look"
    verbose_name = "Utseende"
