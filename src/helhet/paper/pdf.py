# SPDX-License-Identifier: EUPL-1.2
"""A document as tagged PDF. The text reaches the setter as data in JSON; no letter of it is ever read as markup."""

from __future__ import annotations

import datetime as dt
import json
import logging
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import typst

from helhet.paper import labels
from helhet.paper.bars import bars_svg
from helhet.paper.document import (
    Alternatives,
    Block,
    Break,
    Bullets,
    Cell,
    Chart,
    Document,
    Fact,
    Figure,
    Inline,
    Link,
    Section,
    Sources,
    Table,
    Text,
    numbered_origins,
)
from helhet.paper.glyphs import FONT_FOLDER, printable, settable
from helhet.paper.layout import fit
from helhet.paper.plaintext import one_line, safe_href
from helhet.paper.sources import sources_table, with_sources
from helhet.paper.svg import SvgError, clean_svg
from helhet.paper.words import alternatives_table, figure_text

STANDARDS = ("a-3a", "ua-1")
_FALLBACKS: tuple[tuple[str, ...], ...] = (STANDARDS, ("ua-1",), ())
_TEMPLATE = Path(__file__).parent / "typst" / "document.typ"
_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

log = logging.getLogger(__name__)


def render(document: Document, *, timestamp: dt.datetime | None = None) -> bytes:
    """Return a tagged PDF: A4, PDF/A-3a and PDF/UA-1 at once.

    `timestamp` (with zone) is stamped as the date of creation, a fixed date if None; same document and timestamp
    give the same bytes. Should the setter refuse the two standards, PDF/UA-1 alone and then plain tagged PDF is
    tried, and the log says so. Conformance is what the setter checks; no outside validator is run.
    """
    data = json.dumps(_data(document), ensure_ascii=False)
    problem: typst.TypstError | None = None
    for standards in _FALLBACKS:
        try:
            return _compile(_TEMPLATE.read_bytes(), data, standards, timestamp or _EPOCH)
        except typst.TypstError as error:
            problem = problem or error
            log.warning("PDF with standards %s was refused: %s", standards, error.message)
    assert problem is not None
    raise problem


def svg_to_png(svg: str, *, ppi: float = 200) -> bytes:
    """Return a drawing (SVG, cleaned first) as PNG, one CSS pixel of it being 0.75 points of paper."""
    source = (
        b'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#set text(font: "Inter")\n'
        b'#image(bytes(json(bytes(sys.inputs.document)).svg), format: "svg")'
    )
    return _compile(source, json.dumps({"svg": printable(clean_svg(svg))}), None, _EPOCH, ppi)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_FOLDER)])


def _compile(
    source: bytes, data: str, standards: tuple[str, ...] | None, timestamp: dt.datetime, ppi: float = 200
) -> bytes:
    """Compile in an empty folder, which is also where packages would be looked for: there are none."""
    options: dict[str, Any] = {"format": "png", "ppi": ppi}
    if standards is not None:
        options = {"format": "pdf", "pdf_standards": list(standards)}
    with tempfile.TemporaryDirectory(prefix="helhet-paper-") as folder:
        pages = typst.compile(
            source,
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"document": data},
            package_path=folder,
            package_cache_path=folder,
            timestamp=int(timestamp.timestamp()),
            **options,
        )
    first = pages[0] if isinstance(pages, list) else pages
    assert isinstance(first, bytes)
    return first


def _t(text: str) -> str:
    return settable(one_line(text))


def _short(text: str, longest: int) -> str:
    line = one_line(text)
    return _t(line if len(line) <= longest else line[: longest - 1].rstrip() + "…")


def _data(document: Document) -> dict[str, Any]:
    """Return the whole as plain lists and dictionaries, as typst/document.typ reads them."""
    whole = with_sources(document)
    numbers = {key: number for key, (number, _) in numbered_origins(whole).items()}
    tag = labels.locale(whole.language).split("-")
    return {
        "title": _t(whole.title),
        "head": _short(whole.title, 74),
        "subtitle": _t(whole.subtitle),
        "lang": tag[0],
        "region": tag[1] if len(tag) > 1 and len(tag[1]) == 2 else None,
        "words": labels.words(whole.language),
        "meta": [_fact(fact) for fact in whole.meta],
        "kind": _short(whole.kind, 50),
        "publisher": _short(whole.publisher, 50),
        "number": _short(whole.number, 30),
        "status": _short(whole.status, 50),
        "contents": whole.contents and len(whole.sections) > 3,
        "sections": [_section(whole, section, numbers) for section in whole.sections],
    }


