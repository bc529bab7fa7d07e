# SPDX-License-Identifier: EUPL-1.2
"""Read goals, and turn the view around: which goals nobody acts on, which conflicts nobody has settled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.policy import Standing


@dataclass
class Branch:
    """A goal, its parts, and how many readable matters stand where towards it."""

    goal: Goal
    supports: int = 0
    conflicts: int = 0
    unclear: int = 0
    children: list["Branch"] = field(default_factory=list)

    @property
    def acted_on(self) -> bool:
        return bool(self.supports) or any(child.acted_on for child in self.children)


def current_goals() -> QuerySet[Goal]:
    return Goal.objects.filter(replaced_at=None)


def tree(actor: Standing) -> list[Branch]:
    """The current goals as a forest with counts; three queries whatever the size."""
    counted = (
        Tie.objects.filter(readable_q(actor, "matter__"))
        .values("goal_stable_id")
        .annotate(
            supports=Count("id", filter=Q(stance="supports")),
            conflicts=Count("id", filter=Q(stance="conflicts")),
            unclear=Count("id", filter=Q(stance="unclear")),
        )
    )
    counts = {row["goal_stable_id"]: row for row in counted}
    branches = {goal.stable_id: _branch(goal, counts.get(goal.stable_id, {})) for goal in current_goals()}
    roots: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.goal.parent_id_stable)
        (parent.children if parent and parent is not branch else roots).append(branch)
    return roots


def _branch(goal: Goal, counts: Mapping[str, Any]) -> Branch:
    return Branch(goal, counts.get("supports", 0), counts.get("conflicts", 0), counts.get("unclear", 0))


def unserved(actor: Standing, forest: Sequence[Branch] | None = None) -> list[Goal]:
    """Goals without parts of their own that no readable matter supports."""
    return [branch.goal for branch in _leaves(tree(actor) if forest is None else forest) if not branch.supports]


def _leaves(branches: Sequence[Branch]) -> Iterator[Branch]:
    for branch in branches:
        if branch.children:
            yield from _leaves(branch.children)
        else:
            yield branch


def unsettled(actor: Standing) -> QuerySet[Tie]:
    """Conflicts that nobody has settled, oldest first."""
    return (
        Tie.objects.filter(readable_q(actor, "matter__"), stance="conflicts", settled_at=None)
        .select_related("goal", "matter")
        .order_by("created_at")
    )


def ties_of(matter: Matter) -> QuerySet[Tie]:
    return matter.goal_ties.select_related("goal").order_by("stance", "id")
