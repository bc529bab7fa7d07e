# SPDX-License-Identifier: EUPL-1.2
"""The standard outputs of a pass: cash by holder and year, present values, resource use, effects in own units.

Money is in kronor here; `results` shows it in the book's currency. Axes: H holders (in the book's order, `outside` last),
Y years, S samples (1 where nothing is uncertain).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from helhet.core.book.engine import Pass
from helhet.core.book.evaluate import Value, discount
from helhet.core.book.model import HOLDER, YEAR, Array, Book, Label, Quantity
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


@dataclass(frozen=True)
class Outputs:
    """All standard outputs of one pass. `npv` (H, S) is discounted flow by flow; `cash` (H, Y, S) and `resource` (Y, S)
    are posted when somebody asks, since a choice among many alternatives asks for present values only."""

    holders: tuple[str, ...]
    years: tuple[int, ...]
    npv: Array
    factors: Array
    flows: tuple[FlowOutput, ...] = ()
    effects: tuple[EffectOutput, ...] = field(default=())

    @cached_property
    def cash(self) -> Array:
        """Net cash by holder and year. A transfer is posted twice, so it sums to nothing over holders."""
        samples = max((flow.amount.shape[-1] for flow in self.flows), default=1)
        cash = np.zeros((len(self.holders), len(self.years), samples))
        for flow in self.flows:
            _posted(cash, flow, flow.amount, self.holders)
        return cash

    @cached_property
    def resource(self) -> Array:
        """Real resource use by year."""
        used = [
            flow.amount.sum(axis=0) if flow.amount.ndim == 3 else flow.amount
            for flow in self.flows
            if flow.kind == "resource"
        ]
        samples = max((flow.amount.shape[-1] for flow in self.flows), default=1)
        return np.asarray(sum(used, np.zeros((len(self.years), samples))))

    @cached_property
    def total(self) -> Array:
        """Present value of everybody and the outside together (S,)."""
        return np.asarray(self.npv.sum(axis=0))

    @property
    def nbytes(self) -> int:
        board = self.npv.nbytes * len(self.years)  # what `cash` will take
        return board + self.npv.nbytes + sum(flow.amount.nbytes for flow in self.flows)


def outputs(run: Pass, npv_year: int | None = None) -> Outputs:
    """The standard outputs of a pass, discounted to `npv_year` (the book's own when None)."""
    base = run.book.npv_year if npv_year is None else npv_year
    names, written = _written(run.book)
    total = hashlib.blake2b(written + str(base).encode(), digest_size=16)
    for name in names:
        total.update(run.keys[name])
    return run.cache.get(total.digest(), lambda: _made(run, names, base), lambda o: o.nbytes)


def _written(book: Book) -> tuple[list[str], bytes]:
    """The quantities that the outputs are made of, and a hash of how; worked out once for the book."""
    found = book.kept.get("outputs")
    if found is None:
        flows = book.flows
        names = [q.name for q in flows]
        names += [q.flow.unit_value for q in flows if q.flow and q.flow.unit_value]
        names += [book.discount_rate] if book.discount_rate else []
        how = [(q.name, q.flow, q.label, q.unit.text) for q in flows]
        text = repr((book.currency, book.years, book.holders, how))
        found = book.kept["outputs"] = (names, hashlib.blake2b(text.encode(), digest_size=16).digest())
    return found  # type: ignore[return-value]  # what stands under this name is made here


def _made(run: Pass, names: list[str], base: int) -> Outputs:
    run.compute(names)
    flows = run.book.flows
    money = tuple(_flow(run, q) for q in flows if q.flow and q.flow.kind != "effect")
    factors = _factors(run, base)
    with np.errstate(all="ignore"):
        npv = _npv(run, money, factors, base)
        effects = tuple(_effect(run, q, factors) for q in flows if q.flow and q.flow.kind == "effect")
    if not (np.isfinite(npv).all() and np.isfinite(factors).all()):
        raise fail("not-finite", name=run.book.discount_rate or "cash")
    return Outputs(run.book.holders, run.book.years, npv, factors, money, effects)


def _npv(run: Pass, flows: tuple[FlowOutput, ...], factors: Array, base: int) -> Array:
    """Present value by holder (H, S): each flow is discounted once and kept, whichever alternatives it is part of."""
    rate = run.keys[run.book.discount_rate] if run.book.discount_rate else b""
    tail = rate + f"|{base}|{run.book.years}".encode()
    found: list[tuple[FlowOutput, Array]] = []
    for flow in flows:
        key = hashlib.blake2b(b"pv|" + run.keys[flow.name] + tail, digest_size=16).digest()
        worth = run.cache.get(key, lambda amount=flow.amount: _discounted(amount, factors), lambda a: a.nbytes)  # type: ignore[misc]
        found.append((flow, worth))
    samples = max((worth.shape[-1] for _flow, worth in found), default=1)
    npv = np.zeros((len(run.book.holders), samples))
    for flow, worth in found:
        _posted(npv, flow, worth, run.book.holders)
    return npv


def _discounted(amount: Array, factors: Array) -> Array:
    return np.asarray((amount * factors).sum(axis=-2))


def _posted(board: Array, flow: FlowOutput, amount: Array, holders: tuple[str, ...]) -> None:
    """Add a flow to a board with holders first: minus at its payer, plus at the receiver of a transfer."""
    along = amount.ndim == board.ndim  # payer or receiver is every holder of its own row
    sides = [(flow.payer, np.subtract)] + ([(flow.receiver, np.add)] if flow.kind == "transfer" else [])
    for holder, add in sides:
        if holder == HOLDER:
            add(board, amount, out=board)
        else:
            row = board[holders.index(holder)]
            add(row, amount.sum(axis=0) if along else amount, out=row)


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
