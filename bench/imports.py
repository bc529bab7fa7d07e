# SPDX-License-Identifier: EUPL-1.2
"""``helhet bench import``: a large table read in while people read and write. Keys: docs/performance.md.

    ./helhet bench import --json [--rows 100000] [--forms csv xlsx] [--rate 5] [--out FILE] [--strict]

The house – web server and worker – runs on a copy of the small city. One after the other, always under the load: the table
is read in; the same file again; a table of new rows is killed in the middle and read in again; the first table with every
text changed is killed in the middle of the changes and read in again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bench.city import ROOT, SCALES, environ, say, sqlite_city
from bench.measuring.server import LIMITS, Running, running
from bench.measuring.words import Words
from bench.web import copied, machine, readable_matters, versions

TARGETS: dict[str, Any] = {
    "p95_read_ms": 300, "p95_write_ms": 300, "errors": 0, "again_changes": 0, "shown_when_killed": 0, "missing": 0,
    "twice": 0, "peak_rss_mb": 500,
}  # fmt: skip
HEADER = ("reference", "kind", "title", "text", "unit", "visibility", "status", "owners", "author", "themes", "place",
          "goals", "links", "created")  # fmt: skip
STATUSES = ("answered", "banked", "referred", "declined", "forward", "new")
COUNTS = re.compile(r"(\d+) rows, (\d+) new, (\d+) changed, (\d+) unchanged")
PATIENCE_S = 7200


def rows(count: int, mark: str, text: str = "") -> Iterator[list[str]]:
    """Matters of a city: the same every time; one in three stands towards a goal, one in ten is tied to the one before."""
    words, draw = Words(3), random.Random(1)
    for at in range(count):
        yield [
            f"{mark}-{at}",
            draw.choice(("need", "idea", "obstacle", "example")),
            words.title(),
            text + words.text(),
            f"enhet-{draw.randint(2, 41)}",
            draw.choice(("public", "internal", "internal")),
            draw.choice(STATUSES),
            f"enhet-{draw.randint(2, 41)}",
            f"k{draw.randint(100, 2000):07d}",
            draw.choice(("trafik", "skola", "energi", "omsorg")),
            "Torget",
            "supports:mal-1:Det hör dit" if at % 3 == 0 else "",
            f"synergy_with:{mark}-{at - 1}" if at % 10 == 9 else "",
            f"2025-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
        ]


def write(path: Path, content: Iterator[list[str]]) -> Path:
    """The table as a file of the form that its name says."""
    from helhet.core.tables import write_csv, write_xlsx

    made = write_csv(HEADER, content) if path.suffix == ".csv" else write_xlsx({"matters": (HEADER, content)})
    path.write_bytes(made)
    return path


class House:
    """The running house, its database to look into, and people who use it meanwhile."""

    def __init__(self, running_house: Running, env: dict[str, str], rate: float) -> None:
        self.env, self.folder, self.rate = {**env, **LIMITS, "LANG": "en_GB.UTF-8"}, Path(env["HELHET_DATA"]), rate
        self.port, self.readable = running_house.port, json.dumps(readable_matters(env))

    def ask(self, query: str) -> int:
        """A number out of the database."""
        with closing(sqlite3.connect(f"file:{self.folder / 'helhet.sqlite3'}?mode=ro", uri=True, timeout=60)) as found:
            return int(found.execute(query).fetchone()[0] or 0)

    def people(self, *words: str) -> list[str]:
        return [
            sys.executable, "-m", "bench.measuring.generator", "--port", str(self.port), "--rate", str(self.rate),
            "--matters", str(SCALES["small"].matters), "--readable", self.readable,
            "--logins", str(self.folder / "logins.json"), *words,
        ]  # fmt: skip

    @contextmanager
    def used(self, told: dict[str, Any]) -> Iterator[None]:
        """People read and write for as long as this lasts; what they met goes into ``told["load"]``."""
        end = self.folder / "enough"
        end.unlink(missing_ok=True)
        command = self.people("--seconds", "3600", "--until", str(end))
        process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE)
        try:
            yield
        finally:
            end.touch()
            output, _none = process.communicate(timeout=120)
        told["load"] = json.loads(output)

    def read_in(self, file: Path, *, kill_when: Callable[[], bool] | None = None) -> dict[str, Any]:
        """``helhet import matters FILE`` in a process of its own, killed as soon as ``kill_when`` says so."""
        began = time.monotonic()
        command = [sys.executable, "-m", "helhet.cli", "import", "matters", str(file)]
        process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        while kill_when and not kill_when() and process.poll() is None:
            time.sleep(0.1)
        if kill_when:
            process.send_signal(signal.SIGKILL)
        assert process.stdout is not None
        said = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        told: dict[str, Any] = {"seconds": round(time.monotonic() - began, 1)}
        told["peak_rss_mb"] = round(usage.ru_maxrss / 1024, 1)
        told["cpu_s"] = round(usage.ru_utime + usage.ru_stime, 1)
        if found := COUNTS.search(said):
            told |= dict(zip(("rows", "created", "changed", "unchanged"), map(int, found.groups()), strict=True))
            told["rows_per_s"] = round(told["rows"] / told["seconds"], 1)
        elif not kill_when:
            raise RuntimeError(f"{file.name} was not read in: {said}")
        return told

    def settled_s(self) -> float:
        """How long until every event is sealed and the search has read it."""
        began = time.monotonic()
        behind = (
            "SELECT (SELECT count(*) FROM ledger_event WHERE position IS NULL) + (SELECT max(position) FROM ledger_event) "
            "- (SELECT min(position) FROM ledger_cursor WHERE name IN ('search.matters', 'sluice.admit'))"
        )
        while self.ask(behind) > 0 and time.monotonic() - began < PATIENCE_S:
            time.sleep(0.5)
        return round(time.monotonic() - began, 1)

    def shown(self, mark: str) -> int:
        """How many matters of a table can be seen."""
        return self.ask(
            "SELECT count(*) FROM matters_matter m LEFT JOIN matters_batch b ON b.id = m.batch_id "
            f"WHERE m.reference LIKE '{mark}-%' AND (m.batch_id IS NULL OR b.revealed_at IS NOT NULL)"
        )

    def events(self, verb: str, since: int) -> int:
        return self.ask(
            f"SELECT count(*) FROM ledger_event WHERE verb = '{verb}' AND id > {since} AND data LIKE '%imported%'"
        )

    def last_event(self) -> int:
        return self.ask("SELECT max(id) FROM ledger_event")


def first_time(house: House, file: Path) -> dict[str, Any]:
    """Read a table in, let the worker catch up; the load lasts over both."""
    told: dict[str, Any] = {}
    with house.used(told):
        told |= house.read_in(file)
        told["worker_behind_s"] = house.settled_s()
    say(f"{file.name}: {told['rows_per_s']} rows a second")
    return told


def again(house: House, file: Path) -> dict[str, Any]:
    """The same file again."""
    told: dict[str, Any] = {}
    since = house.last_event()
    with house.used(told):
        told |= house.read_in(file)
    told["changes"] = told["created"] + told["changed"] + house.events("matter.edited", since)
    return told


def killed_while_new(house: House, file: Path, mark: str, count: int) -> dict[str, Any]:
    """New rows, killed when half of them are written, and the same file again."""
    told: dict[str, Any] = {}
    since = house.last_event()
    written = f"SELECT count(*) FROM matters_matter WHERE reference LIKE '{mark}-%'"
    with house.used(told):
        told["killed"] = house.read_in(file, kill_when=lambda: house.ask(written) >= count // 2)
        told |= {"written_when_killed": house.ask(written), "shown_when_killed": house.shown(mark)}
        told["resumed"] = house.read_in(file)
        house.settled_s()
    told["missing"] = count - house.shown(mark)
    told["twice"] = house.events("matter.captured", since) - count
    return told


def killed_while_changing(house: House, file: Path, mark: str, count: int, text: str) -> dict[str, Any]:
    """Every text changes; killed when half of them have, and the same file again."""
    told: dict[str, Any] = {}
    since = house.last_event()
    new = f"SELECT count(*) FROM matters_matter WHERE reference LIKE '{mark}-%' AND text LIKE '{text}%'"
    with house.used(told):
        told["killed"] = house.read_in(file, kill_when=lambda: house.ask(new) >= count // 2)
        told["changed_when_killed"] = house.ask(new)
        told["resumed"] = house.read_in(file)
        house.settled_s()
    told["missing"] = count - house.ask(new)
    told["twice"] = house.events("matter.edited", since) - count
    return told


def measure(count: int, forms: Sequence[str], rate: float) -> dict[str, Any]:
    """Everything, in one house."""
    found: dict[str, Any] = {}
    sys.path.insert(0, str(ROOT / "src"))
    with copied(sqlite_city("small")) as folder:
        env = environ(folder)
        with running(env) as started:
            house = House(started, env, rate)
            say("people alone, for comparison")
            quiet: dict[str, Any] = {}
            with house.used(quiet):
                time.sleep(20)
            found["without_import"] = quiet["load"]
            for form in forms:
                mark = form.upper()
                say(f"a table of {count} rows as {form}")
                file = write(folder / f"matters.{form}", rows(count, mark))
                found[form] = {"file_mb": round(file.stat().st_size / 1e6, 1), "first": first_time(house, file)}
                say("the same file again")
                found[form]["again"] = again(house, file)
            part = max(200, count // 10)
            say(f"{part} new rows, killed in the middle")
            file = write(folder / "new.csv", rows(part, "NEW"))
            found["killed_while_new"] = killed_while_new(house, file, "NEW", part)
            say(f"{count} changed rows, killed in the middle")
            mark = forms[0].upper()
            file = write(folder / "changed.csv", rows(count, mark, "Ändrad: "))
            found["killed_while_changing"] = killed_while_changing(house, file, mark, count, "Ändrad: ")
    return found


def loads(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What people met, wherever something was read in."""
    for name, told in found.items():
        if name != "without_import":
            yield from (one["load"] for one in (told, *told.values()) if isinstance(one, dict) and "load" in one)


