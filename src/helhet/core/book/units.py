# SPDX-License-Identifier: EUPL-1.2
"""Units of a book: a closed table, read by a small parser of our own and resolved by pint while compiling.

Arrays never carry units. A value is held in base units (kr, år, MWh, ton …) and shown in its declared unit.
User text never reaches pint: its own parser would compute powers of any size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pint

from helhet.core.book import limits


class UnitRow(NamedTuple):
    """One unit: the key in pint, its definition there, and the names people write (the first is shown)."""

    key: str
    definition: str
    names: tuple[str, ...]


#: Attributes as data: the whole list of units; `docs/reference/book.md` shows it and a test compares them.
TABLE: tuple[UnitRow, ...] = (
    UnitRow("krona", "[money]", ("kr", "SEK", "kronor")),
    UnitRow("oere", "krona / 100", ("öre",)),
    UnitRow("tkr", "1000 * krona", ("kkr", "tkr", "kSEK")),
    UnitRow("msek", "1000000 * krona", ("MSEK", "Mkr", "mnkr")),
    UnitRow("gsek", "1000000000 * krona", ("Mdkr", "mdkr", "GSEK", "mdr")),
    UnitRow("aar", "[time]", ("år", "year", "yr", "years")),
    UnitRow("manad", "aar / 12", ("månad", "mån", "month")),
    UnitRow("timme", "aar / 8760", ("h", "timme", "timmar", "hour")),
    UnitRow("dygn", "24 * timme", ("dygn", "dag", "dagar", "day")),
    UnitRow("vecka", "7 * dygn", ("vecka", "week")),
    UnitRow("minut", "timme / 60", ("minut", "min", "minute")),
    UnitRow("megawattimme", "[energy]", ("MWh",)),
    UnitRow("wattimme", "megawattimme / 1000000", ("Wh",)),
    UnitRow("kilowattimme", "megawattimme / 1000", ("kWh",)),
    UnitRow("gigawattimme", "1000 * megawattimme", ("GWh",)),
    UnitRow("terawattimme", "1000000 * megawattimme", ("TWh",)),
    UnitRow("gigajoule", "megawattimme / 3.6", ("GJ",)),
    UnitRow("megajoule", "gigajoule / 1000", ("MJ",)),
    UnitRow("megawatt", "megawattimme / timme", ("MW",)),
    UnitRow("kilowatt", "kilowattimme / timme", ("kW",)),
    UnitRow("watt", "wattimme / timme", ("W",)),
    UnitRow("ton", "[mass]", ("ton", "t")),
    UnitRow("kiloton", "1000 * ton", ("kton", "kt")),
    UnitRow("kilogram", "ton / 1000", ("kg",)),
    UnitRow("tonco", "[climate]", ("tCO2e", "tCO2", "tonCO2", "tonCO2e")),
    UnitRow("kiloco", "tonco / 1000", ("kgCO2e", "kgCO2")),
    UnitRow("ktonco", "1000 * tonco", ("ktCO2e", "ktCO2")),
    UnitRow("meter", "[length]", ("m", "meter", "metre")),
    UnitRow("kilometer", "1000 * meter", ("km",)),
    UnitRow("mil", "10000 * meter", ("mil",)),
    UnitRow("millimeter", "meter / 1000", ("mm",)),
    UnitRow("kvadratmeter", "meter ** 2", ("m2", "m²", "kvm")),
    UnitRow("hektar", "10000 * meter ** 2", ("ha", "hektar")),
    UnitRow("kvadratkilometer", "1000000 * meter ** 2", ("km2", "km²")),
    UnitRow("kubikmeter", "meter ** 3", ("m3", "m³")),
    UnitRow("liter", "meter ** 3 / 1000", ("liter", "l")),
    UnitRow("person", "[people]", ("person", "personer", "people", "invånare", "elev", "barn")),
    UnitRow("bostad", "[dwelling]", ("bostad", "bostäder", "flat", "lägenhet", "lägenheter", "home")),
    UnitRow("hushall", "[household]", ("hushåll", "household")),
    UnitRow("jobb", "[job]", ("jobb", "job", "årsarbetare", "arbetstillfälle")),
    UnitRow("besok", "[visit]", ("besök", "visit", "visits")),
    UnitRow("resa", "[trip]", ("resa", "resor", "trip")),
    UnitRow("olycka", "[accident]", ("olycka", "olyckor", "accident")),
    UnitRow("fordon", "[vehicle]", ("fordon", "vehicle", "bil")),
    UnitRow("armatur", "[luminaire]", ("armatur", "armaturer", "luminaire")),
    UnitRow("styck", "[piece]", ("st", "styck", "piece")),
    UnitRow("qaly", "[quality_year]", ("QALY",)),
    UnitRow("poang", "[point]", ("poäng", "point", "points")),
    UnitRow("procent", "0.01", ("%", "procent", "percent")),
    UnitRow("promille", "0.001", ("‰", "promille")),
)

MONEY = "[money]"
TIME = "[time]"
_NAMES: dict[str, str] = {name: row.key for row in TABLE for name in row.names}
_BASE_TEXT = {row.definition: row.names[0] for row in TABLE if row.definition.startswith("[")}
_TERM = re.compile(r"\s*(?P<name>[^\W\d_][\w]*[²³]?|%|‰|1)\s*(?:\^\s*(?P<power>-?\d))?\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a factor to base units and powers of base dimensions; `text` is how it is shown."""

    dims: tuple[tuple[str, int], ...] = ()
    factor: float = 1.0
    text: str = ""

    @property
    def plain(self) -> bool:
        """True for a number without unit (also per cent)."""
        return not self.dims

    def power_of(self, dimension: str) -> int:
        return dict(self.dims).get(dimension, 0)

    def same_kind(self, other: Unit) -> bool:
        return self.dims == other.dims

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """Product (sign 1) or quotient (sign −1), in base units."""
        powers = dict(self.dims)
        for name, power in other.dims:
            powers[name] = powers.get(name, 0) + sign * power
        return base(powers)

    def raised(self, power: int) -> Unit:
        return base({name: p * power for name, p in self.dims})

    def label(self) -> str:
        """Text to show; an empty string for a plain number."""
        return self.text


