# SPDX-License-Identifier: EUPL-1.2
"""The worker: seals the ledger, lets subscribers read, runs jobs. Any number may run beside each other."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from helhet.foundation.jobs import services

log = logging.getLogger(__name__)
PAUSE_S = 0.4


def work(pulses: tuple[Callable[[], int], ...], stop: threading.Event, *, once: bool = False) -> None:
    """Loop until ``stop`` is set (or, with ``once``, until nothing is left to do)."""
    name = f"{socket.gethostname()[:40]}:{os.getpid()}"
    timers_at = 0.0
    while not stop.is_set():
        busy = 0
        try:
            if time.monotonic() >= timers_at:
                services.enqueue_due()
                timers_at = time.monotonic() + 10
            busy += sum(pulse() for pulse in pulses)
            job = services.claim(name)
            if job is not None:
                busy += 1
                services.run(job)
        except DatabaseError:
            log.exception("the database did not answer; trying again")
            close_old_connections()
            stop.wait(2)
            continue
        if not busy:
            if once:
                return
            close_old_connections()
            stop.wait(PAUSE_S)


def main(pulses: tuple[Callable[[], int], ...]) -> int:
    """Run until asked to stop by SIGINT or SIGTERM; a job at work is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    work(pulses, stop)
    return 0
