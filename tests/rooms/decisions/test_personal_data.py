# SPDX-License-Identifier: EUPL-1.2
"""What looks like personal data is asked about before it is kept, wherever people write in the room."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from helhet.foundation.policy import Standing
from helhet.rooms.decisions import services
from helhet.rooms.decisions.presenting import present
from tests.rooms.decisions.making import scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_files")]
Open = Callable[[Standing], Client]


def address(name: str, *args: object) -> str:
    return reverse(f"decisions:{name}", args=args)


PHONE = "Ring 070-123 45 67."
RUNS_OF_WORDS = {
    "head": {"title": "Rubrik", "nothing_unvalued": PHONE},
    "alternatives": {"name": "Vänta", "text": PHONE},
    "present": {"what_changed": PHONE},
    "record": {"number": "TN § 8", "chosen": "B", "reason": PHONE},
}


@pytest.mark.parametrize("page", RUNS_OF_WORDS)
def test_what_looks_personal_is_asked_about_wherever_people_write(browsing: Open, page: str) -> None:
    told = scene()
    present(by=told.leader, basis=told.basis)
    services.write_section(by=told.leader, basis=told.basis, section="background", text="Nytt.")
    client, where = browsing(told.leader), address(page, told.basis.uid)
    form = {"body": told.town.technical.pk, "decided_on": localdate().isoformat()} | RUNS_OF_WORDS[page]
    asked = client.post(where, form)
    assert asked.status_code == 422
    words = asked.content.decode()
    assert "Texten verkar innehålla personuppgifter: 070-123 45 67" in words
    assert PHONE in words, "what was written is kept"
    assert client.post(where, form | {"confirmed": "on"}).status_code == 302


def test_an_answer_to_a_remark_is_asked_about_and_kept(browsing: Open) -> None:
    told = scene()
    remark = services.comment_paragraph(
        by=told.economist, basis=told.basis, section="bakgrund", paragraph=1, paragraph_text="x", text="Vem?"
    )
    client, where = browsing(told.leader), address("resolve", told.basis.uid, remark.pk)
    for form, said in (
        ({"resolution": PHONE}, "personuppgifter"),
        ({"resolution": " "}, "Skriv vad anmärkningen ledde"),
    ):
        asked = client.post(where, form)
        assert asked.status_code == 422
        assert said in asked.content.decode()
    assert f'value="{PHONE}"' in client.post(where, {"resolution": PHONE}).content.decode()
    assert client.post(where, {"resolution": PHONE, "confirmed": "on"}).status_code == 302
    remark.refresh_from_db()
    assert remark.resolution == PHONE
