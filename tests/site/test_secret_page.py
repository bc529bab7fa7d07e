# SPDX-License-Identifier: EUPL-1.2
"""Whoever follows a matter by a secret link is told what an author with an account is told, from every room."""

import re
from datetime import date

import pytest
from django.test import Client

from helhet.foundation.matters.links import merge
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.selectors import municipality
from helhet.rooms.decisions.models import Basis, Decision, FollowUp, Version
from tests.people import main_sluice, matter, standing

pytestmark = pytest.mark.django_db


def decided(about: Matter, reason: str) -> Decision:
    basis = Basis.objects.create(matter=about, title="Ljus")
    version = Version.objects.create(basis=basis, number=1, documents={}, alternatives=[], runs=[], files=[])
    return Decision.objects.create(
        matter=about,
        version=version,
        title="Ljus",
        body=municipality(),
        number="§ 1",
        decided_on=date(2026, 11, 1),
        chosen="Byt lamporna",
        reason=reason,
        recorded_by_label="Nämnden",
    )


def test_decisions_and_what_became_of_them_reach_the_holder_of_a_secret_link(client: Client) -> None:
    main_sluice()
    answer = client.post("/lamna/", {"kind": "need", "text": "Det är mörkt vid hållplatsen."}, follow=True)
    link = re.search(r"/folj/[\w-]+/", answer.content.decode())
    assert link
    left = Matter.objects.get()
    onwards, other = (matter(visibility="internal", title=title) for title in ("Ljus i hela staden", "Något annat"))
    merge(by=standing("platform_team"), source=left, into=onwards)
    decision = decided(onwards, "Ljuset tänds i höst.")
    FollowUp.objects.create(decision=decision, due=date(2027, 1, 1), done_on=date(2027, 1, 2), outcome="Det lyser nu.")
    decided(other, "Rör inte den här avsändaren.")
    page = client.get(link.group()).content.decode()
    assert "Ljuset tänds i höst." in page
    assert "Det lyser nu." in page
    assert "slagits ihop" in page
    assert "Rör inte" not in page
