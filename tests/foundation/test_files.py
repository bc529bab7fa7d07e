# SPDX-License-Identifier: EUPL-1.2
"""Files wait until they are checked, and tell nothing that their sender did not mean to tell."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from helhet.foundation.jobs import services as jobs
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.files import Refused, attach, check_file, checked
from helhet.foundation.matters.models import File, Matter
from helhet.foundation.policy import Forbidden, Standing
from tests.people import Town, matter, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (60, 40), **saving: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode == "P" else "red").save(out, kind, **saving)
    return out.getvalue()


def photo_with_position() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Kamera nummer 77"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (67.0, 51.0, 20.0), "E", (20.0, 13.0, 30.0)
    return picture(exif=exif.tobytes(), comment=b"privat kommentar")


def office(*names: str, content: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


DOCX = ("[Content_Types].xml", "word/document.xml")
XLSX = ("[Content_Types].xml", "xl/workbook.xml")


@pytest.fixture
def author(town: Town) -> Standing:
    return standing("employee", town.streets)


@pytest.fixture
def about(author: Standing) -> Matter:
    return matter(by=author)


def send(by: Standing, about: Matter, name: str, body: bytes) -> File:
    return attach(by=by, matter=about, upload=SimpleUploadedFile(name, body))


def work_off() -> None:
    while job := jobs.claim("test"):
        assert jobs.run(job), job.error


def test_a_file_waits_in_quarantine_and_comes_out_checked(
    author: Standing, about: Matter, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    sent = photo_with_position()
    kept = send(author, about, "C:\\bilder\\trappan\u202e.jpg", sent)
    assert (kept.state, kept.name, kept.media_type) == ("quarantined", "trappan.jpg", "image/jpeg")
    first = kept.blob.name
    with django_capture_on_commit_callbacks(execute=True):
        work_off()
    kept.refresh_from_db()
    assert kept.state == "ok"
    assert kept.blob.name != first
    assert not kept.blob.storage.exists(str(first)), "what was sent still lies on the disk with its position"
    body = kept.blob.read()
    assert len(body) == kept.size
    for told in (b"Kamera", b"privat", b"Exif", b"GPS"):
        assert told not in body
    with Image.open(io.BytesIO(body)) as clean:
        assert dict(clean.getexif()) == {}
        assert clean.size == (40, 60), "stands upright"
    assert [e.verb for e in Event.objects.order_by("id")][-2:] == ["matter.file_added", "matter.file_checked"]


def test_a_check_asked_for_twice_is_done_once(author: Standing, about: Matter) -> None:
    kept = send(author, about, "bild.png", picture("PNG"))
    work_off()
    check_file(str(kept.uid))
    assert Event.objects.filter(verb="matter.file_checked").count() == 1


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA")]
)
def test_a_picture_looks_the_same_after_the_check(kind: str, mode: str) -> None:
    sent = picture(kind, mode)
    clean = checked(sent, f"bild.{kind.lower()}")
    with Image.open(io.BytesIO(sent)) as before, Image.open(io.BytesIO(clean)) as after:
        assert before.size == after.size
        near = zip(before.convert("RGB").getpixel((5, 5)), after.convert("RGB").getpixel((5, 5)), strict=True)
        assert all(abs(a - b) < 12 for a, b in near)


def _pixel_bomb() -> bytes:
    """A PNG of a few bytes that says it is 60 000 times 60 000."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("sida.jpg", b"<html><script>alert(1)</script></html>", "inte av den typ"),
        ("program.pdf", b"MZ" + b"\0" * 400, "inte av den typ"),
        ("bild.png", picture("JPEG"), "inte av den typ"),
        ("bild.png", picture("PNG")[:60], "inte att läsa"),
        ("bomb.png", _pixel_bomb(), "bildpunkter|inte att läsa"),
        ("stor.png", picture("PNG", "1", (9000, 6000)), "bildpunkter"),
        ("text.txt", b"hej\x00", "inte av den typ"),
        ("brev.docx", b"PK\x03\x04 trasig", "inte att läsa"),
        ("brev.docx", office("a.txt"), "inte av den typ"),
        ("brev.docx", office(*XLSX), "inte av den typ"),
        ("blad.xlsx", office(*XLSX, content=b"\0" * 30_000_000), "orimligt stort"),
        ("blad.xlsx", office(*XLSX, *[f"xl/{n}" for n in range(5001)]), "orimligt stort"),
        ("blad.xlsx", office(*XLSX, "xl/VbaProject.bin"), "makron"),
        ("brev.docx", office(*DOCX, "word/embeddings/start.exe"), "makron"),
    ],
)
def test_what_is_not_harmless_is_refused_with_a_reason(
    author: Standing, about: Matter, name: str, body: bytes, why: str
) -> None:
    kept = send(author, about, name, body)
    work_off()
    kept.refresh_from_db()
    assert kept.state == "refused"
    import re

    assert re.search(why, kept.refused_because)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("brev.docx", office(*DOCX)),
        ("blad.xlsx", office(*XLSX)),
        ("rader.csv", "a;b\nå;ä\n".encode()),
        ("rapport.pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * 30),
    ],
)
def test_ordinary_files_pass_unchanged(author: Standing, about: Matter, name: str, body: bytes) -> None:
    kept = send(author, about, name, body)
    work_off()
    kept.refresh_from_db()
    assert (kept.state, kept.blob.read()) == ("ok", body)


@pytest.mark.parametrize("name", ["sida.html", "bild.svg", "program.exe", "namnlös", ".jpg", "arkiv.zip", "blad.xlsm"])
def test_other_types_are_refused_at_the_door(author: Standing, about: Matter, name: str) -> None:
    with pytest.raises(Refused, match="Filtypen"):
        send(author, about, name, b"x")


def test_size_and_number_are_bounded(author: Standing, about: Matter, settings: Settings) -> None:
    settings.HELHET_MAX_UPLOAD_BYTES = 1024 * 1024
    with pytest.raises(Refused, match="1 MB"):
        send(author, about, "a.txt", b"x" * (1024 * 1024 + 1))
    with pytest.raises(Refused, match="tom"):
        send(author, about, "a.txt", b"")
    File.objects.bulk_create(File(matter=about, name="a.txt", size=1) for _ in range(20))
    with pytest.raises(Refused, match="högst 20"):
        send(author, about, "a.txt", b"x")


def test_only_author_and_those_who_steer_attach(about: Matter) -> None:
    with pytest.raises(Forbidden):
        send(standing(), about, "a.txt", b"hej")
    send(standing("platform_team"), about, "a.txt", b"hej")
