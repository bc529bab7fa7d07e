# SPDX-License-Identifier: EUPL-1.2
"""The bank keeps its word: what it promised to bring back comes back, by day, by another matter, or by being asked."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.jobs.services import task
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Matter, Status
from helhet.foundation.policy import Standing
from helhet.rooms.sluice.models import Case, Outcome
from helhet.rooms.sluice.services import SYSTEM, back_to_queue

A_TIME = 1000


@task("sluice.bring_back", every=timedelta(hours=1), atomic=False)
def bring_back() -> None:
    """Bring back what the bank promised to return today or before. Each returns once, by its latest answer only."""
    due = Outcome.objects.filter(returned_at=None, return_on__lte=localdate()).values_list("pk", flat=True)
    for pk in list(due[:A_TIME]):
        with transaction.atomic():
            _bring_back(Outcome.objects.select_for_update().get(pk=pk), by=SYSTEM)


def bring_back_after(matter: Matter) -> None:
    """Bring back what waited in the bank for this matter to be answered or decided."""
    for outcome in Outcome.objects.select_for_update().filter(return_after=matter, returned_at=None):
        _bring_back(outcome, by=SYSTEM)


@task("sluice.ask_conditions", every=timedelta(hours=1), atomic=False)
def ask_conditions() -> None:
    """Ask those who own a banked matter whether its condition is fulfilled, each time its day has come."""
    due = Outcome.objects.filter(returned_at=None, ask_on__lte=localdate(), asked_at=None).values_list("pk", flat=True)
    for pk in list(due[:A_TIME]):
        with transaction.atomic():
            outcome = Outcome.objects.select_for_update().get(pk=pk)
            if outcome.asked_at is None:
                outcome.asked_at = now()
                outcome.save(update_fields=["asked_at"])
                if stands(outcome):
                    matter = outcome.matter
                    record(by=SYSTEM, verb="sluice.condition_asked", obj=matter, data={"outcome": outcome.pk})


@transaction.atomic
def check_condition(*, by: Standing, outcome: Outcome, fulfilled: bool, ask_on: date | None = None) -> Outcome:
    """Answer whether a condition is fulfilled: yes brings the matter back, no asks again on ``ask_on``.

    Raises ValueError in words when the answer no longer stands, or when a no names no day to come.
    """
    outcome = Outcome.objects.select_for_update(of=("self",)).select_related("matter").get(pk=outcome.pk)
    policy.require(by, "sluice.answer", Case.objects.select_related("matter", "sluice__organisation").get(
        matter_id=outcome.matter_id
    ))  # fmt: skip
    if not outcome.return_when or not stands(outcome):
        raise ValueError(_("Ärendet ligger inte längre i banken på det villkoret."))
    if fulfilled:
        _bring_back(outcome, by=by)
        return outcome
    if ask_on is None or ask_on <= localdate():
        raise ValueError(_("Välj en dag framåt i tiden då frågan ska ställas igen."))
    outcome.ask_on, outcome.asked_at = ask_on, None
    outcome.save(update_fields=["ask_on", "asked_at"])
    record(
        by=by,
        verb="sluice.condition_unmet",
        obj=outcome.matter,
        data={"outcome": outcome.pk, "ask_on": str(ask_on)},
    )
    return outcome


def stands(outcome: Outcome) -> bool:
    """Whether a banked matter still rests on this answer: it has not returned, and nothing was answered after."""
    later = Outcome.objects.filter(matter_id=outcome.matter_id, pk__gt=outcome.pk)
    banked = Matter.objects.filter(pk=outcome.matter_id, status=Status.BANKED)
    return outcome.returned_at is None and banked.exists() and not later.exists()


def _bring_back(outcome: Outcome, *, by: Standing) -> None:
    if outcome.returned_at is not None:
        return
    case = Case.objects.filter(matter_id=outcome.matter_id).first() if stands(outcome) else None
    outcome.returned_at = now()
    outcome.save(update_fields=["returned_at"])
    if case is not None:
        back_to_queue(case)
        record(by=by, verb="sluice.returned", obj=case.matter, data={"outcome": outcome.pk})
