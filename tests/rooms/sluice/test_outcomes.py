# SPDX-License-Identifier: EUPL-1.2
"""An answer, always with a reason; told to the author whatever they have switched off; open to be opened again."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from helhet.foundation.matters.models import Matter, Status
from helhet.foundation.notices.models import Notice
from helhet.foundation.notices.services import choose_news
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Forbidden
from helhet.rooms.sluice import figures, returning, selectors, services
from helhet.rooms.sluice.models import Case, Sluice, WaitsFor
from tests.people import Town, standing

Settle = Callable[[], None]
SAID = {"reason": "Gatuenheten sandar från i morgon.", "contact": "Gatuenheten"}


@pytest.fixture
def case(sluice: Sluice, town: Town) -> Case:
    author = standing("employee", town.technical)
    left = services.leave(by=author, kind="obstacle", text="Sandbilen vänder innan hållplatsen.", sluice=sluice)
    return Case.objects.get(matter=left.matter)


def status(case: Case) -> str:
    return Matter.objects.get(pk=case.matter_id).status


def test_what_is_left_waits_for_us_until_the_promised_day(case: Case) -> None:
    assert case.waits_for == WaitsFor.US
    assert case.due > localdate()
    assert case.matter.number.endswith("/1")


@pytest.mark.parametrize(
    ("kind", "more", "becomes", "waits"),
    [
        ("answered", {}, Status.ANSWERED, WaitsFor.NOBODY),
        ("declined", {}, Status.DECLINED, WaitsFor.NOBODY),
        ("banked", {"usable_now": True}, Status.BANKED, WaitsFor.NOBODY),
        ("ownerless", {}, Status.OWNERLESS, WaitsFor.NOBODY),
    ],
)
def test_each_outcome_closes_the_case(case: Case, kind: str, more: dict, becomes: str, waits: str) -> None:
    services.answer(by=standing("platform_team"), case=case, kind=kind, **SAID, **more)
    case.refresh_from_db()
    assert (status(case), case.waits_for) == (becomes, waits)
    assert case.first_reply_at is not None


def test_taken_forward_with_an_owner_waits_for_the_owner(case: Case, town: Town) -> None:
    next_date = localdate() + timedelta(days=14)
    services.answer(
        by=standing("platform_team"), case=case, kind="forward", owners=[town.streets], next_date=next_date, **SAID
    )
    case.refresh_from_db()
    assert (case.waits_for, selectors.waits_on(case), case.due) == (WaitsFor.OTHER, [town.streets], next_date)
    assert [owner.organisation for owner in case.matter.owners.all()] == [town.streets]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("answered", {"reason": "  "}),
        ("answered", {"contact": ""}),
        ("referred", {}),
        ("forward", {}),
        ("banked", {}),
    ],
)
def test_what_an_outcome_needs_is_demanded_and_nothing_is_half_written(case: Case, kind: str, change: dict) -> None:
    with pytest.raises(ValueError):
        services.answer(by=standing("platform_team"), case=case, kind=kind, **{**SAID, **change})
    assert status(case) == Status.NEW
    assert not case.matter.outcomes.exists()


def test_the_author_is_told_even_with_news_switched_off(case: Case, settle: Settle) -> None:
    author = case.matter.author
    choose_news(by=standing_of(author), user=author, off={"sluice.declined"})
    services.answer(by=standing("platform_team"), case=case, kind="declined", **SAID)
    settle()
    told = Notice.objects.get(user=author, verb="sluice.declined")
    assert told.must


def test_an_employee_may_help_but_not_set_the_outcome(case: Case) -> None:
    with pytest.raises(Forbidden) as refused:
        services.answer(by=standing("employee"), case=case, kind="answered", **SAID)
    assert "tråden" in str(refused.value.decision.reason)


def test_a_manager_answers_in_the_sluice_of_the_own_unit_only(town: Town, case: Case) -> None:
    own = Sluice.objects.create(organisation=town.technical, title="Tekniska", promise_days=3)
    services.hand_over(by=standing("platform_team"), case=case, to=own, reason="Rör gatan.")
    services.answer(by=standing("unit_manager", town.technical), case=case, kind="answered", **SAID)
    with pytest.raises(Forbidden):
        services.answer(by=standing("unit_manager", town.social), case=case, kind="answered", **SAID)


def test_a_question_makes_the_case_wait_for_the_author_and_the_reply_brings_it_back(case: Case, settle: Settle) -> None:
    from helhet.foundation.matters.thread import comment
    from helhet.foundation.people.models import User
    from helhet.foundation.people.selectors import standing_of

    services.ask_author(by=standing("platform_team"), case=case, question="Vilken hållplats?")
    case.refresh_from_db()
    assert case.waits_for == WaitsFor.AUTHOR
    author = standing_of(User.objects.get(pk=case.matter.author_id))
    comment(by=author, matter=case.matter, text="Den vid arenan.")
    settle()
    case.refresh_from_db()
    assert case.waits_for == WaitsFor.US


def test_the_author_may_open_again_and_a_stranger_may_not(case: Case) -> None:
    from helhet.foundation.people.models import User
    from helhet.foundation.people.selectors import standing_of

    services.answer(by=standing("platform_team"), case=case, kind="declined", **SAID)
    with pytest.raises(Forbidden):
        services.reopen(by=standing("employee"), case=case, reason="Jag vet mer.")
    services.reopen(by=standing_of(User.objects.get(pk=case.matter.author_id)), case=case, reason="Det hände igen.")
    case.refresh_from_db()
    assert (case.waits_for, status(case)) == (WaitsFor.US, Status.NEW)


def test_the_bank_brings_back_on_its_day_and_once(case: Case) -> None:
    services.answer(
        by=standing("platform_team"), case=case, kind="banked", return_on=localdate() + timedelta(days=1), **SAID
    )
    returning.bring_back()
    assert status(case) == Status.BANKED
    case.matter.outcomes.update(return_on=localdate())
    returning.bring_back()
    assert status(case) == Status.NEW
    services.answer(by=standing("platform_team"), case=case, kind="declined", **SAID)
    returning.bring_back()
    assert status(case) == Status.DECLINED


def test_what_came_another_way_still_gets_its_answer(town: Town, sluice: Sluice, settle: Settle) -> None:
    from tests.people import matter

    left = matter(by=standing("employee"), title="Lagt in från fil")
    settle()
    assert Case.objects.get(matter=left).waits_for == WaitsFor.US


def test_open_figures_are_hidden_below_five_people(town: Town, sluice: Sluice) -> None:
    team, busy = standing("platform_team"), standing("employee")
    for place in range(9):
        services.leave(by=busy, kind="need", text=f"Behov nummer {place} från samma person.", sluice=sluice)
    secret = {"visibility": "restricted", "secrecy_paragraph": "19 kap. 3 §"}
    services.leave(by=standing("employee"), kind="need", text="Ett hemligt behov.", sluice=sluice, **secret)
    row = figures.open_figures()[0]
    assert (row.arrived, row.waiting, row.answered_share, row.median_days) == (None, None, None, None)
    for _person in range(4):
        services.leave(by=standing("employee"), kind="need", text="Ett behov från någon annan.", sluice=sluice)
    for case in Case.objects.exclude(matter__visibility="restricted"):
        services.answer(by=team, case=case, kind="answered", **SAID)
    row = figures.open_figures()[0]
    assert (row.arrived, row.waiting, row.answered_share) == (13, 0, 1.0)
    assert row.median_days is not None


def test_open_figures_are_by_the_unit_that_owns_and_the_anonymous_count_as_one(town: Town, sluice: Sluice) -> None:
    team = standing("platform_team")
    for _person in range(6):
        left = services.leave(by=standing("employee"), kind="need", text="Ett behov vid vägen.", sluice=sluice)
        services.answer(by=team, case=left.matter.case, kind="forward", owners=[town.streets, town.social], **SAID)
    for _time in range(6):
        services.leave(by=standing("visitor"), kind="need", text="Ett behov utan namn.", sluice=sluice)
    rows = {row.unit.slug: row for row in figures.open_figures()}
    assert (rows["gatukontoret"].arrived, rows["gatukontoret"].waiting) == (6, 6)
    assert rows["socialforvaltningen"].arrived == 6
    assert rows["kommunen"].arrived is None


def test_the_queue_pages_by_key_without_gap_or_repeat(town: Town, sluice: Sluice) -> None:
    author, team = standing("employee"), standing("platform_team")
    for place in range(60):
        services.leave(by=author, kind="need", text=f"Behov {place} som ska besvaras.", sluice=sluice)
    seen, after = [], ""
    while True:
        page = selectors.queue(team, WaitsFor.US, after=after)
        seen += [case.pk for case in page.items]
        after = page.older
        if not after:
            break
    assert sorted(seen) == sorted(Case.objects.values_list("pk", flat=True))
    assert len(seen) == len(set(seen)) == 60


def test_the_tabs_count_what_the_queue_shows_and_no_further_than_they_must(
    town: Town, sluice: Sluice, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, team = standing("employee"), standing("platform_team")
    for text in ("Ett behov som ska besvaras.", "Ett till som väntar."):
        services.leave(by=author, kind="need", text=text, sluice=sluice)
    services.ask_author(by=team, case=case, question="Vilken gata?")
    for actor in (team, author, standing("resident")):
        shown = {choice: len(selectors.queue(actor, choice).items) for choice in WaitsFor.values}
        assert selectors.queue_counts(actor) == shown
        assert selectors.queue_counts(actor, sluice=sluice) == shown
    assert (shown["us"], selectors.queue_counts(team)["us"], selectors.queue_counts(team)["author"]) == (0, 2, 1)
    monkeypatch.setattr(selectors, "MOST_COUNTED", 1)
    assert selectors.queue_counts(team)["us"] == 1


@pytest.mark.parametrize("after", ["x", "2026-13-45_3", "_", "2026-01-01_99999999999999999999", "%00"])
def test_an_unreadable_page_key_starts_over(sluice: Sluice, case: Case, after: str) -> None:
    assert len(selectors.queue(standing("platform_team"), WaitsFor.US, after=after).items) <= 1


def test_a_promise_made_before_a_holiday_counts_working_days() -> None:
    from helhet.rooms.sluice.workdays import add_workdays

    assert add_workdays(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_an_anonymous_author_is_nowhere_in_the_ledger(town: Town, sluice: Sluice) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from helhet.foundation.ledger.models import Event

    author = standing("employee", town.technical)
    photo = SimpleUploadedFile("rad.txt", b"halt")
    left = services.leave(
        by=author, kind="need", text="Det är halt.", author_kind="anonymous", files=[photo], sluice=sluice
    )
    assert author.actor_key not in set(Event.objects.values_list("actor_key", flat=True))
    assert left.matter.home_unit == town.municipality


def test_a_merged_matter_stays_merged(case: Case, town: Town, settle: Settle) -> None:
    from helhet.foundation.matters.links import merge
    from helhet.foundation.matters.thread import comment
    from helhet.foundation.people.models import User
    from helhet.foundation.people.selectors import standing_of
    from tests.people import matter

    team = standing("platform_team")
    services.ask_author(by=team, case=case, question="Vilken hållplats?")
    merge(by=team, source=case.matter, into=matter(visibility="internal"))
    with pytest.raises(ValueError, match="sammanfört"):
        services.answer(by=team, case=case, kind="answered", **SAID)
    author = standing_of(User.objects.get(pk=case.matter.author_id))
    comment(by=author, matter=Matter.objects.get(pk=case.matter_id), text="Den vid arenan.")
    settle()
    case.refresh_from_db()
    assert (status(case), case.waits_for) == (Status.MERGED, WaitsFor.NOBODY)


def test_an_answer_and_a_hand_over_from_an_older_page_do_not_undo_each_other(case: Case, town: Town) -> None:
    team, older = standing("platform_team"), Case.objects.get(pk=case.pk)
    own = Sluice.objects.create(organisation=town.technical, title="Tekniska", promise_days=3)
    services.answer(by=team, case=case, kind="answered", **SAID)
    services.hand_over(by=team, case=older, to=own, reason="Rör gatan.")
    older.refresh_from_db()
    assert older.first_reply_at is not None


def test_a_promise_that_a_later_answer_has_replaced_brings_nothing_back(case: Case) -> None:
    team = standing("platform_team")
    services.answer(by=team, case=case, kind="banked", return_on=localdate(), **SAID)
    services.reopen(by=team, case=case, reason="Ny uppgift.")
    next_year = localdate() + timedelta(days=365)
    services.answer(by=team, case=case, kind="banked", return_on=next_year, **SAID)
    returning.bring_back()
    assert status(case) == Status.BANKED


def test_the_bank_brings_back_when_another_matter_is_answered(case: Case, sluice: Sluice, settle: Settle) -> None:
    team = standing("platform_team")
    other = services.leave(by=standing("employee"), kind="need", text="Nytt driftavtal för vägarna.", sluice=sluice)
    services.answer(by=team, case=case, kind="banked", return_after=other.matter, **SAID)
    settle()
    assert status(case) == Status.BANKED
    services.answer(by=team, case=other.matter.case, kind="answered", **SAID)
    settle()
    assert status(case) == Status.NEW


def test_sensitive_words_in_an_answer_are_asked_about(case: Case) -> None:
    from helhet.foundation.matters.services import Sensitive

    said = {**SAID, "reason": "Vi ringer 811218-9876 i morgon."}
    with pytest.raises(Sensitive):
        services.answer(by=standing("platform_team"), case=case, kind="answered", **said)
    services.answer(by=standing("platform_team"), case=case, kind="answered", confirmed=True, **said)
    assert status(case) == Status.ANSWERED


def test_an_answer_is_one_event_by_the_one_who_gave_it(case: Case, town: Town) -> None:
    from helhet.foundation.ledger.models import Event

    team = standing("platform_team")
    before = Event.objects.count()
    services.answer(by=team, case=case, kind="forward", owners=[town.streets], **SAID)
    assert Event.objects.count() == before + 1
    event = Event.objects.order_by("-id").first()
    assert event is not None
    assert (event.actor_key, event.data["owners"]) == (team.actor_key, [town.streets.pk])


def test_a_promise_counts_from_the_swedish_day(town: Town, sluice: Sluice) -> None:
    from datetime import UTC, datetime

    night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 00.30 on Monday the 23rd in Kiruna
    left = services.leave(by=standing("employee"), kind="need", text="Sent.", sluice=sluice, created_at=night)
    assert Case.objects.get(matter=left.matter).due == date(2026, 11, 30)
