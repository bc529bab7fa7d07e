# SPDX-License-Identifier: EUPL-1.2
"""What cannot run is listed with its reason, and fails when it is required."""

import json
import os
import socket
import subprocess
import sys

import pytest

from helhet.site.environment import ROOT
from tests.plugin import capability
from tests.plugin.network import NetworkBlocked

TARGET = "tests/site/test_browser.py"


def suite(counts, **environ) -> tuple[str, dict]:
    """Run the browser tests in a process of their own, without any browser."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HELHET", "PYTEST", "DJANGO"))}
    environ = {**kept, "HELHET_CHROMIUM": "/no/such/browser", "HELHET_TEST_COUNTS": str(counts), **environ}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TARGET]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    return done.stdout, json.loads(counts.read_text())


def test_without_a_browser_its_tests_are_skipped_and_listed(tmp_path):
    shown, counts = suite(tmp_path / "counts.json")
    assert counts["failed"] == counts["passed"] == 0
    assert counts["skipped"] == len(counts["did_not_run"]) == 4
    assert f"{TARGET}::test_log_in_on_a_page: no browser" in shown


def test_required_but_missing_is_a_failure(tmp_path):
    shown, counts = suite(tmp_path / "counts.json", HELHET_REQUIRE="browser,postgres")
    assert counts["failed"] + counts["error"] == 4
    assert "HELHET_REQUIRE names browser" in shown


def test_postgres_needs_a_named_server(monkeypatch):
    monkeypatch.delenv("HELHET_TEST_DB", raising=False)
    assert "HELHET_TEST_POSTGRES" in capability.missing("postgres")
    monkeypatch.setenv("HELHET_TEST_DB", "postgres")
    assert capability.missing("postgres") is None


@pytest.mark.parametrize("address", ["198.51.100.7", "example.org"])
def test_sockets_do_not_leave_the_machine(address):
    with pytest.raises(NetworkBlocked):
        socket.create_connection((address, 80), timeout=1)
