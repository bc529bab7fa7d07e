# SPDX-License-Identifier: EUPL-1.2
"""Published values that contradict the chosen one, and what each would change."""

from __future__ import annotations

from typing import Any

from helhet.core.book.overlay import Overlay
from helhet.core.book.results import Run, run


def contradictions(base: Run) -> list[dict[str, Any]]:
    """One row per alternative value of a used quantity: the value with its source, and the change of the present value of
    the whole (expected pass, in the book's currency). `change` is None where its price basis has not been converted."""
    rows: list[dict[str, Any]] = []
    money = base.money
    for quantity in base.book.quantities.values():
        for index, row in enumerate(quantity.alternatives, start=1):
            change: float | None = None
            if row.in_basis is not None:
                overlay = base.overlay.then(Overlay.of({quantity.name: {"choose": index}}))
                other = run(base.book, overlay, samples=1, seed=base.seed, npv_year=base.npv_year, cache=base.cache)
                change = float(money(other.expected.total - base.expected.total).mean())
            rows.append(
                {
                    "quantity": quantity.name,
                    "alternative": row.name,
                    "value": row.value,
                    "in_basis": row.in_basis,
                    "unit": quantity.unit.text,
                    "price": row.price,
                    "source": row.source,
                    "confidence": row.confidence,
                    "note": row.note.as_dict(),
                    "change": change,
                }
            )
    return rows
