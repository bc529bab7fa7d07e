# SPDX-License-Identifier: EUPL-1.2
"""Figures in texts: the token that stands for a figure, families of figures, and numbers that somebody typed.

A token is ``{{figure:RUN#key}}`` where RUN is the run's uid and key the figure's, such as ``npv[holder=kommunen]``.
"""

import re
import uuid
from collections.abc import Iterable, Mapping

from helhet.foundation.figures.models import Run

PREFIX = "figure:"
_TOKEN = re.compile(r"\{\{\s*figure:([0-9a-fA-F-]{36})#([^{}]{1,160}?)\s*\}\}")
_ANY = re.compile(r"\{\{[^{}]*\}\}")
_KEY = re.compile(r"^([^\[\]]+?)(?:\[([^\[\]]*)\])?$")
_TYPED = re.compile(
    r"(?<![\w#])[-−+±]?\d[\d\u202f\u00a0 .,]{0,40}+(?:(?:till|to|–|-)\s{0,9}[-−+]?\d[\d\u202f\u00a0 .,]{0,40}+)?\s?"
    r"(?:%|(?:kronor|kr|tkr|kkr|mkr|mnkr|msek|sek|mdkr|miljoner|miljarder|million|billion|procent|per cent|percent)\b)",
    re.IGNORECASE,
)


def address(run_uid: object, key: str) -> str:
    """What stands between the braces: ``figure:RUN#key``. It is the figure's key in a document as well."""
    return f"{PREFIX}{str(run_uid).lower()}#{key}"


def token(run: Run, key: str) -> str:
    """The token that a writer's picker puts into the text."""
    return f"{{{{{address(run.uid, key)}}}}}"


def tokens(text: str) -> list[tuple[str, str]]:
    """(run uid, key) of every figure in a text, in order, each once."""
    return list(dict.fromkeys((uid.lower(), key) for uid, key in _TOKEN.findall(text) if _is_uid(uid)))


def _is_uid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def normalised(text: str) -> str:
    """The text with every token written in the one way that a document's keys are."""
    return _TOKEN.sub(lambda match: f"{{{{{address(match[1], match[2])}}}}}", text)


def without_tokens(text: str) -> str:
    """``text`` with an ellipsis where each figure will stand: for a glimpse of a draft."""
    return _ANY.sub("…", text)


def words_alone(text: str) -> str:
    """``text`` without its tokens: the digits of a run's uid are nobody's telephone number."""
    return _TOKEN.sub("…", text)


def typed_numbers(text: str) -> list[str]:
    """Sums and shares that somebody has typed instead of picking a figure, in order, each once."""
    return list(dict.fromkeys(match.strip() for match in _TYPED.findall(_ANY.sub(" ", text))))


def parse_key(key: str) -> tuple[str, dict[str, str]]:
    """``npv[holder=kommunen,year=2030]`` → ("npv", {"holder": "kommunen", "year": "2030"})."""
    match = _KEY.match(key.strip())
    if match is None:
        return key, {}
    pairs = (part.partition("=") for part in (match[2] or "").split(",") if part.strip())
    return match[1].strip(), {name.strip(): value.strip() for name, _sep, value in pairs}


def write_key(quantity: str, coordinates: Mapping[str, str]) -> str:
    inner = ",".join(f"{name}={value}" for name, value in coordinates.items())
    return f"{quantity}[{inner}]" if inner else quantity


def matching(keys: Iterable[str], pattern: str) -> list[str]:
    """The keys that a pattern means: itself, or every key of the family when a coordinate is ``*``."""
    if "*" not in pattern:
        return [key for key in keys if key == pattern]
    quantity, wanted = parse_key(pattern)
    return [key for key in keys if _belongs(key, quantity, wanted)]


def _belongs(key: str, quantity: str, wanted: Mapping[str, str]) -> bool:
    name, given = parse_key(key)
    return (
        name == quantity
        and given.keys() == wanted.keys()
        and all(value in ("*", given[axis]) for axis, value in wanted.items())
    )


def families(keys: Iterable[str]) -> dict[str, list[str]]:
    """Families with more than one member: pattern with every coordinate open → its keys."""
    found: dict[str, list[str]] = {}
    for key in keys:
        quantity, coordinates = parse_key(key)
        if coordinates:
            found.setdefault(write_key(quantity, dict.fromkeys(coordinates, "*")), []).append(key)
    return {pattern: members for pattern, members in found.items() if len(members) > 1}
