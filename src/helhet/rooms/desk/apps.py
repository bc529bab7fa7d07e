# SPDX-License-Identifier: EUPL-1.2
from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Home, the matter's page, search, goals, organisations, notices, one's own account."""

    name = "helhet.rooms.desk"
    label = "desk"
