# SPDX-License-Identifier: EUPL-1.2
"""What the room keeps apart: closed matters unseen, numbers given once, refusals that lose nothing, costs that are bounded."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import figure
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.thread import follow
from helhet.foundation.notices.models import Notice
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing, visitor
from helhet.rooms.decisions import deciding, lives, services, subscribers
from helhet.rooms.decisions.models import Decision, FollowUp, Version
from helhet.rooms.decisions.presenting import present
from helhet.rooms.decisions.references import token, typed_numbers
from helhet.rooms.decisions.shown import origin
from tests.people import standing
from tests.rooms.decisions.making import Scene, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_files")]
Open = Callable[[Standing], Client]


def address(name: str, *args: object) -> str:
    return reverse(f"decisions:{name}", args=args)


def values(told: Scene, **changes: object) -> dict[str, object]:
    return {
        "body": told.town.technical,
        "decided_on": localdate(),
        "number": "TN 2026/7 § 34",
        "reason": "Helheten vinner.",
        "chosen_mark": "B",
        "follow_up_on": localdate() + timedelta(days=5),
    } | changes


def decided(told: Scene, by: Standing | None = None, **changes: object) -> Decision:
    by = by or told.leader
    version = told.basis.versions.first() or present(by=by, basis=told.basis)
    return deciding.record_decision(by=by, version=version, **values(told, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("visibility", ["restricted", "internal"])
def test_counting_follow_ups_tells_nothing_of_closed_matters(browsing: Open, visibility: str) -> None:
    told = scene(visibility=visibility)
    pk = decided(told, standing("platform_team")).follow_ups.get().pk
    readers = [visitor(), standing("resident")] + ([standing("employee")] if visibility == "restricted" else [])
    for reader in readers:
        there, nowhere = (browsing(reader).get(address("follow_up", one)) for one in (pk, pk + 9999))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert "OSL" not in there.content.decode()
    assert browsing(standing("platform_team")).get(address("follow_up", pk)).status_code == 200


def test_who_may_read_but_not_answer_is_told_why(browsing: Open) -> None:
    told = scene()
    refused = browsing(visitor()).get(address("follow_up", decided(told).follow_ups.get().pk))
    assert refused.status_code == 403


def test_a_thirteenth_alternative_is_refused_and_what_was_typed_stays(browsing: Open) -> None:
    told = scene()
    for n in range(services.MAX_ALTERNATIVES - told.basis.alternatives.count()):
        services.set_alternative(by=told.leader, basis=told.basis, name=f"Väg {n}")
    page = browsing(told.leader).post(address("alternatives", told.basis.uid), {"name": "Den trettonde vägen"})
    assert page.status_code == 422
    assert "Den trettonde vägen" in page.content.decode()
    assert "högst tolv alternativ" in page.content.decode()


@pytest.mark.parametrize(
    ("verb", "page", "typed"),
    [
        ("start_basis", "start", {"title": "Mina ord"}),
        ("describe_basis", "head", {"title": "Mina ord"}),
        ("choose_figure", "figures", {"part": "money", "figure": "#npv_total"}),
        ("set_row", "rows", {"text": "Mina ord"}),
        ("comment_paragraph", "review", {"place": "fraga-1", "text": "Mina ord"}),
    ],
)
def test_whatever_verb_refuses_the_form_says_so(
    browsing: Open, monkeypatch: pytest.MonkeyPatch, verb: str, page: str, typed: dict[str, str]
) -> None:
    told = scene()

    def refuse(**given: object) -> None:
        raise ValueError("Inte just nu.")

    monkeypatch.setattr(services, verb, refuse)
    where = [told.matter.uid] if page == "start" else [told.basis.uid, *(["unvalued"] if page == "rows" else [])]
    answer = browsing(told.leader).post(address(page, *where), typed)
    assert answer.status_code == 422
    assert "Inte just nu." in answer.content.decode()
    assert "Mina ord" in answer.content.decode() or page == "figures"


def test_a_body_gives_a_number_once() -> None:
    told, other = scene(), scene()
    first = decided(told)
    with pytest.raises(ValueError, match="redan registrerat"):
        decided(told, number=" tn  2026/7 § 34 ")
    with pytest.raises(ValueError, match="redan ett beslut med det numret"):
        decided(other)
    assert decided(other, body=told.town.social).number == first.number
    second = decided(other, number="TN 2026/7 § 35")
    with pytest.raises(ValueError, match="redan ett beslut med det numret"):
        deciding.correct_decision(by=told.leader, decision=second, correction_reason="Fel.", **values(other))  # type: ignore[arg-type]
    kept = deciding.correct_decision(by=told.leader, decision=first, correction_reason="Fel skäl.", **values(told))  # type: ignore[arg-type]
    assert kept.number == first.number
    moved = values(told, number="TN 2026/7 § 36")
    deciding.correct_decision(by=told.leader, decision=kept, correction_reason="Fel paragraf.", **moved)  # type: ignore[arg-type]
    assert decided(scene(), number=first.number).pk


def test_what_somebody_recorded_while_one_waited_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    told, other = scene(), scene()
    waiting = deciding._one_at_a_time

    def somebody_was_first(version: Version, body: Organisation) -> None:
        monkeypatch.setattr(deciding, "_one_at_a_time", waiting)
        decided(other)

    monkeypatch.setattr(deciding, "_one_at_a_time", somebody_was_first)
    with pytest.raises(ValueError, match="redan ett beslut med det numret"):
        decided(told)


def test_who_corrects_what_somebody_else_just_corrected_keeps_the_text(browsing: Open) -> None:
    told = scene()
    first = decided(told)
    client = browsing(told.leader)
    typed = {
        "body": told.town.technical.pk,
        "decided_on": localdate().isoformat(),
        "number": "TN § 8",
        "chosen": "B",
        "reason": "Mina skäl.",
        "correction_reason": "Fel nummer.",
    }
    where = address("correct", first.uid)
    assert client.post(where, typed).status_code == 302
    late = client.post(where, typed | {"number": "TN § 9"})
    assert late.status_code == 422
    assert "redan rättat" in late.content.decode()
    assert "Mina skäl." in late.content.decode()
    assert client.get(where).status_code == 302


def test_who_answers_what_somebody_else_just_answered_keeps_the_text(browsing: Open) -> None:
    told = scene()
    client, where = browsing(told.leader), address("follow_up", decided(told).follow_ups.get().pk)
    assert client.post(where, {"kept": "yes", "outcome": "Bra."}).status_code == 302
    late = client.post(where, {"kept": "no", "outcome": "Mindre bra."})
    assert late.status_code == 422
    assert "Mindre bra." in late.content.decode()
    assert FollowUp.objects.get().outcome == "Bra."


def test_a_day_is_the_day_where_people_live() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    late_in_the_evening = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    Version.objects.filter(pk=version.pk).update(presented_at=late_in_the_evening)
    assert "1 juli" in str(lives.decide_steps([told.matter])[told.matter.pk].remark)
    Run.objects.filter(pk=told.run.pk).update(created_at=late_in_the_evening)
    run = Run.objects.get(pk=told.run.pk)
    assert "1 juli 2026" in origin(run, figure(run, "co2"), "sv").source


def test_reviewers_are_told_in_a_few_questions_however_many(
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    told = scene()
    insiders = [standing("employee") for _n in range(12)]
    outsider = standing("resident")
    for one in (*insiders, outsider):
        follow(by=one, matter=told.matter)
    services.send_to_review(by=told.leader, basis=told.basis)
    event = Event.objects.get(verb="basis.sent_to_review")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        subscribers.tell_reviewers(event)
    told_users = set(Notice.objects.filter(verb=event.verb).values_list("user_id", flat=True))
    assert {one.user_id for one in insiders} <= told_users
    assert outsider.user_id not in told_users


def test_the_digits_of_a_run_are_nobodys_telephone_number(browsing: Open) -> None:
    told = scene()
    Run.objects.filter(pk=told.run.pk).update(uid="90c07567-9577-4c56-ada6-ef01b70cea0c")
    told.run.refresh_from_db()
    text = f"Helheten blir {token(told.run, 'npv_total')}."
    where = address("section", told.basis.uid, "effects")
    assert browsing(told.leader).post(where, {"text": text, "revision": "0"}).status_code == 302
    assert told.basis.texts.get(section="effects", language="sv").text == text


def test_typed_numbers_are_found_in_ever_so_long_a_text() -> None:
    """A section may hold 40 000 characters. If time grew with the square of them, this would not end today."""
    assert typed_numbers("1 " * 300_000 + "slut. Det kostar 12,5 MSEK.") == ["12,5 MSEK"]
    assert typed_numbers("1." * 300_000) == []
    assert typed_numbers("Mellan 10 – 12 procent, eller 1 200 000 kronor.") == ["10 – 12 procent", "1 200 000 kronor"]
