# SPDX-License-Identifier: EUPL-1.2
"""The few words that paper adds by itself, in Swedish and English."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "contents": ("Innehåll", "Contents"),
    "page": ("Sida", "Page"),
    "of": ("av", "of"),
    "table": ("Tabell", "Table"),
    "chart": ("Diagram", "Chart"),
    "source": ("Källa", "Source"),
    "sources": ("Källor och härkomst", "Sources and origins"),
    "sources_caption": (
        "Varje siffra i underlaget, vad den bygger på och var den kommer ifrån",
        "Every figure in the document, what it rests on and where it comes from",
    ),
    "figure": ("Siffra", "Figure"),
    "value": ("Värde", "Value"),
    "basis": ("Bygger på och källa", "Rests on, and its source"),
    "same_as": ("som för siffra {number}", "as for figure {number}"),
    "how": ("Så räknas det", "How it is calculated"),
    "open": ("Öppna i kalkylen", "Open in the calculation"),
    "as_table": ("Visa som tabell", "Show as a table"),
    "data": ("Diagrammets siffror", "The figures of the chart"),
    "supports": ("Stödjer", "Supports"),
    "conflicts": ("Krockar med", "Conflicts with"),
    "unclear": ("Oklart", "Unclear"),
    "sign": ("Underskrift", "Signature"),
    "date": ("Datum", "Date"),
    "number": ("Diarienummer", "Registration number"),
    "checksums": ("Kontrollsummor", "Checksums"),
    "see_source": ("Se källa", "See source"),
    "continued": ("del {part} av {parts}", "part {part} of {parts}"),
}


def word(key: str, language: str) -> str:
    """Return the word for `key`: English for "en", Swedish for every other language."""
    return _WORDS[key][1 if is_english(language) else 0]


def words(language: str) -> dict[str, str]:
    """Return all words in `language`."""
    return {key: word(key, language) for key in _WORDS}


def is_english(language: str) -> bool:
    """Tell whether `language` is a form of English."""
    return language.lower().split("-")[0] == "en"


def locale(language: str) -> str:
    """Return the language tag with region that office programs expect: "sv-SE", "en-GB"; others as given."""
    return {"sv": "sv-SE", "en": "en-GB", "fi": "fi-FI", "se": "se-SE"}.get(language.lower(), language)
