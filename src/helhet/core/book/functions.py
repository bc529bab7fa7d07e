# SPDX-License-Identifier: EUPL-1.2
"""The closed list of functions: names, arguments and help. Attributes as data; the language reference follows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language; `most` is 0 when any number of arguments may follow."""

    name: str
    aliases: tuple[str, ...]
    least: int
    most: int
    form: str
    sv: str
    en: str

    @property
    def expected(self) -> str:
        if self.most == self.least:
            return str(self.least)
        return f"{self.least}–{self.most}" if self.most else f"≥ {self.least}"


TABLE: tuple[Function, ...] = (
    Function(
        "if",
        ("om",),
        3,
        3,
        "if(condition; a; b)",
        "a där villkoret gäller, annars b.",
        "a where the condition holds, otherwise b.",
    ),
    Function(
        "min",
        (),
        1,
        0,
        "min(a; b; …)",
        "Det minsta av värdena, element för element.",
        "The smallest of the values, element by element.",
    ),
    Function(
        "max",
        (),
        1,
        0,
        "max(a; b; …)",
        "Det största av värdena, element för element.",
        "The largest of the values, element by element.",
    ),
    Function(
        "sum",
        ("summa",),
        2,
        0,
        "sum(x; dimension)",
        "Summan över en eller flera dimensioner. Över year blir per år till hela beloppet.",
        "The sum over one or more dimensions. Over year, an amount per year becomes the whole amount.",
    ),
    Function(
        "over",
        ("lika",),
        2,
        0,
        "over(x; dimension)",
        "Samma värde för varje kategori i dimensionen: uttrycklig utbredning.",
        "The same value for every category of the dimension: an explicit broadcast.",
    ),
    Function(
        "window",
        ("fönster",),
        2,
        2,
        "window(start; end)",
        "1 från och med året start till men inte med året end, annars 0.",
        "1 from the year start up to but not including the year end, otherwise 0.",
    ),
    Function(
        "npv",
        ("nuvärde",),
        2,
        2,
        "npv(x; rate)",
        "Nuvärdet över åren; nuvärdesåret diskonteras inte.",
        "The present value over the years; the base year is not discounted.",
    ),
)

BY_NAME: dict[str, Function] = {function.name: function for function in TABLE}
ALIASES: dict[str, str] = {alias: function.name for function in TABLE for alias in function.aliases}
#: Functions whose arguments after the first are names of dimensions.
TAKES_DIMENSIONS = frozenset({"sum", "over"})
