# SPDX-License-Identifier: EUPL-1.2
"""Write goals, tie matters to them, settle conflicts."""

from datetime import date

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.services import ask_about
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line, fits


@transaction.atomic
def write_goal(
    *,
    by: Standing,
    stable_id: str,
    kind: str,
    title: str,
    source: str,
    parent: str = "",
    title_en: str = "",
    text: str = "",
    valid_from: date | None = None,
    order: int = 0,
) -> Goal:
    """Add a goal or a new version of it. The same words again change nothing. A goal without source is refused."""
    policy.require(by, "goal.edit")
    if not source.strip():
        raise ValueError(_("Ange var målet står skrivet."))
    title, text, source = clean_line(title), clean(text), clean_line(source)
    fits(Goal, stable_id=stable_id, title=title, title_en=title_en, source=source)
    _check_no_circle(stable_id, parent)
    current = Goal.objects.select_for_update().filter(stable_id=stable_id, replaced_at=None).first()
    words = {
        "kind": Goal.Kind(kind).value,
        "parent_id_stable": parent,
        "title": title,
        "title_en": title_en,
        "text": text,
        "source": source,
        "valid_from": valid_from,
        "order": order,
    }
    if current and all(getattr(current, name) == value for name, value in words.items()):
        return current
    if current:
        current.replaced_at = now()
        current.save(update_fields=["replaced_at"])
    goal = Goal.objects.create(stable_id=stable_id, version=current.version + 1 if current else 1, **words)
    record(by=by, verb="goal.written", obj=goal, data={"id": stable_id, "version": goal.version})
    return goal


def _check_no_circle(stable_id: str, parent: str) -> None:
    """A goal may not stand below itself: the tree would have no beginning. The parent may be written later."""
    seen = {stable_id}
    while parent:
        if parent in seen:
            raise ValueError(_("Målet kan inte ligga under sig självt."))
        seen.add(parent)
        above = Goal.objects.filter(stable_id=parent, replaced_at=None).values_list("parent_id_stable", flat=True)
        parent = above.first() or ""


@transaction.atomic
def tie(*, by: Standing, matter: Matter, goal: Goal, stance: str, reason: str, confirmed: bool = False) -> Tie:
    """Say how a matter stands towards a goal, and why. Raises ``Sensitive`` as capture does."""
    policy.require(by, "matter.tie_goal", matter)
    reason = clean(reason)
    if not reason:
        raise ValueError(_("Skriv varför. En mening räcker."))
    ask_about(reason, confirmed=confirmed)
    made, _created = Tie.objects.update_or_create(
        matter=matter,
        goal_stable_id=goal.stable_id,
        defaults={
            "goal": goal,
            "stance": Tie.Stance(stance),
            "reason": reason,
            "by_label": by.label[:200],
            "settled_reason": "",
            "settled_at": None,
        },
    )
    record(
        by=by,
        verb="goal.tied",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"goal": goal.stable_id, "version": goal.version, "stance": made.stance},
        private={"reason": reason},
    )
    return made


@transaction.atomic
def settle(*, by: Standing, tie: Tie, reason: str, confirmed: bool = False) -> Tie:
    """Settle a conflict between a matter and a goal: what was weighed, and which way it went.

    Raises ``Sensitive`` as capture does.
    """
    policy.require(by, "goal.settle", tie.matter)
    if tie.stance != Tie.Stance.CONFLICTS:
        raise ValueError(_("Bara en krock kan avgöras."))
    reason = clean(reason)
    if not reason:
        raise ValueError(_("Skriv hur målen har vägts mot varandra."))
    ask_about(reason, confirmed=confirmed)
    tie.settled_reason, tie.settled_at = reason, now()
    tie.save(update_fields=["settled_reason", "settled_at"])
    record(
        by=by,
        verb="goal.settled",
        obj=tie.matter,
        unit_id=tie.matter.home_unit_id,
        data={"goal": tie.goal_stable_id},
        private={"reason": reason},
    )
    return tie
