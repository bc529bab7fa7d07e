# SPDX-License-Identifier: EUPL-1.2
"""All checks of a book, made before anything runs."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from helhet.core.book import limits, overlay
from helhet.core.book.kinds import Type, Typer, ordered
from helhet.core.book.model import HOLDER, NONE, YEAR, Book, Kind, Quantity
from helhet.core.book.problems import BookError, Findings, Place, fail, nearest
from helhet.core.book.syntax import Name, canonical, walk
from helhet.core.book.units import MONEY, TIME, Unit

#: Changes whenever the same book could give other figures.
ENGINE_VERSION = "1"


#: What the roles of a flow are called in messages.
_ROLES = {"payer": "betalaren", "receiver": "mottagaren"}


def check(book: Book, findings: Findings) -> None:
    """Fill `order`, `needs`, `kinds` and `keys` of the book and collect what is wrong with it."""
    _order(book, findings)
    for name in book.order:
        quantity = book.quantities[name]
        try:
            kind = _kind(book, quantity, findings)
            _bounded(book, kind, quantity)
            book.kinds[name] = kind
            if quantity.flow is not None:
                _flow(book, quantity, kind)
        except BookError as error:
            findings.extend(error)
    _rate(book, findings)
    _sources(book, findings)
    _overlays(book, findings)
    book.problems = findings.items
    if book.ok:
        _keys(book)


def _order(book: Book, findings: Findings) -> None:
    """Kahn's order: inputs before what uses them; what is left over goes round."""
    known = book.quantities
    needs: dict[str, tuple[str, ...]] = {}
    for name, quantity in known.items():
        inside = [n.name for n in walk(quantity.tree) if isinstance(n, Name)] if quantity.tree else []
        needs[name] = tuple(dict.fromkeys(n for n in inside if n in known and n not in book.dimensions))
    users: dict[str, list[str]] = {name: [] for name in known}
    waiting = {name: len(used) for name, used in needs.items()}
    for name, used in needs.items():
        for other in used:
            users[other].append(name)
    ready = [name for name, count in waiting.items() if count == 0]
    order: list[str] = []
    while ready:
        name = ready.pop()
        order.append(name)
        for user in users[name]:
            waiting[user] -= 1
            if waiting[user] == 0:
                ready.append(user)
    book.order, book.needs = tuple(order), needs
    left = {name for name, count in waiting.items() if count}
    if left:
        ring = _ring(needs, left)
        findings.add("cycle", known[ring[0]].place, path=" → ".join(ring[:6]))


def _ring(needs: dict[str, tuple[str, ...]], left: set[str]) -> list[str]:
    """One ring among the names that Kahn's order could not place."""
    at = min(left)
    seen: dict[str, int] = {}
    path: list[str] = []
    while at not in seen:
        seen[at] = len(path)
        path.append(at)
        at = next(n for n in needs[at] if n in left)
    return [*path[seen[at] :], at]


def _kind(book: Book, quantity: Quantity, findings: Findings) -> Kind:
    if quantity.tree is None:
        dims = quantity.dims or ()
        return Kind(ordered(book, frozenset(dims)), quantity.unit, quantity.price or NONE)
    typer = Typer(book, quantity.place, findings)
    found = typer.type_of(quantity.tree)
    book.widest[quantity.name] = typer.widest
    if typer.widest > limits.ELEMENTS:
        raise fail("too-large", quantity.place, what=quantity.name)
    found = _with_unit(quantity, found)
    declared = frozenset(quantity.dims) if quantity.dims is not None else None
    if found.literal and declared is not None:
        found = replace(found, dims=declared)
    if declared is not None and declared != found.dims:
        words = [", ".join(sorted(d)) or "inga" for d in (found.dims, declared)]
        missing = "; ".join(sorted(declared ^ found.dims))
        hint = "use-over" if found.dims < declared else "use-sum"
        raise fail("dimensions-declared", quantity.place, hint, found=words[0], declared=words[1], missing=missing)
    if quantity.price and quantity.price != found.basis and not found.zero:
        raise fail("basis-declared", quantity.place, "use-index", found=found.basis, declared=quantity.price)
    unit = quantity.unit if quantity.unit_written else found.unit
    basis = quantity.price or (book.price_year if found.zero and unit.power_of(MONEY) else found.basis)
    return Kind(ordered(book, found.dims), unit, basis)


def _with_unit(quantity: Quantity, found: Type) -> Type:
    """The declared unit must be of the same kind as the formula's."""
    if not quantity.unit_written or found.zero or quantity.unit.dims == found.unit.dims:
        return found
    hint = "literal-unit" if found.unit.plain else "convert-unit"
    declared = quantity.unit.label() or "1"
    raise fail("unit-declared", quantity.place, hint, found=found.unit.label() or "1", declared=declared)


def _bounded(book: Book, kind: Kind, quantity: Quantity) -> None:
    total = 1
    for dim in kind.dims:
        total *= len(book.dimensions[dim])
    if total > limits.ELEMENTS:
        raise fail("too-large", quantity.place, what=quantity.name)


def _money(unit: Unit) -> bool:
    return unit.dims in (((MONEY, 1),), ((MONEY, 1), (TIME, -1)))


