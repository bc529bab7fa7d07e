# SPDX-License-Identifier: EUPL-1.2
"""What an administrator does in the browser, and what others may not."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helhet.foundation.jobs import services as jobs
from helhet.foundation.jobs.models import Job
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import ClaimMapping, Membership, Organisation, User
from helhet.foundation.people.selectors import standing_of
from helhet.rooms.administration.models import Transfer
from tests.people import Town, matter, person, small_town

pytestmark = [pytest.mark.django_db]
A = "/administration"
SOUND = (
    "reference;kind;title;text;unit\nr1;need;Halt vid skolan;Det är halt.;tekniska\nr2;idea;Sand;Mer sand.;tekniska\n"
)
WRONG = "reference;kind;title;text;unit\nr1;need;Halt;Det är halt.;finns-inte\nr2;dröm;Sand;;tekniska\n"


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path) -> Town:
    settings.MEDIA_ROOT = tmp_path
    return small_town()


@pytest.fixture
def keeper(client: Client, town: Town) -> User:
    user = person("administrator", town.municipality, name="nyckel")
    client.force_login(user)
    return user


def work() -> None:
    """What the worker does until nothing is left."""
    while job := jobs.claim("test"):
        assert jobs.run(job), Job.objects.get(pk=job.pk).error


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("role", ["visitor", "employee", "platform_team", "unit_manager", "auditor"])
def test_the_administration_is_for_administrators(client: Client, town: Town, role: str) -> None:
    client.force_login(person(role, town.municipality))
    target = person("employee", town.streets)
    for path in ("/", "/konton/", f"/konton/{target.pk}/", "/organisationer/tekniska/", "/las-in/", "/skriv-ut/"):
        assert client.get(A + path).status_code == 403, path
    assert client.post(f"{A}/konton/{target.pk}/stang/").status_code == 403
    assert "Administration" not in text(client.get("/"))


def test_an_account_from_nothing_to_its_first_login(client: Client, keeper: User, town: Town) -> None:
    given = {"username": "kim", "role_title": "Planerare", "email": "kim@kommun.example", "language": "sv"}
    made = client.post(f"{A}/konton/nytt/", given)
    kim = User.objects.get(username="kim")
    assert made["Location"] == f"{A}/konton/{kim.pk}/"
    assert "redan ett konto" in text(client.post(f"{A}/konton/nytt/", given | {"email": ""}))
    client.post(f"{A}/konton/{kim.pk}/roll/", {"organisation": town.social.pk, "role": "planner", "is_home": "on"})
    assert standing_of(kim).has("planner")
    client.post(f"{A}/konton/{kim.pk}/bjud-in/")
    link = re.search(r"http://testserver(/konto/\S+)", str(mail.outbox[0].body))
    assert link is not None
    assert mail.outbox[0].to == ["kim@kommun.example"]
    guest = Client()
    form = guest.get(link[1], follow=True)
    words = {"password1": "en lang och trygg fras", "password2": "en lang och trygg fras"}
    guest.post(form.redirect_chain[-1][0], words)
    assert Client().login(username="kim", password="en lang och trygg fras")
    again = guest.get(link[1], follow=True)
    assert "password1" not in text(again), "the link serves once"
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["person.added", "member.added", "person.invited"]


def test_without_an_address_the_link_is_shown_once(client: Client, keeper: User, town: Town) -> None:
    kim = person("employee", town.streets)
    shown = client.post(f"{A}/konton/{kim.pk}/bjud-in/")
    assert "/konto/password/reset/key/" in text(shown)
    assert shown["Cache-Control"] == "no-store"
    assert "/konto/password/reset/key/" not in text(client.get(f"{A}/konton/{kim.pk}/"))


def test_an_account_is_changed_shut_and_opened(client: Client, keeper: User, town: Town) -> None:
    kim = person("employee", town.streets, name="kim")
    other = Client()
    other.force_login(kim)
    given = {"role_title": "Gatuingenjör", "name": "Kim", "email": "fel", "language": "sv"}
    assert "ser inte rätt ut" in text(client.post(f"{A}/konton/{kim.pk}/", given))
    client.post(f"{A}/konton/{kim.pk}/", given | {"email": "kim@kommun.example"})
    assert "Gatuingenjör" in text(client.get(f"{A}/konton/", {"q": "KIM@kommun"}))
    client.post(f"{A}/konton/{kim.pk}/stang/")
    assert other.get("/mitt-konto/").status_code == 302, "the session is worth nothing"
    assert "kim" in text(client.get(f"{A}/konton/", {"lage": "stangda"}))
    client.post(f"{A}/konton/{kim.pk}/oppna/")
    assert User.objects.get(pk=kim.pk).is_active
    own = client.post(f"{A}/konton/{keeper.pk}/stang/", follow=True)
    assert "eget konto" in text(own)


def test_a_list_of_accounts_costs_the_same_however_long(client: Client, keeper: User, town: Town) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{A}/konton/")
        return len(queries)

    for _each in range(5):
        person("employee", town.streets)
    cost()
    few = cost()
    for _each in range(60):
        person("employee", town.streets)
    assert cost() == few
    first = client.get(f"{A}/konton/")
    following = re.search(r'href="(\?efter=[^"]+)"', text(first))
    assert following is not None
    seen = (
        set(re.findall(r"/konton/(\d+)/", text(first))),
        set(re.findall(r"/konton/(\d+)/", text(client.get(A + "/konton/" + following[1])))),
    )
    assert not seen[0] & seen[1]
    assert len(seen[0] | seen[1]) == User.objects.count()


def test_the_tree_grows_is_renamed_moved_and_closed(client: Client, keeper: User, town: Town) -> None:
    given = {"slug": "vinter", "name": "Vinter", "kind": "unit", "parent": town.streets.pk}
    client.post(f"{A}/organisationer/ny/", given)
    page = f"{A}/organisationer/vinter/"
    client.post(page, {"name": "Vinterväghållning", "kind": "unit", "series": "VV"})
    client.post(page + "flytta/", {"parent": town.social.pk})
    client.post(page + "upphor/", {"closed_at": "2026-12-31"})
    winter = Organisation.objects.get(slug="vinter")
    assert (winter.name, winter.parent, winter.closed_at.isoformat()) == (
        "Vinterväghållning",
        town.social,
        "2026-12-31",
    )
    assert "Vinterväghållning" in text(client.get(f"{A}/organisationer/", {"q": "vinterv"}))
    beneath = client.post(f"{A}/organisationer/socialforvaltningen/flytta/", {"parent": winter.pk})
    assert beneath.status_code == 422, "not below itself"
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["organisation.added", "organisation.changed", "organisation.moved", "organisation.changed"]


def test_a_group_has_its_mandate_and_members_from_many(client: Client, keeper: User, town: Town) -> None:
    client.post(f"{A}/organisationer/ny/", {"slug": "ljus", "name": "Ljusgruppen", "kind": "group"})
    page = f"{A}/organisationer/ljus/"
    client.post(page + "uppdrag/", {"given_by": town.municipality.pk, "purpose": "Bättre ljus", "until": "2027-12-31"})
    person("employee", town.technical, name="kim"), person("partner", town.company, name="lo")
    client.post(page + "medlem/", {"username": "KIM", "role": "process_leader"})
    client.post(page + "medlem/", {"username": "lo", "role": "partner", "until": "2027-01-31"})
    assert "inget konto" in text(client.post(page + "medlem/", {"username": "ingen", "role": "partner"}))
    shown = text(client.get(page))
    for words in ("Bättre ljus", "kim", "lo", "processledare"):
        assert words in shown
    held = Membership.objects.get(user__username="lo", organisation__slug="ljus")
    client.post(f"{A}/roller/{held.pk}/avsluta/", {"fran": "organisation"})
    assert not Membership.objects.filter(pk=held.pk).exists()
    assert client.post(f"{A}/organisationer/tekniska/uppdrag/", {"purpose": "x"}).status_code == 422


def test_one_who_keeps_a_unit_sees_and_reaches_no_further(client: Client, town: Town) -> None:
    client.force_login(person("administrator", town.technical))
    near, far = person("employee", town.streets, name="nara"), person("employee", town.social, name="borta")
    listed = text(client.get(f"{A}/konton/"))
    assert "nara" in listed
    assert "borta" not in listed
    assert client.get(f"{A}/konton/{near.pk}/").status_code == 200
    for path in (
        f"/konton/{far.pk}/",
        "/organisationer/socialforvaltningen/",
        "/las-in/",
        "/inloggning/",
        "/konton/nytt/",
    ):
        assert client.get(A + path).status_code == 403, path
    assert client.post(f"{A}/konton/{near.pk}/", {"language": "sv"}).status_code == 403
    wide = {"organisation": town.streets.pk, "role": "auditor"}
    assert client.post(f"{A}/konton/{near.pk}/roll/", wide).status_code == 403
    client.post(f"{A}/konton/{near.pk}/roll/", wide | {"role": "planner"})
    assert standing_of(User.objects.get(pk=near.pk)).has("planner")


def test_what_groups_of_the_provider_give_is_shown_and_changed(client: Client, keeper: User, town: Town) -> None:
    client.post(f"{A}/inloggning/", {"claim": "kk-planerare", "organisation": town.social.pk, "role": "planner"})
    assert "kk-planerare" in text(client.get(f"{A}/inloggning/"))
    client.post(f"{A}/inloggning/{ClaimMapping.objects.get().pk}/ta-bort/")
    assert not ClaimMapping.objects.exists()


def send(client: Client, content: str, name: str = "arenden.csv") -> Transfer:
    upload = SimpleUploadedFile(name, content.encode())
    answer = client.post(f"{A}/las-in/", {"kind": "matters", "file": upload})
    assert answer.status_code == 302, text(answer)
    return Transfer.objects.latest("id")


def test_a_table_with_faults_is_told_row_by_row_and_nothing_is_read_in(client: Client, keeper: User) -> None:
    sent = send(client, WRONG)
    assert "kontrolleras" in text(client.get(f"{A}/las-in/{sent.uid}/"))
    work()
    shown = text(client.get(f"{A}/las-in/{sent.uid}/"))
    for words in ("3 fel", "finns-inte", "unit", "kind", "Cellen är tom"):
        assert words in shown
    client.post(f"{A}/las-in/{sent.uid}/skriv/")
    work()
    assert not Matter.objects.exists()
    assert not Transfer.objects.get().blob, "the file is gone: its owner has it"


def test_a_sound_table_waits_for_a_yes_and_is_read_in_once(client: Client, keeper: User) -> None:
    sent = send(client, SOUND)
    work()
    assert "2 rader, inga fel" in text(client.get(f"{A}/las-in/{sent.uid}/"))
    assert not Matter.objects.exists()
    for _twice in range(2):
        client.post(f"{A}/las-in/{sent.uid}/skriv/")
    work()
    assert "2 nya" in text(client.get(f"{A}/las-in/{sent.uid}/"))
    assert Matter.objects.revealed().count() == 2
    again = send(client, SOUND)
    work()
    client.post(f"{A}/las-in/{again.uid}/skriv/")
    work()
    assert "2 oförändrade" in text(client.get(f"{A}/las-in/{again.uid}/"))
    assert list(Event.objects.filter(verb__startswith="table.").values_list("verb", flat=True)) == [
        "table.received", "table.approved", "table.received", "table.approved"
    ]  # fmt: skip


def test_what_waits_for_an_administrator_stands_on_the_home_page(client: Client, keeper: User, town: Town) -> None:
    assert "Inget väntar på dig" in text(client.get("/"))
    send(client, SOUND)
    work()
    person("visitor", name="utan-roll")
    home = text(client.get("/"))
    assert "Inläsning: arenden.csv" in home
    assert "utan-roll" in home
    other = Client()
    other.force_login(person("platform_team", town.municipality))
    assert "utan-roll" not in text(other.get("/"))


def test_who_is_no_longer_administrator_reads_nothing_in(client: Client, keeper: User) -> None:
    sent = send(client, SOUND)
    work()
    client.post(f"{A}/las-in/{sent.uid}/skriv/")
    keeper.memberships.all().delete()
    work()
    assert Transfer.objects.get().state == "failed"
    assert not Matter.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("bild.png", "x"), ("tom.csv", "")])
def test_what_is_no_table_is_refused_in_words(client: Client, keeper: User, name: str, content: str) -> None:
    upload = SimpleUploadedFile(name, content.encode())
    answer = client.post(f"{A}/las-in/", {"kind": "matters", "file": upload})
    assert answer.status_code == 422
    assert "Filen" in text(answer)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_tables_come_out_as_a_file_to_fetch(client: Client, keeper: User, town: Town, form: str) -> None:
    matter(title="Halt vid skolan", visibility="restricted")
    client.post(f"{A}/skriv-ut/", {"kinds": ["matters"], "form": form})
    ordered = Transfer.objects.get()
    assert client.get(f"{A}/skriv-ut/{ordered.uid}/hamta/").status_code == 404
    work()
    answer = client.get(f"{A}/skriv-ut/{ordered.uid}/hamta/")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert (b"Halt vid skolan" in body) or form == "xlsx"
    other = Client()
    other.force_login(person("platform_team", town.municipality))
    assert other.get(f"{A}/skriv-ut/{ordered.uid}/hamta/").status_code == 403
    client.post(f"{A}/las-in/{ordered.uid}/glom/")
    assert not Transfer.objects.exists()


def test_everything_comes_out_in_one_archive(client: Client, keeper: User, town: Town) -> None:
    client.post(f"{A}/skriv-ut/", {"form": "csv"})
    work()
    answer = client.get(f"{A}/skriv-ut/{Transfer.objects.get().uid}/hamta/")
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_who_keeps_a_group_gives_no_role_that_opens_the_whole_house(client: Client, town: Town) -> None:
    client.force_login(person("administrator", town.group))
    person("employee", town.social, name="kim")
    page, given = f"{A}/organisationer/innovationsgruppen/medlem/", {"username": "kim", "role": "platform_team"}
    assert client.post(page, given).status_code == 403
    assert client.post(page, given | {"role": "planner"}).status_code == 302
