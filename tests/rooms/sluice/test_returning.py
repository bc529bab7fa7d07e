# SPDX-License-Identifier: EUPL-1.2
"""A condition in words brings nothing back by itself: the owners are asked, again and again, until it is fulfilled."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter, Status
from helhet.foundation.notices.models import Notice
from helhet.foundation.policy import Forbidden
from helhet.rooms.sluice import parts, returning, services
from helhet.rooms.sluice.models import Outcome, Sluice, WaitsFor
from tests.people import Town, standing, user_of

Settle = Callable[[], None]
SAID = {"reason": "Inte moget ännu.", "contact": "Gatan"}
CONDITION = "När vägverket har lämnat besked"


@pytest.fixture
def banked(town: Town, sluice: Sluice) -> Outcome:
    left = services.leave(by=standing("employee"), kind="idea", text="Värm upp busshållplatsen.", sluice=sluice)
    owners = [town.streets, town.social]
    return services.answer(
        by=standing("platform_team"), case=left.matter.case, kind="banked", return_when=CONDITION, owners=owners, **SAID
    )


def come(outcome: Outcome) -> None:
    Outcome.objects.filter(pk=outcome.pk).update(ask_on=localdate())
    returning.ask_conditions()


def asked(actor: services.Standing) -> list[str]:
    return [str(task.why) for task in parts.tasks(actor) if CONDITION in str(task.why)]


def status(outcome: Outcome) -> str:
    return Matter.objects.get(pk=outcome.matter_id).status


def test_every_owner_is_asked_when_the_day_has_come_and_not_before(banked: Outcome, town: Town, settle: Settle) -> None:
    assert banked.ask_on == localdate() + services.ASKED_AFTER
    managers = [standing("unit_manager", town.streets), standing("unit_manager", town.social)]
    stranger = standing("unit_manager", town.municipality), standing("employee", town.streets)
    assert [asked(one) for one in managers] == [[], []]
    come(banked)
    settle()
    assert all(asked(one) for one in managers)
    assert not asked(stranger[1])
    told = set(Notice.objects.filter(verb="sluice.condition_asked").values_list("user_id", flat=True))
    assert told == {one.user_id for one in managers}
    returning.ask_conditions()
    assert Event.objects.filter(verb="sluice.condition_asked").count() == 1


def test_no_asks_again_and_yes_brings_the_matter_back(banked: Outcome, town: Town, client: Client) -> None:
    come(banked)
    manager = standing("unit_manager", town.social)
    client.force_login(user_of(manager))
    path = f"/sluss/svar/{banked.pk}/villkor/"
    assert CONDITION in client.get(path).content.decode()
    assert client.post(path, {"fulfilled": "no", "ask_on": str(localdate())}).status_code == 422
    later = localdate() + timedelta(days=30)
    client.post(path, {"fulfilled": "no", "ask_on": str(later)})
    banked.refresh_from_db()
    assert (banked.ask_on, asked(manager), status(banked)) == (later, [], Status.BANKED)
    come(banked)
    client.post(path, {"fulfilled": "yes"})
    assert (status(banked), banked.matter.case.waits_for) == (Status.NEW, WaitsFor.US)
    assert client.post(path, {"fulfilled": "yes"}).status_code == 422
    assert Event.objects.filter(verb="sluice.returned").count() == 1


def test_somebody_else_may_not_answer_for_the_owners(banked: Outcome, town: Town) -> None:
    with pytest.raises(Forbidden):
        returning.check_condition(by=standing("employee", town.streets), outcome=banked, fulfilled=True)


def test_a_condition_that_a_later_answer_has_replaced_is_asked_about_no_more(banked: Outcome) -> None:
    team = standing("platform_team")
    case = banked.matter.case
    services.reopen(by=team, case=case, reason="Ny uppgift.")
    services.answer(by=team, case=case, kind="banked", usable_now=True, **SAID)
    come(banked)
    assert not asked(team)
    assert not Event.objects.filter(verb="sluice.condition_asked").exists()


def test_both_owners_get_the_task_and_are_told(town: Town, sluice: Sluice, settle: Settle) -> None:
    managers = [standing("unit_manager", town.technical), standing("unit_manager", town.social)]
    left = services.leave(by=standing("employee"), kind="need", text="Snöröjning vid skolan.", sluice=sluice)
    services.answer(
        by=standing("platform_team"),
        case=left.matter.case,
        kind="forward",
        owners=[town.streets, town.social],  # nobody leads the street office itself: who leads above it is asked
        **SAID,
    )
    settle()
    for manager in managers:
        assert [task.title for task in parts.tasks(manager)] == ["Snöröjning vid skolan"]
    assert Notice.objects.filter(verb="sluice.forward", user_id__in=[m.user_id for m in managers]).count() == 2
    waits = parts.waits(managers[0], Matter.objects.get(pk=left.matter.pk))
    assert [wait.why for wait in waits] == [town.streets.label, town.social.label]


def test_opening_again_is_one_event_that_holds_what_is_new(banked: Outcome) -> None:
    before = Event.objects.count()
    services.reopen(by=standing("platform_team"), case=banked.matter.case, reason="Vägverket har svarat.")
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)[before:]) == ["sluice.reopened"]
    assert banked.matter.comments.get().text == "Vägverket har svarat."
