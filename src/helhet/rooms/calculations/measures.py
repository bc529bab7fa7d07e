# SPDX-License-Identifier: EUPL-1.2
"""The figures of a case and of the whole: one place, so that page, explanation and kept run say the same.

Money in MSEK; `mean` is what the pages call expected, P10 and P90 bound eight cases in ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helhet.core.book.choose import Choice
from helhet.core.book.model import HOLDER, OUTSIDE, Array, Book, Label
from helhet.core.book.outputs import EffectOutput
from helhet.rooms.calculations import engine
from helhet.rooms.calculations.engine import Case, Effect
from helhet.rooms.calculations.whole import Whole


@dataclass(frozen=True)
class Measure:
    """One figure with its uncertainty; ``error`` is the standard error of the mean that the number of draws gives."""

    mean: float
    p10: float
    p50: float
    p90: float
    error: float = 0.0

    @property
    def certain(self) -> bool:
        return abs(self.p90 - self.p10) <= 1e-9 * max(abs(self.p10), abs(self.p90), 1e-9)


#: The percentiles of a fan.
SHARES = (10, 25, 50, 75, 90)


@dataclass(frozen=True)
class Course:
    """Cash so far, in MSEK: ``path`` over years and samples (Y, S), ``spread`` its percentiles (as ``SHARES``) by year."""

    years: tuple[int, ...]
    path: Array
    spread: Array


@dataclass(frozen=True)
class OwnUnit:
    """An effect in its own unit against the reference: over all years, and in a year when it is felt."""

    name: str
    label: Label
    unit: str
    group: Label
    better: str
    total: Measure
    per_year: Measure | None
    valued: bool
    source: str
    confidence: str


def measure(samples: Array) -> Measure:
    """Mean, P10, P50, P90 and error of samples (S,)."""
    if samples.shape[-1] == 1:
        one = float(samples[0])
        return Measure(one, one, one, one)
    p10, p50, p90 = (float(v) for v in np.quantile(samples, (0.1, 0.5, 0.9)))
    error = float(samples.std() / np.sqrt(samples.shape[-1]))
    return Measure(float(samples.mean()), p10, p50, p90, error)


def measures(rows: Array) -> list[Measure]:
    """A measure per row of (N, S)."""
    if rows.shape[-1] == 1:
        return [measure(row) for row in rows]
    p10, p50, p90 = np.quantile(rows, (0.1, 0.5, 0.9), axis=-1)
    mean, error = rows.mean(axis=-1), rows.std(axis=-1) / np.sqrt(rows.shape[-1])
    columns = zip(mean, p10, p50, p90, error, strict=True)
    return [Measure(*(float(v) for v in column)) for column in columns]


def labels_of(book: Book) -> dict[str, Label]:
    """Holders by key, in the book's order."""
    return {c.key: c.label for c in book.dimensions[HOLDER].categories} if HOLDER in book.dimensions else {}


def parents_of(book: Book) -> dict[str, str]:
    return {c.key: c.parent for c in book.dimensions[HOLDER].categories} if HOLDER in book.dimensions else {}


def main_holder(book: Book) -> str:
    """The holder a page shows first: the top of the largest tree, else the first who decides, else the first."""
    parents = parents_of(book)
    tops = [key for key in parents if not parents[key] and key in parents.values()]
    if tops:
        return max(tops, key=lambda top: len(engine.branch_rows(tuple(parents), parents, top)))
    deciders = [decision.holder for decision in book.decisions if decision.holder]
    return deciders[0] if deciders else next((key for key in parents if key != OUTSIDE), OUTSIDE)


def rows_of(effect: Effect, parents: Mapping[str, str], holder: str) -> list[int]:
    return engine.branch_rows(effect.holders, parents, holder)


def npv(effect: Effect, rows: Sequence[int]) -> Measure:
    """Present value of these holders together."""
    return measure(_sum(effect.npv, rows))


def total(effect: Effect) -> Measure:
    """Present value of the whole in money: every holder and the outside."""
    return measure(effect.npv.sum(axis=0))


