# SPDX-License-Identifier: EUPL-1.2
"""Record decisions, correct them by new ones, and let what was promised come back on its day."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.jobs.services import task
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.rooms.decisions.models import Basis, Decision, FollowUp, Version


@transaction.atomic
def record_decision(
    *,
    by: Standing,
    version: Version,
    body: Organisation,
    decided_on: date,
    number: str,
    reason: str,
    chosen_mark: str = "",
    deviation: str = "",
    promise: str = "",
    follow_up_on: date | None = None,
    responsible: Organisation | None = None,
) -> Decision:
    """Record what a body decided on a presented version. Without a chosen alternative, none of them was taken.

    A decision that differs from the proposal says why. The follow-up comes back on its day.
    """
    matter = version.basis.matter
    policy.require(by, "decision.record", matter)
    _one_at_a_time(version, body)
    fields = _checked(version, body, decided_on, number, reason, chosen_mark, deviation, promise, follow_up_on)
    _number_is_free(version, fields)
    decision = _write(by, matter, version, fields)
    _promise_follow_up(decision, responsible or _responsible(matter))
    _record(by, "decision.recorded", decision)
    return decision


@transaction.atomic
def correct_decision(
    *,
    by: Standing,
    decision: Decision,
    correction_reason: str,
    body: Organisation,
    decided_on: date,
    number: str,
    reason: str,
    chosen_mark: str = "",
    deviation: str = "",
    promise: str = "",
    follow_up_on: date | None = None,
    responsible: Organisation | None = None,
) -> Decision:
    """Correct what was recorded by a new decision. The old one stays, and says that it has been corrected."""
    policy.require(by, "decision.record", decision.matter)
    if not correction_reason.strip():
        raise ValueError(_("Skriv vad som blev fel och vad som rättas."))
    version = decision.version
    _one_at_a_time(version, body)
    if Decision.objects.filter(corrects=decision).exists():
        raise ValueError(_("Beslutet är redan rättat. Rätta det senaste i stället."))
    fields = _checked(version, body, decided_on, number, reason, chosen_mark, deviation, promise, follow_up_on)
    _number_is_free(version, fields, but=decision)
    fields |= {"corrects": decision, "correction_reason": correction_reason.strip()}
    made = _write(by, decision.matter, version, fields)
    open_ones = decision.follow_ups.filter(done_on=None)
    kept = responsible or next((one.responsible for one in open_ones if one.responsible), None)
    open_ones.update(done_on=localdate(), outcome=_("Ersatt när beslutet rättades."), done_by_label=by.label)
    _promise_follow_up(made, kept or _responsible(decision.matter))
    _record(by, "decision.corrected", made)
    return made


def _one_at_a_time(version: Version, body: Organisation) -> None:
    """Wait for whoever else records on the same basis, then for whoever records what the same body has decided."""
    Basis.objects.select_for_update().get(pk=version.basis_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=body.pk)


def _number_is_free(version: Version, fields: Mapping[str, Any], *, but: Decision | None = None) -> None:
    """A body gives a number once. What has been corrected no longer holds its number."""
    taken = Decision.objects.filter(body=fields["body"], number__iexact=fields["number"], corrected_by=None)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.filter(version__basis=version.basis_id).exists():
        raise ValueError(_("Beslutet är redan registrerat under det numret. Rätta det i stället."))
    if taken.exists():
        raise ValueError(_("Organet har redan ett beslut med det numret. Kontrollera diarienumret eller paragrafen."))


def _checked(
    version: Version,
    body: Organisation,
    decided_on: date,
    number: str,
    reason: str,
    chosen_mark: str,
    deviation: str,
    promise: str,
    follow_up_on: date | None,
) -> dict[str, Any]:
    """The fields of a decision, or ValueError with what is missing."""
    marks = {one["mark"]: one for one in version.alternatives}
    if chosen_mark and chosen_mark not in marks:
        raise ValueError(_("Alternativet finns inte i den version som beslutet gäller."))
    number = " ".join(number.split())
    if not number:
        raise ValueError(_("Ange diarienummer eller paragraf i protokollet."))
    if not reason.strip():
        raise ValueError(_("Skriv skälen för beslutet."))
    if decided_on > localdate():
        raise ValueError(_("Ett beslut kan inte registreras innan det är fattat."))
    if follow_up_on is not None and follow_up_on <= decided_on:
        raise ValueError(_("Uppföljningen måste ligga efter beslutsdagen."))
    proposed = next((one for one in version.alternatives if one["recommended"]), None)
    if (proposed is None or proposed["mark"] != chosen_mark) and not deviation.strip():
        raise ValueError(_("Beslutet skiljer sig från förslaget. Skriv varför."))
    chosen = marks.get(chosen_mark, {"name": "", "name_en": ""})
    return {
        "body": body,
        "decided_on": decided_on,
        "number": number,
        "chosen_mark": chosen_mark,
        "chosen": chosen["name"],
        "chosen_en": chosen["name_en"],
        "proposed": f"{proposed['mark']}. {proposed['name']}"[:160] if proposed else "",
        "reason": reason.strip(),
        "deviation": deviation.strip(),
        "promise": promise.strip(),
        "follow_up_on": follow_up_on,
    }


def _write(by: Standing, matter: Matter, version: Version, fields: dict[str, Any]) -> Decision:
    decision = Decision(
        matter=matter,
        version=version,
        title=version.basis.title,
        recorded_by_id=by.user_id,
        recorded_by_label=by.label,
        **fields,
    )
    decision.checksum = decision_checksum(decision)
    decision.save()
    return decision


def decision_checksum(decision: Decision) -> str:
    """SHA-256 over what was decided, in canonical JSON; it stands in the ledger's event as well."""
    body = {
        name: str(getattr(decision, name) or "")
        for name in (
            *("uid", "matter_id", "version_id", "title", "body_id", "decided_on", "number", "chosen_mark", "chosen"),
            *("chosen_en", "proposed", "reason", "deviation", "promise", "follow_up_on", "corrects_id"),
            *("correction_reason", "recorded_by_label"),
        )
    }
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_intact(decision: Decision) -> bool:
    """Whether the decision still says what it said when it was recorded."""
    return decision_checksum(decision) == decision.checksum


