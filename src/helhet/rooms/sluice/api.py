# SPDX-License-Identifier: EUPL-1.2
"""The sluice for other systems: what waits, what was answered, and setting an outcome."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status
from pydantic import AfterValidator, StringConstraints

from helhet.foundation import policy
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line
from helhet.rooms.sluice import selectors, services
from helhet.rooms.sluice.models import Case, Outcome, OutcomeKind, WaitsFor

router = Router(tags=["sluice"])
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=80)]


class CaseOut(Schema):
    """A matter's stay in a sluice: what it waits for, and until when an answer is promised."""

    matter: UUID
    number: str | None
    title: str
    sluice: str = Field(description="Slug of the organisation that runs the sluice.")
    waits_for: WaitsFor
    waits_on: list[str] = Field(description="Slugs of those who own the matter, when it waits for them.")
    since: datetime
    due: date
    arrived_at: datetime
    first_reply_at: datetime | None


class CasePage(Schema):
    items: list[CaseOut]
    older: str = Field(description="Give it as ``after`` to read on; empty at the end.")


class OutcomeOut(Schema):
    """An answer. It is never changed, only followed by another."""

    kind: OutcomeKind
    reason: str
    contact: str
    next_date: date | None
    usable_now: bool
    return_on: date | None
    return_when: str
    ask_on: date | None = Field(description="When the owners are asked whether ``return_when`` is fulfilled.")
    language: str
    unit: str
    by: str
    at: datetime


class AnswerIn(Schema):
    """An outcome to set. Reason and contact are for the author, who is always told."""

    kind: OutcomeKind
    reason: Annotated[str, StringConstraints(min_length=1, max_length=5000), AfterValidator(clean)]
    contact: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(clean_line)]
    next_date: date | None = None
    owners: Annotated[list[Slug], Field(max_length=20, description="Slugs of organisations.")] = []
    usable_now: bool = False
    return_on: date | None = None
    return_when: Annotated[str, StringConstraints(max_length=200), AfterValidator(clean_line)] = ""
    ask_on: date | None = None


def _actor(request: HttpRequest) -> Standing:
    standing: Standing = request.auth  # type: ignore[attr-defined]  # set by the API's door
    return standing


def _case(case: Case) -> dict[str, Any]:
    names = ("waits_for", "since", "due", "arrived_at", "first_reply_at")
    return {name: getattr(case, name) for name in names} | {
        "matter": case.matter.uid,
        "number": case.matter.number,
        "title": case.matter.title,
        "sluice": case.sluice.organisation.slug,
        "waits_on": [organisation.slug for organisation in selectors.waits_on(case)],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    names = (
        "kind",
        "reason",
        "contact",
        "next_date",
        "usable_now",
        "return_on",
        "return_when",
        "ask_on",
        "language",
        "at",
    )
    return {name: getattr(outcome, name) for name in names} | {
        "unit": outcome.unit.slug if outcome.unit else "",
        "by": outcome.by_label,
    }


@router.get("/cases", response=CasePage, summary="What waits, the most urgent first")
def list_cases(
    request: HttpRequest, waits_for: WaitsFor = WaitsFor.US, after: Annotated[str, Query(max_length=60)] = ""
) -> dict[str, Any]:
    actor = _actor(request)
    policy.require(actor, "sluice.see_queue")
    page = selectors.queue(actor, waits_for, after=after)
    return {"items": [_case(case) for case in page.items], "older": page.older}


@router.get("/cases/{uuid:uid}", response=CaseOut, summary="A matter's stay in its sluice")
def read_case(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return _case(selectors.get_case(_actor(request), str(uid)))


@router.get("/cases/{uuid:uid}/outcomes", response=list[OutcomeOut], summary="Answers so far, newest first")
def outcomes_of(request: HttpRequest, uid: UUID) -> list[dict[str, Any]]:
    case = selectors.get_case(_actor(request), str(uid))
    found = Outcome.objects.filter(matter=case.matter).select_related("unit").order_by("-id")
    return [_outcome(outcome) for outcome in found[:100]]


@router.post("/cases/{uuid:uid}/outcomes", response={201: OutcomeOut}, summary="Set an outcome")
def answer(request: HttpRequest, uid: UUID, body: AnswerIn) -> Status[dict[str, Any]]:
    actor = _actor(request)
    case = selectors.get_case(actor, str(uid))
    policy.require(actor, "sluice.answer", case)
    owners = [Organisation.objects.get(slug=slug) for slug in dict.fromkeys(body.owners)]
    outcome = services.answer(by=actor, case=case, **{**body.model_dump(), "owners": owners})
    return Status(201, _outcome(outcome))
