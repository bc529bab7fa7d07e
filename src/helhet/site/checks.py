# SPDX-License-Identifier: EUPL-1.2
"""System checks that speak before anything is served."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from helhet.site.environment import Environment, SettingError, conflicts

OLDEST_SQLITE = (3, 35, 0)


@register(Tags.security)
def settings_fit_together(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse unsafe combinations, such as demonstration accounts off loopback."""
    try:
        found = conflicts(Environment())
    except SettingError as error:
        found = [str(error)]
    return [Error(text, id="helhet.E001") for text in found]


@register(Tags.database)
def sqlite_is_new_enough(**_kwargs: Any) -> list[CheckMessage]:
    """SQLite before 3.35 lacks RETURNING, which the services use."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return [Error(f"SQLite {sqlite3.sqlite_version} is too old; 3.35 is needed.", id="helhet.E003")]
    return []
