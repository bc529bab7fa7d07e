# SPDX-License-Identifier: EUPL-1.2
"""``helhet backup FILE`` and ``helhet restore FILE``: database, uploaded files and a manifest in one archive.

The archive is a tar file: ``manifest.json`` (engine, version, time, rows per table, size and SHA-256 of every
other member), the database's own dump, and ``media/``. The secret key is not in it: keep that apart.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from helhet.cli import databases
from helhet.cli.manage import setup

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024


def run_backup(argv: Sequence[str]) -> int:
    """Write an archive; the service may go on running."""
    parser = argparse.ArgumentParser(prog="helhet backup", description="Write database and files to one archive.")
    parser.add_argument("file", type=Path, help="archive to write, such as helhet-2026-11-22.tar")
    options = parser.parse_args(argv)
    setup()
    manifest = write(options.file)
    rows = sum(manifest["tables"].values())
    print(f"Wrote {options.file}: {rows} rows in {len(manifest['tables'])} tables, {len(manifest['files']) - 1} files.")
    return 0


def run_restore(argv: Sequence[str]) -> int:
    """Bring an archive back. Web server and worker must be stopped."""
    parser = argparse.ArgumentParser(prog="helhet restore", description="Bring back what helhet backup wrote.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="even if there is something in the database already")
    options = parser.parse_args(argv)
    setup()
    manifest = read(options.file, replace=options.replace)
    print(f"Restored {options.file}, written {manifest['created']}: every table and file is as it was.")
    return 0


def write(target: Path) -> dict[str, Any]:
    """Write the archive beside its final name and rename it, so that a half-written one is never found."""
    from django.conf import settings

    database = databases.current()
    partial = target.with_name(target.name + ".partial")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        dump = Path(folder) / database.file_name
        database.dump(dump)  # before the files: a file that is added meanwhile does no harm
        counts = databases.SQLite(dump).row_counts() if database.engine == "sqlite" else database.row_counts()
        members = {database.file_name: dump, **_media(Path(settings.MEDIA_ROOT))}
        manifest = _manifest(database.engine, counts)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
            for name, path in members.items():
                manifest["files"][name] = _fingerprint(path)
                archive.add(path, arcname=name, recursive=False)
            text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
            raw.flush()
            os.fsync(raw.fileno())
    partial.replace(target)
    return manifest


def _manifest(engine: str, counts: dict[str, int]) -> dict[str, Any]:
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return {"format": FORMAT, "engine": engine, "created": created, "tables": counts, "files": {}}


def _media(root: Path) -> dict[str, Path]:
    return {f"media/{path.relative_to(root).as_posix()}": path for path in sorted(root.rglob("*")) if path.is_file()}


def _fingerprint(path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            digest.update(block)
            size += len(block)
    return {"size": size, "sha256": digest.hexdigest()}


def read(source: Path, *, replace: bool) -> dict[str, Any]:
    """Check the whole archive, then put database and files in place. Nothing is touched before all is checked."""
    from django.conf import settings

    database = databases.current()
    media = Path(settings.MEDIA_ROOT)
    media.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _stopped(media.parent), tempfile.TemporaryDirectory(dir=media.parent) as folder:
        if (used := databases.used_tables(database.row_counts())) and not replace:
            sys.exit(f"helhet: the database is not empty ({', '.join(used[:4])} …). Add --replace to write over it.")
        manifest = _unpack(source, Path(folder))
        if manifest["engine"] != database.engine:
            sys.exit(
                f"helhet: the archive holds a {manifest['engine']} database and this installation uses "
                f"{database.engine}. Move between the two with 'helhet export' and 'helhet import'."
            )
        database.load(Path(folder) / database.file_name)
        _compare(manifest["tables"], database.row_counts())
        _swap(Path(folder) / "media", media)
    return manifest


@contextmanager
def _stopped(folder: Path) -> Iterator[None]:
    """Refuse while ``helhet up`` runs on this data folder, and keep it from starting meanwhile."""
    with (folder / "up.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit("helhet: the service is running on this data folder. Stop it first.")
        yield


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Write every member below ``folder`` and check it against the manifest."""
    try:
        with tarfile.open(source) as archive:
            manifest: dict[str, Any] = json.load(_member(archive, MANIFEST))
            if manifest.get("format") != FORMAT:
                sys.exit(f"helhet: {source} is of a form that this version cannot read.")
            for name, expected in manifest["files"].items():
                path = folder / name
                if folder.resolve() not in path.resolve().parents:
                    sys.exit(f"helhet: {source} holds a file with an unsafe name: {name}")
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as target:
                    shutil.copyfileobj(_member(archive, name), target, BLOCK)
                if _fingerprint(path) != expected:
                    sys.exit(f"helhet: {name} in {source} is damaged: its checksum differs.")
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        sys.exit(f"helhet: {source} cannot be read as a backup: {error}")
    return manifest


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    handle = archive.extractfile(name)
    if handle is None:
        raise KeyError(f"{name} is not an ordinary file")
    return handle


def _compare(expected: dict[str, int], found: dict[str, int]) -> None:
    different = sorted(name for name in expected if found.get(name) != expected[name])
    if different:
        sys.exit(f"helhet: after restoring, these tables differ from the backup: {', '.join(different)}")


def _swap(new: Path, media: Path) -> None:
    """Put the restored files where the old ones were."""
    new.mkdir(exist_ok=True)
    old = media.with_name(media.name + ".before-restore")
    shutil.rmtree(old, ignore_errors=True)
    if media.exists():
        media.rename(old)
    new.rename(media)
    shutil.rmtree(old, ignore_errors=True)
