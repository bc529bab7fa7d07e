# SPDX-License-Identifier: EUPL-1.2
"""``helhet bench web``: what the pages cost and what the house bears, on a made-up city. Keys: docs/performance.md.

    ./helhet bench web --json [--scale small|city] [--only KEY …] [--out FILE]

PostgreSQL is measured where HELHET_TEST_POSTGRES names a server (or one listens on 127.0.0.1:5432 and trusts us); its
database is made for the run and dropped after it. The SQLite city is kept; what is measured is a copy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.city import ROOT, SCALES, environ, make, say, sqlite_city
from bench.measuring.queries import compared
from bench.measuring.server import answers, running
from bench.measuring.stores import create_postgres, drop_postgres

LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
KEYS = (
    "query_count_constant",
    "page_cpu_ratio",
    "matter_10000_comments_ratio",
    "load",
    "rss_growth_mb",
    "first_page_s",
)


@dataclass(frozen=True)
class Plan:
    """How long a scale is measured."""

    rounds: int
    load_s: float
    moonshot_s: float
    rss_requests: int
    rss_warm: int


PLANS = {
    "ten": Plan(2, 2, 0, 60, 30),
    "small": Plan(9, 10, 0, 1_000, 400),
    "city": Plan(25, 60, 30, 100_000, 3_000),
}
TARGETS: dict[str, Any] = {
    "query_count_constant": True,
    "page_cpu_ratio": {"home": 2.5, "queue": 2.5, "bank": 2.5, "matter": 4.0},
    "matter_10000_comments_ratio": 1.5,
    "load": {"offered_rps": 100, "p95_ms": 300, "p99_ms": 1000, "errors": 0},
    "rss_growth_mb": 20,
    "first_page_s": 5,
}


def machine() -> dict[str, Any]:
    """What it ran on, without names."""
    cpu = platform.processor() or platform.machine()
    memory = 0
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), cpu)
        memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mb": memory,
        "load_average_before": [round(value, 2) for value in os.getloadavg()],
        "system": platform.system(),
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
    }


def versions() -> dict[str, str]:
    import sqlite3

    return {name: version(name) for name in ("django", "granian", "psycopg")} | {"sqlite": sqlite3.sqlite_version}


def asked(module: str, *arguments: str, env: dict[str, str]) -> Any:
    """Run a measuring process and read the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], env=env, cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


