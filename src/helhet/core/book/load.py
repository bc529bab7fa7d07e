# SPDX-License-Identifier: EUPL-1.2
"""From a file or a text to a checked book."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from helhet.core.book.check import check
from helhet.core.book.model import Book
from helhet.core.book.problems import BookError, Findings, Problem
from helhet.core.book.read import assemble
from helhet.core.book.source import Folder, Library, Texts, read_all


def load(path: str | Path, root: str | Path | None = None) -> Book:
    """Read and check a book file. `root` is the folder that `use` may reach; by default the file's own.

    Never raises for what stands in the file: see `Book.problems`, and `Book.require` before running.
    """
    path = Path(path)
    folder = Path(root) if root is not None else path.parent
    inside = path.resolve().relative_to(folder.resolve()) if root is not None else Path(path.name)
    return open_book(inside.as_posix(), Folder(folder))


def loads(text: str, files: Mapping[str, str] | None = None, path: str = "book.toml") -> Book:
    """Read and check a book held as text; `files` are the texts that `use` may name, by path."""
    return open_book(path, Texts({**(files or {}), path: text}))


def open_book(path: str, library: Library) -> Book:
    """Read and check a book from any library of texts."""
    findings = Findings()
    try:
        sources = read_all(path, library)
    except BookError as error:
        findings.extend(error)
        return Book(path=path, problems=findings.items)
    book = assemble(sources, findings)
    check(book, findings)
    return book


def problems(book: Book, *, errors_only: bool = False) -> list[Problem]:
    """What the checks found, in the order of the file."""
    return [p for p in book.problems if p.severity == "error" or not errors_only]
