# SPDX-License-Identifier: EUPL-1.2
"""What a Word, Excel or PDF file tells of who made it, taken out: for those who do not want to be named.

Office files are zip archives of XML; each part is read with entities off and written again without names. A PDF is
read by a program of its own (:mod:`pdf_traces`) with bounded time and memory, since its form is so rich.
"""

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from xml.parsers import expat

from lxml import etree  # type: ignore[import-untyped]

NOBODY = "Okänd"
PDF_SECONDS = 40
#: Parts that hold nothing but who, when and with what: emptied.
EMPTIED = re.compile(r"(docProps/(core|app|custom)|customXml/item\d+|word/people)\.xml", re.IGNORECASE)
#: Attributes that name people wherever they stand, and those that do on one kind of element only.
NAMING = {"author", "initials", "userId", "providerId", "userName"}
NAMING_ON = {("person", "displayName"), ("absPath", "url")}
#: Folders that a system names after the person who logs in.
HOME = re.compile(
    r"(?i)(?:file:/+)?(?:[a-z]:[\\/](?:users|documents(?: |%20)and(?: |%20)settings)|/home|/users)[\\/][^\\/]+"
)


class Kept(ValueError):
    """Not every trace can be taken out."""


def prolog_is_plain(read: Callable[[int], bytes]) -> bool:
    """Say whether an XML part has a root and, before it, no document type: that is where entity bombs are declared."""
    found: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append(False)
    parser.StartElementHandler = lambda *_: found.append(True)
    try:
        while not found and (block := read(16 * 1024)):
            parser.Parse(block)
    except expat.ExpatError:
        found.append(False)
    return found[:1] == [True]


def without_traces(body: bytes, extension: str, redraw: Callable[[bytes, str], bytes]) -> bytes:
    """The file without names of people; ``redraw`` takes a picture's extras out. Raises :class:`Kept`."""
    if extension in {".docx", ".xlsx"}:
        return _office(body, redraw)
    return _pdf(body) if extension == ".pdf" else body


def _pdf(body: bytes) -> bytes:
    command = [sys.executable, "-m", "helhet.foundation.matters.pdf_traces"]
    # An environment of its own: what reads a stranger's file has no business with our keys.
    environ = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        done = subprocess.run(  # noqa: S603 – our own program, and the file goes in on its standard input
            command, input=body, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environ, timeout=PDF_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Kept("the PDF takes too long to read") from None
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise Kept("the PDF cannot be rewritten")
    return done.stdout


def _office(body: bytes, redraw: Callable[[bytes, str], bytes], depth: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            part = _part(archive.read(entry), entry.filename, redraw, depth)
            # A ZipInfo of our own: no day, no system, no comment of the sender's.
            clean.writestr(zipfile.ZipInfo(entry.filename), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _part(body: bytes, name: str, redraw: Callable[[bytes, str], bytes], depth: int) -> bytes:
    extension = PurePosixPath(name).suffix.lower()
    if extension in {".xml", ".rels", ".vml"}:
        return _xml(body, name)
    if extension in {".jpg", ".jpeg", ".png", ".webp"}:
        return redraw(body, extension)
    if extension in {".docx", ".xlsx"} and depth == 0:
        return _office(body, redraw, depth + 1)
    if "/embeddings/" in name or "signature" in name.lower():
        raise Kept("another document lies inside")
    return body


def _xml(body: bytes, name: str) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Kept("a part cannot be read") from error
    if EMPTIED.fullmatch(name):
        root.text = None
        for child in list(root):
            root.remove(child)
        root.attrib.clear()
    names = {_text(one) for one in root.iter("{*}author")} - {""} if "comments" in name else set()
    for element in root.iter(etree.Element):
        _anonymise(element, names)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _anonymise(element: etree._Element, names: set[str]) -> None:
    kind = etree.QName(element).localname
    for key, value in element.attrib.items():
        word = etree.QName(key).localname
        if word in NAMING or (kind, word) in NAMING_ON:
            element.set(key, NOBODY)
        elif HOME.search(str(value)):
            element.set(key, HOME.sub("", str(value)))
    if kind == "author":
        element.text = NOBODY
    elif names and element.text:  # Excel writes the author into the text of a note
        for one in names:
            element.text = element.text.replace(one, NOBODY)


def _text(element: etree._Element) -> str:
    return str(element.text or "").strip()
