# SPDX-License-Identifier: EUPL-1.2
"""``helhet doctor``: what is well with this installation and what is not, in plain words."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helhet.cli import manage
from helhet.site.environment import ROOT, TABLE, Environment

LOW_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``state`` is ok, note (works, but know this) or bad (mend this)."""

    what: str
    state: str
    words: str


def python() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("Python", "ok" if sys.version_info >= (3, 11) else "bad", f"{version} in {sys.prefix}")


def environment() -> Iterator[Finding]:
    stamp = Path(sys.prefix) / "helhet-installed.json"
    if not stamp.exists():
        yield Finding("Packages", "note", "not installed by ./helhet, so not compared with the lock file")
        return
    recorded = json.loads(stamp.read_text())
    current = hashlib.sha256(manage.LOCK.read_bytes()).hexdigest()
    same = recorded.get("base") == current
    words = "exactly what requirements/base.txt lists" if same else "older than the lock file; ./helhet up renews them"
    yield Finding("Packages", "ok" if same else "bad", words)


def settings() -> Iterator[Finding]:
    env = Environment()
    for problem in env.problems("tools"):
        yield Finding("Settings", "bad", problem.splitlines()[0])
    written = [row.name for row in TABLE if env.is_set(row.name)]
    yield Finding(
        "Settings", "ok", f"mode {env.read('HELHET_MODE')}; from the environment: {', '.join(written) or 'none'}"
    )
    if not env.is_set("HELHET_SECRET_KEY") and not (env.read("HELHET_DATA") / "secret-key").exists():
        yield Finding("Secret key", "note", "none yet; ./helhet up writes one, production sets HELHET_SECRET_KEY")


def database() -> Iterator[Finding]:
    from django.db import Error, connection
    from django.db.migrations.executor import MigrationExecutor

    file = manage.sqlite_file()
    if file is not None and not file.exists():
        yield Finding("Database", "note", f"{file} does not exist yet; ./helhet up makes it")
        return
    try:
        with connection.cursor() as cursor:
            yield from _sqlite(cursor) if file else _postgresql(cursor)
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        yield Finding("Database", "bad", f"cannot be reached: {error}")
        return
    words = f"{len(waiting)} migrations are waiting; ./helhet migrate runs them" if waiting else "has every migration"
    yield Finding("Tables", "bad" if waiting else "ok", words)


def _sqlite(cursor: Any) -> Iterator[Finding]:
    values = {}
    for pragma in ("journal_mode", "synchronous", "foreign_keys"):
        cursor.execute(f"PRAGMA {pragma}")
        values[pragma] = cursor.fetchone()[0]
    good = values["journal_mode"] == "wal" and values["synchronous"] == 2 and values["foreign_keys"] == 1
    words = f"SQLite {sqlite3.sqlite_version}, {', '.join(f'{key} {value}' for key, value in values.items())}"
    yield Finding("Database", "ok" if good else "bad", words)
    with closing(sqlite3.connect(":memory:")) as memory:
        options = {row[0] for row in memory.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" not in options:
        yield Finding("Full-text search", "bad", "this SQLite is built without FTS5")


def _postgresql(cursor: Any) -> Iterator[Finding]:
    cursor.execute("SELECT version()")
    yield Finding("Database", "ok", cursor.fetchone()[0].split(" on ")[0])
    if not shutil.which("pg_dump"):
        yield Finding("Backup", "bad", "pg_dump is missing; Debian has it in the package postgresql-client")


def parked() -> Iterator[Finding]:
    """Events that a reader gave up: somebody was not told, or something cannot be found."""
    from django.db import Error

    from helhet.foundation.ledger.models import Parked

    file = manage.sqlite_file()
    if file is not None and not file.exists():
        return
    try:
        count = Parked.objects.count()
    except Error:
        return  # the database has been spoken of already
    words = f"{count} parked; ./helhet ledger parked shows them, --retry tries again" if count else "none is parked"
    yield Finding("Events", "note" if count else "ok", words)


def disk() -> Iterator[Finding]:
    folder: Path = Environment().read("HELHET_DATA")
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    yield Finding("Disk", "ok" if free > LOW_DISK_BYTES else "bad", f"{free / 1e9:.1f} GB free at {existing}")
    if folder.exists() and not os.access(folder, os.W_OK):
        yield Finding("Data folder", "bad", f"{folder} cannot be written by this user")


def vendored() -> Iterator[Finding]:
    list_file = ROOT / "vendor.toml"
    if not list_file.exists():
        return
    packages = tomllib.loads(list_file.read_text(encoding="utf-8"))["package"]
    files = [(ROOT / file["to"], file["sha256"]) for package in packages for file in package["files"]]
    wrong = [path.name for path, wanted in files if not _has_hash(path, wanted)]
    words = f"differ from vendor.toml: {', '.join(wrong)}" if wrong else f"{len(files)} files as in vendor.toml"
    yield Finding("Vendored files", "bad" if wrong else "ok", words)


def _has_hash(path: Path, wanted: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wanted


def fonts() -> Iterator[Finding]:
    found = [path for ending in ("ttf", "otf") for path in (manage.PACKAGE / "paper").rglob(f"*.{ending}")]
    words = f"{len(found)} files for PDF" if found else "missing under src/helhet/paper; PDF would lack its typeface"
    yield Finding("Fonts", "ok" if found else "bad", words)


def for_tests() -> Iterator[Finding]:
    env = Environment()
    named = os.environ.get("HELHET_CHROMIUM", "")
    chromium = (named if Path(named).is_file() else None) or shutil.which("chromium") or shutil.which("google-chrome")
    yield Finding("Chromium", "ok" if chromium else "note", str(chromium or "not found; browser tests are skipped"))
    server = env.is_set("HELHET_TEST_POSTGRES")
    words = "named for tests" if server else "no server for tests (HELHET_TEST_POSTGRES); those tests are skipped"
    yield Finding("PostgreSQL", "ok" if server else "note", words)


def checks() -> Iterator[Finding]:
    from django.core.checks import run_checks

    messages = run_checks(include_deployment_checks=Environment().production)
    if not messages:
        yield Finding("System check", "ok", "nothing to remark on")
    for message in messages:
        yield Finding("System check", "bad" if message.is_serious() else "note", str(message.msg))


LOOK_AT: tuple[Callable[[], Iterator[Finding]], ...] = (
    python, environment, settings, database, parked, disk, vendored, fonts, for_tests, checks,
)  # fmt: skip
MARKS = {"ok": "ok  ", "note": "note", "bad": "BAD "}


def run(argv: Sequence[str]) -> int:
    """Print every finding; exit code 1 when something must be mended."""
    if argv:
        print("helhet doctor takes no options.")
        return 0 if argv[0] in {"-h", "--help"} else 2
    manage.setup()
    findings = [finding for look in LOOK_AT for finding in look()]
    for finding in findings:
        print(f"{MARKS[finding.state]}  {finding.what:<16} {finding.words}")
    bad = sum(finding.state == "bad" for finding in findings)
    print("\nAll is well." if not bad else f"\n{bad} to mend.")
    return 1 if bad else 0
