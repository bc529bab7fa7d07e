# SPDX-License-Identifier: EUPL-1.2
"""What the vendored typeface can draw, read from the font's own character map."""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path

FONT_FOLDER = Path(__file__).parent / "fonts"

# Drawn by nobody, but they steer line breaks and joining; the setter needs no glyph for them.
_INVISIBLE = frozenset("\n\u00ad\u200b\u200c\u200d\u2060")
_REPLACEMENT = "\ufffd"
_LONG_WORD = re.compile(r"\S{21,}")
_SEAMS = re.compile(r"([/\\_.=&?,;:@+|-]|[^\W\d_]{20}(?=[^\W\d_]{40})|[^a-zA-ZÀ-ɏ\W]{16}|\W{16})")


@cache
def drawable() -> frozenset[int]:
    """Return the code points that Inter has glyphs for (about 3,000), without its private ones."""
    data = (FONT_FOLDER / "Inter-Regular.ttf").read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {data[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", data, 20 + 16 * i)[0] for i in range(count)}
    start = tables[b"cmap"]
    points: set[int] = set()
    for index in range(struct.unpack_from(">H", data, start + 2)[0]):
        offset = start + struct.unpack_from(">I", data, start + 8 + 8 * index)[0]
        form = struct.unpack_from(">H", data, offset)[0]
        if form == 4:
            points |= _segments(data, offset)
        elif form == 12:
            points |= _groups(data, offset)
    return frozenset(point for point in points if not 0xE000 <= point <= 0xF8FF and point < 0xF0000)


def _segments(data: bytes, offset: int) -> set[int]:
    """Read a subtable of format 4."""
    count = struct.unpack_from(">H", data, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, offset + 14)
    starts = struct.unpack_from(f">{count}H", data, offset + 16 + 2 * count)
    return {point for start, end in zip(starts, ends, strict=True) for point in range(start, end + 1)} - {0xFFFF}


def _groups(data: bytes, offset: int) -> set[int]:
    """Read a subtable of format 12."""
    count = struct.unpack_from(">I", data, offset + 12)[0]
    triples = (struct.unpack_from(">III", data, offset + 16 + 12 * index) for index in range(count))
    return {point for start, end, _ in triples for point in range(start, end + 1)}


def printable(text: str) -> str:
    """Return `text` with U+FFFD for what Inter has no glyph for."""
    known = drawable()
    return "".join(c if ord(c) in known or c in _INVISIBLE else _REPLACEMENT for c in text)


def settable(text: str) -> str:
    """Return `text` as the setter can print it, with places where long unbroken runs may break."""
    return _LONG_WORD.sub(lambda match: _SEAMS.sub("\\1\u200b", match[0]), printable(text))
