# SPDX-License-Identifier: EUPL-1.2
"""A program: a PDF on standard input comes out on standard output without who made it, when and with what.

It runs by itself, since a hostile PDF may ask for endless time or memory: both are bounded by the system. Exit code
1 when the file cannot be rewritten; 2 when it holds what may tell of people and cannot be taken out.
"""

import io
import resource
import sys

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, StreamObject

SECONDS = 30
BYTES = 1024 * 1024 * 1024
TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/CreationDate", "/ModDate", "/Author", "/Creator", "/Producer")
SIGNATURE = ("/Name", "/Cert", "/Location", "/Reason", "/ContactInfo", "/M", "/Prop_Build")
#: Segments of a JPEG that say how to show it: size and density, colour profile, Adobe's colour transform.
SHOWING = {0xE0, 0xE2, 0xEE}


class Telling(ValueError):
    """Something inside cannot be looked into."""


def cleaned(body: bytes) -> bytes:
    """The same pages, without document information, metadata, names at remarks, and what is no longer shown."""
    reader = PdfReader(io.BytesIO(body), strict=False)
    if reader.is_encrypted:
        raise Telling("encrypted")
    writer = PdfWriter(clone_from=reader)
    for kept in writer._objects:  # all of them, also what no page reaches
        _look_through(kept)
    # Written twice: what nothing points to any more is still there the first time.
    once = _written(writer, reader.pdf_header)
    return _written(PdfWriter(clone_from=io.BytesIO(once)), reader.pdf_header)


def _written(writer: PdfWriter, header: str) -> bytes:
    writer.metadata, writer.pdf_header = None, header
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _look_through(kept: object) -> None:
    """An object and what lies in it; what it points to is an object of its own."""
    if isinstance(kept, DictionaryObject):
        _forget(kept)
        inside: list[object] = list(kept.values())
    else:
        inside = list(kept) if isinstance(kept, ArrayObject) else []
    for one in inside:
        _look_through(one)


def _forget(kept: DictionaryObject) -> None:
    if "/EF" in kept or kept.get("/Subtype") == "/FileAttachment":
        raise Telling("a file inside")
    for key in TELLING:
        kept.pop(key, None)
    if "/Rect" in kept and kept.get("/Subtype") not in {"/Widget", "/Link"}:  # a remark: /T is who made it
        kept.pop("/T", None)
    if kept.get("/Type") == "/Sig" or "/ByteRange" in kept:
        for key in SIGNATURE:
            kept.pop(key, None)
        kept[NameObject("/Contents")] = ByteStringObject(b"")
    if isinstance(kept, StreamObject) and kept.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        kept._data = jpeg_without_extras(kept._data)


def jpeg_without_extras(body: bytes) -> bytes:
    """A JPEG without Exif, comments and other people's segments; its picture is untouched."""
    if body[:2] != b"\xff\xd8":
        return body
    out, at = bytearray(body[:2]), 2
    while at + 4 <= len(body) and body[at] == 0xFF and body[at + 1] != 0xDA:
        kind, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4], "big")
        if kind != 0xFE and (not 0xE0 <= kind <= 0xEF or kind in SHOWING):
            out += body[at : at + 2 + length]
        at += 2 + max(length, 2)
    return bytes(out + body[at:])


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    try:
        sys.stdout.buffer.write(cleaned(sys.stdin.buffer.read()))
    except Telling:
        return 2
    except Exception as error:  # whatever a damaged file leads to: it is not let through
        sys.stderr.write(f"{type(error).__name__}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
