# SPDX-License-Identifier: EUPL-1.2
"""People talk about a matter, follow it, and say that it concerns them too."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Comment, Matter
from helhet.foundation.matters.selectors import (
    _parse_cursor,
    get_matter,
    page_by_activity,
    readable,
    replies,
    thread,
    with_owners,
)
from helhet.foundation.matters.thread import comment, follow, hide_comment, support
from helhet.foundation.policy import Forbidden, visitor
from tests.foundation.conftest import in_threads
from tests.people import Town, matter, small_town, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_replies_stay_two_levels_deep(town: Town) -> None:
    about = matter()
    first = comment(by=standing(), matter=about, text="Först")
    reply = comment(by=standing(), matter=about, text="Svar", parent=first)
    deeper = comment(by=standing(), matter=about, text="Svar på svaret", parent=reply)
    assert deeper.parent_id == first.pk
    about.refresh_from_db()
    assert about.comment_count == 3
    shown = thread(about).items
    assert [c.text for c in shown] == ["Först"]
    assert [c.text for c in shown[0].shown_replies] == ["Svar", "Svar på svaret"]
    assert shown[0].reply_count == 2


def test_a_reply_belongs_to_its_own_matter(town: Town) -> None:
    elsewhere = comment(by=standing(), matter=matter(), text="Här")
    with pytest.raises(ValueError, match="annat ärende"):
        comment(by=standing(), matter=matter(), text="Där", parent=elsewhere)
    with pytest.raises(ValueError, match="Skriv något"):
        comment(by=standing(), matter=matter(), text=" \x00")


def _many(about: Matter, top: int, below: int = 0) -> None:
    made = Comment.objects.bulk_create(
        Comment(matter=about, text=f"Inlägg {n}", author_label="Någon", reply_count=below) for n in range(top)
    )
    Comment.objects.bulk_create(
        Comment(matter=about, parent=c, text=f"Svar {n}", author_label="Någon", ordinal=n + 1)
        for c in made
        for n in range(below)
    )


def test_a_page_of_the_thread_costs_the_same_at_10_and_at_1000(town: Town) -> None:
    small, large = matter(), matter()
    _many(small, 10, 2)
    _many(large, 1000, 2)
    costs = []
    for about in (small, large):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = thread(about)
        costs.append(len(queries))
    assert costs == [2, 2]
    assert sum(1 + len(item.shown_replies) for item in page.items) in range(25, 28), "replies take room too"


def test_the_thread_is_walked_page_by_page_without_gap_or_repeat(town: Town) -> None:
    about = matter()
    _many(about, 60)
    seen: list[int] = []
    key = ""
    while True:
        page = thread(about, key)
        seen += [c.pk for c in page.items]
        key = page.older
        if not key:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 60


def test_a_contribution_with_very_many_replies_does_not_take_the_place_of_others(town: Town) -> None:
    about = matter()
    _many(about, 3, 0)
    last = about.comments.order_by("id").first()
    assert last is not None
    for other in about.comments.exclude(pk=last.pk):
        comment(by=standing(), matter=about, text="Ett svar", parent=other)
    Comment.objects.bulk_create(
        Comment(matter=about, parent=last, text=f"{n}", author_label="N", ordinal=n + 1) for n in range(600)
    )
    Comment.objects.filter(pk=last.pk).update(reply_count=600)
    shown = {c.pk: len(c.shown_replies) for c in thread(about).items}
    assert shown[last.pk] == 20
    assert sorted(shown.values()) == [1, 1, 20]
    first = replies(last)
    following = replies(last, first.older)
    assert [c.text for c in [*first.items, *following.items]] == [str(n) for n in range(50)]


@pytest.mark.parametrize("key", ["²", "x", "-1", "9" * 30, "1;drop", "٣"])
def test_a_key_somebody_made_up_starts_over(town: Town, key: str) -> None:
    about = matter()
    _many(about, 2)
    assert len(thread(about, key).items) == 2
    assert len(replies(about.comments.all()[0], key).items) == 0
    assert len(page_by_activity(readable(standing()), key).items) == 1
    assert len(page_by_activity(readable(standing()), f"1.0_{key}").items) in {0, 1}
    assert page_by_activity(readable(standing()), f"nan_{key}").is_first


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2200, 1, 1)))
def test_the_key_of_a_page_gives_the_moment_back_exactly(moment: datetime) -> None:
    exact = moment.replace(tzinfo=UTC)
    assert _parse_cursor(f"{exact.timestamp():.6f}_7") == (exact, 7)


def test_lists_are_walked_by_activity_and_cost_the_same_whatever_their_length(town: Town) -> None:
    start = matter().created_at
    for n in range(60):
        made = matter()
        Matter.objects.filter(pk=made.pk).update(active_at=start + timedelta(minutes=n // 3))
    reader = standing()
    seen: list[int] = []
    key, costs = "", []
    while True:
        with CaptureQueriesContext(connection) as queries:
            page = page_by_activity(with_owners(readable(reader)), key)
            for row in page.items:
                str(row.home_unit), [str(owner.organisation) for owner in row.owners.all()]
        costs.append(len(queries))
        seen += [m.pk for m in page.items]
        key = page.older
        if not key:
            break
    assert len(seen) == len(set(seen)) == 61
    assert max(costs) <= 2


def test_one_matter_is_found_or_refused_with_a_reason(town: Town) -> None:
    about = matter(visibility="restricted")
    with pytest.raises(Forbidden, match=r"21 kap\. 7 § OSL"):
        get_matter(standing(), str(about.uid))
    with pytest.raises(Matter.DoesNotExist):
        get_matter(standing(), "inte-ett-uid")
    assert get_matter(standing("platform_team"), str(about.uid)) == about


def test_who_hides_a_contribution_says_why(town: Town) -> None:
    about = matter()
    said = comment(by=standing(), matter=about, text="Otrevligt.")
    with pytest.raises(Forbidden):
        hide_comment(by=standing(), comment=said, reason="Tycker inte om det")
    with pytest.raises(ValueError, match="varför"):
        hide_comment(by=standing("platform_team"), comment=said, reason=" ")
    with pytest.raises(ValueError, match="högst 200"):
        hide_comment(by=standing("platform_team"), comment=said, reason="x" * 201)
    hidden = hide_comment(by=standing("platform_team"), comment=said, reason="Personangrepp")
    assert hidden.hidden_because == "Personangrepp"


def test_following_is_counted_once(town: Town) -> None:
    about, reader = matter(), standing()
    for _ in range(3):
        assert follow(by=reader, matter=about)
    about.refresh_from_db()
    assert about.follower_count == 1
    for _ in range(3):
        assert not follow(by=reader, matter=about, on=False)
    about.refresh_from_db()
    assert about.follower_count == 0
    assert Event.objects.filter(verb__in=["matter.followed", "matter.unfollowed"]).count() == 2
    for nobody in (visitor(), standing("auditor")):
        with pytest.raises(Forbidden):
            follow(by=nobody, matter=about)


def test_support_counts_people_and_the_units_they_come_from(town: Town) -> None:
    about = matter()
    one, two = standing("employee", town.streets), standing("employee", town.streets)
    three = standing("employee", town.social)
    assert [support(by=who, matter=about) for who in (one, one, two, three)] == [1, 1, 2, 3]
    assert about.support_unit_count == 2
    assert support(by=one, matter=about, on=False) == 2
    assert about.support_unit_count == 2
    assert support(by=two, matter=about, on=False) == 1
    assert about.support_unit_count == 1
    assert support(by=two, matter=about, on=False) == 1


def test_support_is_taken_back_from_the_unit_it_was_given_in(town: Town) -> None:
    about, mover = matter(), standing("employee", town.streets)
    support(by=mover, matter=about)
    from dataclasses import replace

    moved = replace(mover, home_unit_id=town.social.pk)
    assert support(by=moved, matter=about, on=False) == 0
    assert about.support_unit_count == 0


@pytest.mark.django_db(transaction=True)
def test_supports_given_at_the_same_moment_all_count() -> None:
    town = small_town()
    about = matter()
    crowd = [standing("employee", town.streets) for _ in range(6)]
    answers = in_threads(*[lambda who=who: support(by=who, matter=Matter.objects.get(pk=about.pk)) for who in crowd])
    assert [a for a in answers if isinstance(a, Exception)] == []
    about.refresh_from_db()
    assert (about.support_count, about.support_unit_count) == (6, 1)


@pytest.mark.django_db(transaction=True)
def test_replies_given_at_the_same_moment_are_numbered_one_by_one() -> None:
    small_town()
    about = matter()
    top = comment(by=standing(), matter=about, text="Vad tycker ni?")
    crowd = [standing() for _ in range(6)]
    answers = in_threads(
        *[
            lambda who=who: comment(
                by=who, matter=Matter.objects.get(pk=about.pk), text="Ja", parent=Comment.objects.get(pk=top.pk)
            )
            for who in crowd
        ]
    )
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert sorted(top.replies.values_list("ordinal", flat=True)) == [1, 2, 3, 4, 5, 6]
    about.refresh_from_db()
    assert about.comment_count == 7