def _section(document: Document, section: Section, numbers: dict[str, int]) -> dict[str, Any]:
    setter = _Setter(document, numbers)
    blocks = setter.blocks(section.blocks)
    return {"heading": _t(section.heading), "level": section.level, "blocks": blocks}


def _fact(fact: Fact) -> dict[str, str]:
    return {"label": _t(fact.label), "value": _t(fact.value)}


class _Setter:
    """Turns blocks and inline content into data for the template; figures are numbered by `numbers`."""

    def __init__(self, document: Document, numbers: dict[str, int]) -> None:
        self.document = document
        self.numbers = numbers

    def blocks(self, items: Iterable[Block]) -> list[dict[str, Any]]:
        return [part for item in items for part in self.block(item)]

    def block(self, block: Block) -> list[dict[str, Any]]:
        match block:
            case Table():
                return self.table(block)
            case Alternatives():
                return self.table(alternatives_table(block))
            case Sources():
                note = [{"t": "paragraph", "style": "fine", "content": self.inline((Text(block.note),))}]
                return self.table(sources_table(self.document), is_sources=True) + (note if block.note else [])
            case Chart():
                return self.chart(block)
            case Bullets():
                items = [self.blocks(item) for item in block.items]
                return [{"t": "bullets", "items": items, "ordered": block.ordered, "start": block.start}]
        data: dict[str, Any] = {"t": type(block).__name__.lower()}
        for name in ("content", "blocks", "items", "facts", "goals", "signatures", "style", "text", "title"):
            if hasattr(block, name):
                data[name] = self.value(getattr(block, name), name)
        return [data]

    def value(self, value: Any, name: str) -> Any:
        if name == "content":
            return self.inline(value)
        if name == "blocks":
            return self.blocks(value)
        if name in {"items", "facts"}:
            return [_fact(fact) for fact in value]
        if name == "goals":
            return [{"relation": g.relation, "title": _t(g.title), "reason": _t(g.reason)} for g in value]
        return [_t(item) for item in value] if name == "signatures" else _t(value)

    def chart(self, chart: Chart) -> list[dict[str, Any]]:
        try:
            drawing = bars_svg(chart, self.document.language) if chart.bars else clean_svg(chart.svg)
        except SvgError:
            return [{"t": "paragraph", "style": "", "content": self.inline((Text(chart.alt),))}]
        data = {"t": "chart", "title": _t(chart.title), "caption": _t(chart.caption), "svg": printable(drawing)}
        return [
            {**data, "alt": one_line(chart.alt) or one_line(chart.title)},
            *(self.table(chart.table) if chart.table else []),
        ]

    def table(self, table: Table, *, is_sources: bool = False) -> list[dict[str, Any]]:
        pieces = []
        for piece in fit(table):
            caption = table.caption
            if piece.parts > 1:
                part = labels.word("continued", self.document.language).format(part=piece.part, parts=piece.parts)
                caption = f"{caption} ({part})"
            pieces.append(
                {
                    "t": "table",
                    "caption": _t(caption),
                    "size": piece.size,
                    "widths": [round(width, 3) for width in piece.widths],
                    "turned": piece.turned,
                    "head": [
                        {
                            "label": _t(c.label),
                            "unit": _t(c.unit),
                            "num": c.align == "num",
                            "hyphenate": piece.hyphenates(i),
                        }
                        for i, c in enumerate(piece.table.columns)
                    ],
                    "rows": [self.cells(row) for row in piece.table.rows],
                    "footers": [self.cells(row) for row in piece.table.footers],
                    "headings": table.row_headings,
                    "sources": is_sources,
                    "note": _t(table.note) if piece.part == piece.parts else "",
                }
            )
        return pieces

    def cells(self, row: tuple[Cell, ...]) -> list[list[dict[str, Any]]]:
        return [self.inline(cell) for cell in row]

    def inline(self, content: tuple[Inline, ...]) -> list[dict[str, Any]]:
        return [self.inline_item(item) for item in content]

    def inline_item(self, item: Inline) -> dict[str, Any]:
        match item:
            case Text():
                return {"t": "text", "v": _t(item.text)}
            case Figure():
                return {"t": "figure", "v": _t(figure_text(item)), "n": self.numbers[item.key]}
            case Break():
                return {"t": "break"}
            case Link():
                href = safe_href(item.href)
                # A path or an anchor leads nowhere from paper.
                href = "" if href.startswith(("/", "#")) else href
                return {"t": "link" if href else "span", "href": href, "c": self.inline(item.content)}
        return {"t": type(item).__name__.lower(), "c": self.inline(item.content)}
