# SPDX-License-Identifier: EUPL-1.2
"""``helhet COMMAND``: finds the command and hands it the rest of the line."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from helhet.site.environment import IN_CHECKOUT


@dataclass(frozen=True)
class Command:
    """One row of the command table; ``target`` is ``module:function`` taking the arguments, returning an exit code."""

    name: str
    target: str
    help: str


COMMANDS: tuple[Command, ...] = (
    Command("up", "helhet.cli.up:run", "start everything on this machine: database, web server, worker"),
    Command("serve", "helhet.cli.serve:run", "start the web server only"),
    Command("worker", "helhet.cli.serve:run_worker", "start one worker that carries out jobs"),
    Command("migrate", "helhet.cli.manage:run_migrate", "bring the database to the form that this version needs"),
    Command("manage", "helhet.cli.manage:run", "any of Django's own management commands"),
    Command(
        "import",
        "helhet.cli.exchange:run_import",
        "read matters, organisations, … or a whole instance from files",
    ),
    Command("export", "helhet.cli.exchange:run_export", "write matters, organisations, … to files"),
    Command("book", "helhet.core.book.commands:main", "check, run and explain calculations"),
    Command(
        "ledger", "helhet.cli.ledger:run", "verify the chain of events, print its head, show or retry what is parked"
    ),
    Command("person", "helhet.cli.erase:run_person", "erase an account: person erase USERNAME"),
    Command("matter", "helhet.cli.erase:run_matter", "erase who wrote a matter: matter erase-author NUMBER"),
    Command("backup", "helhet.cli.backup:run_backup", "write database and files to one archive"),
    Command("restore", "helhet.cli.backup:run_restore", "bring back what backup wrote"),
    Command("doctor", "helhet.cli.doctor:run", "say what is well with this installation and what is not"),
    Command("check", "helhet.cli.check:run", "all gates of the source code; changes nothing"),
    Command("test", "helhet.cli.testing:run", "run the test suite"),
    Command("bench", "helhet.cli.bench:run", "measure: bench NAME [--json]"),
)
BY_NAME = {command.name: command for command in COMMANDS}
NEED_SOURCE = ("check", "test", "bench")  # work on the source tree, which pip does not install


def usage() -> str:
    """Return the list of commands."""
    width = max(len(command.name) for command in COMMANDS)
    rows = [f"  {command.name:<{width}}  {command.help}" for command in COMMANDS]
    return "\n".join(["helhet COMMAND [options]", "", *rows, "", "helhet COMMAND --help tells more."])


def unknown(name: str) -> str:
    """Return what to say when there is no such command."""
    near = difflib.get_close_matches(name, BY_NAME, n=1, cutoff=0.5)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"helhet: there is no command '{name}'.{hint} 'helhet help' lists them."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in {"help", "-h", "--help"}:
        print(usage())
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in BY_NAME:
        print(unknown(name), file=sys.stderr)
        return 2
    if name in NEED_SOURCE and not IN_CHECKOUT:
        print(f"helhet: '{name}' works in a clone of the source only: ./helhet {name}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.site.settings")
    module, _, function = BY_NAME[name].target.partition(":")
    try:
        code = getattr(import_module(module), function)(rest)
    except KeyboardInterrupt:
        return 130
    return int(code or 0)
