# SPDX-License-Identifier: EUPL-1.2
"""Whoever does not want to be named is not named by the files either; a named author's file is kept as it came."""

import io
import random
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment as Note
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text as PdfRemark
from pypdf.generic import NameObject, StreamObject

from helhet.foundation.jobs import services as jobs
from helhet.foundation.matters.files import Refused, attach, nameless
from helhet.foundation.matters.models import File, Matter
from helhet.foundation.policy import Standing
from tests.foundation.test_files import office, photo_with_position
from tests.people import Town, matter, standing

WHO = "Anna Exempelsson"
PATH = "file:///C:\\Users\\anna.exempelsson\\Mallar\\brev.dotm"


def letter() -> bytes:
    """A Word file as Word writes it: properties, a comment, a change, a template's path, a photo with its position."""
    document = Document()
    paragraph = document.add_paragraph("Trappan är hal.")
    document.add_comment(paragraph.runs, text="Så är det.", author=WHO, initials="AE")
    photo = io.BytesIO(photo_with_position())
    document.add_picture(photo)
    for name in ("author", "last_modified_by", "comments", "title"):
        setattr(document.core_properties, name, WHO)
    changed = document.element.body.makeelement(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}ins",
        {"{http://schemas.openxmlformats.org/wordprocessingml/2006/main}author": WHO},
    )
    paragraph._p.append(changed)
    document.part.relate_to(
        PATH, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/x", is_external=True
    )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet() -> bytes:
    book = Workbook()
    book.active["A1"] = 41
    book.active["A1"].comment = Note(f"{WHO}:\nStämmer det?", WHO)
    book.properties.creator = book.properties.lastModifiedBy = WHO
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def report() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": WHO, "/Creator": "Word", "/Title": WHO})
    remark = PdfRemark(rect=(0, 0, 50, 50), text="Se trappan.")
    remark[NameObject("/T")] = remark[NameObject("/Contents")].__class__(WHO)
    writer.add_annotation(0, remark)
    xmp = StreamObject()
    xmp.set_data(f"<x:xmpmeta><dc:creator>{WHO}</dc:creator></x:xmpmeta>".encode())
    writer._root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    photo = StreamObject()
    photo._data = photo_with_position()
    photo[NameObject("/Filter")] = NameObject("/DCTDecode")
    page[NameObject("/Photo")] = writer._add_object(photo)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def everything(body: bytes) -> bytes:
    """All that stands in a file, unpacked, with what archives say of their parts."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"\n".join(one.filename.encode() + archive.read(one) for one in archive.infolist())


@pytest.mark.parametrize(("name", "made"), [("brev.docx", letter), ("blad.xlsx", sheet), ("rapport.pdf", report)])
def test_nothing_in_a_file_names_who_made_it(name: str, made: object) -> None:
    body = made()  # type: ignore[operator]
    assert WHO.encode() in everything(body)
    clean = everything(nameless(body, name))
    for told in (WHO, "Exempelsson", "exempelsson", "Kamera nummer 77", "privat kommentar"):
        assert told.encode() not in clean, told
        assert told.encode("utf-16-be") not in clean, told


def test_what_the_file_is_about_is_still_there() -> None:
    document = Document(io.BytesIO(nameless(letter(), "brev.docx")))
    assert document.paragraphs[0].text == "Trappan är hal."
    assert [one.text for one in document.comments] == ["Så är det."]
    assert len(document.inline_shapes) == 1
    kept = load_workbook(io.BytesIO(nameless(sheet(), "blad.xlsx"))).active
    assert kept["A1"].value == 41
    assert "Stämmer det?" in kept["A1"].comment.text
    page = PdfReader(io.BytesIO(nameless(report(), "rapport.pdf"))).pages[0]
    assert page["/Annots"][0].get_object()["/Contents"] == "Se trappan."
    with Image.open(io.BytesIO(page["/Photo"].get_object()._data)) as photo:
        assert photo.size == (60, 40)
        assert dict(photo.getexif()) == {}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("rapport.pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * 30),
        ("brev.docx", office("[Content_Types].xml", "word/document.xml", "word/embeddings/oleObject1.bin")),
        ("brev.docx", office("[Content_Types].xml", "word/document.xml", content=b"<not closed")),
    ],
)
def test_what_cannot_be_cleaned_is_refused_in_words(name: str, body: bytes) -> None:
    with pytest.raises(Refused, match="vem som har gjort filen"):
        nameless(body, name)


def test_locked_and_carrying_pdfs_are_refused() -> None:
    locked = PdfWriter(clone_from=io.BytesIO(report()))
    locked.encrypt("hemligt")
    carrying = PdfWriter(clone_from=io.BytesIO(report()))
    carrying.add_attachment("kladd.txt", WHO.encode())
    for writer in (locked, carrying):
        out = io.BytesIO()
        writer.write(out)
        with pytest.raises(Refused):
            nameless(out.getvalue(), "rapport.pdf")


def _kept(by: Standing, about: Matter, name: str, body: bytes) -> File:
    kept = attach(by=by, matter=about, upload=SimpleUploadedFile(name, body))
    while job := jobs.claim("test"):
        assert jobs.run(job), job.error
    kept.refresh_from_db()
    return kept


@pytest.mark.django_db
@pytest.mark.parametrize("author_kind", ["pseudonym", "anonymous"])
def test_an_author_who_is_not_named_leaves_no_name_and_a_named_one_leaves_the_file_as_it_was(
    town: Town, author_kind: str
) -> None:
    team, body = standing("platform_team"), letter()
    unnamed = _kept(team, matter(by=standing("employee"), author_kind=author_kind), "brev.docx", body)
    assert unnamed.state == "ok"
    assert WHO.encode() not in everything(unnamed.blob.read())
    assert unnamed.size != len(body)
    named = _kept(team, matter(by=standing("employee")), "brev.docx", body)
    assert named.blob.read() == body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE a [<!ENTITY b "bomb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        b"<?xml version='1.0'?>"
        + b"<!--"
        + random.Random(1).randbytes(40_000).hex().encode()
        + b"-->"
        + b'<!DOCTYPE a [<!ENTITY b "bomb">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY b "bomb">]><a>&b;</a>'.encode("utf-16"),
        b"nothing that is XML",
        b"",
    ],
)
def test_xml_that_declares_entities_is_refused_whoever_sends_it(town: Town, bomb: bytes) -> None:
    body = office("[Content_Types].xml", "word/document.xml")
    out = io.BytesIO(body)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/styles.xml", bomb)
    kept = _kept(standing("platform_team"), matter(by=standing("employee")), "brev.docx", out.getvalue())
    assert (kept.state, kept.refused_because) == ("refused", "Filen går inte att läsa.")
