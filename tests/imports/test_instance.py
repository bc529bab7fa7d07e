# SPDX-License-Identifier: EUPL-1.2
"""An instance loads in one go, quickly, and again without effect."""

import time
from pathlib import Path

import pytest

from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.imports.instance import sources_of
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Comment, Link, Matter, Project, Series
from helhet.foundation.people.models import Mandate, Membership, Organisation, User
from helhet.site import instance

pytestmark = pytest.mark.django_db

COUNTED = (Organisation, Mandate, User, Membership, Goal, Tie, Matter, Project, Link, Comment, Event)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


@pytest.fixture(autouse=True)
def _own_machine(settings: object) -> None:
    settings.HELHET_DEMO = True  # type: ignore[attr-defined]


def test_kiruna_loads_quickly_and_only_once() -> None:
    started = time.perf_counter()
    instance.load("kiruna", demo=True)
    assert time.perf_counter() - started < 15
    once = counts()
    assert once["Matter"] >= 75
    assert once["Project"] >= 16
    reports = instance.load("kiruna", demo=True)
    assert counts() == once
    assert not any(getattr(report, "created", 0) or getattr(report, "changed", 0) for report in reports)


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
    rows = instance.accounts("kiruna")
    assert len(rows) == User.objects.filter(is_demo=True).count() >= 15
    username, password, _role = rows[0]
    assert User.objects.get(username=username).check_password(password)


def test_without_demo_there_are_no_accounts_and_no_matters() -> None:
    instance.load("kiruna", demo=False)
    assert not User.objects.exists()
    assert not Matter.objects.exists()
    assert Organisation.objects.filter(slug="tekniska-verken").exists()


def test_demo_is_refused_off_ones_own_machine(settings: object) -> None:
    settings.HELHET_DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(instance.LoadError):
        instance.load("kiruna", demo=True)
    assert instance.accounts("kiruna") == []
    assert not User.objects.exists()


def test_sources_fit_their_column() -> None:
    for name in ("kiruna",):
        folder = instance.folder_of(name)
        assert all(len(text) <= 300 for text in sources_of(folder).values())


def test_unknown_instance_is_said_plainly(tmp_path: Path, settings: object) -> None:
    settings.HELHET_INSTANCE_DIR = tmp_path / "nowhere"  # type: ignore[attr-defined]
    with pytest.raises(FileNotFoundError):
        instance.load("elsewhere", demo=False)
