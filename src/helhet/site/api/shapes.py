# SPDX-License-Identifier: EUPL-1.2
"""The forms of what goes in and out of the API. Moments are ISO 8601 with offset; texts are plain or Markdown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, StringConstraints

from helhet.foundation.goals.models import Tie
from helhet.foundation.matters.models import Status, Visibility
from helhet.foundation.texts import clean, clean_line

Slug = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=80)]
# Written out, since the description names a class by its last name only and both would be «Kind».
MatterKind = Literal["need", "idea", "obstacle", "example", "signal", "project", "unsure"]
GoalKind = Literal["plan", "strategy", "global", "agreement"]
Language = Literal["sv", "en", "se", "fi", "fit"]
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean_line)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(clean)]


class OrganisationRef(Schema):
    slug: str
    name: str


class OwnerOut(OrganisationRef):
    part: str = Field("", description="Which part of the matter, when not the whole.")


class ParticipantOut(OrganisationRef):
    role: str
    share_percent: float | None = None


class ProjectOut(Schema):
    starts: date | None
    ends: date | None
    period_note: str
    aim: str
    results: str
    lives_on: str
    taken_over_by: OrganisationRef | None


class FileOut(Schema):
    uid: UUID
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    state: str
    address: str


class MatterRow(Schema):
    """A matter as lists show it."""

    uid: UUID
    number: str | None
    kind: MatterKind
    title: str
    status: Status
    visibility: Visibility
    language: str
    home_unit: OrganisationRef
    owners: list[OwnerOut]
    place: str
    themes: list[str]
    supports: int
    comments: int
    followers: int
    created_at: datetime
    active_at: datetime
    address: str = Field(description="The matter's page.")


class MatterOut(MatterRow):
    """A matter with everything it says."""

    text: str = Field(description="Markdown.")
    author: str = Field(description="How the author wants to be seen: role and unit, pseudonym, or nothing.")
    on_behalf_of: str
    secrecy_paragraph: str
    latitude: float | None
    longitude: float | None
    source: str
    confidence: str
    participants: list[ParticipantOut]
    project: ProjectOut | None
    files: list[FileOut]


class MatterPage(Schema):
    items: list[MatterRow]
    older: str = Field(description="Give it as ``after`` to read on; empty at the end.")


class MatterIn(Schema):
    """A matter to leave. Unit, number and author follow from the key's owner."""

    kind: Literal["need", "idea", "obstacle", "example", "signal", "unsure"]
    text: Text
    title: Annotated[str, StringConstraints(max_length=160), AfterValidator(clean_line)] = ""
    place: Line = ""
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    language: Language = "sv"
    on_behalf_of: Line = ""
    author_kind: Literal["named", "pseudonym", "anonymous"] = "named"
    confirmed: bool = Field(False, description="Keep the text although it seems to hold personal data.")


class Captured(Schema):
    matter: MatterOut | None = Field(description="Null when left anonymously: only the secret link leads to it.")
    number: str | None
    secret: str = Field("", description="Token of the secret link; shown this once, when left anonymously.")


class CommentIn(Schema):
    text: Text
    parent: Annotated[int, Field(ge=1, le=2**62)] | None = None
    confirmed: bool = False


class ReplyOut(Schema):
    id: int
    author: str
    text: str
    hidden_because: str
    is_question: bool
    created_at: datetime


class CommentOut(ReplyOut):
    reply_count: int
    replies: list[ReplyOut] = Field(description="The first replies.")


class ThreadPage(Schema):
    items: list[CommentOut]
    older: str


class Standpoint(Schema):
    """Whether one follows or supports, and how many do."""

    on: bool
    count: int


class GoalOut(Schema):
    stable_id: str
    version: int
    kind: GoalKind
    parent: str
    title: str
    title_en: str
    text: str
    source: str
    valid_from: date | None
    replaced_at: datetime | None


class GoalRow(GoalOut):
    supports: int = Field(description="Matters you may read that support the goal.")
    conflicts: int
    unclear: int


class GoalIn(Schema):
    kind: GoalKind
    title: Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(clean_line)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(clean_line)]
    parent: Slug | Literal[""] = ""
    title_en: Annotated[str, StringConstraints(max_length=300), AfterValidator(clean_line)] = ""
    text: Annotated[str, StringConstraints(max_length=20_000), AfterValidator(clean)] = ""
    valid_from: date | None = None
    order: Annotated[int, Field(ge=0, le=100_000)] = 0


class TieOut(Schema):
    matter: UUID
    goal: str
    version: int
    stance: Tie.Stance
    reason: str
    by: str
    settled_reason: str
    settled_at: datetime | None


class TieIn(Schema):
    stance: Tie.Stance
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(clean)]
    confirmed: bool = Field(False, description="Keep the reason although it seems to hold personal data.")


class FigureOut(Schema):
    """A number that can say where it comes from. ``low`` and ``high`` are P10 and P90."""

    key: str
    label: str
    label_en: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    price_basis: str
    confidence: str
    sources: list[str]
    explanation: dict[str, Any]


class RunRow(Schema):
    uid: UUID
    title: str
    book: str
    matter: UUID | None
    made_by: str
    created_at: datetime
    frozen_at: datetime | None


class RunOut(RunRow):
    book_hash: str
    seed: int
    samples: int
    engine: str
    checksum: str
    whole: bool = Field(description="Whether what is kept still fits the checksum.")
    overlay: dict[str, Any]
    figures: list[str] = Field(description="Keys; read each at ``/runs/{uid}/figure?key=``.")


class HitOut(Schema):
    kind: str
    title: str
    address: str
    because: list[str] = Field(description="The words that made it a hit.")
