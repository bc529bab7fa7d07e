# SPDX-License-Identifier: EUPL-1.2
"""A basis from the first line to the follow-up, as told by the services."""

import json
from dataclasses import asdict
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from django.utils.timezone import localdate
from pypdf import PdfReader

from helhet.foundation import policy
from helhet.foundation.contracts import subscribers
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure
from helhet.foundation.goals.services import tie, write_goal
from helhet.foundation.ledger.models import Event
from helhet.foundation.ledger.services import settle, verify
from helhet.foundation.matters.thread import follow
from helhet.foundation.notices.models import Notice
from helhet.foundation.notices.services import choose_news
from helhet.paper import document as paper
from helhet.paper.words import plain
from helhet.rooms.decisions import deciding, lives, parts, services
from helhet.rooms.decisions.difference import difference
from helhet.rooms.decisions.document import build
from helhet.rooms.decisions.models import Decision, FollowUp, State, Unchangeable, Version
from helhet.rooms.decisions.presenting import NotReady, document_of, present
from helhet.rooms.decisions.wholeness import Tampered, faults, rendered
from tests.people import standing, user_of
from tests.rooms.decisions.making import Scene, run_for, scene

pytestmark = pytest.mark.django_db


def decide(told: Scene, version: Version, **changes: object) -> Decision:
    values = {
        "by": told.leader,
        "version": version,
        "body": told.town.technical,
        "decided_on": localdate(),
        "number": "TN 2026/7 § 34",
        "reason": "Det lönar sig för helheten.",
        "chosen_mark": "B",
        "promise": "Utsläppen har minskat.",
        "follow_up_on": localdate() + timedelta(days=30),
    }
    return deciding.record_decision(**(values | changes))  # type: ignore[arg-type]


def compared(told: Scene) -> paper.Alternatives:
    """The table of alternatives, which stands on the first page."""
    return next(one for one in build(told.basis, "sv").sections[0].blocks if isinstance(one, paper.Alternatives))


def verbs(told: Scene) -> list[str]:
    rows = Event.objects.order_by("id")
    return [event.verb for event in rows if event.verb.split(".")[0] in ("basis", "decision")]


def test_a_whole_life_from_draft_to_follow_up() -> None:
    told = scene()
    neighbour = standing("employee", told.town.social)
    follow(by=neighbour, matter=told.matter)
    services.send_to_review(by=told.leader, basis=told.basis)
    remark = services.comment_paragraph(
        by=told.economist,
        basis=told.basis,
        section="fraga",
        paragraph=1,
        paragraph_text="Ska kommunen ta emot spillvärme?",
        text="Vilket år?",
    )
    assert [task.title for task in parts.tasks(told.economist)] == []
    assert "anmärkning" in str(parts.tasks(told.leader)[0].why)
    services.resolve_comment(by=told.leader, comment=remark, resolution="Året står i bakgrunden.")
    version = present(by=told.leader, basis=told.basis)
    decision = decide(told, version)
    followed = decision.follow_ups.get()
    assert followed.responsible == told.matter.home_unit
    FollowUp.objects.update(due=localdate())
    deciding.tell_due()
    deciding.tell_due()
    assert [t.url for t in parts.tasks(told.leader)] == [f"/beslut/uppfoljning/{followed.pk}/"]
    deciding.follow_up(by=told.leader, follow_up=followed, kept="partly", outcome="Hälften av vägen.")
    written = verbs(told)
    assert written[0] == "basis.started"
    assert [verb for verb in written if verb != "basis.section_written"] == [
        "basis.started",
        "basis.sent_to_review",
        "basis.commented",
        "basis.comment_resolved",
        "basis.presented",
        "decision.recorded",
        "decision.follow_up_due",
        "decision.followed_up",
    ]
    settle(subscribers())
    heard = set(Notice.objects.filter(user=user_of(neighbour)).values_list("verb", flat=True))
    assert {"basis.presented", "decision.recorded", "decision.follow_up_due", "decision.followed_up"} <= heard
    assert "basis.commented" not in heard
    assert "basis.sent_to_review" in heard
    on_matter = Event.objects.filter(object_type="matters.matter", object_id=str(told.matter.pk))
    assert not on_matter.filter(verb__in=["basis.started", "basis.section_written", "basis.sent_to_review"]).exists()
    assert verify().fault == ""


