# SPDX-License-Identifier: EUPL-1.2
"""``helhet bench slider``: CPU time from a hand on a slider to new figures, on the Kiruna portfolio.

    ./helhet bench slider [--json] [--moves N] [--book SLUG …] [--out FILE]

Each book is dragged through values it has not been at (``new``), and back over them (``again``), through the whole WSGI
application in one process, logged in. Times are CPU milliseconds of the answering thread; ``wall_p95`` is what a
machine as busy as this one was made of it. The data is made for the run and thrown away.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.city import ROOT, environ
from bench.web import machine, versions

BOOKS = ("spillvarme", "simhallen", "ersattningsbostader", "gatubelysning", "gruvans_tidplan")
SHARED = "gruvans_tidplan"


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="helhet bench slider", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object (the only form there is)")
    parser.add_argument("--moves", type=int, default=40, help="positions of each slider")
    parser.add_argument("--book", nargs="+", default=BOOKS)
    parser.add_argument("--out", type=Path, help="write the JSON here too")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.inside:
        print(json.dumps(measured(options.book, options.moves)))
        return 0
    with tempfile.TemporaryDirectory(prefix="helhet-slider-") as folder:
        words = [
            sys.executable,
            "-m",
            "bench.slider",
            "--inside",
            "--moves",
            str(options.moves),
            "--book",
            *options.book,
        ]
        env = environ(Path(folder)) | {"HELHET_DEMO": "yes", "HELHET_STATIC": "source"}
        done = subprocess.run(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    result = {"bench": "slider", "machine": machine(), "versions": versions(), "moves": options.moves, **found}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


def measured(books: Sequence[str], moves: int) -> dict[str, Any]:
    """Load the instance, drag each slider of each book."""
    ask = _opened()
    found = {slug: dragged(slug, moves, ask) for slug in books}
    everything = [one for book in found.values() for one in book.pop("_new")]
    return {"all_new_cpu_ms": _spread(everything), "books": found}


def dragged(slug: str, moves: int, ask: Callable[[str], int]) -> dict[str, Any]:
    """The first page, then each slider through ``moves`` new positions, and the last slider back again."""
    from helhet.rooms.calculations import library, params
    from helhet.rooms.calculations.models import Book

    book = library.parsed(Book.objects.get(slug=slug))
    sliders = [q for q in params.reachable(book) if q.range is not None]
    first = _timed(ask, f"/kalkyler/{slug}/")
    new, again, by = [], [], {}
    for quantity in sliders:
        reach = quantity.range
        assert reach is not None
        steps = max(moves // len(sliders), 2)
        values = [reach.least + (reach.most - reach.least) * (at + 0.37) / steps for at in range(steps)]
        addresses = [f"/kalkyler/{slug}/siffror?{quote(f'a-{quantity.name}')}={value:.6g}" for value in values]
        by[quantity.name] = [_timed(ask, one) for one in addresses]
        new += by[quantity.name]
        again += [_timed(ask, one) for one in reversed(addresses[-5:])]
    return {
        "first_page_cpu_ms": round(first[0], 1),
        "new_cpu_ms": _spread(new),
        "again_cpu_ms": _spread(again),
        "slowest": dict(sorted(((n, _spread(v)["p50"]) for n, v in by.items()), key=lambda p: -p[1])[:3]),
        "_new": new,
    }


def _timed(ask: Callable[[str], int], address: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    status = ask(address)
    took = (time.thread_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000
    if status != 200:
        raise RuntimeError(f"{status} at {address}")
    return took


def _spread(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    def at(share: float, values: list[float]) -> float:
        return round(sorted(values)[min(int(share * len(values)), len(values) - 1)], 1)

    cpu, wall = [one[0] for one in times], [one[1] for one in times]
    return {"p50": at(0.5, cpu), "p95": at(0.95, cpu), "wall_p95": at(0.95, wall)}


def _opened() -> Callable[[str], int]:
    """The product with the Kiruna instance in a new database, and how to ask it as an economist."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from helhet.site.instance import load

    load("kiruna", demo=True)
    from bench.measuring.inside import get, session_of
    from helhet.rooms.calculations import desk
    from helhet.site.wsgi import application

    desk.PLAY_LIMIT = (10**9, 60)  # the limit counts, and never stops the measuring
    session = session_of("ekonom")
    return lambda address: get(application, address, session)[0]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.site.settings")
    sys.exit(main(sys.argv[1:]))
