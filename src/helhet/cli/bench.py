# SPDX-License-Identifier: EUPL-1.2
"""``helhet bench NAME``: runs the function ``main`` of ``bench/NAME.py`` in the source tree."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from helhet.site.environment import ROOT

FOLDER = ROOT / "bench"
#: A module cannot be called ``import``.
ALIASES = {"import": "imports"}


def names(folder: Path = FOLDER) -> list[str]:
    """Return the benchmarks there are."""
    return sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))


def run(argv: Sequence[str]) -> int:
    """Run one benchmark with the rest of the line."""
    known = names()
    argv = [ALIASES.get(argv[0], argv[0]), *argv[1:]] if argv else argv
    if not argv or argv[0] not in known:
        print(f"helhet bench NAME [--json] [--scale small|city], where NAME is one of: {', '.join(known) or 'none'}")
        return 0 if argv and argv[0] in {"-h", "--help"} else 2
    sys.path.insert(0, str(ROOT))
    spec = importlib.util.spec_from_file_location(f"bench.{argv[0]}", FOLDER / f"{argv[0]}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return int(module.main(list(argv[1:])) or 0)
