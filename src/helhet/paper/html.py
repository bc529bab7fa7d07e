# SPDX-License-Identifier: EUPL-1.2
"""A document as fragments of HTML in the markup of the look: no style attribute, no script, everything escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from helhet.paper import bars
from helhet.paper.document import (
    Alternatives,
    Ask,
    Bar,
    Block,
    Break,
    Bullets,
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
    Origin,
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
from helhet.paper.labels import word
from helhet.paper.plaintext import clean, safe_href
from helhet.paper.sources import sources_table, with_sources
from helhet.paper.svg import SvgError, clean_svg
from helhet.paper.words import alternatives_table, figure_text

_ICONS = {
    "supports": ("is-for", "M12 5v14M5 12h14"),
    "conflicts": ("is-against", "M5 12h14"),
    "unclear": ("is-open", "M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1.1-1.4 2.1M12 17.5v.01"),
}


class Html(str):
    """Text that is HTML already; template engines leave it as it is."""

    def __html__(self) -> str:
        """Return itself: the convention by which template engines know finished HTML."""
        return self


Hook = Callable[[str], str]


def article(document: Document, *, prefix: str = "", after_block: Hook | None = None) -> Html:
    """Return `<article class="doc">` with all sections, the table of sources last.

    `prefix` keeps ids apart when two documents share a page. `after_block` is given each block's address
    ("fraga-2": section and number) and returns safe HTML to stand after it, such as comments in a review.
    """
    page = _Page(with_sources(document), prefix, after_block)
    sections = "".join(page.section(section) for section in page.document.sections)
    return Html(f'<article class="doc" lang="{_esc(document.language)}">{sections}</article>')


def contents(document: Document, *, prefix: str = "") -> Html:
    """Return `<ol class="toc">` with the sections of level 1."""
    items = "".join(
        f'<li><a href="#{prefix}{section.id}">{_esc(section.heading)}</a></li>'
        for section in with_sources(document).sections
        if section.level == 1
    )
    return Html(f'<ol class="toc">{items}</ol>')


def facts(document: Document) -> Html:
    """Return `<dl class="facts">` with the document's meta."""
    items = "".join(f"<div><dt>{_esc(f.label)}</dt><dd>{_esc(f.value)}</dd></div>" for f in document.meta)
    return Html(f'<dl class="facts">{items}</dl>')


def lineage(document: Document, *, prefix: str = "") -> Html:
    """Return the popovers that figures open, one for each origin; they stand anywhere on the page but in a paragraph."""
    origins = numbered_origins(document).values()
    return Html("".join(_popover(origin, f"{prefix}s{number}", document.language) for number, origin in origins))


def _popover(origin: Origin, name: str, language: str) -> str:
    terms = []
    if origin.basis:
        terms.append(f'<dt>{word("how", language)}</dt><dd class="formula">{_esc(origin.basis)}</dd>')
    source = (Fact(word("source", language), origin.source),) if origin.source else ()
    terms += [f"<dt>{_esc(fact.label)}</dt><dd>{_esc(fact.value)}</dd>" for fact in (*origin.facts, *source)]
    href = safe_href(origin.href)
    link = f'<p><a href="{_esc(href)}">{word("open", language)}</a></p>' if href else ""
    return (
        f'<div class="lineage" id="{name}" popover aria-labelledby="{name}-r"><h3 id="{name}-r">{_esc(origin.label)}: '
        f'<span class="nb">{_esc(origin.value)}</span></h3><dl>{"".join(terms)}</dl>{link}</div>'
    )


def _esc(text: str) -> str:
    return escape(clean(text), quote=True)


def _breakable(text: str) -> str:
    """Return a checksum that a narrow screen may break; copied, it has no break."""
    bare = clean(text)
    return "<wbr>".join(_esc(bare[start : start + 8]) for start in range(0, len(bare), 8))


