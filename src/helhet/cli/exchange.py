# SPDX-License-Identifier: EUPL-1.2
"""``helhet import`` and ``helhet export``: files in, files out. The foundation and the rooms say which kinds there are."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from helhet.cli.instance import load_instance
from helhet.cli.manage import setup


def run_import(argv: Sequence[str]) -> int:
    """``helhet import instance NAME``, ``helhet import KIND FILE``, ``helhet import --reference``."""
    setup()
    from helhet.foundation.contracts import rooms
    from helhet.foundation.imports.kinds import all_kinds
    from helhet.foundation.imports.reference import reference
    from helhet.foundation.imports.tables import OWN

    importers = {**{i.kind: i.run for room in rooms() for i in room.importers}, **all_kinds()}
    parser = argparse.ArgumentParser(prog="helhet import", description="Read data from files.")
    parser.add_argument("kind", nargs="?", choices=["instance", *importers])
    parser.add_argument("source", nargs="?", help="a file (.csv or .xlsx), or the name of an instance")
    parser.add_argument("--demo", action="store_true", help="an instance: with its demonstration data")
    parser.add_argument("--reference", action="store_true", help="print what every table may hold")
    options = parser.parse_args(argv)
    if options.reference:
        sys.stdout.write(reference(OWN))
        return 0
    if not options.kind or not options.source:
        parser.error("say what to read: KIND FILE, or instance NAME")
    if options.kind == "instance":
        return _load(options.source, demo=options.demo)
    return _read(importers[options.kind], Path(options.source))


def _load(name: str, *, demo: bool) -> int:
    from helhet.site.instance import NotLoaded

    try:
        load_instance(name, demo=demo)
    except NotLoaded as error:
        print(f"helhet: {error}", file=sys.stderr)
        return 1
    return 0


def _read(importer: object, source: Path) -> int:
    from django.utils.translation import override

    from helhet.foundation.imports.services import Busy, FileChanged, Overtaken

    if not source.is_file():
        print(f"helhet: there is no file {source}", file=sys.stderr)
        return 1
    language = "en" if os.environ.get("LANG", "").startswith("en") else "sv"
    try:
        with override(language):
            report = importer(source)  # type: ignore[operator]  # a Kind, or a room's own function
            print(report)
    except Busy as error:
        print(f"helhet: {error} is being read in right now. Try again in a minute.", file=sys.stderr)
        return 1
    except Overtaken as error:
        print(f"helhet: another run has taken over {error}.", file=sys.stderr)
        return 1
    except FileChanged as error:
        print(f"helhet: {error} was changed while it was read. Nothing is shown; read it in again.", file=sys.stderr)
        return 1
    return 0 if getattr(report, "ok", True) else 1


def run_export(argv: Sequence[str]) -> int:
    """``helhet export KIND|all FOLDER``."""
    setup()
    from helhet.foundation.imports.exporting import FORMATS, TooLong, export
    from helhet.foundation.imports.kinds import all_kinds

    parser = argparse.ArgumentParser(prog="helhet export", description="Write tables, one file per kind.")
    parser.add_argument("kind", nargs="?", default="all", choices=["all", *all_kinds()])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--format", choices=FORMATS, default="csv")
    parser.add_argument("--identities", action="store_true", help="also who supports and follows matters")
    options = parser.parse_args(argv)
    kinds = [] if options.kind == "all" else [options.kind]
    try:
        for path in export(kinds, options.folder, form=options.format, identities=options.identities):
            print(path)
    except TooLong as error:
        print(f"helhet: a text is too long for a workbook ({error}). Choose csv or json.", file=sys.stderr)
        return 1
    return 0
