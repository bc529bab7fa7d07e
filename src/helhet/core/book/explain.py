# SPDX-License-Identifier: EUPL-1.2
"""Why is this figure what it is: formula, values put in, units, sources, largest contributors, onwards to the leaves."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helhet.core.book import limits
from helhet.core.book.evaluate import Value
from helhet.core.book.kinds import YEAR_NAMES
from helhet.core.book.model import HOLDER, YEAR, Array, Label, Quantity
from helhet.core.book.overlay import Change
from helhet.core.book.problems import Place, fail
from helhet.core.book.results import Run, stats
from helhet.core.book.syntax import Call, Name, Node, terms, walk

#: Figures that are not quantities but sums over the book's flows, with the coordinates that each needs.
RESULTS: dict[str, tuple[str, ...]] = {
    "cash": (HOLDER, YEAR),
    "npv": (HOLDER,),
    "total": (),
    "resource": (YEAR,),
}
_RESULT_LABELS = {
    "cash": Label("Kassaflöde", "Cash flow"),
    "npv": Label("Nuvärde", "Present value"),
    "total": Label("Nuvärde för helheten", "Present value of the whole"),
    "resource": Label("Resursåtgång", "Resource use"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure explained. `value` has expected, mean, p10, p50, p90 and Monte Carlo error, or is None where
    coordinates are missing; then `by` gives the expected value per category of the one missing dimension."""

    name: str
    label: Label
    kind: str
    coords: Mapping[str, str]
    unit: str
    value: Mapping[str, float] | None
    by: Mapping[str, float]
    formula: str = ""
    substituted: str = ""
    price: str = ""
    source: str = ""
    confidence: str = ""
    note: Label = field(default_factory=Label)
    origin: str = ""
    place: Place = field(default_factory=Place)
    change: Change | None = None
    alternatives: tuple[dict[str, Any], ...] = ()
    contributors: tuple[dict[str, Any], ...] = ()
    inputs: tuple[Explanation, ...] = field(default=())
    repeated: bool = False

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, with inputs nested."""
        change = None
        if self.change is not None:
            change = {
                "kind": self.change.kind,
                "value": self.change.value,
                "moves": [list(m) for m in self.change.moves],
            }
        return {
            "name": self.name,
            "label": self.label.as_dict(),
            "kind": self.kind,
            "coords": dict(self.coords),
            "unit": self.unit,
            "value": dict(self.value) if self.value else None,
            "by": dict(self.by),
            "formula": self.formula,
            "substituted": self.substituted,
            "price": self.price,
            "source": self.source,
            "confidence": self.confidence,
            "note": self.note.as_dict(),
            "origin": self.origin,
            "file": self.place.file,
            "line": self.place.line,
            "change": change,
            "alternatives": list(self.alternatives),
            "contributors": list(self.contributors),
            "inputs": [part.as_dict() for part in self.inputs],
            "repeated": self.repeated,
        }

    def leaves(self) -> list[Explanation]:
        """The inputs at the end of every branch, each once."""
        found: dict[str, Explanation] = {}
        waiting = [self]
        while waiting:
            here = waiting.pop(0)
            if not here.inputs and not here.repeated:
                found.setdefault(here.name, here)
            waiting.extend(here.inputs)
        return list(found.values())


def explain(run: Run, name: str, coords: Mapping[str, object] | None = None, depth: int = 12) -> Explanation:
    """Explain a quantity, or a result (`cash`, `npv`, `total`, `resource`), at coordinates such as
    `{"holder": "kommunen", "year": 2030}`. Raises `BookError` for an unknown name or category."""
    given = {key: str(value) for key, value in (coords or {}).items()}
    for dim, key in given.items():
        if dim not in run.book.dimensions:
            raise fail("dimension-unknown", Place(run.book.path), name=dim)
        if key not in run.book.dimensions[dim].keys:
            raise fail("category-unknown", Place(run.book.path), category=key, dimension=dim)
    explainer = _Explainer(run)
    if name in run.book.kinds:
        return explainer.quantity(run.book.quantities[name], given, depth)
    if name in RESULTS:
        return explainer.result(name, given, depth)
    raise fail("name-unknown", Place(run.book.path), name=name)


class _Explainer:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.book = run.book
        self.expected, self.sampled = run.passes()
        self.left = limits.EXPLANATION_NODES
        self.told: set[tuple[str, str]] = set()

    def quantity(self, quantity: Quantity, coords: Mapping[str, str], depth: int) -> Explanation:
        name, kind = quantity.name, self.book.kinds[quantity.name]
        mine = {dim: coords[dim] for dim in kind.dims if dim in coords}
        key = (name, repr(sorted(mine.items())))
        repeated = key in self.told
        self.told.add(key)
        self.left -= 1
        for each in (self.expected, self.sampled):
            each.compute([name])
        change = self.run.overlay.get(name)
        opened = quantity.tree is not None and not (change and change.kind) and not repeated
        value, by = self.figure(kind.dims, mine, self.expected.array(name), self.sampled.array(name), kind.unit.factor)
        return Explanation(
            name=name,
            label=quantity.label,
            kind=quantity.flow.kind if quantity.flow else quantity.kind,
            coords=mine,
            unit=kind.unit.text,
            value=value,
            by=by,
            formula=quantity.formula,
            substituted=self.substituted(quantity, coords) if quantity.tree is not None else "",
            price=kind.basis,
            source=quantity.source,
            confidence=quantity.confidence,
            note=quantity.note,
            origin=quantity.origin,
            place=quantity.place,
            change=change,
            alternatives=tuple(_alternative(row) for row in quantity.alternatives),
            contributors=self.contributors(quantity, mine) if opened else (),
            inputs=self.inputs(name, coords, depth) if opened else (),
            repeated=repeated,
        )

    def inputs(self, name: str, coords: Mapping[str, str], depth: int) -> tuple[Explanation, ...]:
        if depth <= 0:
            return ()
        needs = [self.book.quantities[other] for other in self.book.needs[name]]
        return tuple(self.quantity(each, coords, depth - 1) for each in needs if self.left > 0)

    def figure(
        self, dims: tuple[str, ...], coords: Mapping[str, str], expected: Array, sampled: Array, factor: float
    ) -> tuple[dict[str, float] | None, dict[str, float]]:
        """The figure at coordinates, or its expected values along the one dimension without a coordinate."""
        missing = [dim for dim in dims if dim not in coords]
        index = self.index(dims, coords)
        if not missing:
            return stats(expected[index] / factor, sampled[index] / factor).at(), {}
        if len(missing) > 1:
            return None, {}
        row = expected[index][..., 0]
        keys = self.book.dimensions[missing[0]].keys
        return None, {key: float(v) / factor for key, v in zip(keys[:200], row[:200], strict=True)}

    def index(self, dims: tuple[str, ...], coords: Mapping[str, str]) -> tuple[Any, ...]:
        return tuple(self.book.dimensions[d].keys.index(coords[d]) if d in coords else slice(None) for d in dims)

    def at(self, value: Value, coords: Mapping[str, str]) -> float | None:
        """The expected value of an expression, None when a coordinate is missing."""
        if any(dim not in coords for dim in value.dims):
            return None
        return float(value.array[self.index(value.dims, coords)][0])

    def substituted(self, quantity: Quantity, coords: Mapping[str, str]) -> str:
        """The formula with the values of its names put in, where the coordinates give one."""
        text = unicodedata.normalize("NFC", quantity.formula)
        assert quantity.tree is not None
        places = [n for n in walk(quantity.tree) if isinstance(n, Name)]
        for node in sorted(places, key=lambda n: n.start, reverse=True):
            shown = self.shown(node.name, coords)
            if shown:
                text = text[: node.start - 1] + shown + text[node.end - 1 :]
        return text

    def shown(self, name: str, coords: Mapping[str, str]) -> str:
        if name in YEAR_NAMES:
            return coords.get(YEAR, "")
        if name not in self.book.kinds:
            return ""
        kind = self.book.kinds[name]
        found = self.at(Value(kind.dims, self.expected.array(name)), coords)
        if found is None:
            return ""
        number = f"{found / kind.unit.factor:.6g}"
        unit = kind.unit.text
        return f"{number} {unit}" if unit else number

    def contributors(self, quantity: Quantity, coords: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
        """Signed terms of a sum, or the categories that a `sum` adds up, the largest first."""
        tree, kind = quantity.tree, self.book.kinds[quantity.name]
        assert tree is not None
        parts = terms(tree)
        rows: list[dict[str, Any]] = []
        if len(parts) > 1:
            for sign, node in parts:
                found = self.at(self.expected.evaluator.value(node), coords)
                if found is not None:
                    text = quantity.formula[node.start - 1 : node.end - 1]
                    rows.append({"text": text, "value": sign * found / kind.unit.factor, "unit": kind.unit.text})
        elif isinstance(tree, Call) and tree.function == "sum" and len(tree.arguments) == 2:
            rows = self.summed(tree, coords, kind.unit.factor, kind.unit.text)
        return tuple(sorted(rows, key=lambda r: -abs(r["value"]))[:12])

    def summed(self, tree: Call, coords: Mapping[str, str], factor: float, unit: str) -> list[dict[str, Any]]:
        inner: Node = tree.arguments[0]
        along = tree.arguments[1]
        assert isinstance(along, Name)
        dim = YEAR if along.name in YEAR_NAMES else along.name
        value = self.expected.evaluator.value(inner)
        if any(d not in coords and d != dim for d in value.dims):
            return []
        row = value.array[self.index(value.dims, {d: c for d, c in coords.items() if d != dim})][..., 0]
        keys = self.book.dimensions[dim].keys
        return [{"text": k, "value": float(v) / factor, "unit": unit} for k, v in zip(keys, row, strict=True)]

    def result(self, name: str, coords: Mapping[str, str], depth: int) -> Explanation:
        for dim in RESULTS[name]:
            if dim not in coords:
                raise fail("coordinate", Place(self.book.path), name=dim)
        mine = {dim: coords[dim] for dim in RESULTS[name]}
        index = self.index(RESULTS[name], mine)
        money = self.run.money
        expected, sampled = (np.asarray(getattr(o, name)) for o in (self.run.expected, self.run.sampled))
        rows = [row for row in (self.posted(flow.name, name, mine) for flow in self.run.expected.flows) if row]
        rows.sort(key=lambda r: -abs(r["value"]))
        flows = [self.book.quantities[row["text"]] for row in rows]
        rate = self.book.quantities.get(self.book.discount_rate)
        if rate is not None and name in ("npv", "total"):
            flows.append(rate)
        deep = depth > 0
        return Explanation(
            name=name,
            label=_RESULT_LABELS[name],
            kind="result",
            coords=mine,
            unit=self.book.currency.text,
            value=stats(money(expected[index]), money(sampled[index])).at(),
            by={},
            price=self.book.price_year,
            origin=self.book.name,
            contributors=tuple(rows),
            inputs=tuple(self.quantity(q, mine, depth - 1) for q in flows if self.left > 0) if deep else (),
        )

    def posted(self, flow_name: str, result: str, coords: Mapping[str, str]) -> dict[str, Any] | None:
        """What one flow adds to a result, with sign, in the book's currency."""
        outputs = self.run.expected
        flow = next(f for f in outputs.flows if f.name == flow_name)
        amount = flow.amount[..., 0]
        holder = coords.get(HOLDER, "")
        if result in ("total", "resource"):
            if flow.kind != "resource":
                return None
            by_year = amount.sum(axis=0) if amount.ndim == 2 else amount
            by_year = by_year if result == "resource" else -by_year
        else:
            row = self.book.holders.index(holder)
            parts = [
                sign * (amount[row] if side == HOLDER else (amount.sum(axis=0) if amount.ndim == 2 else amount))
                for side, sign in ((flow.payer, -1.0), (flow.receiver, 1.0))
                if side in (holder, HOLDER)
            ]
            if not parts:
                return None
            by_year = sum(parts[1:], parts[0])
        if result in ("cash", "resource"):
            value = float(by_year[self.book.dimensions[YEAR].keys.index(coords[YEAR])])
        else:
            value = float((by_year * outputs.factors[:, 0]).sum())
        return {
            "text": flow_name,
            "label": flow.label.as_dict(),
            "value": value / self.book.currency.factor,
            "unit": self.book.currency.text,
        }


def _alternative(row: Any) -> dict[str, Any]:
    keys = ("name", "value", "in_basis", "price", "source", "confidence")
    return {**{key: getattr(row, key) for key in keys}, "note": row.note.as_dict()}
