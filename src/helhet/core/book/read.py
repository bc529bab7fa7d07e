# SPDX-License-Identifier: EUPL-1.2
"""TOML data of a book and the books it uses → one `Book`, not yet checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from helhet.core.book import limits, quantities, units, values
from helhet.core.book.functions import BY_NAME
from helhet.core.book.model import (
    HOLDER,
    NONE,
    OUTSIDE,
    YEAR,
    Book,
    Category,
    Decision,
    Dimension,
    Label,
    Option,
    Scenario,
)
from helhet.core.book.problems import BookError, Findings, Place, fail
from helhet.core.book.source import Source, digest

TOP = ("book", "use", "dimensions", "quantity", "scenario", "decision", "alternative")
BOOK_KEYS = (
    "name",
    "title",
    "description",
    "price_year",
    "years",
    "discount_rate",
    "npv_year",
    "currency",
    "use",
    "units",
    "matter",
)
CHANGES = ("set", "fix", "scale", "shift", "table", "choose")
_RESERVED = frozenset({YEAR, "år", *BY_NAME})


def assemble(sources: list[Source], findings: Findings) -> Book:
    """Merge files (the main one last) into a book. Faults are collected in `findings`, never raised."""
    main = sources[-1]
    book = Book(path=main.path, hash=digest(sources), files={s.path: s.text for s in sources})
    for step in (_head, _dimensions):
        try:
            step(book, sources, findings)
        except BookError as error:
            findings.extend(error)
    if YEAR not in book.dimensions:
        book.dimensions = {**book.dimensions, YEAR: _years([0, 0], main.place())}
    for source in sources:
        _quantities(book, source, findings)
        for reader in (_scenarios, _choices):
            try:
                reader(book, source, source is main, findings)
            except BookError as error:
                findings.extend(error)
    return book


def name_of(source: Source) -> str:
    """The name a file gives its book, or its path without ending."""
    head = source.data.get("book")
    if isinstance(head, Mapping) and isinstance(head.get("name"), str):
        return unicodedata.normalize("NFC", head["name"][: limits.NAME_CHARS])
    return source.path.rsplit("/", 1)[-1].removesuffix(".toml")


def _head(book: Book, sources: list[Source], findings: Findings) -> None:
    main = sources[-1]
    place = main.place()
    for key in main.data:
        if key not in TOP:
            near = findings.near(key, TOP)
            findings.add("unknown-key", place, "did-you-mean" if near else "", key=key, near=near)
    book.name = name_of(main)
    book.currency = units.parse("MSEK") or units.PLAIN
    head = values.table(main.data.get("book", {}), "book", place)
    for key in head:
        if key not in BOOK_KEYS:
            near = findings.near(key, BOOK_KEYS)
            findings.add("unknown-key", place, "did-you-mean" if near else "", key=key, near=near)
    book.name = values.name(head.get("name", book.name), place)
    book.title = values.label(head.get("title", book.name), "title", place)
    book.description = values.label(head.get("description", ""), "description", place)
    book.own_units = frozenset(u for s in sources for u in _own_units(s))
    if "price_year" in head:
        book.price_year = quantities.basis(head["price_year"], place)
    currency = values.text(head.get("currency", "MSEK"), "currency", place)
    unit = units.parse(currency)
    if unit is None or unit.dims != ((units.MONEY, 1),):
        raise fail("unit-unknown", place, unit=currency)
    book.currency = unit
    book.discount_rate = values.text(head.get("discount_rate", ""), "discount_rate", place)
    book.matter = values.text(head.get("matter", ""), "matter", place)


def _own_units(source: Source) -> list[str]:
    head = source.data.get("book")
    written = head.get("units", []) if isinstance(head, Mapping) else []
    found = values.texts(written, "units", source.place())
    return [values.name(unit, source.place()) for unit in found[: limits.SCENARIOS]]


def _dimensions(book: Book, sources: list[Source], findings: Findings) -> None:
    main = sources[-1]
    head = main.data.get("book", {})
    found: dict[str, Dimension] = {}
    where: dict[str, str] = {}
    for source in sources:
        table = values.table(source.data.get("dimensions", {}), "dimensions", source.place())
        for raw, value in table.items():
            name = values.name(raw, source.place())
            if name == YEAR:
                raise fail("name-reserved", source.place(), name=name)
            dimension = _dimension(name, value, source.place())
            if name in found and name == HOLDER:
                known = set(found[name].keys)
                more = tuple(c for c in dimension.categories if c.key not in known)
                dimension = replace(dimension, categories=found[name].categories + more)
            elif name in found and found[name].keys != dimension.keys:
                raise fail("dimension-differs", source.place(), name=name, file=where[name])
            found[name] = dimension
            where[name] = source.path
    if len(found) >= limits.DIMENSIONS:
        raise fail("too-many", main.place(), what="dimensioner", limit=limits.DIMENSIONS)
    holders = found.pop(HOLDER, None)
    ordered = {HOLDER: _with_outside(holders, main.place())} if holders else {}
    years = _years(head.get("years", [0, 0]) if isinstance(head, Mapping) else [0, 0], main.place())
    book.dimensions = {**ordered, **found, YEAR: years}
    base = head.get("npv_year", int(years.numbers[0])) if isinstance(head, Mapping) else 0
    book.npv_year = int(values.number(base, main.place()))
    if abs(book.npv_year - years.numbers[0]) > limits.YEARS:
        raise fail("years", main.place())


def _years(value: object, place: Place) -> Dimension:
    if not isinstance(value, list) or len(value) != 2:
        raise fail("years", place)
    first, last = (values.number(v, place) for v in value)
    if first != int(first) or last != int(last) or not first <= last < first + limits.YEARS or abs(first) > 9999:
        raise fail("years", place)
    numbers = range(int(first), int(last) + 1)
    return Dimension(
        YEAR, tuple(Category(str(n), Label(str(n))) for n in numbers), tuple(map(float, numbers)), Label("år", "year")
    )


def _dimension(name: str, value: object, place: Place) -> Dimension:
    if isinstance(value, Mapping) and set(value) == {"from", "to"}:
        first, last = (values.number(value[k], place) for k in ("from", "to"))
        count = int(last) - int(first) + 1
        if not 1 <= count <= limits.CATEGORIES:
            raise fail("too-many", place, what="kategorier", limit=limits.CATEGORIES)
        numbers = range(int(first), int(last) + 1)
        return Dimension(name, tuple(Category(str(n), Label(str(n))) for n in numbers), tuple(map(float, numbers)))
    if not isinstance(value, list) or not value:
        raise fail("wrong-kind", place, key=name, expected='["…", "…"]')
    if len(value) > limits.CATEGORIES:
        raise fail("too-many", place, what="kategorier", limit=limits.CATEGORIES)
    categories = tuple(_category(item, name, place) for item in value)
    keys = {c.key for c in categories}
    if len(keys) < len(categories):
        raise fail("name-taken", place, name=name, file=place.file)
    _tree(categories, place)
    return Dimension(name, categories)


def _category(item: object, name: str, place: Place) -> Category:
    if isinstance(item, str):
        key = values.text(item, name, place)
        return Category(_bounded(key, place), Label(key))
    row = values.table(item, name, place)
    key = _bounded(values.text(row.get("key"), "key", place), place)
    sv, en, parent = (values.text(row.get(k, ""), k, place) for k in ("sv", "en", "parent"))
    return Category(key, Label(sv or key, en), parent)


def _bounded(key: str, place: Place) -> str:
    if not 1 <= len(key) <= limits.NAME_CHARS or not key.isprintable():
        raise fail("name", place, name=key or "?")
    return key


def _tree(categories: tuple[Category, ...], place: Place) -> None:
    above = {c.key: c.parent for c in categories}
    for key in above:
        seen = {key}
        at = above[key]
        while at:
            if at not in above:
                raise fail("parent", place, name=key, parent=at)
            if at in seen:
                raise fail("parent-cycle", place, name=key)
            seen.add(at)
            at = above[at]


def _with_outside(holders: Dimension, place: Place) -> Dimension:
    if OUTSIDE in holders.keys:
        raise fail("name-reserved", place, name=OUTSIDE)
    outside = Category(OUTSIDE, Label("Omvärlden", "The outside"))
    return replace(holders, categories=(*holders.categories, outside), label=Label("hållare", "holder"))


def _quantities(book: Book, source: Source, findings: Findings) -> None:
    head = source.data.get("book")
    price = head.get("price_year", NONE) if isinstance(head, Mapping) else NONE
    try:
        own_price = quantities.basis(price, source.place())
        rows = _rows(source)
    except BookError as error:
        findings.extend(error)
        return
    reading = quantities.Reading(source, name_of(source), own_price, book.dimensions, book.own_units, findings)
    for raw, data in rows:
        try:
            name = values.name(raw, source.place(raw))
            if name in _RESERVED or name in book.dimensions:
                raise fail("name-reserved", source.place(name), name=name)
            if name in book.quantities:
                raise fail("name-taken", source.place(name), name=name, file=book.quantities[name].place.file)
            if len(book.quantities) >= limits.QUANTITIES:
                raise fail("too-many", source.place(), what="storheter", limit=limits.QUANTITIES)
            book.quantities[name] = quantities.read(name, data, reading)
        except BookError as error:
            findings.extend(error)
            if len(findings.items) >= limits.PROBLEMS:
                return


def _rows(source: Source) -> list[tuple[str, Mapping[str, object]]]:
    written = source.data.get("quantity", {})
    place = source.place()
    if isinstance(written, list):
        tables = [values.table(row, "quantity", place) for row in written]
        return [(values.name(row.get("name", ""), place), row) for row in tables]
    table = values.table(written, "quantity", place)
    return [(unicodedata.normalize("NFC", name), values.table(row, name, place)) for name, row in table.items()]


def changes(row: Mapping[str, object], place: Place) -> dict[str, object]:
    """The part of a scenario or option that says what it changes."""
    found: dict[str, object] = {}
    for key in CHANGES:
        if key in row:
            found[key] = values.table(row[key], key, place)
    return found


def _scenarios(book: Book, source: Source, own: bool, findings: Findings) -> None:
    place = source.place()
    table = values.table(source.data.get("scenario", {}), "scenario", place)
    for raw, row in table.items():
        row = values.table(row, "scenario", place)
        name = values.name(raw, place)
        if name in book.scenarios:
            raise fail("name-taken", place, name=name, file=source.path)
        if len(book.scenarios) >= limits.SCENARIOS:
            raise fail("too-many", place, what="scenarier", limit=limits.SCENARIOS)
        label = values.label(row.get("label", name), "label", place)
        on = values.text(row.get("on", ""), "on", place)
        note = values.text(row.get("note", ""), "note", place)
        book.scenarios[name] = Scenario(name, label, on, changes(row, place), note)


def _choices(book: Book, source: Source, own: bool, findings: Findings) -> None:
    if not own:
        return
    place = source.place()
    book.options = _options(source.data.get("alternative", []), "alternative", place)
    rows = source.data.get("decision", [])
    if not isinstance(rows, list):
        raise fail("wrong-kind", place, key="decision", expected="[[decision]]")
    for row in rows[: limits.SCENARIOS]:
        row = values.table(row, "decision", place)
        name = values.name(row.get("name", ""), place)
        holder = values.text(row.get("holder", ""), "holder", place)
        if HOLDER not in book.dimensions or holder not in book.holders:
            near = findings.near(holder, book.holders)
            hint = "did-you-mean" if near else ""
            raise fail("flow-holder", place, hint, role="den som beslutar", name=holder or "?", near=near)
        options = _options(row.get("options", []), "options", place)
        if len(options) < 2:
            raise fail("decision", place, name=name)
        reference = values.text(row.get("reference", options[0].name), "reference", place)
        if reference not in {o.name for o in options}:
            raise fail("name-unknown", place, name=reference)
        label = values.label(row.get("label", name), "label", place)
        book.decisions.append(Decision(name, label, holder, tuple(options), reference))


def _options(rows: object, key: str, place: Place) -> list[Option]:
    if not isinstance(rows, list) or len(rows) > limits.SCENARIOS:
        raise fail("wrong-kind", place, key=key, expected="[[…]]")
    found: list[Option] = []
    for row in rows:
        row = values.table(row, key, place)
        name = values.name(row.get("name", ""), place)
        if name in {o.name for o in found}:
            raise fail("name-taken", place, name=name, file=place.file)
        found.append(Option(name, values.label(row.get("label", name), "label", place), changes(row, place)))
    return found
