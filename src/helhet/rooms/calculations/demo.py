# SPDX-License-Identifier: EUPL-1.2
"""The instance's own books and published figures, and the kept runs to show. Doing it again changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from helhet.foundation.figures.models import Run
from helhet.foundation.imports.kinds import Kind
from helhet.foundation.matters.models import Matter, Visibility
from helhet.foundation.policy import Standing, system
from helhet.rooms.calculations import library, services
from helhet.rooms.calculations.engine import Position
from helhet.rooms.calculations.figures import keep
from helhet.rooms.calculations.models import Book, InvestmentFigure
from helhet.rooms.calculations.table import INVESTMENTS


def load(folder: Path) -> None:
    """What the room shows as demonstration of the instance in ``folder``."""
    load_demo(system(), folder)


def load_demo(by: Standing, folder: Path | None = None) -> Run | None:
    """Load books and investments, tie books to matters by the references in their heads, keep the listed runs.

    Returns the last run kept (waste heat in Kiruna), None without one.
    """
    place = folder or settings.HELHET_INSTANCE_DIR
    load_books(by, place / "books")
    _load_investments(place / "investments.csv")
    return keep_demo_runs(by, place / "runs.toml")


def load_books(by: Standing, folder: Path) -> list[Book]:
    """Every book of a folder as an approved book, those that others use first; tied to the matters they name.

    What a calculation of a public matter uses is as open as that calculation.
    """
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}
    known = {book.path: book for book in Book.objects.filter(path__in=texts)}
    public, found = _used_in_public(texts), []
    for path in library.in_order(texts):
        book = known.get(path)
        if book is None:
            note = "Instansens egen bok"
            book = services.add_book(
                by=by, path=path, text=texts[path], state=Book.State.APPROVED, source_file=f"books/{path}", note=note
            )
        if path in public:
            book = services.publish_book(by=by, book=book)
        book = services.update_book(by=by, book=book, text=texts[path])
        _tie(by, book, texts[path])
        found.append(book)
    return found


def keep_demo_runs(by: Standing, file: Path) -> Run | None:
    """The runs that ``runs.toml`` lists, each kept in the matter of its book; the last one is given back."""
    told = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    last = None
    for row in told.get("run", ()):
        book = Book.objects.filter(slug=row["book"], state=Book.State.APPROVED).first()
        matter = Matter.objects.filter(book_ties__book=book).order_by("book_ties__id").first() if book else None
        if book is None or matter is None:
            continue
        kept = Run.objects.filter(matter=matter, book=book.slug, book_hash=book.hash, title=row["title"]).first()
        position = Position(options=tuple(sorted(row.get("options", {}).items())))
        last = kept or keep(
            by=by, book=book, matter=matter, position=position, title=row["title"], title_en=row.get("title_en", "")
        )
    return last


def _named(text: str) -> QuerySet[Matter]:
    """The matters that a book names in its head."""
    head = tomllib.loads(text).get("book", {})
    written = head.get("matter", "") if isinstance(head, dict) else ""
    return Matter.objects.filter(reference__in=[part.strip() for part in str(written).split("|") if part.strip()])


def _used_in_public(texts: Mapping[str, str]) -> set[str]:
    """Paths of what the calculations of public matters use, near or far."""
    found: set[str] = set()
    waiting = [path for path in texts if _named(texts[path]).filter(visibility=Visibility.PUBLIC).exists()]
    while waiting:
        path = waiting.pop()
        new = [used for used in library.used_paths(path, texts[path]) if used in texts and used not in found]
        found.update(new)
        waiting += new
    return found


def _tie(by: Standing, book: Book, text: str) -> None:
    for matter in _named(text):
        services.tie_book(by=by, book=book, matter=matter)


def _load_investments(path: Path) -> None:
    """Read the instance's table when nobody has yet; the import machinery answers for the same file twice."""
    kind: Kind = INVESTMENTS
    if path.is_file() and not InvestmentFigure.objects.exists():
        kind(path)
