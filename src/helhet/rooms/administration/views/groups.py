# SPDX-License-Identifier: EUPL-1.2
"""Members of units and groups, and what groups are told to do."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helhet.foundation.people import services
from helhet.foundation.people.models import Mandate, User
from helhet.rooms.administration.forms import MandateForm, MemberForm
from helhet.rooms.administration.views.organisations import kept, way
from helhet.rooms.administration.views.pages import entering, form_page


@require_http_methods(["GET", "POST"])
def add_role(request: HttpRequest, slug: str) -> HttpResponse:
    """Give somebody a role here, by user name. Members of a group come from any organisation."""
    actor, found = kept(request, slug)
    form = MemberForm(request.POST or None, actor=actor, known="organisation")

    def act(given: dict[str, Any]) -> None:
        user = User.objects.filter(username__iexact=given.pop("username").strip()).first()
        if user is None:
            raise ValueError(_("Det finns inget konto med det användarnamnet."))
        services.add_member(by=actor, user=user, organisation=found, **given)

    return form_page(
        request, form, act, way=way(found), heading=_("Ge någon en roll här"), button=_("Ge rollen"),
        done=_("Rollen är given."), back=reverse("administration:organisation", args=[slug]), lead=found.label,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def mandate(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a group its mandate: from whom, for what, until when."""
    actor, found = kept(request, slug)
    form = MandateForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.give_mandate(by=actor, group=found, **given), way=way(found),
        heading=_("Ge gruppen ett uppdrag"), button=_("Ge uppdraget"), done=_("Uppdraget är givet."),
        back=reverse("administration:organisation", args=[slug]), lead=found.label,
    )  # fmt: skip


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate today."""
    actor = entering(request)
    found = get_object_or_404(Mandate.objects.select_related("group"), pk=pk)
    try:
        services.end_mandate(by=actor, mandate=found, on=localdate())
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Uppdraget slutar i dag."))
    return redirect("administration:organisation", slug=found.group.slug)
