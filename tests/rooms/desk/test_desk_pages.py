# SPDX-License-Identifier: EUPL-1.2
"""The desk through its pages: home, the matter, search, goals, notices."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helhet.foundation.goals.services import tie, write_goal
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters import thread
from helhet.foundation.matters.files import check_file
from helhet.foundation.matters.models import File, Matter
from helhet.foundation.people.models import User
from helhet.foundation.people.selectors import standing_of
from helhet.rooms.sluice.models import Sluice
from tests.people import SYSTEM, Town, matter, person, standing

Settle = Callable[[], None]


def log_in(client: Client, role: str, town: Town) -> User:
    user = person(role, town.technical)
    client.force_login(user)
    return user


def test_a_visitor_may_leave_something_and_see_what_is_public(client: Client, town: Town) -> None:
    shown = matter(title="Öppet för alla att läsa", visibility="public")
    hidden = matter(title="Internt för kommunen", visibility="internal")
    page = client.get("/").content.decode()
    assert "Öppet för alla att läsa" in page
    assert "Internt för kommunen" not in page
    assert client.get(f"/arende/{shown.uid}/").status_code == 200
    refused = client.get(f"/arende/{hidden.uid}/")
    assert refused.status_code == 403
    assert "Logga in" in refused.content.decode()


def test_the_page_shows_who_owns_what_waits_and_what_was_said(client: Client, town: Town, settle: Settle) -> None:
    user = log_in(client, "platform_team", town)
    Sluice.objects.create(organisation=town.municipality, title="Kommunens sluss")
    found = matter(title="Halt vid skolan", visibility="internal", owners=(town.streets,))
    thread.comment(by=standing_of(user), matter=found, text="Vi sandar i morgon.")
    settle()
    page = client.get(f"/arende/{found.uid}/").content.decode()
    for words in ("Gatukontoret", "Ge ett första svar", "Vi sandar i morgon.", "Fånga", "Sluss"):
        assert words in page


def test_a_comment_with_a_health_word_is_kept_and_asked_about(client: Client, town: Town) -> None:
    log_in(client, "employee", town)
    found = matter(visibility="internal")
    answer = client.post(f"/arende/{found.uid}/skriv/", {"text": "Hen är sjukskriven sedan maj."})
    assert answer.status_code == 422
    assert "Hen är sjukskriven sedan maj." in answer.content.decode()
    assert not found.comments.exists()
    client.post(f"/arende/{found.uid}/skriv/", {"text": "Hen är sjukskriven sedan maj.", "confirmed": "on"})
    assert found.comments.count() == 1


def test_support_and_follow_go_both_ways(client: Client, town: Town) -> None:
    log_in(client, "employee", town)
    found = matter(visibility="internal")
    for on, count in (("1", 1), ("1", 1), ("0", 0)):
        client.post(f"/arende/{found.uid}/stod/", {"on": on})
        client.post(f"/arende/{found.uid}/folj/", {"on": on})
        found.refresh_from_db()
        assert (found.support_count, found.follower_count) == (count, count)


def test_merging_leads_onwards_and_an_employee_may_not(client: Client, town: Town) -> None:
    old, new = matter(title="Det gamla", visibility="internal"), matter(title="Det nya", visibility="internal")
    log_in(client, "employee", town)
    assert client.post(f"/arende/{old.uid}/sla-ihop/", {"into": new.number}).status_code == 403
    log_in(client, "platform_team", town)
    wrong = client.post(f"/arende/{old.uid}/sla-ihop/", {"into": "XX 1999/1"})
    assert wrong.status_code == 422
    assert "XX 1999/1" in wrong.content.decode()
    client.post(f"/arende/{old.uid}/sla-ihop/", {"into": new.number})
    assert "Det nya" in client.get(f"/arende/{old.uid}/").content.decode()
    assert "Det gamla" in client.get(f"/arende/{new.uid}/").content.decode()


def test_restricting_needs_the_paragraph(client: Client, town: Town) -> None:
    log_in(client, "platform_team", town)
    found = matter(visibility="internal")
    given = {"visibility": "restricted", "secrecy_paragraph": ""}
    assert client.post(f"/arende/{found.uid}/lasare/", given).status_code == 422
    client.post(f"/arende/{found.uid}/lasare/", {**given, "secrecy_paragraph": "21 kap. 7 § OSL"})
    assert Matter.objects.get(pk=found.pk).visibility == "restricted"


def test_a_file_waits_until_checked_and_then_only_downloads(client: Client, town: Town) -> None:
    log_in(client, "platform_team", town)
    found = matter(visibility="internal")
    upload = SimpleUploadedFile("anteckning.txt", b"<script>alert(1)</script>")
    client.post(f"/arende/{found.uid}/bifoga/", {"file": upload})
    kept = File.objects.get()
    assert client.get(f"/fil/{kept.uid}/").status_code == 409
    check_file(uid=str(kept.uid))
    answer = client.get(f"/fil/{kept.uid}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    client.logout()
    assert client.get(f"/fil/{kept.uid}/").status_code == 403


def test_goals_show_what_nobody_acts_on(client: Client, town: Town) -> None:
    write_goal(by=SYSTEM, stable_id="klimat", kind="global", title="Bekämpa klimatförändringarna", source="FN")
    served = write_goal(by=SYSTEM, stable_id="halsa", kind="global", title="God hälsa", source="FN")
    found = matter(visibility="public")
    tie(by=SYSTEM, matter=found, goal=served, stance="supports", reason="Färre fall.")
    page = client.get("/mal/").content.decode()
    assert "Ett mål har inget ärende som stödjer det." in page
    assert "Färre fall." in client.get("/mal/halsa/").content.decode()


def test_a_search_finds_and_hides(client: Client, town: Town, settle: Settle) -> None:
    matter(title="Sandning av gångvägar", visibility="public")
    matter(title="Sandning av hemliga vägar", visibility="restricted")
    settle()
    page = client.get("/sok/", {"q": "sandning"}).content.decode()
    assert "Sandning av gångvägar" in page
    assert "hemliga" not in page
    assert "1 träff" in page


@pytest.mark.parametrize("text", ['"', "a" * 5000, "NEAR(x y)", "åäö*", "' OR 1=1 --", "\x00", "(((("])
def test_hostile_searches_are_answered_calmly(client: Client, town: Town, text: str) -> None:
    assert client.get("/sok/", {"q": text}).status_code in {200, 400}


def test_the_thousandth_contribution_costs_what_the_tenth_did(client: Client, town: Town) -> None:
    user = log_in(client, "platform_team", town)
    found = matter(visibility="internal")

    def fill(count: int) -> None:
        for place in range(count):
            thread.comment(by=standing_of(user), matter=found, text=f"Inlägg {place}")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/arende/{found.uid}/")
        return len(queries)

    fill(30)
    cost()
    few = cost()
    fill(60)
    assert cost() == few


def test_own_notices_are_read_by_opening_the_matter(client: Client, town: Town, settle: Settle) -> None:
    user = log_in(client, "employee", town)
    found = matter(by=standing_of(user), visibility="internal")
    thread.comment(by=standing("platform_team"), matter=found, text="Tack, vi tittar på det.")
    settle()
    assert "Ett nytt besked" in client.get("/").content.decode()
    client.get(f"/arende/{found.uid}/")
    assert "Ett nytt besked" not in client.get("/").content.decode()


def test_a_goal_is_written_and_written_anew_with_its_source(client: Client, town: Town) -> None:
    log_in(client, "employee", town)
    given = {"stable_id": "vatten", "kind": "plan", "title": "Rent vatten", "source": "Planen s. 4", "order": "1"}
    assert client.post("/mal/skriv/", given).status_code == 403
    assert "Skriv ett mål" not in client.get("/mal/").content.decode()
    log_in(client, "planner", town)
    assert client.post("/mal/skriv/", given | {"source": ""}).status_code == 422
    client.post("/mal/skriv/", given)
    assert client.post("/mal/skriv/", given).status_code == 422, "the key is taken"
    client.post("/mal/vatten/skriv/", given | {"title": "Rent vatten åt alla"})
    page = client.get("/mal/vatten/").content.decode()
    for words in ("Rent vatten åt alla", "version 2", "Planen s. 4", "Tidigare lydelser"):
        assert words in page


def test_each_owner_owns_the_whole_or_a_part_and_nobody_is_an_answer(client: Client, town: Town) -> None:
    log_in(client, "platform_team", town)
    found = matter(visibility="internal")
    address = f"/arende/{found.uid}/agare/"
    client.post(address, {"owner_1": town.streets.pk, "owner_3": town.group.pk, "part_3": "ljuset"})
    owned = [("Gatukontoret", ""), ("Innovationsgruppen", "ljuset")]
    assert list(found.owners.order_by("id").values_list("organisation__name", "part")) == owned
    shown = client.get(address).content.decode()
    assert "ljuset" in shown, "a part is there to be seen and kept"
    client.post(address, {"owner_1": ""})
    assert not found.owners.exists()


def test_a_project_by_hand_with_funders_that_share_the_whole(client: Client, town: Town) -> None:
    log_in(client, "platform_team", town)
    found = matter(visibility="internal")
    at = f"/arende/{found.uid}"
    told = {"starts": "2026-01-01", "ends": "2025-01-01", "aim": "Färre fall", "taken_over_by": town.streets.pk}
    assert "före början" in client.post(f"{at}/projekt/", told).content.decode()
    client.post(f"{at}/projekt/", told | {"ends": "2027-12-31"})
    for organisation, share, status in (
        (town.company, "60", 302),
        (town.university, "41", 422),
        (town.university, "40", 302),
    ):
        given = {"organisation": organisation.pk, "role": "funder", "share_percent": share}
        assert client.post(f"{at}/part/", given).status_code == status
    page = client.get(f"{at}/").content.decode()
    for words in ("Färre fall", "2026–2027", "Bolaget", "finansiär, 60", "Gatukontoret"):
        assert words in page
    part = found.participants.get(organisation=town.company)
    client.post(f"{at}/part/{part.pk}/avsluta/")
    assert not found.participants.filter(pk=part.pk).exists()


def test_ones_own_choices_are_two_events_and_stay(client: Client, town: Town) -> None:
    user = log_in(client, "employee", town)
    page = client.get("/mitt-konto/").content.decode()
    assert "Ärendet har besvarats" in page, "what the rooms tell can be chosen too"
    given = {"language": "fi", "digest_days": "7", "wanted": ["matter.commented"]}
    for _again in range(2):
        client.post("/mitt-konto/", given)
    own = Event.objects.filter(object_type="people.user").values_list("verb", flat=True)
    assert sorted(own) == ["notices.chosen", "person.preferences_chosen"]
    assert (User.objects.get(pk=user.pk).language, user.muted.filter(verb="matter.commented").exists()) == ("fi", False)
