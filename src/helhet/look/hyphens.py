# SPDX-License-Identifier: EUPL-1.2
"""Soft hyphens in long Swedish compounds, so that a heading never bursts a phone's width."""

import re
from functools import lru_cache
from typing import Final

SOFT: Final = "\u00ad"
#: Latter parts that municipal compounds are made of. A break is offered before each, with four letters on both sides.
PARTS: Final = (
    *("förvaltning", "koncern", "nämnd", "styrelse", "fullmäktige", "bolag", "tjänst", "enhet", "grupp", "kontor"),
    *(
        "anläggning",
        "avdelning",
        "belysning",
        "beräkning",
        "bränning",
        "byggnad",
        "försörjning",
        "förslag",
        "forskning",
    ),
    *("hållplats", "handling", "hantering", "investering", "kostnad", "ledning", "lösning", "planering", "planerare"),
    *("planläggning", "process", "projekt", "register", "samordning", "samverkan", "skyldighet", "strategi", "system"),
    *("underlag", "upphandling", "uppföljning", "utredning", "utveckling", "verksamhet", "verket", "värme", "området"),
    *(
        "omvandling",
        "program",
        "innovation",
        "skydd",
        "transport",
        "avtal",
        "tillfälle",
        "analys",
        "bedömning",
        "hållare",
    ),
)
_WORD: Final = re.compile(r"[^\W\d_]{13,}")
_BREAK: Final = re.compile(r"(?<=[^\W\d_]{4})(?=(?:" + "|".join(PARTS) + r"))", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _word(word: str) -> str:
    return _BREAK.sub(SOFT, word)


def soften(text: str) -> str:
    """The text with soft hyphens inside words of 13 letters or more; plain text in, plain text out."""
    return _WORD.sub(lambda match: _word(match[0]), text)
