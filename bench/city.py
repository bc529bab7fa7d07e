# SPDX-License-Identifier: EUPL-1.2
"""``helhet bench city``: a made-up city in a database of its own, the same every time, for measuring against.

    ./helhet bench city --scale city            makes the SQLite city, or says where the one made before lies

A city is known by what makes it – the scale, this code, the product's migrations – and kept under ``bench`` in the
data folder until one of them changes. Events carry places but no true hashes: the chain of a made-up city is not for
verifying.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring.stores import PostgreSQLStore, SQLiteStore, Store

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "bara-for-matning-2026"
HUGE, TWENTY = 10_000, 20
VERBS = (
    "matter.captured matter.commented matter.supported matter.followed sluice.answered matter.commented matter.supported "
    "matter.edited matter.supported goal.tied"
).split()


@dataclass(frozen=True)
class Scale:
    """How many of what. ``threads`` names matters whose threads have a given length."""

    name: str
    matters: int
    comments: int
    accounts: int
    supports: int
    events: int
    units: int
    others: int
    goals: int
    sluices: int
    notices_each: int

    @property
    def threads(self) -> dict[int, int]:
        return {1: HUGE, 2: TWENTY} if self.name in {"small", "city"} else {}

    def supports_of(self, matter: int) -> int:
        from bench.measuring.people import SUPPORTS

        mean = self.supports // self.matters
        return min(SUPPORTS[matter % 10] * mean // 50, self.accounts)

    def comments_of(self, matter: int) -> int:
        from bench.measuring.people import COMMENTS

        return self.threads.get(matter, COMMENTS[matter % 10] * (self.comments // self.matters) // 10)


SCALES = {
    scale.name: scale
    for scale in (
        Scale("ten", 10, 100, 60, 500, 200, 3, 6, 10, 2, 10),
        Scale("thousand", 1_000, 10_000, 1_000, 20_000, 20_000, 500, 495, 1_000, 8, 1_000),
        Scale("small", 1_000, 10_000, 2_400, 50_000, 100_000, 40, 20, 60, 8, 5),
        Scale("city", 100_000, 1_000_000, 240_000, 5_000_000, 10_000_000, 800, 400, 60, 40, 5),
    )
}


def say(text: str) -> None:
    """Progress, where it is not mistaken for results."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def digest(scale: Scale) -> str:
    """What a made city is known by."""
    mark = hashlib.sha256(repr(scale).encode())
    files = [
        ROOT / "bench" / name
        for name in ("city.py", "measuring/people.py", "measuring/stores.py", "measuring/words.py")
    ]
    for file in [*files, *sorted((ROOT / "src/helhet").glob("**/migrations/*.py"))]:
        mark.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return mark.hexdigest()[:16]


def bench_folder() -> Path:
    """Where made cities are kept: under the data folder."""
    return Path(os.environ.get("HELHET_DATA") or ROOT / "data") / "bench"


def environ(folder: Path, url: str = "") -> dict[str, str]:
    """The settings that ``helhet up`` gives its children, for a city in this folder or at this address."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HELHET_", "DATABASE_URL", "DJANGO_"))}
    return {
        **kept,
        "HELHET_MODE": "development",
        "HELHET_DATA": str(folder),
        "HELHET_STATIC": "collected",
        "HELHET_LOG_LEVEL": "WARNING",
        "HELHET_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "DJANGO_SETTINGS_MODULE": "helhet.site.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "OPENBLAS_NUM_THREADS": "1",
        **({"DATABASE_URL": url} if url else {}),
    }


def sqlite_city(name: str) -> Path:
    """The folder of the SQLite city of this scale; made when there is none."""
    scale = SCALES[name]
    folder = bench_folder() / f"{name}-{digest(scale)}"
    if (folder / "made.json").is_file():
        return folder
    for old in bench_folder().glob(f"{name}-*"):
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True)
    make(scale, folder)
    return folder


def make(scale: Scale, folder: Path, url: str = "") -> None:
    """Fill an empty database: tables first, then a process of its own with the settings of that database."""
    began = time.monotonic()
    (folder / "secret-key").write_text("only-for-measuring-" * 4)
    for arguments in (["-m", "helhet.cli", "migrate", "--verbosity=0"],
                      ["-m", "helhet.cli", "manage", "collectstatic", "--noinput", "--verbosity=0"],
                      ["-m", "bench.city", "--fill", scale.name]):  # fmt: skip
        subprocess.run([sys.executable, *arguments], env=environ(folder, url), check=True, cwd=ROOT, stdout=sys.stderr)
    (folder / "made.json").write_text(json.dumps({"scale": scale.name, "seconds": round(time.monotonic() - began, 1)}))


def fill(scale: Scale) -> None:
    """Write the city into the database of the settings; the tables are there and empty."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection, transaction

    from bench.measuring import people
    from bench.measuring.words import Words

    start = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    words = Words(seed=1)
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA foreign_keys=OFF")
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET LOCAL session_replication_role = replica")
        people.organisations(scale.units, scale.others)
        people.sluices(scale.sluices)
        names = people.goals(scale.goals, words)
        say(f"{scale.matters} matters with their answers and links")
        people.matters(scale, start, words)
        people.answers(start, words, scale.sluices)
        people.ties_and_links(scale.matters, names, words)
        say("the index of search")
        people.index()
        _ends_of_the_ledger(scale)
    database = settings.DATABASES["default"]
    connection.close()
    store: Store = (
        SQLiteStore(Path(database["NAME"]))
        if connection.vendor == "sqlite"
        else PostgreSQLStore(os.environ["DATABASE_URL"])
    )
    large_tables(store, scale, int(start.timestamp()), [words.text(8, 40) for _ in range(500)])


