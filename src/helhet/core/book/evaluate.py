# SPDX-License-Identifier: EUPL-1.2
"""The reference interpreter: a checked formula → an array. It defines what every faster tier must equal.

Arrays have one axis per dimension in the book's order and a last axis of samples (length 1 where nothing is uncertain).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helhet.core.book import units
from helhet.core.book.kinds import YEAR_NAMES
from helhet.core.book.model import YEAR, Array, Book
from helhet.core.book.syntax import Binary, Call, Name, Negative, Node, Number

_BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}


@dataclass(frozen=True, slots=True)
class Value:
    dims: tuple[str, ...]
    array: Array


class Evaluator:
    """Evaluates formulas of a checked book; `lookup` gives the array of a named quantity in base units."""

    def __init__(self, book: Book, lookup: Callable[[str], Array]) -> None:
        self.book = book
        self.lookup = lookup
        self.rank = {name: i for i, name in enumerate(book.dimensions)}

    def value(self, node: Node) -> Value:
        """The value of `node`, in base units."""
        match node:
            case Number(value=number, unit=unit):
                found = units.parse(unit, self.book.own_units) or units.PLAIN
                return Value((), np.array([number * found.factor]))
            case Name(name=name):
                return self.named(name)
            case Negative(operand=operand):
                inner = self.value(operand)
                return Value(inner.dims, -inner.array)
            case Binary(operator=operator, left=left, right=right):
                return self.met(_BINARY[operator], [self.value(left), self.value(right)])
            case Call():
                return self.call(node)

    def named(self, name: str) -> Value:
        name = YEAR if name in YEAR_NAMES else name
        dimension = self.book.dimensions.get(name)
        if dimension is not None:
            return Value((name,), np.array(dimension.numbers)[:, np.newaxis])
        return Value(self.book.kinds[name].dims, self.lookup(name))

    def call(self, node: Call) -> Value:
        if node.function in ("sum", "over"):
            value = self.value(node.arguments[0])
            for argument in node.arguments[1:]:
                assert isinstance(argument, Name)
                dim = YEAR if argument.name in YEAR_NAMES else argument.name
                value = self.summed(value, dim) if node.function == "sum" else self.spread(value, dim)
            return value
        parts = [self.value(argument) for argument in node.arguments]
        match node.function:
            case "if":
                dims = self.union(parts)
                condition, a, b = (self.aligned(part, dims) for part in parts)
                return Value(dims, np.where(condition != 0, a, b))
            case "min":
                return self.folded(np.minimum, parts)
            case "max":
                return self.folded(np.maximum, parts)
            case "window":
                return self.window(parts[0], parts[1])
            case "npv":
                return self.npv(parts[0], parts[1])
        raise AssertionError(node.function)

    def union(self, parts: list[Value]) -> tuple[str, ...]:
        found = {dim for part in parts for dim in part.dims}
        return tuple(sorted(found, key=self.rank.__getitem__))

    def aligned(self, value: Value, dims: tuple[str, ...]) -> Array:
        """The array with an axis of length one for each dimension it lacks."""
        if value.dims == dims:
            return value.array
        shape = value.array.shape
        axes = dict(zip(value.dims, shape, strict=False))
        return value.array.reshape(*(axes.get(dim, 1) for dim in dims), shape[-1])

    def met(self, operation: Callable[[Array, Array], Array], parts: list[Value]) -> Value:
        dims = self.union(parts)
        left, right = (self.aligned(part, dims) for part in parts)
        result = operation(left, right)
        return Value(dims, result if result.dtype == np.float64 else result.astype(np.float64))

    def folded(self, operation: Callable[[Array, Array], Array], parts: list[Value]) -> Value:
        total = parts[0]
        for part in parts[1:]:
            total = self.met(operation, [total, part])
        return total

    def summed(self, value: Value, dim: str) -> Value:
        axis = value.dims.index(dim)
        return Value(value.dims[:axis] + value.dims[axis + 1 :], value.array.sum(axis=axis))

    def spread(self, value: Value, dim: str) -> Value:
        dims = self.union([value, Value((dim,), value.array)])
        array = self.aligned(value, dims)
        shape = (*self.book.shape(dims), array.shape[-1])
        return Value(dims, np.broadcast_to(array, shape))

    def window(self, start: Value, end: Value) -> Value:
        year = self.named(YEAR)
        open_ = self.met(np.greater_equal, [year, start])
        return self.met(np.multiply, [open_, self.met(np.less, [year, end])])

    def npv(self, flow: Value, rate: Value) -> Value:
        factors = Value(self.union([rate, self.named(YEAR)]), self.factors(rate))
        return self.summed(self.met(np.multiply, [flow, factors]), YEAR)

    def factors(self, rate: Value) -> Array:
        dims = self.union([rate, self.named(YEAR)])
        return discount(self.aligned(rate, dims), self.book.years, self.book.npv_year)


def discount(rate: Array, years: tuple[int, ...], base: int) -> Array:
    """Discount factors, shape (…, years, samples), from rates of shape (…, years or 1, samples).

    The factor is 1 in the year `base`; the rate of a year discounts from that year to the year before. Beyond the years of the
    book its first or last rate holds.
    """
    steps = np.arange(years[0], years[-1] + 1) - base
    if rate.shape[-2] == 1:
        return np.power(1.0 + rate, -steps[:, np.newaxis].astype(np.float64))
    growth = 1.0 + rate
    through = np.cumprod(growth, axis=-2)
    at = base - years[0]
    if at < 0:
        anchor = np.power(growth[..., :1, :], at + 1)
    elif at < len(years):
        anchor = through[..., at : at + 1, :]
    else:
        anchor = through[..., -1:, :] * np.power(growth[..., -1:, :], at - len(years) + 1)
    return np.asarray(anchor / through)
