# SPDX-License-Identifier: EUPL-1.2
"""Several books together: the whole is the sum of its cases, sample by sample.

Cases meet through shared books: a quantity of a book that several use has one value and one set of draws in all of
them, so moving the mine's timetable moves every case that refers to it. Cases nobody touched come from the cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helhet.core.book.cache import SHARED, Cache
from helhet.core.book.model import HOLDER, OUTSIDE, Array, Book, Label
from helhet.core.book.overlay import Overlay
from helhet.core.book.problems import BookError, fail, nearest
from helhet.core.book.results import Run, Stats, checksum, run, stats

SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Runs by case and their sums. Holders and years are the union over cases; money in `unit`."""

    cases: Mapping[str, Run]
    holders: tuple[str, ...]
    years: tuple[int, ...]
    npv_year: int
    cash_expected: Array
    cash_sampled: Array
    npv_expected: Array
    npv_sampled: Array

    @property
    def unit(self) -> str:
        return next(iter(self.cases.values())).book.currency.text

    def cash(self) -> Stats:
        """Net cash of the whole by holder and year (H, Y)."""
        return self._money(self.cash_expected, self.cash_sampled)

    def npv(self) -> Stats:
        """Present value of the whole by holder (H,)."""
        return self._money(self.npv_expected, self.npv_sampled)

    def total(self) -> Stats:
        """Present value of the whole in money (shape ())."""
        return self._money(self.npv_expected.sum(axis=0), self.npv_sampled.sum(axis=0))

    def effects(self) -> list[dict[str, Any]]:
        """Effects of all cases, each in its own unit; never summed over different names."""
        rows: list[dict[str, Any]] = []
        for case, made in self.cases.items():
            rows.extend({"case": case, **row} for row in made.effect_rows())
        return rows

    def label(self, holder: str) -> Label:
        """The label of a holder in the first case that has it."""
        for made in self.cases.values():
            dimension = made.book.dimensions.get(HOLDER)
            for category in dimension.categories if dimension else ():
                if category.key == holder:
                    return category.label
        return Label(holder)

    def summary(self) -> dict[str, Any]:
        """JSON-able figures of the whole, and the share of each case in its total."""
        npv = self.npv()
        return {
            "unit": self.unit,
            "years": list(self.years),
            "npv_year": self.npv_year,
            "holders": [
                {"key": h, "label": self.label(h).as_dict(), "npv": npv.at(i)} for i, h in enumerate(self.holders)
            ],
            "total": self.total().at(),
            "cash": self.cash().as_dict(),
            "cases": {case: made.total().at() for case, made in self.cases.items()},
            "effects": self.effects(),
        }

    def to_json(self) -> dict[str, Any]:
        """The summary with the key of every run in it, and a checksum."""
        body = {"runs": {c: r.key for c, r in self.cases.items()}, "results": self.summary()}
        return {**body, "checksum": checksum(body)}

    def _money(self, expected: Array, sampled: Array) -> Stats:
        factor = next(iter(self.cases.values())).book.currency.factor
        return stats(expected / factor, sampled / factor)


def portfolio(
    books: Mapping[str, Book],
    overlay: Overlay | Mapping[str, object] | None = None,
    *,
    scenarios: Mapping[str, str] | None = None,
    samples: int = 1000,
    seed: int = 1,
    cache: Cache = SHARED,
) -> Portfolio:
    """Run every case and sum them.

    A change named `quantity` reaches every case that has that quantity, `case:quantity` only that case; `scenarios` names a
    scenario by case. Raises `BookError` when a name is in no case, price bases differ or a shared quantity differs.
    """
    own = overlay if isinstance(overlay, Overlay) else Overlay.of(overlay)
    _compatible(books)
    _known(books, own)
    base = min(book.npv_year for book in books.values())
    cases = {
        case: run(
            book,
            _part(case, book, own),
            scenario=(scenarios or {}).get(case, ""),
            samples=samples,
            seed=seed,
            npv_year=base,
            cache=cache,
        )
        for case, book in books.items()
    }
    return _summed(cases, base)


def _summed(cases: Mapping[str, Run], base: int) -> Portfolio:
    names = [h for made in cases.values() for h in made.holders if h != OUTSIDE]
    holders = (*dict.fromkeys(names), OUTSIDE)
    first = min(made.years[0] for made in cases.values())
    last = max(made.years[-1] for made in cases.values())
    sums: list[Array] = []
    for attribute in ("expected", "sampled"):
        parts = [getattr(made, attribute) for made in cases.values()]
        size = max(max(part.cash.shape[-1], part.npv.shape[-1]) for part in parts)
        cash = np.zeros((len(holders), last - first + 1, size))
        npv = np.zeros((len(holders), size))
        for part in parts:
            rows = [holders.index(h) for h in part.holders]
            at = part.years[0] - first
            cash[rows, at : at + len(part.years)] += part.cash
            npv[rows] += part.npv
        sums += [cash, npv]
    return Portfolio(cases, holders, tuple(range(first, last + 1)), base, sums[0], sums[2], sums[1], sums[3])


def _part(case: str, book: Book, overlay: Overlay) -> Overlay:
    total = Overlay()
    for name, change in overlay.changes:
        head, separator, tail = name.partition(SEPARATOR)
        if separator and head == case:
            total = total.then(Overlay(((tail, change),)))
        elif not separator and name in book.quantities:
            total = total.then(Overlay(((name, change),)))
    return total


def _known(books: Mapping[str, Book], overlay: Overlay) -> None:
    for name, _ in overlay.changes:
        head, separator, tail = name.partition(SEPARATOR)
        found = (
            head in books and tail in books[head].quantities
            if separator
            else any(name in book.quantities for book in books.values())
        )
        if not found:
            near = nearest(tail or head, {n for book in books.values() for n in book.quantities})
            raise fail("overlay-name", None, "did-you-mean" if near else "", name=name, near=near)


def _compatible(books: Mapping[str, Book]) -> None:
    if not books:
        raise fail("portfolio-empty")
    broken = [p for book in books.values() for p in book.problems if p.severity == "error"]
    if broken:
        raise BookError(broken)
    first, *others = books.values()
    for book in others:
        if book.price_year != first.price_year:
            raise fail("portfolio-price", left=first.price_year, right=book.price_year)
    shared: dict[str, str] = {}
    for book in books.values():
        for path, text in book.files.items():
            if path != book.path and shared.setdefault(path, text) != text:
                raise fail("portfolio-shared", name=path)


def shared_inputs(books: Mapping[str, Book]) -> dict[str, list[str]]:
    """Inputs that more than one case uses, with the cases: what moves them all when it moves."""
    users: dict[str, list[str]] = {}
    for case, book in books.items():
        used = {n for q in book.flows for n in _below(book, q.name)}
        for quantity in book.inputs():
            if quantity.origin != book.name and quantity.name in used | {book.discount_rate}:
                users.setdefault(quantity.name, []).append(case)
    return {name: cases for name, cases in users.items() if len(cases) > 1}


def _below(book: Book, name: str) -> set[str]:
    found = {name}
    for other in reversed(book.order):
        if other in found:
            found.update(book.needs[other])
    return found


__all__ = ["Portfolio", "portfolio", "shared_inputs"]
