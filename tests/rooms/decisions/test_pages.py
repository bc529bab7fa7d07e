# SPDX-License-Identifier: EUPL-1.2
"""The pages: who meets what, what is kept when something is wrong, what a list costs."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from helhet.foundation import policy
from helhet.foundation.policy import Standing
from helhet.rooms.decisions import deciding, services
from helhet.rooms.decisions.models import Basis, Decision, ReviewComment, Version
from helhet.rooms.decisions.presenting import present
from tests.people import matter, small_town, standing
from tests.rooms.decisions.making import Scene, scene, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_files")]
Open = Callable[[Standing], Client]
VISITOR = policy.visitor()


def address(name: str, *args: object) -> str:
    return reverse(f"decisions:{name}", args=args)


def decided(told: Scene, version: Version, number: str = "TN 2026/7", **changes: object) -> Decision:
    values = {
        "body": told.town.technical,
        "decided_on": localdate(),
        "reason": "Helheten vinner.",
        "chosen_mark": "B",
        "follow_up_on": localdate() + timedelta(days=5),
        "promise": "Lägre utsläpp.",
    }
    return deciding.record_decision(by=told.leader, version=version, number=number, **(values | changes))  # type: ignore[arg-type]


def test_the_whole_way_through_the_pages(browsing: Open) -> None:
    town = small_town()
    leader = standing("process_leader", town.municipality)
    thing = matter(by=leader, title="Halt vid skolan", visibility="public")
    told = scene()
    client = browsing(leader)
    page = client.post(address("start", thing.uid), {"title": "Halt vid skolan", "planned_on": "2027-02-09"})
    basis = Basis.objects.get(title="Halt vid skolan")
    assert page["Location"] == address("edit", basis.uid)
    assert "Frågan är inte skriven" in client.get(page["Location"]).content.decode()
    saved = client.post(address("section", basis.uid, "question"), {"text": "Ska gatan värmas?", "revision": "0"})
    assert saved.status_code == 302
    client.post(
        address("alternatives", basis.uid),
        {"name": "Värm gatan", "is_recommended": "on", "reversible": "Ja", "run": ""},
    )
    client.post(address("rows", basis.uid, "unvalued"), {"text": "Oron för att halka"})
    client.post(address("rows", basis.uid, "affected"), {"group": "Skolbarn", "heard_on": "2026-11-01", "says": "Bra"})
    client.post(address("rows", basis.uid, "remarks"), {"text": "De som inte går syns inte."})
    client.post(address("send_to_review", basis.uid))
    review = client.get(address("review", basis.uid) + "?stycke=fraga-1").content.decode()
    assert "Ska gatan värmas?" in review
    client.post(address("review", basis.uid), {"place": "fraga-1", "text": "Vilken gata?"})
    remark = ReviewComment.objects.get()
    assert (remark.section, remark.paragraph, remark.quote) == ("fraga", 1, "Ska gatan värmas?")
    assert "Vilken gata?" in client.get(address("review", basis.uid)).content.decode()
    client.post(address("resolve", basis.uid, remark.pk), {"resolution": "Skolgatan."})
    under_way = client.post(address("present", basis.uid))["Location"]
    assert "Väntar på sin tur" in client.get(under_way).content.decode()
    work()
    assert client.get(under_way)["Location"] == address("version", basis.uid, 1)
    made = client.post(
        address("record", basis.uid),
        {
            "body": told.town.technical.pk,
            "decided_on": localdate().isoformat(),
            "number": "TN § 3",
            "chosen": "B",
            "reason": "Barnen ska fram.",
            "follow_up_on": (localdate() + timedelta(days=9)).isoformat(),
        },
    )
    decision = Decision.objects.get(number="TN § 3")
    assert made["Location"] == address("decision", decision.uid)
    visitor = browsing(VISITOR)
    assert "Barnen ska fram" in visitor.get(made["Location"]).content.decode()
    followed = decision.follow_ups.get()
    client.post(address("follow_up", followed.pk), {"kept": "yes", "outcome": "Färre halkolyckor."})
    assert "Färre halkolyckor" in visitor.get(made["Location"]).content.decode()


def test_a_draft_is_seen_inside_only_and_a_presented_basis_by_all(browsing: Open) -> None:
    told = scene()
    visitor, partner = browsing(VISITOR), browsing(standing("partner", told.town.company))
    for client in (visitor, partner):
        for name in ("basis", "draft", "review", "edit", "versions"):
            assert client.get(address(name, told.basis.uid)).status_code == 403, name
        assert client.get(address("download", told.basis.uid, "pdf") + "?version=utkast").status_code == 403
    inside = browsing(standing("employee", told.town.social))
    assert inside.get(address("draft", told.basis.uid)).status_code == 200
    present(by=told.leader, basis=told.basis)
    services.write_section(by=told.leader, basis=told.basis, section="question", text="En hemlig omskrivning?")
    shown = visitor.get(address("basis", told.basis.uid)).content.decode()
    assert "Ska kommunen ta emot spillvärme?" in shown
    assert "hemlig omskrivning" not in shown
    assert "Utkastet till nästa version" not in shown
    assert visitor.get(address("draft", told.basis.uid)).status_code == 403
    assert visitor.get(address("download", told.basis.uid, "pdf") + "?version=utkast").status_code == 403


WRITING = ("edit", "head", "alternatives", "figures")


@pytest.mark.parametrize(
    "role", ["visitor", "resident", "partner", "employee", "politician", "auditor", "administrator"]
)
def test_only_those_who_draft_may_write(browsing: Open, role: str) -> None:
    told = scene()
    client = browsing(standing(role, told.town.technical))
    before = told.basis.revision
    for name in WRITING:
        assert client.get(address(name, told.basis.uid)).status_code == 403
    assert client.post(address("section", told.basis.uid, "question"), {"text": "Kapad"}).status_code == 403
    assert client.post(address("rows", told.basis.uid, "unvalued"), {"text": "Kapad"}).status_code == 403
    row = told.basis.unvalued.get()
    assert client.post(address("remove", told.basis.uid, "unvalued", row.pk)).status_code == 403
    assert client.post(address("send_to_review", told.basis.uid)).status_code == 403
    assert client.post(address("present", told.basis.uid)).status_code == 403
    assert client.get(address("start", told.matter.uid)).status_code == 403
    told.basis.refresh_from_db()
    assert told.basis.revision == before


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("process_leader", True),
        ("platform_team", True),
        ("unit_manager", True),
        ("economist", False),
        ("politician", False),
        ("administrator", False),
        ("employee", False),
        ("visitor", False),
    ],
)
def test_who_may_record_a_decision(browsing: Open, role: str, may: bool) -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    client = browsing(standing(role, told.town.municipality))
    assert client.get(address("record", told.basis.uid)).status_code == (200 if may else 403)
    decision = decided(told, version)
    assert client.get(address("correct", decision.uid)).status_code == (200 if may else 403)
    follow_up = decision.follow_ups.get()
    inside_owner = role in ("economist", "politician", "employee")
    assert client.get(address("follow_up", follow_up.pk)).status_code == (200 if may or inside_owner else 403)


def test_the_public_register_leaks_nothing(browsing: Open) -> None:
    open_one, closed, secret = scene(), scene(visibility="internal"), scene(visibility="restricted")
    manager = standing("platform_team")
    for told, number in ((open_one, "ÖPPET 1"), (closed, "INTERNT 2"), (secret, "HEMLIGT 3")):
        Basis.objects.filter(pk=told.basis.pk).update(title=f"Rubrik {number}")
        told.basis.refresh_from_db()
        version = present(by=manager, basis=told.basis)
        deciding.record_decision(
            by=manager,
            version=version,
            body=told.town.technical,
            decided_on=localdate(),
            number=number,
            reason="Helheten vinner.",
            chosen_mark="B",
        )
    visitor = browsing(VISITOR)
    for page in ("register", "feed"):
        words = visitor.get(address(page)).content.decode()
        assert "ÖPPET 1" in words
        assert "INTERNT" not in words
        assert "HEMLIGT" not in words
    inside = browsing(standing("employee")).get(address("register")).content.decode()
    assert "INTERNT 2" in inside
    assert "HEMLIGT" not in inside
    for decision in Decision.objects.exclude(number="ÖPPET 1"):
        assert visitor.get(address("decision", decision.uid)).status_code == 403
        assert visitor.get(address("version", decision.version.basis.uid, 1)).status_code == 403
        assert visitor.get(address("download", decision.version.basis.uid, "pdf")).status_code == 403
    logged_in_feed = browsing(manager).get(address("feed")).content.decode()
    assert "INTERNT" not in logged_in_feed


def test_what_was_typed_is_kept_when_something_is_wrong(browsing: Open) -> None:
    told = scene()
    client = browsing(told.leader)
    version = present(by=told.leader, basis=told.basis)
    page = client.post(
        address("record", told.basis.uid),
        {
            "body": told.town.technical.pk,
            "decided_on": localdate().isoformat(),
            "number": "TN § 9",
            "chosen": "A",
            "reason": "Vi väntar ett år till.",
        },
    )
    assert page.status_code == 422
    words = page.content.decode()
    assert "Vi väntar ett år till." in words
    assert "Beslutet skiljer sig från förslaget. Skriv varför." in words
    assert not Decision.objects.filter(version=version).exists()
    wrong = client.post(
        address("section", told.basis.uid, "question"), {"text": "Pris {{figure:" + "0" * 36 + "#x}}?", "revision": "1"}
    )
    assert wrong.status_code == 422 or wrong.status_code == 302
    careful = client.post(
        address("rows", told.basis.uid, "affected"), {"group": "Boende", "says": "Ring 070-123 45 67"}
    )
    assert careful.status_code == 422
    assert "070-123 45 67" in careful.content.decode()
    assert (
        client.post(
            address("rows", told.basis.uid, "affected"),
            {"group": "Boende", "says": "Ring 070-123 45 67", "confirmed": "on"},
        ).status_code
        == 302
    )


def test_a_figure_is_picked_and_a_typed_number_is_pointed_out(browsing: Open) -> None:
    told = scene()
    client = browsing(told.economist)
    where = address("section", told.basis.uid, "effects")
    picked = client.post(where, {"text": "Helheten blir", "insert": f"{told.run.uid}#npv_total", "revision": "0"})
    assert f"{{{{figure:{told.run.uid}#npv_total}}}}" in picked.content.decode()
    assert 'class="fig"' in picked.content.decode()
    assert not told.basis.texts.filter(section="effects").exists()
    client.post(where, {"text": "Det kostar 210 MSEK och ger 3,5 % tillbaka.", "revision": "0"})
    words = client.get(where).content.decode()
    assert "<li>210 MSEK</li>" in words
    assert "<li>3,5 %</li>" in words
    assert "210 MSEK" in browsing(told.leader).get(address("present", told.basis.uid)).content.decode()


def test_hostile_words_stay_words(browsing: Open) -> None:
    told = scene()
    evil = '<script>alert(1)</script> [klick](javascript:alert(1)) {{ request }} {% load x %} #read("/etc/passwd") \x07'
    services.write_section(by=told.leader, basis=told.basis, section="background", text=evil)
    services.set_row(by=told.leader, basis=told.basis, kind="unvalued", text=evil[:300], who='"><img src=x onerror=1>')
    services.set_alternative(by=told.leader, basis=told.basis, name='"><svg onload=1>', text=evil[:300])
    version = present(by=told.leader, basis=told.basis)
    decided(told, version, "<b>1</b>", reason=evil)
    client = browsing(told.leader)
    for page in (
        address("version", told.basis.uid, 1),
        address("draft", told.basis.uid),
        address("edit", told.basis.uid),
        address("review", told.basis.uid),
        address("register"),
        address("alternatives", told.basis.uid),
        address("rows", told.basis.uid, "unvalued"),
        address("section", told.basis.uid, "background"),
        address("decision", Decision.objects.get().uid),
        address("versions", told.basis.uid),
    ):
        words = client.get(page).content.decode()
        assert "<script>alert" not in words, page
        assert "<svg onload" not in words, page
        assert "<img src=x" not in words, page
        assert 'href="javascript' not in words, page


def test_files_are_downloads_under_a_sandbox(browsing: Open) -> None:
    told = scene()
    present(by=told.leader, basis=told.basis)
    for form in ("pdf", "docx"):
        got = browsing(VISITOR).get(address("download", told.basis.uid, form) + "?lang=en")
        assert got.status_code == 200
        assert got["Content-Disposition"].startswith('attachment; filename="')
        assert got["Content-Security-Policy"].startswith("sandbox")
    assert browsing(VISITOR).get(address("download", told.basis.uid, "exe")).status_code == 404
    assert browsing(VISITOR).get(address("download", told.basis.uid, "pdf") + "?version=77").status_code == 404


def test_the_basis_in_english(browsing: Open) -> None:
    told = scene()
    present(by=told.leader, basis=told.basis)
    words = browsing(VISITOR).get(address("basis", told.basis.uid) + "?lang=en").content.decode()
    assert "Should the city take waste heat?" in words
    assert '<article class="doc" lang="en">' in words
    assert "Who pays, who gains" in words


def test_a_remark_follows_its_paragraph_and_says_when_it_has_changed(browsing: Open) -> None:
    told = scene()
    client = browsing(told.economist)
    client.post(address("review", told.basis.uid), {"place": "bakgrund-1", "text": "Stämmer det?"})
    services.write_section(
        by=told.leader, basis=told.basis, section="background", text="Först något nytt.\n\nVi **eldar** avfall."
    )
    words = client.get(address("review", told.basis.uid)).content.decode()
    moved = re.search(r'id="k-bakgrund-(\d)">\s*<div class="remark', words)
    assert moved is not None
    assert moved[1] == "2"
    services.write_section(by=told.leader, basis=told.basis, section="background", text="Allt är omskrivet.")
    words = client.get(address("review", told.basis.uid)).content.decode()
    assert "Stycket har ändrats sedan dess" in words
    assert client.post(address("review", told.basis.uid), {"place": "bakgrund-99", "text": "x"}).status_code == 422


def test_other_peoples_rows_cannot_be_reached_through_ones_own_basis(browsing: Open) -> None:
    mine, theirs = scene(), scene(visibility="restricted")
    client = browsing(mine.economist)
    row = theirs.basis.unvalued.get()
    assert client.post(address("remove", mine.basis.uid, "unvalued", row.pk)).status_code == 404
    remark = services.comment_paragraph(
        by=standing("platform_team"), basis=theirs.basis, section="fraga", paragraph=1, paragraph_text="x", text="y"
    )
    assert client.post(address("resolve", mine.basis.uid, remark.pk), {"resolution": "z"}).status_code == 404


def test_the_feed_is_atom_and_filters_hold(browsing: Open) -> None:
    told = scene()
    decided(told, present(by=told.leader, basis=told.basis), decided_on=localdate())
    visitor = browsing(VISITOR)
    feed = visitor.get(address("feed"))
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert b"<entry>" in feed.content
    assert "TN 2026/7" in visitor.get(address("register") + f"?organ={told.town.technical.slug}").content.decode()
    assert "TN 2026/7" not in visitor.get(address("register") + "?organ=samebyn").content.decode()
    assert "TN 2026/7" not in visitor.get(address("register") + "?ar=1999").content.decode()
    for odd in ("?ar=99999", "?fore=x_y", "?organ=' OR 1=1", "?ar=-1", "?fore=2026-01-01_999999999999999999999"):
        assert visitor.get(address("register") + odd).status_code == 200


def test_the_matter_page_tells_of_drafts_to_those_inside_only(browsing: Open) -> None:
    told = scene()
    services.send_to_review(by=told.leader, basis=told.basis)
    where = reverse("desk:matter", args=[told.matter.uid])
    draft = address("basis", told.basis.uid)
    assert draft in browsing(told.economist).get(where).content.decode()
    outside = browsing(VISITOR).get(where).content.decode()
    assert draft not in outside
    assert "eslutsunderlag" not in outside
    version = present(by=told.leader, basis=told.basis)
    decision = decided(told, version)
    shown = browsing(VISITOR).get(where).content.decode()
    assert draft in shown
    assert address("decision", decision.uid) in shown
    assert "Ett beslut har fattats" in shown


def test_the_head_and_a_conflict_between_two_writers(browsing: Open) -> None:
    told = scene()
    client = browsing(told.leader)
    page = client.post(address("head", told.basis.uid), {"title": "Ny rubrik", "planned_on": "fel dag"})
    assert page.status_code == 422
    assert 'value="Ny rubrik"' in page.content.decode()
    assert client.post(address("head", told.basis.uid), {"title": "Ny rubrik"}).status_code == 302
    where = address("section", told.basis.uid, "question")
    client.post(where, {"text": "Första?", "revision": "1"})
    late = browsing(told.economist).post(where, {"text": "Andra?", "revision": "1"})
    assert late.status_code == 422
    words = late.content.decode()
    assert "Första?" in words
    assert "Andra?" in words
    assert browsing(told.economist).post(where, {"text": "Andra?", "revision": "2"}).status_code == 302


def test_a_decision_is_shown_at_the_version_it_was_made_on(browsing: Open) -> None:
    told = scene()
    first = present(by=told.leader, basis=told.basis)
    services.write_section(by=told.leader, basis=told.basis, section="background", text="Gruvan slutar tidigare.")
    present(by=told.leader, basis=told.basis, what_changed="Ny bakgrund.")
    client = browsing(told.leader)
    old = client.get(address("version", told.basis.uid, 1)).content.decode()
    assert f"{address('record', told.basis.uid)}?version=1" in old
    form = {
        "body": told.town.technical.pk,
        "decided_on": localdate().isoformat(),
        "number": "TN § 3",
        "chosen": "B",
        "reason": "Barnen ska fram.",
    }
    assert client.post(address("record", told.basis.uid) + "?version=1", form).status_code == 302
    assert Decision.objects.get().version == first
    decided_on, other, draft = (
        client.get(where).content.decode()
        for where in (
            address("version", told.basis.uid, 1),
            address("version", told.basis.uid, 2),
            address("draft", told.basis.uid),
        )
    )
    assert "Tekniska beslutade på den här versionen" in decided_on
    for page in (other, draft):
        assert "på version 1, inte på den text som står här" in page
        assert "beslutade på den här versionen" not in page
    assert "Tekniska beslutade på den här versionen" in client.get(address("versions", told.basis.uid)).content.decode()
