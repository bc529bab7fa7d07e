# SPDX-License-Identifier: EUPL-1.2
"""The load generator: a process of its own, open-loop, bounded in requests and seconds, to loopback only.

    python -m bench.measuring.generator --port P --rate R --seconds S [--requests N] [--sliders BOOK] [--closed C]

Requests are sent at times drawn beforehand whatever the answers do, and a latency counts from the moment a request
should have been sent: a server that falls behind cannot hide it. With ``--closed C`` instead C people ask as fast as
they are answered, until ``--requests`` are done. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode

from bench.city import PASSWORD
from bench.measuring.people import matter_uid
from bench.measuring.words import Words

HOST = "127.0.0.1"
MOST_REQUESTS, MOST_SECONDS, PATIENCE_S = 200_000, 3600, 20
PLATFORM_MANAGERS_EMPLOYEES = (
    1,
    2,
    10,
    11,
    12,
    20,
    13,
    14,
    15,
    3,
    16,
    17,
    30,
    18,
    19,
    21,
    22,
    40,
    23,
    24,
    4,
    25,
    26,
    27,
)
WRITING = frozenset({"capture", "comment", "support"})
PEOPLE = len(PLATFORM_MANAGERS_EMPLOYEES)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Person:
    """Somebody logged in: cookies and the token that forms carry."""

    username: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""


class Wire:
    """One kept-alive connection that speaks as much HTTP/1.1 as is needed here."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(
        self, person: Person, method: str, address: str, form: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Send one request and read the whole answer; a connection that the server closed is opened again once."""
        for last in (False, True):
            try:
                return await self._ask(person, method, address, form)
            except (ConnectionError, asyncio.IncompleteReadError):
                fresh, self.writer = self.writer is None, None
                if last or fresh or method == "POST":
                    raise
        raise AssertionError

    async def _ask(self, person: Person, method: str, address: str, form: dict[str, str] | None) -> tuple[int, bytes]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port)
        body = urlencode(form).encode() if form is not None else b""
        head = [f"{method} {address} HTTP/1.1", f"Host: {HOST}:{self.port}", "Accept-Language: sv"]
        if person.cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in person.cookies.items()))
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
                     f"Origin: http://{HOST}:{self.port}"]  # fmt: skip
        self.writer.write("\r\n".join([*head, "", ""]).encode() + body)
        await self.writer.drain()
        return await self._answer(person)

    async def _answer(self, person: Person) -> tuple[int, bytes]:
        assert self.reader is not None
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        length, chunked = 0, False
        for line in head[1:]:
            name, _colon, value = line.partition(":")
            name = name.lower()
            if name == "content-length":
                length = int(value)
            elif name == "transfer-encoding":
                chunked = "chunked" in value
            elif name == "set-cookie":
                cookie, _eq, rest = value.strip().partition("=")
                person.cookies[cookie] = rest.partition(";")[0]
        return int(head[0].split()[1]), await (self._chunks() if chunked else self.reader.readexactly(length))

    async def _chunks(self) -> bytes:
        assert self.reader is not None
        parts = []
        while size := int((await self.reader.readline()).split(b";")[0], 16):
            parts.append(await self.reader.readexactly(size))
            await self.reader.readexactly(2)
        await self.reader.readline()
        return b"".join(parts)


async def log_in(port: int, count: int) -> list[Person]:
    """Real logins by the form, one after the other; people of all kinds."""
    wire, people = Wire(port), []
    for number in PLATFORM_MANAGERS_EMPLOYEES[:count]:
        person = Person(f"k{number:07d}")
        _status, page = await wire.ask(person, "GET", "/konto/login/")
        found = TOKEN.search(page)
        assert found, "the login page has no form"
        given = {"login": person.username, "password": PASSWORD, "csrfmiddlewaretoken": found[1].decode()}
        status, body = await wire.ask(person, "POST", "/konto/login/", given)
        assert status == 302, f"{person.username} could not log in: {status} {body[:300]!r}"
        _status, page = await wire.ask(person, "GET", "/")
        person.token = (TOKEN.search(page) or [b"", b""])[1].decode()
        people.append(person)
    return people


Ask = tuple[str, str, str, dict[str, str] | None]


class Mix:
    """What people do, 85 of 100 reading: (kind, method, address, form)."""

    def __init__(self, seed: int, matters: int) -> None:
        self.random, self.words, self.matters = Random(seed), Words(seed), matters
        self.kinds: list[tuple[int, str, Callable[[], Ask]]] = [
            (16, "home", lambda: ("home", "GET", "/", None)),
            (12, "queue", lambda: ("queue", "GET", "/sluss/", None)),
            (26, "matter", lambda: ("matter", "GET", f"/arende/{self.some()}/", None)),
            (9, "matters", lambda: ("matters", "GET", "/arenden/?slag=idea", None)),
            (8, "search", lambda: ("search", "GET", f"/sok/?q={quote(' '.join(self.words.some(2)))}", None)),
            (6, "similar", lambda: ("similar", "POST", "/lamna/liknande/", {"text": self.words.text(6, 12)})),
            (8, "bank", lambda: ("bank", "GET", "/banken/", None)),
            (3, "capture", self.capture),
            (
                6,
                "comment",
                lambda: ("comment", "POST", f"/arende/{self.some()}/skriv/", {"text": self.words.text(8, 30)}),
            ),
            (6, "support", lambda: ("support", "POST", f"/arende/{self.some()}/stod/", {"on": "1"})),
        ]

    def some(self) -> str:
        """A matter that anybody inside may read: the generator's own numbers, the newest most often."""
        return str(matter_uid(self.readable[int(self.random.random() ** 2 * len(self.readable))]))

    def capture(self) -> Ask:
        given = {"kind": "idea", "text": self.words.text(), "place": "Torget", "author_kind": "named", "sluice": "1"}
        return ("capture", "POST", "/lamna/", given)

    readable: Sequence[int] = ()

    def next(self) -> Ask:
        weights = [weight for weight, _name, _make in self.kinds]
        return self.random.choices(self.kinds, weights)[0][2]()


