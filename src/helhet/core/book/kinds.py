# SPDX-License-Identifier: EUPL-1.2
"""The type of an expression: dimensions, unit and price basis, found before anything runs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from helhet.core.book import units
from helhet.core.book.functions import BY_NAME, TAKES_DIMENSIONS
from helhet.core.book.model import NONE, YEAR, Book, Kind
from helhet.core.book.problems import BookError, Findings, Place, fail
from helhet.core.book.syntax import Binary, Call, Name, Negative, Node, Number
from helhet.core.book.units import MONEY, PLAIN, TIME, Unit

#: Names under which the year is written in formulas.
YEAR_NAMES = (YEAR, "år")
_YEARS = ((TIME, 1),)


@dataclass(frozen=True, slots=True)
class Type:
    """Type of one expression. `literal`: a number written in the formula, which fits any dimensions;
    `zero`: it fits any unit; `calendar`: in years, so that a plain literal beside it means years."""

    dims: frozenset[str] = frozenset()
    unit: Unit = PLAIN
    basis: str = NONE
    literal: bool = False
    zero: bool = False
    calendar: bool = False
    rebase: tuple[str, str] | None = None


class Typer:
    """Infers types in one formula, given the kinds of the quantities it names."""

    def __init__(self, book: Book, place: Place, findings: Findings) -> None:
        self.book = book
        self.place = place
        self.findings = findings
        self.widest = 1

    def type_of(self, node: Node) -> Type:
        """The type of `node`; raises `BookError` at the first fault. Keeps the size of the widest part."""
        found = self._type_of(node)
        self.widest = max(self.widest, math.prod(len(self.book.dimensions[d]) for d in found.dims))
        return found

    def _type_of(self, node: Node) -> Type:
        match node:
            case Number():
                return self.number(node)
            case Name():
                return self.name(node)
            case Negative(operand=operand):
                return replace(self.type_of(operand), rebase=None)
            case Binary():
                return self.binary(node)
            case Call():
                return self.call(node)

    def number(self, node: Number) -> Type:
        unit = units.parse(node.unit, self.book.own_units)
        if unit is None:
            near = self.findings.near(node.unit, units.names())
            hint = "did-you-mean" if near else "units-own"
            raise fail("unit-unknown", self.place.at(node.start), hint, unit=node.unit, near=near)
        basis = self.book.price_year if unit.power_of(MONEY) else NONE
        zero = node.value == 0 and unit.plain
        return Type(unit=units.base(dict(unit.dims)), basis=basis, literal=True, zero=zero)

    def name(self, node: Name) -> Type:
        if node.name in YEAR_NAMES:
            return Type(frozenset({YEAR}), units.base({TIME: 1}), calendar=True)
        dimension = self.book.dimensions.get(node.name)
        if dimension is not None and dimension.numbers:
            return Type(frozenset({node.name}))
        kind = self.book.kinds.get(node.name)
        if kind is None and node.name in self.book.quantities:
            raise BookError([])  # its own fault has been told already
        if kind is None:
            near = self.findings.near(node.name, self.book.quantities)
            hint = "did-you-mean" if near else ""
            raise fail("name-unknown", self.place.at(node.start), hint, name=node.name, near=near)
        rebase = self.book.quantities[node.name].rebase
        calendar = kind.unit.dims == _YEARS and kind.unit.factor == 1
        return Type(
            frozenset(kind.dims), units.base(dict(kind.unit.dims)), kind.basis, calendar=calendar, rebase=rebase
        )

    def binary(self, node: Binary) -> Type:
        left, right = self.type_of(node.left), self.type_of(node.right)
        place = self.place.at(node.at)
        match node.operator:
            case "+" | "-":
                return self.matched([left, right], place)
            case "*" | "/":
                return self.product(left, right, 1 if node.operator == "*" else -1, place)
            case "^":
                return self.power(left, right, node.right, place)
            case _:
                self.same(left, right, place)
                return Type(left.dims | right.dims)

    def matched(self, parts: list[Type], place: Place, free: frozenset[str] = frozenset()) -> Type:
        """Parts of a sum, of min, max or of the branches of if: equal dimensions (but for `free`), unit and basis."""
        total = parts[0]
        for part in parts[1:]:
            if not (total.literal or part.literal) and total.dims - free != part.dims - free:
                raise self.differing(total, part, place)
            unit, basis = self.same(total, part, place)
            total = Type(
                total.dims | part.dims,
                unit,
                basis,
                literal=total.literal and part.literal,
                zero=total.zero and part.zero,
                calendar=total.calendar or part.calendar,
            )
        return replace(total, rebase=None)

    def differing(self, left: Type, right: Type, place: Place) -> BookError:
        missing = sorted(left.dims ^ right.dims)
        words = [", ".join(sorted(t.dims)) or "ett enda värde" for t in (left, right)]
        return fail("dimensions-differ", place, "use-over", left=words[0], right=words[1], missing="; ".join(missing))

    def same(self, left: Type, right: Type, place: Place) -> tuple[Unit, str]:
        """Unit and price basis that both have; a literal zero fits all, a plain literal fits years."""
        if left.zero:
            return right.unit, right.basis
        if right.zero:
            return left.unit, left.basis
        if left.calendar and right.literal and right.unit.plain:
            return left.unit, left.basis
        if right.calendar and left.literal and left.unit.plain:
            return right.unit, right.basis
        if left.unit.dims != right.unit.dims:
            hint = "literal-unit" if left.literal or right.literal else "convert-unit"
            raise fail("units-differ", place, hint, left=_shown(left.unit), right=_shown(right.unit))
        if left.basis != right.basis:
            raise fail("basis-differs", place, "use-index", left=left.basis, right=right.basis)
        return left.unit, left.basis

    def product(self, left: Type, right: Type, sign: int, place: Place) -> Type:
        unit = left.unit.times(right.unit, sign)
        basis = self.rebased(left, right, sign, place)
        if basis is None:
            found = {t.basis for t in (left, right) if t.basis != NONE}
            if len(found) > 1:
                one, two = sorted(found)
                raise fail("basis-differs", place, "use-index", left=one, right=two)
            basis = found.pop() if found and unit.power_of(MONEY) else NONE
        return Type(
            left.dims | right.dims,
            unit,
            basis,
            literal=left.literal and right.literal,
            zero=left.zero or (right.zero and sign > 0),
        )

    def rebased(self, left: Type, right: Type, sign: int, place: Place) -> str | None:
        """The basis after multiplying by an index that converts prices, None when neither part is one."""
        for index, money in ((right, left), (left, right)):
            if index.rebase is None or money.basis == NONE:
                continue
            if sign < 0 and index is left:
                continue
            come, go = index.rebase if sign > 0 else index.rebase[::-1]
            if money.basis != come:
                raise fail("basis-differs", place, "use-index", left=money.basis, right=come)
            return go
        return None

    def power(self, left: Type, right: Type, exponent: Node, place: Place) -> Type:
        if not right.unit.plain and right.unit.dims != _YEARS:
            raise fail("unit-not-plain", place, what="^", unit=_shown(right.unit))
        dims = left.dims | right.dims
        if left.unit.plain:
            return Type(dims, literal=left.literal and right.literal)
        sign = -1 if isinstance(exponent, Negative) else 1
        inner = exponent.operand if isinstance(exponent, Negative) else exponent
        if not isinstance(inner, Number) or inner.unit or inner.value != int(inner.value) or inner.value > 9:
            raise fail("unit-power", place)
        return Type(dims, left.unit.raised(sign * int(inner.value)), left.basis)

    def call(self, node: Call) -> Type:
        function = BY_NAME.get(node.function)
        place = self.place.at(node.start)
        if function is None:
            near = self.findings.near(node.function, BY_NAME)
            raise fail("function-unknown", place, "did-you-mean" if near else "", name=node.function, near=near)
        count = len(node.arguments)
        if count < function.least or (function.most and count > function.most):
            raise fail("arguments", place, name=function.name, expected=function.expected, found=count)
        if function.name in TAKES_DIMENSIONS:
            return self.along(node, place)
        parts = [self.type_of(argument) for argument in node.arguments]
        match function.name:
            case "if":
                if not parts[0].unit.plain:
                    raise fail("unit-not-plain", place, what="if", unit=_shown(parts[0].unit))
                branch = self.matched(parts[1:], place, free=parts[0].dims)
                return replace(branch, dims=branch.dims | parts[0].dims, literal=False, zero=False)
            case "window":
                for part in parts:
                    if not (part.unit.dims == _YEARS or (part.literal and part.unit.plain)):
                        raise fail("unit-not-year", place, "literal-unit", what="window", unit=_shown(part.unit))
                return Type(parts[0].dims | parts[1].dims | {YEAR})
            case "npv":
                return self.npv(parts[0], parts[1], place)
            case _:
                return self.matched(parts, place)

    def along(self, node: Call, place: Place) -> Type:
        """`sum` and `over`: the arguments after the first name dimensions."""
        total = self.type_of(node.arguments[0])
        for argument in node.arguments[1:]:
            at = self.place.at(argument.start)
            if not isinstance(argument, Name):
                raise fail("argument-dimension", at)
            name = YEAR if argument.name in YEAR_NAMES else argument.name
            if name not in self.book.dimensions:
                near = self.findings.near(name, self.book.dimensions)
                raise fail("dimension-unknown", at, "did-you-mean" if near else "", name=name, near=near)
            if node.function == "over":
                if name in total.dims:
                    raise fail("dimension-present", at, name=name)
                total = replace(total, dims=total.dims | {name}, literal=False, rebase=None)
            else:
                if name not in total.dims:
                    raise fail("dimension-absent", at, "use-over", name=name, missing=name)
                total = replace(_gathered(total, name), dims=total.dims - {name})
        return total

    def npv(self, flow: Type, rate: Type, place: Place) -> Type:
        if YEAR not in flow.dims:
            raise fail("dimension-absent", place, name=YEAR)
        if not (rate.unit.plain or rate.unit.dims == ((TIME, -1),)):
            raise fail("unit-not-plain", place, what="npv", unit=_shown(rate.unit))
        return replace(_gathered(flow, YEAR), dims=(flow.dims | rate.dims) - {YEAR})


def _gathered(part: Type, dimension: str) -> Type:
    """Summed over years, an amount per year becomes the amount."""
    unit = part.unit
    if dimension == YEAR and unit.power_of(TIME) < 0:
        unit = unit.times(units.base({TIME: 1}))
    return replace(part, unit=unit, literal=False, zero=False, calendar=False, rebase=None)


def _shown(unit: Unit) -> str:
    return unit.label() or "ett tal utan enhet"


def ordered(book: Book, dims: frozenset[str]) -> tuple[str, ...]:
    """Dimensions in the book's order: holder first, year last."""
    return tuple(name for name in book.dimensions if name in dims)


def kind_of(book: Book, found: Type, unit: Unit) -> Kind:
    return Kind(ordered(book, found.dims), unit, found.basis)
