# SPDX-License-Identifier: EUPL-1.2
"""The sluice through its pages."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helhet.foundation.matters.models import File, Matter
from helhet.rooms.sluice import services
from helhet.rooms.sluice.models import Case, Outcome, Sluice, Translation
from tests.people import Town, person, standing

Settle = Callable[[], None]


@pytest.fixture
def employee(client: Client, town: Town, sluice: Sluice) -> Client:
    client.force_login(person("employee", town.technical))
    return client


def test_an_employee_leaves_something_in_two_fields(employee: Client) -> None:
    answer = employee.post("/lamna/", {"kind": "idea", "text": "Mät hur länge gatubelysningen behövs."}, follow=True)
    assert answer.status_code == 200
    assert "Tack. Ditt ärende är mottaget." in answer.content.decode()
    assert Matter.objects.get().title == "Mät hur länge gatubelysningen behövs"


def test_what_was_typed_is_kept_when_something_is_wrong(employee: Client) -> None:
    answer = employee.post("/lamna/", {"kind": "idea", "text": "", "place": "Vid skolan på Högalid"})
    assert answer.status_code == 422
    assert "Vid skolan på Högalid" in answer.content.decode()


def test_a_personal_identity_number_is_warned_about_before_anything_is_saved(employee: Client) -> None:
    text = "Ring 811218-9876 om halkan."
    answer = employee.post("/lamna/", {"kind": "need", "text": text})
    assert answer.status_code == 422
    assert "personnummer" in answer.content.decode()
    assert not Matter.objects.exists()
    employee.post("/lamna/", {"kind": "need", "text": text, "confirmed": "on"})
    assert Matter.objects.count() == 1


def test_a_file_of_the_wrong_kind_is_refused_and_nothing_is_left(employee: Client) -> None:
    upload = SimpleUploadedFile("farlig.exe", b"MZ", content_type="image/png")
    answer = employee.post("/lamna/", {"kind": "need", "text": "Se bilden på halkan.", "attachments": upload})
    assert answer.status_code == 422
    assert not Matter.objects.exists()
    assert not File.objects.exists()


def test_somebody_without_an_account_gets_a_secret_link(client: Client, sluice: Sluice) -> None:
    answer = client.post("/lamna/", {"kind": "need", "text": "Det är mörkt vid busshållplatsen."}, follow=True)
    page = answer.content.decode()
    link = re.search(r"/folj/[\w-]+/", page)
    assert link
    assert answer["Referrer-Policy"] == "no-referrer"
    matter = Matter.objects.get()
    assert (matter.author, matter.author_kind) == (None, "anonymous")
    case = Case.objects.get()
    services.answer(by=standing("platform_team"), case=case, kind="answered", reason="Lampan byts.", contact="Gatan")
    assert "Lampan byts." in client.get(link.group()).content.decode()
    assert client.get("/folj/fel-lank/").status_code == 404
    assert client.get(f"/arende/{matter.uid}/").status_code == 403


def test_while_typing_similar_matters_show_and_hidden_ones_never(employee: Client, settle: Settle) -> None:
    by = standing("platform_team")
    services.leave(by=by, kind="need", text="Halkan vid busshållplatsen måste sandas.")
    services.leave(
        by=by, kind="need", text="Halkan vid busshållplatsen hemlig.", visibility="restricted", secrecy_paragraph="19:3"
    )
    settle()
    page = employee.post("/lamna/liknande/", {"text": "det är halka vid busshållplatsen"}).content.decode()
    assert "sandas" in page
    assert "hemlig" not in page


def test_the_platform_team_answers_in_the_authors_language(client: Client, town: Town, sluice: Sluice) -> None:
    author = standing("resident")
    left = services.leave(by=author, kind="need", text="Biojäte jäätyy astiaan.", language="fi", visibility="public")
    client.force_login(person("platform_team"))
    page = client.get(f"/sluss/{left.matter.uid}/svara/").content.decode()
    assert "Suomi" in page
    given = {
        "kind": "answered",
        "reason": "Kärlen byts.",
        "contact": "Avfall",
        "next_date": "2027-01-08",
        "language": "sv",
    }
    answer = client.post(f"/sluss/{left.matter.uid}/svara/", given)
    assert answer.status_code == 302
    assert Translation.objects.get().language == "fi"


def test_an_answer_without_reason_says_so_and_keeps_the_rest(client: Client, sluice: Sluice) -> None:
    left = services.leave(by=standing("employee"), kind="need", text="Kärlen fryser fast.")
    client.force_login(person("platform_team"))
    given = {"kind": "declined", "reason": "", "contact": "Avfallstjänsten på plats", "next_date": "2027-01-08"}
    answer = client.post(f"/sluss/{left.matter.uid}/svara/", given)
    assert answer.status_code == 422
    assert "Avfallstjänsten på plats" in answer.content.decode()
    assert not Outcome.objects.exists()


def test_the_queue_is_closed_to_outsiders(client: Client, sluice: Sluice) -> None:
    assert client.get("/sluss/").status_code == 403
    client.force_login(person("resident"))
    assert client.get("/sluss/").status_code == 403


def test_the_feed_holds_what_is_public_and_nothing_else(client: Client, sluice: Sluice) -> None:
    team = standing("platform_team")
    for text, visibility in (("Öppet exempel på verktygslån.", "public"), ("Internt exempel på lån.", "internal")):
        left = services.leave(by=team, kind="example", text=text, visibility=visibility)
        services.answer(
            by=team, case=left.matter.case, kind="banked", usable_now=True, reason="Bra.", contact="Plattformsteamet"
        )
    feed = client.get("/banken/atom.xml").content.decode()
    assert "verktygslån" in feed
    assert "Internt" not in feed


@pytest.mark.parametrize("path", ["/sluss/", "/banken/", "/agarlosa/", "/arenden/", "/"])
def test_lists_ask_as_much_of_a_thousand_as_of_ten(client: Client, town: Town, sluice: Sluice, path: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(person("platform_team"))
    author = standing("employee", town.technical)

    def fill(count: int) -> None:
        for place in range(count):
            services.leave(by=author, kind="example", text=f"Exempel {place} att använda i staden.")

    def cost() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    fill(30)
    few = cost()
    fill(90)
    assert cost() == few


def test_an_anonymous_author_answers_a_question_through_the_secret_link(client: Client, sluice: Sluice) -> None:
    answer = client.post("/lamna/", {"kind": "need", "text": "Det är mörkt vid hållplatsen."}, follow=True)
    link = re.search(r"/folj/[\w-]+/", answer.content.decode())
    assert link
    case = Case.objects.get()
    services.ask_author(by=standing("platform_team"), case=case, question="Vilken hållplats?")
    assert "Vilken hållplats?" in client.get(link.group()).content.decode()
    client.post(link.group(), {"text": "Den vid arenan."})
    case.refresh_from_db()
    assert case.waits_for == "us"
    assert case.matter.comments.order_by("-id").first().text == "Den vid arenan."
    assert client.post("/folj/fel/", {"text": "Hej"}).status_code == 404


def test_the_platform_team_sets_up_a_sluice_and_an_employee_may_not(client: Client, town: Town, sluice: Sluice) -> None:
    path = f"/sluss/stall-in/{town.municipality.slug}/"
    given = {
        "title": "Stadens sluss",
        "promise_days": "3",
        "questions": "Vilket kvarter? | En gata räcker.",
        "outcomes": ["answered", "declined"],
        "is_open": "on",
    }
    client.force_login(person("employee"))
    assert client.post(path, given).status_code == 403
    client.force_login(person("platform_team"))
    assert client.post(path, {**given, "questions": "a?\nb?\nc?\nd?\ne?\nf?"}).status_code == 422
    assert client.post(path, given).status_code == 302
    sluice.refresh_from_db()
    assert (sluice.promise_days, sluice.questions[0]["label"]) == (3, "Vilket kvarter?")
    page = client.get("/lamna/", {"sluss": sluice.pk}).content.decode()
    assert "Vilket kvarter?" in page


def test_a_hidden_question_is_hidden_on_the_secret_page_too(client: Client, sluice: Sluice) -> None:
    from helhet.foundation.matters.thread import hide_comment

    answer = client.post("/lamna/", {"kind": "need", "text": "Det är mörkt vid hållplatsen."}, follow=True)
    link = re.search(r"/folj/[\w-]+/", answer.content.decode())
    assert link
    team, case = standing("platform_team"), Case.objects.get()
    services.ask_author(by=team, case=case, question="Är du den som bor på nummer tre?")
    hide_comment(by=team, comment=case.matter.comments.get(), reason="Pekar ut någon.")
    page = client.get(link.group()).content.decode()
    assert "nummer tre" not in page
    assert "Pekar ut någon." in page


def test_what_is_typed_in_an_answer_never_becomes_a_broken_page(client: Client, sluice: Sluice) -> None:
    left = services.leave(by=standing("employee"), kind="need", text="Kärlen fryser.")
    client.force_login(person("platform_team"))
    given = {
        "kind": "banked",
        "reason": "Senare.",
        "contact": "Avfall",
        "next_date": "2027-01-08",
        "return_after": "X 1/1",
    }
    answer = client.post(f"/sluss/{left.matter.uid}/svara/", given)
    assert answer.status_code == 422
    assert "X 1/1" in answer.content.decode()
