# SPDX-License-Identifier: EUPL-1.2
"""Markdown from people, made safe: no raw HTML, no images, links that pass on no weight."""

import re
from functools import cache
from html import unescape
from typing import Final

import nh3
from markdown_it import MarkdownIt

TAGS: Final = {
    *("p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_MARKS: Final = re.compile(r"(?m)^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)|[*_`~]{1,3}|!?\[([^\]]*)\]\([^)]*\)")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return parser.enable(["table", "strikethrough"]).disable(["image"])


def html(text: str) -> str:
    """Safe HTML of a Markdown text. Headings start at h3, so that they fit under the page's own."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    rendered = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(
        rendered,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )


def excerpt(text: str, length: int = 160) -> str:
    """The first words of a Markdown text as plain text, cut at a word with an ellipsis."""
    plain = _MARKS.sub(lambda match: match[1] or "", text[: length * 4])
    plain = " ".join(unescape(plain).split())
    if len(plain) <= length:
        return plain
    return plain[:length].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + "…"
