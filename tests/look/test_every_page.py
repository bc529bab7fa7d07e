# SPDX-License-Identifier: EUPL-1.2
"""Every page of the Kiruna demonstration in a browser: wide, phone, dark, without JavaScript, with text twice as large.

Which pages there are is found by following links as several people, one page for each name of an address, so that a
new page is looked at without being told of here. Nothing is wider than the window, and axe finds nothing.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import User
from helhet.site.instance import load

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).resolve().parents[1] / "browser/vendor/axe.min.js"
#: Who follows links; the first who reaches a page is the one who looks at it.
READERS = ("processledare", "plattformsteam", "anstalld", "")
#: Pages that no link of the main column leads to.
STARTS = (
    "/", "/finns-inte/", "/sok/?q=energi", "/konto/login/", "/konto/password/change/", "/konto/2fa/", "/mitt-konto/",
    "/mitt-konto/nycklar/", "/lamna/", "/tillganglighet/", "/om/", "/organisationer/", "/sluss/siffror/", "/agarlosa/",
    "/kalkyler/ny/", "/sluss/stall-in/kommunen/",
)  # fmt: skip
#: Were one of these not reached, the walk would look at less than it says.
MUST = {
    "desk:home", "desk:matter", "desk:matters", "desk:search", "desk:notices", "desk:goals", "desk:goal",
    "desk:organisation", "desk:account", "desk:accessibility", "sluice:capture", "sluice:thanks", "sluice:queue",
    "sluice:answer", "sluice:bank", "sluice:ownerless", "sluice:figures", "calculations:books", "calculations:book",
    "calculations:explain", "calculations:keep", "calculations:edit", "calculations:investments", "decisions:bases",
    "decisions:basis", "decisions:edit", "decisions:section", "decisions:review",
    "decisions:versions", "account_login", "mfa_index",
}  # fmt: skip
FITS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def pages(transactional_db: None) -> dict[str, tuple[str, str]]:
    """{name of a page: (who looks, address)} of the demonstration."""
    load("kiruna", demo=True)
    found: dict[str, tuple[str, str]] = {}
    for reader in READERS:
        found |= {name: (reader, address) for name, address in _reached(reader, set(found))}
    return found


def _reached(reader: str, known: set[str]) -> list[tuple[str, str]]:
    """Pages that nobody before this reader has reached, by links."""
    client = Client()
    waiting = list(STARTS)
    if reader:
        user = User.objects.get(username=reader)
        client.force_login(user)
        own = Matter.objects.filter(author=user).first()
        waiting += [reverse("sluice:thanks", args=[own.uid])] if own else []
    seen = set(known)
    reached = []
    while waiting:
        address = waiting.pop(0)
        name = _name(address, reader)
        if name in seen:
            continue
        seen.add(name)
        answer = client.get(address)
        lost = answer.status_code != 200 and address != "/finns-inte/"
        if lost or "html" not in answer.headers["Content-Type"]:
            seen.discard(name)
            continue
        reached.append((name, address))
        waiting += re.findall(
            r'href="(/(?!static/|api/|fil/|sprak/)[^"#]*)', answer.content.decode().replace("&amp;", "&")
        )
    return reached


def _name(address: str, reader: str) -> str:
    try:
        name = resolve(address.split("?")[0]).view_name
    except Resolver404:
        return "404"
    return f"{name} {reader}" if name == "desk:home" else name


def test_every_page_fits_and_axe_finds_nothing(
    pages: dict[str, tuple[str, str]], new_page: Callable[..., Any], log_in: Callable[..., None]
) -> None:
    assert {name.split(" ")[0] for name in pages} >= MUST
    wrong: list[str] = []
    for reader in READERS:
        mine = [(name, at) for name, (who, at) in sorted(pages.items()) if who == reader]
        if not mine:
            continue
        full, plain = new_page(bypass_csp=True), new_page(java_script_enabled=False)
        for page in (full, plain):
            if reader:
                log_in(page, User.objects.get(username=reader))
        for name, address in mine:
            wrong += [
                f"{name} {address}: {what}" for what in (*_without_script(plain, address), *_looked_at(full, address))
            ]
    assert wrong == []


def _without_script(page: Any, address: str) -> list[str]:
    page.goto(address)
    shown = page.locator("h1").first.is_visible()
    return [
        f"{what} without JavaScript"
        for what, bad in (("no heading", not shown), ("too wide", page.evaluate(FITS) > 0))
        if bad
    ]


def _looked_at(page: Any, address: str) -> list[str]:
    """What is wrong with one page, at every size and in both colours."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.evaluate(OPEN)
    wrong = _axe(page, "wide")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    wrong += _axe(page, "dark phone")
    for size in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        for screen in (PHONE, WIDE):
            page.set_viewport_size(screen)
            over = page.evaluate(FITS)
            wrong += [f"{over} px too wide at {screen['width']} px, text {size}"] if over > 0 else []
    return wrong


def _axe(page: Any, where: str) -> list[str]:
    if not page.evaluate("!!window.axe"):
        page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{where}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found]
