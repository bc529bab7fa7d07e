# SPDX-License-Identifier: EUPL-1.2
"""A kept run at an address of its own: whole, or one of its figures down to the sources."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.selectors import get_run
from helhet.foundation.people.selectors import standing_of
from helhet.rooms.calculations import runs


@require_GET
def run(request: HttpRequest, uid: str) -> HttpResponse:
    """The run; ``?siffra=KEY`` one figure of it, ``?storhet=NAME`` one quantity that it rests on."""
    actor = standing_of(request.user)
    try:
        found = get_run(actor, uid)
    except Run.DoesNotExist:
        raise Http404 from None
    figure, quantity = request.GET.get("siffra", "")[:300], request.GET.get("storhet", "")[:100]
    if figure:
        return render(request, "calculations/explain.html", runs.figure_page(found, figure))
    if quantity:
        return render(request, "calculations/explain.html", runs.working_page(found, quantity))
    return render(request, "calculations/run.html", runs.page(actor, found))
