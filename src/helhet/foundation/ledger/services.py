# SPDX-License-Identifier: EUPL-1.2
"""Write, seal, verify and read the ledger."""

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils.timezone import localdate, now

from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger.models import Chain, Cursor, Event, Head, Parked
from helhet.foundation.policy import Standing

log = logging.getLogger(__name__)
GENESIS = "0" * 64
#: The pauses double from two seconds, so the last try comes about four minutes after the first.
TRIES_BEFORE_PARKING = 8
EVENTS_A_TRANSACTION = 50
#: About how long a transaction of a subscriber may hold the database's write lock, in seconds.
HOLD_S = 0.05
LONGEST_PAUSE_S = 0.2


def record(
    *,
    by: Standing,
    verb: str,
    obj: models.Model,
    unit_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> Event:
    """Write one event in the caller's transaction.

    ``data`` holds opaque facts only (ids, kinds, dates, numbers). Free text and personal data go in ``private``:
    only their salted digest is kept, so that erasing the salt severs the link for good and the chain still holds.
    """
    change = Change(obj, unit_id, data or {}, private or {})
    event = _event(by, verb, change)
    event.save(force_insert=True)
    return event


@dataclass(frozen=True)
class Change:
    """What one event of many tells: the object, its unit, and the ``data`` and ``private`` of :func:`record`."""

    obj: models.Model
    unit_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)


def record_all(*, by: Standing, verb: str, changes: Iterable[Change]) -> None:
    """Write one event for each of many changes of a kind, in the caller's transaction."""
    Event.objects.bulk_create([_event(by, verb, change) for change in changes], batch_size=500)


def _event(by: Standing, verb: str, change: Change) -> Event:
    salt = secrets.token_hex(32) if change.private else ""
    return Event(
        actor_key="system" if by.system else (by.actor_key or "visitor"),
        verb=verb,
        object_type=change.obj._meta.label_lower,
        object_id=str(change.obj.pk),
        unit_id=change.unit_id,
        data=dict(change.data),
        private_salt=salt,
        private_digest=_digest_private(salt, change.private) if change.private else "",
    )


def seal(*, limit: int = 500) -> int:
    """Give up to ``limit`` waiting events their place and hash; returns how many. Safe to run from many processes."""
    if not Event.objects.filter(position=None).exists():
        return 0  # asked several times a second: most often without taking any lock
    with transaction.atomic():
        Chain.objects.get_or_create(pk=1)
        chain = Chain.objects.select_for_update().get(pk=1)
        waiting = list(Event.objects.filter(position=None).order_by("id")[:limit])
        for event in waiting:
            chain.position += 1
            event.position, event.previous_hash = chain.position, chain.hash
            event.hash = chain.hash = event_hash(event)
        _put_in_place(waiting)
        if waiting:
            chain.save()
            Head.objects.update_or_create(day=localdate(), defaults={"position": chain.position, "hash": chain.hash})
    return len(waiting)


def _put_in_place(events: Sequence[Event]) -> None:
    """One short statement many times: Django's ``bulk_update`` holds the write lock several times as long."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE ledger_event SET position = %s, previous_hash = %s, hash = %s WHERE id = %s",
            [(event.position, event.previous_hash, event.hash, event.pk) for event in events],
        )


def event_hash(event: Event) -> str:
    """SHA-256 over the canonical JSON of everything in the event but the salt."""
    return hashlib.sha256(
        _canonical(
            {
                "position": event.position,
                "previous": event.previous_hash,
                "uid": str(event.uid),
                "at": event.at.astimezone(UTC).isoformat(),
                "actor": event.actor_key,
                "verb": event.verb,
                "object": [event.object_type, event.object_id],
                "unit": event.unit_id,
                "data": event.data,
                "private": event.private_digest,
            }
        )
    ).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found: how many events, the head, and the first thing wrong (or '')."""

    events: int
    head: str
    fault: str = ""

    @property
    def whole(self) -> bool:
        """Nothing is wrong with the chain."""
        return not self.fault

    def __str__(self) -> str:
        return f"{self.events} events, head {self.head}: {self.fault or 'the chain is whole'}"


def verify(*, expected_head: str = "") -> Verdict:
    """Walk the whole chain. An ``expected_head`` kept outside the house proves that nothing was cut off."""
    position, previous, seen_expected = 0, GENESIS, not expected_head
    for event in Event.objects.exclude(position=None).order_by("position").iterator(chunk_size=2000):
        position += 1
        if event.position != position:
            return Verdict(position, previous, f"event {position} is missing")
        if event.previous_hash != previous or event.hash != event_hash(event):
            return Verdict(position, previous, f"event {position} has been changed")
        previous = event.hash
        seen_expected = seen_expected or previous == expected_head
    chain = Chain.objects.filter(pk=1).first()
    if chain and (chain.position, chain.hash) != (position, previous):
        return Verdict(position, previous, f"the chain should end at {chain.position}, it ends at {position}")
    if not seen_expected:
        return Verdict(position, previous, "the expected head is not in the chain")
    return Verdict(position, previous)


def matches_private(event: Event, private: Mapping[str, Any]) -> bool:
    """Whether ``private`` is what the event's digest stands for; always False once the salt is destroyed."""
    return bool(event.private_salt) and event.private_digest == _digest_private(event.private_salt, private)


