# SPDX-License-Identifier: EUPL-1.2
"""Promises count in working days; the reference days are the calendar's own."""

from datetime import date

import pytest

from helhet.rooms.sluice.workdays import add_workdays, easter, is_workday


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter_falls_where_the_almanac_says(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


def test_five_working_days_over_a_weekend() -> None:
    assert add_workdays(date(2026, 11, 20), 5) == date(2026, 11, 27)


def test_christmas_makes_the_answer_wait() -> None:
    assert add_workdays(date(2026, 12, 23), 2) == date(2026, 12, 29)


def test_midsummer_eve_good_friday_and_the_national_day_are_free() -> None:
    assert not any(map(is_workday, [date(2026, 6, 19), date(2026, 4, 3), date(2025, 6, 6)]))
    assert is_workday(date(2026, 11, 20))
