# SPDX-License-Identifier: EUPL-1.2
"""Left in the writer's own language, answered in it or translated into it."""

from collections.abc import Callable

import pytest
from django.test import Client

from helhet.foundation.matters.models import Matter
from helhet.foundation.notices.models import Notice
from helhet.rooms.sluice import parts, services
from helhet.rooms.sluice.models import Outcome, Sluice, Translation
from tests.people import Town, person, standing, user_of

TEXTS = {"standard_texts": {"answered": {"sv": "Här är ett svar.", "fi": "Tässä on vastaus, {unit}."}}}
GIVEN = {"kind": "answered", "contact": "Avfall", "next_date": "2027-01-08"}


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch, town: Town, sluice: Sluice) -> Matter:
    monkeypatch.setattr("helhet.rooms.sluice.standard_texts.instance_file", lambda: TEXTS)
    author = standing("employee", town.social)
    return services.leave(by=author, kind="need", text="Biojäte jäätyy astiaan.", language="fi").matter


def test_a_standard_text_is_put_in_without_script_and_nothing_typed_is_lost(client: Client, left: Matter) -> None:
    client.force_login(person("platform_team"))
    path = f"/sluss/{left.uid}/svara/"
    assert "Suomi" in client.get(path).content.decode()
    typed = {**GIVEN, "reason": "Hej!", "language": "sv", "insert": "1", "standard": "answered", "return_when": "sen"}
    page = client.post(path, typed).content.decode()
    assert "Hej!\n\nTässä on vastaus, Kommunen." in page
    assert 'value="sen"' in page
    assert '<option value="fi" selected>' in page
    assert not Outcome.objects.exists()


def test_an_answer_in_the_authors_language_needs_no_translation(client: Client, left: Matter) -> None:
    client.force_login(person("platform_team"))
    client.post(f"/sluss/{left.uid}/svara/", {**GIVEN, "reason": "Tässä on vastaus.", "language": "fi"})
    assert Outcome.objects.get().language == "fi"
    assert not Translation.objects.exists()


def test_an_ordered_translation_is_a_task_for_who_can_do_it_and_reaches_the_author(
    client: Client, left: Matter, settle: Callable[[], None]
) -> None:
    team = person("platform_team")
    client.force_login(team)
    client.post(f"/sluss/{left.uid}/svara/", {**GIVEN, "reason": "Kärlen byts.", "language": "sv"})
    finn, swede = standing("employee", language="fi"), standing("employee")

    def tasks(actor: services.Standing) -> list[str]:
        return [task.url for task in parts.tasks(actor) if "oversattning" in task.url]

    assert len(tasks(finn)) == 1
    assert tasks(swede) == []
    client.force_login(user_of(finn))
    assert "Kärlen byts." in client.get(tasks(finn)[0]).content.decode()
    client.post(tasks(finn)[0], {"text": "Astiat vaihdetaan."})
    settle()
    assert tasks(finn) == []
    assert Notice.objects.filter(user_id=left.author_id, verb="sluice.translated").exists()
    client.force_login(person("employee"))
    assert "Astiat vaihdetaan." in client.get(f"/arende/{left.uid}/").content.decode()
