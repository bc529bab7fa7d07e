# SPDX-License-Identifier: EUPL-1.2
"""A document as DOCX with real styles: no macros, nothing loaded from outside, same content same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
from docx.shared import Cm, Emu

from helhet.paper import labels, wordparts
from helhet.paper.bars import bars_svg
from helhet.paper.document import (
    Alternatives,
    Ask,
    Block,
    Break,
    Bullets,
    Cell,
    Chart,
    Checksums,
    Decision,
    Document,
    Emphasis,
    Fact,
    Figure,
    Fine,
    Goals,
    Inline,
    Link,
    Note,
    Panel,
    Paragraph,
    Quote,
    Section,
    Sources,
    Strong,
    Subheading,
    Table,
    Text,
    numbered_origins,
)
from helhet.paper.layout import Piece, fit
from helhet.paper.pdf import svg_to_png
from helhet.paper.plaintext import one_line, safe_href
from helhet.paper.sources import sources_table, with_sources
from helhet.paper.svg import SvgError
from helhet.paper.words import alternatives_table, figure_text

_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_ZIP_DATE = (2020, 1, 1, 0, 0, 0)
_PICTURE_WIDTH = Cm(16)
_MARKS = {"supports": "+", "conflicts": "−", "unclear": "?"}


def render(document: Document, *, timestamp: dt.datetime | None = None) -> bytes:
    """Return a DOCX: A4, styles Title, Heading 1–3, Caption and lists, header rows that repeat, language tagged.

    Figures carry a number that leads to the table of sources. Links are printed with their address, since the file
    refers to nothing outside itself. `timestamp` is its date of creation, a fixed date if None.
    """
    whole = with_sources(document)
    file = docx.Document()
    wordparts.prepare(file, labels.locale(whole.language))
    moment = (timestamp or _EPOCH).astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    wordparts.describe(
        file, _t(whole.title), _t(whole.publisher), _t(whole.kind), labels.locale(whole.language), moment
    )
    wordparts.head_and_foot(
        file,
        "  ·  ".join(filter(None, (_t(whole.publisher), _t(whole.title)))),
        _t(whole.number),
        ", ".join(filter(None, (_t(whole.kind), _t(whole.status)))),
        labels.words(whole.language),
    )
    _Writer(file, whole).write()
    return _packed(file)


def _packed(file: Any) -> bytes:
    """Save with the parts in order and dates fixed."""
    first, result = io.BytesIO(), io.BytesIO()
    file.save(first)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return result.getvalue()


def _t(text: str) -> str:
    # Word hyphenates by itself and prints soft hyphens that stand as characters.
    return one_line(text).replace("\u00ad", "")


class _Writer:
    """Writes sections into a prepared file; `numbers` are those of the figures, counted per kind for captions."""

    def __init__(self, file: Any, document: Document) -> None:
        self.file = file
        self.document = document
        self.numbers = {key: number for key, (number, _) in numbered_origins(document).items()}
        self.counts = {"table": 0, "chart": 0}
        self.level = 1

    def word(self, key: str) -> str:
        return labels.word(key, self.document.language)

    def write(self) -> None:
        document = self.document
        above = "  ·  ".join(filter(None, (_t(document.kind), _t(document.status))))
        if above:
            self.paragraph(above, "Kind")
        self.paragraph(_t(document.title), "Title")
        if document.subtitle:
            self.paragraph(_t(document.subtitle), "Subtitle")
        self.facts(document.meta)
        for section in document.sections:
            self.section(section)

    def paragraph(self, text: str, style: str) -> Any:
        return self.file.add_paragraph(text, style=style)

    def section(self, section: Section) -> None:
        self.level = section.level
        self.file.add_heading(_t(section.heading), section.level)
        self.blocks(section.blocks)

    def blocks(self, items: Iterable[Block]) -> None:
        for item in items:
            self.block(item)

    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                style = {"": "Normal", "meta": "Meta", "fine": "Meta"}[block.style]
                self.inline(self.paragraph("", style), block.content)
            case Ask():
                self.inline(self.paragraph("", "Ask"), block.content)
            case Note():
                self.inline(self.paragraph("", "Note"), block.content)
            case Subheading():
                self.file.add_heading(_t(block.text), self.level + 1)
            case Bullets():
                self.bullets(block, 0)
            case Table():
                self.table(block)
            case Alternatives():
                self.table(alternatives_table(block))
            case Sources():
                self.table(sources_table(self.document), is_sources=True)
                if block.note:
                    self.paragraph(_t(block.note), "Meta")
            case Chart():
                self.chart(block)
            case _:
                self.aside(block)

    def aside(self, block: Quote | Panel | Goals | Decision | Checksums) -> None:
        match block:
            case Quote():
                start = len(self.file.paragraphs)
                self.blocks(block.blocks)
                for paragraph in self.file.paragraphs[start:]:
                    if paragraph.style.name == "Normal":
                        paragraph.style = "Quote"
            case Panel():
                self.file.add_heading(_t(block.title), self.level + 1)
                self.blocks(block.blocks)
            case Goals():
                for goal in block.goals:
                    paragraph = self.paragraph("", "Normal")
                    paragraph.add_run(f"{_MARKS[goal.relation]} {self.word(goal.relation)} ", style="Strong")
                    stop = "" if goal.title.endswith((".", "?", "!")) else "."
                    paragraph.add_run(_t(goal.title + (f"{stop} {goal.reason}" if goal.reason else "")))
            case Decision():
                self.facts(block.facts)
                if block.content:
                    self.inline(self.paragraph("", "Normal"), block.content)
                for role in block.signatures:
                    self.paragraph("", "Normal")  # neighbours with the same rule would share one
                    self.paragraph(f"{self.word('sign')}, {_t(role)}", "Signature")
            case Checksums():
                for fact in block.items:
                    paragraph = self.paragraph("", "Meta")
                    paragraph.add_run(f"{_t(fact.label)}: ")
                    paragraph.add_run(_t(fact.value))

    def facts(self, items: tuple[Fact, ...]) -> None:
        for fact in items:
            paragraph = self.paragraph("", "Fact")
            paragraph.add_run(f"{_t(fact.label)}: ")
            paragraph.add_run(_t(fact.value), style="Strong")

    def bullets(self, block: Bullets, depth: int) -> None:
        kind = "List Number" if block.ordered else "List Bullet"
        style = kind if depth == 0 else f"{kind} {min(depth, 2) + 1}"
        numbering = wordparts.new_numbering(self.file, style, block.start) if block.ordered else None
        for item in block.items:
            is_first = True
            for part in item:
                if isinstance(part, Bullets):
                    self.bullets(part, depth + 1)
                elif isinstance(part, Paragraph):
                    paragraph = self.paragraph("", style if is_first else "List Continue")
                    if is_first and numbering is not None:
                        wordparts.number_paragraph(paragraph, numbering)
                    self.inline(paragraph, part.content)
                    is_first = False
                else:
                    self.block(part)

    def caption(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        paragraph = self.paragraph("", "Caption")
        paragraph.add_run(f"{self.word(kind)} {self.counts[kind]}  ", style="Strong")
        paragraph.add_run(_t(text))

    def table(self, table: Table, *, is_sources: bool = False) -> None:
        pieces = fit(table)
        turned = pieces[0].turned
        if turned:
            wordparts.turn_page(self.file, turned=True)
        for piece in pieces:
            if table.caption:
                part = (
                    f" ({self.word('continued').format(part=piece.part, parts=piece.parts)})" if piece.parts > 1 else ""
                )
                self.caption("table", table.caption + part)
            self.piece(piece, is_sources)
            self.paragraph(_t(table.note) if piece.part == piece.parts else "", "Meta")
        if turned:
            wordparts.turn_page(self.file, turned=False)

    def piece(self, piece: Piece, is_sources: bool) -> None:
        table = piece.table
        grid = self.file.add_table(rows=0, cols=len(table.columns), style="Table Grid")
        wordparts.fit_table(grid, piece.padded(), turned=piece.turned)
        head = grid.add_row()
        wordparts.repeat_header(head)
        for place, column in zip(head.cells, table.columns, strict=True):
            paragraph = place.paragraphs[0]
            paragraph.style = "Table Head"
            paragraph.add_run(_t(column.label))
            if column.unit:
                paragraph.add_run().add_break()
                paragraph.add_run(_t(column.unit), style="Small")
        for number, row in enumerate(table.rows, start=1):
            self.row(grid, row, bookmark=number if is_sources else None)
        for row in table.footers:
            self.row(grid, row, is_sum=True)
        wordparts.align(grid, table)

    def row(self, grid: Any, row: tuple[Cell, ...], *, bookmark: int | None = None, is_sum: bool = False) -> None:
        line = grid.add_row()
        wordparts.keep_row(line)
        for index, (place, content) in enumerate(zip(line.cells, row, strict=True)):
            paragraph = place.paragraphs[0]
            paragraph.style = "Table Text"
            if bookmark and index == 0:
                wordparts.bookmark(paragraph, f"origin_{bookmark}", bookmark)
                paragraph.add_run(f"{bookmark}  ", style="Small")
            self.inline(paragraph, (Strong(content),) if is_sum else content)

    def chart(self, chart: Chart) -> None:
        self.caption("chart", chart.title)
        if chart.caption:
            self.paragraph(_t(chart.caption), "Meta")
        try:
            picture = svg_to_png(bars_svg(chart, self.document.language) if chart.bars else chart.svg)
        except SvgError:
            self.paragraph(_t(chart.alt), "Normal")
        else:
            paragraph = self.paragraph("", "Normal")
            shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Emu(_PICTURE_WIDTH))
            wordparts.describe_picture(shape, _t(chart.title), _t(chart.alt))
        if chart.table:
            self.table(chart.table)

    def inline(self, paragraph: Any, content: tuple[Inline, ...], style: str | None = None) -> None:
        for item in content:
            match item:
                case Text():
                    paragraph.add_run(_t(item.text), style=style)
                case Break():
                    paragraph.add_run().add_break()
                case Figure():
                    paragraph.add_run(_t(figure_text(item)), style=style)
                    wordparts.reference(paragraph, f"origin_{self.numbers[item.key]}", str(self.numbers[item.key]))
                case Link():
                    self.inline(paragraph, item.content, style)
                    href = safe_href(item.href)
                    if href and not href.startswith(("/", "#")):
                        paragraph.add_run(f" ({_t(href)})", style=style)
                case Strong():
                    self.inline(paragraph, item.content, "Strong")
                case Emphasis():
                    self.inline(paragraph, item.content, "Emphasis")
                case Fine():
                    self.inline(paragraph, item.content, "Small")
