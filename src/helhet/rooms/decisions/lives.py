# SPDX-License-Identifier: EUPL-1.2
"""How far matters have come towards a decision: asked for once, however many parts of a page want it.

The steps of the journey, the panel and what waits all tell of the same few rows. One question finds the bases; what
hangs on them is asked for only where there is one, since no decision is made without a basis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from helhet.foundation.contracts import StepView
from helhet.foundation.matters.models import Matter
from helhet.look.dates import day as shown_day
from helhet.rooms.decisions.models import Basis, Decision, FollowUp, Version

KEPT = "_decisions_life"
OF_A_DECISION = ("uid", "title", "matter", "decided_on", "chosen", "chosen_mark", "body")


@dataclass
class Life:
    """A matter's bases and standing decisions, latest first, and when a basis was presented last."""

    bases: list[Basis] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    presented_at: datetime | None = None
    decided_bases: set[int] = field(default_factory=set)

    @property
    def follow_ups(self) -> list[FollowUp]:
        """Those of the standing decisions, the most urgent first."""
        found = [one for decision in self.decisions for one in decision.follow_ups.all()]
        return sorted(found, key=lambda one: (one.due, one.pk))


def lives(matters: Sequence[Matter]) -> Mapping[int, Life]:
    """{matter pk: Life}; kept on the matters, so that the next part of the page asks nothing."""
    new = {matter.pk: matter for matter in matters if not hasattr(matter, KEPT)}
    if new:
        found = {pk: Life() for pk in new}
        _find(new, found)
        for pk, life in found.items():
            setattr(new[pk], KEPT, life)
    return {matter.pk: getattr(matter, KEPT, None) or getattr(new[matter.pk], KEPT) for matter in matters}


def life_of(matter: Matter) -> Life:
    return lives([matter])[matter.pk]


def _find(matters: Mapping[int, Matter], found: Mapping[int, Life]) -> None:
    for basis in Basis.objects.filter(matter_id__in=matters).select_related("body").order_by("-id"):
        basis.matter = matters[basis.matter_id]
        found[basis.matter_id].bases.append(basis)
    presented = {basis.pk: basis for life in found.values() for basis in life.bases if basis.current_version}
    if not presented:
        return
    for basis_id, moment in (
        Version.objects.filter(basis_id__in=presented).order_by("presented_at").values_list("basis_id", "presented_at")
    ):
        found[presented[basis_id].matter_id].presented_at = moment
    decisions = (
        Decision.objects.filter(matter_id__in=matters, corrected_by=None)
        .annotate(basis_id=F("version__basis_id"))
        .select_related("body")
        .only(*OF_A_DECISION, "body__name", "body__short", "body__slug")
        .prefetch_related("follow_ups__responsible")
        .order_by("-decided_on", "-id")
    )
    for decision in decisions:
        decision.matter = matters[decision.matter_id]
        life = found[decision.matter_id]
        life.decisions.append(decision)
        life.decided_bases.add(decision.basis_id)  # type: ignore[attr-defined]  # annotated above


def decide_steps(matters: Sequence[Matter]) -> Mapping[int, StepView]:
    """The step «Besluta»: under way when a basis has been presented, done with a decision. Drafts show nothing."""
    views: dict[int, StepView] = {}
    for pk, life in lives(matters).items():
        if life.decisions:
            views[pk] = StepView("done", shown_day(life.decisions[0].decided_on))
        elif life.presented_at:
            views[pk] = StepView("now", _("Underlag framlagt %(day)s") % {"day": shown_day(life.presented_at)})
    return views


def follow_steps(matters: Sequence[Matter]) -> Mapping[int, StepView]:
    """The step «Följa upp»: waits for its day, is under way from then on, and done when somebody has answered."""
    views: dict[int, StepView] = {}
    for pk, life in lives(matters).items():
        for one in life.follow_ups[-1:]:
            if one.done_on is not None:
                views[pk] = StepView("done", shown_day(one.done_on))
            else:
                views[pk] = StepView("now" if one.due <= localdate() else "todo", shown_day(one.due))
    return views
