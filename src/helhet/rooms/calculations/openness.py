# SPDX-License-Identifier: EUPL-1.2
"""How open a book is, and that none is more open than what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _

from helhet.foundation.matters.models import Matter, Visibility
from helhet.rooms.calculations.models import Book, BookMatter


class Level(IntEnum):
    """Who reads a book, from the fewest to all."""

    RESTRICTED = 0
    INTERNAL = 1
    PUBLIC = 2


LEVELS = {Visibility.RESTRICTED: Level.RESTRICTED, Visibility.INTERNAL: Level.INTERNAL, Visibility.PUBLIC: Level.PUBLIC}


class Unfit(ValueError):
    """A book does not fit with those around it; the message says why and reveals nothing of what one may not read."""


@dataclass(frozen=True)
class Reach:
    """How open a book is; a restricted one is read by the readers of ``matters`` and no others."""

    level: Level
    matters: frozenset[int]

    def within(self, other: Reach) -> bool:
        """Reaches nobody that ``other`` does not reach."""
        if self.level != other.level:
            return self.level < other.level
        return self.level != Level.RESTRICTED or self.matters <= other.matters


def level_of(matter: Matter) -> Level:
    """How open a matter is."""
    return LEVELS[Visibility(matter.visibility)]


def widens(tied: Sequence[Matter], matter: Matter) -> bool:
    """Whether ``matter`` opens to more than the matters that a book is tied to: restricted ones have readers of their own."""
    most = max(map(level_of, tied), default=Level.INTERNAL)
    return bool(tied) and (level_of(matter) > most or most == Level.RESTRICTED)


def check(book: Book) -> None:
    """Raise :class:`Unfit` when the book is more open than what it uses, or less open than what uses it."""
    above, below = _near_and_far(book, lambda one: one.used_by.all()), _near_and_far(book, lambda one: one.uses.all())
    reach = _reaches([book, *above, *below])
    for used in below:
        if not reach[book.pk].within(reach[used.pk]):
            raise Unfit(
                _("Fler skulle få läsa kalkylen än %(title)s, som den använder. Knyt den till samma ärende först.")
                % {"title": used.title}
            )
    if not all(reach[user.pk].within(reach[book.pk]) for user in above):
        raise Unfit(_("En kalkyl som fler får läsa använder den här. Då kan den inte bli mindre öppen."))


def _near_and_far(book: Book, step: Callable[[Book], Iterable[Book]]) -> list[Book]:
    found: dict[int, Book] = {}
    waiting = [book]
    while waiting:
        for one in step(waiting.pop()):
            if one.pk not in found and one.pk != book.pk:
                found[one.pk] = one
                waiting.append(one)
    return list(found.values())


def _reaches(books: Sequence[Book]) -> dict[int, Reach]:
    tied: dict[int, dict[int, Level]] = {book.pk: {} for book in books}
    for tie in BookMatter.objects.filter(book__in=books).select_related("matter"):
        tied[tie.book_id][tie.matter_id] = level_of(tie.matter)
    return {
        book.pk: Reach(
            Level.PUBLIC if book.is_public else max(tied[book.pk].values(), default=Level.INTERNAL),
            frozenset(tied[book.pk]),
        )
        for book in books
    }
