# SPDX-License-Identifier: EUPL-1.2
"""Standard texts for answers, in the author's language, from the instance's own file."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings

from helhet.foundation.imports.instance import instance_file
from helhet.look.dates import day
from helhet.rooms.sluice.models import OutcomeKind

#: Texts that are not called what their outcome is.
OUTCOME_OF = {
    "banked_usable": OutcomeKind.BANKED,
    "banked_later": OutcomeKind.BANKED,
    "nobody": OutcomeKind.OWNERLESS,
}


def standard_texts(language: str, *, unit: str, next_date: date, outcomes: Sequence[str] = ()) -> dict[str, str]:
    """Sentences to start from in ``language``, by their keys; those not written there are given in Swedish.

    A sluice that names its ``outcomes`` offers no words for the others.
    """
    texts: dict[str, Any] = instance_file().get("standard_texts", {})
    found = {key: row.get(language) or row.get("sv") for key, row in texts.items() if isinstance(row, dict)}
    if outcomes:
        found = {key: text for key, text in found.items() if OUTCOME_OF.get(key, key) in outcomes}
    fill = {"{unit}": unit, "{date}": day(next_date)}
    return {key: _filled(str(text), fill) for key, text in found.items() if text}


def _filled(text: str, fill: dict[str, str]) -> str:
    for mark, words in fill.items():
        text = text.replace(mark, words)
    return text


def named(language: str) -> str:
    """A language by its own name."""
    return dict(settings.LANGUAGES).get(language, language)
