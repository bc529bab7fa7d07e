# SPDX-License-Identifier: EUPL-1.2
"""The doctor says what is well and what is not, whichever database there is."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from helhet.cli import doctor, main, manage


@pytest.fixture
def served(monkeypatch):
    """The database of the test, which has no file of its own to look for."""
    monkeypatch.setattr(manage, "sqlite_file", lambda: None)
    monkeypatch.setattr(doctor, "_postgresql", lambda cursor: iter(()))


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_migration_that_waits_is_something_to_mend(served):
    assert [(one.what, one.state) for one in doctor.database()] == [("Tables", "ok")]
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("matters")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    found = list(doctor.database())
    assert [(one.what, one.state) for one in found] == [("Tables", "bad")]
    assert "./helhet migrate" in found[0].words


@pytest.mark.django_db
def test_what_is_to_be_mended_is_an_exit_code(monkeypatch, capsys):
    ill = doctor.Finding("Disk", "bad", "full")
    monkeypatch.setattr(doctor, "LOOK_AT", (doctor.python, lambda: iter([ill])))
    assert main.main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "BAD   Disk" in shown
    assert "1 to mend." in shown
    monkeypatch.setattr(doctor, "LOOK_AT", (doctor.python,))
    assert main.main(["doctor"]) == 0