@contextmanager
def copied(city: Path) -> Iterator[Path]:
    """A copy of a city to measure on: writing does not change the one that is kept."""
    folder = Path(tempfile.mkdtemp(prefix="measured-", dir=city.parent))
    try:
        shutil.copytree(city, folder, dirs_exist_ok=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgres_server() -> str:
    """The address of a server that databases may be made on, or ''."""
    import psycopg

    url = os.environ.get("HELHET_TEST_POSTGRES") or LOCAL_POSTGRES
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error:
        return ""
    return url


@contextmanager
def postgres_city(scale: str) -> Iterator[tuple[Path, str] | None]:
    """A city on PostgreSQL that lives as long as this, or None where there is no server."""
    server = postgres_server()
    if not server:
        yield None
        return
    name = f"helhet_bench_{scale}_{os.getpid()}"
    folder = Path(tempfile.mkdtemp(prefix="helhet-bench-"))
    try:
        url = create_postgres(server, name)
        say(f"a city on PostgreSQL ({scale})")
        make(SCALES[scale], folder, url)
        yield folder, url
    finally:
        drop_postgres(server, name)
        shutil.rmtree(folder, ignore_errors=True)


def readable_matters(env: dict[str, str], most: int = 5000) -> list[int]:
    """Matters that everybody inside may read. Subscribers that came after the city was made have read all of it too."""
    code = (
        "import django, json; django.setup()\n"
        "from helhet.foundation.matters.models import Matter\n"
        "from helhet.foundation.contracts import subscribers\n"
        "from helhet.foundation.ledger.models import Chain, Cursor\n"
        "end = Chain.objects.get(pk=1).position\n"
        "[Cursor.objects.get_or_create(name=r.name, defaults={'position': end}) for r in subscribers()]\n"
        "found = Matter.objects.filter(visibility__in=['public', 'internal']).exclude(status='merged')\n"
        f"pks = list(found.order_by('-active_at').values_list('pk', flat=True)[:{most}])\n"
        "print(json.dumps(pks))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return list(json.loads(done.stdout))


def sliders(port: int, env: dict[str, str]) -> list[str]:
    """Addresses that somebody dragging a slider asks for, or none when no book can be opened."""
    code = (
        "import django, json; django.setup()\n"
        "from helhet.rooms.calculations.models import Book\n"
        "print(json.dumps(list(Book.objects.filter(is_case=True).values_list('slug', flat=True)[:1])))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    slugs = json.loads(done.stdout) if done.returncode == 0 else []
    return (
        [f"/kalkyler/{slug}/siffror" for slug in slugs] if slugs and answers(port, "/kalkyler/") in {200, 302} else []
    )


def put_under_load(plan: Plan, env: dict[str, str], matters: int, *, processes: int, rss: bool) -> dict[str, Any]:
    """Start web and worker, offer the rates, and look at memory; each generator is a process of its own."""
    logins = Path(env["HELHET_DATA"]) / f"logins-{processes}.json"
    chosen = ["--matters", str(matters), "--readable", json.dumps(readable_matters(env)), "--logins", str(logins)]
    with running(env, processes=processes) as house:
        say(f"first page after {house.first_page_s} s; load at 100 requests a second for {plan.load_s:.0f} s")
        ask: Callable[..., Any] = lambda *words: asked(  # noqa: E731 – the same words each time
            "bench.measuring.generator", "--port", str(house.port), *chosen, *words, env=env
        )
        ask("--rate", "20", "--seconds", str(min(5, plan.load_s)), "--seed", "5")  # warms caches and threads
        found = {"processes": processes, "threads": 4, **ask("--rate", "100", "--seconds", str(plan.load_s))}
        addresses = sliders(house.port, env)
        with_sliders = [word for address in addresses for word in ("--slider", address)]
        found["with_two_sliders"] = (
            ask("--rate", "100", "--seconds", str(plan.load_s / 2), "--seed", "12", *with_sliders)
            if addresses
            else None
        )
        if plan.moonshot_s:
            found["at_200"] = ask("--rate", "200", "--seconds", str(plan.moonshot_s), "--seed", "13")
        found["capacity"] = ask(
            "--closed", "8", "--requests", str(max(200, plan.rss_warm)), "--seconds", "60", "--seed", "14"
        )
        found["first_page_s"] = house.first_page_s
        if rss:
            found["rss"] = _rss(house, plan, ask)
    return found


def _rss(house: Any, plan: Plan, ask: Callable[..., Any]) -> dict[str, Any]:
    say(f"memory over {plan.rss_requests} requests")
    before = house.rss_mb()
    done = ask("--closed", "4", "--requests", str(plan.rss_requests), "--seconds", "3000", "--seed", "15")
    return {
        "growth_mb": round(house.rss_mb() - before, 1),
        "before_mb": round(before, 1),
        "requests": done["requests"],
        "rps": done["rps"],
        "errors": done["errors"],
    }


def measure(scale: str, only: Sequence[str]) -> dict[str, Any]:
    """Every key of the benchmark."""
    plan, found = PLANS[scale], dict[str, Any]()
    city = sqlite_city(scale)
    wants = set(only or KEYS)
    if "query_count_constant" in wants:
        say("queries of every page at 10 and at 1,000 rows")
        sizes = [
            asked("bench.measuring.inside", "queries", env=environ(sqlite_city(name))) for name in ("ten", "thousand")
        ]
        found["queries"] = compared(*sizes)
    with copied(city) as folder:
        if wants & {"page_cpu_ratio", "matter_10000_comments_ratio"}:
            say("CPU time of the pages")
            found["pages"] = asked(
                "bench.measuring.inside", "ratios", "--rounds", str(plan.rounds), env=environ(folder)
            )
        if wants & {"load", "rss_growth_mb", "first_page_s"}:
            matters = SCALES[scale].matters
            found["sqlite"] = put_under_load(plan, environ(folder), matters, processes=1, rss="rss_growth_mb" in wants)
    if "load" in wants:
        with postgres_city(scale) as made:
            if made is None:
                found["postgres"] = None
            else:
                env = environ(*made)
                found["pages_postgres"] = asked(
                    "bench.measuring.inside", "ratios", "--rounds", str(plan.rounds), env=env
                )
                found["postgres"] = put_under_load(plan, env, SCALES[scale].matters, processes=2, rss=False)
    return found


def keyed(found: dict[str, Any]) -> dict[str, Any]:
    """The keys as they are known, out of everything that was measured."""
    sqlite, postgres, pages = found.get("sqlite") or {}, found.get("postgres"), found.get("pages") or {}
    return {
        "query_count_constant": (found.get("queries") or {}).get("constant"),
        "page_cpu_ratio": pages.get("page_cpu_ratio"),
        "matter_10000_comments_ratio": pages.get("matter_10000_comments_ratio"),
        "load": {"sqlite": sqlite or None, "postgres": postgres},
        "rss_growth_mb": sqlite.get("rss", {}).get("growth_mb"),
        "first_page_s": sqlite.get("first_page_s"),
    }


def verdicts(keys: dict[str, Any]) -> dict[str, bool | None]:
    """Whether each key meets its target; None where it was not measured."""
    told: dict[str, bool | None] = {}
    told["query_count_constant"] = keys["query_count_constant"]
    for page, most in TARGETS["page_cpu_ratio"].items():
        told[f"page_cpu_ratio.{page}"] = _at_most((keys["page_cpu_ratio"] or {}).get(page), most)
    for key in ("matter_10000_comments_ratio", "rss_growth_mb", "first_page_s"):
        told[key] = _at_most(keys[key], TARGETS[key])
    for database, load in keys["load"].items():
        for name in ("p95_ms", "p99_ms", "errors"):
            told[f"load.{database}.{name}"] = _at_most((load or {}).get(name), TARGETS["load"][name])
    return told


def _at_most(value: float | None, most: float) -> bool | None:
    return None if value is None else value <= most


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="helhet bench web", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object (the only form there is)")
    parser.add_argument("--scale", choices=sorted(PLANS), default="small")
    parser.add_argument("--only", nargs="+", choices=KEYS, default=(), help="measure these keys only")
    parser.add_argument("--out", type=Path, help="write the JSON here too")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a target is missed")
    options = parser.parse_args(argv)
    about = {"machine": machine(), "versions": versions()}
    found = measure(options.scale, options.only)
    keys = keyed(found)
    told = verdicts(keys)
    scale = SCALES[options.scale]
    result = {
        "bench": "web", "scale": options.scale,
        "rows": {name: getattr(scale, name) for name in ("matters", "comments", "accounts", "supports", "events")},
        **about, **keys, "targets": TARGETS, "passed": told,
        "details": {name: found.get(name) for name in ("pages", "pages_postgres", "queries")},
    }  # fmt: skip
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 1 if options.strict and False in told.values() else 0
