# SPDX-License-Identifier: EUPL-1.2
"""Goals: list, read with all versions, write; and how matters stand towards them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from helhet.foundation.goals import selectors, services
from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.matters.selectors import get_matter
from helhet.site.api import shapes
from helhet.site.api.access import actor_of

router = Router(tags=["goals"])


def _goal(goal: Goal) -> dict[str, Any]:
    names = ("stable_id", "version", "kind", "title", "title_en", "text", "source", "valid_from", "replaced_at")
    return {name: getattr(goal, name) for name in names} | {"parent": goal.parent_id_stable}


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "matter": tie.matter.uid,
        "goal": tie.goal_stable_id,
        "version": tie.goal.version,
        "stance": tie.stance,
        "reason": tie.reason,
        "by": tie.by_label,
        "settled_reason": tie.settled_reason,
        "settled_at": tie.settled_at,
    }


def _rows(branches: list[selectors.Branch]) -> list[dict[str, Any]]:
    """The forest as a list: each goal before its parts."""
    rows: list[dict[str, Any]] = []
    waiting = list(reversed(branches))
    while waiting:
        branch = waiting.pop()
        counts = {"supports": branch.supports, "conflicts": branch.conflicts, "unclear": branch.unclear}
        rows.append(_goal(branch.goal) | counts)
        waiting.extend(reversed(branch.children))
    return rows


@router.get("/goals", response=list[shapes.GoalRow], summary="List the goals in force, each before its parts")
def list_goals(request: HttpRequest) -> list[dict[str, Any]]:
    return _rows(selectors.tree(actor_of(request)))


@router.get("/goals/{slug:stable_id}", response=list[shapes.GoalOut], summary="Read a goal, newest version first")
def read_goal(request: HttpRequest, stable_id: shapes.Slug) -> list[dict[str, Any]]:
    versions = list(Goal.objects.filter(stable_id=stable_id).order_by("-version"))
    if not versions:
        raise Goal.DoesNotExist(stable_id)
    return [_goal(goal) for goal in versions]


@router.put("/goals/{slug:stable_id}", response=shapes.GoalOut, summary="Write a goal or a new version of it")
def write_goal(request: HttpRequest, stable_id: shapes.Slug, body: shapes.GoalIn) -> dict[str, Any]:
    return _goal(services.write_goal(by=actor_of(request), stable_id=stable_id, **body.model_dump()))


@router.get("/matters/{uuid:uid}/goals", response=list[shapes.TieOut], summary="How a matter stands towards goals")
def ties_of_matter(request: HttpRequest, uid: UUID) -> list[dict[str, Any]]:
    matter = get_matter(actor_of(request), str(uid))
    return [_tie(tie) for tie in selectors.ties_of(matter).select_related("matter")]


@router.put(
    "/matters/{uuid:uid}/goals/{slug:stable_id}", response=shapes.TieOut, summary="Say how a matter stands to a goal"
)
def tie_to_goal(request: HttpRequest, uid: UUID, stable_id: shapes.Slug, body: shapes.TieIn) -> dict[str, Any]:
    actor = actor_of(request)
    matter = get_matter(actor, str(uid))
    goal = selectors.current_goals().get(stable_id=stable_id)
    return _tie(services.tie(by=actor, matter=matter, goal=goal, **body.model_dump()))
