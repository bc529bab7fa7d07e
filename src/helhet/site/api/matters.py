# SPDX-License-Identifier: EUPL-1.2
"""Matters: list, read, leave, talk about, follow, support."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema
from ninja.responses import Status

from helhet.foundation.matters import selectors, thread
from helhet.foundation.matters.models import Comment, Matter, Visibility
from helhet.foundation.matters.models import Status as MatterStatus
from helhet.foundation.matters.services import capture_matter
from helhet.foundation.people.models import Organisation
from helhet.foundation.search.selectors import search as ask_index
from helhet.site.api import shapes
from helhet.site.api.access import actor_of, bounded

router = Router(tags=["matters"])
Size = Annotated[int, Query(ge=1, le=100, description="How many, at most.")]
Cursor = Annotated[str, Query(max_length=60, description="What the page before gave as ``older``.")]


class Filters(Schema):
    """What to leave out of the list; matters that are merged are left out unless asked for."""

    kind: shapes.MatterKind | None = None
    status: MatterStatus | None = None
    visibility: Visibility | None = None
    owner: shapes.Slug | None = None
    home_unit: shapes.Slug | None = None
    number: Annotated[str, Query(max_length=40)] | None = None


def organisation_ref(organisation: Organisation | None) -> dict[str, str] | None:
    return {"slug": organisation.slug, "name": organisation.name} if organisation else None


def row(request: HttpRequest, matter: Matter) -> dict[str, Any]:
    """A matter as lists show it."""
    return {
        "uid": matter.uid,
        "number": matter.number,
        "kind": matter.kind,
        "title": matter.title,
        "status": matter.status,
        "visibility": matter.visibility,
        "language": matter.language,
        "home_unit": organisation_ref(matter.home_unit),
        "owners": [{**(organisation_ref(o.organisation) or {}), "part": o.part} for o in matter.owners.all()],
        "place": matter.place,
        "themes": [theme for part in matter.themes.replace(";", ",").split(",") if (theme := part.strip())],
        "supports": matter.support_count,
        "comments": matter.comment_count,
        "followers": matter.follower_count,
        "created_at": matter.created_at,
        "active_at": matter.active_at,
        "address": request.build_absolute_uri(reverse("desk:matter", args=[matter.uid])),
    }


def whole(request: HttpRequest, matter: Matter) -> dict[str, Any]:
    """A matter with everything it says."""
    return row(request, matter) | {
        "text": matter.text,
        "author": matter.author_label,
        "on_behalf_of": matter.on_behalf_of,
        "secrecy_paragraph": matter.secrecy_paragraph,
        "latitude": matter.latitude,
        "longitude": matter.longitude,
        "source": matter.source,
        "confidence": matter.confidence,
        "participants": [
            {**(organisation_ref(p.organisation) or {}), "role": p.role, "share_percent": p.share_percent}
            for p in matter.participants.all()
        ],
        "project": _project(matter),
        "files": [
            {
                "uid": kept.uid,
                "name": kept.name,
                "media_type": kept.media_type,
                "size": kept.size,
                "sha256": kept.sha256,
                "state": kept.state,
                "address": request.build_absolute_uri(reverse("desk:download", args=[kept.uid])),
            }
            for kept in matter.files.order_by("id")
        ],
    }


def _project(matter: Matter) -> dict[str, Any] | None:
    project = getattr(matter, "project", None)
    if project is None:
        return None
    names = ("starts", "ends", "period_note", "aim", "results", "lives_on")
    return {name: getattr(project, name) for name in names} | {"taken_over_by": organisation_ref(project.taken_over_by)}


def _comment(said: Comment) -> dict[str, Any]:
    replies = getattr(said, "shown_replies", [])
    return {
        "id": said.pk,
        "author": said.author_label,
        "text": "" if said.hidden_because else said.text,
        "hidden_because": said.hidden_because,
        "is_question": said.is_question,
        "created_at": said.created_at,
        "reply_count": said.reply_count,
        "replies": [_comment(reply) for reply in replies],
    }


@router.get("/matters", response=shapes.MatterPage, summary="List matters, newest activity first")
def list_matters(
    request: HttpRequest, filters: Annotated[Filters, Query()], after: Cursor = "", limit: Size = 25
) -> dict[str, Any]:
    found = selectors.readable(actor_of(request))
    for name in ("kind", "status", "visibility", "number"):
        if wanted := getattr(filters, name):
            found = found.filter(**{name: wanted})
    if filters.owner:
        found = found.filter(owners__organisation__slug=filters.owner).distinct()
    if filters.home_unit:
        found = found.filter(home_unit__slug=filters.home_unit)
    if not filters.status:
        found = found.exclude(status=MatterStatus.MERGED)
    page = selectors.page_by_activity(selectors.with_owners(found), after, size=limit)
    return {"items": [row(request, matter) for matter in page.items], "older": page.older}


@router.post("/matters", response={201: shapes.Captured}, summary="Leave a matter")
def leave_matter(request: HttpRequest, body: shapes.MatterIn) -> Status[dict[str, Any]]:
    actor = actor_of(request)
    bounded("capture", actor.actor_key)
    captured = capture_matter(by=actor, **body.model_dump())
    kept = None if captured.secret else whole(request, selectors.get_matter(actor, str(captured.matter.uid)))
    return Status(201, {"matter": kept, "number": captured.matter.number, "secret": captured.secret})


@router.get("/matters/{uuid:uid}", response=shapes.MatterOut, summary="Read a matter")
def read_matter(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return whole(request, selectors.get_matter(actor_of(request), str(uid)))


@router.get("/matters/{uuid:uid}/comments", response=shapes.ThreadPage, summary="Read the thread, newest first")
def read_thread(request: HttpRequest, uid: UUID, after: Cursor = "") -> dict[str, Any]:
    matter = selectors.get_matter(actor_of(request), str(uid))
    page = selectors.thread(matter, after)
    return {"items": [_comment(said) for said in page.items], "older": page.older}


@router.post("/matters/{uuid:uid}/comments", response={201: shapes.CommentOut}, summary="Write in the thread")
def write_comment(request: HttpRequest, uid: UUID, body: shapes.CommentIn) -> Status[dict[str, Any]]:
    actor = actor_of(request)
    matter = selectors.get_matter(actor, str(uid))
    parent = matter.comments.get(pk=body.parent) if body.parent else None
    said = thread.comment(by=actor, matter=matter, text=body.text, parent=parent, confirmed=body.confirmed)
    return Status(201, _comment(said))


@router.put("/matters/{uuid:uid}/follow", response=shapes.Standpoint, summary="Follow a matter")
def follow(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return _follow(request, uid, on=True)


@router.delete("/matters/{uuid:uid}/follow", response=shapes.Standpoint, summary="Stop following")
def stop_following(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return _follow(request, uid, on=False)


def _follow(request: HttpRequest, uid: UUID, *, on: bool) -> dict[str, Any]:
    actor = actor_of(request)
    matter = selectors.get_matter(actor, str(uid))
    thread.follow(by=actor, matter=matter, on=on)
    matter.refresh_from_db(fields=["follower_count"])
    return {"on": on, "count": matter.follower_count}


@router.put("/matters/{uuid:uid}/support", response=shapes.Standpoint, summary="This concerns me too")
def support(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return _support(request, uid, on=True)


@router.delete("/matters/{uuid:uid}/support", response=shapes.Standpoint, summary="It does not concern me after all")
def withdraw_support(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return _support(request, uid, on=False)


def _support(request: HttpRequest, uid: UUID, *, on: bool) -> dict[str, Any]:
    actor = actor_of(request)
    matter = selectors.get_matter(actor, str(uid))
    return {"on": on, "count": thread.support(by=actor, matter=matter, on=on)}


@router.get("/search", response=list[shapes.HitOut], summary="Search what you may read", tags=["search"])
def search(request: HttpRequest, q: Annotated[str, Query(min_length=1, max_length=400)]) -> list[dict[str, Any]]:
    actor = actor_of(request)
    bounded("search", actor.actor_key or f"ip:{request.META.get('REMOTE_ADDR', '')}")
    return [
        {
            "kind": hit.entry.kind,
            "title": hit.entry.title,
            "address": request.build_absolute_uri(hit.entry.url),
            "because": list(hit.because),
        }
        for hit in ask_index(actor, q)
    ]
