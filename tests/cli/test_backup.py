# SPDX-License-Identifier: EUPL-1.2
"""What backup wrote comes back identical, table by table and file by file."""

import io
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection

from helhet.cli import backup, databases
from helhet.foundation.people.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def content(settings, tmp_path):
    """A few rows of each kind of value, and two files."""
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    for number in range(30):
        Organisation.objects.create(slug=f"enhet-{number}", name=f"Enhet Ö {number}", note="å\n'\"; --\u2009x")
    get_user_model().objects.create_user("anstalld", "lösenord-för-prov")
    for name, data in (("a/bild.bin", bytes(range(256)) * 9), ("text.txt", "å".encode())):
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def everything() -> dict[str, list[tuple]]:
    """Return every row of every table, sorted."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def files(root) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in Path(root).rglob("*") if path.is_file()}


@pytest.mark.both_databases
def test_what_comes_back_is_identical(content, settings, tmp_path):
    rows, media = everything(), files(settings.MEDIA_ROOT)
    archive = tmp_path / "backup.tar"
    assert backup.run_backup([str(archive)]) == 0
    assert archive.stat().st_mode & 0o777 == 0o600
    Organisation.objects.filter(slug="enhet-3").update(name="Ett annat namn")
    Organisation.objects.create(slug="senare", name="Senare")
    Session.objects.create(session_key="x", session_data="y", expire_date="2030-01-01T00:00:00Z")
    (Path(settings.MEDIA_ROOT) / "text.txt").write_text("changed")
    (Path(settings.MEDIA_ROOT) / "later.txt").write_text("later")
    connection.close()
    assert backup.run_restore([str(archive), "--replace"]) == 0
    assert everything() == rows
    assert files(settings.MEDIA_ROOT) == media
    Organisation.objects.create(slug="nasta", name="Nästa")  # sequences are where they should be


@pytest.mark.both_databases
def test_a_used_database_is_not_written_over(content, tmp_path):
    archive = tmp_path / "backup.tar"
    backup.write(archive)
    rows = everything()
    connection.close()
    with pytest.raises(SystemExit, match=r"not empty.*--replace"):
        backup.read(archive, replace=False)
    assert everything() == rows


def _rewrite(archive: Path, change) -> Path:
    """Write the archive anew with each member changed by ``change(name, data)``."""
    target = archive.with_name("changed.tar")
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            name, data = change(member.name, old.extractfile(member).read())
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
    return target


def test_a_damaged_archive_changes_nothing(content, settings, tmp_path):
    archive = tmp_path / "backup.tar"
    backup.write(archive)
    damaged = _rewrite(archive, lambda name, data: (name, b"?" + data[1:] if name == "media/text.txt" else data))
    rows, media = everything(), files(settings.MEDIA_ROOT)
    with pytest.raises(SystemExit, match="checksum differs"):
        backup.read(damaged, replace=True)
    assert (everything(), files(settings.MEDIA_ROOT)) == (rows, media)


def test_a_member_outside_the_folder_is_refused(content, tmp_path):
    archive = tmp_path / "backup.tar"
    backup.write(archive)

    def escape(name, data):
        if name == backup.MANIFEST:
            return name, data.replace(b"media/text.txt", b"../../text.txt")
        return name, data

    with pytest.raises(SystemExit, match="unsafe name"):
        backup.read(_rewrite(archive, escape), replace=True)


def test_another_kind_of_database_is_refused(content, tmp_path):
    archive = tmp_path / "backup.tar"
    backup.write(archive)

    def other(name, data):
        if name == backup.MANIFEST:
            return name, json.dumps({**json.loads(data), "engine": "another"}).encode()
        return name, data

    with pytest.raises(SystemExit, match="helhet export"):
        backup.read(_rewrite(archive, other), replace=True)


def test_what_is_no_backup_is_said_to_be_none(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    file = tmp_path / "letter.txt"
    file.write_text("hello")
    with pytest.raises(SystemExit, match="cannot be read as a backup"):
        backup.read(file, replace=True)


def test_a_change_made_while_the_backup_runs_does_no_harm(tmp_path):
    path = tmp_path / "live.sqlite3"
    with sqlite3.connect(path) as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("CREATE TABLE t (x)")
        live.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(1000)])
    live.execute("INSERT INTO t VALUES (-1)")  # a transaction that has not ended
    copy = databases.SQLite(tmp_path / "copy.sqlite3")
    databases.SQLite(path).dump(copy.path)
    live.rollback()
    live.close()
    assert copy.row_counts() == {"t": 1000}
    assert not (tmp_path / "copy.sqlite3-wal").exists()
