# SPDX-License-Identifier: EUPL-1.2
"""``helhet check``: every gate of the source code in one go. Nothing is changed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from helhet.site.environment import ROOT


@dataclass(frozen=True)
class Gate:
    """A command that must end well; ``what`` says in plain words what it watches over."""

    name: str
    what: str
    command: tuple[str, ...]


MANAGE = ("-m", "helhet.cli", "manage")
GATES: tuple[Gate, ...] = (
    Gate("lint", "mistakes in Python", ("-m", "ruff", "check", ".")),
    Gate("format", "layout of Python", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    Gate("types", "types; strict in core and foundation", ("-m", "mypy")),
    Gate(
        "imports",
        "who may import whom",
        ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
    ),
    Gate("templates", "mistakes in templates", ("-m", "djlint", "src", "--lint", "--quiet")),
    Gate("settings", "Django's own checks", (*MANAGE, "check", "--fail-level", "WARNING")),
    Gate("migrations", "models without a migration", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    Gate("locks", "lock files against pyproject.toml", ("tools/lock.py", "--check")),
    Gate("vendored", "vendored files against vendor.toml", ("tools/vendor.py", "check")),
    Gate("translations", "texts without translation, stale .mo", ("tools/translations.py", "--check")),
    Gate("openapi", "the API against its snapshot", ("tools/openapi.py", "--check")),
)


def _run(gate: Gate) -> tuple[bool, str, float]:
    """Return whether the gate holds, what it said, and how many seconds it took."""
    start = time.monotonic()
    environ = {**os.environ, "HELHET_MODE": "development", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, *gate.command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, (done.stdout + done.stderr).strip(), time.monotonic() - start


def run(argv: Sequence[str]) -> int:
    """Run all gates, or those that are named; print what each one said when it did not hold."""
    chosen = [gate for gate in GATES if not argv or gate.name in argv]
    unknown = set(argv) - {gate.name for gate in GATES}
    if unknown:
        print(f"helhet check [{' | '.join(gate.name for gate in GATES)}]; not known: {', '.join(sorted(unknown))}")
        return 2
    rows = []
    for gate in chosen:
        print(f"… {gate.name}", flush=True)
        holds, output, seconds = _run(gate)
        if not holds:
            print(output, flush=True)
        rows.append((gate, holds, seconds))
    print()
    for gate, holds, seconds in rows:
        print(f"{'ok    ' if holds else 'FAILED'}  {gate.name:<13} {seconds:5.1f} s  {gate.what}")
    failed = sum(not holds for _gate, holds, _seconds in rows)
    print(f"\n{len(rows) - failed} of {len(rows)} gates hold.")
    return 1 if failed else 0
