# SPDX-License-Identifier: EUPL-1.2
"""The parts of a DOCX that python-docx leaves to its users: styles of the look, fields, bookmarks, repeated rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from helhet.paper.document import Table

_FONT = "Calibri"
_INK, _INK_2, _ACCENT = RGBColor(0x14, 0x21, 0x2C), RGBColor(0x4A, 0x5B, 0x69), RGBColor(0x12, 0x59, 0x82)
_TEXT_WIDTH = Cm(16)
_TURNED_WIDTH = Cm(24.7)

# name: (base, size in points, bold, colour, space before, space after)
_STYLES: dict[str, tuple[str, float, bool, RGBColor, float, float]] = {
    "Title": ("Normal", 24, True, _INK, 0, 6),
    "Subtitle": ("Normal", 12, False, _INK_2, 0, 10),
    "Heading 1": ("Normal", 16, True, _INK, 22, 7),
    "Heading 2": ("Normal", 12.5, True, _INK, 14, 5),
    "Heading 3": ("Normal", 11, True, _INK, 12, 4),
    "Caption": ("Normal", 10, False, _INK_2, 12, 5),
    "Kind": ("Normal", 10, False, _ACCENT, 0, 2),
    "Meta": ("Normal", 9, False, _INK_2, 4, 8),
    "Fact": ("Normal", 10, False, _INK, 0, 2),
    "Ask": ("Normal", 14, False, _INK, 6, 12),
    "Note": ("Normal", 10, False, RGBColor(0x4A, 0x32, 0x05), 8, 10),
    "Quote": ("Normal", 11, False, _INK_2, 6, 8),
    "Signature": ("Normal", 9, False, _INK_2, 40, 6),
    "Table Head": ("Normal", 9, True, _INK, 2, 2),
    "Table Text": ("Normal", 9, False, _INK, 2, 2),
}


def prepare(file: Any, language: str) -> None:
    """Set page, styles, language and hyphenation of a new file."""
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.3)
    normal = file.styles["Normal"]
    _shape(normal, 11, False, _INK, 0, 8)
    normal.paragraph_format.line_spacing = 1.15
    for name, (base, size, bold, colour, before, after) in _STYLES.items():
        style = file.styles[name] if name in file.styles else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = file.styles[base]
        _shape(style, size, bold, colour, before, after)
    small = file.styles.add_style("Small", WD_STYLE_TYPE.CHARACTER)
    small.font.size, small.font.color.rgb = Pt(8), _INK_2
    _border(file.styles["Ask"], "left", 24, "125982", 10)
    _border(file.styles["Note"], "left", 24, "B08A00", 8)
    _shade(file.styles["Note"], "FBEED6")
    _border(file.styles["Signature"], "top", 4, "14212C", 2)
    file.styles["Quote"].font.italic = False
    file.styles["Quote"].paragraph_format.left_indent = Cm(0.8)
    for name in ("Table Head", "Table Text"):
        file.styles[name].paragraph_format.line_spacing = 1.0
    for name in ("Caption", "Table Head"):
        file.styles[name].paragraph_format.keep_with_next = True
    _tag_language(file, language)
    settings = file.settings.element
    hyphenation = OxmlElement("w:autoHyphenation")
    settings.insert_element_before(hyphenation, *_AFTER_HYPHENATION)


_AFTER_HYPHENATION = (
    "w:consecutiveHyphenLimit",
    "w:hyphenationZone",
    "w:doNotHyphenateCaps",
    "w:showEnvelope",
    "w:summaryLength",
    "w:clickAndTypeStyle",
    "w:defaultTableStyle",
    "w:evenAndOddHeaders",
    "w:drawingGridHorizontalSpacing",
    "w:drawingGridVerticalSpacing",
    "w:displayHorizontalDrawingGridEvery",
    "w:displayVerticalDrawingGridEvery",
    "w:characterSpacingControl",
    "w:hdrShapeDefaults",
    "w:footnotePr",
    "w:endnotePr",
    "w:compat",
    "w:docVars",
    "w:rsids",
    "m:mathPr",
    "w:themeFontLang",
    "w:clrSchemeMapping",
    "w:shapeDefaults",
    "w:decimalSymbol",
    "w:listSeparator",
)


def _shape(style: Any, size: float, bold: bool, colour: RGBColor, before: float, after: float) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = _FONT, Pt(size), bold, False
    style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), _FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    for old in style.element.xpath("./w:pPr/w:pBdr | ./w:rPr/w:spacing | ./w:rPr/w:kern"):
        old.getparent().remove(old)


def _border(style: Any, side: str, size: int, colour: str, space: int) -> None:
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", str(space)), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    style.element.get_or_add_pPr().insert_element_before(
        borders,
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:jc",
        "w:outlineLvl",
    )


def _shade(style: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    style.element.get_or_add_pPr().insert_element_before(
        shade,
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:jc",
        "w:outlineLvl",
    )


def _tag_language(file: Any, language: str) -> None:
    for properties in file.styles.element.xpath("//w:docDefaults/w:rPrDefault/w:rPr"):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        tag = OxmlElement("w:lang")
        tag.set(qn("w:val"), language)
        tag.set(qn("w:eastAsia"), language)
        properties.append(tag)


def describe(file: Any, title: str, author: str, subject: str, language: str, moment: dt.datetime) -> None:
    """Set the core properties; each text at most 255 characters, as the format demands."""
    core = file.core_properties
    core.title, core.author, core.subject = title[:255], author[:255], subject[:255]
    core.last_modified_by, core.comments, core.keywords = author[:255], "", ""
    core.language, core.created, core.modified, core.revision = language, moment, moment, 1


def head_and_foot(file: Any, head: str, number: str, foot: str, words: dict[str, str]) -> None:
    """Write the running head (document, registration number) and foot (kind and state, page of pages)."""
    section = file.sections[0]
    for part, left in ((section.header, head), (section.footer, foot)):
        paragraph = part.paragraphs[0]
        paragraph.style = file.styles["Meta"]
        paragraph.paragraph_format.tab_stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(left[:90])
        paragraph.add_run("\t")
    section.header.paragraphs[0].add_run(number[:40])
    paragraph = section.footer.paragraphs[0]
    paragraph.add_run(f"{words['page']} ")
    _field(paragraph, "PAGE")
    paragraph.add_run(f" {words['of']} ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def fit_table(grid: Any, widths: tuple[float, ...], *, turned: bool) -> None:
    """Share the width of the text among the columns, and draw only lines under the rows."""
    whole = _TURNED_WIDTH if turned else _TEXT_WIDTH
    grid.autofit = False
    for column, share in zip(grid.columns, widths, strict=True):
        column.width = int(whole * share / sum(widths))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        is_drawn = side in {"bottom", "insideH"}
        line.set(qn("w:val"), "single" if is_drawn else "nil")
        if is_drawn:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), "B8C6D0")
        borders.append(line)
    grid._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("left", "0"), ("right", "120")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), width)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def turn_page(file: Any, *, turned: bool) -> None:
    """Begin a new page, lying if `turned` and upright otherwise."""
    section = file.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if turned else (Cm(21), Cm(29.7))


def repeat_header(row: Any) -> None:
    """Let `row` stand at the top of every page that its table reaches."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(OxmlElement("w:tblHeader"))


