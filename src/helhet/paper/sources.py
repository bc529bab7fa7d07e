# SPDX-License-Identifier: EUPL-1.2
"""The table of sources that every document with figures ends with."""

from __future__ import annotations

from dataclasses import replace

from helhet.paper.document import (
    Column,
    Document,
    Fact,
    Section,
    Sources,
    Table,
    cell,
    numbered_origins,
    walk,
)
from helhet.paper.labels import word

#: A fact of this many characters or more is not repeated at the next figure.
LONG = 60


def with_sources(document: Document) -> Document:
    """Return `document` with a section of sources at the end, unless it has one or no figures."""
    if not document.origins or any(isinstance(item, Sources) for item in walk(document.sections)):
        return document
    taken = {section.id for section in document.sections}
    name = next(name for name in ("kallor", *(f"kallor-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
    section = Section(name, word("sources", document.language), (Sources(),))
    return replace(document, sections=(*document.sections, section))


def sources_table(document: Document) -> Table:
    """Return one row per origin in the order of the figures' numbers: figure, value, what it rests on and its source.

    A long list of facts that several figures share is written once; the others say at which figure it stands.
    """
    language = document.language
    columns = (
        Column(word("figure", language)),
        Column(word("value", language)),
        Column(word("basis", language)),
    )
    first_at: dict[Fact, int] = {}
    rows = []
    for number, origin in numbered_origins(document).values():
        facts = tuple(_once(fact, number, first_at, language) for fact in origin.facts)
        source = (Fact(word("source", language), origin.source),) if origin.source else ()
        value = origin.value.replace("\u00a0", " ")  # a long unit may be broken here, where the column is narrow
        rows.append((cell(origin.label), cell(value), cell(_ground(origin.basis, (*facts, *source)))))
    return Table(word("sources_caption", language), columns, tuple(rows))


def _once(fact: Fact, number: int, first_at: dict[Fact, int], language: str) -> Fact:
    first = first_at.setdefault(fact, number)
    if first == number or len(fact.value) < LONG:
        return fact
    return Fact(fact.label, word("same_as", language).format(number=first))


def _ground(basis: str, facts: tuple[Fact, ...]) -> str:
    parts = [basis.rstrip(" .")] if basis else []
    parts += [f"{fact.label}: {fact.value.rstrip(' .')}" for fact in facts]
    return ". ".join(parts) + ("." if parts else "")