def _ends_of_the_ledger(scale: Scale) -> None:
    from helhet.foundation.contracts import subscribers
    from helhet.foundation.ledger.models import Chain, Cursor

    Chain.objects.create(pk=1, position=scale.events, hash="0" * 64)
    Cursor.objects.bulk_create(Cursor(name=reader.name, position=scale.events) for reader in subscribers())


def large_tables(store: Store, scale: Scale, now: int, texts: Sequence[str]) -> None:
    """Accounts, comments, supports, follows, notices and events: one statement each."""
    from django.contrib.auth.hashers import make_password

    store.begin(["people_user", "people_membership", "matters_comment", "matters_support", "matters_follow",
                 "notices_notice", "ledger_event"])  # fmt: skip
    store.run("CREATE TEMPORARY TABLE n (i BIGINT PRIMARY KEY)")
    store.run(f"INSERT INTO n SELECT i FROM {store.numbers(max(HUGE, 200) + 1)}")
    store.run("CREATE TEMPORARY TABLE said (i BIGINT PRIMARY KEY, text TEXT)")
    store.put("said", ["i", "text"], list(enumerate(texts)))
    say(f"{scale.accounts} accounts")
    _accounts(store, scale, now, make_password(PASSWORD))
    say(f"{scale.comments} comments")
    _comments(store, now, len(texts))
    say(f"{scale.supports} supports")
    _supports(store, scale)
    say("followers and notices")
    _followers_and_notices(store, scale, now)
    say(f"{scale.events} events")
    _events(store, scale, now)
    say("indexes and statistics")
    store.run("DROP TABLE n")
    store.run("DROP TABLE said")
    store.finish()


def role_sql(number: str) -> str:
    """Who is what: 10 in the platform team, then a manager for every tenth of the first hundred, a sixth employees."""
    return (
        f"CASE WHEN {number} <= 10 THEN 'platform_team' WHEN {number} <= 100 AND {number} % 10 = 0 THEN 'unit_manager' "
        f"WHEN {number} <= 100 OR {number} % 6 = 0 THEN 'employee' ELSE 'resident' END"
    )


def _accounts(store: Store, scale: Scale, now: int, password: str) -> None:
    no, yes = "(1 = 0)", "(1 = 1)"
    store.run(
        "INSERT INTO people_user (id, password, is_superuser, username, email, name, role_title, language, actor_key, "
        f"digest_days, is_demo, is_active, joined_at) SELECT i + 1, '{password}', {no}, {store.text('i + 1', 'k')}, '', '', "
        f"'', 'sv', {store.text('i + 1', 'nyckel')}, 0, {no}, {yes}, {store.moment(str(now))} FROM {store.numbers(scale.accounts)}"
    )
    organisation = f"CASE WHEN i < 10 THEN 1 ELSE 2 + (i + 1) % {scale.units} END"
    store.run(
        "INSERT INTO people_membership (id, user_id, organisation_id, role, is_home, from_claim) "
        f"SELECT i + 1, i + 1, {organisation}, {role_sql('(i + 1)')}, {yes}, {no} FROM {store.numbers(scale.accounts)}"
    )


