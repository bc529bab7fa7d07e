# SPDX-License-Identifier: EUPL-1.2
"""One `[quantity.NAME]` of a book → `Quantity`. The keys are a table: `KEYS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from helhet.core.book import distributions, limits, parser, units, values
from helhet.core.book.model import (
    NOMINAL,
    NONE,
    Alternative,
    Dimension,
    Distribution,
    Flow,
    Quantity,
    Range,
)
from helhet.core.book.problems import Findings, Place, fail, nearest
from helhet.core.book.source import Source
from helhet.core.book.units import Unit

#: Keys of a quantity and what they hold; the language reference shows this table.
KEYS: dict[str, str] = {
    "name": "namn (när [[quantity]] används)",
    "label": "text på svenska och engelska",
    "unit": "enhet",
    "price": "prisnivå: nominal, none eller ett årtal (fast pris)",
    "dims": "dimensioner, i den ordning tabellen är skriven",
    "number": "ett tal",
    "table": "tal per kategori",
    "distribution": "en fördelning",
    "formula": "en formel",
    "range": "reglage: min, max, low, high, step",
    "group": "rubrik som antagandet står under",
    "source": "källa",
    "confidence": "published, estimate eller assumption",
    "note": "anmärkning",
    "alternatives": "andra publicerade värden",
    "flow": "transfer, resource eller effect",
    "payer": "den som betalar",
    "receiver": "den som tar emot",
    "affects": "den grupp som berörs",
    "unit_value": "storhet med kronor per enhet",
    "better": "more eller less",
    "rebase": "index: räknar om prisnivå { from, to }",
}
CONTENT = ("number", "table", "distribution", "formula")
CONFIDENCE = ("published", "estimate", "assumption")
FLOWS = ("transfer", "resource", "effect")


@dataclass(slots=True)
class Reading:
    """What reading one file's quantities needs: the file, the book they belong to, dimensions and units."""

    source: Source
    origin: str
    price_year: str
    dimensions: Mapping[str, Dimension]
    own_units: frozenset[str]
    findings: Findings

    def unit(self, text: str, place: Place) -> Unit:
        unit = units.parse(text, self.own_units)
        if unit is None:
            near = nearest(text, units.names())
            raise fail("unit-unknown", place, "did-you-mean" if near else "units-own", unit=text, near=near)
        return unit


def read(name: str, data: Mapping[str, object], reading: Reading) -> Quantity:
    """Read one quantity; raises `BookError` with its first fault."""
    place = reading.source.place(name)
    _keys(name, data, reading)
    present = [key for key in CONTENT if key in data]
    if len(present) != 1:
        raise fail("one-content", place)
    content = present[0]
    at = reading.source.place(name, content)

    def text(key: str) -> str:
        return values.text(data.get(key, ""), key, reading.source.place(name, key))

    unit = reading.unit(text("unit"), reading.source.place(name, "unit"))
    dims = _dims(data, name, reading)
    over = [reading.dimensions[d] for d in dims or ()]
    confidence = text("confidence")
    if confidence and confidence not in CONFIDENCE:
        raise fail("confidence", reading.source.place(name, "confidence"), text=confidence)
    quantity = Quantity(
        name=name,
        label=values.label(data.get("label", name), "label", place),
        origin=reading.origin,
        place=at,
        unit=unit,
        unit_written="unit" in data,
        price=_price(data.get("price"), unit, content, reading, place),
        dims=dims if dims is not None or content == "formula" else (),
        range=_range(data["range"], reading.source.place(name, "range")) if "range" in data else None,
        group=values.label(data.get("group", ""), "group", reading.source.place(name, "group")),
        source=text("source"),
        confidence=confidence,
        note=values.label(data.get("note", ""), "note", reading.source.place(name, "note")),
        alternatives=_alternatives(data, unit, reading, name),
        flow=_flow(data, place),
        rebase=_rebase(data, place),
    )
    return _with_content(quantity, content, data[content], over, at)


def _keys(name: str, data: Mapping[str, object], reading: Reading) -> None:
    for key in data:
        if key not in KEYS:
            near = reading.findings.near(key, KEYS)
            hint = "did-you-mean" if near else ""
            reading.findings.add("unknown-key", reading.source.place(name, key), hint, key=key, near=near)


def _with_content(q: Quantity, content: str, value: object, over: list[Dimension], at: Place) -> Quantity:
    if content == "formula":
        formula = values.text(value, "formula", at)
        return replace(q, kind="formula", formula=formula, tree=parser.parse(formula, at))
    if content == "distribution":
        spread = _distribution(values.table(value, "distribution", at), over, q.unit, at)
        return replace(q, kind="distribution", distribution=spread)
    if content == "number" and not isinstance(value, int | float | str):
        raise fail("number", at, text=value)
    if content == "table" and not over:
        raise fail("required", at, key="dims")
    array = values.array(value, over, at) * q.unit.factor
    return replace(q, kind="table" if over else "number", values=array)


