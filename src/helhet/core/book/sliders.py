# SPDX-License-Identifier: EUPL-1.2
"""Inputs as a page needs them: field or slider with unit, present value, range, source; checked values in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from helhet.core.book import distributions, values
from helhet.core.book.model import Book, Quantity, Range
from helhet.core.book.overlay import Overlay, validate
from helhet.core.book.problems import BookError, Place, Problem


def centre(quantity: Quantity) -> float | None:
    """What a slider shows: the number, or the centre of the distribution, in the declared unit; None for tables."""
    array = quantity.values if quantity.distribution is None else distributions.centre(quantity.distribution)
    if array is None or np.size(array) != 1:
        return None
    return float(np.reshape(array, -1)[0]) / quantity.unit.factor


def span(quantity: Quantity) -> Range | None:
    """The written range, or one made from the value: its P5–P95 where uncertain, half to one and a half otherwise."""
    if quantity.range is not None:
        return quantity.range
    middle = centre(quantity)
    if middle is None:
        return None
    if quantity.distribution is not None:
        ends = distributions.values(quantity.distribution, np.array([0.05, 0.95])) / quantity.unit.factor
        low, high = float(ends.min()), float(ends.max())
    else:
        low, high = sorted((middle * 0.5, middle * 1.5))
    if low == high:
        low, high = low - 1.0, high + 1.0
    room = (high - low) / 2
    least = low - room if low < 0 else max(low - room, 0.0)
    return Range(least, high + room, low, high, (high + room - least) / 100)


def inputs(book: Book) -> list[dict[str, Any]]:
    """Every input as a JSON-able row, the book's own first; `value` is None for tables."""
    rows: list[dict[str, Any]] = []
    for quantity in book.inputs():
        reach = span(quantity)
        rows.append(
            {
                "name": quantity.name,
                "label": quantity.label.as_dict(),
                "group": quantity.group.as_dict(),
                "kind": quantity.kind,
                "unit": quantity.unit.text,
                "price": quantity.price,
                "value": centre(quantity),
                "min": reach.least if reach else None,
                "max": reach.most if reach else None,
                "low": reach.low if reach else None,
                "high": reach.high if reach else None,
                "step": reach.step if reach else None,
                "source": quantity.source,
                "confidence": quantity.confidence,
                "note": quantity.note.as_dict(),
                "shared": quantity.origin != book.name,
                "origin": quantity.origin,
                "alternatives": len(quantity.alternatives),
            }
        )
    return rows


def read_changes(book: Book, fields: Mapping[str, str]) -> tuple[Overlay, dict[str, Problem]]:
    """Fields typed by a person (decimal comma welcome) → overlay of what differs from the book, and problems by field.

    An empty field means the book's own value.
    """
    changes: dict[str, object] = {}
    wrong: dict[str, Problem] = {}
    for name, text in fields.items():
        if not text.strip():
            continue
        try:
            number = values.number(text, Place(book.path, name))
            quantity = book.quantities.get(name)
            now = centre(quantity) if quantity is not None else None
            if now is not None and abs(number - now) <= 1e-12 * max(abs(now), 1.0):
                continue
            validate(book, Overlay.of({name: number}))
            changes[name] = number
        except BookError as error:
            wrong[name] = error.problems[0]
    return Overlay.of(changes), wrong
