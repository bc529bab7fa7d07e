# SPDX-License-Identifier: EUPL-1.2
"""Gather texts for translation and compile them, without GNU gettext. Texts in the code are Swedish.

    python tools/translations.py            bring every locale/*/LC_MESSAGES/django.po up to date and compile it
    python tools/translations.py --check    say what lacks an English text, and which .mo files are stale

English must be complete. Northern Sámi, Finnish and Meänkieli fall back to Swedish text by text.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "helhet"
LANGUAGES = ("en", "se", "fi", "fit")
COMPLETE = ("en",)
OWNERS = "The Helhet contributors"
HEADER = f"# SPDX-FileCopyrightText: {OWNERS}\n# SPDX-License-Identifier: EUPL-1.2"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def po_file(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def _source(path: Path) -> str:
    """Return Python that holds a file's texts; for a template, Django's own rewriting of its tags."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    lines = templatize(text, origin=str(path)).splitlines()
    # Inside parentheses indentation means nothing, which is what the remains of a template need.
    return "(\n" + "\n".join(line.strip() for line in lines) + "\n)"


def files() -> Iterator[Path]:
    """Yield everything that may hold texts: Python, and templates for pages and mail."""
    for pattern in ("**/*.py", "**/templates/**/*.html", "**/templates/**/*.txt", "**/templates/**/*.xml"):
        yield from sorted(path for path in SOURCES.glob(pattern) if "migrations" not in path.parts)


def gather() -> Catalog:
    """Return every text in the sources."""
    template = Catalog(project="Helhet", charset="utf-8")
    for path in files():
        source = io.BytesIO(_source(path).encode())
        for _line, message, comments, context in extract("python", source, KEYWORDS, ("Translators:",)):
            if message and message != "":
                location = [(path.relative_to(ROOT).as_posix(), 0)]
                template.add(message, None, location, auto_comments=comments, context=context)
    return template


def read(language: str) -> Catalog:
    """Return a language's catalogue; an empty one when there is none yet."""
    path = po_file(language)
    if not path.exists():
        who = {
            "last_translator": OWNERS,
            "language_team": OWNERS,
            "copyright_holder": OWNERS,
            "msgid_bugs_address": OWNERS,
        }
        return Catalog(locale=language, project="Helhet", version="1", header_comment=HEADER, fuzzy=False, **who)
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """Return what the .mo file should hold."""
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def renew() -> None:
    """Add new texts, drop those that are gone, compile. Translations that exist are kept."""
    template = gather()
    for language in LANGUAGES:
        catalogue = read(language)
        template.creation_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as handle:
            write_po(handle, catalogue, width=110, include_lineno=False, sort_output=True)
        path.with_suffix(".mo").write_bytes(compiled(read(language)))


def untranslated(catalogue: Catalog, template: Catalog) -> list[str]:
    """Return the texts of the sources that a catalogue has no finished translation for."""
    found = []
    for message in template:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        parts = known.string if known and isinstance(known.string, tuple | list) else [known.string if known else ""]
        if known is None or known.fuzzy or not all(parts):
            found.append(str(message.id if isinstance(message.id, str) else message.id[0]))
    return found


def problems() -> list[str]:
    """Return what is missing or stale, in words."""
    template, found = gather(), []
    for language in LANGUAGES:
        catalogue = read(language)
        mo = po_file(language).with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != compiled(catalogue):
            found.append(f"{mo.relative_to(ROOT)} is stale; python tools/translations.py compiles it")
        if language in COMPLETE:
            found += [f"{language} lacks: {text!r}" for text in untranslated(catalogue, template)]
    return found


def main(argv: list[str]) -> int:
    """Renew, or check with ``--check``."""
    if not settings.configured:
        settings.configure()
    if "--check" not in argv:
        renew()
    found = problems()
    print("\n".join(found) or "Every text has its English, and every .mo file is fresh.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
