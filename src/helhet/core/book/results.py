# SPDX-License-Identifier: EUPL-1.2
"""A run and its figures: expected value, mean, P10, P50, P90 and Monte Carlo error; reproducible and JSON-able."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from helhet.core.book import limits
from helhet.core.book.cache import SHARED, Cache
from helhet.core.book.check import ENGINE_VERSION
from helhet.core.book.engine import Pass
from helhet.core.book.model import HOLDER, Array, Book
from helhet.core.book.outputs import EffectOutput, Outputs, outputs
from helhet.core.book.overlay import Overlay, resolve
from helhet.core.book.problems import Place, fail

QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of arrays of equal shape (…): `expected` with every input at its mean; `mean`, `p10`, `p50`, `p90` of the
    samples; `error`, the standard error of the mean."""

    expected: Array
    mean: Array
    p10: Array
    p50: Array
    p90: Array
    error: Array

    def at(self, *index: int) -> dict[str, float]:
        """The figures of one cell."""
        return {key: float(getattr(self, key)[index]) for key in self.__slots__}

    def as_dict(self) -> dict[str, Any]:
        return {key: getattr(self, key).tolist() for key in self.__slots__}


def stats(expected: Array, samples: Array) -> Stats:
    """Figures over the last axis of `samples`; `expected` has a last axis of length one."""
    count = samples.shape[-1]
    low, middle, high = quantiles(samples)
    mean = samples.mean(axis=-1)
    error = samples.std(axis=-1) / np.sqrt(count)
    return Stats(expected[..., 0], mean, low, middle, high, error)


def quantiles(samples: Array) -> tuple[Array, Array, Array]:
    """P10, P50, P90 over the last axis, by linear interpolation between order statistics."""
    count = samples.shape[-1]
    if count == 1:
        return samples[..., 0], samples[..., 0], samples[..., 0]
    ranked = np.sort(samples, axis=-1)
    found: list[Array] = []
    for share in QUANTILES:
        at = share * (count - 1)
        below = int(at)
        above = min(below + 1, count - 1)
        part = at - below
        found.append(ranked[..., below] * (1 - part) + ranked[..., above] * part)
    return found[0], found[1], found[2]


