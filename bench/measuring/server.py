# SPDX-License-Identifier: EUPL-1.2
"""Web server and worker as ``helhet up`` starts them, on a city, and what may be read of them from outside."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.city import ROOT

#: Everybody in the benchmark comes from one address and there are few of them: the limits count, and never stop them.
LIMITS = {"HELHET_RATE_LOGIN": "10000/5m", "HELHET_RATE_CAPTURE": "1000000/1h", "HELHET_RATE_SEARCH": "1000000/1m"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str = "/") -> int:
    """The status of a page, or 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


class Running:
    """The two processes; ``first_page_s`` is from the start of the web server to its first page."""

    def __init__(self, environ: Mapping[str, str], *, processes: int = 1, threads: int = 4) -> None:
        sys.path.insert(0, str(ROOT / "src"))
        from helhet.cli.serve import granian_command

        self.port = free_port()
        self.environ = {**environ, **LIMITS, "HELHET_BASE_URL": f"http://127.0.0.1:{self.port}"}
        began = time.monotonic()
        self.web = self._start(granian_command(host="127.0.0.1", port=self.port, processes=processes, threads=threads))
        while answers(self.port) != 200:
            if self.web.poll() is not None or time.monotonic() - began > 120:
                self.stop()
                raise RuntimeError("the web server did not start")
            time.sleep(0.02)
        self.first_page_s = round(time.monotonic() - began, 2)
        self.worker = self._start([sys.executable, "-m", "helhet.cli", "worker"])

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=dict(self.environ), cwd=ROOT, start_new_session=True, stdout=sys.stderr)

    def rss_mb(self) -> float:
        """Resident memory of the web server's processes."""
        return sum(_rss_mb(pid) for pid in [self.web.pid, *_children(self.web.pid)])

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End both, with all they started; only processes started here."""
        for process in (self.web, getattr(self, "worker", None)):
            if process is None or process.poll() is not None:
                continue
            os.killpg(process.pid, number)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def running(environ: Mapping[str, str], *, processes: int = 1, threads: int = 4) -> Iterator[Running]:
    """Start, lend out, stop."""
    house = Running(environ, processes=processes, threads=threads)
    try:
        yield house
    finally:
        house.stop()


def _children(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    direct = [int(word) for word in listed]
    return [*direct, *(below for child in direct for below in _children(child))]


def _rss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
