# SPDX-License-Identifier: EUPL-1.2
"""Leaving something on a phone: few fields, a photo that stays, and no lost words when the connection is lost."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from helhet.foundation.contracts import subscribers
from helhet.foundation.ledger import services as ledger
from helhet.foundation.matters.models import Matter
from helhet.rooms.sluice import services, setup
from helhet.rooms.sluice.models import Case, Sluice
from tests.people import person, small_town, standing

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WORDS = "Isen ligger kvar på trappan vid vårdcentralen."


@pytest.fixture
def sluice(transactional_db: None) -> Sluice:
    town = small_town()
    return Sluice.objects.create(organisation=town.municipality, title="Kommunens sluss")


@pytest.fixture
def phone(sluice: Sluice, new_page: Callable[..., "Page"], log_in: Callable[..., None]) -> "Page":
    page = new_page(**PHONE)
    log_in(page, person("employee"))
    return page


def visible_fields(page: "Page") -> list[str]:
    """What one meets without opening anything, choices of one question counted once."""
    seen = "els => [...new Set(els.filter(e => e.checkVisibility() && e.type !== 'hidden').map(e => e.name))]"
    return page.eval_on_selector_all("form[data-draft=lamna] :is(input, textarea, select)", seen)


def keep_form(page: "Page") -> None:
    """Wait until the phone has the form that it shows without a connection."""
    kept = "Object.keys(sessionStorage).some(key => key.startsWith('helhet-offline'))"
    ready = f"{kept} && navigator.serviceWorker.controller"
    page.evaluate(f"async () => {{ while (!({ready})) await new Promise(go => setTimeout(go, 50)) }}")


def test_three_fields_and_two_touches_and_it_is_left(phone: "Page", sluice: Sluice) -> None:
    setup.configure(by=standing("platform_team"), sluice=sluice, questions=[{"label": "När?"}, {"label": "Hur ofta?"}])
    phone.goto("/lamna/")
    assert len(visible_fields(phone)) == 3
    phone.goto(f"/lamna/?sluss={sluice.pk}")
    assert visible_fields(phone) == ["kind", "text", "q-q1"]
    phone.get_by_label("Hinder").check()
    phone.get_by_label("Berätta kort").fill(WORDS)
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Tack. Ditt ärende är mottaget.").wait_for()


def test_while_typing_what_is_alike_and_who_may_own_it_come_up(phone: "Page", sluice: Sluice) -> None:
    town, team = small_town(), standing("platform_team")
    left = services.leave(
        by=standing("employee"), kind="need", text="Trappan vid vårdcentralen är isig.", sluice=sluice
    )
    said = {"reason": "Sandas.", "contact": "Gatan", "owners": [town.streets]}
    services.answer(by=team, case=left.matter.case, kind="forward", **said)
    ledger.settle(subscribers())
    phone.goto("/lamna/")
    phone.get_by_label("Berätta kort").press_sequentially(WORDS)
    phone.get_by_role("link", name="Trappan vid vårdcentralen är isig").wait_for()
    assert "Gatukontoret" in phone.locator(".alike").inner_text()


def test_without_a_connection_nothing_is_lost_and_one_press_sends_it_later(phone: "Page") -> None:
    phone.goto("/lamna/")
    phone.get_by_label("Berätta kort").fill(WORDS)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Ingen uppkoppling. Det du skrev är sparat här.").wait_for()
    assert not Matter.objects.exists()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Tack. Ditt ärende är mottaget.").wait_for()
    assert Matter.objects.get().text == WORDS
    phone.goto("/lamna/")
    assert phone.get_by_label("Berätta kort").input_value() == ""


def test_a_phone_that_is_opened_without_a_connection_still_takes_the_words(phone: "Page") -> None:
    phone.goto("/")
    keep_form(phone)
    phone.context.set_offline(True)
    phone.goto("/lamna/")
    phone.get_by_role("heading", name="Ingen uppkoppling just nu").wait_for()
    phone.get_by_label("Hinder").check()
    phone.get_by_label("Berätta kort").fill(WORDS)
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Ännu ingen uppkoppling.").wait_for()
    phone.reload()  # the phone was put away and taken up again
    assert phone.get_by_label("Berätta kort").input_value() == WORDS
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Tack. Ditt ärende är mottaget.").wait_for()
    left = Matter.objects.get()
    assert (left.text, left.kind, left.author is not None) == (WORDS, "obstacle", True)


def test_what_was_written_by_somebody_who_has_logged_out_is_not_sent_in_anybody_elses_name(phone: "Page") -> None:
    phone.goto("/")
    keep_form(phone)
    phone.context.set_offline(True)
    phone.goto("/lamna/")
    phone.get_by_label("Berätta kort").fill(WORDS)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Du är inte inloggad.").wait_for()
    assert phone.get_by_label("Berätta kort").input_value() == ""
    assert not Matter.objects.exists()


def test_where_the_phone_is_goes_with_it_when_asked_for(phone: "Page") -> None:
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 67.85512, "longitude": 20.22524})
    phone.goto("/lamna/")
    phone.get_by_label("Berätta kort").fill(WORDS)
    phone.get_by_role("button", name="Använd platsen där jag är").click()
    phone.get_by_text("Platsen där du är följer med.").wait_for()
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Tack. Ditt ärende är mottaget.").wait_for()
    left = Matter.objects.get()
    assert (left.latitude, left.longitude) == (67.85512, 20.22524)


def test_choosing_a_sluice_asks_its_own_questions(phone: "Page", sluice: Sluice) -> None:
    town = small_town()
    by = standing("platform_team")
    own = setup.open_sluice(
        by=by, organisation=town.streets, title="Gatans sluss", questions=[{"label": "Vilken gata?"}]
    )
    phone.goto("/lamna/")
    phone.get_by_label("Berätta kort").fill(WORDS)
    phone.get_by_text("Foto, eller å någon annans vägnar").click()
    phone.get_by_label("Till vem?").select_option("Gatans sluss")
    phone.get_by_label("Vilken gata?").fill("Bergsvägen")
    phone.get_by_role("button", name="Skicka").click()
    phone.get_by_text("Tack. Ditt ärende är mottaget.").wait_for()
    assert Case.objects.get(sluice=own).answers == {"Vilken gata?": "Bergsvägen"}
