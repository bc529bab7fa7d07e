# SPDX-License-Identifier: EUPL-1.2
"""Presenting is asked for in the request and done by a worker: once, resumed after a kill, and never silently lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from helhet.foundation.jobs import services as jobs
from helhet.foundation.jobs.models import Job
from helhet.foundation.ledger.models import Event
from helhet.foundation.policy import Forbidden, Standing
from helhet.rooms.decisions import presenting, services
from helhet.rooms.decisions.asked import ask_to_present, progress_of
from helhet.rooms.decisions.models import Basis, Presenting, Rendering, State, Version
from helhet.rooms.decisions.presenting import NotReady, Refused
from tests.people import user_of
from tests.rooms.decisions.making import Scene, scene, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_files")]
Open = Callable[[Standing], Client]


def address(name: str, *args: object) -> str:
    return reverse(f"decisions:{name}", args=args)


def ask(told: Scene, **changes: Any) -> Presenting:
    return ask_to_present(**({"by": told.leader, "basis": told.basis} | changes))


def break_the_files(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken(document: object, timestamp: object = None) -> bytes:
        raise error

    patch.setattr(presenting, "RENDERERS", {"pdf": presenting.RENDERERS["pdf"], "docx": broken})


def events(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_a_second_press_does_nothing(browsing: Open) -> None:
    told = scene()
    client = browsing(told.leader)
    first = client.post(address("present", told.basis.uid))
    second = client.post(address("present", told.basis.uid))
    assert first["Location"] == second["Location"]
    assert client.get(address("present", told.basis.uid))["Location"] == first["Location"]
    assert Version.objects.count() == 0, "nothing is made in the request"
    assert work() == 1
    assert client.get(first["Location"])["Location"] == address("version", told.basis.uid, 1)
    assert events("basis.presented") == events("basis.presenting_asked") == 1
    late = client.post(address("present", told.basis.uid))
    assert late["Location"] == address("version", told.basis.uid, 1)
    assert "Inget har ändrats" in client.get(late["Location"]).content.decode()
    assert Version.objects.count() == 1


def test_the_page_comes_back_by_itself_with_and_without_script(browsing: Open) -> None:
    told = scene()
    client = browsing(told.leader)
    where = client.post(address("present", told.basis.uid))["Location"]
    page = client.get(where).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="{where}"' in page
    part = client.get(where, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    work()
    arrived = client.get(where, headers={"HX-Request": "true"})
    assert arrived["HX-Redirect"] == address("version", told.basis.uid, 1)
    assert "Version 1 är framlagd och fryst." in client.get(arrived["HX-Redirect"]).content.decode()


class Killed(BaseException):
    """The worker dies: nothing of what follows is run."""


def test_a_worker_killed_midway_has_frozen_nothing_and_the_next_one_does_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = scene()
    asked = ask(told)
    with monkeypatch.context() as patch:
        break_the_files(patch, Killed())
        with pytest.raises(Killed):
            work()
    assert (Version.objects.count(), Rendering.objects.count(), events("run.frozen")) == (0, 0, 0)
    assert progress_of(asked).state == "running"
    assert progress_of(asked).done == 2, "the texts and the first file"
    assert work() == 0, "its lease still holds"
    Job.objects.update(lease_until=now() - timedelta(seconds=1))
    assert work() == 1
    asked.refresh_from_db()
    assert asked.version == Version.objects.get()
    assert events("basis.presented") == 1


def test_a_job_that_is_run_again_after_its_effect_has_no_effect() -> None:
    told = scene()
    asked = ask(told)
    work()
    Job.objects.filter(effect_key=asked.effect_key).update(
        state=Job.State.RUNNING, lease_until=now() - timedelta(seconds=1)
    )
    assert work() == 1
    assert Version.objects.count() == events("basis.presented") == 1


def test_a_failure_is_shown_with_its_reference_and_can_be_tried_again(
    browsing: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = scene()
    client = browsing(told.leader)
    where = client.post(address("present", told.basis.uid))["Location"]
    with monkeypatch.context() as patch:
        break_the_files(patch, RuntimeError("no room on the disk"))
        work()
        reference = str(Job.objects.get(task="decisions.present").uid)[:8]
        assert "Ett nytt försök görs om en stund" in client.get(where).content.decode()
        for _attempt in range(jobs.MAX_ATTEMPTS):
            Job.objects.update(run_after=now())
            work()
    page = client.get(where).content.decode()
    assert "Det gick inte att göra filerna" in page
    assert reference in page
    assert reference in caplog.text
    assert "no room on the disk" not in page
    told.basis.refresh_from_db()
    assert told.basis.state == State.DRAFT
    assert client.get(address("present", told.basis.uid)).status_code == 200
    again = client.post(address("present", told.basis.uid))["Location"]
    assert again != where
    work()
    assert client.get(again)["Location"] == address("version", told.basis.uid, 1)


def test_what_is_frozen_is_what_was_read_when_the_button_was_pressed(browsing: Open) -> None:
    told = scene()
    client = browsing(told.leader)
    where = client.post(address("present", told.basis.uid))["Location"]
    services.write_section(by=told.economist, basis=told.basis, section="background", text="Något helt annat.")
    work()
    assert Version.objects.count() == 0
    assert "Någon ändrade underlaget" in client.get(where).content.decode()
    assert events("basis.presenting_refused") == 1
    ask(told)
    work()
    assert "Något helt annat." in Version.objects.get().documents["sv"]


def test_who_has_lost_the_right_meanwhile_presents_nothing() -> None:
    told = scene()
    asked = ask(told)
    user_of(told.leader).memberships.all().delete()
    work()
    asked.refresh_from_db()
    assert asked.version is None
    assert asked.refused
    assert events("basis.presented") == 0


def test_only_those_who_may_present_ask_and_look(browsing: Open) -> None:
    told = scene()
    with pytest.raises(Forbidden):
        ask(told, by=told.economist)
    asked = ask(told)
    assert browsing(told.economist).get(address("presenting", told.basis.uid, asked.pk)).status_code == 403
    other = scene()
    assert browsing(told.leader).get(address("presenting", other.basis.uid, asked.pk)).status_code == 404


def test_what_is_missing_is_said_at_once() -> None:
    told = scene()
    told.proposal.is_recommended = False
    told.proposal.save()
    with pytest.raises(NotReady, match="förslag"):
        ask(told)
    assert not Presenting.objects.exists()


def test_the_second_version_says_what_changed() -> None:
    told = scene()
    ask(told)
    work()
    services.write_section(by=told.leader, basis=told.basis, section="background", text="Gruvan slutar tidigare.")
    basis = Basis.objects.get(pk=told.basis.pk)
    with pytest.raises(Refused, match="ändrats"):
        ask(told, basis=basis)
    ask(told, basis=basis, what_changed="Ny bakgrund.")
    work()
    assert [v.what_changed for v in Version.objects.order_by("number")] == ["", "Ny bakgrund."]
