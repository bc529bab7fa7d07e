# SPDX-License-Identifier: EUPL-1.2
"""What a page costs: the same for ten as for a thousand, and no hashing or typesetting without bounds."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from helhet.foundation import policy
from helhet.foundation.jobs.services import TASKS
from helhet.foundation.policy import Standing
from helhet.rooms.decisions import services, wholeness
from helhet.rooms.decisions.models import Decision, Version
from helhet.rooms.decisions.presenting import present
from helhet.rooms.decisions.views import reading
from tests.people import standing
from tests.rooms.decisions.making import Scene, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_files")]
Open = Callable[[Standing], Client]
VISITOR = policy.visitor()


def address(name: str, *args: object) -> str:
    return reverse(f"decisions:{name}", args=args)


def _many(told: Scene, count: int) -> None:
    version = Version.objects.get(basis=told.basis)
    Decision.objects.bulk_create(
        Decision(
            matter=told.matter,
            version=version,
            title=f"Beslut {n}",
            body=told.town.technical,
            number=f"N {n}",
            decided_on=localdate() - timedelta(days=n % 400),
            reason="x",
            recorded_by_label="x",
            checksum="0" * 64,
        )
        for n in range(count)
    )


def _cost(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_register_costs_the_same_for_ten_and_for_a_thousand(browsing: Open) -> None:
    told = scene()
    present(by=told.leader, basis=told.basis)
    clients = (browsing(VISITOR), browsing(told.leader))
    _many(told, 10)
    few = [_cost(client, address("register")) for client in clients]
    _many(told, 990)
    assert [_cost(client, address("register")) for client in clients] == few
    page = clients[0].get(address("register")).content.decode()
    older = re.search(r'href="(\?[^"]*fore=[^"]+)"', page)
    assert older is not None
    second = clients[0].get(address("register") + older[1].replace("&amp;", "&")).content.decode()
    assert not set(re.findall(r"/beslut/[0-9a-f-]{36}/", page)) & set(re.findall(r"/beslut/[0-9a-f-]{36}/", second))


def test_a_basis_page_costs_the_same_however_long_it_is(browsing: Open) -> None:
    told = scene()
    client = browsing(told.leader)
    pages = [address(name, told.basis.uid) for name in ("draft", "review", "edit", "alternatives", "figures")]
    few = [_cost(client, page) for page in pages]
    for n in range(9):
        services.set_row(by=told.leader, basis=told.basis, kind="affected", group=f"Grupp {n}")
        services.set_alternative(by=told.leader, basis=told.basis, name=f"Väg {n}", run=told.run)
        services.comment_paragraph(
            by=told.economist, basis=told.basis, section="fraga", paragraph=1, paragraph_text="x", text="y"
        )
    assert [_cost(client, page) for page in pages] == few


def test_the_page_of_versions_hashes_nothing_and_says_when_it_was_checked(
    browsing: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    client, page = browsing(VISITOR), address("versions", told.basis.uid)
    assert "inte gjord ännu" in client.get(page).content.decode()
    assert TASKS["decisions.check_versions"].every == timedelta(days=1)
    wholeness.check_versions()
    made = version.renderings.get(language="sv", form="pdf")
    with made.blob.storage.open(made.blob.name, "wb") as stream:
        stream.write(b"something else")
    with monkeypatch.context() as patched:
        patched.setattr(wholeness, "_digest", lambda blob: pytest.fail("a file was read"))
        words = client.get(page).content.decode()
    assert "Senast kontrollerad" in words
    assert "Oförändrad sedan den lades fram" in words
    assert client.get(address("download", told.basis.uid, "pdf")).status_code == 409
    wholeness.check_versions()
    words = client.get(page).content.decode()
    assert "Filen sv.pdf har ändrats." in words
    assert "Oförändrad" not in words
    assert wholeness.broken(Version.objects.get(pk=version.pk)) == [["file", "sv.pdf"]]


def test_drafts_as_files_are_bounded_for_each_person(browsing: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    told = scene()
    monkeypatch.setattr(reading, "RENDERERS", {"pdf": lambda document: b"%PDF"})
    monkeypatch.setattr(reading, "DRAFT_FILES", (2, 600))
    client, draft = browsing(told.leader), address("download", told.basis.uid, "pdf") + "?version=utkast"
    assert [client.get(draft).status_code for _n in range(3)] == [200, 200, 429]
    assert browsing(standing("employee")).get(draft).status_code == 200
    present(by=told.leader, basis=told.basis)
    assert client.get(address("download", told.basis.uid, "pdf")).status_code == 200
