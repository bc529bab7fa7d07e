# SPDX-License-Identifier: EUPL-1.2
"""Write, seal, verify and read the ledger."""

import hashlib
import json
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.timezone import localdate, now

from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger.models import Chain, Cursor, Event, Head, Parked
from helhet.foundation.policy import Standing

log = logging.getLogger(__name__)
GENESIS = "0" * 64
#: The pauses double from two seconds, so the last try comes about four minutes after the first.
TRIES_BEFORE_PARKING = 8
EVENTS_A_TRANSACTION = 50


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
    salt = secrets.token_hex(32) if private else ""
    return Event.objects.create(
        actor_key="system" if by.system else (by.actor_key or "visitor"),
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        unit_id=unit_id,
        data=dict(data or {}),
        private_salt=salt,
        private_digest=_digest_private(salt, private) if private else "",
    )


def seal(*, limit: int = 1000) -> int:
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
        Event.objects.bulk_update(waiting, ["position", "previous_hash", "hash"], batch_size=200)
        if waiting:
            chain.save()
            Head.objects.update_or_create(day=localdate(), defaults={"position": chain.position, "hash": chain.hash})
    return len(waiting)


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


def deliver(subscribers: Iterable[Subscriber], *, limit: int = 2000) -> int:
    """Let each subscriber read on from its cursor; returns events handled.

    The handler's writes and the cursor's move share a transaction: a kill between them repeats the event, never
    skips it. A subscriber that fails rests, longer each time, while the others go on; an event that keeps failing is
    parked so that the rest can go on, and :func:`retry_parked` hands it over once more.
    """
    return sum(_deliver_to(subscriber, limit) for subscriber in subscribers)


def _deliver_to(subscriber: Subscriber, limit: int) -> int:
    """Read on without a lock; take it only for what the subscriber wants, a few events at a time."""
    cursor, _created = Cursor.objects.get_or_create(name=subscriber.name)
    if _rests(cursor):
        return 0
    ahead = Event.objects.filter(position__gt=cursor.position).order_by("position")
    rows = list(ahead.values_list("position", "verb")[:limit])
    wanted = [position for position, verb in rows if _wanted(subscriber, verb)]
    handled = 0
    for start in range(0, len(wanted), EVENTS_A_TRANSACTION):
        count, may_go_on = _hand_over(subscriber, wanted[start : start + EVENTS_A_TRANSACTION])
        handled += count
        if not may_go_on:
            return handled
    if rows and Cursor.objects.filter(pk=cursor.pk, position__lt=rows[-1][0]).update(position=rows[-1][0]):
        handled += len(rows) - len(wanted)
    return handled


def _hand_over(subscriber: Subscriber, positions: Sequence[int | None]) -> tuple[int, bool]:
    """Handle these events under the cursor's lock, but those that another worker has handled: (how many, go on?)."""
    handled = 0
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=subscriber.name)
        if _rests(cursor):
            return 0, False
        for event in Event.objects.filter(position__in=positions, position__gt=cursor.position).order_by("position"):
            if not _handle(subscriber, event, cursor):
                cursor.save()
                return handled, False
            cursor.position, cursor.failures, cursor.retry_at = event.position or 0, 0, None
            handled += 1
        if handled:
            cursor.save()
    return handled, True


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
