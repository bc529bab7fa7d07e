# SPDX-License-Identifier: EUPL-1.2
"""Record a decision, read it, correct it, follow it up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helhet.foundation.policy import can, require
from helhet.rooms.decisions import deciding
from helhet.rooms.decisions.forms import NONE, CorrectionForm, DecisionForm, FollowUpForm
from helhet.rooms.decisions.models import Decision, Version
from helhet.rooms.decisions.views.asking import (
    actor_of,
    basis_or_404,
    crumbs,
    decision_or_404,
    follow_up_or_404,
    sent,
    show,
    version_asked,
    version_or_404,
)


def _choices(version: Version) -> dict[str, Any]:
    proposed = next((one["mark"] for one in version.alternatives if one["recommended"]), "")
    return {
        "choices": [(one["mark"], f"{one['mark']}. {one['name']}") for one in version.alternatives],
        "proposed": proposed,
    }


def _values(form: DecisionForm) -> dict[str, Any]:
    """What the form holds, as the services want it."""
    values = {name: value for name, value in form.cleaned_data.items() if name not in ("chosen", "confirmed")}
    chosen = form.cleaned_data["chosen"]
    return {**values, "chosen_mark": "" if chosen == NONE else chosen}


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Record what was decided on a presented version: the latest, or the one whose page led here."""
    found = basis_or_404(request, uid)
    actor = actor_of(request)
    require(actor, "decision.record", found.matter)
    if not found.current_version:
        raise Http404(_("Underlaget är inte framlagt."))
    version = version_or_404(found, version_asked(request))
    today = localdate()
    initial = {"body": found.body, "decided_on": min(found.planned_on or today, today), "number": found.matter.number}
    form = DecisionForm(sent(request), initial=initial, **_choices(version))
    if request.method == "POST" and form.is_valid():
        try:
            made = deciding.record_decision(by=actor, version=version, **_values(form))
        except ValueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Beslutet är registrerat. Alla längs vägen får veta det."))
            return redirect("decisions:decision", uid=made.uid)
    context = {
        "basis": found,
        "version": version,
        "form": form,
        "title": _("Registrera beslut"),
        "crumbs": crumbs(found, (_("Registrera beslut"), "")),
        "draft_key": f"decision-{found.uid}",
    }
    return show(request, "record", context, wrong=request.method == "POST")


@require_safe
def decision(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One decision: what, who, when, why, and what became of it."""
    found = decision_or_404(request, uid)
    actor = actor_of(request)
    follow_ups = list(found.follow_ups.all())
    for one in follow_ups:
        one.decision = found
        one.may_answer = one.done_on is None and bool(can(actor, "decision.follow_up", one))  # type: ignore[attr-defined]
    context = {
        "decision": found,
        "follow_ups": follow_ups,
        "corrected_by": Decision.objects.filter(corrects=found).first(),
        "may_correct": bool(can(actor, "decision.record", found.matter)),
        "is_intact": deciding.is_intact(found),
        "crumbs": [
            (_("Beslut"), reverse("decisions:register")),
            (found.matter.title, reverse("desk:matter", args=[found.matter.uid])),
            (found.number, ""),
        ],
    }
    return show(request, "decision", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct a decision by a new one."""
    found = decision_or_404(request, uid)
    actor = actor_of(request)
    require(actor, "decision.record", found.matter)
    later = Decision.objects.filter(corrects=found).first()
    if later is not None and request.method == "GET":
        messages.info(request, _("Beslutet är redan rättat. Här är det som gäller."))
        return redirect("decisions:decision", uid=later.uid)
    names = ("body", "decided_on", "number", "reason", "deviation", "promise", "follow_up_on")
    initial = {name: getattr(found, name) for name in names} | {"chosen": found.chosen_mark or NONE}
    form = CorrectionForm(sent(request), initial=initial, **_choices(found.version))
    if request.method == "POST" and form.is_valid():
        try:
            made = deciding.correct_decision(by=actor, decision=found, **_values(form))
        except ValueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Beslutet är rättat. Det gamla finns kvar och pekar hit."))
            return redirect("decisions:decision", uid=made.uid)
    context = {
        "basis": found.version.basis,
        "version": found.version,
        "form": form,
        "title": _("Rätta beslutet"),
        "crumbs": crumbs(found.version.basis, (_("Rätta beslutet"), "")),
        "draft_key": f"correction-{found.uid}",
    }
    return show(request, "record", context, wrong=request.method == "POST")


@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a follow-up against what was promised."""
    found = follow_up_or_404(request, pk)
    actor = actor_of(request)
    require(actor, "decision.follow_up", found)
    if found.done_on is not None and request.method == "GET":
        return redirect("decisions:decision", uid=found.decision.uid)
    form = FollowUpForm(sent(request))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("kept", "outcome", "next_on")}
        try:
            deciding.follow_up(by=actor, follow_up=found, **values)
        except ValueError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Uppföljningen är sparad."))
            return redirect("decisions:decision", uid=found.decision.uid)
    context = {
        "follow_up": found,
        "decision": found.decision,
        "form": form,
        "crumbs": [
            (_("Beslut"), reverse("decisions:register")),
            (found.decision.title, reverse("decisions:decision", args=[found.decision.uid])),
            (_("Följ upp"), ""),
        ],
    }
    return show(request, "follow_up", context, wrong=request.method == "POST")
