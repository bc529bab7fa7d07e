# SPDX-License-Identifier: EUPL-1.2
"""Registration numbers for many matters at once, from the same registers as every other matter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from django.utils.timezone import localdate

from helhet.foundation.imports.kinds import Parsed
from helhet.foundation.matters.numbers import reach, register_of, take
from helhet.foundation.people.models import Organisation

_NUMBER = re.compile(r"(.+) (\d{4})/(\d{1,9})")


def take_numbers(rows: Sequence[tuple[Parsed, Organisation]]) -> dict[str, str]:
    """Give each row a number: its own if it has one, else the next in its unit's register and its own year."""
    numbers = {row.key: str(row.get("number")) for row, _unit in rows if row.get("number")}
    codes = {pk: register_of(unit) for pk, unit in {unit.pk: unit for _row, unit in rows}.items()}
    highest: dict[tuple[str, int], int] = {}
    for own in filter(None, (_NUMBER.fullmatch(number) for number in numbers.values())):
        register = own[1], int(own[2])
        highest[register] = max(int(own[3]), highest.get(register, 0))
    for (code, year), number in highest.items():
        reach(code, year, number)
    waiting: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row, unit in rows:
        if row.key not in numbers:
            created = row.get("created", None)
            waiting[codes[unit.pk], created.year if created else localdate().year].append(row.key)
    for (code, year), keys in waiting.items():
        first = take(code, year, len(keys))
        numbers |= {key: f"{code} {year}/{first + place}" for place, key in enumerate(keys)}
    return numbers
