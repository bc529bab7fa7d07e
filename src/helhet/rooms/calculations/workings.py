# SPDX-License-Identifier: EUPL-1.2
"""What a kept run says of how it was computed: each quantity that its figures rest on, with formula, values and source.

It is kept with the run, so that a figure can be followed to its sources also when the book has changed since.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from helhet.core.book import Book, Quantity
from helhet.core.book.model import Alternative
from helhet.core.book.sliders import span
from helhet.rooms.calculations.engine import Case

#: A quantity over more categories than this is kept without its values; the formula and what it uses stand there.
MOST_VALUES = 200


def workings(case: Case) -> dict[str, Any]:
    """Every quantity under the book's flows by name, inputs first, for the options looked at. Values are means of the draws."""
    book, chosen = case.book, case.chosen
    sampled = chosen.passes()[1]
    wanted = below(book)
    sampled.compute(wanted)
    return {name: _working(book, name, sampled.array(name)) for name in book.order if name in wanted}


def below(book: Book) -> set[str]:
    """The names that results rest on: flows, unit values, the rate, and everything they use."""
    wanted = {q.name for q in book.flows} | ({book.discount_rate} if book.discount_rate else set())
    wanted |= {q.flow.unit_value for q in book.flows if q.flow and q.flow.unit_value}
    for name in reversed(book.order):
        if name in wanted:
            wanted.update(book.needs[name])
    return wanted


def _working(book: Book, name: str, array: Any) -> dict[str, Any]:
    quantity, kind = book.quantities[name], book.kinds[name]
    means = np.asarray(array.mean(axis=-1) / kind.unit.factor)
    value, by = (float(means), {}) if not kind.dims else (None, _by(book, kind.dims, means))
    flow = quantity.flow
    return {
        "label": quantity.label.as_dict(),
        "kind": quantity.kind,
        "flow": {"kind": flow.kind, "payer": flow.payer, "receiver": flow.receiver} if flow else None,
        "unit": kind.unit.text,
        "price": kind.basis,
        "dims": list(kind.dims),
        "formula": quantity.formula,
        "uses": list(book.needs[name]),
        "value": value,
        "by": by,
        "source": quantity.source,
        "confidence": quantity.confidence or ("assumption" if quantity.is_input and not quantity.source else ""),
        "note": quantity.note.as_dict(),
        "origin": quantity.origin,
        "alternatives": [alternative(row) for row in quantity.alternatives],
    }


def _by(book: Book, dims: tuple[str, ...], means: Any) -> dict[str, float]:
    if means.size > MOST_VALUES:
        return {}
    keys = itertools.product(*(book.dimensions[dim].keys for dim in dims))
    return {", ".join(key): float(value) for key, value in zip(keys, means.ravel(), strict=True)}


def alternative(row: Alternative) -> dict[str, Any]:
    """Another published value of the same, as it was published and in the quantity's own price basis (None: not restated)."""
    return {
        "name": row.name,
        "value": row.value,
        "in_basis": row.in_basis,
        "price": row.price,
        "source": row.source,
        "confidence": row.confidence,
        "note": row.note.as_dict(),
    }


def likely(quantity: Quantity) -> list[float]:
    """The likely range that the book gives, in the quantity's unit; [] when it gives none."""
    reach = span(quantity)
    given = quantity.range is not None or quantity.distribution is not None
    return [reach.low, reach.high] if reach is not None and given else []
