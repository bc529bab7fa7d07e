# SPDX-License-Identifier: EUPL-1.2
"""Find what a person may not have meant to write: personal identity numbers, health, contact details.

A warning, never a refusal by itself: the writer sees what was found and decides.
"""

import re
from dataclasses import dataclass
from typing import Literal

Finding = Literal["identity_number", "health", "contact"]

_IDENTITY = re.compile(r"(?<!\d)(?:19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?!\d)")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,63}")
_PHONE = re.compile(r"(?<!\d)(?:\+46|0)\s?7\d(?:[\s-]?\d){7}(?!\d)")
_HEALTH = re.compile(
    r"\b(diagnos\w*|sjukskriv\w*|depression\w*|cancer\w*|demen\w+|missbruk\w*|funktionsnedsättning\w*|"
    r"medicinering\w*|adhd|autism\w*|självmord\w*|diagnosed|sick leave|depressed)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sensitive:
    """What was found, where in the text (characters), and what kind it is."""

    kind: Finding
    start: int
    end: int
    words: str


def find(text: str, *, limit: int = 20) -> list[Sensitive]:
    """At most ``limit`` findings in reading order. Linear in the text's length."""
    found = [
        Sensitive("identity_number", m.start(), m.end(), m.group())
        for m in _IDENTITY.finditer(text)
        if _is_identity_number(*m.groups())
    ]
    for kind, pattern in (("health", _HEALTH), ("contact", _EMAIL), ("contact", _PHONE)):
        found += [Sensitive(kind, m.start(), m.end(), m.group()) for m in pattern.finditer(text)]  # type: ignore[arg-type]
    return sorted(found, key=lambda s: s.start)[:limit]


def _is_identity_number(year: str, month: str, day: str, last: str) -> bool:
    """A real or coordination number: month and day fit (day may be +60) and the Luhn check digit holds."""
    if not (1 <= int(month) <= 12 and (1 <= int(day) <= 31 or 61 <= int(day) <= 91)):
        return False
    digits = [int(d) for d in year + month + day + last]
    total = sum(sum(divmod(d * (2 - i % 2), 10)) for i, d in enumerate(digits))
    return total % 10 == 0
