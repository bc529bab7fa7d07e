# SPDX-License-Identifier: EUPL-1.2
"""The essentials of a basis on its first page: alternatives, who pays and who gains, how sure, what is not valued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helhet.paper import document as paper
from helhet.rooms.decisions import tables
from helhet.rooms.decisions.models import Part
from helhet.rooms.decisions.shown import interval_text, scale, value_text
from helhet.rooms.decisions.words import counted, in_language, inside

if TYPE_CHECKING:
    from helhet.rooms.decisions.document import Builder

UNVALUED_SHOWN = 3


def blocks(builder: Builder) -> list[paper.Block]:
    """What a reader with one minute needs, after the question and the proposal."""
    lines = (who(builder), sure(builder), unvalued(builder))
    return [tables.alternatives(builder), *(paper.Paragraph(line) for line in lines if line)]


def who(builder: Builder) -> paper.Cell:
    """Each budget-holder that loses or gains over the whole time, with its figure."""
    pairs = [pair for pair in builder.material.expand(Part.HOLDERS) if pair[1].value]
    names = tables.holder_names(builder, pairs)
    found: list[paper.Inline] = []
    for key, wanted in (
        ("brief_loses", [pair for pair in pairs if (pair[1].value or 0) < 0]),
        ("brief_gains", [pair for pair in pairs if (pair[1].value or 0) > 0]),
    ):
        for at, (run, kept) in enumerate(wanted):
            joint = "" if at == 0 else f" {builder.w('and')} " if at == len(wanted) - 1 else ", "
            text = value_text(kept, builder.language, signed=True)
            name = names[kept.key] if at == 0 else inside(names[kept.key])
            found += [paper.Text(f"{joint}{name} "), builder.figure(run, kept, text)]
        if wanted:
            found.append(paper.Text(f" {counted(key, builder.language, len(wanted))}. "))
    return _led(builder, "brief_who", found)


def sure(builder: Builder) -> paper.Cell:
    """The whole, the spread it falls within, and what that says of its direction."""
    pairs = [pair for pair in builder.material.expand(Part.TOTAL) if pair[1].value is not None]
    if not pairs:
        return ()
    run, kept = pairs[0]
    by = scale([kept.value, kept.low, kept.high], kept.unit)
    figure = builder.figure(run, kept, value_text(kept, builder.language, signed=True, by=by))
    spread = interval_text(kept, builder.language, signed=True, by=by)
    after = builder.w("brief_whole_only")
    if spread:
        after = builder.w("brief_spread", spread=spread, says=tables.direction(builder, kept))
    return _led(builder, "brief_sure", [paper.Text(f"{builder.w('brief_whole')} "), figure, paper.Text(after)])


def unvalued(builder: Builder) -> paper.Cell:
    """The first of what nobody has been able to value; never left out because there is no number."""
    rows = builder.material.unvalued
    texts = [in_language(row.text, row.text_en, builder.language).rstrip(".") for row in rows[:UNVALUED_SHOWN]]
    if len(rows) > UNVALUED_SHOWN:
        texts.append(builder.w("brief_more", count=len(rows) - UNVALUED_SHOWN))
    words = "; ".join(text[:1].lower() + text[1:] for text in texts)
    return _led(builder, "brief_unvalued", [paper.Text(f"{words}.")] if words else [])


def _led(builder: Builder, key: str, content: list[paper.Inline]) -> paper.Cell:
    lead = (paper.Strong((paper.Text(builder.w(key)),)), paper.Text(" "))
    return (*lead, *content) if content else ()
