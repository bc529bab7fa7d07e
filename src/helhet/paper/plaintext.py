# SPDX-License-Identifier: EUPL-1.2
"""Text made fit for paper: no control characters, addresses that are safe to follow."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# What neither XML nor a page can hold: controls but tab and newline, halves of pairs, non-characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BLANKS = re.compile("[ \t\r\n\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """Return `text` without characters that XML and fonts cannot hold."""
    return _UNFIT.sub("", text)


def one_line(text: str) -> str:
    """Return `text` cleaned, with runs of ordinary blanks as one space; thin and fixed spaces are kept."""
    return _BLANKS.sub(" ", clean(text))


def safe_href(href: str) -> str:
    """Return `href` if it is http, https, mailto, or a path from the root or anchor on this site; otherwise ""."""
    bare = one_line(href).strip()
    if bare.startswith("#") or (bare.startswith("/") and not bare.startswith(("//", "/\\"))):
        return bare
    try:
        parts = urlsplit(bare)
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"} and parts.netloc:
        return bare
    return bare if parts.scheme == "mailto" and "@" in parts.path else ""
