# SPDX-License-Identifier: EUPL-1.2
"""The columns of a table as data: type, choices, help. Checks, documentation and exports are made from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import get_current_timezone, is_naive, make_aware

from helhet.core.tables import parse_number
from helhet.foundation.imports.problems import Bad

Type = str
TYPES: dict[Type, tuple[str, str]] = {
    "text": ("text", "text"),
    "key": ("beteckning: bokstäver, siffror, - _ : . #", "key: letters, digits, - _ : . #"),
    "number": ("tal", "number"),
    "latitude": ("latitud i WGS 84", "latitude in WGS 84"),
    "longitude": ("longitud i WGS 84", "longitude in WGS 84"),
    "percent": ("procent, 0 till 100", "per cent, 0 to 100"),
    "date": ("datum, ÅÅÅÅ-MM-DD", "date, YYYY-MM-DD"),
    "moment": ("datum eller tidpunkt, ÅÅÅÅ-MM-DD", "date or moment, YYYY-MM-DD"),
    "flag": ("ja eller nej", "yes or no"),
}
#: Columns that hold at most so many characters hold one line.
ONE_LINE = 300
_KEY = re.compile(r"[\w:.#/-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_YES, _NO = {"ja", "yes", "true", "sant", "1", "x"}, {"nej", "no", "false", "falskt", "0"}
_MORNING = time(9)


@dataclass(frozen=True)
class Part:
    """One part of an item such as ``supports:gm-11:Because``; ``refers`` names what it must point at."""

    name: str
    choices: tuple[str, ...] = ()
    refers: str = ""
    optional: bool = False
    type: Type = "text"


@dataclass(frozen=True)
class Column:
    """A column: what may stand in it and why. ``many`` cells hold items with ``|`` between them.

    ``private`` columns tell who did something; they are exported on request only.
    """

    name: str
    help_sv: str
    help_en: str
    type: Type = "text"
    required: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    refers: str = ""
    parts: tuple[Part, ...] = ()
    max_length: int = 0
    private: bool = False

    def parse(self, text: str) -> Any:
        """Return the value of a cell; raise :class:`Bad` when it cannot be understood. '' is None or ()."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if _CONTROL.search(text):
            raise Bad("control")
        if self.max_length and len(text) > self.max_length:
            raise Bad("long", limit=self.max_length, length=len(text))
        if self.many:
            return tuple(self._item(item) for item in split_items(text))
        if 0 < self.max_length <= ONE_LINE:
            text = " ".join(text.split())
        return self._value(text) if text else None

    def _item(self, item: str) -> Any:
        if not self.parts:
            return self._value(item)
        pieces = item.split(":", len(self.parts) - 1)
        needed = sum(not part.optional for part in self.parts)
        if not needed <= len(pieces) <= len(self.parts) or not all(pieces[:needed]):
            raise Bad("parts", value=item, form=":".join(part.name for part in self.parts))
        for part, piece in zip(self.parts, pieces, strict=False):
            if part.choices and piece not in part.choices:
                raise Bad("choice", value=piece, choices=", ".join(part.choices))
            if piece:
                _PARSERS[part.type](piece)
        return (*pieces, *("" for _ in range(len(self.parts) - len(pieces))))

    def _value(self, text: str) -> Any:
        if self.choices and text not in self.choices:
            raise Bad("choice", value=text, choices=", ".join(self.choices))
        return _PARSERS[self.type](text)

    def references(self, value: Any) -> Iterator[tuple[str, str]]:
        """Yield (what is pointed at, its key) for each reference in a parsed value."""
        for item in value if self.many else (() if value is None else (value,)):
            if self.refers:
                yield self.refers, item
            for part, piece in zip(self.parts, item, strict=False) if self.parts else ():
                if part.refers and piece:
                    yield part.refers, piece

    def write(self, value: Any) -> str:
        """Return the text of a value: ``parse(write(value)) == value``."""
        if value is None or value == ():
            return ""
        if self.many:
            return join_items(_join_parts(item) if self.parts else str(item) for item in value)
        if isinstance(value, bool):
            return "ja" if value else "nej"
        if isinstance(value, datetime | date):
            return value.isoformat()
        return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def _join_parts(pieces: Iterable[Any]) -> str:
    words = ["" if piece is None else str(piece) for piece in pieces]
    while words and not words[-1]:
        words.pop()
    return ":".join(words).replace("\r\n", "\n").strip()


def split_items(text: str) -> list[str]:
    """Split a list cell at ``|``; a backslash before ``|`` or backslash keeps the character."""
    items, current, escaped = [], "", False
    for character in text:
        if escaped:
            current, escaped = current + character, False
        elif character == "\\":
            escaped = True
        elif character == "|":
            items.append(current.strip())
            current = ""
        else:
            current += character
    items.append(current.strip())
    return [item for item in items if item]


def join_items(items: Iterable[str]) -> str:
    """The opposite of :func:`split_items`."""
    return "|".join(item.replace("\\", "\\\\").replace("|", "\\|") for item in items)


def _key(text: str) -> str:
    if not _KEY.fullmatch(text) or len(text) > 80:
        raise Bad("key", value=text)
    return text


def _number(text: str) -> float:
    number = parse_number(text)
    if number is None:
        raise Bad("number", value=text)
    return float(number)


def _within(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        number = _number(text)
        if not low <= number <= high:
            raise Bad("range", value=text, low=f"{low:g}", high=f"{high:g}")
        return number

    return parse


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:10]) if len(text) in (10, 19) else date.fromisoformat(text)
    except ValueError:
        raise Bad("date", value=text) from None


def _moment(text: str) -> datetime:
    try:
        if len(text) == 10:
            return make_aware(datetime.combine(date.fromisoformat(text), _MORNING), get_current_timezone())
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Bad("date", value=text) from None
    return make_aware(moment, get_current_timezone()) if is_naive(moment) else moment


def _flag(text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise Bad("flag", value=text)


_PARSERS: dict[Type, Callable[[str], Any]] = {
    "text": str,
    "key": _key,
    "number": _number,
    "latitude": _within(-90, 90),
    "longitude": _within(-180, 180),
    "percent": _within(0, 100),
    "date": _date,
    "moment": _moment,
    "flag": _flag,
}
