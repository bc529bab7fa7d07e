# SPDX-License-Identifier: EUPL-1.2
"""The browser fixtures do what docs/testing.md says, and the content security policy holds in a real browser."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.site.pages")]


def test_log_in_on_a_page(page, log_in, django_user_model):
    page.goto("/")
    assert page.locator("#who").inner_text() == "AnonymousUser"
    log_in(page, django_user_model.objects.create_user("anna"))
    page.reload()
    assert page.locator("#who").inner_text() == "anna"


def test_pages_of_one_test_are_strangers(page, new_page, log_in, django_user_model):
    log_in(page, django_user_model.objects.create_user("anna"))
    other = new_page(viewport={"width": 390, "height": 844})
    other.goto("/")
    assert other.locator("#who").inner_text() == "AnonymousUser"
    assert other.evaluate("innerWidth") == 390


def test_inline_scripts_do_not_run_without_a_nonce(page):
    page.goto("/inline/")
    assert page.title() == "still"
    page.goto("/nonce/")
    assert page.title() == "ran"


def test_nothing_beyond_this_machine_is_reached(page):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