def by_holder(effect: Effect) -> dict[str, Measure]:
    """Present value by holder; those that nothing touches are left out."""
    found = zip(effect.holders, measures(effect.npv), effect.npv, strict=True)
    return {holder: one for holder, one, row in found if np.any(np.abs(row) > 1e-9)}


def yearly(effect: Effect, rows: Sequence[int]) -> list[Measure]:
    """Net cash by year of these holders together."""
    return measures(_sum(effect.cash, rows))


def course(effect: Effect, rows: Sequence[int]) -> Course:
    """Cash so far of these holders together."""
    path = _sum(effect.cash, rows).cumsum(axis=0)
    return Course(effect.years, path, np.quantile(path, [share / 100 for share in SHARES], axis=-1))


def deepest(found: Course) -> tuple[Measure, int]:
    """How far down the cash so far goes, never above zero, and the year when the middle course is lowest."""
    middle = found.spread[SHARES.index(50)]
    return measure(np.minimum(found.path.min(axis=0), 0.0)), found.years[int(np.argmin(middle))]


def touched(effect: Effect) -> list[str]:
    """Holders that any cash passes, in order."""
    moving = np.abs(effect.cash_expected).sum(axis=(1, 2)) > 1e-9
    return [holder for holder, moves in zip(effect.holders, moving, strict=True) if moves]


def own_units(case: Case) -> list[OwnUnit]:
    """Effects in their own units, the chosen options minus the reference."""
    before = case.reference.effects() if case.reference else {}
    return [_own_unit(case, effect, before.get(name)) for name, effect in case.chosen.effects().items()]


def _own_unit(case: Case, after: EffectOutput, before: EffectOutput | None) -> OwnUnit:
    quantity = case.book.quantities[after.name]
    per_year = None
    if after.by_year is not None:
        by_year = after.by_year - (before.by_year if before is not None and before.by_year is not None else 0.0)
        felt = np.abs(by_year).max(axis=-1) > 1e-12
        per_year = measure(by_year[felt].mean(axis=0)) if felt.any() else Measure(0.0, 0.0, 0.0, 0.0)
    total_samples = after.total - (before.total if before is not None else 0.0)
    return OwnUnit(
        after.name, after.label, after.unit, after.affects, after.better, measure(total_samples), per_year,
        after.value is not None, quantity.source, quantity.confidence,
    )  # fmt: skip


def gaps(choice: Choice) -> dict[str, Measure]:
    """What each holder gains or loses when all choose together instead of each alone."""
    outcome = choice.outcomes[choice.reference]
    scale = outcome.run.book.currency.factor / engine.MILLION
    found = {}
    for row, holder in enumerate(outcome.run.holders):
        one = choice.gap.at(row)
        if abs(one["mean"]) > 1e-9 or abs(one["p90"] - one["p10"]) > 1e-9:
            keys = ("mean", "p10", "p50", "p90", "error")
            found[holder] = Measure(*(one[key] * scale for key in keys))
    return found


def gap_total(choice: Choice) -> Measure:
    """The gap of all holders together."""
    scale = choice.outcomes[choice.reference].run.book.currency.factor / engine.MILLION
    one = choice.gap_total.at()
    return Measure(*(float(one[key]) * scale for key in ("mean", "p10", "p50", "p90", "error")))


def side_payment(choice: Choice) -> float:
    """The least that the winners must hand over so that nobody loses, MSEK."""
    return choice.side_payment * choice.outcomes[choice.reference].run.book.currency.factor / engine.MILLION


def whole_rows(whole: Whole, holder: str) -> list[int]:
    return engine.branch_rows(whole.effect.holders, whole.parents, holder)


def tree_sums(effect: Effect, parents: Mapping[str, str]) -> Iterator[tuple[str, list[int]]]:
    """Holders that have others under them and are touched, with their rows: consolidated sums."""
    for holder in dict.fromkeys(parent for parent in parents.values() if parent):
        rows = engine.branch_rows(effect.holders, parents, holder)
        if len(rows) > 1 and np.any(np.abs(effect.npv[rows]) > 1e-9):
            yield holder, rows


def _sum(array: Array, rows: Sequence[int]) -> Array:
    if not rows:
        return np.zeros(array.shape[1:])
    return np.asarray(array[list(rows)].sum(axis=0))
