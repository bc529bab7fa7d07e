# SPDX-License-Identifier: EUPL-1.2
"""Standard texts for answers, in the author's language, from the instance's own file."""

from datetime import date
from typing import Any

from helhet.foundation.imports.instance import instance_file
from helhet.look.dates import day


def standard_texts(language: str, *, unit: str, next_date: date) -> list[str]:
    """Sentences to start from in ``language``; those not written there are given in Swedish."""
    texts: dict[str, Any] = instance_file().get("standard_texts", {})
    found = [row.get(language) or row.get("sv") for row in texts.values() if isinstance(row, dict)]
    return [str(text).replace("{unit}", unit).replace("{date}", day(next_date)) for text in found if text]
