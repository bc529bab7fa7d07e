# SPDX-License-Identifier: EUPL-1.2
"""``helhet up`` as a person meets it: it starts, starts faster again, survives a kill, and stops when asked."""

import http.client
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helhet.site.environment import ROOT

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """One ``helhet up`` in its own process."""

    def __init__(self, data: Path, port: int, *more: str) -> None:
        environ = {"PATH": os.environ["PATH"], "HOME": str(data.parent), "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-m", "helhet.cli", "up", "--data", str(data), "--port", str(port), *more]
        self.port, self.log = port, data.parent / "up.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        STARTED.append(self)

    def wait_for(self, text: str, seconds: float = 90) -> float:
        start = time.monotonic()
        while text not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - start < seconds, self.log.read_text()
            time.sleep(0.05)
        return time.monotonic() - start

    def status(self, path: str = "/") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        return connection.getresponse().status

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


STARTED: list[Running] = []


@pytest.fixture(autouse=True)
def nothing_left_running():
    """Stop what a failed test left running."""
    yield
    while STARTED:
        process = STARTED.pop().process
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def processes_holding(data: Path) -> list[int]:
    """Return the process ids whose environment names this data folder (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"HELHET_DATA={data}\0".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_start_again_kill_and_stop(tmp_path):
    data, port = tmp_path / "data", free_port()
    up = Running(data, port, "--empty")
    up.wait_for("Helhet is running")
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    style = next(iter(json.loads((data / "static" / "staticfiles.json").read_text())["paths"].values()))
    assert up.status(f"/static/{style}") == 200

    web = next(pid for pid in processes_holding(data) if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(web, signal.SIGKILL)
    up.wait_for("The web server ended")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            assert up.status(f"/static/{style}") == 200
            break
        except OSError:
            time.sleep(0.2)
    else:
        pytest.fail(up.log.read_text())

    assert up.stop() == 0
    assert processes_holding(data) == []

    key = (data / "secret-key").read_text()
    second = Running(data, port, "--empty")
    seconds = second.wait_for("Helhet is running")
    assert second.stop() == 0
    assert "Preparing the database" not in second.log.read_text()
    assert "Collecting" not in second.log.read_text()
    assert (data / "secret-key").read_text() == key
    assert seconds < 20  # five on an idle machine; bench web measures it


def test_a_port_in_use_is_said_at_once(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        up = Running(tmp_path / "data", taken.getsockname()[1], "--empty")
        assert up.process.wait(30) == 1
    assert re.search(r"port \d+ is already in use. Try: ./helhet up --port \d+", up.log.read_text())


@pytest.mark.parametrize(("name", "said"), [("../x", "HELHET_INSTANCE"), ("finns-inte", "There: kiruna")])
def test_an_unknown_instance_is_said(tmp_path, name, said):
    up = Running(tmp_path / "data", free_port(), "--instance", name)
    assert up.process.wait(30) == 1
    assert said in up.log.read_text()
    assert "Traceback" not in up.log.read_text()


def test_a_port_that_is_none_and_a_folder_that_cannot_be_made_are_said(tmp_path):
    up = Running(tmp_path / "data", 99999)
    assert up.process.wait(30) == 2
    assert "a number from 1 to 65535" in up.log.read_text()
    (tmp_path / "data").write_text("a file, not a folder")
    up = Running(tmp_path / "data", free_port())
    assert up.process.wait(30) == 1
    assert "Choose another with --data DIR" in up.log.read_text()
    assert "Traceback" not in up.log.read_text()
