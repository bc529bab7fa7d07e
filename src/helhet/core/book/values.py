# SPDX-License-Identifier: EUPL-1.2
"""Numbers, texts and tables as they stand in TOML → checked values."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np

from helhet.core.book import limits
from helhet.core.book.model import OUTSIDE, Array, Dimension, Label
from helhet.core.book.problems import Place, fail

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_SPAN = re.compile(r"\s*(-?\d{1,6})\s*[-–…]\s*(-?\d{1,6})\s*")
_NAME = re.compile(r"[^\W\d]\w*")


def number(value: object, place: Place) -> float:
    """A finite number; texts may have decimal comma and thin spaces. Raises `BookError`."""
    if isinstance(value, str):
        plain = re.sub(r"[\s\u00a0\u2009\u202f]", "", value[:60]).replace("−", "-")
        if not _NUMBER.fullmatch(plain):
            raise fail("number", place, text=value)
        value = float(plain.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fail("number", place, text=value)
    if abs(value) > limits.NUMBER or not math.isfinite(value):
        raise fail("number", place, text=value if isinstance(value, float) else "…")
    return float(value)


def text(value: object, key: str, place: Place) -> str:
    """A text within bounds. Raises `BookError`."""
    if not isinstance(value, str) or len(value) > limits.TEXT_CHARS:
        raise fail("wrong-kind", place, key=key, expected="en text")
    return unicodedata.normalize("NFC", value)


def label(value: object, key: str, place: Place) -> Label:
    """A text, or a table `{sv = "…", en = "…"}`."""
    if isinstance(value, str):
        return Label(text(value, key, place))
    if isinstance(value, Mapping) and set(value) <= {"sv", "en"}:
        return Label(*(text(value.get(lang, ""), key, place) for lang in ("sv", "en")))
    raise fail("wrong-kind", place, key=key, expected='"…" / { sv = "…", en = "…" }')


def name(value: object, place: Place) -> str:
    """A name of a quantity, dimension or scenario: Swedish letters welcome."""
    found = text(value, "name", place)
    if len(found) > limits.NAME_CHARS or not _NAME.fullmatch(found):
        raise fail("name", place, name=found or "?")
    return found


def table(value: object, key: str, place: Place) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise fail("wrong-kind", place, key=key, expected="{ … }")
    return value


def texts(value: object, key: str, place: Place) -> list[str]:
    if not isinstance(value, list):
        raise fail("wrong-kind", place, key=key, expected='["…"]')
    return [text(item, key, place) for item in value]


def size(dims: Sequence[Dimension], place: Place) -> int:
    """The number of elements over these dimensions; refused when too large."""
    total = math.prod(len(d) for d in dims)
    if total > limits.ELEMENTS:
        raise fail("too-large", place, what=str(total))
    return total


def array(value: object, dims: Sequence[Dimension], place: Place) -> Array:
    """A number, list or table over `dims` → array of that shape. A missing category is an error;
    only the implicit holder `outside` has nothing where nothing is written."""
    size(dims, place)
    shape = tuple(len(d) for d in dims)
    if isinstance(value, int | float | str):
        return np.full(shape, number(value, place))
    out = np.empty(shape)
    _fill(value, dims, out, place, patch=False)
    return out


def patched(before: Array, value: object, dims: Sequence[Dimension], place: Place) -> Array:
    """`before` with the categories that `value` names replaced."""
    if isinstance(value, int | float | str):
        return np.full(before.shape, number(value, place))
    out = before.copy()
    _fill(value, dims, out, place, patch=True)
    return out


def _fill(value: object, dims: Sequence[Dimension], out: Array, place: Place, *, patch: bool) -> None:
    if not dims:
        out[()] = number(value, place)
        return
    first, rest = dims[0], dims[1:]
    if isinstance(value, int | float | str):
        out[...] = number(value, place)
    elif isinstance(value, list):
        if len(value) == len(first) - 1 and first.keys[-1] == OUTSIDE:
            value = [*value, 0.0]
        if len(value) != len(first):
            raise fail("table-shape", place, dims=", ".join(f"{d.name} ({len(d)})" for d in dims))
        _fill_each(enumerate(value), rest, out, place, patch)
    elif isinstance(value, Mapping):
        at = _by_category(value, first, place)
        if not patch and first.keys[-1] == OUTSIDE:
            at.setdefault(len(first) - 1, 0.0)
        if not patch and len(at) < len(first):
            missing = next(key for i, key in enumerate(first.keys) if i not in at)
            hint = "all-years" if first.numbers else ""
            raise fail("category-missing", place, hint, category=missing)
        _fill_each(at.items(), rest, out, place, patch)
    else:
        raise fail("table-shape", place, dims=", ".join(d.name for d in dims))


def _fill_each(items: object, rest: Sequence[Dimension], out: Array, place: Place, patch: bool) -> None:
    for index, item in items:  # type: ignore[attr-defined]
        if rest:
            _fill(item, rest, out[index], place, patch=patch)
        else:
            out[index] = number(item, place)


def _by_category(value: Mapping[str, object], dim: Dimension, place: Place) -> dict[int, object]:
    """Index of category → item. Numeric dimensions take ranges, and values outside their span are left out."""
    index = {key: i for i, key in enumerate(dim.keys)}
    found: dict[int, object] = {}
    for raw, item in value.items():
        key = unicodedata.normalize("NFC", raw)
        if key in index:
            found[index[key]] = item
            continue
        span = _SPAN.fullmatch(key) if dim.numbers else None
        if span:
            low, high = int(span[1]), int(span[2])
            found.update({i: item for i, n in enumerate(dim.numbers) if low <= n <= high and i not in found})
        elif not (dim.numbers and re.fullmatch(r"-?\d{1,6}", key)):
            raise fail("category-unknown", place, category=key, dimension=dim.name)
    return found