def destroy_salts(*, object_type: str, object_id: str) -> int:
    """Erase the salts of an object's events: the digests then stand for nothing anybody can find again."""
    return Event.objects.filter(object_type=object_type, object_id=object_id).update(private_salt="")


def deliver(subscribers: Iterable[Subscriber], *, limit: int = 2000, pausing: bool = False) -> int:
    """Let each subscriber read on from its cursor; returns events handled.

    The handler's writes and the cursor's move share a transaction: a kill between them repeats the event, never
    skips it. A subscriber that fails rests, longer each time, while the others go on; an event that keeps failing is
    parked so that the rest can go on, and :func:`retry_parked` hands it over once more. ``pausing`` leaves as long
    between two transactions as the first took: the writers of the web get in between.
    """
    return sum(_deliver_to(subscriber, limit, pausing) for subscriber in subscribers)


def _deliver_to(subscriber: Subscriber, limit: int, pausing: bool) -> int:
    """Read on without a lock; take it only for what the subscriber wants, a few events at a time."""
    cursor, _created = Cursor.objects.get_or_create(name=subscriber.name)
    if _rests(cursor):
        return 0
    ahead = Event.objects.filter(position__gt=cursor.position).order_by("position")
    rows = list(ahead.values_list("position", "verb")[:limit])
    left = wanted = [position for position, verb in rows if position and _wanted(subscriber, verb)]
    handled = 0
    while left:
        began = time.monotonic()
        count, reached, may_go_on = _hand_over(subscriber, left[:EVENTS_A_TRANSACTION])
        handled += count
        if not may_go_on:
            return handled
        left = [position for position in left if position > reached]
        if pausing and left:
            time.sleep(min(LONGEST_PAUSE_S, time.monotonic() - began))
    if rows and Cursor.objects.filter(pk=cursor.pk, position__lt=rows[-1][0]).update(position=rows[-1][0]):
        handled += len(rows) - len(wanted)
    return handled


def _hand_over(subscriber: Subscriber, positions: Sequence[int]) -> tuple[int, int, bool]:
    """Handle these events, as many as there is time for, under the cursor's lock: (how many, how far, go on?).

    Those that another worker has handled are passed over.
    """
    handled = 0
    with transaction.atomic():
        began = time.monotonic()
        cursor = Cursor.objects.select_for_update().get(name=subscriber.name)
        if _rests(cursor):
            return 0, cursor.position, False
        ahead = Event.objects.filter(position__in=positions, position__gt=cursor.position).order_by("position")
        events = list(ahead)
        if events and _handle_together(subscriber, events, cursor):
            cursor.save()
            return len(events), cursor.position, True
        for event in events:
            if not _handle(subscriber, event, cursor):
                cursor.save()
                return handled, cursor.position, False
            cursor.position, cursor.failures, cursor.retry_at = event.position or 0, 0, None
            handled += 1
            if time.monotonic() - began > HOLD_S:
                break
        if handled:
            cursor.save()
        return handled, cursor.position if handled or events else positions[-1], True


def _handle_together(subscriber: Subscriber, events: Sequence[Event], cursor: Cursor) -> bool:
    """Hand over all the events at once to a subscriber that can; one that fails gets them one by one."""
    if subscriber.handle_all is None or cursor.failures:
        return False
    try:
        with transaction.atomic():
            subscriber.handle_all(events)
    except Exception:
        log.exception("subscriber %s failed on %s events at once; one by one", subscriber.name, len(events))
        return False
    cursor.position = events[-1].position or 0
    return True


def _handle(subscriber: Subscriber, event: Event, cursor: Cursor) -> bool:
    try:
        with transaction.atomic():
            subscriber.handle(event)
    except Exception as error:
        log.exception("subscriber %s failed on event %s", subscriber.name, event.uid)
        cursor.failures += 1
        if cursor.failures < TRIES_BEFORE_PARKING:
            cursor.retry_at = now() + timedelta(seconds=2**cursor.failures)
            return False
        Parked.objects.create(subscriber=subscriber.name, event=event, error=repr(error))
    return True


def _wanted(subscriber: Subscriber, verb: str) -> bool:
    return any(verb == wanted or (wanted.endswith("*") and verb.startswith(wanted[:-1])) for wanted in subscriber.verbs)


def _rests(cursor: Cursor) -> bool:
    return cursor.retry_at is not None and cursor.retry_at > now()


def retry_parked(subscribers: Iterable[Subscriber]) -> int:
    """Hand every parked event to its subscriber once more; returns how many went well and are parked no longer."""
    readers = {subscriber.name: subscriber for subscriber in subscribers}
    mended = 0
    for parked in Parked.objects.filter(subscriber__in=readers).select_related("event").order_by("id"):
        try:
            with transaction.atomic():
                readers[parked.subscriber].handle(parked.event)
                parked.delete()
        except Exception as error:
            log.exception("subscriber %s failed again on event %s", parked.subscriber, parked.event.uid)
            Parked.objects.filter(pk=parked.pk).update(error=repr(error), at=now())
        else:
            mended += 1
    return mended


def settle(subscribers: Iterable[Subscriber]) -> None:
    """Seal and deliver until nothing waits but what has just failed, which the worker tries again.

    The worker does this all the time; tests and imports call it.
    """
    readers = tuple(subscribers)
    while seal() or deliver(readers):
        pass


def _digest_private(salt: str, private: Mapping[str, Any]) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + _canonical(private)).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()
