# SPDX-License-Identifier: EUPL-1.2
"""Overlays: immutable changes to a book's quantities. A scenario, an option and a hand on a slider are all overlays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from helhet.core.book import distributions, limits, values
from helhet.core.book.model import Array, Book, Distribution, Quantity
from helhet.core.book.problems import BookError, Place, fail, nearest
from helhet.core.book.read import CHANGES

#: What each kind of change does; the language reference shows this table.
MEANING = {
    "set": "nytt värde; för en fördelning flyttas mitten, för en tabell byts de kategorier som nämns",
    "fix": "nytt värde utan osäkerhet",
    "table": "hela tabellen byts",
    "choose": "ett annat publicerat värde väljs, med namn eller nummer",
    "scale": "gånger en faktor",
    "shift": "plus ett belopp i storhetens enhet",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one quantity: at most one new content, then scalings and shifts in order."""

    kind: str = ""
    value: Any = None
    moves: tuple[tuple[str, float], ...] = ()

    def then(self, later: Change) -> Change:
        if not later.kind:
            return replace(self, moves=self.moves + later.moves)
        patch = later.kind == "set" and isinstance(later.value, dict) and self.kind in ("set", "table")
        if patch and isinstance(self.value, dict):
            return Change(self.kind, {**self.value, **later.value}, later.moves)
        return later


@dataclass(frozen=True, slots=True)
class Overlay:
    """An immutable set of changes by quantity name. `key()` is equal for overlays that mean the same."""

    changes: tuple[tuple[str, Change], ...] = ()

    @staticmethod
    def of(changes: Mapping[str, object] | None = None) -> Overlay:
        """From `{name: value}`, where value is a number, a table, or `{"scale": 1.2}` and the like."""
        found: dict[str, Change] = {}
        for name, value in (changes or {}).items():
            found[name] = Change()
            parts = _parts(value)
            for kind, part in parts:
                found[name] = found[name].then(_change(kind, part, name))
        return Overlay(tuple(sorted(found.items())))

    @staticmethod
    def reading(changes: Mapping[str, object]) -> Overlay:
        """From the tables of a scenario: `{"set": {name: value}, "scale": {…}}`."""
        total = Overlay()
        for kind in CHANGES:
            for name, value in values.table(changes.get(kind, {}), kind, Place()).items():
                total = total.then(Overlay(((name, _change(kind, value, name)),)))
        return total

    def then(self, later: Overlay) -> Overlay:
        """This overlay followed by another."""
        found = dict(self.changes)
        for name, change in later.changes:
            found[name] = found[name].then(change) if name in found else change
        return Overlay(tuple(sorted(found.items())))

    def only(self, names: object) -> Overlay:
        """The part that touches these names (any container)."""
        return Overlay(tuple((n, c) for n, c in self.changes if n in names))  # type: ignore[operator]

    def get(self, name: str) -> Change | None:
        return dict(self.changes).get(name)

    def as_dict(self) -> dict[str, Any]:
        return {
            name: {**({change.kind: change.value} if change.kind else {}), "moves": [list(m) for m in change.moves]}
            for name, change in self.changes
        }

    def key(self) -> str:
        return json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Content:
    """What the engine computes for a quantity under an overlay: constant values, a distribution, or its formula
    (both None), then factor and addition in base units. `key` belongs to the content hash."""

    values: Array | None = None
    distribution: Distribution | None = None
    moves: tuple[tuple[str, float], ...] = ()
    key: str = ""
    changed: bool = False


def resolve(book: Book, scenario: str = "", changes: Overlay | None = None) -> Overlay:
    """A scenario (with what it builds on) followed by further changes. Raises `BookError` for an unknown name."""
    chain: list[Overlay] = []
    seen: set[str] = set()
    name = scenario
    while name:
        found = book.scenarios.get(name)
        if found is None:
            near = nearest(name, book.scenarios)
            raise fail("scenario-unknown", Place(book.path), "did-you-mean" if near else "", name=name, near=near)
        if name in seen or len(seen) > limits.SCENARIO_DEPTH:
            raise fail("scenario-cycle", Place(book.path), name=name)
        seen.add(name)
        chain.append(Overlay.reading(found.changes))
        name = found.on
    total = Overlay()
    for part in reversed(chain):
        total = total.then(part)
    return total.then(changes or Overlay())


