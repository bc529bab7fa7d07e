# SPDX-License-Identifier: EUPL-1.2
"""Django's management commands, and migration that is skipped when nothing has changed."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import helhet

PACKAGE = Path(helhet.__file__).parent
LOCK = PACKAGE.parents[1] / "requirements" / "base.txt"


def setup() -> None:
    """Start Django; say settings errors in plain words instead of with a traceback."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(f"helhet: {error}")


def call(*arguments: str, **options: Any) -> None:
    """Run one of Django's commands inside this process."""
    setup()
    from django.core.management import call_command

    call_command(*arguments, **options)


def run(argv: Sequence[str]) -> int:
    """``helhet manage …``."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["helhet manage", *argv])
    except ImproperlyConfigured as error:
        sys.exit(f"helhet: {error}")
    return 0


def run_migrate(argv: Sequence[str]) -> int:
    """``helhet migrate``: tables and the cache table."""
    call("migrate", *(argv or ["--verbosity=1"]))
    call("createcachetable")
    if database := sqlite_file():
        _write_mark(database)
    return 0


def sqlite_file() -> Path | None:
    """Return the file of the SQLite database, or None on PostgreSQL. Needs settings but not Django's start."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    return Path(database["NAME"]) if database["ENGINE"].endswith("sqlite3") else None


def migration_mark() -> int:
    """Return a positive 31-bit number made from all migration files and the locked packages.

    It is kept in SQLite's ``user_version``, inside the database file, so it goes where the database goes.
    """
    digest = hashlib.sha256(LOCK.read_bytes() if LOCK.exists() else b"")
    for file in sorted(PACKAGE.glob("**/migrations/*.py")):
        digest.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return int.from_bytes(digest.digest()[:4], "big") & 0x7FFFFFFF or 1


def _write_mark(database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=20)) as connection:
        connection.execute(f"PRAGMA user_version={migration_mark()}")


def is_migrated() -> bool:
    """Say whether the SQLite database was migrated by exactly these files. PostgreSQL is always asked anew."""
    database = sqlite_file()
    if database is None or not database.exists():
        return False
    with closing(sqlite3.connect(database, timeout=20)) as connection:
        return bool(connection.execute("PRAGMA user_version").fetchone()[0] == migration_mark())
