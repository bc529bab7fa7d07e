# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings, addresses and middleware: what wires the rooms together."""

    name = "helhet.site"
    label = "helhet_site"

    def ready(self) -> None:
        from helhet.site import checks  # noqa: F401
