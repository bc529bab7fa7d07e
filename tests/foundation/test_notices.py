# SPDX-License-Identifier: EUPL-1.2
"""People are told what concerns them, once, and never what they may not read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from helhet.foundation.ledger import services as ledger
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.links import merge
from helhet.foundation.matters.models import Follow
from helhet.foundation.matters.services import set_owners, set_visibility
from helhet.foundation.matters.thread import comment, follow
from helhet.foundation.notices.models import Notice
from helhet.foundation.notices.services import choose_news, mark_read, send_digests, tell, words_for
from helhet.foundation.notices.subscribers import SUBSCRIBERS, tell_followers
from helhet.foundation.notices.words import OUTCOMES, WORDS
from helhet.foundation.people.models import Membership, User
from helhet.foundation.policy import Forbidden, visitor
from tests.people import Town, matter, person, standing, user_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
Settle = Callable[[], None]


def told(user_id: int | None) -> list[str]:
    return list(Notice.objects.filter(user_id=user_id).order_by("id").values_list("verb", flat=True))


def test_followers_are_told_and_the_one_who_acts_is_not(town: Town, settle: Settle) -> None:
    author, reader, team = standing(), standing(), standing("platform_team")
    about = matter(by=author)
    follow(by=reader, matter=about)
    comment(by=reader, matter=about, text="Hur går det?")
    comment(by=team, matter=about, text="Bra.")
    settle()
    assert told(author.user_id) == ["matter.commented", "matter.commented"]
    assert told(reader.user_id) == ["matter.commented"]
    assert told(team.user_id) == []


def test_the_same_event_twice_is_told_once(town: Town, settle: Settle) -> None:
    author = standing()
    about = matter(by=author)
    comment(by=standing(), matter=about, text="Hej")
    settle()
    event = Event.objects.get(verb="matter.commented")
    for _ in range(2):
        SUBSCRIBERS[0].handle(event)
    assert told(author.user_id) == ["matter.commented"]


def test_an_author_hears_every_outcome_whatever_is_switched_off(town: Town, settle: Settle) -> None:
    author, reader, team = standing(), standing(), standing("platform_team")
    about = matter(by=author)
    follow(by=reader, matter=about)
    for who in (author, reader):
        choose_news(by=who, user=user_of(who), off=WORDS)
    follow(by=author, matter=about, on=False)
    comment(by=team, matter=about, text="Var ligger det?", is_question=True)
    comment(by=team, matter=about, text="Vi återkommer.")
    set_owners(by=team, matter=about, owners=[(town.technical, "")])
    settle()
    assert told(author.user_id) == ["matter.asked"]
    assert Notice.objects.get(user_id=author.user_id).must
    assert told(reader.user_id) == []
    event = Event.objects.filter(verb="matter.owners_set").get()
    tell_followers(event, outcome=True)  # as a room does for outcomes of its own
    assert told(author.user_id) == ["matter.asked", "matter.owners_set"]
    choose_news(by=reader, user=user_of(reader), off=set(WORDS) - {"matter.commented"})
    comment(by=team, matter=about, text="Nu är det klart.")
    settle()
    assert told(reader.user_id) == ["matter.commented"]


def test_an_author_follows_the_matter_into_what_it_was_merged_with(town: Town, settle: Settle) -> None:
    author, team = standing(), standing("platform_team")
    mine, into = matter(by=author), matter(by=standing())
    merge(by=team, source=mine, into=into)
    Follow.objects.filter(user_id=author.user_id).delete()
    comment(by=team, matter=into, text="Går det att mäta?", is_question=True)
    settle()
    assert told(author.user_id) == ["matter.merged", "matter.asked"]


def test_an_author_who_may_not_read_what_it_was_merged_with_is_told_on_their_own(town: Town, settle: Settle) -> None:
    author, team = standing("resident", town.public), standing("platform_team")
    mine = matter(by=author, visibility="public")
    into = matter(by=standing(), visibility="internal")
    merge(by=team, source=mine, into=into)
    comment(by=team, matter=into, text="Går det att mäta?", is_question=True)
    settle()
    assert told(author.user_id) == ["matter.merged", "matter.asked"]
    notice = Notice.objects.get(user_id=author.user_id, verb="matter.asked")
    assert (notice.matter_id, notice.must) == (mine.pk, True)


def test_nobody_is_told_of_what_they_may_not_read(town: Town, settle: Settle) -> None:
    author, reader, team = standing(), standing(), standing("platform_team")
    about = matter(by=author)
    follow(by=reader, matter=about)
    set_visibility(by=team, matter=about, visibility="restricted", secrecy_paragraph="21 kap. 7 § OSL")
    comment(by=team, matter=about, text="Hemligt.")
    settle()
    assert told(reader.user_id) == []
    assert told(author.user_id) == ["matter.visibility_set", "matter.commented"]


def test_closed_accounts_and_visitors_are_left_alone(town: Town, settle: Settle) -> None:
    author = standing()
    about = matter(by=author)
    User.objects.filter(pk=author.user_id).update(is_active=False)
    comment(by=standing(), matter=about, text="Hej")
    settle()
    assert told(author.user_id) == []
    assert mark_read(by=visitor()) == 0


def test_a_choice_of_news_is_one_event_and_ones_own(town: Town) -> None:
    one, two = standing(), standing()
    for _again in range(2):
        choose_news(by=one, user=user_of(one), off={"matter.commented", "goal.tied", "no.such"})
    assert [e.data for e in Event.objects.filter(verb="notices.chosen")] == [{"off": 2}]
    with pytest.raises(Forbidden):
        choose_news(by=two, user=user_of(one), off=())
    with pytest.raises(Forbidden):
        choose_news(by=visitor(), user=user_of(one), off=())


def test_reading_marks_ones_own_notices_only(town: Town, settle: Settle) -> None:
    one, two = standing(), standing()
    first, second = matter(by=one), matter(by=one)
    follow(by=two, matter=first)
    for about in (first, second):
        comment(by=standing(), matter=about, text="Hej")
    settle()
    assert mark_read(by=one, matter=first) == 1
    assert mark_read(by=one) == 1
    assert mark_read(by=one) == 0
    assert Notice.objects.filter(user_id=two.user_id, read_at=None).count() == 1


def test_many_followers_cost_few_questions(town: Town) -> None:
    author = standing()
    about = matter(by=author)
    costs = []
    for crowd in (10, 300):
        Follow.objects.all().delete()
        users = User.objects.bulk_create(User(username=f"f{crowd}-{n}") for n in range(crowd))
        Membership.objects.bulk_create(Membership(user=u, organisation=town.streets, role="employee") for u in users)
        Follow.objects.bulk_create(Follow(matter=about, user=u) for u in users)
        comment(by=author, matter=about, text="Hej")
        event = Event.objects.filter(verb="matter.commented").latest("id")
        with CaptureQueriesContext(connection) as queries:
            tell_followers(event)
        costs.append(len(queries))
    assert Notice.objects.count() == 310
    assert costs[1] - costs[0] <= 2, "rows are inserted in a few batches"


def test_every_event_that_is_told_has_its_words() -> None:
    assert set(WORDS) >= OUTCOMES
    assert all(str(words_for(verb)) for verb in WORDS)
    assert words_for("matter.unheard_of") == ""


# --- digests -----------------------------------------------------------------------------------------------


def _news(town: Town, settle: Settle) -> tuple[Any, Any]:
    reader = standing("employee", town.streets, email="lasare@kommun.example")
    first, second = matter(title="Halka", by=reader), matter(title="Ljus", by=reader)
    for about in (first, second, first):
        comment(by=standing(), matter=about, text="Hej")
    settle()
    return reader, first


def test_the_rest_comes_as_one_letter_grouped_by_matter(town: Town, settle: Settle) -> None:
    _reader, first = _news(town, settle)
    send_digests()
    send_digests()
    (letter,) = mail.outbox
    assert letter.to == ["lasare@kommun.example"]
    assert letter.body.count("Halka") == 1
    assert letter.body.count("Nytt inlägg i tråden") == 3
    assert first.number in letter.body
    comment(by=standing(), matter=first, text="Mer")
    settle()
    send_digests()
    assert len(mail.outbox) == 1, "once a day"
    Notice.objects.exclude(digested_at=None).update(digested_at=now() - timedelta(days=1, minutes=1))
    send_digests()
    assert len(mail.outbox) == 2


def test_what_was_read_or_may_no_longer_be_read_is_not_sent(town: Town, settle: Settle) -> None:
    reader, first = _news(town, settle)
    mark_read(by=reader)
    send_digests()
    assert mail.outbox == []
    other = standing("employee", town.social, email="annan@kommun.example")
    follow(by=other, matter=first)
    comment(by=reader, matter=first, text="Nu")
    settle()
    team = standing("platform_team")
    set_visibility(by=team, matter=first, visibility="restricted", secrecy_paragraph="21 kap. 7 § OSL")
    send_digests()
    assert mail.outbox == []


def test_a_restricted_matter_leaves_the_house_by_number_only(town: Town, settle: Settle) -> None:
    reader = standing("employee", town.streets, email="lasare@kommun.example")
    about = matter(by=reader, title="Namnet på någon", visibility="restricted")
    comment(by=standing("platform_team"), matter=about, text="Hej")
    settle()
    send_digests()
    (letter,) = mail.outbox
    assert "Namnet" not in letter.body + letter.subject
    assert about.number in letter.body


def test_one_address_that_fails_does_not_stop_the_others(
    town: Town, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [person("employee", town.streets, email=f"p{n}@kommun.example") for n in range(2)]
    about = matter()
    for user in people:
        Follow.objects.create(matter=about, user=user)
    comment(by=standing(), matter=about, text="Hej")
    settle()
    from helhet.foundation.notices import services

    sent: list[str] = []

    def post(subject: str, body: str, sender: str, to: list[str]) -> None:
        if to == ["p0@kommun.example"]:
            raise ConnectionRefusedError
        sent.extend(to)

    monkeypatch.setattr(services, "send_mail", post)
    send_digests()
    assert sent == ["p1@kommun.example"]
    assert Notice.objects.get(user=people[0]).digested_at is None, "it is tried again"


def test_accounts_with_nothing_waiting_cost_nothing(town: Town, settle: Settle) -> None:
    _news(town, settle)
    send_digests()
    User.objects.bulk_create(User(username=f"q{n}", email=f"q{n}@kommun.example") for n in range(30))
    with CaptureQueriesContext(connection) as queries:
        send_digests()
    assert (len(queries), len(mail.outbox)) == (1, 1)


def test_no_digest_for_who_wants_none(town: Town, settle: Settle) -> None:
    reader, _first = _news(town, settle)
    user = user_of(reader)
    user.digest_days = 0
    user.save()
    send_digests()
    assert mail.outbox == []


def test_telling_nobody_costs_nothing(town: Town) -> None:
    about = matter()
    assert tell(event=ledger.record(by=visitor(), verb="x.y", obj=about), matter=about, users=[]) == 0
