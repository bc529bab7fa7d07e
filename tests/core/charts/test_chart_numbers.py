# SPDX-License-Identifier: EUPL-1.2
"""Numbers as people read them."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.core.charts.numbers import interval, msek, number, quantity


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "expected"),
    [
        (40000, None, False, "40\u202f000"),
        (-73.4, 1, False, "\u221273,4"),
        (27.2, 1, True, "+27,2"),
        (0, 1, True, "0,0"),
        (-0.04, 1, True, "0,0"),
        (2.5, 0, False, "3"),
        (3.5, None, False, "3,5"),
        (1284, 0, False, "1\u202f284"),
        (Decimal("0.125"), 2, False, "0,13"),
        (None, None, False, "–"),
        (math.nan, 1, False, "–"),
        (math.inf, 1, True, "–"),
        (True, 0, False, "–"),
    ],
)
def test_swedish_numbers(value: float, decimals: int | None, signed: bool, expected: str) -> None:
    assert number(value, decimals, signed=signed) == expected


def test_english_numbers_have_commas_and_a_point() -> None:
    assert number(-1234.5, 1, language="en") == "\u22121,234.5"


def test_intervals_are_told_with_till_when_signed() -> None:
    assert interval(-142, -3) == "\u2212142 till \u22123"
    assert interval(-69, 69, signed=True) == "\u221269 till +69"
    assert interval(245, 320) == "245–320"
    assert interval(-142, -3, language="en") == "\u2212142 to \u22123"


def test_units_never_stand_alone_on_a_line() -> None:
    assert quantity(3.5, "%") == "3,5\u00a0%"
    assert quantity(-40000, "ton per år") == "\u221240\u202f000\u00a0ton\u00a0per\u00a0år"
    assert msek(73_400_000) == "73,4\u00a0MSEK"
    assert msek(-1_284_000_000) == "\u22121\u202f284\u00a0MSEK"
    assert msek(None) == "–"


@given(st.floats(), st.integers(0, 6))
def test_any_float_can_be_written(value: float, decimals: int) -> None:
    text = number(value, decimals)
    assert text
    assert "nan" not in text.lower()
    assert "inf" not in text.lower()
    assert "E" not in text


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_what_is_written_can_be_read_back(value: float, decimals: int) -> None:
    text = number(value, decimals).replace("\u202f", "").replace(",", ".").replace("\u2212", "-")
    assert abs(float(text) - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + abs(value) * 1e-12
