# SPDX-License-Identifier: EUPL-1.2
"""Runs for pages: bounded in size, number and time, and kept so that a hand on a slider recomputes only what moved.

A case is shown *against its reference*: the chosen options minus the reference options, sample by sample, since both share
all draws. A book without a choice is compared with nothing being done, so its own flows are the difference. The whole is
the sum of such differences over the approved cases, and sums are therefore exact.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from helhet.core.book import Book, Choice, Overlay, Run, choose, run
from helhet.core.book.cache import Cache
from helhet.core.book.choose import Combination
from helhet.core.book.model import HOLDER, Array, Decision, Label
from helhet.core.book.outputs import FlowOutput
from helhet.core.book.overlay import resolve

T = TypeVar("T")
SAMPLES = 2000
LEAST_SAMPLES = 200
SEED = 1
#: float64 values that one run of a page may need; a larger book is run with fewer draws.
MOST_VALUES = 30_000_000
MOST_CASES = 60
MOST_CHOICES = 32
CACHE = Cache(128 * 1024 * 1024)
KEPT = Cache(64 * 1024 * 1024)
SMALL = Cache(1024 * 1024)
WAIT_S = 6.0
MILLION = 1e6
_at_work = threading.BoundedSemaphore(2)


class Busy(Exception):
    """Too many are calculating in this process just now."""


class TooHeavy(Exception):
    """The book is too large for a page even with the fewest draws."""


@contextmanager
def at_work() -> Iterator[None]:
    """At most two calculations at once in a process, so that other pages go on; raises :class:`Busy` after a while."""
    if not _at_work.acquire(timeout=WAIT_S):
        raise Busy
    try:
        yield
    finally:
        _at_work.release()


@dataclass(frozen=True)
class Position:
    """Where the hand is: a scenario of the book, chosen options by decision, and changed values in own units."""

    scenario: str = ""
    options: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, float], ...] = ()

    @property
    def overlay(self) -> Overlay:
        return Overlay.of(dict(self.changes))


@dataclass(frozen=True)
class Effect:
    """What a case brings, in MSEK: arrays over holders H, years Y and samples S (1 when certain).

    ``npv`` and ``cash`` are differences against the reference; ``*_expected`` have every input at its mean.
    """

    holders: tuple[str, ...]
    years: tuple[int, ...]
    cash: Array
    npv: Array
    resource: Array
    cash_expected: Array
    npv_expected: Array
    resource_expected: Array

    @property
    def nbytes(self) -> int:
        parts = (self.cash, self.npv, self.resource, self.cash_expected, self.npv_expected, self.resource_expected)
        return sum(part.nbytes for part in parts)


@dataclass(frozen=True)
class Case:
    """One book at one position. What it needs is computed when asked for and kept by ``key``: a case of the whole that
    nobody touched costs nothing, and only its effect is held."""

    book: Book
    position: Position
    combination: Combination
    samples: int
    npv_year: int
    key: str

    @property
    def effect(self) -> Effect:
        """What the case brings against its reference."""
        return KEPT.get(f"effect|{self.key}".encode(), lambda: _effect(self.chosen, self.reference), lambda e: e.nbytes)

    @property
    def total(self) -> float:
        """Expected present value for everybody, MSEK."""
        return figure(f"total|{self.key}", lambda: float(self.effect.npv.sum(axis=0).mean()))

    @cached_property
    def chosen(self) -> Run:
        """The run of the options looked at."""
        return self._of(self.combination)

    @cached_property
    def reference(self) -> Run | None:
        """The run of the reference options; None for a book without a choice."""
        return self._of(reference_of(self.book)) if self.combination else None

    @cached_property
    def choice(self) -> Choice | None:
        """Alone, together and the gap; None without decisions or with too many combinations."""
        decisions = decisions_of(self.book)
        if not decisions or math.prod(len(d.options) for d in decisions) > MOST_CHOICES:
            return None
        return choose(self.book, assumptions(self.book, self.position), samples=self.samples, seed=SEED, cache=CACHE)

    def prepare(self) -> Case:
        """Compute now what pages ask for, so that what does not fit together is told in one place. Raises `BookError`."""
        if self.npv_year == self.book.npv_year and self.choice is not None:
            outcomes = self.choice.outcomes  # the runs are there already
            vars(self).update(chosen=outcomes[self.combination].run, reference=outcomes[reference_of(self.book)].run)
        assert self.effect is not None and self.chosen is not None
        return self

    def _of(self, combination: Combination) -> Run:
        overlay = _resolved(self.book, self.position, combination)
        return run(self.book, overlay, samples=self.samples, seed=SEED, npv_year=self.npv_year, cache=CACHE)


def samples_for(book: Book) -> int:
    """2 000 draws, or as many as keep the run within bounds. Raises :class:`TooHeavy` below 200."""
    return figure(f"samples|{book.hash}", lambda: _samples_for(book))


def _samples_for(book: Book) -> int:
    cells = sum(max(size, math.prod(book.shape(book.kinds[name].dims))) for name, size in book.widest.items())
    fits = MOST_VALUES // max(cells, 1)
    if fits < LEAST_SAMPLES:
        raise TooHeavy(book.name)
    return min(SAMPLES, fits)


def decisions_of(book: Book) -> list[Decision]:
    """What can be chosen in a book: its decisions, or its alternatives as one."""
    if book.decisions:
        return book.decisions
    if len(book.options) > 1:
        label = Label("Alternativ", "Alternative")
        return [Decision("alternativ", label, "", tuple(book.options), book.options[0].name)]
    return []


def switches(book: Book) -> frozenset[str]:
    """The quantities that options set: they say which option is looked at, and are no assumptions."""
    return figure(
        f"switches|{book.hash}",
        lambda: frozenset(n for d in decisions_of(book) for o in d.options for n in _option_overlay(o.changes)),
    )


def _option_overlay(changes: Mapping[str, object]) -> dict[str, object]:
    return dict(Overlay.reading(changes).changes)


def combination_of(book: Book, position: Position) -> Combination:
    """The options looked at: those chosen, else those that the scenario means, else the first that is no reference."""
    key = f"options|{book.hash}|{position.scenario}|{position.options}"
    return figure(key, lambda: _combination_of(book, position))


def _combination_of(book: Book, position: Position) -> Combination:
    chosen = dict(position.options)
    told = dict(resolve(book, position.scenario).changes)
    found: list[str] = []
    for decision in decisions_of(book):
        names = [option.name for option in decision.options]
        meant = [o.name for o in decision.options if o.changes and _option_overlay(o.changes).items() <= told.items()]
        others = [name for name in names if name != decision.reference]
        wanted = chosen.get(decision.name, "")
        found.append(wanted if wanted in names else (meant[-1:] or others or [decision.reference])[0])
    return tuple(found)


def assumptions(book: Book, position: Position) -> Overlay:
    """Scenario and changed values without what the options decide."""
    decided = switches(book)
    resolved = resolve(book, position.scenario, position.overlay)
    return Overlay(tuple((name, change) for name, change in resolved.changes if name not in decided))


def reference_of(book: Book) -> Combination:
    """The options of the reference: what happens if nothing is decided."""
    return tuple(decision.reference for decision in decisions_of(book))


def case(book: Book, position: Position, *, npv_year: int | None = None) -> Case:
    """One book at a position; nothing is computed yet. Raises `BookError` for unknown names, :class:`TooHeavy`."""
    samples = samples_for(book)
    combination = combination_of(book, position)
    year = book.npv_year if npv_year is None else npv_year
    key = f"{book.hash}|{_resolved(book, position, combination).key()}|{combination}|{samples}|{SEED}|{year}"
    return Case(book, position, combination, samples, year, key)


def figure(key: str, make: Callable[[], T]) -> T:
    """A small figure kept by key: it depends on nothing but what the key says."""
    return SMALL.get(key.encode(), make, lambda _made: 200)


def shared_part(book: Book, other: Book, position: Position) -> Position:
    """What a hand on ``book`` does to ``other``: changes of inputs that both have from the same shared book."""
    moved = tuple(
        (name, value)
        for name, value in position.changes
        if name in other.quantities
        and name in book.quantities
        and other.quantities[name].origin == book.quantities[name].origin
    )
    return Position(changes=moved)


def shared_overlay(book: Book, position: Position) -> tuple[tuple[str, float], ...]:
    """Changes of inputs that belong to no single case."""
    return tuple((n, v) for n, v in position.changes if n in book.quantities and book.quantities[n].origin != book.name)


def branch_rows(holders: Sequence[str], parents: Mapping[str, str], top: str) -> list[int]:
    """Rows of a holder and everything under it; transfers between them cancel when the rows are summed."""
    found = []
    for row, holder in enumerate(holders):
        at, steps = holder, 0
        while at and at != top and steps < len(holders):
            at, steps = parents.get(at, ""), steps + 1
        if at == top:
            found.append(row)
    return found


def posted(one: Case, rows: Sequence[int] | None, year: int | None = None) -> list[tuple[FlowOutput, float]]:
    """What each money flow adds, on the mean of the draws and against the reference, to the holders in ``rows`` (None: everybody and
    the outside, so that only real resources count): its present value, or its cash in one year. MSEK."""
    before = {}
    if one.reference is not None:
        flows = one.reference.sampled.flows
        before = {flow.name: _worth(flow, one.reference, rows, year) for flow in flows}
    return [
        (flow, (_worth(flow, one.chosen, rows, year) - before.get(flow.name, 0.0)) / MILLION)
        for flow in one.chosen.sampled.flows
    ]


def _worth(flow: FlowOutput, made: Run, rows: Sequence[int] | None, year: int | None) -> float:
    amount, holders = flow.amount, made.holders
    inside = range(len(holders)) if rows is None else rows
    names = {holders[row] for row in inside}
    total = 0.0
    sides = [(flow.payer, -1.0)] + ([(flow.receiver, 1.0)] if flow.kind == "transfer" else [])
    for side, sign in sides:
        if side == HOLDER:
            part = amount[list(inside)].sum(axis=0)
        elif side in names:
            part = amount.sum(axis=0) if amount.ndim == 3 else amount
        else:
            continue
        if year is not None:
            total += sign * float(part[made.years.index(year)].mean()) if year in made.years else 0.0
        else:
            total += sign * float((part * made.sampled.factors).sum(axis=0).mean())
    return total


def _resolved(book: Book, position: Position, combination: Combination) -> Overlay:
    """Everything that is changed: scenario, values, options."""
    return assumptions(book, position).then(
        figure(f"overlay|{book.hash}|{combination}", lambda: _of_options(book, combination))
    )


def _of_options(book: Book, combination: Combination) -> Overlay:
    total = Overlay()
    for decision, name in zip(decisions_of(book), combination, strict=True):
        option = next(option for option in decision.options if option.name == name)
        total = total.then(Overlay.reading(option.changes))
    return total


def _effect(chosen: Run, reference: Run | None) -> Effect:
    def less(which: str, name: str) -> Array:
        after = getattr(getattr(chosen, which), name)
        if reference is not None:
            after = after - getattr(getattr(reference, which), name)
        return np.asarray(after / MILLION)

    return Effect(
        chosen.holders,
        chosen.years,
        less("sampled", "cash"),
        less("sampled", "npv"),
        less("sampled", "resource"),
        less("expected", "cash"),
        less("expected", "npv"),
        less("expected", "resource"),
    )
