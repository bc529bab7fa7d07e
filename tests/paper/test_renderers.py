# SPDX-License-Identifier: EUPL-1.2
"""The same words in every form: HTML, PDF, DOCX, workbook; hostile text is only ever text."""

from __future__ import annotations

import datetime as dt
import html as escaping
import io
import re
import time
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import docx
import openpyxl
import pypdf
import pytest

from helhet.paper import document as d
from helhet.paper import html, pdf, sheets, word
from helhet.paper.document import cell, row
from helhet.paper.glyphs import drawable, settable
from helhet.paper.plaintext import one_line
from tests.paper import examples as example

MOMENT = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


def squeezed(text: str) -> str:
    """Return the letters alone: what a page's line breaks cannot change."""
    return re.sub(r"[\s\u200b\u00ad]|(?<=\w)\u2010", "", text)


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def docx_text(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    return "\n".join(
        t.text or "" for t in file.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
    )


@pytest.fixture(scope="module")
def swedish_pdf() -> bytes:
    return pdf.render(example.swedish(), timestamp=MOMENT)


# PDF --------------------------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_and_says_what_it_is(swedish_pdf: bytes, caplog: pytest.LogCaptureFixture) -> None:
    reader = pypdf.PdfReader(io.BytesIO(swedish_pdf))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv-SE"
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Spillvärme i stället för förbränning"
    assert reader.metadata.creation_date == MOMENT
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>3<", xmp)
    assert re.search(r"pdfaid:conformance>A<", xmp)
    assert "pdfuaid:part>1<" in xmp
    assert reader.pages[0].mediabox.width == pytest.approx(595.28, abs=0.5)
    tags = set(
        re.findall(r"'/S': '(/\w+)'", " ".join(str(o.get_object()) for o in _structure(root["/StructTreeRoot"])))
    )
    assert {"/H1", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L", "/Link"} <= tags


def _structure(node: Any, depth: int = 0) -> list[Any]:
    node = node.get_object()
    if not isinstance(node, dict) or depth > 60:
        return []
    kids = node.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    found = [{"/S": str(node.get("/S"))}]
    for kid in kids:
        found += _structure(kid, depth + 1) if hasattr(kid, "get_object") else []
    return [_Plain(item) if isinstance(item, dict) else item for item in found]


class _Plain(dict):  # type: ignore[type-arg]
    def get_object(self) -> _Plain:
        return self


def test_the_pdf_says_the_words_and_the_figures_with_thin_spaces(swedish_pdf: bytes) -> None:
    text = pdf_text(swedish_pdf)
    assert "−40\u202f000" in text
    assert "KN 2026/114" in text
    assert "Sida 1 av" in text
    assert "Innehåll" in text
    letters = squeezed(text)
    for words in ("Spillvärmeiställetförförbränning", "Källa", "summanavsexbudgethållare", "Tryggheten", "9f" * 32):
        assert squeezed(words) in letters
    assert "Page 1 of" in pdf_text(pdf.render(example.english()))


def test_same_document_same_bytes(swedish_pdf: bytes) -> None:
    assert pdf.render(example.swedish(), timestamp=MOMENT) == swedish_pdf
    assert pdf.render(example.swedish()) != swedish_pdf
    assert word.render(example.swedish(), timestamp=MOMENT) == word.render(example.swedish(), timestamp=MOMENT)
    assert sheets.document_workbook(example.swedish()) == sheets.document_workbook(example.swedish())


@pytest.mark.parametrize("make", [example.swedish, example.english, example.hostile])
def test_both_standards_are_met_without_falling_back(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING"):
        pdf.render(make())
    assert not caplog.records


def test_a_long_table_repeats_its_head_on_every_page_in_good_time() -> None:
    columns = (d.Column("Ärende"), d.Column("Belopp", "num", "MSEK"), d.Column("Svar"))
    rows = tuple(row(f"Ärende {n}", f"{n},5", "Kommunen svarade samma dag. " * 3) for n in range(1000))
    document = d.Document("Lång tabell", (d.Section("a", "A", (d.Table("Alla", columns, rows),)),))
    start = time.perf_counter()
    data = pdf.render(document)
    assert time.perf_counter() - start < 20
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert len(pages) > 20
    assert all("Belopp" in page and "MSEK" in page for page in pages)
    assert "Ärende 999" in pages[-1]
    start = time.perf_counter()
    file = docx.Document(io.BytesIO(word.render(document)))
    assert time.perf_counter() - start < 30
    assert file.tables[0].rows[0]._tr.trPr.xpath("./w:tblHeader")


def test_what_the_typeface_lacks_is_marked_and_long_runs_may_break() -> None:
    assert ord("ŋ") in drawable()
    assert ord("−") in drawable()
    assert 0x202F in drawable()
    assert ord("漢") not in drawable()
    assert settable("a漢") == "a\ufffd"
    assert settable("Davvisámegiella ŧ đ") == "Davvisámegiella ŧ đ"
    assert "\u200b" in settable("https://example.org/a/very/long/path/to/somewhere")
    assert "\u200b" not in settable("ord " * 9)
    long = d.Document("x", (d.Section("a", "A", (d.Paragraph(cell("漢字 🙂 \ue000 " + "x" * 3000)),)),))
    assert b"%PDF" in pdf.render(long)[:10]


# Hostile text -----------------------------------------------------------------------------------------------------


def test_hostile_text_is_only_text_in_every_form() -> None:
    document = example.hostile()
    expected = [squeezed(one_line(text)) for text in example.HOSTILE]
    texts = {
        "pdf": squeezed(pdf_text(pdf.render(document))),
        "docx": squeezed(docx_text(word.render(document))),
        "html": squeezed(escaping.unescape(re.sub(r"<[^>]+>", "", html.article(document)))),
    }
    for form, text in texts.items():
        for words in expected:
            assert words in text, (form, words)


def test_the_page_template_evaluates_nothing_and_reads_nothing_but_its_data() -> None:
    source = (resources.files("helhet.paper") / "typst" / "document.typ").read_text("utf-8")
    for call in ("#import", "#include", "eval(", "read(", "plugin(", "@preview", "@local", "csv(", "yaml(", "toml("):
        assert call not in source
    assert source.count("sys.inputs") == 1


def test_only_the_vendored_typeface_is_used(swedish_pdf: bytes) -> None:
    names = set(re.findall(r"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", _objects(swedish_pdf)))
    assert names
    assert all(name.startswith("Inter") for name in names)


def _objects(data: bytes) -> str:
    fonts = []
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        resource: Any = page["/Resources"]
        fonts += [f"/BaseFont {font.get_object()['/BaseFont']}" for font in resource.get("/Font", {}).values()]
    return " ".join(fonts)


def test_the_docx_reaches_outside_for_nothing() -> None:
    for make in (example.swedish, example.english, example.hostile):
        with zipfile.ZipFile(io.BytesIO(word.render(make()))) as archive:
            names = archive.namelist()
            relations = "".join(archive.read(n).decode() for n in names if n.endswith(".rels"))
            assert "External" not in relations
            assert not any("vba" in n.lower() for n in names)
            assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}


# DOCX -------------------------------------------------------------------------------------------------------------


def test_the_docx_has_the_words_styles_language_and_descriptions() -> None:
    data = word.render(example.swedish(), timestamp=MOMENT)
    file = docx.Document(io.BytesIO(data))
    styles = {p.style.name for p in file.paragraphs if p.style}
    assert {"Title", "Heading 1", "Heading 2", "Caption", "List Bullet", "List Number", "Ask", "Note"} <= styles
    core = file.core_properties
    assert (core.title, core.author, core.language) == (
        "Spillvärme i stället för förbränning",
        "Kiruna kommun",
        "sv-SE",
    )
    assert core.created == MOMENT
    xml = file.styles.element.xml
    assert 'w:lang w:val="sv-SE"' in xml
    assert len(file.inline_shapes) == 1
    assert "staplar" in file.inline_shapes[0]._inline.docPr.get("descr")
    text = docx_text(data)
    for words in ("Ska kommunen ersätta", "−40\u202f000", "energibolaget −41,9", "alternativ C", "9f" * 32):
        assert words in text
    anchors = set(re.findall(r'w:anchor="(\w+)"', file.element.xml))
    marks = set(re.findall(r'w:bookmarkStart [^>]*w:name="(\w+)"', file.element.xml))
    assert anchors
    assert anchors <= marks
    assert 'w:lang w:val="en-GB"' in docx.Document(io.BytesIO(word.render(example.english()))).styles.element.xml


def test_numbered_lists_start_where_they_should() -> None:
    lists = tuple(d.Bullets(((d.Paragraph(cell(text)),),), True, start) for text, start in (("a", 1), ("b", 4)))
    file = docx.Document(io.BytesIO(word.render(d.Document("x", (d.Section("a", "A", lists),)))))
    numbers = [p._p.pPr.numPr.numId.val for p in file.paragraphs if p.style and p.style.name == "List Number"]
    assert len(set(numbers)) == 2
    assert 'w:startOverride w:val="4"' in file.part.numbering_part.element.xml


# HTML -------------------------------------------------------------------------------------------------------------


class Checker(HTMLParser):
    """Collects tags, ids and references; fails on what a strict content policy would block."""

    void = frozenset({"br", "wbr", "path", "line", "rect", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refs: list[str] = []
        self.classes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        assert tag not in {"script", "style", "iframe", "object"}
        assert not any(name == "style" or name.startswith("on") for name in names)
        assert not (names.get("href") or "").lower().startswith(("javascript", "data"))
        self.ids += [names["id"] or ""] if "id" in names else []
        self.refs += [v for k, v in attrs if k in {"popovertarget", "aria-labelledby"} and v]
        self.classes |= set((names.get("class") or "").split())
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.void:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self.open.pop() == tag


@pytest.mark.parametrize("make", [example.swedish, example.english, example.hostile])
def test_the_html_is_sound_and_bears_nothing_that_runs(make: Any) -> None:
    document = make()
    checker = Checker()
    checker.feed(html.contents(document) + html.facts(document) + html.article(document) + html.lineage(document))
    assert not checker.open
    assert len(checker.ids) == len(set(checker.ids))
    assert set(checker.refs) <= set(checker.ids)


def test_the_html_follows_the_look() -> None:
    document = example.swedish()
    page = html.article(document)
    checker = Checker()
    checker.feed(page)
    assert {
        "doc",
        "flow",
        "ask",
        "note",
        "fig",
        "cap",
        "scroll",
        "table",
        "num",
        "bars",
        "barbox",
        "whisk",
        "is-sum",
        "more",
        "panel--snow",
        "bullets",
        "goals",
        "is-against",
        "fine",
        "meta",
    } <= checker.classes
    assert (
        '<button class="fig" type="button" popovertarget="s1" title="Helheten i pengar, nuvärde till 2045">0\u00a0MSEK</button>'
        in page
    )
    lineage = html.lineage(document)
    assert '<dd class="formula">energibolaget −41,9' in lineage
    assert 'href="/kalkyler/4"' in lineage
    assert '<a href="#fraga">Frågan</a>' in html.contents(document)
    assert page.__html__() is page


def test_prefix_and_hook_for_reviews() -> None:
    page = html.article(example.english(), prefix="v2-", after_block=lambda place: f"<!--{place}-->")
    assert 'id="v2-question"' in page
    assert 'popovertarget="v2-s1"' in page
    assert "<!--question-2-->" in page
    assert "Sources and origins" in page


# Workbook ---------------------------------------------------------------------------------------------------------


def test_the_workbook_holds_every_table_and_runs_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheets.document_workbook(example.swedish())))
    assert len(book.sheetnames) == 5
    assert book.sheetnames[0].startswith("Tabell 1")
    holders = book.worksheets[1]
    assert holders["B2"].value == -41.9
    assert holders["B2"].data_type == "n"
    assert holders["A2"].value == "Energibolaget"
    evil = openpyxl.load_workbook(io.BytesIO(sheets.document_workbook(example.hostile())))
    values = [c for sheet in evil for line in sheet.iter_rows() for c in line if c.value is not None]
    assert all(c.data_type != "f" for c in values)
    assert not any(str(c.value).startswith("=") for c in values)
    table = next(iter(sheets.document_tables(example.hostile())))
    assert "'=1+1" in sheets.table_csv(table).decode("utf-8-sig")


def test_a_document_without_figures_or_tables_renders_everywhere() -> None:
    bare = replace(d.Document("Tomt", ()), language="fit")
    assert pdf.render(bare)
    assert word.render(bare)
    assert sheets.document_workbook(bare)
    assert html.article(bare)
