# SPDX-License-Identifier: EUPL-1.2
"""Bring text to the words that are indexed and asked for: lower case, composed, stemmed per language."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import Stemmer

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LANGUAGES = {"sv": "swedish", "en": "english", "fi": "finnish"}
_STOP = frozenset(
    word
    for line in Path(__file__).with_name("stopwords.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
MAX_QUERY_WORDS = 24
MAX_WORDS = 5000


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer":
    return Stemmer.Stemmer(_LANGUAGES.get(language, "swedish"))


def stems(text: str, language: str = "sv", *, limit: int = MAX_WORDS) -> list[str]:
    """The stems of ``text`` in order, stop words left out, at most ``limit``."""
    return [str(stem) for stem in _stemmer(language).stemWords(_words(text)[:limit])]


def said_as(text: str, language: str = "sv") -> dict[str, str]:
    """Each stem of ``text`` with the first word that has it: what a person is shown instead of stems."""
    return dict(zip(reversed(stems(text, language)), reversed(_words(text)[:MAX_WORDS]), strict=True))


def _words(text: str) -> list[str]:
    composed = unicodedata.normalize("NFKC", text[:200_000]).lower()
    return [word for word in _WORD.findall(composed) if word not in _STOP and len(word) < 60]


def query_stems(text: str, language: str = "sv") -> list[str]:
    """The stems of a query, each once, at most ``MAX_QUERY_WORDS``."""
    return list(dict.fromkeys(stems(text, language)))[:MAX_QUERY_WORDS]