PLAIN = Unit()


def base(powers: dict[str, int]) -> Unit:
    """The base unit with these powers and its text, such as `kr/MWh`."""
    dims = tuple(sorted((n, p) for n, p in powers.items() if p))
    above = [_written(n, p) for n, p in dims if p > 0]
    below = [_written(n, -p) for n, p in dims if p < 0]
    text = "*".join(above) or ("1" if below else "")
    return Unit(dims, 1.0, text + "".join("/" + b for b in below))


def parse(text: str, own: frozenset[str] = frozenset()) -> Unit | None:
    """Read a unit such as `kr/MWh` or `ton*km`; `own` are the book's own counting units. None when unknown."""
    text = text.strip()
    if len(text) > limits.UNIT_CHARS:
        return None
    if text in ("", "1"):
        return PLAIN
    source = text.replace(" per ", "/").replace("·", "*").replace("−", "-")
    at, sign, total, factor = 0, 1, dict[str, int](), 1.0
    while True:
        match = _TERM.match(source, at)
        if match is None:
            return None
        unit = _named(match["name"], own)
        power = sign * int(match["power"] or 1)
        if unit is None:
            return None
        for name, p in unit.dims:
            total[name] = total.get(name, 0) + p * power
        factor *= unit.factor**power
        at = match.end()
        if at == len(source):
            break
        if source[at] not in "*/":
            return None
        sign = 1 if source[at] == "*" else -1
        at += 1
    dims = tuple(sorted((n, p) for n, p in total.items() if p))
    return Unit(dims, factor, text)


def names() -> list[str]:
    """Every unit name that a book may write."""
    return list(_NAMES)


def is_name(text: str) -> bool:
    return text in _NAMES


def _written(dimension: str, power: int) -> str:
    text = _BASE_TEXT.get(dimension, dimension.strip("[]"))
    if power == 1:
        return text
    return text + {2: "²", 3: "³"}.get(power, f"^{power}")


def _named(name: str, own: frozenset[str]) -> Unit | None:
    if name == "1":
        return PLAIN
    if name in own:
        return Unit(((f"[{name}]", 1),), 1.0, name)
    key = _NAMES.get(name)
    return _resolved(key) if key else None


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry:  # type: ignore[type-arg]
    registry: pint.UnitRegistry = pint.UnitRegistry(None)  # type: ignore[type-arg]
    for row in TABLE:
        registry.define(f"{row.key} = {row.definition}")
    return registry


@lru_cache(maxsize=256)
def _resolved(key: str) -> Unit:
    quantity = _registry().Quantity(1.0, key)
    factor = float(quantity.to_base_units().magnitude)
    dims = tuple(sorted((str(d), int(str(p))) for d, p in quantity.dimensionality.items()))
    return Unit(dims, factor, key)