def keep_row(row: Any) -> None:
    """Keep `row` on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def align(grid: Any, table: Table) -> None:
    """Align the columns of numbers to the right, and set every cell's width to its column's."""
    columns = list(grid.columns)
    widths = [column.width for column in columns]
    for row in grid.rows:
        for cell, column, width in zip(row.cells, table.columns, widths, strict=True):
            cell.width = width
            if column.align == "num":
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Mark the start of `paragraph` as a place that references lead to."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.append(start)
    paragraph._p.append(end)


def reference(paragraph: Any, target: str, text: str) -> None:
    """Add a raised number that leads to the bookmark `target` in the same file."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), target)
    run = paragraph.add_run(text)
    run.font.superscript = True
    run.font.bold = False
    run.font.color.rgb = _ACCENT
    link.append(run._r)
    paragraph._p.append(link)


def describe_picture(shape: Any, title: str, text: str) -> None:
    """Give a picture its alternative text."""
    # Readers differ in the distance they take when none is given.
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")
    properties = shape._inline.docPr
    properties.set("title", title)
    properties.set("descr", text)


def new_numbering(file: Any, style: str, start: int) -> int:
    """Return a new numbering like that of `style` that begins at `start`, so that lists do not continue each other."""
    numbers = file.styles[style].element.xpath("./w:pPr/w:numPr/w:numId/@w:val")
    root = file.part.numbering_part.element
    abstract = root.num_having_numId(int(numbers[0])).abstractNumId.val
    number = root.add_num(abstract)
    override = number.add_lvlOverride(ilvl=0)
    override.add_startOverride(start)
    return int(number.numId)


def number_paragraph(paragraph: Any, numbering: int) -> None:
    """Let `paragraph` count in `numbering`."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering
