# SPDX-License-Identifier: EUPL-1.2
"""The verbs of the sluice: leave, ask, answer, hand over, reopen, bring back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.core.files import File
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.files import keep_upload
from helhet.foundation.matters.models import AuthorKind, Comment, Matter, Status
from helhet.foundation.matters.services import Captured, ask_about, capture_matter, place_owners
from helhet.foundation.matters.thread import comment, write_comment
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import MUNICIPALITY, NoMunicipality
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line, fits
from helhet.rooms.sluice.models import Case, Outcome, OutcomeKind, Sluice, WaitsFor
from helhet.rooms.sluice.workdays import add_workdays

STATUS_OF = {
    OutcomeKind.ANSWERED: Status.ANSWERED,
    OutcomeKind.REFERRED: Status.REFERRED,
    OutcomeKind.FORWARD: Status.FORWARD,
    OutcomeKind.BANKED: Status.BANKED,
    OutcomeKind.OWNERLESS: Status.OWNERLESS,
    OutcomeKind.DECLINED: Status.DECLINED,
}
SYSTEM = policy.system()
#: The owners are asked whether a condition is fulfilled this long after the answer, when nobody has named a day.
ASKED_AFTER = timedelta(days=90)


@transaction.atomic
def leave(
    *,
    by: Standing,
    kind: str,
    text: str,
    sluice: Sluice | None = None,
    answers: Mapping[str, str] | None = None,
    files: "Sequence[File[bytes]]" = (),
    **details: Any,
) -> Captured:
    """Leave something: capture it, keep its files, and put it in a sluice with a promised day of answer.

    ``answers`` are the sluice's own questions, as they were put, each with what was answered.
    """
    chosen, told = sluice or main_sluice(), dict(answers or {})
    unnamed = details.get("author_kind") == AuthorKind.ANONYMOUS or not (by.is_authenticated or by.system)
    if unnamed:  # neither number nor file may tell which unit the author belongs to
        details.setdefault("home_unit", chosen.organisation)
    ask_about(*told.values(), confirmed=bool(details.get("confirmed")))
    captured = capture_matter(by=by, kind=kind, text=text, **details)
    for upload in files:
        keep_upload(by=policy.visitor() if unnamed else by, matter=captured.matter, upload=upload)
    admit(matter=captured.matter, sluice=chosen, answers=told)
    return captured


@transaction.atomic
def admit(*, matter: Matter, sluice: Sluice, answers: Mapping[str, str] | None = None) -> Case:
    """Give a matter its place in a sluice's queue; the promise counts in working days from its arrival."""
    case = Case.objects.create(
        matter=matter,
        sluice=sluice,
        answers=dict(answers or {}),
        waits_for=WaitsFor.AUTHOR if matter.status == Status.ASKED else WaitsFor.US,
        due=add_workdays(localdate(matter.created_at), sluice.promise_days),
        since=matter.created_at,
        arrived_at=matter.created_at,
    )
    record(
        by=SYSTEM,
        verb="sluice.admitted",
        obj=matter,
        unit_id=sluice.organisation_id,
        data={"due": str(case.due)},
        private={"answers": case.answers} if case.answers else None,
    )
    return case


def main_sluice() -> Sluice:
    """The municipality's own sluice, opened when the instance is loaded: a matter always has somewhere to go."""
    found = Sluice.objects.select_related("organisation").filter(organisation__slug=MUNICIPALITY).first()
    if found is None:
        raise NoMunicipality
    return found


@transaction.atomic
def ask_author(*, by: Standing, case: Case, question: str, confirmed: bool = False) -> Case:
    """Ask the author; the clock then waits for them."""
    case = _held(case)
    policy.require(by, "sluice.answer", case)
    comment(by=by, matter=case.matter, text=question, is_question=True, confirmed=confirmed)
    _wait(case, WaitsFor.AUTHOR)
    Matter.objects.filter(pk=case.matter_id).update(status=Status.ASKED)
    case.first_reply_at = case.first_reply_at or now()
    case.save()
    return case


class Details(TypedDict, total=False):
    """What an outcome may carry beside kind, reason and contact."""

    next_date: date | None
    usable_now: bool
    return_on: date | None
    return_when: str
    ask_on: date | None
    return_after: Matter | None
    language: str
    at: datetime | None


@transaction.atomic
def answer(
    *,
    by: Standing,
    case: Case,
    kind: str,
    reason: str,
    contact: str,
    owners: Sequence[Organisation] = (),
    confirmed: bool = False,
    **details: Unpack[Details],
) -> Outcome:
    """Set an outcome, always with reason and contact. The author is told whatever they have switched off.

    Raises ValueError with words for the person when something the outcome needs is missing, or when the case has
    moved on meanwhile, and ``Sensitive`` as capture does.
    """
    case = _held(case)
    policy.require(by, "sluice.answer", case)
    chosen = OutcomeKind(kind)
    if case.sluice.outcomes and chosen not in case.sluice.outcomes:
        raise ValueError(_("Slussen ger inte det svaret. Välj ett annat, eller lämna över till en annan sluss."))
    check_outcome(chosen, reason, contact, owners, details)
    ask_about(reason, contact, confirmed=confirmed)
    outcome = _written(by, case, chosen, clean(reason).strip(), clean_line(contact).strip(), details)
    if owners or chosen == OutcomeKind.OWNERLESS:
        place_owners(case.matter, [(owner, "") for owner in owners])
    onwards = chosen in {OutcomeKind.REFERRED, OutcomeKind.FORWARD}
    _wait(case, WaitsFor.OTHER if onwards else WaitsFor.NOBODY)
    case.first_reply_at = case.first_reply_at or outcome.at
    case.due = outcome.next_date or case.due
    case.save()
    Matter.objects.filter(pk=case.matter_id).update(status=STATUS_OF[chosen], active_at=outcome.at)
    record(
        by=by,
        verb=f"sluice.{chosen}",
        obj=case.matter,
        unit_id=case.sluice.organisation_id,
        data={
            "outcome": outcome.pk,
            "next": str(outcome.next_date or ""),
            "return_on": str(outcome.return_on or ""),
            "owners": [owner.pk for owner in owners],
        },
        private={"reason": outcome.reason, "contact": outcome.contact},
    )
    return outcome


