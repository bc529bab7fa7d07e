# SPDX-License-Identifier: EUPL-1.2
"""Enqueue, claim, run and retry.

Tasks are plain functions registered by name. A task's own writes and the job's end share one transaction, so a job
that is killed and run again has its effect once; an ``effect_key`` makes sure that the same work is asked for once.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils.timezone import now

from helhet.foundation.jobs.models import Job, Timer

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 6


@dataclass(frozen=True)
class Task:
    """A registered task. ``atomic`` tasks end in the same transaction as their job; long ones commit by themselves."""

    name: str
    run: Callable[..., None]
    every: timedelta | None
    atomic: bool


TASKS: dict[str, Task] = {}


def task(name: str, *, every: timedelta | None = None, atomic: bool = True) -> Callable[[Callable[..., None]], Any]:
    """Register a function as the task ``name``; ``every`` makes it repeat."""

    def wrap(run: Callable[..., None]) -> Callable[..., None]:
        if name in TASKS:
            raise ValueError(f"task registered twice: {name}")
        TASKS[name] = Task(name, run, every, atomic)
        return run

    return wrap


def enqueue(
    name: str, payload: Mapping[str, Any] | None = None, *, after: timedelta = timedelta(0), key: str | None = None
) -> Job | None:
    """Ask for a task in the caller's transaction. With a ``key`` already asked for, nothing happens and None is given."""
    if name not in TASKS:
        raise KeyError(f"no such task: {name}")
    try:
        with transaction.atomic():
            return Job.objects.create(task=name, payload=dict(payload or {}), run_after=now() + after, effect_key=key)
    except IntegrityError:
        return None


def enqueue_due() -> int:
    """Put repeated tasks that are due into the queue, each once however many workers ask."""
    asked = 0
    later = set(Timer.objects.filter(next_at__gt=now()).values_list("task", flat=True))
    for due in (t for t in TASKS.values() if t.every and t.name not in later):
        with transaction.atomic():
            timer, _created = Timer.objects.get_or_create(task=due.name, defaults={"next_at": now()})
            timer = Timer.objects.select_for_update().get(pk=timer.pk)
            if timer.next_at <= now():
                timer.next_at = now() + (due.every or timedelta(days=1))
                timer.save()
                asked += enqueue(due.name) is not None
    return asked


def claim(worker: str) -> Job | None:
    """Take the next job that is due, or one whose worker has stopped breathing. Two workers never get the same.

    A job that has taken its worker down ``MAX_ATTEMPTS`` times is given up instead of taking down more.
    """
    moment = now()
    ready = models.Q(state=Job.State.WAITING, run_after__lte=moment) | models.Q(
        state=Job.State.RUNNING, lease_until__lt=moment
    )
    if not Job.objects.filter(ready).exists():
        return None  # asked several times a second: most often without taking any lock
    with transaction.atomic():
        Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=moment, attempts__gte=MAX_ATTEMPTS).update(
            state=Job.State.FAILED, finished_at=moment, lease_until=None, error="its worker was killed every time"
        )
        job = (
            Job.objects.select_for_update(skip_locked=_skips_locked()).filter(ready).order_by("run_after", "id").first()
        )
        if job is None:
            return None
        job.state, job.worker, job.attempts = Job.State.RUNNING, worker, job.attempts + 1
        job.lease_until = moment + LEASE
        job.save()
        return job


def run(job: Job) -> bool:
    """Run a claimed job with a heartbeat; on failure put it back with growing pauses. Returns whether it was done."""
    known = TASKS.get(job.task)
    try:
        if known is None:
            raise LookupError(f"no such task: {job.task}")
        with _Heartbeat(job):
            if known.atomic:
                with transaction.atomic():
                    known.run(**job.payload)
                    _finish(job)
            else:
                known.run(**job.payload)
                _finish(job)
    except Exception as error:
        log.exception("job %s (%s) failed, attempt %s", job.uid, job.task, job.attempts)
        _put_back(job, error)
        return False
    return True


@task("jobs.tidy", every=timedelta(days=1))
def tidy() -> None:
    """Drop finished jobs after 30 days. Those with an effect key stay: they are the proof that the work is done."""
    Job.objects.filter(state=Job.State.DONE, effect_key=None, finished_at__lt=now() - timedelta(days=30)).delete()


def progress(job_uid: str, done: int, of: int) -> None:
    """Say how far a long job has come."""
    Job.objects.filter(uid=job_uid).update(done_parts=done, all_parts=of)


class LeaseLost(Exception):
    """Another worker has taken the job over; what this one did is rolled back."""


def _finish(job: Job) -> None:
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state=Job.State.RUNNING)
    if not mine.update(state=Job.State.DONE, finished_at=now(), lease_until=None, error=""):
        raise LeaseLost(job.task)


def _put_back(job: Job, error: Exception) -> None:
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state=Job.State.RUNNING)
    if job.attempts >= MAX_ATTEMPTS:
        mine.update(state=Job.State.FAILED, finished_at=now(), lease_until=None, error=repr(error))
    else:
        pause = timedelta(seconds=2 ** min(job.attempts * 2, 12))
        mine.update(state=Job.State.WAITING, run_after=now() + pause, lease_until=None, error=repr(error))


def _skips_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


class _Heartbeat:
    """Renews a job's lease from a thread of its own while the job works."""

    def __init__(self, job: Job):
        self._job, self._stop = job, threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=25)

    def _beat(self) -> None:
        mine = Job.objects.filter(
            pk=self._job.pk, worker=self._job.worker, attempts=self._job.attempts, state=Job.State.RUNNING
        )
        try:
            while not self._stop.wait(LEASE.total_seconds() / 3):
                try:
                    mine.update(lease_until=now() + LEASE)
                except DatabaseError:  # a busy database is no reason to stop breathing
                    log.warning("could not renew the lease of job %s", self._job.uid)
        finally:
            connection.close()  # this thread's own
