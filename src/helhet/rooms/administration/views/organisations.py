# SPDX-License-Identifier: EUPL-1.2
"""Organisations of every kind, and the tree of units: add, rename, move, close."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from helhet.foundation import policy
from helhet.foundation.people import services
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.rooms.administration import selectors
from helhet.rooms.administration.forms import CloseForm, MoveForm, OrganisationForm
from helhet.rooms.administration.views.pages import Crumbs, attempt, crumbs, entering, form_page

MEMBERS = 200


def way(organisation: Organisation | None = None) -> Crumbs:
    """The way to the organisations, or to one of them."""
    found = crumbs((_("Organisationer"), reverse("administration:organisations")))
    if organisation is None:
        return found
    return [*found, (organisation.label, reverse("administration:organisation", args=[organisation.slug]))]


def kept(request: HttpRequest, slug: str) -> tuple[Standing, Organisation]:
    """The one who asks, and an organisation that they may change."""
    actor = entering(request)
    found = get_object_or_404(Organisation.objects.select_related("parent"), slug=slug)
    policy.require(actor, "organisation.edit", found)
    return actor, found


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Organisations in the order of the tree, a page at a time."""
    actor = entering(request)
    chosen = {name: request.GET.get(name, "")[:80] for name in ("q", "slag")}
    rows, after = selectors.organisations(
        actor, q=chosen["q"].strip(), kind=chosen["slag"], after=request.GET.get("efter", "")[:200]
    )
    context = {
        "crumbs": crumbs((_("Organisationer"), "")),
        "rows": [(one, selectors.depth(one)) for one in rows],
        "after": after,
        "chosen": chosen,
        "kinds": Organisation.Kind,
    }
    return render(request, "administration/organisations.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an organisation or a group. One who keeps a part of the tree adds below it."""
    actor = entering(request)
    kind = request.GET.get("slag", "")
    form = OrganisationForm(
        request.POST or None,
        actor=actor,
        initial={"kind": kind if kind in Organisation.Kind.values else "unit", "parent": request.GET.get("under", "")},
    )
    made: list[Organisation] = []
    if request.method == "POST" and attempt(
        form, lambda given: made.append(services.add_organisation(by=actor, **given))
    ):
        messages.success(request, _("Organisationen finns."))
        return redirect("administration:organisation", slug=made[0].slug)
    heading = _("Ny grupp") if kind == "group" else _("Ny organisation")
    context = {
        "form": form, "crumbs": [*way(), (heading, "")], "heading": heading, "button": _("Lägg till"),
        "back": reverse("administration:organisations"), "lead": "",
    }  # fmt: skip
    return render(request, "administration/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: its names, its place, its members, and the mandates of a group."""
    actor, found = kept(request, slug)
    form = OrganisationForm(request.POST or None, actor=actor, organisation=found)

    def act(given: dict[str, Any]) -> None:
        services.edit_organisation(by=actor, organisation=found, **given)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Ändringen är sparad."))
        return redirect("administration:organisation", slug=slug)
    members = found.memberships.select_related("user").order_by("role", "user__username")
    context = {
        "crumbs": [*way(), (found.label, "")],
        "organisation": found,
        "form": form,
        "children": found.children.order_by("name"),
        "members": members[:MEMBERS],
        "more_members": max(0, members.count() - MEMBERS),
        "mandates": found.mandates.select_related("given_by").order_by("-id"),
    }
    return render(request, "administration/organisation.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move an organisation with everything below it."""
    actor, found = kept(request, slug)
    form = MoveForm(request.POST or None, actor=actor, organisation=found)
    return form_page(
        request, form, lambda given: services.move_organisation(by=actor, organisation=found, parent=given["parent"]),
        way=way(found), heading=_("Flytta i trädet"), button=_("Flytta"), done=_("Organisationen är flyttad."),
        back=reverse("administration:organisation", args=[slug]),
        lead=_("Allt som ligger under följer med. Den som leder en enhet ovanför når det från och med nu."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Say when an organisation ends, or that it does not."""
    actor, found = kept(request, slug)
    form = CloseForm(request.POST or None, initial={"closed_at": found.closed_at})
    return form_page(
        request, form, lambda given: services.edit_organisation(by=actor, organisation=found, **given),
        way=way(found), heading=_("När upphör den?"), button=_("Spara"), done=_("Ändringen är sparad."),
        back=reverse("administration:organisation", args=[slug]), lead=found.label,
    )  # fmt: skip