def _dims(data: Mapping[str, object], name: str, reading: Reading) -> tuple[str, ...] | None:
    if "dims" not in data:
        return None
    place = reading.source.place(name, "dims")
    dims = tuple(values.texts(data["dims"], "dims", place))
    for dim in dims:
        if dim not in reading.dimensions:
            near = nearest(dim, reading.dimensions)
            raise fail("dimension-unknown", place, "did-you-mean" if near else "", name=dim, near=near)
    if len(set(dims)) != len(dims):
        raise fail("wrong-kind", place, key="dims", expected="olika dimensioner")
    return dims


def basis(value: object, place: Place) -> str:
    """A price basis: `nominal`, `none` or a year. Raises `BookError`."""
    if isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2200:
        return str(value)
    if value in (NOMINAL, NONE):
        return str(value)
    raise fail("basis", place, text=value)


def _price(value: object, unit: Unit, content: str, reading: Reading, place: Place) -> str:
    """Written basis; money without one is in the book's price year; formulas are inferred (empty text)."""
    if value is not None:
        return basis(value, reading.source.place(place.quantity, "price"))
    if content == "formula":
        return ""
    return reading.price_year if unit.power_of(units.MONEY) else NONE


def _range(value: object, place: Place) -> Range:
    data = values.table(value, "range", place)
    least, most = (values.number(data.get(key), place) for key in ("min", "max"))
    low = values.number(data.get("low", least), place)
    high = values.number(data.get("high", most), place)
    step = values.number(data.get("step", (most - least) / 100), place)
    if not least < most or not least <= low <= high <= most or step <= 0:
        raise fail("range", place)
    return Range(least, most, low, high, step)


def _alternatives(data: Mapping[str, object], unit: Unit, reading: Reading, name: str) -> tuple[Alternative, ...]:
    rows = data.get("alternatives", [])
    place = reading.source.place(name, "alternatives")
    if not isinstance(rows, list) or len(rows) > limits.SCENARIOS:
        raise fail("wrong-kind", place, key="alternatives", expected="[[…]]")
    found: list[Alternative] = []
    own = _price(data.get("price"), unit, "number", reading, place)
    for index, row in enumerate(rows, start=1):
        row = values.table(row, "alternatives", place)
        value = values.number(row.get("value"), place)
        price = basis(row["price"], place) if "price" in row else own
        same = value if price == own else None
        stated = values.number(row["in_basis"], place) if "in_basis" in row else same
        words = {k: values.text(row.get(k, ""), k, place) for k in ("name", "source", "confidence")}
        note = values.label(row.get("note", ""), "note", place)
        found.append(
            Alternative(words["name"] or str(index), value, stated, price, words["source"], words["confidence"], note)
        )
    return tuple(found)


def _flow(data: Mapping[str, object], place: Place) -> Flow | None:
    if "flow" not in data:
        return None
    kind = values.text(data["flow"], "flow", place)
    words = {k: values.text(data.get(k, ""), k, place) for k in ("payer", "receiver", "unit_value", "better")}
    affects = values.label(data.get("affects", ""), "affects", place)
    if kind == "transfer":
        return Flow("transfer", words["payer"], words["receiver"])
    if kind == "resource":
        return Flow("resource", words["payer"])
    if kind == "effect":
        return Flow("effect", group=affects, unit_value=words["unit_value"], better=_better(words["better"], place))
    near = nearest(kind, FLOWS)
    raise fail("flow-kind", place, "did-you-mean" if near else "", kind=kind, near=near)


def _better(text: str, place: Place) -> Literal["", "more", "less"]:
    if text == "more":
        return "more"
    if text == "less":
        return "less"
    if text:
        raise fail("wrong-kind", place, key="better", expected="more, less")
    return ""


def _rebase(data: Mapping[str, object], place: Place) -> tuple[str, str] | None:
    if "rebase" not in data:
        return None
    pair = values.table(data["rebase"], "rebase", place)
    return basis(pair.get("from"), place), basis(pair.get("to"), place)


def _distribution(data: Mapping[str, object], over: list[Dimension], unit: Unit, place: Place) -> Distribution:
    kind = values.text(data.get("kind", ""), "kind", place)
    row = distributions.BY_KIND.get(kind)
    if row is None:
        near = nearest(kind, distributions.BY_KIND)
        raise fail("distribution-kind", place, "did-you-mean" if near else "", kind=kind or "?", near=near)
    given = set(data) - {"kind", "ratios"}
    wanted = next((names for names in row.parameters if given == set(names)), None)
    if wanted is None:
        choices = " / ".join(", ".join(names) for names in row.parameters)
        raise fail("distribution", place, detail=f"{kind}: {choices}")
    parameters = {key: values.array(data[key], over, place) * unit.factor for key in wanted}
    found = Distribution(kind, parameters, _ratios(data, place))
    wrong = distributions.fault(found)
    if wrong:
        raise fail("distribution", place, detail=wrong)
    return found


def _ratios(data: Mapping[str, object], place: Place) -> tuple[float, ...]:
    rows = data.get("ratios", [])
    if not isinstance(rows, list) or len(rows) > limits.RATIOS:
        raise fail("wrong-kind", place, key="ratios", expected="[1.0, …]")
    return tuple(values.number(item, place) for item in rows)


__all__ = ["CONFIDENCE", "CONTENT", "FLOWS", "KEYS", "Reading", "basis", "read"]
