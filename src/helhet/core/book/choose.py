# SPDX-License-Identifier: EUPL-1.2
"""A choice among alternatives: what each holder chooses alone, what they would choose together, the gap, who bears it.

*Alone*: each holder takes the options with the best present value for that holder while everybody else stays with the
reference. *Equilibrium*: combinations that no holder can better for itself by changing its own options only.
*Together*: the combination with the best sum over all holders. *The gap* is together minus alone.
A tie goes to the reference, then to what is written first. Values are expected present values over the samples.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helhet.core.book import limits
from helhet.core.book.cache import SHARED, Cache
from helhet.core.book.model import Array, Book, Decision, Label
from helhet.core.book.overlay import Overlay
from helhet.core.book.problems import Place, fail
from helhet.core.book.results import Run, Stats, drawn, stats

Combination = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One combination of options (one name per decision) with its run and present values."""

    options: Combination
    label: Label
    run: Run
    npv: Array
    total: float

    def as_dict(self) -> dict[str, Any]:
        money = [float(v) for v in self.npv]
        return {
            "options": list(self.options),
            "label": self.label.as_dict(),
            "npv": dict(zip(self.run.holders, money, strict=True)),
            "total": self.total,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer: outcomes by combination, and which of them is the reference, alone, together and in balance.

    `gap` (H,) is together minus alone by holder with its uncertainty, `gap_total` its sum; `side_payment` is the least
    that the winners must hand over so that nobody is worse off together than alone.
    """

    decisions: tuple[str, ...]
    deciders: tuple[str, ...]
    outcomes: Mapping[Combination, Outcome]
    reference: Combination
    alone: Combination
    together: Combination
    equilibria: tuple[Combination, ...]
    own_best: Mapping[str, Combination]
    gap: Stats
    gap_total: Stats
    side_payment: float
    effects: Mapping[str, tuple[float, float]]

    def as_dict(self) -> dict[str, Any]:
        holders = self.outcomes[self.reference].run.holders
        return {
            "unit": self.outcomes[self.reference].run.book.currency.text,
            "decisions": list(self.decisions),
            "deciders": list(self.deciders),
            "reference": list(self.reference),
            "alone": list(self.alone),
            "together": list(self.together),
            "equilibria": [list(c) for c in self.equilibria],
            "own_best": {holder: list(c) for holder, c in self.own_best.items()},
            "outcomes": [outcome.as_dict() for outcome in self.outcomes.values()],
            "gap": {h: self.gap.at(i) for i, h in enumerate(holders)},
            "gap_total": self.gap_total.at(),
            "bears": [h for i, h in enumerate(holders) if self.gap.mean[i] < 0],
            "gains": [h for i, h in enumerate(holders) if self.gap.mean[i] > 0],
            "side_payment": self.side_payment,
            "effects": {n: {"alone": a, "together": t} for n, (a, t) in self.effects.items()},
        }


def choose(
    book: Book,
    overlay: Overlay | Mapping[str, object] | None = None,
    *,
    scenario: str = "",
    samples: int = 1000,
    seed: int = 1,
    cache: Cache = SHARED,
) -> Choice:
    """Run every combination of the book's decisions (or every `[[alternative]]`) and compare. Raises `BookError`."""
    book.require()
    own = overlay if isinstance(overlay, Overlay) else Overlay.of(overlay)
    decisions = _decisions(book)
    count = math.prod(len(d.options) for d in decisions)
    if count > limits.COMBINATIONS:
        raise fail("combinations", Place(book.path), limit=limits.COMBINATIONS)
    outcomes: dict[Combination, Outcome] = {}
    for parts in itertools.product(*(d.options for d in decisions)):
        changes = own
        for option in parts:
            changes = changes.then(Overlay.reading(option.changes))
        made = drawn(book, changes, scenario=scenario, samples=samples, seed=seed, npv_year=None, cache=cache)
        names = tuple(option.name for option in parts)
        label = Label(*(" + ".join(o.label.text(lang) for o in parts) for lang in ("sv", "en")))
        npv = made.money(made.sampled.npv).mean(axis=-1)
        outcomes[names] = Outcome(names, label, made, npv, float(npv.sum()))
    return _compared(decisions, outcomes)


def _decisions(book: Book) -> list[Decision]:
    if book.decisions:
        return book.decisions
    if len(book.options) < 2:
        raise fail("nothing-to-choose", Place(book.path))
    return [Decision("alternative", Label("Alternativ", "Alternative"), "", tuple(book.options), book.options[0].name)]


def _compared(decisions: list[Decision], outcomes: dict[Combination, Outcome]) -> Choice:
    reference = tuple(d.reference for d in decisions)
    holders = outcomes[reference].run.holders
    deciders = tuple(dict.fromkeys(d.holder for d in decisions if d.holder))
    own_best = {h: _best(outcomes, reference, i) for i, h in enumerate(holders)}
    together = _best(outcomes, reference, None)
    alone = list(reference)
    for holder in deciders:
        mine = [i for i, d in enumerate(decisions) if d.holder == holder]
        within = _reachable(outcomes, reference, mine)
        answer = _best(within, reference, holders.index(holder))
        for i in mine:
            alone[i] = answer[i]
    equilibria = tuple(c for c in outcomes if deciders and _stable(c, decisions, outcomes, holders))
    one, two = outcomes[tuple(alone)], outcomes[together]
    sides = [(b.npv - a.npv) for a, b in ((one.run.expected, two.run.expected), (one.run.sampled, two.run.sampled))]
    gap = stats(*(one.run.money(side) for side in sides))
    total = stats(*(one.run.money(side.sum(axis=0)) for side in sides))
    effects = {
        name: (float(effect.total.mean()), float(two.run.effects()[name].total.mean()))
        for name, effect in one.run.effects().items()
    }
    return Choice(
        tuple(d.name for d in decisions),
        deciders,
        outcomes,
        reference,
        tuple(alone),
        together,
        equilibria,
        own_best,
        gap,
        total,
        float(np.maximum(-gap.mean, 0.0).sum()),
        effects,
    )


def _best(outcomes: Mapping[Combination, Outcome], reference: Combination, row: int | None) -> Combination:
    """The best combination for one holder, or for the sum (None); the reference wins a tie."""

    def worth(c: Combination) -> float:
        return outcomes[c].total if row is None else float(outcomes[c].npv[row])

    scale = max((abs(worth(c)) for c in outcomes), default=0.0)
    best = reference
    for combination in outcomes:
        if worth(combination) > worth(best) + 1e-9 * scale:
            best = combination
    return best


def _reachable(
    outcomes: Mapping[Combination, Outcome], start: Combination, mine: list[int]
) -> dict[Combination, Outcome]:
    """The combinations that differ from `start` in these decisions only."""
    return {c: o for c, o in outcomes.items() if all(c[i] == start[i] or i in mine for i in range(len(start)))}


def _stable(
    combination: Combination,
    decisions: list[Decision],
    outcomes: Mapping[Combination, Outcome],
    holders: tuple[str, ...],
) -> bool:
    for holder in {d.holder for d in decisions}:
        mine = [i for i, d in enumerate(decisions) if d.holder == holder]
        within = _reachable(outcomes, combination, mine)
        if _best(within, combination, holders.index(holder)) != combination:
            return False
    return True
