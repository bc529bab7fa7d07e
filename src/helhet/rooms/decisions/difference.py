# SPDX-License-Identifier: EUPL-1.2
"""What differs between two presented versions, line by line, and the plain words of a block."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from helhet.paper import document as paper
from helhet.paper.sources import sources_table
from helhet.paper.words import alternatives_table, plain


def plain_of(block: paper.Block, document: paper.Document) -> str:
    """All words of a block, so that a remark can tell whether it has changed."""
    return "\n".join(block_lines(block, document))


def block_lines(block: paper.Block, document: paper.Document) -> list[str]:
    """A block as lines of plain words; a table gives one line a row."""
    match block:
        case paper.Paragraph() | paper.Ask() | paper.Note():
            return [plain(block.content)]
        case paper.Subheading():
            return [block.text]
        case paper.Bullets():
            return [line for item in block.items for part in item for line in block_lines(part, document)]
        case paper.Quote():
            return [line for part in block.blocks for line in block_lines(part, document)]
        case paper.Panel():
            return [block.title, *(line for part in block.blocks for line in block_lines(part, document))]
        case paper.Alternatives():
            return _table_lines(alternatives_table(block))
        case paper.Table():
            return _table_lines(block)
        case paper.Sources():
            return _table_lines(sources_table(document))
        case paper.Chart():
            return [block.title, *(_table_lines(block.table) if block.table else [block.alt])]
        case paper.Goals():
            return [f"{goal.relation}: {goal.title}. {goal.reason}" for goal in block.goals]
        case paper.Checksums():
            return [f"{fact.label}: {fact.value}" for fact in block.items]
        case paper.Decision():
            return [*(f"{fact.label}: {fact.value}" for fact in block.facts), plain(block.content)]


def _table_lines(table: paper.Table) -> list[str]:
    rows = (*table.rows, *table.footers)
    return [line for line in (table.caption, *(" · ".join(map(plain, row)) for row in rows)) if line]


@dataclass(frozen=True)
class Line:
    """One line of a comparison."""

    kind: Literal["removed", "added"]
    text: str


@dataclass(frozen=True)
class Changed:
    """What changed in one section."""

    heading: str
    lines: tuple[Line, ...]


def difference(old: paper.Document, new: paper.Document) -> list[Changed]:
    """The sections that differ, with what was taken out and what came in, in the new document's order."""
    before, after = _sections(old), _sections(new)
    found = []
    for name in dict.fromkeys((*after, *before)):
        heading = (after.get(name) or before[name])[0]
        lines = _compare(before.get(name, ("", []))[1], after.get(name, ("", []))[1])
        if lines:
            found.append(Changed(heading, tuple(lines)))
    return found


def _sections(document: paper.Document) -> dict[str, tuple[str, list[str]]]:
    return {
        section.id: (section.heading, [line for block in section.blocks for line in block_lines(block, document)])
        for section in document.sections
    }


def _compare(before: list[str], after: list[str]) -> list[Line]:
    lines: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            lines += [Line("removed", text) for text in before[a:b]]
            lines += [Line("added", text) for text in after[c:d]]
    return lines
