# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """The decision room: bases, decisions, follow-ups."""

    name = "helhet.rooms.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helhet.rooms.decisions import asked, deciding, wholeness  # noqa: F401 - they register their tasks
        from helhet.rooms.decisions.policy import register_actions

        register_actions()
