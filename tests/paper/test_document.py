# SPDX-License-Identifier: EUPL-1.2
"""Documents as data: they come back from JSON as they were, and nothing that contradicts itself is let in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from helhet.paper import document as d
from helhet.paper.codec import checksum, from_json, to_json
from helhet.paper.document import DocumentError, cell, row
from helhet.paper.layout import fit
from helhet.paper.markdown import blocks, inline, unknown_figures
from helhet.paper.plaintext import clean, one_line, safe_href
from helhet.paper.svg import SvgError, clean_svg
from helhet.paper.words import plain
from tests.paper import examples as example


@pytest.mark.parametrize("make", [example.swedish, example.english])
def test_a_document_comes_back_from_json(make) -> None:  # type: ignore[no-untyped-def]
    document = make()
    text = to_json(document)
    assert from_json(text) == document
    assert to_json(from_json(text.encode())) == text
    assert checksum(document) == checksum(from_json(text))
    assert len(checksum(document)) == 64


def test_every_letter_counts_in_the_checksum() -> None:
    document = example.swedish()
    assert checksum(document) != checksum(replace(document, subtitle=document.subtitle + " "))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda data: data.update(version=2), "version"),
        (lambda data: data.update(format="x"), "format"),
        (lambda data: data.update(more=1), "document"),
        (lambda data: data["document"].pop("title"), "document"),
        (lambda data: data["document"].update(colour="red"), "document"),
        (lambda data: data["document"].update(title=3), "document/title"),
        (lambda data: data["document"].update(contents="yes"), "document/contents"),
        (lambda data: data["document"]["sections"][0].update(level=3), "document/sections/0/level"),
        (lambda data: data["document"]["sections"][0].update(level=True), "document/sections/0/level"),
        (
            lambda data: data["document"]["sections"][0]["blocks"].append({"type": "script"}),
            "document/sections/0/blocks/",
        ),
        (lambda data: data["document"].update(sections={}), "document/sections"),
        (lambda data: data["document"].update(origins=[]), "sections"),
    ],
)
def test_json_that_does_not_fit_is_refused_with_its_place(change, path: str) -> None:  # type: ignore[no-untyped-def]
    data = json.loads(to_json(example.swedish()))
    change(data)
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(data))
    assert caught.value.path.startswith(path)


def test_deep_nesting_and_broken_json_are_refused() -> None:
    deep: d.Block = d.Paragraph(cell("x"))
    for _ in range(40):
        deep = d.Quote((deep,))
    document = d.Document("x", (d.Section("a", "A", (deep,)),))
    for text in (to_json(document), "[" * 100_000, "{", "NaN", '{"format":"helhet-document"}'):
        with pytest.raises(DocumentError):
            from_json(text)


def test_contradictions_are_refused() -> None:
    paragraph = d.Paragraph(cell(d.Figure("nobody", "1")))
    bad_table = d.Table("t", (d.Column("a"),), (row("1", "2"),))
    for sections in (
        (d.Section("a", "A", (paragraph,)),),
        (d.Section("a", "A", ()), d.Section("a", "B", ())),
        (d.Section("Å ", "A", ()),),
        (d.Section("a", "A", (), level=2),),
        (d.Section("a", "A", (bad_table,)),),
        (d.Section("a", "A", (d.Alternatives("x", (), (d.Alternative("A", "a", row("1")),)),)),),
    ):
        with pytest.raises(DocumentError):
            d.Document("x", sections)
    with pytest.raises(DocumentError):
        d.Document(" ", ())
    with pytest.raises(DocumentError):
        d.Document("x", (), language="svenska!")


def test_figures_are_numbered_as_they_are_met() -> None:
    numbers = d.numbered_origins(example.swedish())
    assert [(key, number) for key, (number, _) in numbers.items()] == [
        ("helhet", 1),
        ("koncern", 2),
        ("koldioxid", 3),
        ("investering", 4),
        ("sido", 5),
    ]


def test_markdown_becomes_structure_and_html_stays_text() -> None:
    made = blocks(
        "# R\n\na **b** *c* <script>x</script> [l](https://e.org) [j](javascript:x) ![alt](p.png) {{helhet}} {{nej}}\n"
        "\n<div onclick=x>\n\n| a | b |\n|---|--:|\n| 1 | `2` |\n",
        example.BY_KEY,
    )
    heading, text, html, table = made
    assert heading == d.Subheading("R")
    assert isinstance(text, d.Paragraph)
    assert isinstance(html, d.Paragraph)
    assert d.Strong(cell("b")) in text.content
    assert d.Emphasis(cell("c")) in text.content
    assert d.Link("https://e.org", cell("l")) in text.content
    assert d.Figure("helhet", "0\u00a0MSEK") in text.content
    assert plain(text.content) == "a b c <script>x</script> l [j](javascript:x) alt 0\u00a0MSEK {{nej}}"
    assert plain(html.content) == "<div onclick=x>"
    assert isinstance(table, d.Table)
    assert table.columns[1].align == "num"
    assert table.rows == (row("1", "2"),)
    assert unknown_figures("{{nej}} {{helhet}} {{ nej }}", example.BY_KEY) == ["nej"]
    assert inline("a  \nb") == (d.Text("a"), d.Break(), d.Text("b"))


def test_lists_and_quotes_nest() -> None:
    (ordered, quote) = blocks("3. a\n   - b\n4. c\n\n> d\n")
    assert isinstance(ordered, d.Bullets)
    assert ordered.ordered
    assert ordered.start == 3
    assert len(ordered.items) == 2
    assert isinstance(ordered.items[0][1], d.Bullets)
    assert isinstance(quote, d.Quote)


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://a.se/x", True),
        ("mailto:a@b.se", True),
        ("/matters/3", True),
        ("#x", True),
        ("//evil.se", False),
        ("/\\evil.se", False),
        ("javascript:alert(1)", False),
        ("JaVa\tscript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:", False),
        ("http://[", False),
        ("file:///etc/passwd", False),
    ],
)
def test_addresses(href: str, kept: bool) -> None:
    assert bool(safe_href(href)) == kept


def test_control_characters_go_and_thin_spaces_stay() -> None:
    assert clean("a\x00\x0b\ud800\ufffe\u202f1") == "a\u202f1"
    assert one_line("a \r\n\t b\u00a0c") == "a b\u00a0c"


def test_drawings_are_cleaned() -> None:
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="x()" viewBox="0 0 1 1">'
        '<script>x()</script><style>*{}</style><image href="http://e.org/x.png"/><a href="javascript:x"><rect/></a>'
        '<foreignObject><p>x</p></foreignObject><defs><linearGradient id="g"/></defs>'
        '<rect style="fill:red" fill="url(#g)" stroke="url(http://e.org/#a)" onclick="x()" width="1"/>'
        '<use xlink:href="http://e.org/#a"/><use xlink:href="#g"/><animate attributeName="href"/><text>a &lt;b&gt;</text></svg>'
    )
    cleaned = clean_svg(source, "p-")
    for trace in ("script", "style", "image", "foreignObject", "onload", "onclick", "e.org", "animate", "<a"):
        assert trace not in cleaned
    assert 'id="p-g"' in cleaned
    assert 'fill="url(#p-g)"' in cleaned
    assert 'href="#p-g"' in cleaned
    assert "a &lt;b&gt;" in cleaned
    assert clean_svg(cleaned) == cleaned
    for bad in ("", "<svg", "<html/>", '<!DOCTYPE s [<!ENTITY a "b">]><svg>&a;</svg>'):
        with pytest.raises(SvgError):
            clean_svg(bad)


def test_tables_fit_upright_then_turned_then_in_parts() -> None:
    def table(width: int) -> d.Table:
        columns = (d.Column("Budgethållare"), *(d.Column(str(2026 + n), "num") for n in range(width)))
        return d.Table("t", columns, (row("Kommunen", *(["−1 234,5"] * width)),))

    (upright,), (turned,) = fit(table(5)), fit(table(14))
    assert not upright.turned
    assert upright.size == 9
    assert turned.turned
    parts = fit(table(60))
    assert len(parts) > 1
    assert all(part.turned and part.parts == len(parts) for part in parts)
    years = [column.label for part in parts for column in part.table.columns[1:]]
    assert years == [str(2026 + n) for n in range(60)]
