# SPDX-License-Identifier: EUPL-1.2
"""Units in words: books and tables name them in Swedish, and whoever reads English reads “50,000 tonnes per year”."""

import re
from typing import Final

#: Swedish word → English (one, several). What stands after “per” or a stroke is one.
_ENGLISH: Final[dict[str, tuple[str, str]]] = {
    "%": ("per cent", "per cent"),
    "procent": ("per cent", "per cent"),
    "kr": ("kr", "kr"),
    "kkr": ("kkr", "kkr"),
    "kronor": ("kronor", "kronor"),
    "per": ("per", "per"),
    "år": ("year", "years"),
    "månad": ("month", "months"),
    "månader": ("month", "months"),
    "vecka": ("week", "weeks"),
    "veckor": ("week", "weeks"),
    "dygn": ("day", "days"),
    "dag": ("day", "days"),
    "dagar": ("day", "days"),
    "timme": ("hour", "hours"),
    "timmar": ("hour", "hours"),
    "h": ("h", "h"),
    "ton": ("tonne", "tonnes"),
    "kg": ("kg", "kg"),
    "m": ("m", "m"),
    "km": ("km", "km"),
    "person": ("person", "people"),
    "personer": ("person", "people"),
    "invånare": ("resident", "residents"),
    "hushåll": ("household", "households"),
    "bostad": ("home", "homes"),
    "bostäder": ("home", "homes"),
    "byggnad": ("building", "buildings"),
    "byggnader": ("building", "buildings"),
    "plats": ("place", "places"),
    "platser": ("place", "places"),
    "besök": ("visit", "visits"),
    "resa": ("journey", "journeys"),
    "resor": ("journey", "journeys"),
    "olycka": ("accident", "accidents"),
    "olyckor": ("accident", "accidents"),
    "armatur": ("lamp", "lamps"),
    "armaturer": ("lamp", "lamps"),
    "st": ("piece", "pieces"),
}
_SYMBOL: Final = re.compile(r"(?=.*[A-Z0-9²³])\S+")
_PARTS: Final = re.compile(r"([ */·]+)")
#: How books write some units, and how people do.
_WRITTEN: Final = (
    (re.compile(r"\bt(?=CO2)"), "ton "),
    (re.compile(r"\b(k?ton|kg)(?=CO2)"), r"\1 "),
    (re.compile(r"\bm2\b"), "m²"),
    (re.compile(r"\bm3\b"), "m³"),
)


def unit_text(unit: str, language: str) -> str:
    """``unit`` as the reader writes it: “kr/ton” → “kr/tonne”, “kr/m2” → “kr/m²”. An unknown word stays Swedish."""
    for form, people in _WRITTEN:
        unit = form.sub(people, unit)
    if not language.startswith("en"):
        return unit
    found, one = [], False
    for part in _PARTS.split(unit):
        if _PARTS.fullmatch(part):
            one = one or "/" in part
            found.append(part)
            continue
        words = _ENGLISH.get(part) or ((part, part) if _SYMBOL.fullmatch(part) else None)
        if words is None:
            return unit
        found.append(words[0] if one else words[1])
        one = part == "per"
    return "".join(found)