def test_the_author_is_told_the_decision_whatever_is_switched_off() -> None:
    told = scene()
    author = standing("employee", told.town.streets)
    told.matter.author_id = author.user_id
    told.matter.save()
    choose_news(by=author, user=user_of(author), off={"decision.recorded", "decision.corrected"})
    decide(told, present(by=told.leader, basis=told.basis))
    settle(subscribers())
    assert Notice.objects.filter(user=user_of(author), verb="decision.recorded", must=True).exists()


def test_presenting_freezes_bytes_texts_and_figures() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    before = {
        key: (one.sha256, rendered(version, one.language, one.form)) for key, one in enumerate(version.renderings.all())
    }
    assert len(before) == 4
    frozen = version.documents["sv"]
    services.write_section(by=told.leader, basis=told.basis, section="question", text="En helt annan fråga?")
    told.basis.refresh_from_db()
    assert told.basis.state == State.DRAFT
    again = Version.objects.get(pk=version.pk)
    assert again.documents["sv"] == frozen
    assert {k: (o.sha256, rendered(again, o.language, o.form)) for k, o in enumerate(again.renderings.all())} == before
    assert faults(again) == []
    assert Run.objects.get(pk=told.run.pk).frozen_at is not None
    json.loads(frozen)


def test_what_is_tampered_with_is_found_and_not_handed_out() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    kept = dict(told.run.figures)
    kept["co2"] = {**kept["co2"], "value": 1.0}
    Run.objects.filter(pk=told.run.pk).update(figures=kept)
    assert any("Körningen" in fault for fault in faults(version))
    Version.objects.filter(pk=version.pk).update(what_changed="något annat")
    assert any("kontrollsumman" in fault for fault in faults(Version.objects.get(pk=version.pk)))
    made = version.renderings.get(language="sv", form="pdf")
    with made.blob.storage.open(made.blob.name, "wb") as stream:
        stream.write(b"%PDF-1.7 something else")
    with pytest.raises(Tampered):
        rendered(version, "sv", "pdf")


def test_a_version_and_a_decision_cannot_be_rewritten() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    decision = decide(told, version)
    for thing in (version, decision):
        with pytest.raises(Unchangeable):
            thing.save()
        with pytest.raises(Unchangeable):
            thing.delete()
    Decision.objects.filter(pk=decision.pk).update(reason="Ändrat i databasen")
    assert not deciding.is_intact(Decision.objects.get(pk=decision.pk))


def test_a_later_change_is_a_new_version_that_says_what_changed() -> None:
    told = scene()
    first = present(by=told.leader, basis=told.basis)
    services.write_section(by=told.leader, basis=told.basis, section="background", text="Gruvan slutar tidigare.")
    with pytest.raises(ValueError, match="ändrats"):
        present(by=told.leader, basis=told.basis)
    second = present(by=told.leader, basis=told.basis, what_changed="Ny bakgrund.")
    assert second.number == 2
    changes = difference(document_of(first, "sv"), document_of(second, "sv"))
    background = next(one for one in changes if one.heading == "Bakgrund")
    assert [line.text for line in background.lines if line.kind == "added"] == ["Gruvan slutar tidigare."]
    assert "Vi eldar avfall." in [line.text for line in background.lines if line.kind == "removed"]
    assert {one.heading for one in changes} <= {"Bakgrund", "Källor och härkomst"}


def test_a_basis_without_what_a_decision_needs_is_not_presented() -> None:
    told = scene()
    told.proposal.is_recommended = False
    told.proposal.save()
    with pytest.raises(NotReady, match="förslag"):
        present(by=told.leader, basis=told.basis)


def test_pdf_and_docx_say_the_same_in_both_languages() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    for language, words in (
        ("sv", ["Ska kommunen ta emot spillvärme?", "Gör ingenting", "Trygghet en kall vecka", "Byarna syns inte"]),
        (
            "en",
            ["Should the city take waste heat?", "Do nothing", "Safety in a cold week", "The villages are not seen"],
        ),
    ):
        pdf = " ".join(page.extract_text() for page in PdfReader(BytesIO(rendered(version, language, "pdf"))).pages)
        word = docx.Document(BytesIO(rendered(version, language, "docx")))
        cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
        body = " ".join([*(p.text for p in word.paragraphs), *cells])
        for text in words:
            assert text in " ".join(body.split())
            assert text.replace(" ", "") in "".join(pdf.split())
        number = "25,7" if language == "sv" else "25.7"
        assert number in pdf
        assert number in body


