# SPDX-License-Identifier: EUPL-1.2
"""Write goals: a new one, or a new version of one. What was written before stays to be read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helhet.foundation import policy
from helhet.foundation.goals.models import Goal
from helhet.foundation.goals.selectors import current_goals
from helhet.foundation.goals.services import write_goal
from helhet.foundation.people.selectors import standing_of
from helhet.rooms.desk.forms import GoalForm

WORDS = ("kind", "title", "title_en", "text", "source", "valid_from", "order")


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, stable_id: str = "") -> HttpResponse:
    """A goal's words, place and source; saved as a new version when it was there before."""
    actor = standing_of(request.user)
    policy.require(actor, "goal.edit")
    kept = get_object_or_404(current_goals(), stable_id=stable_id) if stable_id else None
    initial = _as_it_is(kept) if kept else {"parent": request.GET.get("under", "")}
    form = GoalForm(request.POST or None, initial=initial, kept=kept)

    def act(given: dict[str, Any]) -> Goal:
        if kept is None and current_goals().filter(stable_id=given["stable_id"]).exists():
            raise ValueError(_("Det finns redan ett mål med den beteckningen. Öppna det och skriv en ny lydelse."))
        return write_goal(by=actor, **{"stable_id": stable_id, **given})

    if request.method == "POST" and form.is_valid():
        try:
            goal = act(form.cleaned_data)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Målet är sparat som version %(number)s.") % {"number": goal.version})
            return redirect("desk:goal", stable_id=goal.stable_id)
    heading = _("Ny lydelse av målet") if kept else _("Skriv ett mål")
    way = [(_("Hem"), reverse("desk:home")), (_("Mål"), reverse("desk:goals")), (heading, "")]
    back = reverse("desk:goal", args=[stable_id]) if kept else reverse("desk:goals")
    context = {"form": form, "heading": heading, "crumbs": way, "back": back, "goal": kept}
    return render(request, "desk/write_goal.html", context, status=422 if form.errors else 200)


def _as_it_is(goal: Goal) -> dict[str, Any]:
    return {name: getattr(goal, name) for name in WORDS} | {"parent": goal.parent_id_stable}