@dataclass(frozen=True)
class Run:
    """A reproducible run: book hash + overlay + seed + samples + engine version gives the same figures again.

    `sampled` is the drawn pass, `expected` the one with every input at its mean (one sample). Their money is in kronor;
    the methods give it in the book's currency unit.
    """

    book: Book
    scenario: str
    overlay: Overlay
    samples: int
    seed: int
    npv_year: int
    sampled: Outputs
    cache: Cache = SHARED

    @cached_property
    def expected(self) -> Outputs:
        """The outputs with every input at its mean. Raises `BookError` where a formula has no value there."""
        return outputs(Pass(self.book, self.overlay, 0, self.seed, self.cache), self.npv_year)

    @property
    def holders(self) -> tuple[str, ...]:
        return self.sampled.holders

    @property
    def years(self) -> tuple[int, ...]:
        return self.sampled.years

    @property
    def key(self) -> str:
        """Equal for runs that must have equal figures."""
        parts = [ENGINE_VERSION, self.book.hash, self.overlay.key(), self.seed, self.samples, self.npv_year]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def passes(self) -> tuple[Pass, Pass]:
        """The expected and the sampled pass, for asking for further quantities."""
        return (
            Pass(self.book, self.overlay, 0, self.seed, self.cache),
            Pass(self.book, self.overlay, self.samples, self.seed, self.cache),
        )

    def values(self, name: str) -> Array:
        """Samples of any quantity in its own unit, shape (its dimensions…, samples or 1)."""
        sampled = self.passes()[1]
        sampled.compute([_known(self.book, name)])
        return sampled.array(name) / self.book.kinds[name].unit.factor

    def figures(self, name: str) -> Stats:
        """Figures of any quantity in its own unit."""
        expected, sampled = self.passes()
        factor = self.book.kinds[_known(self.book, name)].unit.factor
        for each in (expected, sampled):
            each.compute([name])
        return stats(expected.array(name) / factor, sampled.array(name) / factor)

    def money(self, array: Array) -> Array:
        return array / self.book.currency.factor

    def cash(self) -> Stats:
        """Net cash by holder and year (H, Y)."""
        return stats(self.money(self.expected.cash), self.money(self.sampled.cash))

    def npv(self) -> Stats:
        """Present value by holder (H,)."""
        return stats(self.money(self.expected.npv), self.money(self.sampled.npv))

    def total(self) -> Stats:
        """Present value of the whole in money: all holders and the outside together (shape ())."""
        return stats(self.money(self.expected.total), self.money(self.sampled.total))

    def resource(self) -> Stats:
        """Real resource use by year (Y,)."""
        return stats(self.money(self.expected.resource), self.money(self.sampled.resource))

    def effects(self) -> dict[str, EffectOutput]:
        """Effects of the sampled pass by name, in their own units."""
        return {effect.name: effect for effect in self.sampled.effects}

    def unvalued(self) -> list[str]:
        """Effects that nobody has put a value on: to be listed beside the money, never counted as zero."""
        return [effect.name for effect in self.sampled.effects if effect.value is None]

    def branch(self, holder: str) -> tuple[Array, Array]:
        """Cash (Y, S) and present value (S,) of a holder with all that lies under it; internal transfers cancel."""
        rows = branch(self.book, holder)
        cash, npv = self.sampled.cash[rows].sum(axis=0), self.sampled.npv[rows].sum(axis=0)
        return self.money(cash), self.money(npv)

    def effect_rows(self) -> list[dict[str, Any]]:
        """Every effect with its figures, JSON-able."""
        pairs = zip(self.expected.effects, self.sampled.effects, strict=True)
        return [effect_dict(self, expected, sampled) for expected, sampled in pairs]

    def branches(self) -> dict[str, Stats]:
        """Present value of every holder that has others under it, with all of them."""
        if HOLDER not in self.book.dimensions:
            return {}
        parents = {c.parent for c in self.book.dimensions[HOLDER].categories if c.parent}
        found: dict[str, Stats] = {}
        for holder in self.holders:
            if holder in parents:
                rows = branch(self.book, holder)
                sides = [self.money(o.npv[rows].sum(axis=0)) for o in (self.expected, self.sampled)]
                found[holder] = stats(*sides)
        return found

    def holder_row(self, index: int, npv: Stats) -> dict[str, Any]:
        """One holder: label, parent, own present value, that of its branch where it has one, and if money moves at all."""
        key = self.holders[index]
        category = self.book.dimensions[HOLDER].categories[index] if HOLDER in self.book.dimensions else None
        whole = self.branches().get(key)
        return {
            "key": key,
            "label": category.label.as_dict() if category else {"sv": key, "en": key},
            "parent": category.parent if category else "",
            "npv": npv.at(index),
            "branch": whole.at() if whole else None,
            "active": bool(np.any(self.sampled.cash[index])),
        }

    def summary(self) -> dict[str, Any]:
        """Everything a page shows, JSON-able, without identity; money in `unit`."""
        npv, cash = self.npv(), self.cash()
        return {
            "unit": self.book.currency.text,
            "price_year": self.book.price_year,
            "years": list(self.years),
            "holders": [self.holder_row(i, npv) for i in range(len(self.holders))],
            "total": self.total().at(),
            "cash": cash.as_dict(),
            "resource": self.resource().as_dict(),
            "effects": self.effect_rows(),
            "unvalued": self.unvalued(),
        }

    def to_json(self) -> dict[str, Any]:
        """The summary with what it takes to compute it again, and a checksum over it all."""
        body: dict[str, Any] = {
            "engine": "helhet.core.book",
            "engine_version": ENGINE_VERSION,
            "book": self.book.name,
            "book_hash": self.book.hash,
            "scenario": self.scenario,
            "overlay": self.overlay.as_dict(),
            "seed": self.seed,
            "samples": self.samples,
            "npv_year": self.npv_year,
            "results": self.summary(),
        }
        return {**body, "checksum": checksum(body)}


