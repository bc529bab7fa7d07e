# SPDX-License-Identifier: EUPL-1.2
"""The runs under a basis: told apart, followed, and exchanged for a newer one while the basis is a draft."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helhet.foundation import policy
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, keep_run
from helhet.foundation.policy import Forbidden, Standing
from helhet.rooms.decisions import services
from helhet.rooms.decisions.material import gather
from helhet.rooms.decisions.models import Alternative, Version
from helhet.rooms.decisions.presenting import present
from helhet.rooms.decisions.runs import described, newer
from helhet.rooms.decisions.wholeness import faults
from tests.people import standing
from tests.rooms.decisions.making import Scene, figures, run_for, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_files")]
Open = Callable[[Standing], Client]
SHARE = Figure("input[name=andel]", "Spillvärmens andel", 65.0, "%", label_en="Share of waste heat")


def address(name: str, *args: object) -> str:
    return reverse(f"decisions:{name}", args=args)


def told_by(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def later_run(told: Scene, *, scale: float = 2.0, **changes: Any) -> Run:
    values: dict[str, Any] = {
        "by": told.economist, "matter": told.matter, "book": told.run.book, "book_hash": told.run.book_hash,
        "title": told.run.title, "overlay": {"andel": 70.0}, "seed": 1, "samples": 9, "engine": "numpy", "recipe": {},
        "figures": {**figures(scale), SHARE.key: SHARE},
    }  # fmt: skip
    return keep_run(**(values | changes))


def newest(told: Scene) -> list[Run]:
    return [one.new for one in newer(told.basis, gather(told.basis).runs)]


def test_two_runs_of_one_name_are_told_apart(browsing: Open) -> None:
    told = scene()
    later = later_run(told)
    assert described(told.run) != described(later)
    assert "Spillvärmens andel 70\xa0%" in described(later)
    assert later.made_by_label in described(later)
    client = browsing(told.leader)
    for page in (address("alternatives", told.basis.uid), address("section", told.basis.uid, "question")):
        words = told_by(client.get(page))
        assert "ändrat: Spillvärmens andel 70" in words
        assert "antaganden som i kalkylen" in words


def test_a_newer_run_is_told_of_and_changed_to_in_the_draft(browsing: Open) -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    assert "nyare körning" not in told_by(browsing(told.leader).get(address("version", told.basis.uid, 1)))
    later = later_run(told)
    reader = told_by(browsing(policy.visitor()).get(address("version", told.basis.uid, 1)))
    assert "Det finns en nyare körning" in reader
    assert "Det som skiljer: Spillvärmens andel 70" in reader
    assert "Byt till den" not in reader
    client = browsing(told.economist)
    assert "Byt till den i ett nytt utkast" in told_by(client.get(address("version", told.basis.uid, 1)))
    sent = {"old": told.run.uid, "new": later.uid}
    assert client.post(address("change_run", told.basis.uid), sent)["Location"] == address("draft", told.basis.uid)
    draft = client.get(address("draft", told.basis.uid)).content.decode()
    assert "+51,3" in draft or "51,4" in draft
    assert "Det finns en nyare körning" not in draft
    assert str(told.run.uid) not in draft
    assert Alternative.objects.get(is_recommended=True).run == later
    assert faults(Version.objects.get(pk=version.pk)) == [], "what was presented stays as it was"


def test_a_run_of_other_choices_or_another_matter_is_not_a_newer_one() -> None:
    told, other = scene(), scene()
    run_for(other.leader, other.matter)
    later_run(told, book="annan")
    later_run(told, recipe={"options": {"väg": "hemma"}})
    later_run(told, recipe={"scenario": "gruvan_slutar"})
    assert newest(told) == []
    same = later_run(told, recipe={"options": {}, "quantities": {"x": {}}})
    assert newest(told) == [same]


def test_a_run_that_lacks_a_figure_of_the_text_is_refused_and_nothing_is_changed() -> None:
    told = scene()
    kept = figures()
    del kept["co2"]
    later = later_run(told, figures=kept)
    before = told.basis.texts.get(section="proposal", language="sv").text
    with pytest.raises(ValueError, match="co2"):
        services.change_run(by=told.leader, basis=told.basis, old=told.run, new=later)
    assert told.basis.texts.get(section="proposal", language="sv").text == before


def test_who_may_not_write_changes_no_run(browsing: Open) -> None:
    told, other = scene(), scene()
    later = later_run(told)
    politician = standing("politician", told.town.municipality)
    with pytest.raises(Forbidden):
        services.change_run(by=politician, basis=told.basis, old=told.run, new=later)
    client = browsing(told.economist)
    stolen = {"old": told.run.uid, "new": other.run.uid}
    assert client.post(address("change_run", told.basis.uid), stolen).status_code == 404
    assert client.post(address("change_run", told.basis.uid), {"old": "x", "new": "y"}).status_code == 404


def test_a_figure_leads_to_its_run_also_in_a_version_frozen_before(browsing: Open) -> None:
    told = scene()
    present(by=told.leader, basis=told.basis)
    where = reverse("calculations:run", args=[told.run.uid])
    for page in (address("version", told.basis.uid, 1), address("draft", told.basis.uid)):
        shown = browsing(told.leader).get(page).content.decode()
        assert f'href="{where}?siffra=npv_total"' in shown
    assert where not in Version.objects.get().documents["sv"]
