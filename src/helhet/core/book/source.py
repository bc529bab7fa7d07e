# SPDX-License-Identifier: EUPL-1.2
"""Books as files: reading within one folder, TOML with bounds, and the lines where quantities stand."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from helhet.core.book import limits
from helhet.core.book.problems import BookError, Place, fail

_LONG_KEY = re.compile(r"(?<![\w\"'.-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){12}")  # parts of a key
_HEADER = re.compile(r"\s*\[\[?\s*(?P<table>[^\]]*?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(?P<key>[A-Za-z_]+)\s*=\s*(?P<value>.*)$")


class Library(Protocol):
    """Where books are read from. `read` raises `BookError` when the path is missing or leads outside."""

    def read(self, path: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Books in one folder; nothing outside it can be read, also not through a link."""

    root: Path

    def read(self, path: str) -> str:
        inside = clean_path(path)
        root = self.root.resolve()
        target = (root / inside).resolve()
        if not target.is_relative_to(root):
            raise fail("path-outside", path=path)
        if not target.is_file():
            raise fail("file-missing", path=path)
        if target.stat().st_size > limits.FILE_CHARS * 2:
            raise fail("file-large", Place(path))
        try:
            return target.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise fail("file-text", Place(path)) from error


@dataclass(frozen=True, slots=True)
class Texts:
    """Books held as texts by path, as in a database or a test."""

    files: Mapping[str, str]

    def read(self, path: str) -> str:
        text = self.files.get(clean_path(path))
        if text is None:
            raise fail("file-missing", path=path)
        return text


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a book: its path in the library, text, TOML data and the lines of its quantities."""

    path: str
    text: str
    data: dict[str, Any]
    lines: dict[str, dict[str, int]] = field(default_factory=dict)

    def place(self, quantity: str = "", key: str = "") -> Place:
        block = self.lines.get(quantity, {})
        return Place(self.path, quantity, key, block.get(key, block.get("", 0)))


def clean_path(path: str) -> str:
    """A path inside the library, with forward slashes. Raises `BookError` when it would leave it."""
    pure = PurePosixPath(path)
    bad = not path or "\\" in path or "\0" in path or pure.is_absolute() or ":" in path or len(path) > 200
    parts: list[str] = []
    for part in pure.parts:
        if part == "..":
            if not parts:
                raise fail("path-outside", path=path)
            parts.pop()
        elif part != ".":
            parts.append(part)
    if bad or not parts:
        raise fail("path-outside", path=path)
    return "/".join(parts)


def read_all(path: str, library: Library) -> list[Source]:
    """The file and everything it uses, each once, the used ones first. Raises `BookError`."""
    found: dict[str, Source] = {}
    _follow(clean_path(path), library, found, ())
    return list(found.values())


def digest(sources: list[Source]) -> str:
    """SHA-256 of a book: its own text and the texts it uses; independent of folder and order of reading."""
    total = hashlib.sha256()
    main = sources[-1]
    total.update(hashlib.sha256(main.text.encode()).digest())
    for text in sorted(source.text for source in sources[:-1]):
        total.update(hashlib.sha256(text.encode()).digest())
    return total.hexdigest()


def parse_toml(text: str, path: str) -> dict[str, Any]:
    """TOML text → data. Size, long dotted keys and deep nesting are refused before or while reading."""
    if len(text) > limits.FILE_CHARS:
        raise fail("file-large", Place(path))
    if _LONG_KEY.search(text):
        raise fail("toml", Place(path), "quote-or-field", detail="a dotted key is too long")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        found = re.match(r"(.{0,120}?)(?: \(at (?:line (\d+), column (\d+)|end of document)\))?$", str(error))
        detail, line, column = found.groups() if found else ("Invalid value", None, None)
        place = Place(path, line=int(line or 0), column=int(column or 0))
        raise fail("toml", place, "quote-or-field", detail=detail) from error
    except RecursionError as error:
        raise fail("toml", Place(path), detail="too many levels") from error


def _follow(path: str, library: Library, found: dict[str, Source], above: tuple[str, ...]) -> None:
    if path in above or len(above) > limits.USE_DEPTH:
        raise fail("use-cycle", Place(above[-1]), path=" → ".join((*above, path)))
    if path in found:
        return
    text = library.read(path)
    data = parse_toml(text, path)
    for used in _used(data, path):
        folder = str(PurePosixPath(path).parent)
        inner = clean_path(f"{folder}/{used}" if folder != "." else used)
        _follow(inner, library, found, (*above, path))
    if len(found) >= limits.FILES:
        raise fail("use-many", Place(path))
    found[path] = Source(path, text, data, _lines(text))


def _used(data: dict[str, Any], path: str) -> list[str]:
    book = data.get("book")
    places = [data.get("use"), book.get("use") if isinstance(book, dict) else None]
    names: list[str] = []
    for value in places:
        if value is None:
            continue
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise fail("wrong-kind", Place(path, key="use"), key="use", expected='["fil.toml"]')
        names.extend(value)
    return names


def _lines(text: str) -> dict[str, dict[str, int]]:
    """Line numbers by quantity and key, found by a plain scan: TOML readers give none."""
    blocks: dict[str, dict[str, int]] = {}
    block: dict[str, int] = {}
    listed = False
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line) if len(line) < 300 and line.lstrip().startswith("[") else None
        if header:
            parts = [part.strip().strip("\"'") for part in header["table"].split(".", 1)]
            nested = len(parts) == 2 and parts[1] in ("alternatives", "flow", "range", "table")
            if listed and nested:
                continue
            block, listed = {"": number}, parts == ["quantity"]
            if parts[0] == "quantity" and len(parts) == 2:
                blocks.setdefault(unicodedata.normalize("NFC", parts[1]), block)
            continue
        key = _KEY.match(line) if len(line) < 5000 else None
        if key is None:
            continue
        block.setdefault(key["key"], number)
        if listed and key["key"] == "name":
            name = re.match(r"""["']([^"']{1,80})["']""", key["value"])
            if name:
                blocks.setdefault(unicodedata.normalize("NFC", name[1]), block)
    return blocks


__all__ = ["BookError", "Folder", "Library", "Source", "Texts", "clean_path", "digest", "parse_toml", "read_all"]
