# SPDX-License-Identifier: EUPL-1.2
"""What stands in the address of a calculation: scenario, options, changed assumptions. Shareable, checked, bounded.

``a-NAME`` is an assumption, ``val-NAME`` a decision, ``scenario`` a scenario of the book, ``sparat`` a saved one,
``hallare`` the budget-holder whose years are shown, ``arende`` the matter one came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.core.book import Book, BookError, Overlay, Quantity
from helhet.core.book.model import HOLDER
from helhet.core.book.overlay import content, resolve, validate
from helhet.core.book.problems import Place
from helhet.core.book.sliders import centre, span
from helhet.core.book.values import number
from helhet.rooms.calculations import engine
from helhet.rooms.calculations.engine import Position
from helhet.rooms.calculations.models import Scenario

FIELD = "a-"
OPTION = "val-"
SLIDER = "_reglage"
BEFORE = "nyss_reglage"
LONGEST = 60
MOST_UNKNOWN = 5


@dataclass
class Asked:
    """What an address asks for: a position that can be run, what was typed, and what was wrong with it by field."""

    position: Position
    base: Mapping[str, float]
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    saved: Scenario | None = None
    holder: str = ""
    matter: str = ""

    @property
    def ok(self) -> bool:
        return not self.errors and not self.general

    def query(self, *, scenario: str | None = None, saved: str | None = None, without: str = "", **changes: str) -> str:
        """The shortest address of this position, with parts replaced; always begins with ``?``."""
        pairs: list[tuple[str, str]] = []
        place = scenario if scenario is not None else ("" if saved else self.position.scenario)
        kept = (
            saved if saved is not None else ("" if scenario is not None else str(self.saved.uid) if self.saved else "")
        )
        pairs += [("sparat", kept)] if kept else []
        pairs += [("scenario", place)] if place and not kept else []
        pairs += [(f"{OPTION}{name}", option) for name, option in self.position.options]
        saved_values = self.saved.overlay if self.saved else {}
        for name, value in self.position.changes:
            if name != without and saved_values.get(name) != value:
                pairs.append((f"{FIELD}{name}", plain(value)))
        pairs += [("hallare", self.holder)] if self.holder else []
        pairs += [("arende", self.matter)] if self.matter else []
        pairs += list(changes.items())
        return "?" + urlencode(pairs)


def plain(value: float) -> str:
    """A number as it stands in an address and in a field: shortest digits, the language's decimal mark, no spaces."""
    text = f"{value:.10g}"
    digits = format(value, ".4f").rstrip("0").rstrip(".") if "e" in text and abs(value) < 1e15 else text
    return digits if get_language() == "en" else digits.replace(".", ",")


def reachable(book: Book) -> list[Quantity]:
    """Single-value inputs that can change a result: the book's own first, then those it shares with others."""
    return engine.figure(f"reachable|{book.hash}", lambda: _reachable(book))


def _reachable(book: Book) -> list[Quantity]:
    wanted = {q.name for q in book.flows} | {book.discount_rate}
    wanted |= {q.flow.unit_value for q in book.flows if q.flow and q.flow.unit_value}
    for name in reversed(book.order):
        if name in wanted:
            wanted.update(book.needs[name])
    decided = engine.switches(book)
    found = [q for q in book.inputs() if centre(q) is not None and q.name not in decided]
    return [q for q in found if q.name in wanted] if book.flows else found


def read(query: QueryDict, book: Book, saved: Scenario | None = None) -> Asked:
    """Read an address. Never raises for what stands in it: what is wrong is told, and the rest is used."""
    scenario = saved.on if saved else query.get("scenario", "")
    general = []
    if scenario and scenario not in book.scenarios:
        general.append(_("Scenariot ”%(name)s” finns inte i kalkylen.") % {"name": scenario[:60]})
        scenario = ""
    asked = Asked(Position(scenario), base_values(book, scenario), general=general, saved=saved)
    changes: dict[str, float] = {}
    for name, value in (saved.overlay if saved else {}).items():
        changes[name] = float(value)
    _read_fields(query, book, asked, changes)
    options = _options(query, book, asked, saved)
    asked.position = Position(scenario, options, tuple(sorted(changes.items())))
    holders = book.holders if HOLDER in book.dimensions else ()
    asked.holder = query.get("hallare", "") if query.get("hallare", "") in holders else ""
    asked.matter = query.get("arende", "")[:36]
    return asked


