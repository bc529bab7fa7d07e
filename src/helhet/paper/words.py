# SPDX-License-Identifier: EUPL-1.2
"""What several renderers say alike: alternatives as a table, content as plain words."""

from __future__ import annotations

from helhet.paper.document import Alternatives, Break, Cell, Column, Figure, Fine, Inline, Strong, Table, Text


def alternatives_table(block: Alternatives) -> Table:
    """Return the alternatives as a table, the recommended one in bold."""
    rows = []
    for item in block.alternatives:
        head: Cell = (Text(f"{item.mark}. {item.title}" if item.mark else item.title),)
        cells = [head, *item.cells]
        if item.recommended:
            cells = [_bold(head)] + [
                _bold(value) if column.align == "num" else value
                for column, value in zip(block.columns, item.cells, strict=True)
            ]
        rows.append(tuple(cells))
    return Table(block.caption, (Column(block.first), *block.columns), tuple(rows), note=block.note)


def _bold(content: Cell) -> Cell:
    """Return `content` in bold but for its small print."""
    return tuple(part if isinstance(part, Fine | Break) else Strong((part,)) for part in content)


def plain(content: tuple[Inline, ...]) -> str:
    """Return the words of `content` without marks; a break becomes a space."""
    parts: list[str] = []
    for item in content:
        if isinstance(item, Text):
            parts.append(item.text)
        elif isinstance(item, Figure):
            parts.append(figure_text(item))
        elif isinstance(item, Break):
            parts.append(" ")
        else:
            parts.append(plain(item.content))
    return "".join(parts)


def figure_text(figure: Figure) -> str:
    """Return value and unit with a space that does not break between them."""
    return f"{figure.text}\u00a0{figure.unit}" if figure.unit else figure.text
