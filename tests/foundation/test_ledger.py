# SPDX-License-Identifier: EUPL-1.2
"""What happened can be added to and never rewritten unseen."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger import services as ledger
from helhet.foundation.ledger.models import Chain, Cursor, Event, Head, Parked
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing, system, visitor
from tests.foundation.conftest import in_threads
from tests.people import Town, organisation, small_town, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def write(count: int, obj: Organisation, by: Standing | None = None) -> list[Event]:
    return [
        ledger.record(
            by=by or system(), verb="test.done", obj=obj, unit_id=obj.pk, data={"n": n, "x": 0.1}, private={"t": "å"}
        )
        for n in range(count)
    ]


def test_an_event_says_who_by_an_opaque_key(town: Town) -> None:
    actor = standing()
    keys = [write(1, town.social, by)[0].actor_key for by in (actor, visitor(), system())]
    assert keys == [actor.actor_key, "visitor", "system"]
    assert len(actor.actor_key) == 32


def test_the_chain_is_whole_and_grows(town: Town) -> None:
    assert ledger.seal() == 0
    write(7, town.social)
    assert [ledger.seal(limit=5), ledger.seal(limit=5), ledger.seal(limit=5)] == [5, 2, 0]
    verdict = ledger.verify()
    assert (verdict.whole, verdict.events) == (True, 7)
    assert verdict.head == Head.objects.get().hash == Chain.objects.get().head
    write(1, town.social)
    assert ledger.verify().whole, "what is not sealed yet is no fault"
    ledger.seal()
    assert ledger.verify(expected_head=verdict.head).whole, "an older head is still in the chain"


def test_many_events_at_once_are_as_many_one_by_one(town: Town) -> None:
    changes = [ledger.Change(town.social, town.social.pk, data={"n": n}, private={"t": f"å{n}"}) for n in range(5)]
    ledger.record_all(by=system(), verb="test.done", changes=changes)
    assert [event.data["n"] for event in Event.objects.order_by("id")] == [0, 1, 2, 3, 4]
    second = Event.objects.order_by("id")[1]
    assert ledger.matches_private(second, {"t": "å1"})
    assert not ledger.matches_private(second, {"t": "å2"})
    assert len(set(Event.objects.values_list("private_salt", flat=True))) == 5
    ledger.seal()
    assert ledger.verify().whole


def _changed(value: Any, seed: int) -> Any:
    if isinstance(value, int):
        return value + 1 + seed
    if isinstance(value, dict):
        return {**value, "n": f"annat {seed}"}
    if isinstance(value, str):
        place = seed % max(len(value), 1)
        return value[:place] + ("b" if value[place : place + 1] != "b" else "c") + value[place + 1 :]
    return value + timedelta(microseconds=1 + seed)


HASHED = ["at", "actor_key", "verb", "object_type", "object_id", "unit_id", "data", "private_digest", "hash"]


@given(st.sampled_from([*HASHED, "previous_hash", "uid"]), st.integers(1, 6), st.integers(0, 60))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_changed_shows(town: Town, field: str, place: int, seed: int) -> None:
    if not Event.objects.exists():
        write(6, town.social)
        ledger.seal()
    with transaction.atomic():
        event = Event.objects.get(position=place)
        value = getattr(event, field)
        changed = type(value)(int=value.int ^ (seed + 1)) if field == "uid" else _changed(value, seed)
        assert changed != value
        Event.objects.filter(pk=event.pk).update(**{field: changed})
        verdict = ledger.verify()
        transaction.set_rollback(True)
    assert not verdict.whole
    assert str(place) in verdict.fault or str(place + 1) in verdict.fault
    assert ledger.verify().whole


def test_an_event_that_is_taken_out_or_moved_shows(town: Town) -> None:
    write(5, town.social)
    ledger.seal()
    for harm in (
        lambda: Event.objects.get(position=3).delete(),
        lambda: Event.objects.filter(position=3).update(position=30),
        lambda: Event.objects.get(position=5).delete(),
    ):
        with transaction.atomic():
            harm()
            assert not ledger.verify().whole
            transaction.set_rollback(True)


def test_a_tail_cut_off_with_care_shows_against_a_head_kept_elsewhere(town: Town) -> None:
    write(5, town.social)
    ledger.seal()
    kept_outside = ledger.verify().head
    last = Event.objects.get(position=3)
    Event.objects.filter(position__gt=3).delete()
    Chain.objects.update(position=3, hash=last.hash)
    assert ledger.verify().whole, "by itself the shorter chain looks whole"
    verdict = ledger.verify(expected_head=kept_outside)
    assert (verdict.whole, verdict.fault) == (False, "the expected head is not in the chain")


def test_erasing_salts_keeps_the_chain_and_severs_the_words(town: Town) -> None:
    (event, *_rest) = write(3, town.social)
    ledger.seal()
    assert ledger.matches_private(event, {"t": "å"})
    assert ledger.destroy_salts(object_type="people.organisation", object_id=str(town.social.pk)) == 3
    event.refresh_from_db()
    assert not ledger.matches_private(event, {"t": "å"})
    assert ledger.verify().whole


def test_a_change_that_is_rolled_back_leaves_no_event(town: Town) -> None:
    with transaction.atomic():
        write(1, town.social)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_the_same_moment_make_one_chain() -> None:
    unit = small_town().social

    def writing() -> None:
        for _ in range(5):
            with transaction.atomic():
                write(4, unit)

    def sealing() -> None:
        for _ in range(10):
            ledger.seal(limit=7)

    answers = in_threads(writing, writing, sealing, sealing)
    assert [a for a in answers if a is not None] == []
    ledger.seal()
    verdict = ledger.verify()
    assert (verdict.fault, verdict.events) == ("", 40)


# --- readers -----------------------------------------------------------------------------------------------


def noting(name: str = "test.notes", verbs: tuple[str, ...] = ("test.*",)) -> tuple[Subscriber, list[int]]:
    seen: list[int] = []
    return Subscriber(name, verbs, lambda event: seen.append(event.position or 0)), seen


def test_readers_read_in_order_once_and_only_what_they_asked_for(town: Town) -> None:
    reader, seen = noting()
    other, nothing = noting("test.other", ("elsewhere.*", "test.don"))
    write(60, town.social)
    assert ledger.deliver([reader]) == 0, "nothing is read before it is sealed"
    ledger.settle([reader, other])
    ledger.settle([reader, other])
    assert seen == list(range(1, 61))
    assert nothing == []


def test_a_reader_that_comes_later_reads_from_the_beginning(town: Town) -> None:
    write(3, town.social)
    ledger.settle([])
    reader, seen = noting("test.late")
    ledger.settle([reader])
    assert seen == [1, 2, 3]


def test_what_a_reader_wrote_goes_when_the_cursor_does_not_move(town: Town) -> None:
    write(2, town.social)
    ledger.seal()

    def keep(event: Event) -> None:
        organisation(f"skriven-{event.position}")
        if event.position == 2 and fail:
            raise ValueError("not now")

    fail = True
    reader = Subscriber("test.keeper", ("test.done",), keep)
    ledger.deliver([reader])
    assert list(Organisation.objects.filter(slug__startswith="skriven").values_list("slug", flat=True)) == ["skriven-1"]
    assert (Cursor.objects.get(name="test.keeper").position, Cursor.objects.get(name="test.keeper").failures) == (1, 1)
    fail = False
    rested()
    ledger.deliver([reader])
    assert Organisation.objects.filter(slug__startswith="skriven").count() == 2
    assert Cursor.objects.get(name="test.keeper").failures == 0


def test_a_reader_that_can_takes_many_at_once_and_a_bad_one_of_them_alone(town: Town) -> None:
    write(6, town.social)
    alone: list[int] = []
    together: list[list[int]] = []

    def one(event: Event) -> None:
        if event.position == 3:
            raise ValueError("this one")
        alone.append(event.position or 0)

    def many(events: Sequence[Event]) -> None:
        organisation(f"skriven-{len(together)}")
        together.append([event.position or 0 for event in events])
        if any(event.position == 3 for event in events):
            raise ValueError("one of these")

    reader = Subscriber("test.many", ("test.*",), one, many)
    ledger.settle([reader])
    assert together == [[1, 2, 3, 4, 5, 6]]
    assert not Organisation.objects.filter(slug="skriven-0").exists(), "what it wrote before it failed is gone"
    assert alone == [1, 2]
    for _ in range(ledger.TRIES_BEFORE_PARKING):
        rested()
        ledger.settle([reader])
    assert Parked.objects.get().event.position == 3
    assert sorted([*alone, *(n for some in together[1:] for n in some)]) == [1, 2, 4, 5, 6]


def test_a_slow_reader_gives_the_lock_back_in_between(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    write(5, town.social)
    ledger.seal()
    monkeypatch.setattr(ledger, "HOLD_S", 0)
    moves: list[int] = []

    def slow(event: Event) -> None:
        moves.append(Cursor.objects.get(name="test.slow").position)

    assert ledger.deliver([Subscriber("test.slow", ("test.*",), slow)]) == 5
    assert moves == [0, 1, 2, 3, 4], "each in a transaction of its own, in order"


def rested() -> None:
    """As if every pause were over."""
    Cursor.objects.update(retry_at=None)


def test_an_event_that_cannot_be_handled_is_parked_and_the_rest_goes_on(town: Town) -> None:
    write(4, town.social)
    tries: list[int] = []
    handled: list[int] = []

    def picky(event: Event) -> None:
        if event.position == 2:
            tries.append(1)
            if poisoned:
                organisation_twice(town)  # breaks a constraint: the worst kind of fault
        handled.append(event.position or 0)

    poisoned = True
    healthy, seen = noting()
    readers = [Subscriber("test.picky", ("test.*",), picky), healthy]
    ledger.settle(readers)
    assert (handled, len(tries), seen) == ([1], 1, [1, 2, 3, 4]), "the others do not wait"
    for _ in range(ledger.TRIES_BEFORE_PARKING - 1):
        rested()
        ledger.settle(readers)
    assert (handled, len(tries)) == ([1, 3, 4], ledger.TRIES_BEFORE_PARKING)
    parked = Parked.objects.get()
    assert (parked.subscriber, parked.event.position) == ("test.picky", 2)
    assert "IntegrityError" in parked.error
    assert ledger.retry_parked(readers) == 0
    assert Parked.objects.count() == 1
    poisoned = False
    assert ledger.retry_parked(readers) == 1
    assert (handled, Parked.objects.count()) == ([1, 3, 4, 2], 0)


def organisation_twice(town: Town) -> None:
    Organisation.objects.create(slug=town.social.slug, name="x")


def test_a_hiccup_is_waited_out_with_growing_pauses(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    write(1, town.social)
    ledger.seal()
    clock, asked = [now()], []
    monkeypatch.setattr(ledger, "now", lambda: clock[0])

    def failing(event: Event) -> None:
        asked.append((clock[0] - begun).total_seconds())
        raise OSError("away for a while")

    begun, reader = clock[0], Subscriber("test.failing", ("test.*",), failing)
    for _ in range(300):
        ledger.deliver([reader])
        clock[0] += timedelta(seconds=1)
    assert asked == [0, 2, 6, 14, 30, 62, 126, 254]
    assert Parked.objects.get().subscriber == "test.failing"
    assert Cursor.objects.get(name="test.failing").retry_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_hand_each_event_over_once() -> None:
    unit = small_town().social
    write(120, unit)
    ledger.seal()

    def keep(event: Event) -> None:
        Organisation.objects.create(slug=f"h-{event.position}", name="x", kind="unit")

    reader = Subscriber("test.shared", ("test.*",), keep)

    def work() -> int:
        return sum(ledger.deliver([reader]) for _ in range(4))

    answers: list[Any] = in_threads(work, work, work)
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert sum(answers) == 120
    assert Organisation.objects.filter(slug__startswith="h-").count() == 120
    assert not Parked.objects.exists()


def test_an_idle_worker_takes_no_lock(town: Town, django_assert_num_queries: Callable[..., Any]) -> None:
    reader, _seen = noting()
    write(1, town.social)
    ledger.settle([reader])
    with django_assert_num_queries(1):
        assert ledger.seal() == 0
    with django_assert_num_queries(2):
        assert ledger.deliver([reader]) == 0
