# SPDX-License-Identifier: EUPL-1.2
"""Formula text → tokens. Decimal comma and `;` are read as people in Sweden write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from helhet.core.book import limits
from helhet.core.book.problems import Place, fail

Kind = Literal["number", "name", "operator", "open", "close", "separator", "percent", "unit", "end"]

_NAME = re.compile(r"[^\W\d]\w*")
_SPACE = re.compile(r"[\s\u00a0\u2009\u202f]+")
_GROUP = "\u00a0\u2009\u202f"
_DIGITS = rf"\d+(?:[{_GROUP}]\d{{3}})*"
_POINT = re.compile(rf"(?:{_DIGITS})(?:\.\d+)?(?:[eE][+-]?\d{{1,3}})?|\.\d+(?:[eE][+-]?\d{{1,3}})?")
_COMMA = re.compile(rf"(?:{_DIGITS})(?:[.,]\d+)?(?:[eE][+-]?\d{{1,3}})?|[.,]\d+(?:[eE][+-]?\d{{1,3}})?")
_UNIT = re.compile(r"\[([^\[\]]{0,60})\]")
_OPERATORS = ("<=", ">=", "<>", "!=", "==", "+", "-", "*", "/", "^", "<", ">", "=")
_SAME = {"==": "=", "!=": "<>", "≤": "<=", "≥": ">=", "≠": "<>", "−": "-", "–": "-", "·": "*", "×": "*", "÷": "/"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int


def tokens(text: str, place: Place) -> list[Token]:
    """Split a formula into tokens.

    With `;` anywhere in the formula every comma between digits is decimal. Without it a comma separates
    arguments inside the parentheses of a function and is decimal elsewhere. Raises `BookError`.
    """
    if len(text) > limits.FORMULA_CHARS:
        raise fail("formula-long", place)
    found: list[Token] = []
    calls: list[bool] = []
    always_comma = ";" in text
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        decimal = always_comma or not any(calls)
        token = _token(text, at, decimal, place)
        if token.text == "(":
            calls.append(bool(found) and found[-1].kind == "name" and found[-1].end == token.start)
        elif token.text == ")" and calls:
            calls.pop()
        found.append(token)
        at = token.end - 1
        if len(found) > limits.FORMULA_TOKENS:
            raise fail("formula-long", place)
    found.append(Token("end", "", len(text) + 1, len(text) + 1))
    return found


def _token(text: str, at: int, decimal: bool, place: Place) -> Token:
    char = text[at]
    number = (_COMMA if decimal else _POINT).match(text, at)
    if number and (char.isdecimal() or char in ".,"):
        plain = re.sub(rf"[{_GROUP}]", "", number[0]).replace(",", ".")
        return Token("number", plain, at + 1, number.end() + 1)
    name = _NAME.match(text, at)
    if name:
        return Token("name", name[0], at + 1, name.end() + 1)
    unit = _UNIT.match(text, at)
    if unit:
        return Token("unit", unit[1], at + 1, unit.end() + 1)
    simple: dict[str, Kind] = {"(": "open", ")": "close", ",": "separator", ";": "separator", "%": "percent"}
    if char in simple:
        return Token(simple[char], char, at + 1, at + 2)
    for operator in _OPERATORS:
        if text.startswith(operator, at):
            return Token("operator", _SAME.get(operator, operator), at + 1, at + len(operator) + 1)
    if char in _SAME:
        return Token("operator", _SAME[char], at + 1, at + 2)
    raise fail("character", place.at(at + 1), found=char)
