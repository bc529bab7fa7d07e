# SPDX-License-Identifier: EUPL-1.2
"""A document as data: frozen values that every renderer reads and that are stored as JSON when a document is presented.

Texts are plain: no field but `Chart.svg` is ever read as markup by any renderer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

VERSION = 1
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_SECTION_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")


class DocumentError(ValueError):
    """A document that contradicts itself or JSON that is no document; `path` says where."""

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}: {problem}")


# Inline content ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Content that matters most."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Content with stress."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Fine:
    """Small print beside a figure, such as its interval; on a line of its own after a Break."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link: http, https, mailto or a path from the root; other addresses are rendered as text alone."""

    href: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure out of a calculation: `text` is its value as shown, `key` names its Origin in the document."""

    key: str
    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A line break."""


Inline = Text | Strong | Emphasis | Fine | Link | Figure | Break
Cell = tuple[Inline, ...]


# Blocks -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `style` "meta" and "fine" are quieter."""

    content: tuple[Inline, ...]
    style: Literal["", "meta", "fine"] = ""


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading inside a section, one level below the section's own."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, each item a tuple of blocks; numbered from `start` if `ordered`."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: "num" aligns right with tabular figures; `unit` is shown under the label."""

    label: str
    align: Literal["start", "num"] = "start"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row is its heading unless `row_headings` is False; `footers` are sums."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    footers: tuple[tuple[Cell, ...], ...] = ()
    note: str = ""
    row_headings: bool = True


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to choose: `mark` is its letter, `cells` its values under the columns."""

    mark: str
    title: str
    cells: tuple[Cell, ...]
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The alternatives side by side, always with doing nothing among them; `columns` without the first."""

    caption: str
    columns: tuple[Column, ...]
    alternatives: tuple[Alternative, ...]
    note: str = ""
    first: str = "Alternativ"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart in the chart's unit; `text` and `interval` are the numbers as shown; `is_sum` ends it."""

    label: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    interval: str = ""
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: `title` says what is true, `alt` describes it, `table` holds its numbers.

    Either `bars` (drawn by each renderer, in `unit`) or `svg` (own drawing; cleaned before use) is given.
    """

    title: str
    alt: str
    caption: str = ""
    unit: str = ""
    bars: tuple[Bar, ...] = ()
    svg: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What must be known to trust the page; one at most."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """The question that the document answers."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Something that stands aside, under its own heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal touched: how, and why."""

    relation: Literal["supports", "conflicts", "unclear"]
    title: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Goals:
    """Goals that the document touches."""

    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: the facts (body, date, number …), its words, and roles that sign it."""

    facts: tuple[Fact, ...]
    content: tuple[Inline, ...]
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checksums:
    """What proves that nothing was changed afterwards: head of the ledger, run, files."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The table of all origins stands here; without it, it ends the document in a section of its own."""

    note: str = ""


Block = (
    Paragraph
    | Subheading
    | Bullets
    | Table
    | Alternatives
    | Chart
    | Note
    | Ask
    | Quote
    | Panel
    | Goals
    | Decision
    | Checksums
    | Sources
)


# The whole --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure comes from: `value` with unit as shown, `basis` the formula or ground, `facts` the rest."""

    key: str
    label: str
    value: str
    basis: str = ""
    source: str = ""
    facts: tuple[Fact, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part with heading; `id` is its address, `level` 1 or 2."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Document:
    """A document: `kind` and `publisher` stand in the running head with `number`, the registration number."""

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    language: str = "sv"
    meta: tuple[Fact, ...] = ()
    origins: tuple[Origin, ...] = ()
    kind: str = ""
    publisher: str = ""
    number: str = ""
    status: str = ""
    contents: bool = True

    def __post_init__(self) -> None:
        """Refuse what no renderer could show rightly."""
        if not self.title.strip():
            raise DocumentError("title", "is empty")
        if not _LANGUAGE.fullmatch(self.language):
            raise DocumentError("language", f"{self.language!r} is no language tag")
        _check_sections(self.sections)
        keys = [origin.key for origin in self.origins]
        if len(keys) != len(set(keys)):
            raise DocumentError("origins", "a key occurs twice")
        for figure in figures(self.sections):
            if figure.key not in keys:
                raise DocumentError("sections", f"the figure {figure.key!r} has no origin")


def _check_sections(sections: tuple[Section, ...]) -> None:
    seen: set[str] = set()
    for index, section in enumerate(sections):
        if not _SECTION_ID.fullmatch(section.id) or section.id in seen:
            raise DocumentError(f"sections/{index}/id", f"{section.id!r} is no address or occurs twice")
        seen.add(section.id)
        if index == 0 and section.level != 1:
            raise DocumentError("sections/0/level", "the first section must be of level 1")
    for table in walk(sections):
        if isinstance(table, Table):
            _check_table(table)
        elif isinstance(table, Alternatives):
            _check_alternatives(table)


def _check_alternatives(block: Alternatives) -> None:
    if any(len(item.cells) != len(block.columns) for item in block.alternatives):
        raise DocumentError("alternatives", f"{block.caption!r} has rows that do not match its columns")


def _check_table(table: Table) -> None:
    width = len(table.columns)
    if not width or any(len(row) != width for row in (*table.rows, *table.footers)):
        raise DocumentError("table", f"{table.caption!r} has rows that do not match its columns")


def walk(value: Any) -> Iterator[Any]:
    """Yield every dataclass in `value`, outer before inner, in reading order."""
    if isinstance(value, tuple):
        for item in value:
            yield from walk(item)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from walk(getattr(value, field.name))


def figures(value: Any) -> Iterator[Figure]:
    """Yield every reference to a figure in reading order."""
    return (item for item in walk(value) if isinstance(item, Figure))


def numbered_origins(document: Document) -> dict[str, tuple[int, Origin]]:
    """Return {key: (number from 1, origin)} in the order figures are first met; those never met come last."""
    by_key = {origin.key: origin for origin in document.origins}
    order = dict.fromkeys([figure.key for figure in figures(document.sections)] + list(by_key))
    return {key: (number, by_key[key]) for number, key in enumerate(order, start=1)}


def cell(*parts: str | Inline) -> Cell:
    """Return a cell or other inline content; strings become text."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def row(*cells: str | Inline | Cell) -> tuple[Cell, ...]:
    """Return a row; each argument is one cell."""
    return tuple(item if isinstance(item, tuple) else cell(item) for item in cells)