def _comments(store: Store, now: int, texts: int) -> None:
    """Groups of four: a contribution and three replies."""
    first = (
        "SELECT id, comment_count, SUM(comment_count) OVER (ORDER BY id) - comment_count AS before FROM matters_matter"
    )
    store.run(
        "INSERT INTO matters_comment (id, matter_id, parent_id, author_id, author_label, text, is_question, hidden_because, "
        "reply_count, ordinal, created_at) SELECT m.before + n.i + 1, m.id, "
        "CASE WHEN n.i % 4 = 0 THEN NULL ELSE m.before + n.i - n.i % 4 + 1 END, 1 + (m.id + n.i) % 60, 'Anställd, Kommunen', "
        "said.text, (1 = 0), '', CASE WHEN n.i % 4 > 0 THEN 0 WHEN m.comment_count - n.i > 3 THEN 3 "
        f"ELSE m.comment_count - n.i - 1 END, n.i % 4, {store.moment(f'{now} - 86400 * (m.id % 300) + n.i * 60')} "
        f"FROM ({first}) m JOIN n ON n.i < m.comment_count JOIN said ON said.i = (m.id * 7 + n.i) % {texts} ORDER BY 1"
    )


def _supports(store: Store, scale: Scale) -> None:
    """Neighbours in the list of accounts support the same matter, so that its units are as many as they can be."""
    user = f"1 + (m.id * 7919 + n.i) % {scale.accounts}"
    store.run(
        f"INSERT INTO matters_support (matter_id, user_id, unit_id) SELECT m.id, {user}, 2 + ({user}) % {scale.units} "
        "FROM matters_matter m JOIN n ON n.i < m.support_count ORDER BY m.id, n.i"
    )


def _followers_and_notices(store: Store, scale: Scale, now: int) -> None:
    store.run(
        f"INSERT INTO matters_follow (matter_id, user_id) SELECT m.id, 1 + (m.id * 31 + n.i * 17) % {scale.accounts} "
        "FROM matters_matter m JOIN n ON n.i < m.follower_count ORDER BY m.id"
    )
    people = min(scale.accounts, 60) if scale.notices_each > 100 else scale.accounts
    store.run(
        "INSERT INTO notices_notice (user_id, event_uid, verb, matter_id, must, read_at, created_at) "
        f"SELECT u.i + 1, {store.uid('u.i * 1000 + n.i', 3)}, 'matter.commented', 1 + (u.i * 13 + n.i) % {scale.matters}, "
        f"(1 = 0), CASE WHEN n.i % 5 = 0 THEN NULL ELSE {store.moment(str(now))} END, {store.moment(str(now))} "
        f"FROM {store.numbers(people).removesuffix(' n').removesuffix(' AS n(i)')} {'AS u(i)' if store.kind == 'postgres' else 'u'} "
        f"JOIN n ON n.i < {scale.notices_each}"
    )


def _events(store: Store, scale: Scale, now: int) -> None:
    verb = (
        "CASE "
        + " ".join(f"WHEN (i / {scale.matters}) % 10 = {at} THEN '{verb}'" for at, verb in enumerate(VERBS))
        + " END"
    )
    number = f"1 + i % {scale.matters}"
    object_id = f"CAST({number} AS TEXT)"
    store.run(
        "INSERT INTO ledger_event (id, uid, at, actor_key, verb, object_type, object_id, unit_id, data, private_salt, "
        f"private_digest, position, previous_hash, hash) SELECT i + 1, {store.uid('i', 4)}, "
        f"{store.moment(f'{now} - ({scale.events} - i) * 9')}, {store.text(f'1 + i % {scale.accounts}', 'nyckel')}, {verb}, "
        f"'matters.matter', {object_id}, 2 + i % {scale.units}, '{{\"comment\": 1, \"reply\": false}}', '', '', i + 1, "
        f"{store.hex64('i')}, {store.hex64('i + 1')} FROM {store.numbers(scale.events)}"
    )


def main(argv: Sequence[str]) -> int:
    """Make a city, or fill the database of the settings (``--fill``, which the first does in a process of its own)."""
    parser = argparse.ArgumentParser(prog="helhet bench city")
    parser.add_argument("--scale", choices=sorted(SCALES), default="small")
    parser.add_argument("--fill", choices=sorted(SCALES))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if options.fill:
        fill(SCALES[options.fill])
        return 0
    folder = sqlite_city(options.scale)
    made = json.loads((folder / "made.json").read_text())
    print(json.dumps({"folder": str(folder), **made}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
