# SPDX-License-Identifier: EUPL-1.2
"""Web server and worker, each as one foreground process for a supervisor such as systemd."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from helhet.cli.manage import setup


def granian_command(*, host: str, port: int, processes: int, threads: int) -> list[str]:
    """Return the command line of the web server. A killed web process is replaced by granian itself."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--blocking-threads-idle-timeout", "600", "--backlog", "512"),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "10"),
        *("--log-level", "warning"),
        "helhet.site.wsgi:application",
    ]


def run(argv: Sequence[str]) -> int:
    """``helhet serve``: become the web server."""
    setup()
    from helhet.site.environment import Environment

    env = Environment()
    parser = argparse.ArgumentParser(prog="helhet serve", description="Start the web server only.")
    parser.add_argument("--host", default=env.read("HELHET_HOST"))
    parser.add_argument("--port", type=int, default=env.read("HELHET_PORT"))
    parser.add_argument("--processes", type=int, default=env.read("HELHET_WEB_PROCESSES"))
    parser.add_argument("--threads", type=int, default=env.read("HELHET_WEB_THREADS"))
    options = parser.parse_args(argv)
    os.environ["HELHET_HOST"] = options.host  # the checks of the web processes must know where they are heard
    if problems := unsafe():
        sys.exit("helhet: " + "\n".join(problems))
    command = granian_command(
        host=options.host, port=options.port, processes=options.processes, threads=options.threads
    )
    os.execv(command[0], command)  # noqa: S606


def unsafe() -> list[str]:
    """Return the combinations of settings that must not be served."""
    from helhet.site.environment import Environment, conflicts

    return conflicts(Environment())


def run_worker(argv: Sequence[str]) -> int:
    """``helhet worker``: carry out jobs until told to stop."""
    setup()
    from helhet.foundation import contracts
    from helhet.foundation.jobs.runner import main
    from helhet.foundation.ledger import services as ledger

    readers = contracts.subscribers()
    return main((ledger.seal, lambda: ledger.deliver(readers, pausing=True)))