@dataclass
class _Page:
    """One rendering: what ids are taken and how figures are numbered."""

    document: Document
    prefix: str
    hook: Hook | None
    tables: int = 0
    charts: int = 0
    numbers: dict[str, tuple[int, Origin]] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = numbered_origins(self.document)

    def word(self, key: str) -> str:
        return word(key, self.document.language)

    def section(self, section: Section) -> str:
        level, name = section.level + 1, self.prefix + section.id
        parts = [f'<section class="flow" aria-labelledby="{name}">']
        parts.append(f'<h{level} id="{name}">{_esc(section.heading)}</h{level}>')
        for index, block in enumerate(section.blocks, start=1):
            parts.append(self.block(block, level + 1))
            if self.hook:
                parts.append(self.hook(f"{section.id}-{index}"))
        return "".join(parts) + "</section>"

    def blocks(self, items: Iterable[Block], level: int) -> str:
        return "".join(self.block(item, level) for item in items)

    def block(self, block: Block, level: int) -> str:
        """Return the HTML of a block; `level` is that of a heading inside it."""
        match block:
            case Paragraph():
                mark = f' class="{block.style}"' if block.style else ""
                return f"<p{mark}>{self.inline(block.content)}</p>"
            case Ask():
                return f'<p class="ask">{self.inline(block.content)}</p>'
            case Note():
                return f'<p class="note">{self.inline(block.content)}</p>'
            case Subheading():
                return f"<h{level}>{_esc(block.text)}</h{level}>"
            case Bullets():
                return self.bullets(block, level)
            case Table():
                return self.table(block)
            case Alternatives():
                return self.table(alternatives_table(block))
            case Sources():
                return self.table(sources_table(self.document)) + self.fine(block.note)
            case Chart():
                return self.chart(block)
            case _:
                return self.aside(block, level)

    def aside(self, block: Quote | Panel | Goals | Decision | Checksums, level: int) -> str:
        """Return the HTML of what stands apart from the running text."""
        match block:
            case Quote():
                return f'<div class="prose"><blockquote>{self.blocks(block.blocks, level)}</blockquote></div>'
            case Panel():
                body = self.blocks(block.blocks, level + 1)
                return f'<div class="panel panel--snow"><h{level}>{_esc(block.title)}</h{level}>{body}</div>'
            case Goals():
                return self.goals(block)
            case Decision():
                return self.decision(block)
            case Checksums():
                items = "".join(
                    f'<div><dt>{_esc(f.label)}</dt><dd class="formula">{_breakable(f.value)}</dd></div>'
                    for f in block.items
                )
                return f'<dl class="facts facts--sums">{items}</dl>'

    def bullets(self, block: Bullets, level: int) -> str:
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = []
        for item in block.items:
            if len(item) == 1 and isinstance(item[0], Paragraph):
                items.append(f"<li>{self.inline(item[0].content)}</li>")
            else:
                items.append(f"<li>{self.blocks(item, level)}</li>")
        if block.ordered:
            return f'<div class="prose"><ol{start}>{"".join(items)}</ol></div>'
        return f'<ul class="bullets">{"".join(items)}</ul>'

    def goals(self, block: Goals) -> str:
        items = []
        for goal in block.goals:
            mark, path = _ICONS[goal.relation]
            icon = (
                f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{path}"/></svg>'
            )
            reason = f" {_esc(goal.reason)}" if goal.reason else ""
            title = _esc(goal.title) + ("." if reason and not goal.title.endswith((".", "?", "!")) else "")
            items.append(f'<li class="{mark}">{icon}<div><b>{self.word(goal.relation)}</b> {title}{reason}</div></li>')
        return f'<ul class="goals flow">{"".join(items)}</ul>'

    def decision(self, block: Decision) -> str:
        signatures = "".join(f"<li>{self.word('sign')}, {_esc(role)}</li>" for role in block.signatures)
        after = f'<ul class="signatures">{signatures}</ul>' if signatures else ""
        words = f"<p>{self.inline(block.content)}</p>" if block.content else ""
        return f'<div class="panel decision"><dl class="facts">{self.terms(block.facts)}</dl>{words}{after}</div>'

    def terms(self, items: Iterable[Fact]) -> str:
        return "".join(f"<div><dt>{_esc(f.label)}</dt><dd>{_esc(f.value)}</dd></div>" for f in items)

    def fine(self, text: str) -> str:
        return f'<p class="fine">{_esc(text)}</p>' if text else ""

    def table(self, table: Table) -> str:
        self.tables += 1
        name = f"{self.prefix}tab-{self.tables}"
        caption = f'<p class="cap" id="{name}">{_esc(table.caption)}</p>' if table.caption else ""
        if table.caption:
            label = f'aria-labelledby="{name}"'
        else:
            label = f'aria-label="{self.word("table")} {self.tables}"'
        head = "".join(self.column(c.label, c.unit, c.align) for c in table.columns)
        body = "".join(self.row(table, row) for row in table.rows)
        foot = "".join(self.row(table, row) for row in table.footers)
        foot = f"<tfoot>{foot}</tfoot>" if foot else ""
        return (
            f'{caption}<div class="scroll" role="region" {label} tabindex="0"><table class="table" {label}>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table></div>{self.fine(table.note)}"
        )

    def column(self, label: str, unit: str, align: str) -> str:
        mark = ' class="num"' if align == "num" else ""
        below = f'<br><span class="fine">{_esc(unit)}</span>' if unit else ""
        return f'<th scope="col"{mark}>{_esc(label)}{below}</th>'

    def row(self, table: Table, row: tuple[tuple[Inline, ...], ...]) -> str:
        cells = []
        for index, (column, content) in enumerate(zip(table.columns, row, strict=True)):
            mark = ' class="num"' if column.align == "num" else ""
            text = self.inline(content)
            if index == 0 and table.row_headings:
                cells.append(f'<th scope="row"{mark}>{text}</th>')
            else:
                cells.append(f"<td{mark}>{text}</td>")
        return f"<tr>{''.join(cells)}</tr>"

    def chart(self, chart: Chart) -> str:
        self.charts += 1
        caption = f'<span class="meta">{_esc(chart.caption)}</span>' if chart.caption else ""
        drawing = self.bars(chart) if chart.bars else self.svg(chart)
        more = ""
        if chart.table:
            more = (
                f'<details class="more"><summary>{self.word("as_table")}</summary>{self.table(chart.table)}</details>'
            )
        return f'<figure class="chart"><figcaption><b>{_esc(chart.title)}</b>{caption}</figcaption>{drawing}{more}</figure>'

    def svg(self, chart: Chart) -> str:
        try:
            drawing = clean_svg(chart.svg, f"{self.prefix}c{self.charts}-")
        except SvgError:
            return f"<p>{_esc(chart.alt)}</p>"
        return f'<div class="drawing" role="img" aria-label="{_esc(chart.alt)}">{drawing}</div>'

    def bars(self, chart: Chart) -> str:
        the_scale = bars.scale(chart.bars)
        places = [(tick, f"{the_scale.percent(tick):.2f}%") for tick in the_scale.ticks]
        labels = "".join(
            f'<text x="{x}" y="14" text-anchor="middle">{text}</text>'
            for (_, x), text in zip(places, bars.tick_texts(the_scale, self.document.language), strict=True)
        )
        grid = "".join(
            f'<line class="{"grid" if tick else "zero"}" x1="{x}" x2="{x}" y1="0" y2="40"/>' for tick, x in places
        )
        items = "".join(_bar_item(bar, the_scale, grid) for bar in chart.bars)
        return (
            f'<p class="ds-sr-only">{_esc(chart.alt)}</p><div class="barbox"><div class="bars__scale" aria-hidden="true">'
            f'<span></span><svg height="20">{labels}</svg><span class="num fine">{_esc(chart.unit)}</span></div>'
            f'<ul class="bars">{items}</ul></div>'
        )

    def inline(self, content: tuple[Inline, ...]) -> str:
        return "".join(self.inline_item(item) for item in content)

    def inline_item(self, item: Inline) -> str:
        match item:
            case Text():
                return _esc(item.text)
            case Strong():
                return f"<b>{self.inline(item.content)}</b>"
            case Emphasis():
                return f"<em>{self.inline(item.content)}</em>"
            case Fine():
                return f'<span class="fine">{self.inline(item.content)}</span>'
            case Break():
                return "<br>"
            case Link():
                href = safe_href(item.href)
                text = self.inline(item.content)
                return f'<a href="{_esc(href)}" rel="noopener noreferrer">{text}</a>' if href else text
            case Figure():
                number, origin = self.numbers[item.key]
                return (
                    f'<button class="fig" type="button" popovertarget="{self.prefix}s{number}" '
                    f'title="{_esc(origin.label)}">{_esc(figure_text(item))}</button>'
                )


def _bar_item(bar: Bar, the_scale: bars.Scale, grid: str) -> str:
    start, end = sorted((the_scale.percent(0), the_scale.percent(bar.value)))
    shape = f'<rect class="{bars.kind(bar)}" x="{start:.2f}%" width="{max(end - start, 0.04):.2f}%" y="12" height="16" rx="2"/>'
    if bar.low is not None and bar.high is not None:
        low, high = f"{the_scale.percent(bar.low):.2f}%", f"{the_scale.percent(bar.high):.2f}%"
        shape += f'<line class="whisk" x1="{low}" x2="{high}" y1="20" y2="20"/>'
        shape += "".join(f'<line class="whisk" x1="{x}" x2="{x}" y1="16" y2="24"/>' for x in (low, high))
    mark = ' class="is-sum"' if bar.is_sum else ""
    interval = f" <small>{_esc(bar.interval)}</small>" if bar.interval else ""
    return (
        f'<li{mark}><span>{_esc(bar.label)}</span><svg height="40" aria-hidden="true" focusable="false">{grid}{shape}</svg>'
        f'<span class="num"><b>{_esc(bar.text)}</b>{interval}</span></li>'
    )
