# SPDX-License-Identifier: EUPL-1.2
"""Tests that need a browser or PostgreSQL: skipped with a reason and listed, or failed when required.

``@pytest.mark.browser`` needs Chromium. ``@pytest.mark.postgres`` runs on PostgreSQL only.
``@pytest.mark.both_databases`` runs on SQLite, and once more on PostgreSQL where a server is named.
``./helhet test`` runs pytest once for each database; HELHET_TEST_DB tells which one this run is.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

CAPABILITIES = ("browser", "postgres")


def find_chromium() -> str | None:
    """Return the path of Chromium: HELHET_CHROMIUM, or the first of the usual names on PATH."""
    named = os.environ.get("HELHET_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def on_postgres() -> bool:
    return os.environ.get("HELHET_TEST_DB") == "postgres"


def missing(capability: str) -> str | None:
    """Return why a capability is missing, or None when it is here."""
    if capability == "browser" and not find_chromium():
        return "no browser: install Chromium or name it in HELHET_CHROMIUM"
    if capability == "postgres" and not on_postgres():
        return "no PostgreSQL: name a server in HELHET_TEST_POSTGRES"
    return None


def required() -> set[str]:
    return {part.strip() for part in os.environ.get("HELHET_REQUIRE", "").split(",") if part.strip()}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each run keep the tests of its own database."""

    def belongs(item: pytest.Item) -> bool:
        if on_postgres():
            return any(item.iter_markers("postgres")) or any(item.iter_markers("both_databases"))
        return not (any(item.iter_markers("postgres")) and os.environ.get("HELHET_TEST_POSTGRES"))

    dropped = [item for item in items if not belongs(item)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if belongs(item)]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for capability in CAPABILITIES:
        if any(item.iter_markers(capability)) and (reason := missing(capability)):
            if capability in required():
                pytest.fail(f"{reason} (HELHET_REQUIRE names {capability})", pytrace=False)
            pytest.skip(reason)


def _reason(report: Any) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List by name what did not run and why; leave the counts where ``./helhet test`` adds them up."""
    stats = terminalreporter.stats
    skipped = sorted((report.nodeid, _reason(report)) for report in stats.get("skipped", []))
    if skipped:
        terminalreporter.section("did not run")
        for name, reason in skipped:
            terminalreporter.line(f"{name}: {reason}")
    if target := os.environ.get("HELHET_TEST_COUNTS"):
        counts = {key: len(stats.get(key, [])) for key in ("passed", "failed", "error", "skipped", "xfailed")}
        Path(target).write_text(json.dumps({**counts, "did_not_run": skipped}), encoding="utf-8")
