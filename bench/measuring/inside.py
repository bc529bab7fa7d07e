# SPDX-License-Identifier: EUPL-1.2
"""Measures inside one process: CPU time a page and queries a page, through the whole WSGI application.

python -m bench.measuring.inside ratios|queries --rounds N        prints one JSON object
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import django

from bench.measuring.people import matter_uid

Application = Callable[..., Any]


def application() -> Application:
    """The product's WSGI application with the benchmark's addresses."""
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.measuring.addresses"
    from helhet.site.wsgi import application as made

    return made


def session_of(username: str) -> str:
    """A session cookie for an account; logging in is measured elsewhere."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from helhet.foundation.people.models import User

    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "helhet.site.accounts.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def get(app: Application, address: str, session: str = "") -> tuple[int, bytes]:
    """Ask for a page as a web server would; returns status and body."""
    path, _mark, query = address.partition("?")
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": f"helhet_session={session}" if session else "",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    answer = app(environ, lambda said, _headers, _info=None: status.append(said))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return int(status[0].split()[0]), body


PAGES = {
    "plain": "/bench/lista/",
    "home": "/",
    "queue": "/sluss/",
    "bank": "/banken/",
    "matter": "",
    "matter_20_comments": f"/arende/{matter_uid(2)}/",
    "matter_10000_comments": f"/arende/{matter_uid(1)}/",
    "matters": "/arenden/",
    "search": "/sok/?q=vinter+gatubelysning",
    "goals": "/mal/",
    "figures": "/sluss/siffror/",
    "ownerless": "/agarlosa/",
    "notices": "/besked/",
    "organisation": "/organisationer/enhet-3/",
}


def typical_matter() -> str:
    """A matter as most are: ten to twenty contributions, an owner, an answer."""
    from helhet.foundation.matters.models import Matter

    found = Matter.objects.filter(
        comment_count__gte=10, comment_count__lte=20, nobody_owns=False, visibility="internal"
    )
    chosen = found.filter(status="answered").order_by("id").first() or Matter.objects.order_by("-comment_count")[0]
    return f"/arende/{chosen.uid}/"


def ratios(rounds: int) -> dict[str, Any]:
    """CPU milliseconds a page (user and system time of this process), medians of interleaved rounds."""
    app, session = application(), session_of("k0000001")
    pages = {**PAGES, "matter": typical_matter()}
    for address in pages.values():
        for _ in range(3):
            status, body = get(app, address, session)
            assert status == 200, (address, status, body[:300])
    spent: dict[str, list[float]] = {name: [] for name in pages}
    walls: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, address in pages.items():
            cpu, wall = time.process_time_ns(), time.perf_counter_ns()
            get(app, address, session)
            spent[name].append((time.process_time_ns() - cpu) / 1e6)
            walls[name].append((time.perf_counter_ns() - wall) / 1e6)
    cpu_ms = {name: round(median(times), 3) for name, times in spent.items()}
    wall_ms = {name: round(median(times), 3) for name, times in walls.items()}
    return {
        "cpu_ms": cpu_ms,
        "wall_ms": wall_ms,
        "page_cpu_ratio": {
            name: round(cpu_ms[name] / cpu_ms["plain"], 3) for name in ("home", "queue", "bank", "matter")
        },
        "other_cpu_ratio": {name: round(cpu_ms[name] / cpu_ms["plain"], 3) for name in list(PAGES)[5:]},
        "matter_10000_comments_ratio": round(cpu_ms["matter_10000_comments"] / cpu_ms["matter_20_comments"], 3),
        "rounds": rounds,
    }


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["ratios", "queries"])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args(argv)
    django.setup()
    if options.what == "queries":
        from bench.measuring.queries import counted

        print(json.dumps(counted()))
    else:
        print(json.dumps(ratios(options.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
