# SPDX-License-Identifier: EUPL-1.2
"""What the room shows on a matter's page and on the home page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.foundation.contracts import Task, Word
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.policy import Standing, can
from helhet.foundation.policy.roles import DRAFTING
from helhet.rooms.decisions import selectors
from helhet.rooms.decisions.lives import life_of
from helhet.rooms.decisions.models import Basis, Decision, FollowUp, ReviewComment, State
from helhet.rooms.decisions.policy import PRESENTING

SHOWN = 5
NEAR_DAYS = 30


def panel(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """The matter's decisions and bases; drafts only for those inside."""
    may_start = bool(can(actor, "basis.start", matter))
    life = life_of(matter)
    bases = [basis for basis in life.bases[:SHOWN] if can(actor, "basis.read", basis)]
    decisions = life.decisions[:SHOWN]
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
    return [
        Task(
            one.decision.title,
            _("Beslutet %(number)s ska följas upp.") % {"number": one.decision.number},
            reverse("decisions:follow_up", args=[one.pk]),
            one.due,
        )
        for one in selectors.follow_ups_near(actor, limit=SHOWN)
    ]


def _review_tasks(actor: Standing) -> list[Task]:
    """Drafts on review for those who draft, and for the organisations that own or take part in the matter."""
    said = Exists(ReviewComment.objects.filter(basis=OuterRef("pk"), author_id=actor.user_id))
    waiting = Basis.objects.filter(readable_q(actor, "matter__"), ~said, state=State.REVIEW)
    waiting = waiting.exclude(started_by_id=actor.user_id)
    if not actor.has(*DRAFTING):
        mine = actor.organisation_ids
        waiting = waiting.filter(
            Q(matter__owners__organisation_id__in=mine) | Q(matter__participants__organisation_id__in=mine)
        ).distinct()
    return [
        Task(title, _("Beslutsunderlaget ska granskas."), reverse("decisions:review", args=[uid]), planned_on)
        for title, uid, planned_on in _told(waiting)
    ]


def _remark_tasks(actor: Standing) -> list[Task]:
    mine = (
        Basis.objects.filter(readable_q(actor, "matter__"), started_by_id=actor.user_id)
        .annotate(waiting=Count("comments", filter=Q(comments__resolved_at=None)))
        .filter(waiting__gt=0)
        .order_by("-id")
        .values_list("title", "uid", "waiting")[:SHOWN]
    )
    return [
        Task(
            title,
            ngettext("%(n)s anmärkning väntar på svar.", "%(n)s anmärkningar väntar på svar.", waiting)
            % {"n": waiting},
            reverse("decisions:review", args=[uid]),
        )
        for title, uid, waiting in mine
    ]


def _record_tasks(actor: Standing) -> list[Task]:
    """Presented bases whose day has come, without a recorded decision."""
    if not actor.has(*PRESENTING):
        return []
    decided = Exists(Decision.objects.filter(version__basis=OuterRef("pk")))
    waiting = Basis.objects.filter(
        readable_q(actor, "matter__"), ~decided, state=State.PRESENTED, planned_on__lte=localdate()
    )
    return [
        Task(title, _("Beslutet ska registreras."), reverse("decisions:record", args=[uid]), planned_on)
        for title, uid, planned_on in _told(waiting)
    ]


def _told(waiting: QuerySet[Basis]) -> Iterable[tuple[str, UUID, date | None]]:
    """What a task says of a basis, the most urgent first, and no more than that."""
    return waiting.order_by("planned_on", "id").values_list("title", "uid", "planned_on")[:SHOWN]


def waits(actor: Standing, matter: Matter) -> Sequence[Task]:
    """What waits in this matter, and for whom: the review, the decision, the follow-up."""
    found: list[Task] = []
    life = life_of(matter)
    for basis in reversed(life.bases[:SHOWN]):
        if basis.state == State.REVIEW and can(actor, "basis.read_draft", basis):
            found.append(
                Task(
                    _("Granskning av beslutsunderlaget"),
                    basis.written_by,
                    reverse("decisions:review", args=[basis.uid]),
                )
            )
        elif basis.state == State.PRESENTED and basis.pk not in life.decided_bases:
            who = basis.body.label if basis.body else _("Beslutsorganet är inte bestämt")
            found.append(
                Task(_("Beslut på underlaget"), who, reverse("decisions:basis", args=[basis.uid]), basis.planned_on)
            )
    near = localdate() + timedelta(days=NEAR_DAYS)
    for one in [one for one in life.follow_ups if one.done_on is None and one.due <= near][:SHOWN]:
        who = one.responsible.label if one.responsible else ""
        found.append(
            Task(_("Uppföljning av beslutet"), who, reverse("decisions:decision", args=[one.decision.uid]), one.due)
        )
    return found


def words(matters: Sequence[Matter]) -> list[Word]:
    """Decisions and what became of them, as the author of one of these matters is told."""
    told = []
    decided = Decision.objects.filter(matter__in=matters, corrected_by=None).select_related("body")
    for one in decided.prefetch_related("follow_ups").order_by("-id")[:20]:
        what = one.chosen or _("Inget av alternativen")
        heading = _("Beslut: %(what)s") % {"what": what}
        told.append(Word(heading, one.reason, one.body.label, one.recorded_at))
        told += [_followed_up(follow_up) for follow_up in one.follow_ups.all() if follow_up.done_on]
    return told


def _followed_up(one: FollowUp) -> Word:
    at = make_aware(datetime.combine(one.done_on or one.due, time(12)))
    return Word(_("Uppföljning av beslutet"), one.outcome, one.done_by_label, at)
