# SPDX-License-Identifier: EUPL-1.2
"""What waits for an administrator on the home page."""

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.foundation.contracts import Task
from helhet.foundation.people.models import User
from helhet.foundation.people.policy import keeps_everything
from helhet.foundation.policy import Standing, can
from helhet.rooms.administration.models import Transfer

State = Transfer.State
WHY = {
    State.CHECKED: gettext_lazy("Filen är kontrollerad. Ska den läsas in?"),
    State.REFUSED: gettext_lazy("Filen behöver rättas innan den kan läsas in."),
    State.FAILED: gettext_lazy("Inläsningen gick inte. Se varför."),
}
FRESH = timedelta(days=7)


def tasks(actor: Standing) -> list[Task]:
    """One's own tables that wait for an answer, and people who have come in without a role."""
    if not can(actor, "administration.enter") or not keeps_everything(actor):
        return []
    own = Transfer.objects.filter(
        direction="in", by_id=actor.user_id or 0, state__in=list(WHY), created_at__gt=now() - FRESH
    )[:5]
    found = [
        Task(
            title=_("Inläsning: %(file)s") % {"file": one.filename},
            why=str(WHY[State(one.state)]),
            url=reverse("administration:transfer", args=[one.uid]),
        )
        for one in own
    ]
    without = User.objects.filter(is_active=True, memberships=None).order_by("-id").first()
    if without is not None:
        found.append(
            Task(
                title=_("Ett konto har ingen roll: %(name)s") % {"name": without.username},
                why=_("Utan roll läser personen bara det som är öppet för alla."),
                url=reverse("administration:account", args=[without.pk]),
            )
        )
    return found
