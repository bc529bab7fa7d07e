# SPDX-License-Identifier: EUPL-1.2
"""Every address of the site is visited as everybody, and compared with what was agreed (``golden/urls.csv``).

``HELHET_GOLDEN=write pytest tests/site/test_every_url.py`` writes the table anew; read what changed before keeping it.
"""

import csv
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from helhet.foundation.matters.policy import can_read
from helhet.foundation.matters.selectors import get_matter
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Forbidden, visitor
from helhet.rooms.decisions import presenting
from helhet.site.environment import Rate
from tests.site import addresses
from tests.site.addresses import Visit
from tests.site.world import OPENNESS, READERS, World, build, canary

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GOLDEN = Path(__file__).parent / "golden" / "urls.csv"
WRITING = os.environ.get("HELHET_GOLDEN") == "write"
#: Pages of allauth and of Django: they are visited, and are not about our things.
FOREIGN = ("account_", "mfa_", "socialaccount_", "openid_connect_", "set_language")
PLACES = (
    "title", "text", "place", "theme", "author", "number", "speaker", "comment", "reason", "contact", "stance", "file",
    "content", "book", "scenario", "run", "basis", "background", "minutes", "decided", "remark",
)  # fmt: skip


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Everything is built once; what a reader or a request changes is undone, so that the next meets the same."""
    quick = {form: lambda document, timestamp=None: document.title.encode() for form in ("pdf", "docx")}
    rates = {name: Rate(10**6, 60) for name in settings.HELHET_RATES}
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(HELHET_RATES=rates, MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patch.setattr(presenting, "RENDERERS", quick)
        logging.disable(logging.CRITICAL)  # thousands of refusals, each with its traceback
        yield build()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(town) -> Iterator[None]:
    """What pytest-django does for a test, inside the transaction that holds the town."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(town) -> World:
    return town


def browser(world: World, reader: str, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if reader != "anonymous":
        client.force_login(world.people[reader])
    return client


def readable(world: World, reader: str) -> set[str]:
    """The degrees of openness that policy lets the reader read."""
    actor = visitor() if reader == "anonymous" else standing_of(world.people[reader])
    return {openness for openness in OPENNESS if _reads(actor, world.things[openness].matter)}


def _reads(actor: Any, matter: Any) -> bool:
    try:
        return can_read(actor, get_matter(actor, str(matter.uid)))
    except Forbidden:
        return False


def ask(client: Client, method: str, address: str) -> tuple[int, str]:
    """Status and whole answer; whatever was changed is undone."""
    with transaction.atomic():
        response = client.generic(method, address, b"", content_type="application/x-www-form-urlencoded")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
        transaction.set_rollback(True)
    return response.status_code, f"{headers}\n{body.decode('utf-8', 'replace')}"


def worth(visit: Visit, reader: str) -> bool:
    """Others' pages look the same to all who are logged in; what an import hides is hidden from all."""
    if visit.name.startswith(FOREIGN):
        return reader in {"anonymous", "employee"}
    if visit.about == "hidden":
        return reader in {"anonymous", "employee", "platform_team", "auditor", "administrator"}
    return True


def crawl(world: World, reader: str) -> Iterator[tuple[str, Visit, int, str]]:
    """Everything, as one reader: (key, visit, status, answer). What only takes forms is sent an empty one."""
    client = browser(world, reader)
    for visit in addresses.visits(world):
        if not worth(visit, reader):
            continue
        method = "GET"
        status, answer = ask(client, method, visit.address)
        if status == 405 and not visit.name.startswith((*FOREIGN, "api:")):
            method = "POST"
            status, answer = ask(client, method, visit.address)
        yield f"{visit.key} {method}", visit, status, answer


def agreed() -> dict[str, dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {row.pop("address"): row for row in csv.DictReader(file)}


def test_every_address_is_known_to_the_crawler():
    assert addresses.unknown() == [], "say in tests/site/addresses.py what these are visited with"


def singing(open_to: set[str], answer: str) -> list[str]:
    """The canaries in an answer that somebody to whom only ``open_to`` is open should not hear."""
    silent = set(OPENNESS) - open_to
    return [word for openness in silent for place in PLACES if (word := canary(openness, place)) in answer]


def faults_of(open_to: set[str], reader: str, key: str, visit: Visit, status: int, answer: str) -> list[str]:
    found = []
    if status >= 500:
        found.append(f"{key} as {reader}: {status}")
    # What one wrote in the address oneself, an answer may repeat.
    if words := [word for word in singing(open_to, answer) if word not in visit.address]:
        found.append(f"{key} as {reader}: {status} tells {words}")
    if visit.about and visit.about not in open_to and status < 400:
        found.append(f"{key} as {reader}: {status} for what may not be read")
    return found


@pytest.mark.skipif(WRITING, reason="the table is being written")
@pytest.mark.parametrize("reader", READERS)
def test_everybody_meets_what_was_agreed_and_nothing_leaks(world, reader):
    table, faults, met, open_to = agreed(), [], {}, readable(world, reader)
    for key, visit, status, answer in crawl(world, reader):
        met[key] = str(status)
        faults += faults_of(open_to, reader, key, visit, status, answer)
    changed = {key: (table.get(key, {}).get(reader), status) for key, status in met.items()}
    faults += [f"{key} as {reader}: agreed {was}, met {now}" for key, (was, now) in changed.items() if was != now]
    gone = [key for key, row in table.items() if row.get(reader) and key not in met]
    faults += [f"{key}: agreed, but no such address" for key in gone]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.skipif(not WRITING, reason="HELHET_GOLDEN=write writes the table")
@pytest.mark.parametrize("reader", READERS)
def test_write_the_table(world, reader):
    """One column at a time; rows that nobody meets any more go with the first reader."""
    met, faults, open_to = {}, [], readable(world, reader)
    for key, visit, status, answer in crawl(world, reader):
        met[key] = str(status)
        faults += faults_of(open_to, reader, key, visit, status, answer)
    rows = agreed() if GOLDEN.is_file() else {}
    for key in {*rows, *met}:
        rows.setdefault(key, {})[reader] = met.get(key, "")
    GOLDEN.parent.mkdir(exist_ok=True)
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["address", *READERS], lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows({"address": key, **row} for key, row in sorted(rows.items()) if any(row.values()))
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("reader", ["anonymous", "resident", "platform_team"])
def test_no_form_is_taken_without_its_token(world, reader):
    faults, client, open_to = [], browser(world, reader, enforce_csrf_checks=True), readable(world, reader)
    for visit in addresses.visits(world):
        if visit.about == "internal" or visit.name.startswith(
            ("api:", "account_", "mfa_", "socialaccount_", "openid_connect_")
        ):
            continue
        status, answer = ask(client, "POST", visit.address)
        if status not in {403, 405}:
            faults.append(f"{visit.key}: {status}")
        if words := [word for word in singing(open_to, answer) if word not in visit.address]:
            faults.append(f"{visit.key}: tells {words}")
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("reader", ["anonymous"])
def test_head_says_no_more_than_get(world, reader):
    faults, client, open_to = [], browser(world, reader), readable(world, reader)
    for visit in addresses.visits(world):
        status, answer = ask(client, "HEAD", visit.address)
        agreed_on, _answer = ask(client, "GET", visit.address)
        told = [word for word in singing(open_to, answer) if word not in visit.address]
        if status not in {agreed_on, 405} or told:
            faults.append(f"{visit.key}: HEAD {status}, GET {agreed_on}")
    assert not faults, "\n" + "\n".join(faults)
