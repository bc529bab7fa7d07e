# SPDX-License-Identifier: EUPL-1.2
"""What a book is once it has been read: quantities, dimensions, flows, scenarios, choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from helhet.core.book.problems import BookError, Place, Problem
from helhet.core.book.syntax import Node
from helhet.core.book.units import PLAIN, Unit

Array = NDArray[np.float64]
YEAR = "year"
HOLDER = "holder"
OUTSIDE = "outside"
NOMINAL = "nominal"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Label:
    """A text in Swedish and English; an empty language falls back to the other."""

    sv: str = ""
    en: str = ""

    def text(self, lang: str = "sv") -> str:
        return (self.en or self.sv) if lang == "en" else (self.sv or self.en)

    def as_dict(self) -> dict[str, str]:
        return {"sv": self.text("sv"), "en": self.text("en")}


@dataclass(frozen=True, slots=True)
class Category:
    key: str
    label: Label
    parent: str = ""


@dataclass(frozen=True)
class Dimension:
    """A named list (or tree) of categories; for `year` and numeric dimensions `numbers` holds their values."""

    name: str
    categories: tuple[Category, ...]
    numbers: tuple[float, ...] = ()
    label: Label = Label()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(category.key for category in self.categories)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The numbers of the dimension `year`."""
        return tuple(int(number) for number in self.numbers)

    def __len__(self) -> int:
        return len(self.categories)


@dataclass(frozen=True, slots=True)
class Distribution:
    """An uncertain input. `kind` names a row of `distributions.TABLE`; parameters are in base units,
    each an array over the quantity's dimensions (shape () or those of the dimensions)."""

    kind: str
    parameters: Mapping[str, Array]
    ratios: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another published value for the same quantity. `value` and `price` are as published; `in_basis` is the
    value restated in the quantity's own price basis, None where that has not been done and would be needed."""

    name: str
    value: float
    in_basis: float | None
    price: str
    source: str
    confidence: str
    note: Label


@dataclass(frozen=True, slots=True)
class Range:
    """A slider in the quantity's declared unit; `low` and `high` bound what is likely."""

    least: float
    most: float
    low: float
    high: float
    step: float


@dataclass(frozen=True, slots=True)
class Flow:
    """What moves: a transfer (payer → receiver), a resource (paid for something real) or an effect on a group."""

    kind: Literal["transfer", "resource", "effect"]
    payer: str = ""
    receiver: str = ""
    group: Label = Label()
    unit_value: str = ""
    better: Literal["", "more", "less"] = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One named quantity as written. Exactly one of `values`, `distribution`, `formula` holds its content;
    `values` and distribution parameters are in base units, with the shape of `dims`."""

    name: str
    label: Label
    origin: str
    place: Place
    unit: Unit = PLAIN
    unit_written: bool = False
    price: str = ""
    dims: tuple[str, ...] | None = None
    kind: Literal["number", "table", "distribution", "formula"] = "number"
    values: Array | None = None
    distribution: Distribution | None = None
    formula: str = ""
    tree: Node | None = None
    range: Range | None = None
    group: Label = Label()
    source: str = ""
    confidence: str = ""
    note: Label = Label()
    alternatives: tuple[Alternative, ...] = ()
    flow: Flow | None = None
    rebase: tuple[str, str] | None = None

    @property
    def is_input(self) -> bool:
        return self.kind != "formula"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the checks found a quantity to be: dimensions (in the book's order), unit, price basis."""

    dims: tuple[str, ...] = ()
    unit: Unit = PLAIN
    basis: str = NONE


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a decision, or an alternative: a name and what it changes."""

    name: str
    label: Label
    changes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Decision:
    """Options between which one holder decides; `reference` is what happens if nothing is decided."""

    name: str
    label: Label
    holder: str
    options: tuple[Option, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    label: Label
    on: str
    changes: Mapping[str, object]
    note: str = ""


@dataclass(slots=True)
class Book:
    """A book that has been read and checked. `problems` may hold errors; then `require` raises and nothing runs.

    `kinds` (by quantity), `order` (inputs before what uses them), `keys` (content hashes) and `widest` (elements of the
    largest subexpression) are filled by the checks. `kept` holds what the engine has worked out once for the book.
    """

    name: str = ""
    path: str = ""
    title: Label = Label()
    description: Label = Label()
    hash: str = ""
    price_year: str = NONE
    currency: Unit = PLAIN
    npv_year: int = 0
    discount_rate: str = ""
    matter: str = ""
    own_units: frozenset[str] = frozenset()
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    needs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    keys: dict[str, bytes] = field(default_factory=dict)
    widest: dict[str, int] = field(default_factory=dict)
    kept: dict[object, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True when the book has no errors (it may have warnings)."""
        return not any(p.severity == "error" for p in self.problems)

    def require(self) -> Book:
        """The book itself, or `BookError` with its errors."""
        if not self.ok:
            raise BookError([p for p in self.problems if p.severity == "error"])
        return self

    @property
    def years(self) -> tuple[int, ...]:
        return self.dimensions[YEAR].years

    @property
    def holders(self) -> tuple[str, ...]:
        """Holder keys in order; `outside` is last and always there."""
        return self.dimensions[HOLDER].keys if HOLDER in self.dimensions else (OUTSIDE,)

    @property
    def flows(self) -> list[Quantity]:
        """The book's own flows; flows of used books belong to their own case."""
        return [q for q in self.quantities.values() if q.flow is not None and q.origin == self.name]

    def inputs(self) -> list[Quantity]:
        """Numbers, tables and distributions, in the order they are written, the book's own first."""
        return sorted((q for q in self.quantities.values() if q.is_input), key=lambda q: q.origin != self.name)

    def shape(self, dims: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(len(self.dimensions[d]) for d in dims)

    def written_dims(self, name: str) -> tuple[str, ...]:
        """Dimensions in the order that the quantity's own table is written in."""
        dims = self.quantities[name].dims
        return dims if dims is not None else self.kinds[name].dims

    def dependents(self, *names: str) -> set[str]:
        """Every quantity that a change of these can reach, themselves included."""
        reached = set(names)
        for other in self.order:
            if not reached.isdisjoint(self.needs[other]):
                reached.add(other)
        return reached