@dataclass
class Tally:
    """What came back."""

    took: list[tuple[str, float]] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: int = 0

    def add(self, kind: str, status: int, seconds: float) -> None:
        self.took.append((kind, seconds))
        expected = {302} if kind in WRITING else {200}
        self.statuses[f"{kind} {status}"] += 1
        self.errors += status not in expected

    def summary(self, seconds: float, offered: float | None) -> dict[str, object]:
        every = sorted(took for _kind, took in self.took)
        kinds = sorted({kind for kind, _took in self.took})
        reading = sorted(took for kind, took in self.took if kind not in WRITING)
        writing = sorted(took for kind, took in self.took if kind in WRITING)
        per_kind = {kind: sorted(took for k, took in self.took if k == kind) for kind in kinds}
        return {
            "requests": len(every),
            "seconds": round(seconds, 1),
            "offered_rps": offered,
            "rps": round(len(every) / seconds, 1) if seconds else 0.0,
            "p50_ms": share(every, 0.50),
            "p95_ms": share(every, 0.95),
            "p99_ms": share(every, 0.99),
            "p95_read_ms": share(reading, 0.95),
            "p95_write_ms": share(writing, 0.95),
            "errors": self.errors,
            "p95_ms_by_kind": {kind: share(times, 0.95) for kind, times in per_kind.items()},
            "unexpected": {key: n for key, n in self.statuses.items() if not key.endswith((" 200", " 302"))},
        }


def share(ordered: Sequence[float], part: float) -> float:
    """A quantile in milliseconds."""
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000, 1) if ordered else 0.0


