# SPDX-License-Identifier: EUPL-1.2
"""Books keep their history, hold together, and write one event for each change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helhet.foundation.figures.models import Run
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import User
from helhet.foundation.policy import can, system, visitor
from helhet.rooms.calculations import demo, library, selectors, services
from helhet.rooms.calculations.models import Book

from .conftest import BOOKS

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_a_book_is_checked_before_it_is_kept(
    books: dict[str, Book], economist: User, standing: Callable[..., Any]
) -> None:
    by = standing(economist)
    with pytest.raises(services.Refused) as refused:
        services.add_book(by=by, path="fel.toml", text='[book]\nname = "fel"\n[quantity.a]\nformula = "b + 1"\n')
    assert "fel.toml" in str(refused.value)
    assert refused.value.lines("en")[0] != refused.value.lines("sv")[0]
    assert not Book.objects.filter(slug="fel").exists()
    with pytest.raises(services.Refused):
        services.add_book(by=by, path="fel.toml", text="detta är inte toml [[")


def test_a_new_version_keeps_the_old_and_writes_one_event(
    books: dict[str, Book], economist: User, standing: Callable[..., Any]
) -> None:
    by, heat = standing(economist), books["varme"]
    before = len(verbs())
    text = heat.text.replace("number = 40\n", "number = 45\n")
    changed = services.update_book(by=by, book=heat, text=text, note="Ny rabatt")
    assert changed.version == 2
    assert changed.hash != heat.hash
    assert [v.number for v in changed.versions.all()] == [2, 1]
    assert changed.versions.get(number=1).text == heat.text
    assert verbs()[before:] == ["book.updated"]
    services.update_book(by=by, book=changed, text=text)
    assert verbs()[before:] == ["book.updated"]


def test_changing_a_shared_book_changes_the_hash_of_all_that_rest_on_it(books: dict[str, Book]) -> None:
    hashes = {slug: book.hash for slug, book in books.items()}
    services.update_book(by=system(), book=books["tid"], text=books["tid"].text.replace("2045\nrange", "2044\nrange"))
    for slug in ("tid", "varme", "gata"):
        assert Book.objects.get(slug=slug).hash != hashes[slug]
    with pytest.raises(services.Refused):
        services.update_book(
            by=system(), book=Book.objects.get(slug="tid"), text=books["tid"].text.replace("slut", "end")
        )
    assert "slut" in library.parsed(Book.objects.get(slug="varme")).quantities


def test_reading_a_list_and_reading_one_book_agree(
    books: dict[str, Book], matter: Matter, person: Callable[[str], User], standing: Callable[..., Any]
) -> None:
    services.tie_book(by=system(), book=books["varme"], matter=matter)
    Book.objects.filter(slug="gata").update(state="draft")
    actors = [visitor(), *(standing(person(r)) for r in ("employee", "economist", "auditor", "partner", "researcher"))]
    for visibility in ("public", "internal", "restricted"):
        Matter.objects.filter(pk=matter.pk).update(visibility=visibility, secrecy_paragraph="OSL 19:3")
        for actor in actors:
            listed = set(selectors.readable(actor).values_list("slug", flat=True))
            one_by_one = {
                book.slug for book in selectors.with_matters(Book.objects.all()) if can(actor, "calculation.read", book)
            }
            assert listed == one_by_one, (visibility, actor.roles)


def test_every_saved_scenario_opens_also_beyond_those_listed(
    books: dict[str, Book], economist: User, person: Callable[[str], User], standing: Callable[..., Any]
) -> None:
    by, heat = standing(economist), books["varme"]
    made = [services.save_scenario(by=by, book=heat, name=f"Läge {n}") for n in range(selectors.LISTED_SCENARIOS + 1)]
    assert selectors.scenarios_of(by, heat) == made[:-1]
    assert selectors.get_scenario(by, heat, str(made[-1].uid)) == made[-1]
    assert selectors.get_scenario(standing(person("employee")), heat, str(made[-1].uid)) is None
    assert selectors.get_scenario(by, books["gata"], str(made[-1].uid)) is None
    assert selectors.get_scenario(by, heat, "inget-sådant") is None


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list of one run to keep, as an instance writes it."""
    file = tmp_path / "runs.toml"
    file.write_text('[[run]]\nbook = "varme"\ntitle = "Alla byter"\n')
    return file


def test_loading_twice_changes_nothing(matter: Matter, listed: Path) -> None:
    demo.load_books(system(), BOOKS)
    services.tie_book(by=system(), book=Book.objects.get(slug="varme"), matter=matter)
    first = demo.keep_demo_runs(system(), listed)
    state = (Book.objects.count(), Run.objects.count(), Event.objects.count())
    demo.load_books(system(), BOOKS)
    assert demo.keep_demo_runs(system(), listed) == first
    assert (Book.objects.count(), Run.objects.count(), Event.objects.count()) == state
    assert first is not None
    assert first.matter == matter


def test_the_step_says_how_far_the_matter_has_come(tied: Book, matter: Matter, listed: Path) -> None:
    assert selectors.calculate_steps([matter])[matter.pk].state == "now"
    demo.keep_demo_runs(system(), listed)
    assert selectors.calculate_steps([matter])[matter.pk].state == "done"
