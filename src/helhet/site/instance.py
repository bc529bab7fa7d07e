# SPDX-License-Identifier: EUPL-1.2
"""Load an instance's data files, each by the importer of its kind, in the order they build on each other."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from helhet.foundation.contracts import rooms
from helhet.foundation.imports.instance import instance_file, sources_of, with_sources
from helhet.foundation.imports.kinds import Kind, all_kinds
from helhet.foundation.imports.problems import Report

log = logging.getLogger(__name__)

#: Entry under [files] of instance.toml → kind that reads it. What is not here is read by the kind of the same name.
KIND_OF = {"groups": "organisations", "projects": "matters"}
#: Files that are loaded without demonstration data too: a municipality's own organisation, goals and sluices.
BASE = ("organisations", "groups", "mandates", "goals", "sluices", "timetable")
#: Files that belong to the demonstration.
DEMO = ("people", "projects", "matters", "comments", "answers", "investments")
PASSWORD = "helhet-demo"  # noqa: S105 - demonstration accounts refuse to log in off loopback


class LoadError(RuntimeError):
    """An instance's own data cannot be read in; holds the report as text."""


def folder_of(name: str) -> Path:
    """The folder of an instance beside this installation's own."""
    return Path(settings.HELHET_INSTANCE_DIR).parent / name


def load(name: str, *, demo: bool) -> list[Report]:
    """Load organisations, goals and sluices and, with ``demo``, the demonstration. Again: changes nothing.

    Raises :class:`LoadError` with the report when a file is wrong, FileNotFoundError when there is no such instance.
    """
    folder = folder_of(name)
    files: dict[str, str] = dict(instance_file(folder).get("files", {}))
    if not files:
        raise FileNotFoundError(folder / "instance.toml")
    if demo and not settings.HELHET_DEMO:
        raise LoadError(_("Demonstrationskonton får bara finnas på den egna maskinen (HELHET_DEMO=yes)."))
    wanted = [*BASE, *(DEMO if demo else ())]
    sources = sources_of(folder)
    runners = {**{i.kind: i.run for room in rooms() for i in room.importers}, **all_kinds()}
    reports = []
    for entry in (entry for entry in wanted if entry in files):
        kind = runners.get(KIND_OF.get(entry, entry))
        if kind is None:
            log.info("no installed room reads %s", files[entry])
            continue
        path = folder / files[entry]
        source = with_sources(path, sources) if isinstance(kind, Kind) else path
        report = kind(source, filename=path.name) if isinstance(kind, Kind) else kind(source)
        if not getattr(report, "ok", True):
            raise LoadError(str(report))
        reports.append(report)
    if demo:
        _let_in()
    return reports


def _let_in() -> None:
    """Give the demonstration accounts their password, which is the same for all and printed at the start."""
    from helhet.foundation.people.models import User

    accounts = User.objects.filter(is_demo=True)
    first = accounts.first()
    if first and not check_password(PASSWORD, first.password):
        accounts.update(password=make_password(PASSWORD))


def accounts(name: str) -> list[tuple[str, str, str]]:
    """(user name, password, role) of each demonstration account, in the order of the file; empty off loopback."""
    from helhet.foundation.people.models import User

    if not settings.HELHET_DEMO:
        return []
    rows = User.objects.filter(is_demo=True, is_active=True).order_by("pk").values_list("username", "role_title")
    return [(username, PASSWORD, title) for username, title in rows]
