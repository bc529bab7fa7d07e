# SPDX-License-Identifier: EUPL-1.2
"""The whole: cases summed sample by sample over the union of their holders and years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helhet.core.book.model import HOLDER, OUTSIDE, Array, Label
from helhet.rooms.calculations.engine import KEPT, Case, Effect


@dataclass(frozen=True)
class Whole:
    """The sum of several cases. ``labels`` name the holders, ``parents`` their tree."""

    effect: Effect
    cases: tuple[str, ...]
    labels: Mapping[str, Label]
    parents: Mapping[str, str]
    left_out: tuple[str, ...] = ()


def whole(cases: Mapping[str, Case], left_out: Sequence[str] = ()) -> Whole:
    """Sum cases by name, sample by sample; holders and years are the union. All but the first are kept summed, since
    the first is the one that moves under the hand."""
    names = [h for one in cases.values() for h in one.book.holders if h != OUTSIDE]
    holders = (*dict.fromkeys(names), OUTSIDE)
    years = _span(cases)
    first, *others = cases.values()
    parts = [_fitted(first.effect, holders, years)]
    if others:
        key = repr((holders, years, [one.key for one in others])).encode()
        parts.append(KEPT.get(key, lambda: _added(others, holders, years), lambda e: e.nbytes))
    total = _summed(parts, holders, years)
    labels: dict[str, Label] = {}
    parents: dict[str, str] = {}
    for one in cases.values():
        for category in one.book.dimensions[HOLDER].categories if HOLDER in one.book.dimensions else ():
            known = labels.get(category.key)
            if known is None or len(category.label.sv) < len(known.sv):  # a book may say more of its own part
                labels[category.key] = category.label
            parents.setdefault(category.key, category.parent)
    return Whole(total, tuple(cases), labels, parents, tuple(left_out))


def _span(cases: Mapping[str, Case]) -> tuple[int, ...]:
    first = min(one.book.years[0] for one in cases.values())
    last = max(one.book.years[-1] for one in cases.values())
    return tuple(range(first, last + 1))


def _fitted(effect: Effect, holders: tuple[str, ...], years: tuple[int, ...]) -> Effect:
    """An effect on the axes of the whole."""
    if effect.holders == holders and effect.years == years:
        return effect
    rows = [holders.index(h) for h in effect.holders]
    at = effect.years[0] - years[0]
    span = slice(at, at + len(effect.years))

    def spread(array: Array, kind: str) -> Array:
        size = array.shape[-1]
        if kind == "cash":
            out = np.zeros((len(holders), len(years), size))
            out[rows, span] = array
        elif kind == "npv":
            out = np.zeros((len(holders), size))
            out[rows] = array
        else:
            out = np.zeros((len(years), size))
            out[span] = array
        return out

    return Effect(
        holders,
        years,
        spread(effect.cash, "cash"),
        spread(effect.npv, "npv"),
        spread(effect.resource, "resource"),
        spread(effect.cash_expected, "cash"),
        spread(effect.npv_expected, "npv"),
        spread(effect.resource_expected, "resource"),
    )


def _added(cases: Sequence[Case], holders: tuple[str, ...], years: tuple[int, ...]) -> Effect:
    return _summed([_fitted(one.effect, holders, years) for one in cases], holders, years)


def _summed(parts: Sequence[Effect], holders: tuple[str, ...], years: tuple[int, ...]) -> Effect:
    def add(name: str) -> Array:
        arrays = [getattr(part, name) for part in parts]
        total = arrays[0]
        for array in arrays[1:]:
            total = total + array
        return np.asarray(total)

    names = ("cash", "npv", "resource", "cash_expected", "npv_expected", "resource_expected")
    return Effect(holders, years, *(add(name) for name in names))
