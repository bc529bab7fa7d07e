# SPDX-License-Identifier: EUPL-1.2
"""The verbs of the sluice: leave, ask, answer, hand over, reopen, bring back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.jobs.services import task
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.files import keep_upload
from helhet.foundation.matters.models import AuthorKind, Comment, Matter, Status
from helhet.foundation.matters.services import Captured, ask_about, capture_matter, place_owners
from helhet.foundation.matters.thread import comment
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import municipality
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line
from helhet.rooms.sluice.models import Case, Outcome, OutcomeKind, Sluice, Translation, WaitsFor
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
CHANGEABLE = {"title", "intro", "promise_days", "questions", "outcomes", "is_open", "takes_outsiders"}


@transaction.atomic
def leave(
    *,
    by: Standing,
    kind: str,
    text: str,
    sluice: Sluice | None = None,
    answers: Mapping[str, str] | None = None,
    files: Sequence[UploadedFile] = (),
    **details: Any,
) -> Captured:
    """Leave something: capture it, keep its files, and put it in a sluice with a promised day of answer."""
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


def admit(*, matter: Matter, sluice: Sluice, answers: Mapping[str, str] | None = None) -> Case:
    """Give a matter its place in a sluice's queue; the promise counts in working days from its arrival."""
    return Case.objects.create(
        matter=matter,
        sluice=sluice,
        answers=dict(answers or {}),
        waits_for=WaitsFor.AUTHOR if matter.status == Status.ASKED else WaitsFor.US,
        due=add_workdays(localdate(matter.created_at), sluice.promise_days),
        since=matter.created_at,
        arrived_at=matter.created_at,
    )


def main_sluice() -> Sluice:
    """The municipality's own sluice, made when missing: a matter always has somewhere to go."""
    found = Sluice.objects.filter(organisation__slug=municipality().slug).first()
    return found or Sluice.objects.create(organisation=municipality(), title=_("Kommunens sluss"))


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
    return_after: Matter | None
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
    check_outcome(chosen, reason, contact, owners, details)
    ask_about(reason, contact, confirmed=confirmed)
    outcome = _written(by, case, chosen, clean(reason).strip(), clean_line(contact).strip(), details)
    if owners or chosen == OutcomeKind.OWNERLESS:
        place_owners(case.matter, [(owner, "") for owner in owners])
    onwards = chosen in {OutcomeKind.REFERRED, OutcomeKind.FORWARD}
    _wait(case, WaitsFor.OTHER if onwards else WaitsFor.NOBODY)
    case.waits_on = owners[0] if owners else None
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
    return Outcome.objects.create(
        matter=case.matter,
        kind=kind,
        reason=reason,
        contact=contact,
        next_date=details.get("next_date"),
        usable_now=banked and details.get("usable_now", False),
        return_on=details.get("return_on") if banked else None,
        return_when=clean_line(details.get("return_when", "")).strip() if banked else "",
        return_after=details.get("return_after") if banked else None,
        language=by.language,
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
    said = clean(text)
    if not said.strip():
        raise ValueError(_("Skriv något först."))
    ask_about(said, confirmed=confirmed)
    added = Comment.objects.create(matter=matter, author_label=matter.author_label, text=said.strip())
    Matter.objects.filter(pk=matter.pk).update(comment_count=F("comment_count") + 1, active_at=now())
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
    case.sluice, case.waits_on = to, None
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
    comment(by=by, matter=case.matter, text=reason, confirmed=confirmed)
    _back_to_queue(case)
    record(by=by, verb="sluice.reopened", obj=case.matter, unit_id=case.sluice.organisation_id)
    return case


@transaction.atomic
def order_translation(*, by: Standing, outcome: Outcome, language: str) -> Translation:
    """Order a translation of an answer; it becomes a task for whoever translates."""
    policy.require(by, "matter.read", outcome.matter)
    ordered, created = Translation.objects.get_or_create(outcome=outcome, language=language)
    if created:
        record(by=by, verb="sluice.translation_ordered", obj=outcome.matter, data={"language": language})
    return ordered


@transaction.atomic
def translate(*, by: Standing, translation: Translation, text: str) -> Translation:
    """Hand in a translation; the author is told."""
    policy.require(by, "sluice.translate")
    policy.require(by, "matter.read", translation.outcome.matter)
    if not text.strip():
        raise ValueError(_("Skriv översättningen först."))
    translation.text, translation.done_at = text.strip(), now()
    translation.save()
    record(by=by, verb="sluice.translated", obj=translation.outcome.matter, data={"language": translation.language})
    return translation


@transaction.atomic
def configure(*, by: Standing, sluice: Sluice, **changes: Any) -> Sluice:
    """Change a sluice's words, promise, questions or outcomes; nothing else of it can be changed."""
    policy.require(by, "sluice.configure", sluice)
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"not a sluice's to change: {sorted(unknown)}")
    for name, value in changes.items():
        setattr(sluice, name, value)
    sluice.save()
    record(
        by=by, verb="sluice.configured", obj=sluice, unit_id=sluice.organisation_id, data={"fields": sorted(changes)}
    )
    return sluice


@task("sluice.bring_back", every=timedelta(hours=1), atomic=False)
def bring_back() -> None:
    """Bring back what the bank promised to return today or before. Each returns once, by its latest answer only."""
    due = Outcome.objects.filter(returned_at=None, return_on__lte=localdate()).values_list("pk", flat=True)
    for pk in list(due[:1000]):
        with transaction.atomic():
            _bring_back(Outcome.objects.select_for_update().get(pk=pk))


def bring_back_after(matter: Matter) -> None:
    """Bring back what waited in the bank for this matter to be answered or decided."""
    for outcome in Outcome.objects.select_for_update().filter(return_after=matter, returned_at=None):
        _bring_back(outcome)


def _bring_back(outcome: Outcome) -> None:
    if outcome.returned_at is not None:
        return
    outcome.returned_at = now()
    outcome.save(update_fields=["returned_at"])
    if Outcome.objects.filter(matter_id=outcome.matter_id, pk__gt=outcome.pk).exists():
        return
    case = Case.objects.filter(matter_id=outcome.matter_id, matter__status=Status.BANKED).first()
    if case is not None:
        _back_to_queue(case)
        record(by=SYSTEM, verb="sluice.returned", obj=case.matter, data={"outcome": outcome.pk})


def heard_from_author(case: Case) -> None:
    """The author has answered a question: the case waits for us again, unless the matter has been merged."""
    if case.waits_for == WaitsFor.AUTHOR and case.matter.status != Status.MERGED:
        _back_to_queue(case)


def close_merged(matter: Matter) -> None:
    """A merged matter waits for nobody: what it was about is answered where it went."""
    Case.objects.filter(matter=matter).update(waits_for=WaitsFor.NOBODY, waits_on=None)


def _back_to_queue(case: Case) -> None:
    _wait(case, WaitsFor.US)
    case.waits_on = None
    case.due = add_workdays(localdate(), case.sluice.promise_days)
    case.save()
    Matter.objects.filter(pk=case.matter_id).update(status=Status.NEW, active_at=now())


def _wait(case: Case, on: str) -> None:
    case.waits_for, case.since = on, now()
