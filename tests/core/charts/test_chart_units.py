# SPDX-License-Identifier: EUPL-1.2
"""Units are read in the reader's language."""

import pytest

from helhet.core.charts.numbers import quantity
from helhet.core.charts.units import unit_text


@pytest.mark.parametrize(
    ("swedish", "english"),
    [
        ("ton", "tonnes"),
        ("ton per år", "tonnes per year"),
        ("kr/ton", "kr/tonne"),
        ("person*dygn", "people*days"),
        ("kkr/bostad", "kkr/home"),
        ("MSEK", "MSEK"),
        ("procent", "per cent"),
        ("", ""),
        ("procent över landet", "procent över landet"),  # half a translation is worse than none
    ],
)
def test_units_have_english_words(swedish, english):
    assert unit_text(swedish, "en") == english
    assert unit_text(swedish, "sv") == unit_text(swedish, "fi") == swedish


@pytest.mark.parametrize(
    ("book", "swedish", "english"),
    [
        ("tCO2e per år", "ton CO2e per år", "tonnes CO2e per year"),
        ("kr/tCO2e", "kr/ton CO2e", "kr/tonne CO2e"),
        ("kgCO2", "kg CO2", "kg CO2"),
        ("kr/m2", "kr/m²", "kr/m²"),
        ("m3/bostad", "m³/bostad", "m³/home"),
    ],
)
def test_units_are_written_as_people_write_them(book, swedish, english):
    assert unit_text(book, "sv") == swedish
    assert unit_text(book, "en") == english


def test_a_number_carries_its_unit_in_the_language():
    assert quantity(50000, "ton per år", language="en") == "50,000\u00a0tonnes\u00a0per\u00a0year"
    assert quantity(3.5, "%", 1, language="en") == "3.5\u00a0%"
    assert quantity(3.5, "%", 1) == "3,5\u00a0%"
