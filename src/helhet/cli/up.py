# SPDX-License-Identifier: EUPL-1.2
"""``helhet up``: everything on one machine, for trying, demonstrating and developing."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import http.client
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from helhet.cli import instance, manage
from helhet.cli.serve import granian_command
from helhet.cli.supervise import Child, Supervisor

FIRST_PAGE_SECONDS = 60.0


def say(text: str) -> None:
    """Tell the person at the terminal how far we have come."""
    print(text, flush=True)


def port_number(text: str) -> int:
    """A port that can be listened on."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text}")
    return int(text)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the options of ``up``."""
    parser = argparse.ArgumentParser(prog="helhet up", description="Start everything on this machine.")
    parser.add_argument("--port", type=port_number, default=8000, help="port on loopback (default 8000)")
    parser.add_argument("--data", type=Path, help="folder of database and files (default: data beside helhet)")
    parser.add_argument("--instance", default=os.environ.get("HELHET_INSTANCE") or "kiruna", help="instances/NAME")
    parser.add_argument("--empty", action="store_true", help="no demonstration data and no demonstration accounts")
    parser.add_argument("--offline", metavar="WHEELHOUSE", help="install from a folder of wheels (read by ./helhet)")
    return parser.parse_args(argv)


def prepare_environment(options: argparse.Namespace) -> None:
    """Write the settings that belong to ``up`` where the children and Django read them."""
    chosen = {
        "HELHET_MODE": "development",
        "HELHET_INSTANCE": options.instance,
        "HELHET_HOST": "127.0.0.1",
        "HELHET_PORT": str(options.port),
        "HELHET_BASE_URL": f"http://127.0.0.1:{options.port}",
        "HELHET_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "HELHET_DEMO": "no" if options.empty else "yes",
        "HELHET_STATIC": "collected",
    }
    if options.data:
        chosen["HELHET_DATA"] = str(options.data.expanduser().absolute())
    os.environ.update(chosen)
    os.environ.setdefault("HELHET_LOG_LEVEL", "WARNING")


def write_secret_key(folder: Path) -> None:
    """Make the data folder and its secret key, readable by this user only."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        sys.exit(f"helhet: the data folder {folder} cannot be made ({error.strerror}). Choose another with --data DIR.")
    if not os.access(folder, os.W_OK):
        sys.exit(f"helhet: this user may not write in the data folder {folder}. Choose another with --data DIR.")
    file = folder / "secret-key"
    if file.exists():
        return
    partial = folder / f"secret-key.{os.getpid()}"
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(60) + "\n")
    partial.rename(file)


def claim(folder: Path) -> IO[str]:
    """Take the data folder for this process; say so if another ``up`` has it."""
    handle = (folder / "up.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"helhet: another 'helhet up' is running on {folder}. Stop it first, or choose --data DIR.")
    return handle


def demand_free_port(port: int) -> None:
    """Stop with advice when somebody else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"helhet: port {port} is already in use. Try: ./helhet up --port {port + 1}")


class State:
    """What ``up`` has already done in this data folder, in ``state.json``."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state.json"
        try:
            self.content: dict[str, Any] = json.loads(self.file.read_text())
        except (OSError, ValueError):
            self.content = {}

    def set(self, key: str, value: Any) -> None:
        self.content[key] = value
        partial = self.file.with_suffix(".new")
        partial.write_text(json.dumps(self.content, indent=1))
        partial.replace(self.file)


def static_mark() -> str:
    """Return a digest over name, size and time of every source of static files."""
    from django.conf import settings

    folders = [
        *manage.PACKAGE.glob("**/static"),
        *(Path(path) for _prefix, path in settings.STATICFILES_DIRS),
    ]
    digest = hashlib.sha256(manage.LOCK.read_bytes() if manage.LOCK.exists() else b"")
    for folder in sorted(folders):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            stat = file.stat()
            digest.update(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def prepare_database(state: State) -> None:
    """Migrate when a migration is new; forget what was loaded when the database file is."""
    database = manage.sqlite_file()
    if database is not None and not database.exists():
        state.set("loaded", None)
    if manage.is_migrated():
        return
    say("Preparing the database …")
    manage.run_migrate(["--verbosity=0"])


def prepare_static(state: State) -> None:
    """Collect static files under names with a hash, when one of them has changed."""
    from django.conf import settings

    mark = static_mark()
    if state.content.get("static") == mark and (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return
    say("Collecting style sheets, scripts and fonts …")
    manage.call("collectstatic", interactive=False, clear=True, verbosity=0)
    state.set("static", mark)


def prepare_instance(state: State, *, name: str, demo: bool) -> None:
    """Load the instance once for each database."""
    wanted = f"{name} {'demo' if demo else 'empty'}"
    if state.content.get("loaded") == wanted:
        return
    say(f"Loading the instance {name}{' with its demonstration data' if demo else ''} …")
    if instance.load_instance(name, demo=demo):
        state.set("accounts", instance.demo_accounts(name) if demo else [])
        state.set("loaded", wanted)


def wait_for_first_page(port: int, supervisor: Supervisor) -> bool:
    """Wait until the web server answers. False when we were asked to stop meanwhile or nothing came."""
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 600
        except OSError:
            if (web := supervisor.children[0].process) is not None and web.poll() is not None:
                return False
            time.sleep(0.05)
        finally:
            connection.close()
    return False


def welcome(port: int, state: State) -> None:
    """Print the address and who may log in."""
    say(f"\nHelhet is running:  http://127.0.0.1:{port}/\n")
    accounts = state.content.get("accounts") or []
    if accounts:
        width = max(len(row[0]) for row in accounts)
        say("Demonstration accounts (user name, password, role):")
        for username, password, role in accounts:
            say(f"  {username:<{width}}  {password}  {role}")
    else:
        say("The first administrator is made with:  ./helhet manage createsuperuser")
    say("\nStop with Ctrl-C.")


def run(argv: Sequence[str]) -> int:
    """Prepare what has changed, start web server and worker, and look after them until told to stop."""
    options = parse(argv)
    prepare_environment(options)
    demand_free_port(options.port)
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from helhet.site.environment import Environment

    folder: Path = Environment().read("HELHET_DATA")
    write_secret_key(folder)
    lock = claim(folder)
    try:
        settings.DEBUG  # noqa: B018 – reads the settings, or says what is wrong with them
    except ImproperlyConfigured as error:
        sys.exit(f"helhet: {error}")
    state = State(folder)
    prepare_database(state)
    prepare_static(state)
    prepare_instance(state, name=options.instance, demo=not options.empty)
    say("Starting web server and worker …")
    web = granian_command(host="127.0.0.1", port=options.port, processes=1, threads=4)
    worker = [sys.executable, "-m", "helhet.cli", "worker"]
    supervisor = Supervisor([Child("The web server", web), Child("The worker", worker)], say)
    supervisor.start()
    if wait_for_first_page(options.port, supervisor):
        welcome(options.port, state)
    code = supervisor.watch()
    say("Stopped.")
    lock.close()
    return code