def content(book: Book, quantity: Quantity, change: Change | None) -> Content:
    """The content of one quantity under a change. Raises `BookError` when the value does not fit."""
    if change is None:
        return Content(quantity.values, quantity.distribution)
    key = json.dumps([change.kind, change.value, change.moves], sort_keys=True, ensure_ascii=False)
    moves = tuple((op, v if op == "scale" else v * quantity.unit.factor) for op, v in change.moves)
    if not change.kind:
        return Content(quantity.values, quantity.distribution, moves, key, True)
    place = quantity.place
    try:
        if change.kind == "set" and quantity.distribution is not None:
            return Content(None, _moved(book, quantity, change.value), moves, key, True)
        return Content(_constant(book, quantity, change), None, moves, key, True)
    except BookError as error:
        if error.problems[0].code.startswith("overlay"):
            raise
        refused = fail("overlay-value", place, name=quantity.name, text=change.value)
        raise BookError([*refused.problems, *error.problems]) from error


def validate(book: Book, overlay: Overlay) -> dict[str, Content]:
    """The contents of what is changed. Raises `BookError` unless every name exists and every value fits."""
    found: dict[str, Content] = {}
    for name, change in overlay.changes:
        quantity = book.quantities.get(name)
        if quantity is None or name not in book.kinds:
            near = nearest(name, book.quantities)
            raise fail("overlay-name", Place(book.path), "did-you-mean" if near else "", name=name, near=near)
        found[name] = content(book, quantity, change)
    return found


def _parts(value: object) -> list[tuple[str, object]]:
    if isinstance(value, Mapping) and value and set(value) <= {*CHANGES, "moves"}:
        parts = [(kind, value[kind]) for kind in CHANGES if kind in value]
        moves = value.get("moves", [])
        if not isinstance(moves, list) or not all(isinstance(m, list | tuple) and len(m) == 2 for m in moves):
            raise fail("overlay-value", name="moves", text=moves)
        return (
            [p for p in parts if p[0] not in ("scale", "shift")]
            + [p for p in parts if p[0] in ("scale", "shift")]
            + [(str(m[0]), m[1]) for m in moves]
        )
    return [("set", value)]


def _change(kind: str, value: object, name: str) -> Change:
    place = Place(quantity=name)
    if kind in ("scale", "shift"):
        return Change(moves=((kind, values.number(value, place)),))
    if kind == "choose":
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise fail("overlay-alternative", place, name=name, text=value)
        return Change(kind, str(value))
    if kind not in ("set", "fix", "table"):
        raise fail("overlay-value", place, name=name, text=kind)
    return Change(kind, _plain(value, place, 0))


def _plain(value: object, place: Place, depth: int) -> Any:
    if isinstance(value, Mapping) and depth < limits.DIMENSIONS:
        return {str(k): _plain(v, place, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple) and depth < limits.DIMENSIONS:
        return [_plain(v, place, depth + 1) for v in value]
    return values.number(value, place)


def _constant(book: Book, quantity: Quantity, change: Change) -> Array:
    place = quantity.place
    dims = [book.dimensions[d] for d in book.written_dims(quantity.name)]
    factor = _factor(book, quantity)
    if change.kind == "choose":
        return np.full(tuple(len(d) for d in dims), chosen(quantity, change.value) * factor)
    if change.kind == "set" and isinstance(change.value, dict):
        if quantity.values is None or not dims:
            raise fail("overlay-table", place, name=quantity.name)
        return values.patched(quantity.values / factor, change.value, dims, place) * factor
    if change.kind == "table" and not dims:
        raise fail("overlay-table", place, name=quantity.name)
    return values.array(change.value, dims, place) * factor


def _factor(book: Book, quantity: Quantity) -> float:
    return book.kinds[quantity.name].unit.factor if quantity.name in book.kinds else quantity.unit.factor


def chosen(quantity: Quantity, which: str) -> float:
    """The value of an alternative in the quantity's own price basis, by name or by number from 1."""
    for index, row in enumerate(quantity.alternatives, start=1):
        if which in (row.name, str(index)):
            if row.in_basis is None:
                raise fail("overlay-basis", quantity.place, name=quantity.name)
            return row.in_basis
    raise fail("overlay-alternative", quantity.place, name=quantity.name, text=which)


def _moved(book: Book, quantity: Quantity, value: object) -> Distribution:
    before = quantity.distribution
    assert before is not None
    dims = [book.dimensions[d] for d in quantity.dims or ()]
    centre = np.broadcast_to(distributions.centre(before), tuple(len(d) for d in dims))
    if isinstance(value, dict):
        to = values.patched(centre / quantity.unit.factor, value, dims, quantity.place)
    else:
        to = values.array(value, dims, quantity.place)
    with np.errstate(all="ignore"):
        moved = distributions.moved(before, to * quantity.unit.factor)
    wrong = distributions.fault(moved)
    if wrong:
        raise fail("overlay-value", quantity.place, name=quantity.name, text=value)
    return moved
