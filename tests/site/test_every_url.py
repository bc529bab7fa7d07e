# SPDX-License-Identifier: EUPL-1.2
"""Every address of the site is visited as everybody, and compared with what was agreed (``golden/urls.csv``).

``HELHET_GOLDEN=write ./helhet test tests/site/test_every_url.py -n 2`` writes the table anew; read what changed before
keeping it. What is sent stands in ``sent.py``, with what an address is visited with in ``addresses.py``.
"""

import csv
import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.policy import can_read
from helhet.foundation.matters.selectors import get_matter
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import make_token
from helhet.foundation.policy import Forbidden, visitor
from helhet.rooms.decisions import presenting
from helhet.site.api.v1 import api
from helhet.site.environment import Rate
from tests.site import addresses, sent
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


#: What the table says of a form that had effect, and of one that was refused.
TAKEN, REFUSED = {"200", "201", "302"}, {"401", "403", "404", "login"}


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


@dataclass(frozen=True)
class Answer:
    """What came back: the status, everything that was said, and how many events were written."""

    status: int
    said: str
    events: int

    @property
    def cell(self) -> str:
        """The answer as the table has it; of what was sent it says whether it had effect."""
        if self.status == 302 and f"Location: {reverse('account_login')}" in self.said:
            return "login"
        return str(self.status) if self.status >= 400 or self.events else f"{self.status} nothing"


def ask(client: Client, method: str, address: str, form: Callable[[], dict[str, Any]] = dict, **more: Any) -> Answer:
    """Ask, with a form or (``json``) a body; whatever was changed is undone."""
    with transaction.atomic():
        given = form()
        before = Event.objects.count()
        if more.pop("json", False):
            body = json.dumps(given, default=str).encode()
            response = client.generic(method, address, body, content_type="application/json", **more)
        elif method == "POST":
            response = client.post(address, given, **more)
        else:
            response = client.generic(method, address, **more)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
        events = Event.objects.count() - before
        transaction.set_rollback(True)
    return Answer(response.status_code, f"{headers}\n{body.decode('utf-8', 'replace')}", events)


def worth(visit: Visit, reader: str) -> bool:
    """Others' pages look the same to all who are logged in; what an import hides is hidden from all."""
    if visit.name.startswith(FOREIGN):
        return reader in {"anonymous", "employee"}
    if visit.about == "hidden":
        return reader in {"anonymous", "employee", "platform_team", "auditor", "administrator"}
    return True


def crawl(world: World, reader: str) -> Iterator[tuple[str, str, Visit, Answer]]:
    """Everything, as one reader: (key, cell of the table, visit, answer). What takes a form is sent one that could succeed."""
    client = browser(world, reader)
    for visit in addresses.visits(world):
        if not worth(visit, reader):
            continue
        read = ask(client, "GET", visit.address)
        if read.status != 405:
            yield f"{visit.key} GET", str(read.status), visit, read
        if visit.name in sent.FORMS:
            answer = ask(client, "POST", visit.address, filled_in(world, visit))
            yield f"{visit.key} POST", answer.cell, visit, answer
        if visit.name in sent.CALLS:
            method, answer = call(world, reader, visit)
            yield f"{visit.key} {method}", answer.cell, visit, answer


def filled_in(world: World, visit: Visit) -> Callable[[], dict[str, Any]]:
    """The form that belongs to an address, made when it is sent."""
    return partial(sent.FORMS[visit.name], world, world.things[visit.about or "public"])


def call(world: World, reader: str, visit: Visit) -> tuple[str, Answer]:
    """Call the API to change something, with a key of the reader's own that may write."""
    method, body = sent.CALLS[visit.name]
    form = partial(body, world, world.things[visit.about or "public"])
    client = Client(raise_request_exception=False)
    return method, ask(client, method, visit.address, form, json=True, **key_of(world, reader))


def key_of(world: World, reader: str) -> dict[str, str]:
    """The header with the reader's own key; nobody in particular has none."""
    return {"HTTP_AUTHORIZATION": f"Bearer {world.keys[reader]}"} if reader in world.keys else {}


