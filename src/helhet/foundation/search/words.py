# SPDX-License-Identifier: EUPL-1.2
"""Bring text to the words that are indexed and asked for: lower case, composed, stemmed per language."""

import re
import unicodedata
from functools import cache

import Stemmer

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LANGUAGES = {"sv": "swedish", "en": "english", "fi": "finnish"}
_STOP = frozenset(
    [
        "och",
        "i",
        "att",
        "det",
        "som",
        "en",
        "på",
        "är",
        "av",
        "för",
        "med",
        "till",
        "den",
        "har",
        "de",
        "inte",
        "om",
        "ett",
        "men",
        "var",
        "sig",
        "så",
        "vi",
        "kan",
        "man",
        "från",
        "när",
        "vid",
        "hur",
        "the",
        "and",
        "of",
        "to",
        "in",
        "is",
        "for",
        "on",
        "that",
        "with",
        "as",
        "are",
        "be",
        "this",
        "was",
        "it",
        "at",
        "by",
        "or",
        "an",
    ]
)
MAX_QUERY_WORDS = 24
MAX_WORDS = 5000


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer":
    return Stemmer.Stemmer(_LANGUAGES.get(language, "swedish"))


def stems(text: str, language: str = "sv", *, limit: int = MAX_WORDS) -> list[str]:
    """The stems of ``text`` in order, stop words left out, at most ``limit``."""
    composed = unicodedata.normalize("NFKC", text[:200_000]).lower()
    found = [w for w in _WORD.findall(composed) if w not in _STOP and len(w) < 60][:limit]
    return [str(stem) for stem in _stemmer(language).stemWords(found)]


def query_stems(text: str, language: str = "sv") -> list[str]:
    """The stems of a query, each once, at most ``MAX_QUERY_WORDS``."""
    return list(dict.fromkeys(stems(text, language)))[:MAX_QUERY_WORDS]
