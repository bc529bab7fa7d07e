# SPDX-License-Identifier: EUPL-1.2
"""Documents to JSON and back: canonical, versioned, and refused at the first thing that does not fit."""

from __future__ import annotations

import hashlib
import json
import math
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from helhet.paper import document as model
from helhet.paper.document import VERSION, Document, DocumentError

_MAX_DEPTH = 60


def to_json(document: Document) -> str:
    """Return the canonical JSON of `document`: sorted keys, no spare space, UTF-8 characters as they are."""
    data = {"format": "helhet-document", "version": VERSION, "document": _encode(document)}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DocumentError("document", "holds half a character") from error
    return text


def checksum(document: Document) -> str:
    """Return the SHA-256 of the canonical JSON in lower-case hex."""
    return hashlib.sha256(to_json(document).encode()).hexdigest()


def from_json(text: str | bytes) -> Document:
    """Return the document in `text`; raises DocumentError with the place of what is unknown, missing or wrong."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError("document", "is not JSON") from error
    if not isinstance(data, dict) or data.get("format") != "helhet-document":
        raise DocumentError("format", "is not helhet-document")
    if data.get("version") != VERSION:
        raise DocumentError("version", f"{data.get('version')!r} is not known; this is version {VERSION}")
    if set(data) != {"format", "version", "document"}:
        raise DocumentError("document", "unknown or missing fields")
    result = _decode(data["document"], Document, "document", 0)
    assert isinstance(result, Document)
    return result


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        data = {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
        return {"type": type(value).__name__.lower(), **data}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, str | bool | int | float) or value is None:
        return value
    raise DocumentError("document", f"{type(value).__name__} cannot be stored")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, vars(model))


@cache
def _members(union: Any) -> dict[str, type]:
    return {kind.__name__.lower(): kind for kind in get_args(union) if isinstance(kind, type) and is_dataclass(kind)}


def _decode(value: Any, wanted: Any, path: str, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise DocumentError(path, "is nested too deeply")
    origin = get_origin(wanted)
    if is_dataclass(wanted):
        assert isinstance(wanted, type)
        return _decode_object(value, wanted, path, depth)
    if origin in (Union, types.UnionType):
        return _decode_union(value, wanted, path, depth)
    if origin is tuple:
        if not isinstance(value, list):
            raise DocumentError(path, "must be a list")
        item = get_args(wanted)[0]
        return tuple(_decode(part, item, f"{path}/{index}", depth + 1) for index, part in enumerate(value))
    if origin is Literal:
        if value not in get_args(wanted) or isinstance(value, bool):
            raise DocumentError(path, f"must be one of {get_args(wanted)}")
        return value
    return _decode_scalar(value, wanted, path)


def _decode_union(value: Any, wanted: Any, path: str, depth: int) -> Any:
    if value is None and type(None) in get_args(wanted):
        return None
    if members := _members(wanted):
        kind = members.get(str(value.get("type"))) if isinstance(value, dict) else None
        if kind is None:
            raise DocumentError(path, f"must be one of {sorted(members)}")
        return _decode_object(value, kind, path, depth)
    scalar = next(member for member in get_args(wanted) if member is not type(None))
    return _decode_scalar(value, scalar, path)


def _decode_scalar(value: Any, wanted: Any, path: str) -> Any:
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    if type(value) is not wanted or wanted is float:
        raise DocumentError(path, f"must be {wanted.__name__}")
    return value


def _decode_object(value: Any, kind: type, path: str, depth: int) -> Any:
    if not isinstance(value, dict) or value.get("type") != kind.__name__.lower():
        raise DocumentError(path, f"must be a {kind.__name__.lower()}")
    known = {field.name: field for field in fields(kind)}
    if unknown := set(value) - set(known) - {"type"}:
        raise DocumentError(path, f"unknown field {sorted(unknown)[0]!r}")
    hints = _hints(kind)
    arguments = {}
    for name, field in known.items():
        if name in value:
            arguments[name] = _decode(value[name], hints[name], f"{path}/{name}", depth + 1)
        elif not _optional(field):
            raise DocumentError(path, f"the field {name!r} is missing")
    return kind(**arguments)


def _optional(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING
