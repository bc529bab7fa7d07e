# SPDX-License-Identifier: EUPL-1.2
"""Standard texts for answers, in the author's language, from the instance's own file."""

from datetime import date
from typing import Any

from django.conf import settings

from helhet.foundation.imports.instance import instance_file
from helhet.look.dates import day


def standard_texts(language: str, *, unit: str, next_date: date) -> dict[str, str]:
    """Sentences to start from in ``language``, by their keys; those not written there are given in Swedish."""
    texts: dict[str, Any] = instance_file().get("standard_texts", {})
    found = {key: row.get(language) or row.get("sv") for key, row in texts.items() if isinstance(row, dict)}
    fill = {"{unit}": unit, "{date}": day(next_date)}
    return {key: _filled(str(text), fill) for key, text in found.items() if text}


def _filled(text: str, fill: dict[str, str]) -> str:
    for mark, words in fill.items():
        text = text.replace(mark, words)
    return text


def named(language: str) -> str:
    """A language by its own name."""
    return dict(settings.LANGUAGES).get(language, language)
