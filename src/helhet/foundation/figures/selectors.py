# SPDX-License-Identifier: EUPL-1.2
"""Read runs: a run is read where its matter is read."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helhet.foundation.contracts import rooms
from helhet.foundation.figures.models import Run
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.policy import Forbidden, Standing, deny, require


def readable_runs(actor: Standing) -> QuerySet[Run]:
    """Every run the actor may read, newest first. One without a matter is internal, and its maker's."""
    if actor.system:
        return Run.objects.all()
    may = Q(matter__in=Matter.objects.filter(readable_q(actor)))
    if actor.is_internal:
        may |= Q(matter=None)
    elif actor.user_id is not None:
        may |= Q(matter=None, made_by_id=actor.user_id)
    return Run.objects.filter(may).select_related("matter")


def get_run(actor: Standing, uid: str | UUID) -> Run:
    """One run, or Run.DoesNotExist, or Forbidden with the reason."""
    run = Run.objects.select_related("matter__batch").get(uid=uid)
    if run.matter is not None:
        require(actor, "matter.read", run.matter)
    elif not readable_runs(actor).filter(pk=run.pk).exists():
        raise Forbidden(deny(_("Körningen är intern. Logga in för att läsa den.")))
    return run


def address_of(run: Run, key: str = "") -> str:
    """Where a room shows the run with its sources, or one figure of it; '' when no installed room does."""
    found = (room.run_address(run, key) for room in rooms() if room.run_address is not None)
    return next(filter(None, found), "")
