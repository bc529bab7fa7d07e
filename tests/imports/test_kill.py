# SPDX-License-Identifier: EUPL-1.2
"""A real process, really killed: nothing half-read is ever shown, and the next run ends what was begun."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import helhet

SOURCE = Path(helhet.__file__).parents[1]
ROWS = 1500


def command(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELHET_", "DATABASE_URL"))}
    environment = {**kept, "HELHET_DATA": str(folder), "HELHET_MODE": "development"}
    environment |= {"DJANGO_SETTINGS_MODULE": "helhet.site.settings", "PYTHONPATH": str(SOURCE)}
    return subprocess.Popen(
        [sys.executable, "-m", "helhet.cli", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def done(process: subprocess.Popen[bytes]) -> str:
    output, _none = process.communicate(timeout=240)
    assert process.returncode == 0, output.decode()
    return output.decode()


def count(folder: Path, query: str) -> int:
    database = next(folder.glob("*.sqlite3"), None)
    if database is None:
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as connection:
        return int(connection.execute(query).fetchone()[0])


SHOWN = (
    "select count(*) from matters_matter m left join matters_batch b on b.id = m.batch_id "
    "where m.batch_id is null or b.revealed_at is not null"
)


@pytest.mark.slow
def test_a_killed_import_is_ended_by_the_next_run(tmp_path: Path) -> None:
    done(command(tmp_path, "migrate", "--verbosity=0"))
    units, table = tmp_path / "units.csv", tmp_path / "matters.csv"
    units.write_text("slug;kind;name;series\nkommunen;unit;Kommunen;KN\n", "utf-8")
    lines = (f"M{n};idea;Rubrik {n};Text {n};kommunen" for n in range(ROWS))
    table.write_text("\n".join(["reference;kind;title;text;unit", *lines]), "utf-8")
    done(command(tmp_path, "import", "organisations", str(units)))
    process = command(tmp_path, "import", "matters", str(table))
    limit = time.monotonic() + 120
    while not count(tmp_path, "select count(*) from matters_matter") and time.monotonic() < limit:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert 0 < count(tmp_path, "select count(*) from matters_matter") < ROWS
    assert count(tmp_path, SHOWN) == 0
    done(command(tmp_path, "import", "matters", str(table)))
    assert count(tmp_path, SHOWN) == ROWS
    assert count(tmp_path, "select count(*) from ledger_event where verb = 'matter.captured'") == ROWS
    assert count(tmp_path, "select count(distinct number) from matters_matter") == ROWS
