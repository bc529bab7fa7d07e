# SPDX-License-Identifier: EUPL-1.2
"""Nobody reads through a book what they may not read: neither by using it nor by tying it to something more open."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.services import capture_matter
from helhet.foundation.people.models import User
from helhet.foundation.policy import Forbidden, can, system, visitor
from helhet.rooms.calculations import demo, openness, selectors, services
from helhet.rooms.calculations.models import Book, BookMatter
from tests.people import municipality

pytestmark = pytest.mark.django_db
SECRET = """[book]
name = "hemlig"
price_year = 2026
years = [2026, 2030]
[quantity.hemligt_anbud]
unit = "SEK"
price = 2026
number = 123456
source = "Anbudet"
"""
Person = Callable[[str], User]
Stand = Callable[..., Any]


def using(path: str, formula: str = "hemligt_anbud", name: str = "kik") -> str:
    return (
        f'use = ["{path}"]\n[book]\nname = "{name}"\nprice_year = 2026\nyears = [2026, 2030]\n'
        f'[quantity.a]\nunit = "SEK"\nprice = 2026\nformula = "{formula}"\n'
    )


def made(visibility: str) -> Matter:
    municipality()
    paragraph = "19 kap. 3 § OSL" if visibility == "restricted" else ""
    return capture_matter(
        by=system(), kind="need", text=f"En fråga som är {visibility}.", visibility=visibility,
        secrecy_paragraph=paragraph,
    ).matter  # fmt: skip


@pytest.fixture
def closed(db: None) -> Matter:
    return made("restricted")


@pytest.fixture
def secret(closed: Matter) -> Book:
    """A book on a restricted matter, and one that uses it there."""
    book = services.add_book(by=system(), path="hemlig.toml", text=SECRET, state="approved")
    services.tie_book(by=system(), book=book, matter=closed)
    return book


def refusal(by: Any, text: str) -> list[str]:
    with pytest.raises(services.Refused) as refused:
        services.add_book(by=by, path="kik.toml", text=text)
    assert not Book.objects.filter(slug="kik").exists()
    return refused.value.lines("sv")


def test_a_book_one_may_not_read_cannot_be_told_from_one_that_is_not_there(
    secret: Book, economist: User, standing: Stand
) -> None:
    by = standing(economist)
    assert not can(by, "calculation.read", selectors.with_matters(Book.objects.filter(pk=secret.pk)).get())
    for formula in ("hemligt_anbud", "hemligt_anbut", "1 +"):
        hidden = refusal(by, using("hemlig.toml", formula))
        assert hidden == [
            line.replace("ingen.toml", "hemlig.toml") for line in refusal(by, using("ingen.toml", formula))
        ]
        assert "hemligt_anbud" not in "".join(hidden).replace(formula, "")


def test_nor_through_a_book_between(secret: Book, closed: Matter, economist: User, standing: Stand) -> None:
    between = services.add_book(by=system(), path="mellan.toml", text=SECRET.replace("hemlig", "mellan"))
    services.tie_book(by=system(), book=between, matter=closed)
    services.update_book(by=system(), book=between, text=using("hemlig.toml", name="mellan"))
    BookMatter.objects.filter(book=between).delete()
    by = standing(economist)
    assert can(by, "calculation.read", Book.objects.get(slug="mellan"))
    assert "123456" not in "".join(refusal(by, using("mellan.toml", "hemligt_anbut")))


def test_the_form_says_it_in_place_and_keeps_what_was_typed(
    secret: Book, person: Person, logged_in: Callable[[User], Client]
) -> None:
    client = logged_in(person("platform_team"))
    answer = client.post("/kalkyler/ny/", {"name": "kik", "text": using("hemlig.toml")})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Fler skulle få läsa kalkylen" in page
    assert "hemligt_anbud" in page


def test_no_book_is_more_open_than_what_it_uses(secret: Book, closed: Matter, person: Person, standing: Stand) -> None:
    by = standing(person("platform_team"))
    with pytest.raises(openness.Unfit):
        services.add_book(by=by, path="kik.toml", text=using("hemlig.toml"))
    with pytest.raises(openness.Unfit):
        services.add_book(by=by, path="kik.toml", text=using("hemlig.toml"), is_public=True)
    book = services.add_book(by=by, path="kik.toml", text=SECRET.replace("hemlig", "kik"))
    with pytest.raises(openness.Unfit):
        services.update_book(by=by, book=book, text=using("hemlig.toml"))
    services.tie_book(by=by, book=book, matter=closed)
    book = services.update_book(by=by, book=book, text=using("hemlig.toml"))
    for visibility in ("public", "internal", "restricted"):
        with pytest.raises(openness.Unfit):
            services.tie_book(by=by, book=book, matter=made(visibility))
    assert BookMatter.objects.filter(book=book).count() == 1
    with pytest.raises(openness.Unfit):
        services.publish_book(by=by, book=book)
    services.publish_book(by=by, book=secret)
    services.publish_book(by=by, book=Book.objects.get(pk=book.pk))


def test_a_book_that_others_use_cannot_become_less_open(books: dict[str, Book], closed: Matter) -> None:
    with pytest.raises(openness.Unfit):
        services.tie_book(by=system(), book=books["tid"], matter=closed)
    services.tie_book(by=system(), book=books["tid"], matter=made("internal"))


def test_a_user_one_may_not_read_is_not_told_of(secret: Book, closed: Matter, economist: User, standing: Stand) -> None:
    low = services.add_book(by=system(), path="grund.toml", text=SECRET.replace("hemligt_anbud", "grund"))
    services.update_book(by=system(), book=secret, text=using("grund.toml", "grund", name="hemlig"))
    with pytest.raises(openness.Unfit) as unfit:
        services.update_book(
            by=standing(economist), book=low, text=low.text.replace("quantity.grund", "quantity.annat")
        )
    assert "hemlig" not in str(unfit.value)
    assert Book.objects.get(pk=low.pk).version == 1


def test_opening_a_restricted_calculation_takes_the_right_to_classify(
    secret: Book, closed: Matter, person: Person, standing: Stand
) -> None:
    author = standing(person("economist"))
    Matter.objects.filter(pk=closed.pk).update(author_id=author.user_id)
    secret = selectors.with_matters(Book.objects.filter(pk=secret.pk)).get()
    assert can(author, "calculation.edit", secret)
    before = Event.objects.count()
    for visibility in ("public", "internal"):
        matter = made(visibility)
        before += 1
        with pytest.raises(Forbidden):
            services.tie_book(by=author, book=secret, matter=matter)
    with pytest.raises(Forbidden):
        services.publish_book(by=author, book=secret)
    assert Event.objects.count() == before
    assert not can(visitor(), "calculation.read", Book.objects.get(pk=secret.pk))
    services.tie_book(by=standing(person("platform_team")), book=secret, matter=made("public"))
    assert can(visitor(), "calculation.read", Book.objects.get(pk=secret.pk))


def test_what_the_instance_shows_in_public_is_open_all_the_way_down(tmp_path: Any) -> None:
    matter = made("public")
    Matter.objects.filter(pk=matter.pk).update(reference="X-1")
    (tmp_path / "hemlig.toml").write_text(SECRET)
    (tmp_path / "kik.toml").write_text(using("hemlig.toml").replace("[book]\n", '[book]\nmatter = "X-1"\n'))
    demo.load_books(system(), tmp_path)
    assert can(visitor(), "calculation.read", Book.objects.get(slug="hemlig"))
    count = Event.objects.count()
    demo.load_books(system(), tmp_path)
    assert Event.objects.count() == count