def _promise_follow_up(decision: Decision, responsible: Organisation | None) -> None:
    if decision.follow_up_on is not None:
        FollowUp.objects.create(
            decision=decision, due=decision.follow_up_on, promise=decision.promise, responsible=responsible
        )


def _responsible(matter: Matter) -> Organisation:
    """Who answers for a follow-up when nobody is named: the first owner of the matter, otherwise its home unit."""
    owner = matter.owners.select_related("organisation").order_by("id").first()
    return owner.organisation if owner else matter.home_unit


def _record(by: Standing, verb: str, decision: Decision) -> None:
    record(
        by=by,
        verb=verb,
        obj=decision.matter,
        unit_id=decision.matter.home_unit_id,
        data={
            "decision": str(decision.uid),
            "checksum": decision.checksum,
            "version": decision.version.number,
            "basis": str(decision.version.basis.uid),
            "body": decision.body_id,
            "decided_on": decision.decided_on.isoformat(),
            "corrects": str(decision.corrects.uid) if decision.corrects else "",
        },
        private={"reason": decision.reason, "deviation": decision.deviation},
    )


@transaction.atomic
def follow_up(*, by: Standing, follow_up: FollowUp, kept: str, outcome: str, next_on: date | None = None) -> FollowUp:
    """Say what became of a decision, against what was promised; ``next_on`` promises to look once more."""
    policy.require(by, "decision.follow_up", follow_up)
    locked = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if locked.done_on is not None:
        raise ValueError(_("Uppföljningen är redan gjord."))
    if not outcome.strip():
        raise ValueError(_("Skriv vad beslutet ledde till."))
    if next_on is not None and next_on <= localdate():
        raise ValueError(_("Nästa uppföljning måste ligga framåt i tiden."))
    locked.done_on, locked.kept, locked.outcome = localdate(), FollowUp.Kept(kept).value, outcome.strip()
    locked.done_by_label = by.label
    locked.save()
    if next_on is not None:
        FollowUp.objects.create(
            decision=locked.decision, due=next_on, promise=locked.promise, responsible=locked.responsible
        )
    matter = locked.decision.matter
    record(
        by=by,
        verb="decision.followed_up",
        obj=matter,
        unit_id=matter.home_unit_id,
        data={"decision": str(locked.decision.uid), "kept": locked.kept, "due": locked.due.isoformat()},
        private={"outcome": locked.outcome},
    )
    return locked


@task("decisions.follow_ups", every=timedelta(hours=1))
def tell_due() -> None:
    """Write ``decision.follow_up_due`` for each follow-up whose day has come, once."""
    due = FollowUp.objects.filter(done_on=None, told_at=None, due__lte=localdate()).select_related("decision__matter")
    for follow_up in due.order_by("due", "id")[:500]:
        follow_up.told_at = now()
        follow_up.save(update_fields=["told_at"])
        matter = follow_up.decision.matter
        record(
            by=policy.system(),
            verb="decision.follow_up_due",
            obj=matter,
            unit_id=matter.home_unit_id,
            data={"decision": str(follow_up.decision.uid), "due": follow_up.due.isoformat()},
        )
