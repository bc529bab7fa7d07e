# SPDX-License-Identifier: EUPL-1.2
"""The one timetable that investments follow: a book, whose numbers an instance names as the periods of its stages.

``instance.toml`` says which book, and for each period which quantities are its first year and its length. Nothing else
holds the years: who changes the book, as a new version, moves every calculation and every investment that refers to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helhet.core.book import Book as Parsed
from helhet.foundation.imports.instance import instance_file
from helhet.foundation.policy import Standing
from helhet.rooms.calculations import library, selectors
from helhet.rooms.calculations.shown import language


@dataclass(frozen=True)
class Period:
    """A stage with its first and last year, and the slug of the book that says so."""

    title: str
    first: int
    last: int
    book: str


def periods(actor: Standing) -> dict[str, Period]:
    """The periods by the key that investments refer to; {} where there is no timetable or the actor may not read it."""
    told = instance_file().get("timetable", {})
    book = selectors.readable(actor).filter(path=f"{told.get('book', '')}.toml").first()
    if book is None:
        return {}
    found = library.parsed(book)
    return {
        key: Period(row.get(language()) or row["sv"], first, first + length - 1, book.slug)
        for key, row in told.get("periods", {}).items()
        if (first := _number(found, row["starts"])) and (length := _number(found, row["years"]))
    }


def _number(book: Parsed, name: str) -> int:
    """The whole number of a quantity; 0 when the book has none of the name."""
    quantity: Any = book.quantities.get(name)
    return round(float(quantity.values)) if quantity is not None and quantity.kind == "number" else 0
