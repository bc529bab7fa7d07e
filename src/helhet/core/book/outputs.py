# SPDX-License-Identifier: EUPL-1.2
"""The standard outputs of a pass: cash by holder and year, present values, resource use, effects in own units.

Money is in kronor here; `results` shows it in the book's currency. Axes: H holders (in the book's order, `outside` last),
Y years, S samples (1 where nothing is uncertain).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

from helhet.core.book.engine import Pass
from helhet.core.book.evaluate import Value, discount
from helhet.core.book.model import HOLDER, YEAR, Array, Label, Quantity
from helhet.core.book.problems import fail


@dataclass(frozen=True, slots=True)
class FlowOutput:
    """One money flow: `amount` (Y, S), or (H, Y, S) when payer or receiver is every holder of its own row."""

    name: str
    label: Label
    kind: str
    payer: str
    receiver: str
    amount: Array


@dataclass(frozen=True, slots=True)
class EffectOutput:
    """One effect in its declared unit: `by_year` (Y, S), or None when it has no years; `total` (S,);
    `value` (S,) is its present value in kronor where a unit value is given, else None: unvalued, never zero."""

    name: str
    label: Label
    unit: str
    affects: Label
    better: str
    unit_value: str
    by_year: Array | None
    total: Array
    value: Array | None


@dataclass(frozen=True, slots=True)
class Outputs:
    """All standard outputs of one pass."""

    holders: tuple[str, ...]
    years: tuple[int, ...]
    cash: Array
    npv: Array
    total: Array
    resource: Array
    factors: Array
    flows: tuple[FlowOutput, ...] = ()
    effects: tuple[EffectOutput, ...] = field(default=())

    @property
    def nbytes(self) -> int:
        parts = [self.cash, self.npv, self.total, self.resource, *(f.amount for f in self.flows)]
        return sum(part.nbytes for part in parts)


def outputs(run: Pass, npv_year: int | None = None) -> Outputs:
    """The standard outputs of a pass, discounted to `npv_year` (the book's own when None)."""
    base = run.book.npv_year if npv_year is None else npv_year
    flows = run.book.flows
    total = hashlib.blake2b(f"outputs|{base}|{run.book.currency}|{run.book.years}".encode(), digest_size=16)
    total.update("|".join(run.book.holders).encode())
    names = [q.name for q in flows]
    names += [q.flow.unit_value for q in flows if q.flow and q.flow.unit_value]
    names += [run.book.discount_rate] if run.book.discount_rate else []
    for name in names:
        total.update(run.keys[name])
    for quantity in flows:
        total.update(repr((quantity.name, quantity.flow, quantity.label, quantity.unit.text)).encode())
    return run.cache.get(total.digest(), lambda: _made(run, names, base), lambda o: o.nbytes)


def _made(run: Pass, names: list[str], base: int) -> Outputs:
    run.compute(names)
    money = [_flow(run, q) for q in run.book.flows if q.flow and q.flow.kind != "effect"]
    factors = _factors(run, base)
    cash, resource = _cash(run, money)
    with np.errstate(all="ignore"):
        npv = (cash * factors).sum(axis=1)
        total = npv.sum(axis=0)
        effects = tuple(_effect(run, q, factors) for q in run.book.flows if q.flow and q.flow.kind == "effect")
    if not (np.isfinite(npv).all() and np.isfinite(factors).all()):
        raise fail("not-finite", name=run.book.discount_rate or "cash")
    return Outputs(run.book.holders, run.book.years, cash, npv, total, resource, factors, tuple(money), effects)


def _factors(run: Pass, base: int) -> Array:
    """Discount factors (Y, S)."""
    name = run.book.discount_rate
    if not name:
        return np.ones((len(run.book.years), 1))
    rate = run.evaluator.aligned(Value(run.book.kinds[name].dims, run.array(name)), (YEAR,))
    if rate.min() <= -1.0:
        raise fail("rate-low", run.book.quantities[name].place)
    with np.errstate(all="ignore"):
        return discount(rate, run.book.years, base)


def _flow(run: Pass, quantity: Quantity) -> FlowOutput:
    flow, kind = quantity.flow, run.book.kinds[quantity.name]
    assert flow is not None
    kept = tuple(d for d in kind.dims if d in (HOLDER, YEAR))
    drop = tuple(i for i, d in enumerate(kind.dims) if d not in kept)
    amount = run.array(quantity.name).sum(axis=drop) if drop else run.array(quantity.name)
    return FlowOutput(quantity.name, quantity.label, flow.kind, flow.payer, flow.receiver, amount)


def _cash(run: Pass, flows: list[FlowOutput]) -> tuple[Array, Array]:
    """Cash (H, Y, S) and resource use (Y, S). A transfer is posted twice, so it sums to nothing over holders."""
    samples = max((flow.amount.shape[-1] for flow in flows), default=1)
    years, holders = len(run.book.years), run.book.holders
    cash = np.zeros((len(holders), years, samples))
    resource = np.zeros((years, samples))
    for flow in flows:
        whole = flow.amount.sum(axis=0) if flow.amount.ndim == 3 else flow.amount
        if flow.kind == "resource":
            resource += whole
        sides = [(flow.payer, -1.0)] + ([(flow.receiver, 1.0)] if flow.kind == "transfer" else [])
        for holder, sign in sides:
            if holder == HOLDER:
                cash += sign * flow.amount
            elif sign > 0:
                cash[holders.index(holder)] += whole
            else:
                cash[holders.index(holder)] -= whole
    return cash, resource


def _effect(run: Pass, quantity: Quantity, factors: Array) -> EffectOutput:
    flow, kind = quantity.flow, run.book.kinds[quantity.name]
    assert flow is not None
    drop = tuple(i for i, d in enumerate(kind.dims) if d != YEAR)
    amount = run.array(quantity.name).sum(axis=drop) if drop else run.array(quantity.name)
    timed = YEAR in kind.dims
    value: Array | None = None
    if flow.unit_value:
        price_kind = run.book.kinds[flow.unit_value]
        price = run.evaluator.aligned(Value(price_kind.dims, run.array(flow.unit_value)), (YEAR,))
        worth = (amount if timed else amount[np.newaxis]) * price
        value = (worth * factors).sum(axis=0) if timed else worth[0]
    shown = amount / kind.unit.factor
    return EffectOutput(
        quantity.name,
        quantity.label,
        kind.unit.text,
        flow.group,
        flow.better,
        flow.unit_value,
        shown if timed else None,
        shown.sum(axis=0) if timed else shown,
        value,
    )
