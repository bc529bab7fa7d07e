# SPDX-License-Identifier: EUPL-1.2
"""Decisions for other systems: the register, each decision, the presented basis as data, and recording a decision."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status
from pydantic import AfterValidator, StringConstraints

from helhet.foundation.matters.services import ask_about
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line
from helhet.rooms.decisions import deciding, selectors
from helhet.rooms.decisions.models import Decision, Version

router = Router(tags=["decisions"])
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=80)]
Long = Annotated[str, StringConstraints(max_length=5000), AfterValidator(clean)]


class DecisionRow(Schema):
    """A decision as the register shows it."""

    uid: UUID
    title: str
    matter: UUID
    body: str = Field(description="Slug of the body that decided.")
    decided_on: date
    number: str = Field(description="Diary number or paragraph of the minutes.")
    chosen: str = Field(description="The chosen alternative; empty when none was taken.")
    corrected_by: UUID | None = Field(description="The decision that corrects this one, if any.")


class DecisionOut(DecisionRow):
    """A decision. It is never changed; a mistake is corrected by another."""

    basis: UUID
    version: int
    chosen_mark: str
    proposed: str
    reason: str
    deviation: str = Field(description="Why it differs from what was proposed.")
    promise: str
    follow_up_on: date | None
    recorded_by: str
    recorded_at: datetime
    checksum: str


class DecisionPage(Schema):
    items: list[DecisionRow]
    older: str = Field(description="Give it as ``after`` to read on; empty at the end.")


class BasisOut(Schema):
    """A presented decision basis as it was frozen."""

    basis: UUID
    version: int
    presented_at: datetime
    presented_by: str
    what_changed: str
    checksum: str
    ledger_head: str
    alternatives: list[dict[str, Any]]
    document: dict[str, Any] = Field(description="The document as data, in the language asked for.")


class DecisionIn(Schema):
    """A decision to record on the latest presented version of a basis."""

    body: Slug
    decided_on: date
    number: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(clean_line)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=5000), AfterValidator(clean)]
    chosen_mark: Annotated[str, StringConstraints(max_length=4), AfterValidator(clean_line)] = ""
    deviation: Long = ""
    promise: Long = ""
    follow_up_on: date | None = None
    responsible: Slug | None = None
    confirmed: bool = Field(False, description="Keep the texts although they seem to hold personal data.")


def _actor(request: HttpRequest) -> Standing:
    standing: Standing = request.auth  # type: ignore[attr-defined]  # set by the API's door
    return standing


def _row(decision: Decision) -> dict[str, Any]:
    corrected: Decision | None = getattr(decision, "corrected_by", None)
    return {
        "uid": decision.uid,
        "title": decision.title,
        "matter": decision.matter.uid,
        "body": decision.body.slug,
        "decided_on": decision.decided_on,
        "number": decision.number,
        "chosen": decision.chosen,
        "corrected_by": corrected.uid if corrected else None,
    }


def _whole(decision: Decision) -> dict[str, Any]:
    names = ("chosen_mark", "proposed", "reason", "deviation", "promise", "follow_up_on", "recorded_at", "checksum")
    return (
        _row(decision)
        | {name: getattr(decision, name) for name in names}
        | {
            "basis": decision.version.basis.uid,
            "version": decision.version.number,
            "recorded_by": decision.recorded_by_label,
        }
    )


@router.get("", response=DecisionPage, summary="The register of decisions, newest first")
def list_decisions(
    request: HttpRequest,
    body: Slug | None = None,
    year: Annotated[int, Query(ge=1900, le=9998)] | None = None,
    after: Annotated[str, Query(max_length=60)] = "",
) -> dict[str, Any]:
    page = selectors.register(_actor(request), body=body or "", year=str(year or ""), cursor=after)
    return {"items": [_row(decision) for decision in page.items], "older": page.older}


@router.get("/{uuid:uid}", response=DecisionOut, summary="Read a decision")
def read_decision(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return _whole(selectors.get_decision(_actor(request), uid))


@router.get("/bases/{uuid:uid}", response=BasisOut, summary="Read the latest presented version of a basis")
def read_basis(request: HttpRequest, uid: UUID, language: str = "sv") -> dict[str, Any]:
    basis = selectors.get_basis(_actor(request), uid)
    version: Version = selectors.get_version(basis)
    written = version.documents.get(language) or version.documents["sv"]
    return {
        "basis": basis.uid,
        "version": version.number,
        "presented_at": version.presented_at,
        "presented_by": version.presented_by_label,
        "what_changed": version.what_changed,
        "checksum": version.checksum,
        "ledger_head": version.ledger_head,
        "alternatives": version.alternatives,
        "document": json.loads(written) if isinstance(written, str) else written,
    }


@router.post("/bases/{uuid:uid}/decisions", response={201: DecisionOut}, summary="Record a decision on a basis")
def record_decision(request: HttpRequest, uid: UUID, body: DecisionIn) -> Status[dict[str, Any]]:
    actor = _actor(request)
    version = selectors.get_version(selectors.get_basis(actor, uid))
    ask_about(body.reason, body.deviation, body.promise, confirmed=body.confirmed)
    given = body.model_dump(exclude={"body", "responsible", "confirmed"})
    decided = deciding.record_decision(
        by=actor,
        version=version,
        body=Organisation.objects.get(slug=body.body),
        responsible=Organisation.objects.get(slug=body.responsible) if body.responsible else None,
        **given,
    )
    return Status(201, _whole(selectors.get_decision(actor, decided.uid)))
