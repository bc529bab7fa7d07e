# SPDX-License-Identifier: EUPL-1.2
"""``helhet test``: the suite on SQLite, then what depends on the database once more on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helhet.site.environment import ROOT

NOTHING_COLLECTED = 5


def _workers(argv: Sequence[str]) -> list[str]:
    """Run in parallel unless the caller has chosen, or looks for one failure with a debugger."""
    own = any(word.startswith(("-n", "--numprocesses", "--pdb", "--co")) for word in argv)
    return [] if own else ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "worksteal"]


def _pytest(argv: Sequence[str], environ: dict[str, str], counts: Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "pytest", *_workers(argv), *argv]
    environ = {**environ, "HELHET_TEST_COUNTS": str(counts)}
    code = subprocess.call(command, cwd=ROOT, env=environ)
    return code, json.loads(counts.read_text(encoding="utf-8")) if counts.exists() else {}


def closing_line(results: Sequence[dict[str, Any]]) -> str:
    """Return ``N passed, N failed, N skipped`` over all runs."""
    total = {key: sum(result.get(key, 0) for result in results) for key in ("passed", "failed", "error", "skipped")}
    return f"{total['passed']} passed, {total['failed'] + total['error']} failed, {total['skipped']} skipped"


def run(argv: Sequence[str]) -> int:
    """Run pytest with the rest of the line as its arguments; exit code 0 only when every run passed."""
    environ = {
        key: value for key, value in os.environ.items() if key not in {"DJANGO_SETTINGS_MODULE", "HELHET_TEST_DB"}
    }
    with tempfile.TemporaryDirectory() as folder:
        runs = [_pytest(argv, environ, Path(folder) / "sqlite.json")]
        if environ.get("HELHET_TEST_POSTGRES"):
            print("\nOnce more on PostgreSQL, what depends on the database:", flush=True)
            runs.append(_pytest(argv, {**environ, "HELHET_TEST_DB": "postgres"}, Path(folder) / "postgres.json"))
    codes = [runs[0][0], *(0 if code == NOTHING_COLLECTED else code for code, _counts in runs[1:])]
    results = [counts for _code, counts in runs]
    lost = [entry for result in results for entry in result.get("did_not_run", [])]
    print(f"\n{len(lost)} did not run:" if lost else "\nEverything ran.")
    for name, reason in lost:
        print(f"  {name}: {reason}")
    print(closing_line(results), flush=True)
    return next((code for code in codes if code), 0)
