# SPDX-License-Identifier: EUPL-1.2
"""The two databases as a generator of a whole city sees them: bulk SQL, the same statements for both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg


class Store(Protocol):
    """A database under filling, and the few words that differ between the two."""

    kind: str

    def run(self, statement: str) -> None:
        """Carry out one statement."""

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write many rows."""

    def one(self, statement: str) -> Any:
        """The first column of the first row."""

    def numbers(self, count: int) -> str:
        """A table expression ``n`` with one column ``i`` from 0."""

    def uid(self, number: str, mark: int) -> str:
        """An expression: a UUID from a number and the mark of its table."""

    def moment(self, epoch: str) -> str:
        """An expression: the moment of an epoch second."""

    def hex64(self, number: str) -> str:
        """An expression: 64 hexadecimal digits."""

    def text(self, number: str, prefix: str) -> str:
        """An expression: the prefix and a number of seven digits."""

    def begin(self, tables: Sequence[str]) -> None:
        """Make ready for writing much: indexes of these tables are put aside."""

    def finish(self) -> None:
        """Lay the indexes again, bring counters and statistics up to date, and close."""


class SQLiteStore:
    """A database file. What was written is gone if the machine stops midway, so the maker renames when done."""

    kind = "sqlite"

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in (
            "journal_mode=OFF",
            "synchronous=OFF",
            "foreign_keys=OFF",
            "cache_size=-400000",
            "temp_store=MEMORY",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self.indexes: list[str] = []

    def run(self, statement: str) -> None:
        self.connection.execute(statement)

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" for _ in columns)
        self.connection.execute("BEGIN")
        self.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        self.connection.execute("COMMIT")

    def one(self, statement: str) -> Any:
        return self.connection.execute(statement).fetchone()[0]

    def numbers(self, count: int) -> str:
        return (
            f"(WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i + 1 < {count}) SELECT i FROM r) n"
        )

    def uid(self, number: str, mark: int) -> str:
        return f"printf('%012x4000a000%012x', {number}, {mark})"

    def moment(self, epoch: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%S', {epoch}, 'unixepoch')"

    def hex64(self, number: str) -> str:
        return f"printf('%064x', {number})"

    def text(self, number: str, prefix: str) -> str:
        return f"printf('{prefix}%07d', {number})"

    def begin(self, tables: Sequence[str]) -> None:
        named = ", ".join(f"'{table}'" for table in tables)
        kept = self.connection.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({named})"
        ).fetchall()
        for name, sql in kept:
            self.indexes.append(sql)
            self.run(f'DROP INDEX "{name}"')

    def finish(self) -> None:
        for sql in self.indexes:
            self.run(sql)
        self.run("PRAGMA journal_mode=WAL")
        self.connection.close()


class PostgreSQLStore:
    """A database of its own on a server; foreign keys are not checked while it is filled."""

    kind = "postgres"

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        for setting in (
            "session_replication_role = replica",
            "synchronous_commit = off",
            "maintenance_work_mem = '256MB'",
        ):
            self.run(f"SET {setting}")
        self.indexes: list[str] = []

    def run(self, statement: str) -> None:
        self.connection.execute(statement)  # type: ignore[call-overload]  # statements are made here, not literals

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        with self.connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:  # type: ignore[call-overload]
            for row in rows:
                copy.write_row(row)

    def one(self, statement: str) -> Any:
        row = self.connection.execute(statement).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None

    def numbers(self, count: int) -> str:
        return f"generate_series(0::bigint, {count - 1}) AS n(i)"

    def uid(self, number: str, mark: int) -> str:
        return f"(lpad(to_hex({number}), 12, '0') || '4000a000' || lpad(to_hex({mark}), 12, '0'))::uuid"

    def moment(self, epoch: str) -> str:
        return f"to_timestamp({epoch})"

    def hex64(self, number: str) -> str:
        return f"lpad(to_hex({number}), 64, '0')"

    def text(self, number: str, prefix: str) -> str:
        return f"'{prefix}' || lpad(({number})::text, 7, '0')"

    def begin(self, tables: Sequence[str]) -> None:
        named = ", ".join(f"'{table}'" for table in tables)
        kept = self.connection.execute(
            f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ({named}) "  # type: ignore[call-overload]
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, sql in kept:
            self.indexes.append(sql)
            self.run(f'DROP INDEX "{name}"')

    def finish(self) -> None:
        for sql in self.indexes:
            self.run(sql)
        tables = self.connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            if sequence := self.one(f"SELECT pg_get_serial_sequence('{table}', 'id')") if self._has_id(table) else None:
                self.run(f"SELECT setval('{sequence}', (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)")
        self.run("VACUUM ANALYZE")
        self.connection.close()

    def _has_id(self, table: str) -> bool:
        found = f"SELECT count(*) FROM information_schema.columns WHERE table_name = '{table}' AND column_name = 'id'"
        return bool(self.one(found))


def create_postgres(server: str, name: str) -> str:
    """Make an empty database on the server (an old one of the name goes) and return its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def drop_postgres(server: str, name: str) -> None:
    """Remove a database that this benchmark made."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
