# SPDX-License-Identifier: EUPL-1.2
"""Numbers as people write them in cells."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_SPACES = re.compile("[\\s\u00a0\u2009\u202f]")
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+")
_GROUPED_POINT = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+")


def parse_number(text: str) -> Decimal | None:
    """Return the number written in `text`, or None if it is none.

    Takes decimal comma and decimal point, spaces (also narrow ones) between thousands, and the true minus.
    A single separator is always the decimal one: "1,234" is a little more than one.
    """
    bare = _SPACES.sub("", text).replace("\u2212", "-").replace("\u2013", "-")
    if _GROUPED_COMMA.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _GROUPED_POINT.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _PLAIN.fullmatch(bare):
        bare = bare.replace(",", ".")
    else:
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:  # pragma: no cover - the patterns above leave nothing that Decimal refuses
        return None