def checksum(body: Mapping[str, Any]) -> str:
    """SHA-256 of a JSON-able mapping in canonical form."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=float)
    return hashlib.sha256(text.encode()).hexdigest()


def branch(book: Book, holder: str) -> list[int]:
    """Row numbers of a holder and everything under it in the tree. Raises `BookError` for an unknown holder."""
    categories = book.dimensions[HOLDER].categories if HOLDER in book.dimensions else ()
    inside = {holder}
    for _ in categories:
        inside.update(c.key for c in categories if c.parent in inside)
    rows = [i for i, c in enumerate(categories) if c.key in inside]
    if not rows:
        raise fail("flow-holder", role="holder", name=holder)
    return rows


def effect_dict(run: Run, expected: EffectOutput, sampled: EffectOutput) -> dict[str, Any]:
    """One effect with its figures; `value` (in the book's currency) is None when nobody has valued it."""
    value = None
    if sampled.value is not None and expected.value is not None:
        value = stats(run.money(expected.value), run.money(sampled.value)).at()
    years = None
    if sampled.by_year is not None and expected.by_year is not None:
        years = stats(expected.by_year, sampled.by_year).as_dict()
    return {
        "name": sampled.name,
        "label": sampled.label.as_dict(),
        "unit": sampled.unit,
        "affects": sampled.affects.as_dict(),
        "better": sampled.better,
        "total": stats(expected.total, sampled.total).at(),
        "by_year": years,
        "value": value,
    }


def run(
    book: Book,
    overlay: Overlay | Mapping[str, object] | None = None,
    *,
    scenario: str = "",
    samples: int = 1000,
    seed: int = 1,
    npv_year: int | None = None,
    cache: Cache = SHARED,
) -> Run:
    """Run a checked book: the scenario, then the overlay on top; expected pass and `samples` draws.

    `overlay` may be a mapping such as `{"elpris": 520}` in the quantities' own units. Raises `BookError`.
    """
    made = drawn(book, overlay, scenario=scenario, samples=samples, seed=seed, npv_year=npv_year, cache=cache)
    assert made.expected is not None  # what has no value at the means is told here
    return made


def drawn(
    book: Book,
    overlay: Overlay | Mapping[str, object] | None,
    *,
    scenario: str,
    samples: int,
    seed: int,
    npv_year: int | None,
    cache: Cache,
) -> Run:
    """A run of which only the draws are computed yet; the expected pass follows when somebody asks."""
    book.require()
    _numbers(samples, seed)
    own = overlay if isinstance(overlay, Overlay) else Overlay.of(overlay)
    whole = resolve(book, scenario, own)
    base = book.npv_year if npv_year is None else npv_year
    if abs(base - book.years[0]) > limits.YEARS:
        raise fail("years", Place(book.path))
    sampled = outputs(Pass(book, whole, samples, seed, cache), base)
    return Run(book, scenario, whole, samples, seed, base, sampled, cache)


def difference(after: Run, before: Run) -> dict[str, Any]:
    """Sample by sample, `after` minus `before`: present value by holder, total, cash by holder and year.

    Both runs must be of the same book with the same seed and samples, since only then are the draws shared.
    """
    if (after.holders, after.years, after.seed) != (before.holders, before.years, before.seed):
        raise fail("portfolio-shared", name="holder, year, seed")
    pairs = {"npv": "npv", "total": "total", "cash": "cash", "resource": "resource"}
    found: dict[str, Any] = {}
    for key, attribute in pairs.items():
        expected = getattr(after.expected, attribute) - getattr(before.expected, attribute)
        sampled = getattr(after.sampled, attribute) - getattr(before.sampled, attribute)
        found[key] = stats(after.money(expected), after.money(sampled))
    for name, effect in after.effects().items():
        other = before.effects().get(name)
        if other is not None:
            found.setdefault("effects", {})[name] = effect.total - other.total
    return found


def _known(book: Book, name: str) -> str:
    if name not in book.kinds:
        raise fail("name-unknown", Place(book.path), name=name)
    return name


def _numbers(samples: int, seed: int) -> None:
    if isinstance(samples, bool) or not isinstance(samples, int) or not 1 <= samples <= limits.SAMPLES:
        raise fail("samples", limit=limits.SAMPLES)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise fail("seed")