def _written(by: Standing, case: Case, kind: OutcomeKind, reason: str, contact: str, details: Details) -> Outcome:
    banked = kind == OutcomeKind.BANKED
    condition = clean_line(details.get("return_when", "")) if banked else ""
    fits(Outcome, return_when=condition, contact=contact)
    return Outcome.objects.create(
        matter=case.matter,
        kind=kind,
        reason=reason,
        contact=contact,
        next_date=details.get("next_date"),
        usable_now=banked and details.get("usable_now", False),
        return_on=details.get("return_on") if banked else None,
        return_when=condition,
        ask_on=(details.get("ask_on") or localdate() + ASKED_AFTER) if condition else None,
        return_after=details.get("return_after") if banked else None,
        language=details.get("language") or by.language,
        unit=case.sluice.organisation,
        by_id=by.user_id,
        by_label=by.label,
        at=details.get("at") or now(),
    )


def _held(case: Case) -> Case:
    """The case as it stands now, held until the transaction ends. A merged matter is answered where it went."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("matter__batch", "sluice__organisation")
    held = rows.get(pk=case.pk)
    if held.matter.status == Status.MERGED:
        raise ValueError(_("Ärendet är sammanfört med ett annat. Svara där."))
    return held


def check_outcome(
    kind: OutcomeKind,
    reason: str,
    contact: str,
    owners: Sequence[Organisation],
    details: Details,
) -> None:
    """What each outcome needs before it can be set."""
    if not reason.strip():
        raise ValueError(_("Skriv en motivering. Avsändaren läser den."))
    if not contact.strip():
        raise ValueError(_("Skriv vem avsändaren kan vända sig till."))
    if kind in {OutcomeKind.REFERRED, OutcomeKind.FORWARD} and not owners:
        raise ValueError(_("Välj vem som äger frågan, eller välj ”Ingen äger frågan”."))
    if kind == OutcomeKind.OWNERLESS and owners:
        raise ValueError(_("Ta bort ägaren, eller välj ett annat utfall."))
    ways_back = ("usable_now", "return_on", "return_when", "return_after")
    if kind == OutcomeKind.BANKED and not any(details.get(way) for way in ways_back):
        raise ValueError(_("Säg om det kan användas nu, eller ange dag eller villkor för när det ska komma tillbaka."))


@transaction.atomic
def reply_by_secret(*, matter: Matter, text: str, confirmed: bool = False) -> Comment:
    """An author without an account answers through the secret link; the case waits for us again."""
    added = write_comment(
        by=policy.visitor(), matter=matter, text=text, author_label=matter.author_label, confirmed=confirmed
    )
    case = Case.objects.filter(matter=matter).select_related("sluice", "matter").first()
    if case is not None:
        heard_from_author(case)
    record(
        by=policy.visitor(),
        verb="matter.commented",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"comment": added.pk, "reply": False},
        private={"text": added.text},
    )
    return added


@transaction.atomic
def hand_over(*, by: Standing, case: Case, to: Sluice, reason: str) -> Case:
    """Hand a case over to another sluice, with a reason; the promise to the author stays as it was."""
    case = _held(case)
    policy.require(by, "sluice.answer", case)
    if not reason.strip():
        raise ValueError(_("Skriv varför ärendet lämnas över."))
    case.sluice = to
    _wait(case, WaitsFor.US)
    case.save()
    record(
        by=by,
        verb="sluice.handed_over",
        obj=case.matter,
        unit_id=to.organisation_id,
        data={"to": to.pk},
        private={"reason": reason},
    )
    return case


@transaction.atomic
def reopen(*, by: Standing, case: Case, reason: str, confirmed: bool = False) -> Case:
    """Open an answered case again; the author may always do so. What has come to light is written in the thread."""
    case = _held(case)
    policy.require(by, "sluice.reopen", case)
    if not reason.strip():
        raise ValueError(_("Skriv vad som är nytt."))
    said = write_comment(by=by, matter=case.matter, text=reason, confirmed=confirmed)
    back_to_queue(case)
    record(
        by=by,
        verb="sluice.reopened",
        obj=case.matter,
        unit_id=case.sluice.organisation_id,
        data={"comment": said.pk},
        private={"text": said.text},
    )
    return case


def heard_from_author(case: Case) -> None:
    """The author has answered a question: the case waits for us again, unless the matter has been merged."""
    if case.waits_for == WaitsFor.AUTHOR and case.matter.status != Status.MERGED:
        back_to_queue(case)


def close_merged(matter: Matter) -> None:
    """A merged matter waits for nobody: what it was about is answered where it went."""
    Case.objects.filter(matter=matter).update(waits_for=WaitsFor.NOBODY)


def back_to_queue(case: Case) -> None:
    """The case waits for us again, with a new promise; for verbs that say so in an event of their own."""
    _wait(case, WaitsFor.US)
    case.due = add_workdays(localdate(), case.sluice.promise_days)
    case.save()
    Matter.objects.filter(pk=case.matter_id).update(status=Status.NEW, active_at=now())


def _wait(case: Case, on: str) -> None:
    case.waits_for, case.since = on, now()
