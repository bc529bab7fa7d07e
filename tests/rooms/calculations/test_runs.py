# SPDX-License-Identifier: EUPL-1.2
"""A kept run has an address of its own, where every figure is followed to its sources; the book may change meanwhile."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.selectors import address_of
from helhet.foundation.figures.services import is_whole
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import User
from helhet.foundation.policy import system
from helhet.rooms.calculations import services
from helhet.rooms.calculations.engine import Position
from helhet.rooms.calculations.figures import keep
from helhet.rooms.calculations.models import Book

LogIn = Callable[[User], Client]


def told(response: Any) -> str:
    """A page as a reader sees it: no tags, no soft hyphens."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\xad", "").split())


@pytest.fixture
def run(tied: Book, matter: Matter) -> Run:
    position = Position(changes=(("pris", 55.0),))
    return keep(
        by=system(), book=tied, matter=matter, position=position, title="Högre rabatt", title_en="A larger discount"
    )


def test_a_run_shows_its_figures_values_and_sources(run: Run, economist: User, logged_in: LogIn) -> None:
    page = told(logged_in(economist).get(address_of(run)))
    assert "Högre rabatt" in page
    assert "Nuvärde, Kommunkoncernen" in page
    assert "Väntat (medel)" in page and "Mitten (P50)" in page and "P10–P90" in page
    assert "55 SEK/MWh ändrat i den här" not in page
    assert re.search(r"Sänkt pris ändrat i körningen 55\D", page)
    assert "energibolaget 2021" in page
    assert re.search(r"240 MSEK , egen bedömning\. Antagande\.", page)
    assert re.search(r"Kalkylränta 0,035 – – Antagande", page)
    assert "stämmer" in page


def test_a_figure_is_followed_down_to_the_source(run: Run, economist: User, logged_in: LogIn) -> None:
    client = logged_in(economist)
    figure = client.get(address_of(run, "npv[holder=energi]"))
    assert "Lägre bränslekostnad" in told(figure)
    flow = client.get(reverse("calculations:run", args=[run.uid]) + "?storhet=bransle")
    assert "0 SEK - vinst * behov * andel * byter * window(2028; slut)" in told(flow)
    assert "Spillvärmens andel av behovet" in told(flow)
    # 2028 by hand, means of the draws: 280 SEK/MWh · 250 GWh · 65 % = 45,5 MSEK; the draws err by a few parts in a thousand.
    assert run.recipe["quantities"]["bransle"]["by"]["2028"] == pytest.approx(-45.5, rel=0.01)
    leaf = told(client.get(reverse("calculations:run", args=[run.uid]) + "?storhet=andel"))
    assert "energibolaget, 2021" in leaf and "Publicerat" in leaf
    assert client.get(address_of(run, "npv[holder=ingen]")).status_code == 404
    assert client.get(reverse("calculations:run", args=[run.uid]) + "?storhet=ingen").status_code == 404


def test_the_run_stands_when_the_book_changes(run: Run, tied: Book, economist: User, logged_in: LogIn) -> None:
    client = logged_in(economist)
    before = told(client.get(address_of(run, "total")))
    services.update_book(by=system(), book=tied, text=tied.text.replace("number = 210", "number = 300"))
    assert told(client.get(address_of(run, "total"))) == before
    assert "ändrad sedan dess" in told(client.get(address_of(run)))
    assert is_whole(Run.objects.get(pk=run.pk))


def test_a_run_is_read_where_its_matter_is_read(run: Run, client: Client, matter: Matter) -> None:
    answer = client.get(address_of(run))
    assert answer.status_code in (302, 403)
    Matter.objects.filter(pk=matter.pk).update(visibility="public")
    page = told(client.get(address_of(run)))
    assert "Högre rabatt" in page
    assert "Öppna i kalkylen" in page  # the book follows its matter


def test_who_may_not_read_the_book_gets_the_run_without_a_way_into_it(
    run: Run, tied: Book, client: Client, matter: Matter
) -> None:
    Matter.objects.filter(pk=matter.pk).update(visibility="public")
    tied.ties.all().delete()
    page = told(client.get(address_of(run)))
    assert "Högre rabatt" in page
    assert "Öppna i kalkylen" not in page
    assert tied.title not in page


def test_in_english_where_the_book_carries_it(run: Run, economist: User, logged_in: LogIn) -> None:
    client = logged_in(economist)
    client.cookies["helhet_language"] = "en"
    User.objects.filter(pk=economist.pk).update(language="en")
    page = told(client.get(address_of(run)))
    assert "A larger discount" in page
    assert "Present value, Municipal group" in page
    assert "40,000 tonnes per year" in page