def agreed() -> dict[str, dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {row.pop("address"): row for row in csv.DictReader(file)}


def test_every_address_is_known_to_the_crawler():
    assert addresses.unknown() == [], "say in tests/site/addresses.py what these are visited with"


def test_every_address_that_takes_a_form_is_sent_one(world):
    """With a form that succeeds when the right person sends it, so that the table shows who that is."""
    client = browser(world, "platform_team")
    takes = {
        visit.name
        for visit in addresses.visits(world)
        if visit.name not in sent.FORMS and not visit.name.startswith((*FOREIGN, "api:"))
        if ask(client, "POST", visit.address).status != 405
    }
    assert takes == set(), "say in tests/site/sent.py what these are sent"
    known = {name for name, _takes in addresses.names()}
    assert set(sent.FORMS) <= known
    assert set(sent.CALLS) == {f"api:{operation.view_func.__name__}" for operation in writing_operations()}


def writing_operations() -> Iterator[Any]:
    """The operations of the API that may change something."""
    for _prefix, router in api._routers:
        for path in router.path_operations.values():
            yield from (one for one in path.operations if set(one.methods) - {"GET", "HEAD"})


@pytest.mark.skipif(WRITING, reason="the table is being written")
def test_each_form_succeeds_for_somebody_and_is_refused_somebody():
    """The table holds both sides of every rule; where it does not, the reason is written down."""
    sides: dict[str, list[str]] = {}
    for key, row in agreed().items():
        if not key.endswith(" GET"):
            sides.setdefault(key.split()[0], []).extend(cell for cell in row.values() if cell)
    assert set(sides) == {*sent.FORMS, *sent.CALLS}
    works = {name for name, cells in sides.items() if any(cell in TAKEN for cell in cells)}
    quiet = {name for name, cells in sides.items() if any(cell in {"200 nothing", "302 nothing"} for cell in cells)}
    refused = {name for name, cells in sides.items() if any(cell in REFUSED for cell in cells)}
    assert works | (quiet & set(sent.WITHOUT_EVENT)) == set(sides)
    assert refused == set(sides) - set(sent.FOR_ALL)


def singing(open_to: set[str], answer: str) -> list[str]:
    """The canaries in an answer that somebody to whom only ``open_to`` is open should not hear."""
    silent = set(OPENNESS) - open_to
    return [word for openness in silent for place in PLACES if (word := canary(openness, place)) in answer]


def faults_of(open_to: set[str], reader: str, key: str, visit: Visit, answer: Answer) -> list[str]:
    found = []
    if answer.status >= 500:
        found.append(f"{key} as {reader}: {answer.status}")
    # What one wrote in the address oneself, an answer may repeat.
    if words := [word for word in singing(open_to, answer.said) if word not in visit.address]:
        found.append(f"{key} as {reader}: {answer.status} tells {words}")
    if visit.about and visit.about not in open_to and answer.status < 400 and answer.cell != "login":
        found.append(f"{key} as {reader}: {answer.status} for what may not be read")
    if answer.events and (answer.status >= 400 or answer.cell == "login"):
        found.append(f"{key} as {reader}: refused with {answer.status}, and yet something was changed")
    return found


@pytest.mark.skipif(WRITING, reason="the table is being written")
@pytest.mark.parametrize("reader", READERS)
def test_everybody_meets_what_was_agreed_and_nothing_leaks(world, reader):
    table, faults, met, open_to = agreed(), [], {}, readable(world, reader)
    for key, cell, visit, answer in crawl(world, reader):
        met[key] = cell
        faults += faults_of(open_to, reader, key, visit, answer)
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
    for key, cell, visit, answer in crawl(world, reader):
        met[key] = cell
        faults += faults_of(open_to, reader, key, visit, answer)
    with (GOLDEN.parent / "urls.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the readers may be divided among several processes
        rows = agreed() if GOLDEN.is_file() else {}
        for key in {*rows, *met}:
            rows.setdefault(key, {})[reader] = met.get(key, "")
        with GOLDEN.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["address", *READERS], lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows({"address": key, **row} for key, row in sorted(rows.items()) if any(row.values()))
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.skipif(WRITING, reason="the table is being written")
@pytest.mark.parametrize("reader", READERS[1:])
def test_a_key_reads_what_its_owner_reads(world, reader):
    table, faults, open_to = agreed(), [], readable(world, reader)
    for visit in addresses.visits(world):
        row = table.get(f"{visit.key} GET", {})
        if not visit.name.startswith("api:") or not worth(visit, reader) or not row:
            continue
        answer = ask(Client(raise_request_exception=False), "GET", visit.address, **key_of(world, reader))
        faults += faults_of(open_to, reader, visit.key, visit, answer)
        if str(answer.status) != row[reader]:
            faults.append(f"{visit.key} with a key of {reader}: agreed {row[reader]}, met {answer.status}")
    assert not faults, "\n" + "\n".join(faults)


def test_a_key_that_may_only_read_changes_nothing(world):
    user = world.people["platform_team"]
    reading = make_token(by=standing_of(user), user=user, name="Läser")
    for visit in addresses.visits(world):
        if visit.name in sent.CALLS and visit.about in {"", "public"}:
            method, body = sent.CALLS[visit.name]
            key, form = {"HTTP_AUTHORIZATION": f"Bearer {reading}"}, partial(body, world, world.things["public"])
            answer = ask(Client(raise_request_exception=False), method, visit.address, form, json=True, **key)
            assert (answer.status, answer.events) == (403, 0), visit.key


@pytest.mark.parametrize("reader", ["anonymous", "resident", "platform_team"])
def test_no_form_is_taken_without_its_token(world, reader):
    faults, client, open_to = [], browser(world, reader, enforce_csrf_checks=True), readable(world, reader)
    for visit in addresses.visits(world):
        if visit.about == "internal" or visit.name.startswith(
            ("api:", "account_", "mfa_", "socialaccount_", "openid_connect_")
        ):
            continue
        form = filled_in(world, visit) if visit.name in sent.FORMS else dict
        answer = ask(client, "POST", visit.address, form)
        if answer.status not in {403, 405} or answer.events:
            faults.append(f"{visit.key}: {answer.status}")
        if words := [word for word in singing(open_to, answer.said) if word not in visit.address]:
            faults.append(f"{visit.key}: tells {words}")
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("reader", ["anonymous"])
def test_head_says_no_more_than_get(world, reader):
    faults, client, open_to = [], browser(world, reader), readable(world, reader)
    for visit in addresses.visits(world):
        answer, agreed_on = ask(client, "HEAD", visit.address), ask(client, "GET", visit.address).status
        told = [word for word in singing(open_to, answer.said) if word not in visit.address]
        if answer.status not in {agreed_on, 405} or told:
            faults.append(f"{visit.key}: HEAD {answer.status}, GET {agreed_on}")
    assert not faults, "\n" + "\n".join(faults)
