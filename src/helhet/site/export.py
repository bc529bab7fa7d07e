# SPDX-License-Identifier: EUPL-1.2
"""``helhet export KIND|all FOLDER``: everything out again, in the form that the import reads."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Exit code 0 when all files are written. Django must be set up."""
    from helhet.foundation.imports.exporting import FORMATS, TooLong, export
    from helhet.foundation.imports.kinds import all_kinds

    parser = argparse.ArgumentParser(prog="helhet export", description="Write tables, one file per kind.")
    parser.add_argument("kind", choices=["all", *all_kinds()])
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
