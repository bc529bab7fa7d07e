# SPDX-License-Identifier: EUPL-1.2
"""Gather texts for translation and compile them, without GNU gettext. Texts in the code are Swedish.

    python tools/translations.py            extract, then compile
    python tools/translations.py extract    bring every locale/*/LC_MESSAGES/django.po up to date
    python tools/translations.py compile    write the .mo beside every .po
    python tools/translations.py check      change nothing; say what is missing, wrong or stale
    python tools/translations.py missing fi list what a language lacks, one text a line

English must be complete. Northern Sámi, Finnish and Meänkieli fall back to Swedish text by text.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
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


# ── Gathering ────────────────────────────────────────────────────────────


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
        text = _source(path)
        # Where _ is taken for something else, gettext has another short name.
        keywords = KEYWORDS | ({"_t": None} if "gettext as _t" in text else {})
        source = io.BytesIO(text.encode())
        for _line, message, comments, context in extract("python", source, keywords, ("Translators:",)):
            if message and message != "":
                location = [(path.relative_to(ROOT).as_posix(), 0)]
                template.add(message, None, location, auto_comments=comments, context=context)
    return template


# ── Catalogues as files ──────────────────────────────────────────────────


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


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue sorted by text, so that the same texts always give the same file."""
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.revision_date = catalogue.creation_date
    target = io.BytesIO()
    write_po(target, catalogue, width=110, include_lineno=False, sort_output=True)
    path.write_bytes(target.getvalue())


def compiled(catalogue: Catalog) -> bytes:
    """Return what the .mo file should hold: finished translations only, so that the rest falls back to Swedish."""
    for message in list(catalogue):
        if message.id and not finished(message):
            catalogue.delete(message.id, message.context)
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def bring_up_to_date() -> None:
    """Add new texts to every catalogue and drop those that are gone. Translations that exist are kept."""
    template = gather()
    for language in LANGUAGES:
        catalogue = read(language)
        template.creation_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write(language, catalogue)


def compile_all() -> None:
    """Write the .mo beside every .po."""
    for language in LANGUAGES:
        po_file(language).with_suffix(".mo").write_bytes(compiled(read(language)))


def renew() -> None:
    bring_up_to_date()
    compile_all()


# ── Checking ─────────────────────────────────────────────────────────────

NAMED = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]")
UNNAMED = re.compile(r"(?<!%)%(?:\.\d+)?[sdrf](?!\w)")
BRACED = re.compile(r"\{(\w*)[^{}]*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def forms(message: Message) -> tuple[str, ...]:
    """Return the translation's forms: one, or as many as the language has plurals."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def texts(message: Message) -> tuple[str, ...]:
    """Return the Swedish: one text, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def finished(message: Message) -> bool:
    """Return whether somebody has translated the whole of it and stands by that."""
    return not message.fuzzy and all(forms(message))


def gaps(text: str) -> list[str]:
    """Return what is filled in when a text is shown, and the HTML tags in it, sorted."""
    return sorted([*NAMED.findall(text), *UNNAMED.findall(text), *BRACED.findall(text), *TAG.findall(text)])


def faults(message: Message) -> list[str]:
    """Return what is wrong with a finished translation, in words."""
    swedish, found = texts(message), []
    for at, text in enumerate(forms(message)):
        allowed = [gaps(swedish[-1])] + ([gaps(swedish[0])] if at == 0 else [])
        if gaps(text) not in allowed:
            found.append(f"has {gaps(text)} where the Swedish has {allowed[0]}")
        if '"' in TAG.sub("", text) and '"' not in swedish[-1]:
            found.append('has a straight " which would end an HTML attribute; use “ and ”')
        if "\n" in swedish[0] and (text[:1] == "\n", text[-1:] == "\n") != (
            swedish[0][:1] == "\n",
            swedish[0][-1:] == "\n",
        ):
            found.append("begins or ends with a new line where the Swedish does not, or the other way round")
    return found


def keys(catalogue: Catalog) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(message.context, texts(message)) for message in catalogue if message.id}


def missing(catalogue: Catalog, template: Catalog) -> list[str]:
    """Return the texts of the sources that a catalogue has no finished translation for."""
    found = []
    for message in template:
        known = catalogue.get(message.id, message.context) if message.id else None
        if message.id and (known is None or texts(known) != texts(message) or not finished(known)):
            found.append(texts(message)[0])
    return found


def problems() -> list[str]:
    """Return what is missing, wrong or stale, in words."""
    template, found = gather(), []
    for language in LANGUAGES:
        catalogue, po = read(language), po_file(language)
        where = po.relative_to(ROOT)
        if language in COMPLETE:
            found += [f"{language} lacks: {text!r}" for text in missing(catalogue, template)]
        if keys(catalogue) != keys(template):
            found.append(f"{where} has not the texts of the sources; python tools/translations.py brings it up to date")
        for message in catalogue:
            if message.id and finished(message):
                found += [f"{language}: {texts(message)[0]!r} {fault}" for fault in faults(message)]
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != compiled(catalogue):
            found.append(f"{mo.relative_to(ROOT)} is stale; python tools/translations.py compiles it")
    return found


def main(argv: list[str]) -> int:
    """Do what is asked for; without words, extract and compile."""
    if not settings.configured:
        settings.configure()
    command = argv[0].lstrip("-") if argv else ""
    if command == "missing":
        print("\n".join(missing(read(argv[1]), gather())))
        return 0
    if command not in {"", "extract", "compile", "check"}:
        print(__doc__)
        return 2
    if command in {"", "extract"}:
        bring_up_to_date()
    if command in {"", "compile"}:
        compile_all()
    found = problems()
    print("\n".join(found) or "Every text has its English, and every .mo file is fresh.")
    return 1 if found and command in {"", "check"} else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
