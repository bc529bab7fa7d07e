# SPDX-License-Identifier: EUPL-1.2
"""Standard texts for answers, in the author's language, from the instance's own file."""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings


@cache
def _written() -> dict[str, Any]:
    file = settings.HELHET_INSTANCE_DIR / "instance.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def standard_texts(language: str) -> list[str]:
    """Sentences to start from in ``language``; those not written there are given in Swedish."""
    texts = _written().get("standard_texts", {})
    found = []
    for row in texts.values() if isinstance(texts, dict) else texts:
        if isinstance(row, dict) and (text := row.get(language) or row.get("sv")):
            found.append(str(text))
    return found
