# SPDX-License-Identifier: EUPL-1.2
"""What people write, made fit to keep: characters no database takes are left out, lengths are asked for in words."""

import unicodedata
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean(text: str) -> str:
    """``text`` with even line ends, without NUL, lone surrogates and control characters, trimmed."""
    even = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in even if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def clean_line(text: str) -> str:
    """``text`` on one line, without anything invisible such as marks that turn the reading direction."""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return " ".join("".join(kept).split())


def fits(model: type[models.Model], **values: Any) -> None:
    """Raise ValueError, in words for the writer, when a text is longer than its column."""
    for name, value in values.items():
        longest = getattr(model._meta.get_field(name), "max_length", None)
        if longest is not None and isinstance(value, str) and len(value) > longest:
            raise ValueError(
                _("Texten är %(now)s tecken men får vara högst %(most)s. Korta den: «%(start)s …»")
                % {"now": len(value), "most": longest, "start": value[:30]}
            )
