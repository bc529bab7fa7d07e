# SPDX-License-Identifier: EUPL-1.2
"""The instance's own basis: every number in it comes from a run, and it is presented from beginning to end."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, keep_run
from helhet.rooms.decisions import demo
from helhet.rooms.decisions.models import SectionKey
from helhet.rooms.decisions.presenting import document_of
from helhet.rooms.decisions.references import typed_numbers
from helhet.rooms.decisions.wholeness import faults
from tests.people import matter, small_town, standing

FILE = Path(settings.HELHET_INSTANCE_DIR).parent / "kiruna" / "basis_spillvarme.toml"
TOLD = tomllib.loads(FILE.read_text("utf-8"))


def asked_for() -> list[str]:
    texts = [text for languages in TOLD["text"].values() for text in languages.values()]
    return [part for text in texts for wanted in re.findall(r"\{fig:([^{}]+)\}", text) for part in wanted.split("|")]


def test_no_number_is_typed_and_both_languages_ask_for_the_same_figures() -> None:
    for section, languages in TOLD["text"].items():
        assert section in SectionKey.values
        figures = {language: re.findall(r"\{fig:([^{}]+)\}", text) for language, text in languages.items()}
        assert figures["sv"] == figures["en"], section
        for text in languages.values():
            assert typed_numbers(text) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_files")
def test_it_is_written_and_presented_once() -> None:
    town = small_town()
    leader = standing("process_leader", town.municipality)
    thing = matter(by=leader, title="Spillvärme", visibility="public", reference=TOLD["matter"])
    keys = {key for key in [*asked_for(), *(k for g in TOLD["figure"] for k in g["keys"])] if "*" not in key}
    run = keep_run(
        by=leader,
        matter=thing,
        book=TOLD["book"],
        book_hash="0" * 64,
        title="Alla tre byter",
        overlay={},
        seed=1,
        samples=100,
        engine="numpy",
        recipe={"options": TOLD["alternative"][1]["options"]},
        figures={key: Figure(key, f"Siffra {n}", 10.0 + n, "MSEK", 1.0, 90.0) for n, key in enumerate(sorted(keys))},
    )
    demo.load(FILE.parent)
    basis = demo.load_demo(leader, thing, run)
    assert basis.current_version == 1
    assert thing.bases.count() == 1
    version = basis.versions.get()
    assert faults(version) == []
    for language in ("sv", "en"):
        document = document_of(version, language)
        assert "{" not in str(document.sections)
        assert len(document.origins) >= 15
    assert Run.objects.get(pk=run.pk).frozen_at is not None


@pytest.mark.django_db
def test_a_text_that_asks_for_what_the_run_lacks_is_refused() -> None:
    run = Run(title="Tom", figures={})
    with pytest.raises(demo.Unfit, match="total"):
        demo.with_figures("Helheten blir {fig:total}.", run)
