# SPDX-License-Identifier: EUPL-1.2
"""Keeps a few child processes alive, and ends them together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

PATIENCE = 10.0  # seconds between asking a child to stop and ending it
HASTY = 5.0  # a child that lives shorter than this many seconds is restarted ever more slowly
GIVE_UP_AFTER = 6  # hasty deaths in a row
PR_SET_PDEATHSIG = 1


def _follow_parent() -> None:
    """Linux: have the kernel stop this child if the supervisor is killed outright."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One program that should be running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    hasty_deaths: int = 0
    again_at: float = 0.0

    def start(self) -> None:
        follow = _follow_parent if sys.platform == "linux" else None
        self.started = time.monotonic()
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the children in order.
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=follow)

    def signal(self, number: int) -> None:
        """Signal the whole group, so that no grandchild is left holding the port."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return


@dataclass
class Supervisor:
    """Starts children, restarts those that die, stops all at Ctrl-C or SIGTERM."""

    children: list[Child]
    say: Callable[[str], None] = print
    stopping: bool = field(default=False)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        for child in self.children:
            child.start()

    def watch(self) -> int:
        """Return when asked to stop (0), or when a child dies again and again (1)."""
        try:
            while not self.stopping:
                if not all(self._look_after(child) for child in self.children):
                    return 1
                time.sleep(0.1)
            return 0
        finally:
            self.stop()

    def _look_after(self, child: Child) -> bool:
        now = time.monotonic()
        if child.process is None:
            if now >= child.again_at:
                child.start()
            return True
        code = child.process.poll()
        if code is None:
            return True
        child.signal(signal.SIGKILL)
        child.hasty_deaths = child.hasty_deaths + 1 if now - child.started < HASTY else 0
        if child.hasty_deaths >= GIVE_UP_AFTER:
            self.say(f"{child.name} stops at once each time it is started (exit code {code}); see the lines above.")
            return False
        wait = min(0.2 * 2**child.hasty_deaths, 10.0)
        self.say(f"{child.name} ended (exit code {code}); it is started again.")
        child.process, child.again_at = None, now + wait
        return True

    def stop(self) -> None:
        """Ask every child to stop, wait, and end those that do not."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} did not stop in time and is ended.")
            child.signal(signal.SIGKILL)
            child.process.wait()
