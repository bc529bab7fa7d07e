# SPDX-License-Identifier: EUPL-1.2
"""Records of a CSV file: its encoding and separator are found out, not asked for."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from helhet.core.tables.errors import table_error
from helhet.core.tables.limits import Limits

_CHUNK = 1 << 16
_SEPARATORS = ";\t,"


def csv_records(source: Path | bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number from 1, cells) of a CSV file in UTF-8, UTF-16 with mark or Windows-1252."""
    with _open(source) as stream:
        encoding = _encoding(stream)
        stream.seek(0)
        with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            try:
                yield from _records(text, limits)
            except UnicodeDecodeError as error:
                raise table_error("encoding") from error


def _records(text: io.TextIOWrapper, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    head = text.read(_CHUNK)
    text.seek(0)
    reader = csv.reader(text, delimiter=_separator(head), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise table_error("cell", number, limit=limits.max_cell) from error
            raise table_error("quotes", number) from error
        if len(cells) > limits.max_columns and any(cells[limits.max_columns :]):
            raise table_error("columns", number, limit=limits.max_columns)
        yield number, cells


def _open(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _encoding(stream: BinaryIO) -> str:
    start = stream.read(8)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise table_error("content", kind="CSV")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    while chunk := stream.read(_CHUNK):
        if b"\x00" in chunk:
            raise table_error("content", kind="CSV")
        if is_utf8:
            is_utf8 = _decodes(decoder, chunk)
    return "utf-8-sig" if is_utf8 and _decodes(decoder, b"", final=True) else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _separator(head: str) -> str:
    """Return the separator that occurs most outside quotes in the first line with any text."""
    counts = dict.fromkeys(_SEPARATORS, 0)
    quoted = False
    for character in head.lstrip("\r\n \ufeff"):
        if character == '"':
            quoted = not quoted
        elif not quoted and character in counts:
            counts[character] += 1
        elif not quoted and character in "\r\n":
            break
    return max(_SEPARATORS, key=lambda separator: counts[separator])
