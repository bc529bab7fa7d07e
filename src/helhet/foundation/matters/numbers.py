# SPDX-License-Identifier: EUPL-1.2
"""Registration numbers such as ``KN 2026/114``: the register's code, the year, the place in the register."""

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from helhet.foundation.matters.models import Series
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import municipality


def next_number(unit: Organisation) -> str:
    """The next number this year in the register that the unit keeps or stands under. Never given twice."""
    code, year = register_of(unit), localdate().year
    return f"{code} {year}/{take(code, year)}"


@transaction.atomic
def take(code: str, year: int, count: int = 1) -> int:
    """Take ``count`` places in a register and return the first of them. Others wait until the transaction ends."""
    Series.objects.get_or_create(code=code, year=year)
    Series.objects.filter(code=code, year=year).update(last=F("last") + count)
    return Series.objects.values_list("last", flat=True).get(code=code, year=year) - count + 1


@transaction.atomic
def reach(code: str, year: int, number: int) -> None:
    """Note a number that was given elsewhere: it is never given again here."""
    Series.objects.get_or_create(code=code, year=year)
    Series.objects.filter(code=code, year=year, last__lt=number).update(last=number)


def register_of(unit: Organisation) -> str:
    """The code of the unit's own register, of the nearest unit above that keeps one, or of the municipality."""
    if unit.series:
        return unit.series
    above = nearest_with_series(unit.path) or municipality()
    return above.series or above.slug.upper()[:12]


def nearest_with_series(path: str) -> Organisation | None:
    """The lowest organisation along a tree path that keeps a register."""
    ids = [int(part) for part in path.strip("/").split("/") if part]
    units = {u.pk: u for u in Organisation.objects.filter(pk__in=ids).exclude(series="")} if ids else {}
    return next((units[i] for i in reversed(ids) if i in units), None)
