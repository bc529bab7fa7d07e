# SPDX-License-Identifier: EUPL-1.2
"""Chromium for tests marked ``browser``: one browser per worker, a fresh context per test, loopback only."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugin.capability import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Start Chromium once for this worker."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, so Django would take ordinary test code for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: "Browser", live_server: Any, transactional_db: None) -> Iterator[Callable[..., "Page"]]:
    """Return a function that opens a page in a context of its own.

    Options are Playwright's: ``viewport={"width": 390, "height": 844}``, ``java_script_enabled=False``,
    ``color_scheme="dark"``, ``locale="en"``. Addresses may be given as paths: ``page.goto("/")``.
    """
    contexts = []

    def open_page(**options: Any) -> "Page":
        settings = {
            "base_url": live_server.url,
            "locale": "sv-SE",
            "viewport": {"width": 1280, "height": 900},
        }
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., "Page"]) -> "Page":
    """A page 1280 pixels wide, Swedish, light, with JavaScript."""
    return new_page()


@pytest.fixture
def log_in(live_server: Any, client: Any) -> Callable[["Page", Any], None]:
    """Return a function that logs a user in on a page without walking through the form."""

    def do(page: "Page", user: Any) -> None:
        from django.conf import settings

        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return do
