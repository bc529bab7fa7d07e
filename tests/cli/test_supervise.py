# SPDX-License-Identifier: EUPL-1.2
"""Children are started again when they die, given up when they cannot live, and stopped together."""

import os
import signal
import sys
import threading
import time

import pytest

from helhet.cli import supervise
from helhet.cli.supervise import Child, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def running(monkeypatch):
    """Start a supervisor in a thread; stop it at the end. Signals belong to the main thread, so leave them out."""
    monkeypatch.setattr(supervise.signal, "signal", lambda *_: None)
    started = []

    def start(*commands):
        said = []
        supervisor = Supervisor([Child(f"child {n}", command) for n, command in enumerate(commands)], said.append)
        supervisor.start()
        result = []
        thread = threading.Thread(target=lambda: result.append(supervisor.watch()))
        thread.start()
        started.append((supervisor, thread))
        return supervisor, said, thread, result

    yield start
    for supervisor, thread in started:
        supervisor.stopping = True
        thread.join(15)


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_killed_child_is_started_again(running):
    supervisor, said, _thread, _result = running(SLEEP, SLEEP)
    child = supervisor.children[0]
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    assert until(lambda: child.process is not None and child.process.pid != first)
    assert "child 0 ended" in said[0]
    assert supervisor.children[1].process.poll() is None


def test_stopping_stops_all(running):
    supervisor, _said, thread, result = running(SLEEP, SLEEP)
    processes = [child.process for child in supervisor.children]
    supervisor.stopping = True
    thread.join(10)
    assert result == [0]
    assert all(process.poll() is not None for process in processes)


def test_a_child_that_cannot_live_is_given_up(running, monkeypatch):
    monkeypatch.setattr(supervise, "GIVE_UP_AFTER", 2)
    _supervisor, said, thread, result = running([sys.executable, "-c", "raise SystemExit(3)"])
    thread.join(10)
    assert result == [1]
    assert "exit code 3" in said[-1]


def test_a_child_that_ignores_the_request_is_ended(running, monkeypatch):
    monkeypatch.setattr(supervise, "PATIENCE", 0.3)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    supervisor, said, thread, _result = running([sys.executable, "-c", stubborn])
    time.sleep(0.5)
    supervisor.stopping = True
    thread.join(10)
    assert "did not stop in time" in said[-1]
