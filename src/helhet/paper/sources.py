# SPDX-License-Identifier: EUPL-1.2
"""The table of sources that every document with figures ends with."""

from __future__ import annotations

from dataclasses import replace

from helhet.paper.document import (
    Cell,
    Column,
    Document,
    Fact,
    Origin,
    Section,
    Sources,
    Table,
    cell,
    numbered_origins,
    walk,
)
from helhet.paper.labels import word


def with_sources(document: Document) -> Document:
    """Return `document` with a section of sources at the end, unless it has one or no figures."""
    if not document.origins or any(isinstance(item, Sources) for item in walk(document.sections)):
        return document
    taken = {section.id for section in document.sections}
    name = next(name for name in ("kallor", *(f"kallor-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
    section = Section(name, word("sources", document.language), (Sources(),))
    return replace(document, sections=(*document.sections, section))


def sources_table(document: Document) -> Table:
    """Return one row per origin in the order of the figures' numbers: figure, value, what it rests on, source."""
    language = document.language
    columns = (
        Column(word("figure", language)),
        Column(word("value", language), "num"),
        Column(word("basis", language)),
        Column(word("source", language)),
    )
    rows = tuple(_row(origin) for _, origin in numbered_origins(document).values())
    return Table(word("sources_caption", language), columns, rows)


def _row(origin: Origin) -> tuple[Cell, ...]:
    return (cell(origin.label), cell(origin.value), cell(_ground(origin.basis, origin.facts)), cell(origin.source))


def _ground(basis: str, facts: tuple[Fact, ...]) -> str:
    parts = [basis.rstrip(" .")] if basis else []
    parts += [f"{fact.label}: {fact.value.rstrip(' .')}" for fact in facts]
    return ". ".join(parts) + ("." if parts else "")
