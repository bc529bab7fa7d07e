# SPDX-License-Identifier: EUPL-1.2
"""Open a calculation, change assumptions, see the case and the whole; click a figure to see why."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from helhet.foundation import policy
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import TooMany
from helhet.foundation.policy import Standing, can
from helhet.rooms.calculations import engine, explaining, inputs, pages, params, selectors
from helhet.rooms.calculations.desk import Desk, open_desk
from helhet.rooms.calculations.models import Book

View = Callable[..., HttpResponse]


def calculating(view: View) -> View:
    """Answer calmly when too much is being calculated, and 404 for a book that is not there."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Book.DoesNotExist:
            raise Http404 from None
        except (TooMany, engine.Busy):
            return render(request, "429.html", status=429)
        except engine.TooHeavy:
            words = {
                "heading": _("Kalkylen är för stor för en sida"),
                "explanation": _("Den ryms inte ens med få dragningar. Kör den med helhet book run i stället."),
            }
            return render(request, "look/page_error.html", words, status=422)

    return handle


def who(request: HttpRequest, actor: Standing) -> str:
    return actor.actor_key or f"ip:{request.META.get('REMOTE_ADDR', '')}"


@require_GET
@calculating
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole page. What the form sends without script is put into the shortest address first."""
    actor = standing_of(request.user)
    row = selectors.get_book(actor, slug)
    policy.require(actor, "calculation.play", row)
    desk = open_desk(actor, row, request.GET, who(request, actor))
    if params.BEFORE in request.GET and desk.asked.ok:
        return HttpResponseRedirect(reverse("calculations:book", args=[slug]) + desk.asked.query())
    context = pages.result_context(desk) | pages.form_context(desk) | head(desk)
    return render(request, "calculations/book.html", context, status=200 if desk.asked.ok else 422)


@require_GET
@calculating
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """New figures for a hand on a slider. A wrong value: its message alone, and the figures stay as they were."""
    actor = standing_of(request.user)
    row = selectors.get_book(actor, slug)
    policy.require(actor, "calculation.play", row)
    desk = open_desk(actor, row, request.GET, who(request, actor))
    if not desk.asked.ok:
        return render(request, "calculations/wrong.html", {"asked": desk.asked, **faults(desk)}, status=422)
    return render(request, "calculations/figures.html", pages.result_context(desk) | faults(desk))


@require_GET
@calculating
def explain(request: HttpRequest, slug: str) -> HttpResponse:
    """One figure: what adds up to it, formula, values, units, sources, onwards to the leaves."""
    actor = standing_of(request.user)
    row = selectors.get_book(actor, slug)
    desk = open_desk(actor, row, request.GET, who(request, actor), with_choice=False)
    figure, holder, year = (request.GET.get(name, "")[:80] for name in ("q", "h", "y"))
    context = explaining.context(desk, figure, holder, year, request.GET.get("helhet") == "1")
    return render(request, "calculations/explain.html", context | {"asked": desk.asked})


def head(desk: Desk) -> dict[str, Any]:
    """Crumbs, tags and what may be done."""
    crumbs = [(_("Kalkyler"), reverse("calculations:books"))]
    if desk.matter is not None:
        crumbs.append((desk.matter.title, reverse("desk:matter", args=[desk.matter.uid])))
    return {
        "crumbs": [*crumbs, (desk.row.title if desk.matter is None else _("Kalkyl"), "")],
        "matter": desk.matter,
        "matters": selectors.readable_matters(desk.actor, desk.row),
        "may_edit": can(desk.actor, "calculation.edit", desk.row),
        "own_scenario": desk.asked.saved
        if desk.asked.saved and desk.asked.saved.owner_id == desk.actor.user_id
        else None,
        "assumed": any(item for item in _assumed(desk)),
        "query": desk.asked.query(),
        **faults(desk),
    }


def faults(desk: Desk) -> dict[str, Any]:
    """What is wrong with what was typed, by field, as links."""
    quantities = desk.book.quantities
    rows = [
        {"id": f"{params.FIELD}{name}", "label": inputs.text(quantities[name].label), "message": message}
        for name, message in desk.asked.errors.items()
    ]
    return {"faults": rows, "general": desk.asked.general}


def _assumed(desk: Desk) -> list[str]:
    return [q.name for q in params.reachable(desk.book) if q.confidence == "assumption" or not q.source]
