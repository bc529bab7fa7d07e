# SPDX-License-Identifier: EUPL-1.2
"""The syntax tree of a formula. Positions are columns of the formula, counted from 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    unit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node
    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    start: int
    end: int


Node = Number | Name | Negative | Binary | Call


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, the whole first."""
    waiting: list[Node] = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(children(here)))


def children(node: Node) -> tuple[Node, ...]:
    """The parts of one node from left to right."""
    match node:
        case Negative(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def canonical(node: Node) -> str:
    """A text that is equal for formulas that mean the same token by token; used in content hashes."""
    match node:
        case Number(value=value, unit=unit):
            return f"{value!r}{{{unit}}}"
        case Name(name=name):
            return name
        case Negative(operand=operand):
            return f"(-{canonical(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({canonical(left)}{operator}{canonical(right)})"
        case Call(function=function, arguments=arguments):
            return f"{function}({';'.join(canonical(a) for a in arguments)})"


def terms(node: Node) -> list[tuple[int, Node]]:
    """The signed terms of a sum: `a + b − c` gives (1, a), (1, b), (−1, c)."""
    waiting: list[tuple[int, Node]] = [(1, node)]
    found: list[tuple[int, Node]] = []
    while waiting:
        sign, here = waiting.pop()
        if isinstance(here, Binary) and here.operator in "+-":
            waiting.append((sign if here.operator == "+" else -sign, here.right))
            waiting.append((sign, here.left))
        elif isinstance(here, Negative):
            waiting.append((-sign, here.operand))
        else:
            found.append((sign, here))
    return found
