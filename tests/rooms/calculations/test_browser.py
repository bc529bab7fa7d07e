# SPDX-License-Identifier: EUPL-1.2
"""In a real browser: a hand on a slider repaints the figures, and a form does the same without script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from helhet.foundation.people.models import User
from helhet.foundation.policy import system
from helhet.rooms.calculations import demo

from .conftest import BOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_heat(page: Any, log_in: Any, person: Callable[[str], User]) -> None:
    demo.load_books(system(), BOOKS)
    log_in(page, person("economist"))
    page.goto("/kalkyler/varme/")


def test_a_hand_on_a_slider_repaints_in_step(page: Any, log_in: Any, person: Callable[[str], User]) -> None:
    open_heat(page, log_in, person)
    before = page.locator("#fast b").first.inner_text()
    page.locator("input[name='a-andel_reglage']").evaluate(
        "e => { e.value = 80; e.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    page.wait_for_function("before => document.querySelector('#fast b').innerText !== before", arg=before)
    assert page.locator("input[name='a-andel']").input_value() == "80"
    page.wait_for_url(re.compile("a-andel=80"))
    page.locator("input[name='a-andel']").fill("nittio")
    page.locator("#felen .ds-validation-message").wait_for()
    assert "Skriv ett tal" in page.locator("#felen").inner_text()
    page.reload()
    assert page.locator("input[name='a-andel']").input_value() == "80"


def test_the_same_by_form_without_script(new_page: Any, log_in: Any, person: Callable[[str], User]) -> None:
    page = new_page(java_script_enabled=False)
    open_heat(page, log_in, person)
    before = page.locator("#fast b").first.inner_text()
    page.locator("input[name='a-andel']").fill("80")
    page.get_by_role("button", name="Räkna om").click()
    page.wait_for_url(re.compile("a-andel=80(&|$)"))
    expect(page.locator("#fast b").first).not_to_have_text(before)
    page.get_by_role("link", name="Återställ till 65").first.click()
    expect(page.locator("#fast b").first).to_have_text(before)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_reaches_outside_the_page(
    new_page: Any, log_in: Any, person: Callable[[str], User], width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    open_heat(page, log_in, person)
    for path in (
        "/kalkyler/varme/",
        "/kalkyler/",
        "/kalkyler/tid/",
        "/kalkyler/varme/forklara?q=npv",
        "/investeringar/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
