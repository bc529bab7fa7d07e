# SPDX-License-Identifier: EUPL-1.2
"""Authors' Markdown to blocks: marks become structure, raw HTML stays text, `{{key}}` becomes a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from helhet.paper.document import (
    Block,
    Break,
    Bullets,
    Cell,
    Column,
    Emphasis,
    Figure,
    Inline,
    Link,
    Origin,
    Paragraph,
    Quote,
    Strong,
    Subheading,
    Table,
    Text,
)
from helhet.paper.plaintext import clean, safe_href

_FIGURE = re.compile(r"\{\{\s*([^{}\s][^{}]{0,200}?)\s*\}\}")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def blocks(text: str, origins: Mapping[str, Origin] | None = None) -> tuple[Block, ...]:
    """Return the blocks of an author's Markdown.

    `{{key}}` becomes a figure whose value is that of `origins[key]`, so that figures are never typed; an unknown
    key stays as text (see `unknown_figures`). Headings become subheadings, images their descriptions.
    """
    tree = SyntaxTreeNode(_parser().parse(clean(text)))
    return _blocks(tree.children, origins or {})


def inline(text: str, origins: Mapping[str, Origin] | None = None) -> tuple[Inline, ...]:
    """Return one line of Markdown as inline content."""
    tree = SyntaxTreeNode(_parser().parseInline(clean(text)))
    return _inline(tree.children, origins or {})


def unknown_figures(text: str, known: Iterable[str]) -> list[str]:
    """Return the keys in `{{…}}` that are not among `known`, in order, each once."""
    keys = set(known)
    return [key for key in dict.fromkeys(_FIGURE.findall(text)) if key not in keys]


def _blocks(nodes: Iterable[SyntaxTreeNode], origins: Mapping[str, Origin]) -> tuple[Block, ...]:
    return tuple(block for node in nodes if (block := _block(node, origins)) is not None)


def _block(node: SyntaxTreeNode, origins: Mapping[str, Origin]) -> Block | None:
    kind = node.type
    if kind == "paragraph":
        content = _inline(node.children, origins)
        return Paragraph(content) if content else None
    if kind == "heading":
        return Subheading(_words(node))
    if kind in {"bullet_list", "ordered_list"}:
        items = tuple(_blocks(item.children, origins) for item in node.children)
        start = node.attrs.get("start", 1)
        return Bullets(items, kind == "ordered_list", int(start))
    if kind == "blockquote":
        return Quote(_blocks(node.children, origins))
    if kind in {"fence", "code_block", "html_block"}:
        lines = node.content.rstrip("\n").split("\n")
        content = tuple(part for line in lines for part in (Break(), Text(line)))[1:]
        return Paragraph(content)
    if kind == "table":
        return _table(node, origins)
    return None


def _table(node: SyntaxTreeNode, origins: Mapping[str, Origin]) -> Table:
    head = node.children[0].children[0].children
    columns = tuple(
        Column(_words(cell), "num" if "right" in str(cell.attrs.get("style", "")) else "start") for cell in head
    )
    rows: list[tuple[Cell, ...]] = []
    for body in node.children[1:]:
        rows += [tuple(_inline(cell.children, origins) for cell in row.children) for row in body.children]
    return Table("", columns, tuple(rows), row_headings=False)


def _inline(nodes: Iterable[SyntaxTreeNode], origins: Mapping[str, Origin]) -> tuple[Inline, ...]:
    parts: list[Inline] = []
    for node in nodes:
        for part in _inline_node(node, origins):
            if isinstance(part, Text) and parts and isinstance(parts[-1], Text):
                part = Text(parts.pop().text + part.text)  # type: ignore[union-attr]
            parts.append(part)
    return tuple(parts)


def _inline_node(node: SyntaxTreeNode, origins: Mapping[str, Origin]) -> tuple[Inline, ...]:
    kind = node.type
    if kind == "inline":
        return _inline(node.children, origins)
    if kind == "text":
        return _with_figures(node.content, origins)
    if kind == "strong":
        return (Strong(_inline(node.children, origins)),)
    if kind == "em":
        return (Emphasis(_inline(node.children, origins)),)
    if kind == "link":
        content = _inline(node.children, origins)
        href = safe_href(str(node.attrs.get("href", "")))
        return (Link(href, content),) if href and content else content
    if kind == "softbreak":
        return (Text(" "),)
    if kind == "hardbreak":
        return (Break(),)
    return (Text(_words(node)),) if _words(node) else ()


def _words(node: SyntaxTreeNode) -> str:
    if node.children:
        return "".join(_words(child) for child in node.children)
    return " " if node.type in {"softbreak", "hardbreak"} else node.content


def _with_figures(text: str, origins: Mapping[str, Origin]) -> tuple[Inline, ...]:
    parts: list[Inline] = []
    position = 0
    for match in _FIGURE.finditer(text):
        origin = origins.get(match[1])
        if origin is None:
            continue
        if match.start() > position:
            parts.append(Text(text[position : match.start()]))
        parts.append(Figure(origin.key, origin.value))
        position = match.end()
    if position < len(text):
        parts.append(Text(text[position:]))
    return tuple(parts)
