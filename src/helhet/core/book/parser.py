# SPDX-License-Identifier: EUPL-1.2
"""Pratt parser of formulas: tokens → syntax tree, with positions and a bound on depth. Nothing is evaluated."""

from __future__ import annotations

import math
import unicodedata

from helhet.core.book import functions, limits, units
from helhet.core.book.lexer import Token, tokens
from helhet.core.book.problems import BookError, Place, fail
from helhet.core.book.syntax import Binary, Call, Name, Negative, Node, Number, children

_POWER = {"=": 10, "<>": 10, "<": 10, ">": 10, "<=": 10, ">=": 10, "+": 20, "-": 20, "*": 30, "/": 30, "^": 50}
_PREFIX = 40


def parse(text: str, place: Place | None = None) -> Node:
    """Parse one formula. Raises `BookError` with the column where reading stopped."""
    place = place or Place()
    text = unicodedata.normalize("NFC", text[: limits.FORMULA_CHARS + 1])
    return _Parser(tokens(text, place), place).formula()


class _Parser:
    def __init__(self, stream: list[Token], place: Place) -> None:
        self.stream = stream
        self.place = place
        self.at = 0
        self.nested = 0
        self.depths: dict[int, int] = {}

    @property
    def here(self) -> Token:
        return self.stream[self.at]

    def take(self) -> Token:
        token = self.stream[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def expected(self, what: str) -> BookError:
        found = self.here.text or ("slutet" if self.here.kind == "end" else "?")
        return fail("syntax", self.place.at(self.here.start), expected=what, found=found)

    def formula(self) -> Node:
        node = self.expression(0)
        if self.here.kind != "end":
            raise self.expected("+ - * / ^")
        return node

    def expression(self, power: int) -> Node:
        self.nested += 1
        if self.nested > limits.FORMULA_DEPTH:
            raise fail("formula-deep", self.place.at(self.here.start))
        left = self.prefix()
        while self.here.kind == "operator":
            operator = self.here
            binding = _POWER[operator.text]
            if binding <= power:
                break
            self.take()
            right = self.expression(binding - 1 if operator.text == "^" else binding)
            left = self.made(Binary(operator.text, left, right, left.start, right.end, operator.start))
        self.nested -= 1
        return left

    def made(self, node: Node) -> Node:
        """Keep the depth of the tree, which a long chain of operators deepens without nesting calls."""
        parts = [self.depths.get(id(child), 1) for child in children(node)]
        depth = 1 + max(parts, default=0)
        self.depths[id(node)] = depth
        if depth > limits.FORMULA_DEPTH:
            raise fail("formula-deep", self.place.at(node.start))
        return node

    def prefix(self) -> Node:
        token = self.here
        if token.kind == "number":
            return self.number()
        if token.kind == "name":
            return self.named()
        if token.kind == "open":
            self.take()
            inside = self.expression(0)
            if self.here.kind != "close":
                raise self.expected(")")
            self.take()
            return inside
        if token.kind == "operator" and token.text in "+-":
            self.take()
            operand = self.expression(_PREFIX)
            if token.text == "+":
                return operand
            return self.made(Negative(operand, token.start, operand.end))
        raise self.expected("ett tal, ett namn eller (")

    def number(self) -> Node:
        token = self.take()
        value = float(token.text)
        if not math.isfinite(value) or abs(value) > limits.NUMBER:
            raise fail("number", self.place.at(token.start), text=token.text)
        following = self.here
        if following.kind == "percent":
            self.take()
            return Number(value, "%", token.start, following.end)
        if following.kind == "unit":
            self.take()
            return Number(value, following.text, token.start, following.end)
        if following.kind == "name" and units.is_name(following.text):
            self.take()
            return Number(value, following.text, token.start, following.end)
        return Number(value, "", token.start, token.end)

    def named(self) -> Node:
        token = self.take()
        if self.stream[self.at].kind != "open":
            return Name(token.text, token.start, token.end)
        self.take()
        arguments: list[Node] = []
        if self.here.kind != "close":
            arguments.append(self.expression(0))
            while self.here.kind == "separator":
                self.take()
                arguments.append(self.expression(0))
        if self.here.kind != "close":
            raise self.expected(") eller ;")
        end = self.take().end
        function = functions.ALIASES.get(token.text, token.text)
        return self.made(Call(function, tuple(arguments), token.start, end))
