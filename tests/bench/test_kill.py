# SPDX-License-Identifier: EUPL-1.2
"""Kill −9 of web server and worker at any moment: what was acknowledged is there, once, and the chain is whole."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from bench.city import PASSWORD, environ, sqlite_city
from bench.measuring.people import matter_uid
from bench.measuring.server import Running
from tests.repo.sources import ROOT

KILLS = 4
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Writer(threading.Thread):
    """Leaves matters and comments one after the other and remembers what was acknowledged."""

    def __init__(self, port: int, round_: int) -> None:
        super().__init__(daemon=True)
        self.base, self.round = f"http://127.0.0.1:{port}", round_
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.acknowledged: list[tuple[str, str]] = []
        self.logged_in, self.stop = threading.Event(), threading.Event()

    def page(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        request = urllib.request.Request(self.base + path, urllib.parse.urlencode(form).encode() if form else None)
        request.add_header("Origin", self.base)
        with self.opener.open(request, timeout=30) as answer:
            return answer.url, answer.read().decode()

    def run(self) -> None:
        token = TOKEN.search(self.page("/konto/login/")[1])[1]
        self.page("/konto/login/", {"login": "k0000001", "password": PASSWORD, "csrfmiddlewaretoken": token})
        token = TOKEN.search(self.page("/")[1])[1]
        self.logged_in.set()
        number = 0
        while not self.stop.is_set():
            number += 1
            mark = f"märke{self.round}x{number}x"
            captures = number % 2 == 0
            path = "/lamna/" if captures else f"/arende/{matter_uid(3)}/skriv/"
            form = {"text": f"Ett ord som är {mark} och inget annat.", "csrfmiddlewaretoken": token, "kind": "idea"}
            try:
                answered_at, _body = self.page(path, form)
            except (OSError, urllib.error.URLError, ValueError, EOFError):
                return  # killed midway: not acknowledged, so it may be there once or not at all
            if ("/lamnat/" in answered_at) is captures:
                self.acknowledged.append(("matters_matter" if captures else "matters_comment", mark))


def ledger(env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "helhet.cli", "ledger", "verify"], env=env, cwd=ROOT, capture_output=True, text=True
    )
    return f"{done.returncode} {done.stdout}{done.stderr}"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A small city whose chain begins anew, so that the whole of it can be verified."""
    monkeypatch.setenv("HELHET_DATA", str(tmp_path))
    env = environ(sqlite_city("ten"))
    with closing(sqlite3.connect(Path(env["HELHET_DATA"]) / "helhet.sqlite3")) as connection:
        for statement in ("DELETE FROM ledger_event", "UPDATE ledger_chain SET position = 0", "DELETE FROM notices_notice",
                          "UPDATE ledger_cursor SET position = 0"):  # fmt: skip
            connection.execute(statement)
        connection.commit()
    return env


@pytest.mark.slow
def test_killing_web_and_worker_loses_nothing_acknowledged_and_doubles_nothing(house: dict[str, str]):
    draw = random.Random(20)
    acknowledged: list[tuple[str, str]] = []
    for number in range(KILLS):
        running = Running(house)
        writer = Writer(running.port, number)
        writer.start()
        try:
            assert writer.logged_in.wait(60)
            time.sleep(1 + draw.random() * 3)
            for process in draw.sample([running.web, running.worker], 2):
                os.killpg(process.pid, signal.SIGKILL)
                time.sleep(draw.random() / 10)
        finally:
            writer.stop.set()
            running.stop(signal.SIGKILL)
        writer.join(60)
        acknowledged += writer.acknowledged
    assert len(acknowledged) > KILLS, "the writers hardly wrote anything"
    _let_the_worker_finish(house)
    _everything_once(Path(house["HELHET_DATA"]) / "helhet.sqlite3", acknowledged)
    assert ledger(house).startswith("0 "), ledger(house)


def _let_the_worker_finish(env: dict[str, str]) -> None:
    code = (
        "import django, threading; django.setup()\n"
        "from datetime import timedelta\n"
        "from helhet.foundation import contracts\n"
        "from helhet.foundation.jobs.models import Job\n"
        "from helhet.foundation.jobs.runner import work\n"
        "from helhet.foundation.ledger import services as ledger\n"
        "from django.utils.timezone import now\n"
        "Job.objects.filter(state='running').update(lease_until=now() - timedelta(days=1))\n"
        "readers = contracts.subscribers()\n"
        "work((ledger.seal, lambda: ledger.deliver(readers)), threading.Event(), once=True)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=True, timeout=300)


def _everything_once(file: Path, acknowledged: list[tuple[str, str]]) -> None:
    with closing(sqlite3.connect(file)) as connection:

        def one(sql: str, *values: object) -> int:
            return int(connection.execute(sql, values).fetchone()[0])

        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table, mark in acknowledged:
            assert one(f"SELECT count(*) FROM {table} WHERE text LIKE ?", f"%{mark}%") == 1, f"{mark} in {table}"
        # One event for each change, also for changes whose answer never came.
        captured = one("SELECT count(*) FROM matters_matter WHERE text LIKE '%märke%'")
        assert one("SELECT count(*) FROM ledger_event WHERE verb = 'matter.captured'") == captured
        assert one("SELECT count(*) FROM ledger_event WHERE verb = 'matter.commented'") == one(
            "SELECT count(*) FROM matters_comment WHERE text LIKE '%märke%'"
        )
        assert one("SELECT count(*) FROM ledger_event WHERE position IS NULL") == 0
        # What subscribers do for each event is done once: indexed, admitted to the queue, told.
        left = "SELECT id FROM matters_matter WHERE text LIKE '%märke%'"
        assert one(f"SELECT count(*) FROM sluice_case WHERE matter_id IN ({left})") == captured
        assert one(f"SELECT count(*) FROM search_entry WHERE kind = 'matter' AND matter_id IN ({left})") == captured
        assert (
            one("SELECT count(*) FROM (SELECT 1 FROM notices_notice GROUP BY user_id, event_uid HAVING count(*) > 1)")
            == 0
        )
        assert one("SELECT count(*) FROM ledger_parked") == 0
        assert one("SELECT comment_count FROM matters_matter WHERE id = 3") == one(
            "SELECT count(*) FROM matters_comment WHERE matter_id = 3"
        )
        assert one("SELECT count(*) FROM jobs_job WHERE state IN ('running', 'failed')") == 0
