# SPDX-License-Identifier: EUPL-1.2
"""Read books, scenarios, kept runs and investments: always through what the actor may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.contracts import StepView
from helhet.foundation.figures.models import Run
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import can_read
from helhet.foundation.policy import Standing
from helhet.rooms.calculations.engine import MOST_CASES
from helhet.rooms.calculations.models import Book, BookMatter, Scenario
from helhet.rooms.calculations.policy import readable_books

PAGE = 25
LISTED_SCENARIOS = 20
LIGHT = ("text",)
#: Where what a matter's page tells of calculations is kept while the page is made.
CALCULATED = "_calculations_calculated"


def readable(actor: Standing) -> QuerySet[Book]:
    """Every book the actor may read, without its source."""
    return Book.objects.filter(readable_books(actor)).defer(*LIGHT)


def with_matters(books: QuerySet[Book]) -> QuerySet[Book]:
    """The same, with ties and matters read along as policy needs them."""
    ties = BookMatter.objects.select_related("matter__batch").prefetch_related("matter__owners", "matter__participants")
    return books.prefetch_related(Prefetch("ties", ties))


def get_book(actor: Standing, slug: str) -> Book:
    """One book, or Book.DoesNotExist, or Forbidden with the reason."""
    book = with_matters(Book.objects.filter(slug=slug)).get()
    policy.require(actor, "calculation.read", book)
    return book


def approved_cases(actor: Standing) -> list[Book]:
    """The cases that make the whole for this reader: approved, and readable. Bounded."""
    found = readable(actor).filter(state=Book.State.APPROVED, is_case=True)
    return list(found.order_by("id")[:MOST_CASES])


def hidden_cases(actor: Standing, shown: Sequence[Book]) -> int:
    """How many approved cases the reader may not read: the whole says so."""
    return max(Book.objects.filter(state=Book.State.APPROVED, is_case=True).count() - len(shown), 0)


def book_page(actor: Standing, *, after: str = "", state: str = "", text: str = "") -> tuple[list[Book], str]:
    """A page of cases by title, and the key of the next page ('' on the last)."""
    found = readable(actor).filter(is_case=True)
    if state in Book.State.values:
        found = found.filter(state=state)
    if text:
        found = found.filter(Q(title_sv__icontains=text) | Q(title_en__icontains=text))
    title, _sep, pk = after.rpartition("_")
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        found = found.filter(Q(title_sv__gt=title) | Q(title_sv=title, pk__gt=int(pk)))
    rows = list(with_matters(found).order_by("title_sv", "id")[: PAGE + 1])
    more = f"{rows[PAGE - 1].title_sv}_{rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return rows[:PAGE], more


def shared_books(actor: Standing) -> list[Book]:
    """Books that hold what several cases share, with the readable cases that rest on them."""
    users = Prefetch("used_by", readable(actor).filter(is_case=True), to_attr="cases")
    found = readable(actor).filter(is_case=False).prefetch_related(users)
    return list(found.order_by("title_sv", "id")[:PAGE])


def readable_matters(actor: Standing, book: Book) -> list[Matter]:
    """The matters of a book that the reader may see, in the order they were tied; the book as `with_matters` gives it."""
    return [tie.matter for tie in book.ties.all() if can_read(actor, tie.matter)][:20]


def get_matter_of(actor: Standing, book: Book, uid: str) -> Matter | None:
    """The matter one came from when it may be read, else the book's first readable one."""
    matters = readable_matters(actor, book)
    return next((m for m in matters if str(m.uid) == uid), matters[0] if matters else None)


def _scenarios(actor: Standing, book: Book) -> QuerySet[Scenario]:
    may = Q(shared=True)
    if actor.user_id is not None:
        may |= Q(owner_id=actor.user_id)
    return Scenario.objects.filter(may, book=book)


def scenarios_of(actor: Standing, book: Book) -> list[Scenario]:
    """Saved scenarios to list for the reader: shared ones and their own, the first twenty."""
    return list(_scenarios(actor, book).order_by("id")[:LISTED_SCENARIOS])


def get_scenario(actor: Standing, book: Book, uid: str) -> Scenario | None:
    """A saved scenario by uid, None when it is not there or not for this reader."""
    try:
        wanted = UUID(uid)
    except ValueError:
        return None
    return _scenarios(actor, book).filter(uid=wanted).first()


def calculated(matter: Matter) -> tuple[list[Book], list[Run]]:
    """The books tied to a matter and the runs kept in it, newest first, five of each; asked for once a page.

    A run's figures may be many: they are read when they are asked for.
    """
    kept: tuple[list[Book], list[Run]] | None = getattr(matter, CALCULATED, None)
    if kept is None:
        books = Book.objects.filter(ties__matter=matter).defer(*LIGHT).order_by("ties__id")
        kept = list(books[:5]), list(Run.objects.filter(matter=matter).defer("figures").order_by("-id")[:5])
        setattr(matter, CALCULATED, kept)
    return kept


def calculate_steps(matters: Sequence[Matter]) -> Mapping[int, StepView]:
    """How far each matter has come in calculating: a kept run is done, a book is under way. Two queries at most."""
    known = {matter.pk: calculated(matter) for matter in matters if hasattr(matter, CALCULATED)}
    runs = {pk for pk, (_books, kept) in known.items() if kept}
    books = {pk for pk, (tied, _runs) in known.items() if tied}
    if ids := [matter.pk for matter in matters if matter.pk not in known]:
        of_those = {"matter_id__in": ids}
        runs |= set(Run.objects.filter(**of_those).order_by().values_list("matter_id", flat=True).distinct())
        books |= set(BookMatter.objects.filter(**of_those).order_by().values_list("matter_id", flat=True).distinct())
    found = {pk: StepView("now", _("kalkyl finns")) for pk in books}
    return {**found, **{pk: StepView("done", _("körning sparad")) for pk in runs if pk is not None}}
