# SPDX-License-Identifier: EUPL-1.2
"""Change books and scenarios. Every verb asks policy first and ends with exactly one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.core.book import Book as Parsed
from helhet.core.book import BookError, Overlay, Problem
from helhet.core.book.overlay import resolve, validate
from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Matter
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean_line, fits
from helhet.rooms.calculations import library, openness
from helhet.rooms.calculations.models import Book, BookMatter, BookVersion, Scenario
from helhet.rooms.calculations.openness import Unfit
from helhet.rooms.calculations.policy import readable_books

MOST_SCENARIOS = 50


class Refused(ValueError):
    """A book was not saved. ``problems`` say what is wrong and where; words in Swedish and English."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(p for p in problems if p.severity == "error") or tuple(problems)
        super().__init__("\n".join(problem.line_of_text("sv") for problem in self.problems[:10]))

    def lines(self, language: str) -> list[str]:
        """One line per problem: where, what, how to mend it."""
        return [problem.line_of_text("en" if language == "en" else "sv") for problem in self.problems]


@transaction.atomic
def add_book(
    *,
    by: Standing,
    path: str,
    text: str,
    slug: str = "",
    state: str = Book.State.DRAFT,
    is_public: bool = False,
    source_file: str = "",
    note: str = "",
) -> Book:
    """Take in a book's source. Raises :class:`Refused` when the checks find errors, ValueError when the name is taken.

    A book that the actor may not read cannot be used: it is as if it were not there. :class:`Unfit` (a ValueError)
    when the new book would be more open than one it uses.
    """
    policy.require(by, "calculation.edit", None)
    slug = slug or slugify(path.rsplit("/", 1)[-1].removesuffix(".toml"))[:80]
    if Book.objects.filter(slug=slug).exists() or Book.objects.filter(path=path).exists():
        raise ValueError(_("Det finns redan en kalkyl som heter %(name)s.") % {"name": slug})
    fits(Book, slug=slug, path=path, source_file=source_file)
    book = Book(slug=slug, path=path, state=Book.State(state), is_public=is_public, source_file=source_file)
    _put_in(book, _checked(by, path, text), text)
    _after(book, by, note)
    record(by=by, verb="book.added", obj=book, data={"slug": slug, "hash": book.hash, "state": book.state})
    return book


@transaction.atomic
def update_book(*, by: Standing, book: Book, text: str, note: str = "") -> Book:
    """A new version of a book's source; books that use it are checked and hashed anew. The same text changes nothing.

    Raises :class:`Refused` also when a book that uses this one would no longer hold, :class:`Unfit` when that is one
    the actor may not read, or when the book would be more open than one it uses.
    """
    policy.require(by, "calculation.edit", book)
    book = Book.objects.select_for_update().get(pk=book.pk)
    if text == book.text:
        return book
    before = book.hash
    book.version += 1
    _put_in(book, _checked(by, book.path, text), text)
    _after(book, by, note)
    _rehash_users(book, by)
    record(by=by, verb="book.updated", obj=book, data={"version": book.version, "hash": book.hash, "before": before})
    return book


@transaction.atomic
def set_state(*, by: Standing, book: Book, state: str) -> Book:
    """Approve a book, or make it a draft again. Only approved cases count in the whole."""
    policy.require(by, "calculation.edit", book)
    if book.state != state:
        book.state = Book.State(state)
        book.save(update_fields=["state"])
        record(by=by, verb="book.state_set", obj=book, data={"state": book.state, "hash": book.hash})
    return book


@transaction.atomic
def publish_book(*, by: Standing, book: Book) -> Book:
    """Let everybody read a book, whatever its matters are: who decides who reads those must agree."""
    policy.require(by, "calculation.edit", book)
    if not book.is_public:
        for matter in _tied(book):
            policy.require(by, "matter.classify", matter)
        book.is_public = True
        book.save(update_fields=["is_public"])
        openness.check(book)
        record(by=by, verb="book.state_set", obj=book, data={"state": book.state, "hash": book.hash, "public": True})
    return book


@transaction.atomic
def tie_book(*, by: Standing, book: Book, matter: Matter) -> BookMatter:
    """Say that a book calculates a matter. Who may read the matter may then read the book.

    Opening the calculation of another matter to more readers takes the right to decide who reads that matter.
    Raises :class:`Unfit` when the book would be more open than one it uses, or less than one that uses it.
    """
    policy.require(by, "calculation.edit", book)
    policy.require(by, "matter.read", matter)
    before = _tied(book)
    tie, created = BookMatter.objects.get_or_create(book=book, matter=matter)
    if created:
        if not book.is_public and openness.widens(before, matter):
            for other in before:
                policy.require(by, "matter.classify", other)
        openness.check(book)
        record(by=by, verb="book.tied", obj=matter, unit_id=matter.home_unit_id, data={"book": book.slug})
    return tie


