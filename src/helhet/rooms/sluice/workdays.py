# SPDX-License-Identifier: EUPL-1.2
"""Working days in Sweden: Monday to Friday but for public holidays and the eves that are free in practice."""

from datetime import date, timedelta
from functools import cache


@cache
def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian rule (Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Days off in a year by the act on public holidays (1989:253), with midsummer, Christmas and New Year's eves."""
    sunday = easter(year)
    fixed = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]
    midsummer_eve = next(d for d in (date(year, 6, 19) + timedelta(n) for n in range(7)) if d.weekday() == 4)
    moving = [sunday - timedelta(2), sunday + timedelta(1), sunday + timedelta(39), midsummer_eve]
    return frozenset([date(year, month, day) for month, day in fixed] + moving)


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def add_workdays(day: date, count: int) -> date:
    """The day ``count`` working days after ``day``."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
