# SPDX-License-Identifier: EUPL-1.2
"""Which groups of the login provider give which roles."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helhet.foundation import policy
from helhet.foundation.people.accounts import map_claim, unmap_claim
from helhet.foundation.people.models import ClaimMapping
from helhet.foundation.policy.roles import Role
from helhet.rooms.administration.forms import ClaimForm
from helhet.rooms.administration.views.pages import attempt, crumbs, entering


@require_http_methods(["GET", "POST"])
def claims(request: HttpRequest) -> HttpResponse:
    """The pairs, and a form for another."""
    actor = entering(request)
    policy.require(actor, "person.edit")
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda given: map_claim(by=actor, **given)):
        messages.success(request, _("Gruppen ger rollen från och med nästa inloggning."))
        return redirect("administration:claims")
    written = [
        (row.get("claim"), row.get("organisation"), Role(row["role"]).label)
        for row in settings.HELHET_OIDC.get("roles", [])
        if row.get("role") in Role.values
    ]
    context = {
        "crumbs": crumbs((_("Grupper som ger roller"), "")),
        "form": form,
        "mappings": ClaimMapping.objects.select_related("organisation").order_by("claim", "id"),
        "written": written,
        "providers": [p.get("name") or p.get("provider_id") for p in settings.HELHET_OIDC.get("providers", [])],
    }
    return render(request, "administration/claims.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    actor = entering(request)
    policy.require(actor, "person.edit")
    mapping = get_object_or_404(ClaimMapping.objects.select_related("organisation"), pk=pk)
    unmap_claim(by=actor, mapping=mapping)
    messages.success(request, _("Gruppen ger inte längre rollen."))
    return redirect("administration:claims")
