# SPDX-License-Identifier: EUPL-1.2
"""From rows in the database to parsed and checked books, kept in the process by hash."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from helhet.core.book import Book as Parsed
from helhet.core.book import BookError, loads
from helhet.core.book.source import clean_path, parse_toml
from helhet.rooms.calculations.models import Book

MOST_BOOKS = 200
_kept: OrderedDict[str, Parsed] = OrderedDict()
_lock = Lock()


def parsed(book: Book) -> Parsed:
    """The checked form of one book. At most one query, and none when it is kept already."""
    return parsed_all([book])[book.pk]


def parsed_all(books: Sequence[Book]) -> dict[int, Parsed]:
    """The checked form of many books by primary key; one query for the texts of all that are not kept."""
    found = {book.pk: kept for book in books if (kept := _recall(book.hash)) is not None}
    missing = [book for book in books if book.pk not in found]
    if missing:
        texts = dict(Book.objects.values_list("path", "text"))
        for book in missing:
            found[book.pk] = _keep(book.hash, read(book.path, texts[book.path], texts))
    return found


def read(path: str, text: str, texts: Mapping[str, str]) -> Parsed:
    """Read and check a book's text; ``texts`` are the other books by path. Never raises for what stands in it."""
    return loads(text, {other: body for other, body in texts.items() if other != path}, path)


def used_paths(path: str, text: str) -> list[str]:
    """The paths that a book's text uses directly; [] when it cannot be read at all."""
    try:
        data = parse_toml(text, path)
    except BookError:
        return []
    head = data.get("book")
    written = [*_texts(data.get("use")), *(_texts(head.get("use")) if isinstance(head, dict) else ())]
    folder = path.rpartition("/")[0]
    found = []
    for name in written:
        try:
            found.append(clean_path(f"{folder}/{name}" if folder else name))
        except BookError:
            continue
    return list(dict.fromkeys(found))


def in_order(texts: Mapping[str, str]) -> list[str]:
    """The paths so that every book comes after those it uses; a cycle keeps the order given."""
    done: list[str] = []
    waiting = list(texts)
    while waiting:
        ready = [p for p in waiting if not any(u in waiting and u != p for u in used_paths(p, texts[p]))]
        step = ready or waiting[:]
        done += step
        waiting = [p for p in waiting if p not in step]
    return done


def _texts(value: object) -> Iterable[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _recall(key: str) -> Parsed | None:
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
        return found


def _keep(key: str, book: Parsed) -> Parsed:
    with _lock:
        _kept[key] = book
        while len(_kept) > MOST_BOOKS:
            _kept.popitem(last=False)
    return book


def forget() -> None:
    """Empty the store (tests)."""
    with _lock:
        _kept.clear()
