# SPDX-License-Identifier: EUPL-1.2
"""Load an instance: its organisations and words, the tables of its folder, what the rooms bring. Twice is as once."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from helhet.foundation.contracts import rooms, subscribers
from helhet.foundation.imports.instance import instance_file, sources_of, with_sources
from helhet.foundation.imports.kinds import SYSTEM, all_kinds
from helhet.foundation.ledger.services import settle
from helhet.foundation.people.models import User
from helhet.foundation.people.services import found_municipality

log = logging.getLogger(__name__)
#: Tables that any municipality needs; the rest are what has happened there, loaded as demonstration.
BASE = ("organisations", "groups", "mandates", "goals")
DEMO = ("people", "projects", "matters", "comments", "answers", "investments")
KIND_OF = {"groups": "organisations", "projects": "matters"}
DEMO_PASSWORD = "helhet"  # noqa: S105 - printed at the start; such accounts exist on loopback only


class NotLoaded(Exception):
    """A table of the instance has problems; the message lists them."""


def load(name: str, *, demo: bool) -> None:
    """Load the instance ``name``. Raises :class:`NotLoaded` with the rows that must be mended."""
    folder = settings.HELHET_INSTANCE_DIR.parent / name
    about = instance_file(folder)
    for table in BASE:
        _read(folder, about, table)
    found_municipality(by=SYSTEM)
    for room in rooms():
        if room.load:
            room.load(folder)
    if demo:
        for table in DEMO:
            _read(folder, about, table)
        _give_passwords()
        settle(subscribers())
        for room in rooms():
            if room.load_demo:
                room.load_demo(folder)
    settle(subscribers())


def accounts(name: str) -> Iterator[tuple[str, str, str]]:
    """The demonstration accounts: (user name, password, role)."""
    shown = User.objects.filter(is_demo=True, is_active=True).order_by("id")
    for user in shown:
        yield user.username, DEMO_PASSWORD, user.role_title


def _read(folder: Path, about: dict[str, Any], table: str) -> None:
    path = folder / str(about.get("files", {}).get(table, f"{table}.csv"))
    kind = all_kinds().get(KIND_OF.get(table, table))
    if kind is None or not path.is_file():
        return
    report = kind(with_sources(path, sources_of(folder)), filename=path.name)
    if not report.ok:
        raise NotLoaded(f"{path.name}: {report}")
    log.info("%s: %s", path.name, report)


def _give_passwords() -> None:
    """One password for the demonstration accounts that have none yet; hashed once, since hashing is meant to be slow."""
    if settings.HELHET_DEMO:
        without = [u.pk for u in User.objects.filter(is_demo=True) if not u.has_usable_password() or not u.password]
        if without:
            User.objects.filter(pk__in=without).update(password=make_password(DEMO_PASSWORD))
