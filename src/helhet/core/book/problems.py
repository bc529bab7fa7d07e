# SPDX-License-Identifier: EUPL-1.2
"""A problem in a book: code, severity, position, words in Swedish and English, suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from helhet.core.book import limits
from helhet.core.book.messages import MESSAGES, SUGGESTIONS, worded

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: file, quantity, key; `line` in the file and `column` in the formula count from 1."""

    file: str = ""
    quantity: str = ""
    key: str = ""
    line: int = 0
    column: int = 0

    def at(self, column: int) -> Place:
        """The same place at another column of the formula."""
        return Place(self.file, self.quantity, self.key, self.line, column)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the checks. `code` is stable; `params` fill the message of each language."""

    code: str
    place: Place = Place()
    params: tuple[tuple[str, str], ...] = ()
    suggestion_code: str = ""

    @property
    def severity(self) -> Severity:
        return MESSAGES[self.code].severity

    def message(self, lang: str = "sv") -> str:
        """The message in plain words; any language but English is answered in Swedish."""
        return _fill(MESSAGES[self.code].text(lang), self.params, lang)

    def suggestion(self, lang: str = "sv") -> str:
        """What one may do about it, or an empty string."""
        if not self.suggestion_code:
            return ""
        return _fill(SUGGESTIONS[self.suggestion_code].text(lang), self.params, lang)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able form with both languages."""
        place = self.place
        return {
            "code": self.code,
            "severity": self.severity,
            "file": place.file,
            "quantity": place.quantity,
            "key": place.key,
            "line": place.line,
            "column": place.column,
            "message": {lang: self.message(lang) for lang in ("sv", "en")},
            "suggestion": {lang: self.suggestion(lang) for lang in ("sv", "en")},
        }

    def line_of_text(self, lang: str = "sv") -> str:
        """One line for a shell: `file:line: error: message`."""
        place = self.place
        word = {"sv": {"error": "fel", "warning": "varning"}}.get(lang, {}).get(self.severity, self.severity)
        where = place.file + (f":{place.line}" if place.line else "")
        name = f" {place.quantity}" if place.quantity else ""
        column = f" ({'tecken' if lang == 'sv' else 'column'} {place.column})" if place.column else ""
        hint = self.suggestion(lang)
        return f"{where}: {word}:{name}{column}: {self.message(lang)}" + (f" {hint}" if hint else "")


class BookError(Exception):
    """A book, an overlay or a request to the engine is refused; carries the problems found."""

    def __init__(self, problems: Sequence[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(p.line_of_text("en") for p in self.problems[:5]))


def problem(code: str, place: Place | None = None, hint: str = "", **params: object) -> Problem:
    """Make a problem; parameter texts are cut so that hostile input cannot swell a message."""
    filled = tuple((key, _short(value)) for key, value in params.items())
    return Problem(code, place or Place(), filled, hint)


def fail(code: str, place: Place | None = None, hint: str = "", **params: object) -> BookError:
    """A `BookError` with one problem."""
    return BookError(problem(code, place, hint, **params))


def nearest(name: str, names: Iterable[str]) -> str:
    """The known name most like `name`, or an empty string."""
    size = len(name)
    near = [n for n in names if abs(len(n) - size) <= 4][:2000]
    folded = {n.casefold(): n for n in near}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else ""


@dataclass(slots=True)
class Findings:
    """Collects problems up to a bound, so that a broken book gives a list one can read."""

    items: list[Problem] = field(default_factory=list)
    looked_up: int = 0

    def add(self, code: str, place: Place | None = None, hint: str = "", **params: object) -> None:
        if len(self.items) < limits.PROBLEMS:
            self.items.append(problem(code, place, hint, **params))

    def extend(self, error: BookError) -> None:
        room = limits.PROBLEMS - len(self.items)
        self.items.extend(error.problems[: max(room, 0)])

    def near(self, name: str, names: Iterable[str]) -> str:
        """`nearest`, for the first twenty misspellings only: the search is the dearest check."""
        self.looked_up += 1
        return nearest(name, names) if self.looked_up <= 20 else ""

    @property
    def errors(self) -> list[Problem]:
        return [p for p in self.items if p.severity == "error"]


def _short(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    text = "".join(c if c.isprintable() else "·" for c in text[:200])
    return text if len(text) <= 80 else text[:77] + "…"


def _fill(template: str, params: tuple[tuple[str, str], ...], lang: str) -> str:
    for key, value in params:
        template = template.replace("{" + key + "}", worded(value, lang))
    return template
