# SPDX-License-Identifier: EUPL-1.2
"""What the room shows on a matter's page and on the home page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.foundation.contracts import Task
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.selectors import readable
from helhet.foundation.policy import Standing, can
from helhet.foundation.policy.roles import DRAFTING
from helhet.rooms.decisions import selectors
from helhet.rooms.decisions.models import Basis, Decision, State
from helhet.rooms.decisions.policy import PRESENTING

SHOWN = 5


def panel(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """The matter's decisions and bases; drafts only for those inside."""
    may_start = bool(can(actor, "basis.start", matter))
    bases = list(Basis.objects.filter(matter=matter).order_by("-id")[:SHOWN])
    for basis in bases:
        basis.matter = matter
    bases = [basis for basis in bases if can(actor, "basis.read", basis)]
    decisions = list(
        Decision.objects.filter(matter=matter, corrected_by=None)
        .select_related("body")
        .order_by("-decided_on", "-id")[:SHOWN]
    )
    if not (bases or decisions or may_start):
        return None
    rows = [(basis, _state_words(actor, basis)) for basis in bases]
    return {"bases": rows, "decisions": decisions, "may_start": may_start, "matter": matter}


def _state_words(actor: Standing, basis: Basis) -> str:
    """How far a basis has come, in what the reader may know."""
    inside = can(actor, "basis.read_draft", basis)
    if basis.state == State.PRESENTED or (basis.current_version and not inside):
        return _("Version %(number)s är framlagd") % {"number": basis.current_version}
    if basis.current_version:
        return _("Version %(number)s är framlagd, en ny skrivs") % {"number": basis.current_version}
    return str(State(basis.state).label)


def tasks(actor: Standing) -> Sequence[Task]:
    """What waits here for the one who looks: reviews, remarks to answer, decisions to record, follow-ups."""
    if not actor.is_internal or actor.user_id is None:
        return ()
    return [*_follow_up_tasks(actor), *_review_tasks(actor), *_remark_tasks(actor), *_record_tasks(actor)]


def _follow_up_tasks(actor: Standing) -> list[Task]:
    near = selectors.follow_ups_near()
    if not actor.has(*PRESENTING):
        near = near.filter(responsible_id__in=actor.organisation_ids)
    mine = [
        one
        for one in near.filter(decision__matter__in=readable(actor))[:SHOWN]
        if can(actor, "decision.follow_up", one)
    ]
    return [
        Task(
            one.decision.title,
            _("Beslutet %(number)s ska följas upp.") % {"number": one.decision.number},
            reverse("decisions:follow_up", args=[one.pk]),
            one.due,
        )
        for one in mine
    ]


def _review_tasks(actor: Standing) -> list[Task]:
    """Drafts on review for those who draft, and for the organisations that own or take part in the matter."""
    waiting = Basis.objects.filter(state=State.REVIEW, matter__in=readable(actor)).exclude(started_by_id=actor.user_id)
    waiting = waiting.exclude(comments__author_id=actor.user_id)
    if not actor.has(*DRAFTING):
        mine = actor.organisation_ids
        waiting = waiting.filter(
            Q(matter__owners__organisation_id__in=mine) | Q(matter__participants__organisation_id__in=mine)
        ).distinct()
    return [
        Task(
            basis.title,
            _("Beslutsunderlaget ska granskas."),
            reverse("decisions:review", args=[basis.uid]),
            basis.planned_on,
        )
        for basis in waiting.order_by("planned_on", "id")[:SHOWN]
    ]


def _remark_tasks(actor: Standing) -> list[Task]:
    mine = (
        Basis.objects.filter(started_by_id=actor.user_id, matter__in=readable(actor))
        .annotate(waiting=Count("comments", filter=Q(comments__resolved_at=None)))
        .filter(waiting__gt=0)
        .order_by("-id")[:SHOWN]
    )
    return [
        Task(
            basis.title,
            ngettext("%(n)s anmärkning väntar på svar.", "%(n)s anmärkningar väntar på svar.", basis.waiting)
            % {"n": basis.waiting},
            reverse("decisions:review", args=[basis.uid]),
        )
        for basis in mine
    ]


def _record_tasks(actor: Standing) -> list[Task]:
    """Presented bases whose day has come, without a recorded decision."""
    if not actor.has(*PRESENTING):
        return []
    waiting = Basis.objects.filter(
        state=State.PRESENTED, planned_on__lte=localdate(), versions__decisions=None, matter__in=readable(actor)
    ).exclude(versions__decisions__isnull=False)
    return [
        Task(
            basis.title,
            _("Beslutet ska registreras."),
            reverse("decisions:record", args=[basis.uid]),
            basis.planned_on,
        )
        for basis in waiting.distinct().order_by("planned_on", "id")[:SHOWN]
    ]


def waits(actor: Standing, matter: Matter) -> Sequence[Task]:
    """What waits in this matter, and for whom: the review, the decision, the follow-up."""
    found: list[Task] = []
    for basis in Basis.objects.filter(matter=matter).select_related("body").order_by("id")[:SHOWN]:
        basis.matter = matter
        if basis.state == State.REVIEW and can(actor, "basis.read_draft", basis):
            found.append(
                Task(
                    _("Granskning av beslutsunderlaget"),
                    basis.written_by,
                    reverse("decisions:review", args=[basis.uid]),
                )
            )
        elif basis.state == State.PRESENTED and not Decision.objects.filter(version__basis=basis).exists():
            who = basis.body.label if basis.body else _("Beslutsorganet är inte bestämt")
            found.append(
                Task(_("Beslut på underlaget"), who, reverse("decisions:basis", args=[basis.uid]), basis.planned_on)
            )
    for one in selectors.follow_ups_near(days=30).filter(decision__matter=matter)[:SHOWN]:
        who = one.responsible.label if one.responsible else ""
        found.append(
            Task(_("Uppföljning av beslutet"), who, reverse("decisions:decision", args=[one.decision.uid]), one.due)
        )
    return found
