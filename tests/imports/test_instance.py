# SPDX-License-Identifier: EUPL-1.2
"""An instance loads in one go, quickly, and again without effect."""

import time
from typing import Any

import pytest

from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.imports.instance import sources_of
from helhet.foundation.imports.models import Import
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Comment, Link, Matter, Project, Series
from helhet.foundation.people.models import Mandate, Membership, Organisation, User
from helhet.site import instance

pytestmark = pytest.mark.django_db

COUNTED = (Organisation, Mandate, User, Membership, Goal, Tie, Matter, Project, Link, Comment, Event)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


@pytest.fixture(autouse=True)
def _own_machine(settings: Any) -> None:
    settings.HELHET_DEMO = True


def test_kiruna_loads_quickly_and_only_once() -> None:
    started = time.process_time()  # of this process, since other work may share the machine
    instance.load("kiruna", demo=True)
    assert time.process_time() - started < 15
    once = counts()
    assert once["Matter"] >= 75
    assert once["Project"] >= 16
    instance.load("kiruna", demo=True)
    assert counts() == once
    assert sum(Import.objects.values_list("changed", flat=True)) == 0


def test_what_is_loaded_hangs_together() -> None:
    instance.load("kiruna", demo=True)
    heat = Matter.objects.get(reference="KIR-001")
    assert heat.batch is not None
    assert heat.batch.revealed_at is not None
    assert heat.comment_count == heat.comments.count() == 8
    assert heat.support_count == heat.supports.count() == 7
    assert heat.support_unit_count > 3
    assert not heat.nobody_owns
    assert {link.source.reference for link in heat.links_in.filter(type="merged_into")} == {"KIR-002", "KIR-003"}
    assert heat.source.startswith("Nationell samverkan")
    assert Matter.objects.get(reference="KIR-002").author is None
    assert Matter.objects.get(reference="KIR-031").author_label == "Snöspår"
    assert Matter.objects.filter(status="ownerless", nobody_owns=False).count() == 0
    assert Organisation.objects.get(slug="gatuenheten").path.startswith(Organisation.objects.get(slug="kommunen").path)
    for series in Series.objects.all():
        assert Matter.objects.filter(number__startswith=f"{series.code} {series.year}/").count() == series.last


def test_accounts_can_log_in_and_are_marked() -> None:
    instance.load("kiruna", demo=True)
    rows = list(instance.accounts("kiruna"))
    assert len(rows) == User.objects.filter(is_demo=True).count() >= 15
    username, password, _role = rows[0]
    assert User.objects.get(username=username).check_password(password)


def test_without_demo_there_are_no_accounts_and_no_matters() -> None:
    instance.load("kiruna", demo=False)
    assert not User.objects.exists()
    assert not Matter.objects.exists()
    assert Organisation.objects.filter(slug="tekniska-verken").exists()


def test_demo_is_refused_off_ones_own_machine(settings: Any) -> None:
    settings.HELHET_DEMO = False
    with pytest.raises(instance.NotLoaded, match="Demonstrationskonton"):
        instance.load("kiruna", demo=True)
    assert not User.objects.exists()


def test_sources_fit_their_column(settings: Any) -> None:
    sources = sources_of(settings.HELHET_INSTANCE_DIR)
    assert sources
    assert all(len(text) <= 300 for text in sources.values())
