# SPDX-License-Identifier: EUPL-1.2
"""The benchmark itself, on a city of ten matters: every key is there, and the city's counters are those of its rows."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bench.web import KEYS, TARGETS, keyed, verdicts
from tests.repo.sources import ROOT

COUNTERS = {
    "support_count": "SELECT count(*) FROM matters_support r WHERE r.matter_id = m.id",
    "support_unit_count": "SELECT count(DISTINCT unit_id) FROM matters_support r WHERE r.matter_id = m.id",
    "comment_count": "SELECT count(*) FROM matters_comment r WHERE r.matter_id = m.id",
    "follower_count": "SELECT count(*) FROM matters_follow r WHERE r.matter_id = m.id",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


def bench(data: Path, *words: str) -> dict:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HELHET_", "DJANGO_", "DATABASE_"))
    }
    env = {**kept, "HELHET_DATA": str(data), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
           "HELHET_TEST_POSTGRES": "postgresql://nobody@127.0.0.1:1/none"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "helhet.cli", "bench", *words],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_counters_of_a_made_up_city_are_those_of_its_rows(data: Path):
    made = bench(data, "city", "--scale", "ten")
    assert bench(data, "city", "--scale", "ten") == made, "a city is made once"
    with closing(sqlite3.connect(Path(made["folder"]) / "helhet.sqlite3")) as connection:
        for column, rows in COUNTERS.items():
            assert connection.execute(
                f"SELECT count(*) FROM matters_matter m WHERE {column} <> ({rows})"
            ).fetchone() == (0,)
        replies = "SELECT count(*) FROM matters_comment r WHERE r.parent_id = c.id"
        wrong = connection.execute(f"SELECT count(*) FROM matters_comment c WHERE reply_count <> ({replies})")
        assert wrong.fetchone() == (0,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM ledger_event").fetchone() == (200,)


@pytest.mark.slow
def test_a_tiny_run_has_every_key(data: Path):
    result = bench(
        data, "web", "--json", "--scale", "ten", "--only", "page_cpu_ratio", "load", "first_page_s", "rss_growth_mb"
    )
    assert set(KEYS) <= set(result)
    assert {"machine", "versions", "targets", "passed", "rows", "scale"} <= set(result)
    assert set(result["page_cpu_ratio"]) == {"home", "queue", "bank", "matter"}
    assert {"rps", "p95_ms", "p99_ms", "errors"} <= set(result["load"]["sqlite"])
    assert result["load"]["sqlite"]["errors"] == 0, result["load"]["sqlite"]["unexpected"]
    assert result["load"]["postgres"] is None, "no server was named"
    assert {"cpu", "cores", "python", "date"} <= set(result["machine"])
    assert result["first_page_s"] > 0
    assert isinstance(result["rss_growth_mb"], float)


def test_what_was_not_measured_neither_passes_nor_fails():
    keys = keyed({})
    assert set(keys) == set(KEYS)
    assert set(verdicts(keys).values()) == {None}


def test_a_missed_target_is_told():
    load = {"p95_ms": 301.0, "p99_ms": 900.0, "errors": 0}
    keys = keyed({"pages": {"page_cpu_ratio": {**TARGETS["page_cpu_ratio"], "home": 9.0}}, "sqlite": load})
    told = verdicts(keys)
    assert told["page_cpu_ratio.home"] is False
    assert told["page_cpu_ratio.queue"] is True
    assert told["load.sqlite.p95_ms"] is False
    assert told["load.sqlite.p99_ms"] is True
    assert told["load.postgres.p95_ms"] is None
