# SPDX-License-Identifier: EUPL-1.2
"""Dump and load a whole database with the database's own means – never by copying its files."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

# What a database that nobody has used yet may hold: rows that migrations write.
BOOKKEEPING = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "helhet_cache", "django_session", "sqlite_sequence"}
)


class Database(Protocol):
    """One kind of database."""

    engine: str
    file_name: str

    def dump(self, target: Path) -> None:
        """Write a consistent picture of everything to ``target``; others may write meanwhile."""

    def load(self, source: Path) -> None:
        """Replace everything by what ``dump`` wrote, whole or not at all."""

    def row_counts(self) -> dict[str, int]:
        """Return rows per table; empty when there are no tables."""


class SQLite:
    """The embedded database."""

    engine = "sqlite"
    file_name = "database.sqlite3"

    def __init__(self, path: Path) -> None:
        self.path = path

    def dump(self, target: Path) -> None:
        with closing(_open(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            check_sqlite(copy)

    def load(self, source: Path) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(_open(source)) as copy, closing(_open(self.path)) as target:
            check_sqlite(copy)
            copy.backup(target)
            target.execute("PRAGMA journal_mode=WAL")

    def row_counts(self) -> dict[str, int]:
        if not self.path.exists():
            return {}
        with closing(_open(self.path)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            count = "SELECT count(*) FROM {}"
            return {name: int(connection.execute(count.format(_quoted(name))).fetchone()[0]) for (name,) in names}


class PostgreSQL:
    """A database server; needs ``pg_dump`` and ``pg_restore`` of at least the server's version."""

    engine = "postgresql"
    file_name = "database.pgdump"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings

    def _run(self, program: str, *arguments: str) -> None:
        settings = self.settings
        words = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        environ = {name: str(settings[key]) for name, key in words.items() if settings.get(key)}
        if mode := (settings.get("OPTIONS") or {}).get("sslmode"):
            environ["PGSSLMODE"] = str(mode)
        try:
            done = subprocess.run(
                [program, *arguments], env={**os.environ, **environ}, capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            sys.exit(f"helhet: the program {program} is missing; Debian has it in the package postgresql-client.")
        if done.returncode != 0:
            sys.exit(f"helhet: {program} failed:\n{done.stderr.strip()}")

    def dump(self, target: Path) -> None:
        name = str(self.settings["NAME"])
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", f"--dbname={name}")

    def load(self, source: Path) -> None:
        name = str(self.settings["NAME"])
        flags = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        self._run("pg_restore", *flags, f"--dbname={name}", str(source))

    def row_counts(self) -> dict[str, int]:
        from django.db import connection

        names = connection.introspection.table_names()
        with connection.cursor() as cursor:
            counts = {}
            for name in names:
                cursor.execute(f"SELECT count(*) FROM {_quoted(name)}")  # noqa: S608 – a name from the catalogue
                counts[name] = int(cursor.fetchone()[0])
        connection.close()
        return counts


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=20)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def check_sqlite(connection: sqlite3.Connection) -> None:
    """Stop when SQLite finds the database damaged."""
    answer: Sequence[Any] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer[0] != "ok":
        sys.exit(f"helhet: the database is damaged: {answer[0]}")


def current() -> Database:
    """Return the database that the settings name."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return SQLite(Path(database["NAME"]))
    return PostgreSQL(database)


def used_tables(counts: Mapping[str, int]) -> list[str]:
    """Return the tables that hold something more than bookkeeping."""
    return sorted(name for name, rows in counts.items() if rows and name not in BOOKKEEPING)
