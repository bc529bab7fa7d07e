# SPDX-License-Identifier: EUPL-1.2
"""Logs on standard error, each line with the reference number of the request that it belongs to."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from typing import Any

current_reference: ContextVar[str] = ContextVar("helhet_reference", default="-")


class Reference(logging.Filter):
    """Adds ``reference`` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = current_reference.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object per line, for log collectors."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "reference": getattr(record, "reference", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def logging_config(*, level: str, form: str) -> dict[str, Any]:
    """Return the dictionary for ``logging.config.dictConfig``; ``form`` is ``text`` or ``json``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"reference": {"()": "helhet.site.logs.Reference"}},
        "formatters": {
            "text": {"format": "{asctime} {levelname} [{reference}] {name}: {message}", "style": "{"},
            "json": {"()": "helhet.site.logs.JsonFormatter"},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "filters": ["reference"], "formatter": form},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
