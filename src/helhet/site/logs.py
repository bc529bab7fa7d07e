# SPDX-License-Identifier: EUPL-1.2
"""Logs on standard error, each line with the reference number of the request that it belongs to."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from typing import Any

current_reference: ContextVar[str] = ContextVar("helhet_reference", default="-")


#: Tokens of secret links and keys, addresses of people, identity numbers, and the values a database quotes back.
#: Each is bounded before its mark: a stranger chooses how long an address that is logged is, and time must not square.
PERSONAL = (
    (re.compile(r"(/(?:folj|lamnat/hemligt|password/reset/key)/)[^/\s\"']+"), r"\1…"),
    (re.compile(r"(Bearer\s+)\S+", re.IGNORECASE), r"\1…"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+"), "…@…"),
    (re.compile(r"\b(?:19|20)?\d{2}[01]\d[0-9]\d[-+ ]?\d{4}\b"), "…-…"),
    (re.compile(r"(DETAIL:).*"), r"\1 …"),
)


def discreet(text: str) -> str:
    """``text`` without what tells of a person or opens something: a log is read by more people than the service."""
    for pattern, instead in PERSONAL:
        text = pattern.sub(instead, text)
    return text


class TextFormatter(logging.Formatter):
    """One line for each record, and the trace of an error below it; discreet."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))


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
            "message": discreet(record.getMessage()),
        }
        if record.exc_info:
            entry["exception"] = discreet(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def logging_config(*, level: str, form: str) -> dict[str, Any]:
    """Return the dictionary for ``logging.config.dictConfig``; ``form`` is ``text`` or ``json``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"reference": {"()": "helhet.site.logs.Reference"}},
        "formatters": {
            "text": {
                "()": "helhet.site.logs.TextFormatter",
                "format": "{asctime} {levelname} [{reference}] {name}: {message}",
                "style": "{",
            },
            "json": {"()": "helhet.site.logs.JsonFormatter"},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "filters": ["reference"], "formatter": form},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
