# SPDX-License-Identifier: EUPL-1.2
"""The desk's own panels and home parts."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localdate

from helhet.foundation.contracts import Task, rooms
from helhet.foundation.goals.selectors import ties_of
from helhet.foundation.matters.models import Kind, Matter, Project
from helhet.foundation.matters.selectors import links_of, readable
from helhet.foundation.policy import Standing, can
from helhet.foundation.search.selectors import similar_matters

STANCES = {"supports": "for", "conflicts": "against", "unclear": "open"}
SHOWN = 8


def goals(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """How the matter stands towards goals."""
    ties = list(ties_of(matter))
    may = can(actor, "matter.tie_goal", matter)
    if not ties and not may:
        return None
    return {"ties": [(tie, STANCES[tie.stance]) for tie in ties], "may_tie": may}


def links(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """Ties to other matters, both ways."""
    ties = links_of(actor, matter)
    return {"ties": ties} if ties else None


def similar(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """What is alike, with the words that make it so."""
    hits = similar_matters(actor, f"{matter.title} {matter.text}"[:1200], without=matter)
    return {"hits": hits} if hits else None


def participants(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """Who takes part in which role."""
    found = list(matter.participants.all())
    is_project = matter.kind == Kind.PROJECT
    project = Project.objects.select_related("taken_over_by").filter(matter=matter).first() if is_project else None
    return {"participants": found, "project": project} if found or project else None


def steer(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """Links to what may be changed, for those who may."""
    asked = ("matter.steer", "matter.edit", "matter.classify", "matter.attach", "project.edit")
    may = {name.split(".")[1]: can(actor, name, matter) for name in asked}
    may["project"] = may["edit"] and can(actor, "project.edit", matter)
    return {"may": may} if any(may.values()) else None


def tasks_of(actor: Standing) -> list[Task]:
    """What waits for the actor in all rooms, what is promised first, first."""
    found = [task for room in rooms() for ask in room.tasks for task in ask(actor)]
    return sorted(found, key=lambda task: (task.due is None, task.due or localdate(), str(task.title)))


def home_waiting(actor: Standing) -> Mapping[str, Any] | None:
    """What waits for me."""
    if not actor.is_authenticated:
        return None
    tasks = tasks_of(actor)
    return {"tasks": tasks[:SHOWN], "count": len(tasks)}


def home_news(actor: Standing) -> Mapping[str, Any] | None:
    """What has happened lately among what the actor may read, own matters left out."""
    found = readable(actor).select_related("home_unit").exclude(status="merged")
    if actor.user_id is not None:
        found = found.exclude(author_id=actor.user_id)
    return {"rows": list(found.order_by("-active_at", "-id")[:6])}
