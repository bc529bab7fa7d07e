# SPDX-License-Identifier: EUPL-1.2
"""Three small books – a timetable and two cases that rest on it – and people in different roles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.services import capture_matter
from helhet.foundation.people.models import Membership, User
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import system
from helhet.rooms.calculations import demo, desk, engine, library, services
from helhet.rooms.calculations.models import Book
from tests.people import municipality

BOOKS = Path(__file__).parent / "books"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Nothing kept from another test."""
    for cache in (engine.CACHE, engine.KEPT, engine.SMALL):
        cache.clear()
    library.forget()
    desk._played.clear()


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    """Return a function that makes an account with one role in the municipality."""

    def make(role: str) -> User:
        user = User.objects.create_user(f"konto-{role}", role_title=role.capitalize())
        Membership.objects.create(user=user, organisation=municipality(), role=role, is_home=True)
        return user

    return make


@pytest.fixture
def economist(person: Callable[[str], User]) -> User:
    return person("economist")


@pytest.fixture
def books(db: None) -> dict[str, Book]:
    """The books of the folder, approved, without a matter."""
    return {book.slug: book for book in demo.load_books(system(), BOOKS)}


@pytest.fixture
def matter(db: None) -> Matter:
    """An internal matter about heat."""
    municipality()
    return capture_matter(
        by=system(), kind="need", text="Värmen behöver räknas på en gång.", visibility="internal"
    ).matter


@pytest.fixture
def tied(books: dict[str, Book], matter: Matter) -> Book:
    """The heat book, tied to the matter."""
    services.tie_book(by=system(), book=books["varme"], matter=matter)
    return books["varme"]


@pytest.fixture
def logged_in(client: Client) -> Callable[[User], Client]:
    def log_in(user: User) -> Client:
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def standing() -> Callable[[User], Any]:
    return lambda user: standing_of(User.objects.get(pk=user.pk))