def keyed(found: dict[str, Any], forms: Sequence[str]) -> dict[str, Any]:
    """The keys that have targets: the worst of all parts."""
    killed = [found["killed_while_new"], found["killed_while_changing"]]
    runs = [part for form in forms for part in (found[form]["first"], found[form]["again"])]
    runs += [part["resumed"] for part in killed]
    return {
        "rows_per_s": {form: found[form]["first"]["rows_per_s"] for form in forms},
        "seconds": {form: found[form]["first"]["seconds"] for form in forms},
        "p95_read_ms": max(load["p95_read_ms"] for load in loads(found)),
        "p95_write_ms": max(load["p95_write_ms"] for load in loads(found)),
        "errors": sum(load["errors"] for load in loads(found)),
        "again_changes": sum(found[form]["again"]["changes"] for form in forms),
        "shown_when_killed": killed[0]["shown_when_killed"],
        "missing": sum(part["missing"] for part in killed),
        "twice": sum(part["twice"] for part in killed),
        "peak_rss_mb": max(part["peak_rss_mb"] for part in runs),
    }


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="helhet bench import", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object (the only form there is)")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--forms", nargs="+", choices=("csv", "xlsx"), default=["csv", "xlsx"])
    parser.add_argument("--rate", type=float, default=5, help="requests a second of the people who use the house")
    parser.add_argument("--out", type=Path, help="write the JSON here too")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a target is missed")
    options = parser.parse_args(argv)
    about = {"machine": machine(), "versions": versions()}
    found = measure(options.rows, options.forms, options.rate)
    keys = keyed(found, options.forms)
    passed = {name: keys[name] <= most for name, most in TARGETS.items()}
    result = {"bench": "import", "rows": options.rows, "offered_rps": options.rate, **about, **keys, "targets": TARGETS,
              "passed": passed, "details": found}  # fmt: skip
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 1 if options.strict and False in passed.values() else 0
