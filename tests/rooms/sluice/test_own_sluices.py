# SPDX-License-Identifier: EUPL-1.2
"""Any unit or group runs its own sluice: its own questions, promise and answers."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import localdate

from helhet.foundation.ledger.models import Event
from helhet.foundation.people.selectors import NoMunicipality
from helhet.foundation.policy import Forbidden
from helhet.rooms.sluice import services, setup
from helhet.rooms.sluice.loading import load_sluices
from helhet.rooms.sluice.models import Case, Sluice
from helhet.rooms.sluice.services import main_sluice
from helhet.rooms.sluice.workdays import add_workdays
from tests.people import Town, person, standing

WORDS = {
    "title": "Gatukontorets sluss",
    "promise_days": "2",
    "questions": "Vilken gata? | Ett namn räcker.",
    "outcomes": ["answered", "banked"],
}


@pytest.mark.parametrize("role", ["unit_manager", "process_leader"])
def test_who_leads_a_unit_opens_its_sluice_and_what_is_left_there_follows_it(
    client: Client, town: Town, sluice: Sluice, role: str
) -> None:
    client.force_login(person(role, town.technical))
    answer = client.post("/sluss/ny/", {**WORDS, "organisation": town.streets.pk}, follow=True)
    assert "Gatukontorets sluss" in answer.content.decode()
    own = Sluice.objects.get(organisation=town.streets)

    client.force_login(person("employee", town.social))
    assert "Vilken gata?" in client.get(f"/lamna/?sluss={own.pk}").content.decode()
    client.post("/lamna/", {"kind": "need", "text": "Halt på backen.", "sluice": own.pk, "q-q1": "Bergsvägen"})
    case = Case.objects.get(sluice=own)
    assert case.due == add_workdays(localdate(), 2)
    assert case.answers == {"Vilken gata?": "Bergsvägen"}

    client.force_login(person("unit_manager", town.streets))
    page = client.get(f"/sluss/{case.matter.uid}/svara/").content.decode()
    assert "Bergsvägen" in page
    assert 'value="answered"' in page
    assert 'value="declined"' not in page


def test_an_outcome_that_the_sluice_does_not_give_is_refused_whoever_asks(town: Town) -> None:
    own = setup.open_sluice(
        by=standing("platform_team"), organisation=town.streets, title="Gatan", outcomes=["answered"]
    )
    left = services.leave(by=standing("employee"), kind="need", text="Halt på backen.", sluice=own)
    said = {"case": left.matter.case, "reason": "Sandas.", "contact": "Gatan"}
    with pytest.raises(ValueError, match="ger inte det svaret"):
        services.answer(by=standing("platform_team"), kind="declined", **said)
    assert services.answer(by=standing("platform_team"), kind="answered", **said).kind == "answered"


def test_a_group_is_led_by_its_leader_and_by_nobody_elses(town: Town) -> None:
    with pytest.raises(Forbidden):
        setup.open_sluice(by=standing("unit_manager", town.technical), organisation=town.group, title="Gruppen")
    with pytest.raises(Forbidden):
        setup.open_sluice(by=standing("employee", town.group), organisation=town.group, title="Gruppen")
    leader = standing("process_leader", town.group)
    own = setup.open_sluice(by=leader, organisation=town.group, title="Gruppens sluss")
    setup.configure(by=leader, sluice=own, promise_days=7)
    with pytest.raises(Forbidden):
        setup.configure(by=standing("process_leader", town.social), sluice=own, promise_days=1)


def test_an_employee_finds_no_way_to_open_a_sluice(client: Client, town: Town, sluice: Sluice) -> None:
    client.force_login(person("employee", town.technical))
    assert client.get("/sluss/ny/").status_code == 403
    assert "/sluss/ny/" not in client.get("/sluss/").content.decode()


def test_a_manager_cannot_open_a_sluice_for_another_unit(client: Client, town: Town, sluice: Sluice) -> None:
    client.force_login(person("unit_manager", town.social))
    assert client.post("/sluss/ny/", {**WORDS, "organisation": town.technical.pk}).status_code == 422
    assert not Sluice.objects.filter(organisation=town.technical).exists()


def test_a_closed_sluice_takes_nothing_in_and_what_waits_there_is_still_answered(
    client: Client, town: Town, sluice: Sluice
) -> None:
    team = standing("platform_team")
    own = setup.open_sluice(by=team, organisation=town.streets, title="Gatans sluss")
    left = services.leave(by=standing("employee"), kind="need", text="Halt på backen.", sluice=own)
    setup.configure(by=team, sluice=own, is_open=False)
    client.force_login(person("employee"))
    assert client.post("/lamna/", {"kind": "need", "text": "Mera halt.", "sluice": own.pk}).status_code == 422
    assert "Gatans sluss" not in client.get("/sluss/").content.decode().split('id="slussar"')[1]
    services.answer(by=team, case=left.matter.case, kind="answered", reason="Sandas.", contact="Gatan")
    client.force_login(person("unit_manager", town.streets))
    assert "Gatans sluss" in client.get("/sluss/").content.decode().split('id="slussar"')[1]


def test_the_municipalitys_own_sluice_is_never_closed(sluice: Sluice) -> None:
    with pytest.raises(ValueError, match="alltid öppen"):
        setup.configure(by=standing("platform_team"), sluice=sluice, is_open=False)


def test_sluices_of_an_instance_are_written_once_with_one_event_each(sluice: Sluice, tmp_path: Path) -> None:
    rows = """
[[sluice]]
organisation = "gatukontoret"
title = "Gatans sluss"
title_en = "The streets' sluice"
promise_days = 2
questions = [{ key = "x", label = "Vilken gata?", label_en = "Which street?" }]
"""
    (tmp_path / "sluices.toml").write_text(rows, "utf-8")
    for _time in range(2):
        load_sluices(tmp_path)
    assert Event.objects.filter(verb="sluice.opened").count() == 1
    assert not Event.objects.filter(verb="sluice.configured").exists()
    (tmp_path / "sluices.toml").write_text(rows.replace("= 2", "= 3"), "utf-8")
    load_sluices(tmp_path)
    assert Event.objects.get(verb="sluice.configured").data == {"fields": ["promise_days"]}


def test_an_instance_without_sluices_still_has_somewhere_to_leave_a_matter(town: Town, tmp_path: Path) -> None:
    with pytest.raises(NoMunicipality):
        main_sluice()
    for _time in range(2):
        load_sluices(tmp_path)
    assert main_sluice().organisation == town.municipality
    assert Event.objects.filter(verb="sluice.opened").count() == 1


def test_a_reader_of_english_is_asked_in_english(client: Client, town: Town, sluice: Sluice) -> None:
    questions = [{"label": "Vilken gata?", "label_en": "Which street?"}, {"label": "När?"}]
    setup.configure(by=standing("platform_team"), sluice=sluice, title_en="The city", questions=questions)
    client.force_login(person("employee", language="en"))
    page = client.get(f"/lamna/?sluss={sluice.pk}", headers={"accept-language": "en"}).content.decode()
    assert "Which street?" in page
    assert "När?" in page  # no English is written, so the Swedish stands