def _flow(book: Book, quantity: Quantity, kind: Kind) -> None:
    flow, place = quantity.flow, quantity.place
    assert flow is not None
    if flow.kind == "effect":
        _effect(book, quantity, kind)
        return
    roles = {"payer": flow.payer} | ({"receiver": flow.receiver} if flow.kind == "transfer" else {})
    for role, name in roles.items():
        if not name:
            raise fail("flow-required", place, kind=flow.kind, key=role)
        along = name == HOLDER and HOLDER in kind.dims
        if not along and (HOLDER not in book.dimensions or name not in book.holders):
            near = nearest(name, book.holders)
            raise fail("flow-holder", place, "did-you-mean" if near else "", role=_ROLES[role], name=name, near=near)
    if flow.kind == "transfer" and flow.payer == flow.receiver:
        raise fail("flow-same", place, name=flow.payer)
    if HOLDER in kind.dims and HOLDER not in roles.values():
        raise fail("dimensions-declared", place, "use-sum", found=HOLDER, declared="payer", missing=HOLDER)
    if not _money(kind.unit):
        raise fail("flow-money", place, "convert-unit", unit=kind.unit.label() or "1")
    if YEAR not in kind.dims:
        raise fail("flow-year", place, "use-over", missing=YEAR)
    if quantity.origin == book.name and kind.basis != book.price_year:
        raise fail("flow-basis", place, "use-index", found=kind.basis, declared=book.price_year)


def _effect(book: Book, quantity: Quantity, kind: Kind) -> None:
    flow, place = quantity.flow, quantity.place
    assert flow is not None
    if not flow.group.text():
        raise fail("flow-required", place, kind="effect", key="affects")
    if not flow.unit_value:
        return
    value = book.quantities.get(flow.unit_value)
    if value is None:
        near = nearest(flow.unit_value, book.quantities)
        raise fail("name-unknown", place, "did-you-mean" if near else "", name=flow.unit_value, near=near)
    unit = value.unit.times(kind.unit)
    plain_dims = set(value.dims or ()) <= {YEAR}
    if not value.is_input or not _money(unit) or not plain_dims or value.price != book.price_year:
        raise fail("unit-value", place, name=value.name, unit=kind.unit.label() or "1")


def _rate(book: Book, findings: Findings) -> None:
    money = [q for q in book.flows if q.flow and q.flow.kind != "effect"]
    place = Place(book.path, key="discount_rate")
    if not book.flows:
        findings.add("no-flows", Place(book.path))
    if not book.discount_rate:
        if money:
            findings.add("discount-missing", place)
        return
    if book.discount_rate not in book.quantities:
        near = findings.near(book.discount_rate, book.quantities)
        findings.add("name-unknown", place, "did-you-mean" if near else "", name=book.discount_rate, near=near)
        return
    kind = book.kinds.get(book.discount_rate)
    if kind is None:
        return
    rate = kind.unit.plain or kind.unit.dims == ((TIME, -1),)
    if not rate or not set(kind.dims) <= {YEAR}:
        findings.add("discount-rate", place, name=book.discount_rate)


def _sources(book: Book, findings: Findings) -> None:
    values = {q.flow.unit_value for q in book.quantities.values() if q.flow and q.flow.unit_value}
    for quantity in book.inputs():
        if quantity.source or quantity.confidence == "assumption":
            if quantity.name in values and not quantity.source:
                findings.add("unit-value-unsourced", quantity.place)
            continue
        findings.add("unsourced", quantity.place, "give-source")


def _overlays(book: Book, findings: Findings) -> None:
    for scenario in book.scenarios.values():
        try:
            whole = overlay.resolve(book, scenario.name)
            overlay.validate(book, whole)
        except BookError as error:
            findings.extend(error)
    options = [*book.options, *(o for d in book.decisions for o in d.options)]
    for option in options:
        try:
            overlay.validate(book, overlay.Overlay.reading(option.changes))
        except BookError as error:
            findings.extend(error)
    for quantity in book.quantities.values():
        try:
            for index, row in enumerate(quantity.alternatives, start=1):
                if row.in_basis is not None and quantity.name in book.kinds:
                    overlay.content(book, quantity, overlay.Change("choose", str(index)))
        except BookError as error:
            findings.extend(error)


def _keys(book: Book) -> None:
    """Content hashes of what is written, without what it refers to: the engine adds that by run."""
    for name in book.order:
        quantity, kind = book.quantities[name], book.kinds[name]
        total = hashlib.blake2b(digest_size=16)
        written = f"{quantity.kind}|{quantity.dims}|{quantity.unit.factor}|{kind.unit.dims}"
        total.update(f"{ENGINE_VERSION}|{quantity.origin}|{name}|{written}".encode())
        inside = [n.name for n in walk(quantity.tree) if isinstance(n, Name)] if quantity.tree else []
        for dim in (*kind.dims, *(n for n in inside if n in book.dimensions)):
            total.update(("|" + dim + ":" + ",".join(book.dimensions[dim].keys)).encode())
        if quantity.tree is not None:
            total.update(f"{canonical(quantity.tree)}|{book.npv_year}".encode())
            total.update(",".join(book.dimensions[YEAR].keys).encode())
        if quantity.values is not None:
            total.update(quantity.values.tobytes())
        if quantity.distribution is not None:
            spread = quantity.distribution
            total.update(f"{spread.kind}|{spread.ratios}".encode())
            for key in sorted(spread.parameters):
                total.update(key.encode() + spread.parameters[key].tobytes())
        book.keys[name] = total.digest()