@transaction.atomic
def save_scenario(
    *,
    by: Standing,
    book: Book,
    name: str,
    name_en: str = "",
    on: str = "",
    options: Mapping[str, str] | None = None,
    overlay: Mapping[str, float] | None = None,
    shared: bool = False,
) -> Scenario:
    """Keep changed assumptions under a name. Raises ValueError for an empty or taken name and for values that do not fit."""
    policy.require(by, "calculation.save_scenario", book)
    name, name_en = clean_line(name), clean_line(name_en)
    if not name:
        raise ValueError(_("Ge scenariot ett namn."))
    fits(Scenario, name_sv=name, name_en=name_en)
    mine = Scenario.objects.filter(book=book, owner_id=by.user_id)
    if mine.filter(name_sv__iexact=name).exists():
        raise ValueError(_("Du har redan ett scenario som heter så. Välj ett annat namn."))
    if mine.count() >= MOST_SCENARIOS:
        raise ValueError(_("Du har %(n)s scenarier i kalkylen. Ta bort något först.") % {"n": MOST_SCENARIOS})
    parsed = library.parsed(book)
    try:
        validate(parsed, resolve(parsed, on, Overlay.of(overlay or {})))
    except BookError as error:
        raise ValueError(error.problems[0].message("en" if by.language == "en" else "sv")) from error
    scenario = Scenario.objects.create(
        book=book,
        name_sv=name,
        name_en=name_en,
        on=on,
        options=dict(options or {}),
        overlay=dict(overlay or {}),
        owner_id=by.user_id,
        owner_label=by.label,
        shared=shared,
    )
    record(
        by=by, verb="scenario.saved", obj=scenario, data={"book": book.slug, "shared": shared}, private={"name": name}
    )
    return scenario


@transaction.atomic
def remove_scenario(*, by: Standing, scenario: Scenario) -> None:
    """Take away one's own scenario. Kept runs hold their own copy of the assumptions."""
    policy.require(by, "calculation.save_scenario", scenario.book)
    if not by.system and (by.user_id is None or scenario.owner_id != by.user_id):
        raise policy.Forbidden(policy.deny(_("Du kan bara ta bort dina egna scenarier.")))
    record(by=by, verb="scenario.removed", obj=scenario, data={"book": scenario.book.slug})
    scenario.delete()


def _checked(by: Standing, path: str, text: str) -> Parsed:
    """Read and check a text among the books that the actor may read; the others are not there."""
    readable = Book.objects.filter(readable_books(by)).exclude(path=path)
    found = library.read(path, text, dict(readable.values_list("path", "text")))
    if not found.ok:
        raise Refused(found.problems)
    return found


def _tied(book: Book) -> list[Matter]:
    """The matters of a book, with what policy needs to answer."""
    found = Matter.objects.filter(book_ties__book=book).select_related("batch", "home_unit")
    return list(found.prefetch_related("owners__organisation", "participants").order_by("book_ties__id"))


def _put_in(book: Book, found: Parsed, text: str) -> None:
    book.text, book.hash = text, found.hash
    book.title_sv, book.title_en = found.title.sv[:200] or book.slug, found.title.en[:200]
    book.lead_sv, book.lead_en = found.description.sv, found.description.en
    book.is_case = bool(found.flows)
    book.updated_at = now()


def _after(book: Book, by: Standing, note: str) -> None:
    """Keep the book, its version and what it uses."""
    book.save()
    BookVersion.objects.create(
        book=book, number=book.version, text=book.text, hash=book.hash, note=clean_line(note)[:300], by_label=by.label
    )
    book.uses.set(Book.objects.filter(path__in=library.used_paths(book.path, book.text)))
    openness.check(book)


def _rehash_users(book: Book, by: Standing) -> None:
    """Books that rest on this one, near or far, get the hash of what they now say."""
    reached: dict[int, Book] = {}
    waiting = [book]
    while waiting:
        for user in waiting.pop().used_by.all():
            if user.pk not in reached and user.pk != book.pk:
                reached[user.pk] = user
                waiting.append(user)
    texts = dict(Book.objects.values_list("path", "text")) if reached else {}
    for user in reached.values():
        found = library.read(user.path, user.text, texts)
        if not found.ok:
            if policy.can(by, "calculation.read", user):
                raise Refused(found.problems)
            raise Unfit(_("En kalkyl som du inte får läsa använder den här och skulle inte längre gå att räkna."))
        if found.hash != user.hash:
            user.hash = found.hash
            user.save(update_fields=["hash"])