def test_numbers_are_figures_and_the_unvalued_is_never_zero() -> None:
    told = scene()
    document = build(told.basis, "sv")
    labels = {origin.label for origin in document.origins}
    assert {"Helheten, nuvärde", "Koldioxid per år", "Nuvärde, bolaget"} <= labels
    co2 = next(origin for origin in document.origins if origin.label == "Koldioxid per år")
    assert co2.basis == "publicerat värde"
    assert "Branschpress 2021" in {fact.value for fact in co2.facts}
    from helhet.rooms.decisions.difference import plain_of

    effects = next(section for section in document.sections if section.id == "effekter")
    words = "\n".join(plain_of(block, document) for block in effects.blocks)
    assert "Trygghet en kall vecka. Gäller alla." in words
    assert "−40\u202f000" in words
    assert build(told.basis, "en").sections[2].heading == "The alternatives"


def test_who_pays_and_who_gains_in_words_bars_and_years() -> None:
    told = scene()
    section = next(s for s in build(told.basis, "sv").sections if s.id == "betalar")
    chart, years = section.blocks
    assert chart.title == "Tekniska förlorar pengar, Socialforvaltningen och Bolaget vinner"  # type: ignore[union-attr]
    assert [bar.text for bar in chart.bars] == ["−41,9", "+27,2", "+40,4", "+25,7"]  # type: ignore[union-attr]
    assert chart.bars[-1].is_sum  # type: ignore[union-attr]
    assert [column.label for column in years.columns] == ["Budgethållare", "2028", "2029"]  # type: ignore[union-attr]


def test_what_matters_most_has_the_first_page_to_itself() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    for language, words in (
        ("sv", ["Ska kommunen ta emot spillvärme?", "Förslag:", "Gör ingenting", "−41,9", "Hur säkert:", "−4,3 till +55,7", "Trygghet en kall vecka".lower()]),
        ("en", ["Should the city take waste heat?", "Proposal:", "Do nothing", "−41.9", "How sure:", "−4.3 to +55.7", "safety in a cold week"]),
    ):  # fmt: skip
        first, second = (
            page.extract_text() for page in PdfReader(BytesIO(rendered(version, language, "pdf"))).pages[:2]
        )
        for text in words:
            assert "".join(text.split()) in "".join(first.split())
        assert {"sv": "Innehåll", "en": "Contents"}[language] in second
        assert {"sv": "Bakgrund", "en": "Background"}[language] not in first


def test_the_longer_side_of_the_years_goes_down_the_page() -> None:
    told = scene()
    more = {
        f"cash[holder=bolaget,year={year}]": asdict(
            Figure(f"cash[holder=bolaget,year={year}]", f"Kassaflöde, bolaget, {year}", 1e6, "SEK")
        )
        for year in range(2030, 2036)
    }
    Run.objects.filter(pk=told.run.pk).update(figures={**told.run.figures, **more})
    years = next(s for s in build(told.basis, "sv").sections if s.id == "betalar").blocks[1]
    assert years.columns[0].label == "År"  # type: ignore[union-attr]
    assert len(years.rows) == 8  # type: ignore[union-attr]
    assert plain(years.rows[2][1]) == "–"  # type: ignore[union-attr]  # no such figure is never zero


def test_a_formula_is_in_peoples_words_and_as_the_book_writes_it() -> None:
    told = scene()
    quantities = {
        "klimatgas_per_år": {"label": {"sv": "Utsläpp per år", "en": "Emissions per year"}, "value": 40000, "unit": "ton"},
        "drift": {"label": {"sv": "Värme i drift", "en": "Heat in use"}, "value": None, "unit": ""},
    }  # fmt: skip
    figures = dict(told.run.figures)
    figures["co2"] = {**figures["co2"], "explanation": {"formula": "klimatgas_per_år * drift - min(drift, 1)"}}
    Run.objects.filter(pk=told.run.pk).update(figures=figures, recipe={"quantities": quantities})
    for language, words, inputs in (
        ("sv", "Utsläpp per år × Värme i drift − min(Värme i drift, 1)", "Utsläpp per år 40\u202f000 ton"),
        ("en", "Emissions per year × Heat in use − min(Heat in use, 1)", "Emissions per year 40,000 tonnes"),
    ):
        one = next(o for o in build(told.basis, language).origins if o.key.endswith("#co2"))
        facts = {fact.label: fact.value.replace("\xa0", " ") for fact in one.facts}
        assert one.basis == words
        assert inputs in facts.values()
        assert "klimatgas_per_år * drift - min(drift, 1)" in facts.values()


