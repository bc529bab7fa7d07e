# SPDX-License-Identifier: EUPL-1.2
"""Present a basis outside the request: ask once, let a worker make the files, say how far it has come.

Asking again while it is under way does nothing. A worker that is killed has written nothing, and the next one starts
over; what was asked for ends in the transaction that writes the version.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from helhet.foundation import policy
from helhet.foundation.jobs.models import Job
from helhet.foundation.jobs.services import enqueue, progress, task
from helhet.foundation.ledger.services import record
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Forbidden, Standing
from helhet.rooms.decisions.material import gather
from helhet.rooms.decisions.models import Basis, Presenting, Version
from helhet.rooms.decisions.presenting import PARTS, NotReady, Refused, kept, made, readiness, require_presentable


@transaction.atomic
def ask_to_present(*, by: Standing, basis: Basis, what_changed: str = "") -> Presenting:
    """Ask for the basis to be presented as it stands. While that is under way, the same asking is given back.

    Raises Forbidden, and :class:`Refused` (:class:`NotReady` with what is missing) when it cannot be presented.
    """
    basis = Basis.objects.select_for_update().get(pk=basis.pk)
    policy.require(by, "basis.present", basis)
    if open_one := under_way(basis):
        if progress_of(open_one).state != "failed":
            return open_one
        _end(open_one, refused=_("Det gick inte att göra filerna."))
    require_presentable(by, basis, what_changed)
    if missing := readiness(gather(basis)).missing:
        raise NotReady(list(missing))
    asked = Presenting.objects.create(
        basis=basis, revision=basis.revision, what_changed=what_changed.strip(), asked_by_id=by.user_id
    )
    enqueue("decisions.present", {"presenting": asked.pk}, key=asked.effect_key)
    _record(by, "basis.presenting_asked", asked)
    return asked


def under_way(basis: Basis) -> Presenting | None:
    """The asking that has not ended yet."""
    return basis.presentings.filter(ended_at=None).first()


@dataclass(frozen=True)
class Progress:
    """How far an asking has come. ``state`` is waiting, running, again (it failed and will be tried), failed or ended;
    ``reference`` finds the failure in the log."""

    state: str
    done: int
    of: int
    reference: str


def progress_of(asked: Presenting) -> Progress:
    """Read from the job that carries it out."""
    job = Job.objects.filter(effect_key=asked.effect_key).first()
    if job is None:
        return Progress("ended" if asked.ended_at else "failed", 0, PARTS, "")
    state = job.state if asked.ended_at is None else "ended"
    if state == Job.State.WAITING and job.error:
        state = "again"
    return Progress(state, job.done_parts, PARTS, str(job.uid)[:8])


@task("decisions.present", atomic=False)
def carry_out(presenting: int) -> None:
    """Make the files, then write the version: once, however many times this is run."""
    asked = Presenting.objects.select_related("basis__matter__home_unit", "asked_by").get(pk=presenting)
    if asked.ended_at is not None:
        return
    by = standing_of(asked.asked_by)
    with override(by.language or "sv"):
        try:
            _carry_out(by, asked)
        except Forbidden as forbidden:
            _refuse(by, asked, str(forbidden.decision.reason))
        except Refused as refusal:
            _refuse(by, asked, str(refusal))


def _carry_out(by: Standing, asked: Presenting) -> None:
    basis, job = asked.basis, Job.objects.get(effect_key=asked.effect_key)
    require_presentable(by, basis, asked.what_changed)
    frozen = made(basis, asked.what_changed, told=lambda part: progress(str(job.uid), part, PARTS))
    with transaction.atomic():
        version = kept(by, basis, frozen) if frozen.revision == asked.revision else None
        if version is None:
            raise Refused(_("Någon ändrade underlaget innan det hann läggas fram. Läs igenom det och försök igen."))
        _end(asked, version=version)


def _end(asked: Presenting, *, version: Version | None = None, refused: str = "") -> None:
    asked.version, asked.refused, asked.ended_at = version, refused, now()
    asked.save(update_fields=["version", "refused", "ended_at"])


@transaction.atomic
def _refuse(by: Standing, asked: Presenting, why: str) -> None:
    _end(asked, refused=why)
    _record(by, "basis.presenting_refused", asked)


def _record(by: Standing, verb: str, asked: Presenting) -> None:
    basis = asked.basis
    record(
        by=by,
        verb=verb,
        obj=basis,
        unit_id=basis.matter.home_unit_id,
        data={"basis": str(basis.uid), "matter": basis.matter_id, "revision": asked.revision},
        private={"refused": asked.refused} if asked.refused else None,
    )
