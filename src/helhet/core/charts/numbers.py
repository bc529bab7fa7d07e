# SPDX-License-Identifier: EUPL-1.2
"""Numbers as people read them: thin spaces, decimal comma and a true minus in Swedish.

English has comma thousands and a decimal point. Finnish, Northern Sámi and Meänkieli write numbers as Swedish does.
Values that are missing, NaN or infinite become an en dash, never zero.
"""

import math
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from helhet.core.charts.units import unit_text

THIN: Final = "\u202f"  # narrow no-break space, between thousands
HARD: Final = "\u00a0"  # no-break space, between number and unit
MINUS: Final = "\u2212"
MISSING: Final = "\u2013"

Number = int | float | Decimal

_BETWEEN: Final = {"sv": "till", "en": "to", "fi": "–", "se": "–", "fit": "–"}


def is_number(value: object) -> bool:
    """True for a finite int, float or Decimal (and not for booleans)."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, int):
        return True
    try:
        return math.isfinite(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return False


def fitting_decimals(value: Number) -> int:
    """Decimals that suit a lone number: none from 100 up, one from 1, two below; none for whole numbers."""
    size = abs(float(value)) if not isinstance(value, int) else abs(value)
    if size >= 100 or size == int(size):
        return 0
    return 1 if size >= 1 else 2


def number(value: Number | None, decimals: int | None = None, *, language: str = "sv", signed: bool = False) -> str:
    """Write a number. ``decimals=None`` chooses what suits its size; ``signed`` writes + before what is above zero.

    Rounds half away from zero, as people do; what rounds to zero has no sign.
    """
    if value is None or not is_number(value):
        return MISSING
    places = fitting_decimals(value) if decimals is None else max(0, decimals)
    digits = _digits(value, places)
    whole, _, part = digits.partition(".")
    if not language.startswith("en"):
        whole, mark = whole.replace(",", THIN), ","
    else:
        mark = "."
    sign = "" if not digits.strip("0.") else MINUS if value < 0 else "+" if signed else ""
    return f"{sign}{whole}{mark}{part}" if part else f"{sign}{whole}"


def _digits(value: Number, places: int) -> str:
    """The size of a number with so many decimals, half rounded up: “1,234.5”."""
    if isinstance(value, float):
        shortest = repr(abs(value))
        fraction = shortest.partition(".")[2]
        if "e" not in shortest and not (len(fraction) == places + 1 and fraction[-1] == "5"):
            return f"{abs(value):,.{places}f}"  # no half to round, so the quick way says the same
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    try:
        rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:  # more digits than the context holds: nobody reads its decimals
        rounded = Decimal(int(exact))
    return f"{abs(rounded):,f}"


def interval(
    low: Number | None,
    high: Number | None,
    decimals: int | None = None,
    *,
    language: str = "sv",
    signed: bool = False,
) -> str:
    """“−142 till −3”. Unsigned numbers above zero are joined by an en dash: “245–320”."""
    if decimals is None:
        decimals = max((fitting_decimals(v) for v in (low, high) if v is not None and is_number(v)), default=0)
    first = number(low, decimals, language=language, signed=signed)
    last = number(high, decimals, language=language, signed=signed)
    if not signed and MINUS not in first + last:
        return f"{first}–{last}"
    word = _BETWEEN.get(language[:2] if language != "fit" else "fit", "till")
    return f"{first} {word} {last}"


def quantity(
    value: Number | None,
    unit: str = "",
    decimals: int | None = None,
    *,
    language: str = "sv",
    signed: bool = False,
) -> str:
    """A number and its unit in the reader's language, never parted at a line end: “−73 MSEK”, “3,5 %”."""
    text = number(value, decimals, language=language, signed=signed)
    words = unit if unit == "%" else unit_text(unit, language)
    return f"{text}{HARD}{words.replace(' ', HARD)}" if unit and text != MISSING else text


def msek(value: Number | None, decimals: int | None = None, *, language: str = "sv", signed: bool = False) -> str:
    """An amount in SEK written in millions: 73 400 000 → “73,4 MSEK”; whole from 100 MSEK up."""
    if value is None or not is_number(value):
        return MISSING
    millions = Decimal(str(value)) / 1_000_000
    places = decimals if decimals is not None else (0 if abs(millions) >= 100 else 1)
    return quantity(millions, "MSEK", places, language=language, signed=signed)
