# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings, addresses and middleware: what wires the rooms together."""

    name = "helhet.site"
    label = "helhet_site"

    def ready(self) -> None:
        from helhet.foundation.people.services import ERASERS
        from helhet.site import checks, erasing  # noqa: F401

        ERASERS.update({"logins": erasing.forget_logins, "import": erasing.forget_import})