def test_goals_are_touched_with_reasons() -> None:
    told = scene()
    goal = write_goal(by=told.leader, stable_id="klimat", kind="plan", title="Klimatneutral värme", source="Planen")
    tie(by=told.leader, matter=told.matter, goal=goal, stance="supports", reason="Mindre eldning.")
    section = next(s for s in build(told.basis, "sv").sections if s.id == "mal")
    assert section.blocks[0].goals[0].relation == "supports"  # type: ignore[union-attr]


def test_a_decision_that_differs_says_why() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    with pytest.raises(ValueError, match="skiljer sig"):
        decide(told, version, chosen_mark="A")
    with pytest.raises(ValueError, match="skiljer sig"):
        decide(told, version, chosen_mark="")
    made = decide(told, version, chosen_mark="", deviation="Återremiss: byarna ska höras först.")
    assert made.chosen == ""
    assert made.proposed.startswith("B.")


def test_a_decision_is_corrected_only_by_a_new_one() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    first = decide(told, version)
    values = {
        "body": told.town.technical,
        "decided_on": first.decided_on,
        "number": "TN 2026/7 § 35",
        "reason": first.reason,
        "chosen_mark": "B",
        "promise": first.promise,
        "follow_up_on": first.follow_up_on,
    }
    with pytest.raises(ValueError, match="fel"):
        deciding.correct_decision(by=told.leader, decision=first, correction_reason=" ", **values)
    second = deciding.correct_decision(by=told.leader, decision=first, correction_reason="Fel paragraf.", **values)
    first = Decision.objects.get(pk=first.pk)
    assert first.number == "TN 2026/7 § 34"
    assert second.corrects == first
    assert FollowUp.objects.filter(done_on=None).count() == 1
    with pytest.raises(ValueError, match="redan rättat"):
        deciding.correct_decision(by=told.leader, decision=first, correction_reason="Igen.", **values)
    steps = lives.decide_steps([told.matter])
    assert steps[told.matter.pk].state == "done"


def test_a_decision_is_not_recorded_before_it_is_made_or_twice() -> None:
    told = scene()
    version = present(by=told.leader, basis=told.basis)
    with pytest.raises(ValueError, match="innan"):
        decide(told, version, decided_on=localdate() + timedelta(days=1))
    decide(told, version)
    with pytest.raises(ValueError, match="redan registrerat"):
        decide(told, version)


def test_doing_nothing_is_always_an_alternative() -> None:
    told = scene()
    nothing = told.basis.alternatives.get(is_reference=True)
    with pytest.raises(Unchangeable):
        services.remove_row(by=told.leader, basis=told.basis, row=nothing)
    assert compared(told).alternatives[0].title == "Gör ingenting"


def test_two_who_write_the_same_section_do_not_overwrite_each_other() -> None:
    told = scene()
    text = told.basis.texts.get(section="question", language="sv")
    services.write_section(
        by=told.leader, basis=told.basis, section="question", text="Min?", seen_revision=text.revision
    )
    with pytest.raises(services.Overtaken):
        services.write_section(
            by=told.economist, basis=told.basis, section="question", text="Din?", seen_revision=text.revision
        )


def test_a_figure_of_another_matter_never_comes_into_a_basis() -> None:
    told, other = scene(), scene(visibility="restricted")
    with pytest.raises(ValueError, match="finns inte"):
        services.write_section(
            by=told.leader, basis=told.basis, section="effects", text=f"{{{{figure:{other.run.uid}#co2}}}}"
        )
    with pytest.raises(ValueError, match="annat ärende"):
        services.set_alternative(by=told.leader, basis=told.basis, name="Tjuvlån", run=other.run)
    with pytest.raises(ValueError, match="annat ärende"):
        services.choose_figure(by=told.leader, basis=told.basis, part="money", key="co2", run=other.run)


def test_alternatives_are_compared_run_by_run() -> None:
    told = scene()
    half = run_for(told.leader, told.matter, title="Bara sommaren", scale=0.5)
    services.set_alternative(by=told.leader, basis=told.basis, name="Bara sommaren", run=half)
    services.set_alternative(by=told.leader, basis=told.basis, name="Något ingen räknat på")
    table = compared(told)
    words = [[cell[0].text for cell in one.cells] for one in table.alternatives]  # type: ignore[union-attr]
    assert words[0][:2] == ["utgångsläge", "utgångsläge"]
    assert words[1][0] == "+25,7"
    assert words[2][0] == "+12,9"
    assert words[3][:2] == ["inte beräknat", "inte beräknat"]


def test_the_system_may_do_what_a_person_may() -> None:
    told = scene()
    assert policy.can(policy.system(), "basis.present", told.basis)