def base_values(book: Book, scenario: str) -> dict[str, float]:
    """What each assumption says in a scenario before anybody changes it, in its own unit."""
    return engine.figure(f"base|{book.hash}|{scenario}", lambda: _base_values(book, scenario))


def _base_values(book: Book, scenario: str) -> dict[str, float]:
    overlay = resolve(book, scenario)
    touched = dict(overlay.changes)
    return {q.name: _value(book, q, touched.get(q.name)) for q in reachable(book)}


def _value(book: Book, quantity: Quantity, change: object) -> float:
    usual = centre(quantity) or 0.0
    if change is None:
        return usual
    try:
        found = content(book, quantity, change)  # type: ignore[arg-type]  # a Change, as it came out of the overlay
    except BookError:
        return usual
    shown = Quantity(
        quantity.name, quantity.label, quantity.origin, quantity.place, quantity.unit,
        values=found.values, distribution=found.distribution,
    )  # fmt: skip
    value = centre(shown)
    value = usual if value is None else value
    for operation, by in found.moves:
        value = value * by if operation == "scale" else value + by / quantity.unit.factor
    return value


def _read_fields(query: QueryDict, book: Book, asked: Asked, changes: dict[str, float]) -> None:
    before = _before(query.get(BEFORE, ""))
    unknown = 0
    for key in query:
        if not key.startswith(FIELD) or key.endswith(SLIDER):
            continue
        name = key.removeprefix(FIELD)
        if name not in asked.base:
            unknown += 1
            if unknown <= MOST_UNKNOWN:
                asked.general.append(_("Kalkylen har inget antagande som heter ”%(name)s”.") % {"name": name[:60]})
            continue
        quantity = book.quantities[name]
        text = _typed(query, key, before.get(name), quantity)
        if not text.strip():
            changes.pop(name, None)
            continue
        asked.typed[name] = text[:LONGEST]
        _read_one(book, quantity, text, asked, changes)


def _typed(query: QueryDict, key: str, before: str | None, quantity: Quantity) -> str:
    """The field, or without script the slider when that is what moved since the page was made."""
    text, slider = query.get(key, ""), query.get(f"{key}{SLIDER}", "")
    reach = span(quantity)
    if before is None or not slider or text != before or reach is None:
        return text
    try:
        moved = abs(number(slider, Place()) - number(before, Place())) > 0.6 * reach.step
    except BookError:
        return text
    return slider if moved else text


def _read_one(book: Book, quantity: Quantity, text: str, asked: Asked, changes: dict[str, float]) -> None:
    name = quantity.name
    try:
        if len(text) > LONGEST:
            raise ValueError
        value = number(text, Place(book.path, name))
    except (BookError, ValueError):
        asked.errors[name] = _("Skriv ett tal, till exempel %(example)s.") % {"example": plain(asked.base[name])}
        return
    reach = span(quantity)
    if reach is not None and quantity.range is not None and not reach.least <= value <= reach.most:
        ends = {"low": plain(reach.least), "high": plain(reach.most)}
        asked.errors[name] = _("Skriv ett tal mellan %(low)s och %(high)s.") % ends
        return
    if plain(value) == plain(asked.base[name]):
        changes.pop(name, None)
        return
    try:
        validate(book, Overlay.of({name: value}))
    except BookError:
        asked.errors[name] = _("Värdet går inte att räkna med här. Skriv ett annat.")
        return
    changes[name] = value


def _options(query: QueryDict, book: Book, asked: Asked, saved: Scenario | None) -> tuple[tuple[str, str], ...]:
    kept = dict(saved.options) if saved else {}
    found = []
    for decision in engine.decisions_of(book):
        wanted = query.get(f"{OPTION}{decision.name}", kept.get(decision.name, ""))
        if not wanted:
            continue
        if wanted in {option.name for option in decision.options}:
            found.append((decision.name, wanted))
        else:
            asked.general.append(_("Valet ”%(name)s” finns inte i kalkylen.") % {"name": wanted[:60]})
    return tuple(found)


def _before(text: str) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in text[:20_000].split(";") if ":" in pair)
    return {name: value for name, _sep, value in pairs}
