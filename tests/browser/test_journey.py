# SPDX-License-Identifier: EUPL-1.2
"""The README's journey, walked in a browser with the Kiruna demonstration: from an idea to the author's notice."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils.timezone import localdate
from pypdf import PdfReader

from helhet.foundation.contracts import subscribers
from helhet.foundation.jobs import services as jobs
from helhet.foundation.ledger import services as ledger
from helhet.foundation.people.models import User
from helhet.site.instance import load

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
NEED = "Vi väntar på varandra vid vändplatsen. Lastbilarna till simhallen och sopbilen kommer samma tid varje morgon."


@pytest.fixture
def kiruna(transactional_db: None) -> None:
    load("kiruna", demo=True)


class Walk:
    """Somebody at a browser: log in, look, do, and never a page that is broken."""

    def __init__(self, page: "Page", log_in: Callable[..., None]):
        self.page, self._log_in = page, log_in
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console", lambda said: self.errors.append(said.text) if "Content Security Policy" in said.text else None
        )

    def become(self, username: str) -> None:
        self._log_in(self.page, User.objects.get(username=username))
        self.page.goto("/")

    def follow(self, what: "Locator") -> None:
        """Click what leads to another page, and wait until that page is there: before it, there is nothing to look at."""
        with self.page.expect_navigation():
            what.click()

    def clean(self) -> None:
        """No script error, nothing wider than the window, nothing that axe can see."""
        assert self.errors == []
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0
        self.page.add_script_tag(path=str(AXE)) if not self.page.evaluate("!!window.axe") else None
        found = self.page.evaluate("axe.run({resultTypes: ['violations']})")
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]] == []

    def fetch(self, name: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name).first.click()
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def walk(new_page: Callable[..., "Page"], log_in: Callable[..., None]) -> Walk:
    page = new_page(bypass_csp=True)
    page.context.set_default_timeout(60_000)
    return Walk(page, log_in)


def test_from_an_idea_to_a_decision_and_the_authors_notice(kiruna: None, walk: Walk) -> None:
    page = walk.page
    leave_a_need(walk)
    answer_it(walk)
    walk.become("anstalld")
    assert "Driftledaren samlar tiderna" in page.content()
    move_a_slider_and_keep_the_run(walk)
    present_as_pdf_and_word(walk)
    record_the_decision(walk)
    ledger.settle(subscribers())
    walk.become("drifttekniker")
    walk.follow(page.get_by_role("link", name=re.compile("besked", re.IGNORECASE)).first)
    assert "Spillvärme i stället för förbränning" in page.locator("main").inner_text()
    walk.clean()
    assert ledger.verify().fault == ""


def leave_a_need(walk: Walk) -> None:
    page = walk.page
    walk.become("anstalld")
    walk.clean()
    page.get_by_label("Behov", exact=True).check()
    page.get_by_label("Berätta kort").fill(NEED)
    walk.follow(page.get_by_role("button", name="Skicka", exact=True))
    page.get_by_role("heading", name="Tack. Ditt ärende är mottaget.").wait_for()
    walk.clean()
    ledger.settle(subscribers())


def answer_it(walk: Walk) -> None:
    page = walk.page
    walk.become("plattformsteam")
    page.goto("/sluss/")
    walk.clean()
    walk.follow(page.get_by_role("link", name=re.compile("^Svara.*vändplatsen")))
    walk.clean()
    page.get_by_role("button", name="Skicka svaret").click()  # the browser itself asks for what is missing
    assert page.locator(":invalid").count()
    page.get_by_label("Tas vidare").check()
    page.get_by_label("Motivering").fill("Driftledaren samlar tiderna från båda bolagen före jul.")
    page.get_by_label("Vem äger frågan?").select_option(label="Gatuenheten")
    walk.follow(page.get_by_role("button", name="Skicka svaret"))
    page.get_by_text("Svaret är skickat.").wait_for()
    ledger.settle(subscribers())


def move_a_slider_and_keep_the_run(walk: Walk) -> None:
    page = walk.page
    walk.become("ekonom")
    page.goto("/kalkyler/spillvarme/")
    walk.clean()
    before = page.locator(".views").inner_text()
    field = page.get_by_label(re.compile("^Spillvärmens andel")).first
    field.fill("70")
    field.press("Tab")
    page.wait_for_function("was => document.querySelector('.views').innerText !== was", arg=before)
    walk.clean()
    page.get_by_text("Spara körningen i ärendet").click()
    walk.follow(page.get_by_role("button", name="Spara körningen"))
    assert "Spillvärme i stället för förbränning" in page.locator("main").inner_text()


def present_as_pdf_and_word(walk: Walk) -> None:
    page = walk.page
    walk.become("processledare")
    page.goto("/beslut/underlag/")
    walk.follow(page.get_by_role("link", name="Spillvärme i stället för förbränning").first)
    walk.clean()
    walk.follow(page.get_by_role("link", name="Redigera").first)
    walk.follow(page.get_by_role("link", name="Bakgrund").first)
    text = page.get_by_role("textbox").last
    text.fill(text.input_value() + "\n\nVinterns provkörning är nu med i underlaget.")
    walk.follow(page.get_by_role("button", name=re.compile("^Spara")).first)
    page.goto(re.sub(r"redigera/.*", "lagg-fram/", page.url))
    walk.clean()
    for box in page.get_by_role("textbox").all():
        box.fill("Bakgrunden har fått ett stycke om vinterns provkörning.")
    walk.follow(page.locator("main form button[type=submit]").first)
    page.get_by_role("progressbar").wait_for()
    walk.clean()
    while job := jobs.claim("journey"):
        assert jobs.run(job)
    page.get_by_text("Version 2 är framlagd och fryst.").wait_for()
    pdf = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(walk.fetch("Hämta PDF"))).pages)
    assert "provkörning" in pdf
    assert walk.fetch("Hämta Word")[:2] == b"PK"


def record_the_decision(walk: Walk) -> None:
    page = walk.page
    walk.follow(page.get_by_role("link", name="Registrera beslut").first)
    walk.clean()
    fill_decision(page)
    walk.follow(page.locator("main form button[type=submit]").first)
    page.wait_for_url(re.compile(r"/beslut/[0-9a-f-]{36}/"))
    walk.clean()
    page.goto("/beslut/")
    assert "Spillvärme" in page.locator("main").inner_text()
    walk.clean()


def fill_decision(page: "Page") -> None:
    today = localdate()
    page.get_by_label("Vem har beslutat?").select_option(label="Kommunstyrelsen")
    page.get_by_label("Beslutsdag").fill(today.isoformat())
    page.get_by_label("Diarienummer eller paragraf").fill("KS 2026/15 § 34")
    page.get_by_label(re.compile("Förslaget i underlaget")).check()
    page.get_by_label("Skäl för beslutet").fill("Helheten vinner mer än avfallstjänsten förlorar.")
    page.get_by_label("Vad ska ha hänt vid uppföljningen?").fill("Bolagen har skrivit under en överenskommelse.")
    page.get_by_label("Följs upp den").fill((today + timedelta(days=180)).isoformat())
