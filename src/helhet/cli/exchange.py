# SPDX-License-Identifier: EUPL-1.2
"""``helhet import`` and ``helhet export``: files in, files out. The rooms' manifests say which kinds there are."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from helhet.cli.instance import load_instance
from helhet.cli.manage import setup


def run_import(argv: Sequence[str]) -> int:
    """``helhet import instance NAME`` or ``helhet import KIND FILE``."""
    setup()
    from helhet.foundation.contracts import rooms

    importers = {importer.kind: importer for room in rooms() for importer in room.importers}
    parser = argparse.ArgumentParser(prog="helhet import", description="Read data from files.")
    parser.add_argument("kind", choices=["instance", *sorted(importers)])
    parser.add_argument("source", help="a file (.csv or .xlsx), or the name of an instance")
    parser.add_argument("--demo", action="store_true", help="an instance: with its demonstration data")
    options = parser.parse_args(argv)
    if options.kind == "instance":
        load_instance(options.source, demo=options.demo)
        return 0
    report = importers[options.kind].run(Path(options.source))
    print(report)
    return 0 if getattr(report, "ok", True) else 1


def run_export(argv: Sequence[str]) -> int:
    """``helhet export KIND FILE``."""
    setup()
    from helhet.site.export import main

    return int(main(list(argv)) or 0)
