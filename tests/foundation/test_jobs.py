# SPDX-License-Identifier: EUPL-1.2
"""Work is done once to effect, whatever is killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now

from helhet.foundation.jobs import services as jobs
from helhet.foundation.jobs.models import Job, Timer
from helhet.foundation.people.models import Organisation
from tests.foundation.conftest import in_threads
from tests.people import organisation

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
WORKER = Path(__file__).with_name("worker.py")


@pytest.fixture
def tasks() -> Iterator[Callable[..., Any]]:
    """Register tasks for one test."""
    before = dict(jobs.TASKS)
    yield jobs.task
    jobs.TASKS.clear()
    jobs.TASKS.update(before)


def claimed(worker: str = "one") -> Job:
    job = jobs.claim(worker)
    assert job is not None
    return job


def test_a_job_runs_with_what_it_was_given(tasks: Any) -> None:
    got: list[str] = []
    tasks("t.note")(lambda words: got.append(words))
    jobs.enqueue("t.note", {"words": "hej"})
    assert jobs.run(claimed())
    job = Job.objects.get()
    assert (got, job.state, job.error, job.lease_until) == (["hej"], "done", "", None)
    assert job.finished_at is not None
    assert jobs.claim("one") is None


def test_a_task_is_registered_once_and_known_when_asked_for(tasks: Any) -> None:
    tasks("t.once")(lambda: None)
    with pytest.raises(ValueError, match="twice"):
        tasks("t.once")(lambda: None)
    with pytest.raises(KeyError):
        jobs.enqueue("t.never")


def test_the_same_key_is_work_asked_for_once(tasks: Any) -> None:
    tasks("t.keyed")(lambda: None)
    assert jobs.enqueue("t.keyed", key="a") is not None
    assert jobs.enqueue("t.keyed", key="a") is None
    jobs.run(claimed())
    assert jobs.enqueue("t.keyed", key="a") is None
    assert jobs.enqueue("t.keyed", key="b") is not None
    assert Organisation.objects.count() == 0, "and the transaction still works"


def test_later_is_later(tasks: Any) -> None:
    tasks("t.later")(lambda: None)
    jobs.enqueue("t.later", after=timedelta(minutes=5))
    assert jobs.claim("one") is None
    Job.objects.update(run_after=now())
    assert jobs.claim("one") is not None


def test_a_failing_job_is_tried_again_ever_more_slowly_and_then_given_up(tasks: Any) -> None:
    def fail() -> None:
        organisation("halvgjort")
        raise RuntimeError("not today")

    tasks("t.fail")(fail)
    jobs.enqueue("t.fail")
    pauses = []
    for _ in range(jobs.MAX_ATTEMPTS):
        assert not jobs.run(claimed())
        job = Job.objects.get()
        pauses.append((job.run_after - now()).total_seconds())
        assert "not today" in job.error
        Job.objects.update(run_after=now())
    assert job.state == "failed"
    assert pauses[:-1] == sorted(pauses[:-1])
    assert pauses[0] > 2
    assert jobs.claim("one") is None
    assert not Organisation.objects.exists(), "what a failed attempt wrote is gone"


def test_a_job_of_an_unknown_kind_is_kept_for_a_newer_worker(tasks: Any) -> None:
    Job.objects.create(task="t.of_tomorrow")
    assert not jobs.run(claimed())
    assert Job.objects.get().state == "waiting"


def test_a_job_whose_worker_stopped_breathing_is_taken_over(tasks: Any) -> None:
    tasks("t.taken")(lambda: organisation("gjort"))
    jobs.enqueue("t.taken")
    first = claimed("one")
    assert jobs.claim("two") is None
    Job.objects.update(lease_until=now() - timedelta(seconds=1))
    second = claimed("two")
    assert second.attempts == 2
    assert not jobs.run(first), "the first lost its lease"
    assert not Organisation.objects.exists(), "and what it did is rolled back"
    assert Job.objects.get().worker == "two", "and it does not touch the other's claim"
    assert jobs.run(second)
    assert Organisation.objects.count() == 1


def test_a_job_that_takes_every_worker_down_is_given_up(tasks: Any) -> None:
    tasks("t.deadly")(lambda: None)
    jobs.enqueue("t.deadly")
    for _ in range(jobs.MAX_ATTEMPTS):
        claimed()
        Job.objects.update(lease_until=now() - timedelta(seconds=1))
    assert jobs.claim("one") is None
    assert Job.objects.get().state == "failed"


def test_timers_ask_once_however_many_ask(tasks: Any) -> None:
    tasks("t.hourly", every=timedelta(hours=1))(lambda: None)
    assert jobs.enqueue_due() >= 1
    assert jobs.enqueue_due() == 0
    assert Job.objects.filter(task="t.hourly").count() == 1
    Timer.objects.filter(task="t.hourly").update(next_at=now() - timedelta(days=3))
    assert jobs.enqueue_due() == 1, "what was missed while nobody worked is made up for once"


def test_finished_jobs_are_forgotten_after_a_month_save_those_that_prove_an_effect(tasks: Any) -> None:
    tasks("t.old")(lambda: None)
    jobs.enqueue("t.old")
    jobs.enqueue("t.old", key="proof")
    while job := jobs.claim("one"):
        jobs.run(job)
    jobs.tidy()
    assert Job.objects.count() == 2
    Job.objects.update(finished_at=now() - timedelta(days=31))
    jobs.tidy()
    assert Job.objects.get().effect_key == "proof"


def test_a_long_job_says_how_far_it_has_come(tasks: Any) -> None:
    tasks("t.long")(lambda: None)
    job = jobs.enqueue("t.long")
    assert job is not None
    jobs.progress(str(job.uid), 3, 10)
    job.refresh_from_db()
    assert (job.done_parts, job.all_parts) == (3, 10)


@pytest.mark.django_db(transaction=True)
def test_many_workers_never_share_a_job(tasks: Any) -> None:
    tasks("t.many")(lambda n: organisation(f"n-{n}"))
    for n in range(24):
        jobs.enqueue("t.many", {"n": n})

    def work(name: str) -> Callable[[], int]:
        def go() -> int:
            done = 0
            while job := jobs.claim(name):
                done += jobs.run(job)
            return done

        return go

    answers: list[Any] = in_threads(*[work(f"w{n}") for n in range(4)])
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert sum(answers) == 24
    assert Organisation.objects.filter(slug__startswith="n-").count() == 24
    assert not Job.objects.exclude(state="done", attempts=1).exists()


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_a_long_job_works(tasks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.6))
    stolen: list[object] = []

    def slow() -> None:
        for _ in range(6):
            time.sleep(0.3)
            stolen.append(jobs.claim("thief"))

    tasks("t.slow", atomic=False)(slow)
    jobs.enqueue("t.slow")
    assert jobs.run(claimed())
    assert stolen == [None] * 6


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["atomic", "in_parts"])
def test_a_worker_killed_at_work_loses_nothing_and_repeats_no_effect(tasks: Any, tmp_path: Path, kind: str) -> None:
    started = tmp_path / "started"
    jobs.TASKS[f"k.{kind}"] = jobs.Task(f"k.{kind}", lambda **_: None, None, True)
    jobs.enqueue(f"k.{kind}", {"mark": str(started)})
    connection.close()
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    database = str(connection.settings_dict["NAME"])
    process = subprocess.Popen([sys.executable, str(WORKER), database], env=environ, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not started.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline, "the worker did not start"
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    job = Job.objects.get(task=f"k.{kind}")
    assert (job.state, job.attempts) == ("running", 1)
    assert jobs.claim("second") is None, "its lease still holds"
    written = Organisation.objects.filter(slug__startswith="effekt").count()
    assert written == (0 if kind == "atomic" else 1)

    from tests.foundation import worker

    worker.register(wait=False)
    deadline = time.monotonic() + 20
    while (again := jobs.claim("second")) is None:
        assert time.monotonic() < deadline, "nobody took the job over"
        time.sleep(0.1)
    assert again.attempts == 2
    assert jobs.run(again)
    assert Organisation.objects.filter(slug__startswith="effekt").count() == (1 if kind == "atomic" else 2)