class Load:
    """People, connections and the tally."""

    def __init__(self, port: int, people: Sequence[Person], mix: Mix) -> None:
        self.port, self.people, self.mix, self.tally = port, people, mix, Tally()
        self.idle: list[Wire] = []

    async def one(self, person: Person, ask: Ask, due: float) -> None:
        kind, method, address, form = ask
        wire = self.idle.pop() if self.idle else Wire(self.port)
        given = {**form, "csrfmiddlewaretoken": person.token} if form is not None else None
        try:
            status, _body = await asyncio.wait_for(wire.ask(person, method, address, given), PATIENCE_S)
            self.idle.append(wire)
        except (OSError, EOFError, TimeoutError):
            status = 0
        self.tally.add(kind, status, time.perf_counter() - due)

    async def open_loop(self, rate: float, seconds: float, until: Path | None = None) -> float:
        draw, began, at = Random(9), time.perf_counter(), 0.0
        tasks: list[asyncio.Task[None]] = []
        while (at := at + draw.expovariate(rate)) < seconds and not (until and until.exists()):  # noqa: ASYNC240 - a stat
            wait = began + at - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            person = draw.choice(self.people)
            tasks.append(asyncio.create_task(self.one(person, self.mix.next(), began + at)))
        await asyncio.gather(*tasks)
        return time.perf_counter() - began

    async def closed_loop(self, count: int, requests: int, seconds: float) -> float:
        began, left = time.perf_counter(), requests

        async def ask_on(person: Person) -> None:
            nonlocal left
            while left > 0 and time.perf_counter() - began < seconds:
                left -= 1
                await self.one(person, self.mix.next(), time.perf_counter())

        await asyncio.gather(*(ask_on(self.people[at % len(self.people)]) for at in range(count)))
        return time.perf_counter() - began

    async def drag(self, person: Person, addresses: Sequence[str], seconds: float, tally: Tally) -> None:
        """Somebody drags a slider: three answers a second, each waited for."""
        wire, began, draw = Wire(self.port), time.perf_counter(), Random(7)
        while time.perf_counter() - began < seconds:
            due = time.perf_counter()
            status, _body = await wire.ask(person, "GET", draw.choice(addresses))
            tally.add("slider", status, time.perf_counter() - due)
            await asyncio.sleep(max(0.0, 0.33 - (time.perf_counter() - due)))


async def run(options: argparse.Namespace) -> dict[str, object]:
    if options.logins.is_file():
        people = [Person(*kept) for kept in json.loads(options.logins.read_text())]
    else:
        people = await log_in(options.port, options.people)
        options.logins.write_text(json.dumps([(one.username, one.cookies, one.token) for one in people]))
    mix = Mix(options.seed, options.matters)
    mix.readable = json.loads(options.readable)
    load, sliders = Load(options.port, people, mix), Tally()
    dragging = [
        asyncio.create_task(load.drag(people[at], options.slider, options.seconds, sliders))
        for at in range(2)
        if options.slider
    ]
    if options.closed:
        took = await load.closed_loop(options.closed, options.requests, options.seconds)
    else:
        took = await load.open_loop(options.rate, options.seconds, options.until)
    await asyncio.gather(*dragging)
    found = load.tally.summary(took, None if options.closed else options.rate)
    if dragging:
        found["sliders"] = sliders.summary(took, None)
    return found


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--requests", type=int, default=MOST_REQUESTS)
    parser.add_argument("--closed", type=int, default=0)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--matters", type=int, required=True)
    parser.add_argument("--readable", required=True, help="JSON list of matters to ask for")
    parser.add_argument(
        "--logins", type=Path, required=True, help="where those who are logged in are kept between runs"
    )
    parser.add_argument("--until", type=Path, help="stop as soon as this file is there")
    parser.add_argument("--slider", action="append", default=[])
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args(argv)
    options.requests, options.seconds = min(options.requests, MOST_REQUESTS), min(options.seconds, MOST_SECONDS)
    print(json.dumps(asyncio.run(run(options))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
