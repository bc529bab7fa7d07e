# SPDX-License-Identifier: EUPL-1.2
"""Tables in and out: upload, the report, reading in, and files to fetch."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helhet.foundation import policy
from helhet.foundation.policy import Standing
from helhet.rooms.administration import selectors, services
from helhet.rooms.administration.forms import ExportForm, UploadForm, kinds_in_words
from helhet.rooms.administration.models import Transfer
from helhet.rooms.administration.views.pages import attempt, crumbs, entering

SHOWN = 30
ASKS = {"in": "import.run", "out": "export.run"}


def _transfer(request: HttpRequest, uid: str, direction: str) -> tuple[Standing, Transfer]:
    actor = entering(request)
    policy.require(actor, ASKS[direction])
    return actor, get_object_or_404(Transfer.objects.select_related("by"), uid=uid, direction=direction)


def _latest(direction: str) -> list[tuple[Transfer, str]]:
    """The latest transfers, each with its kind in words."""
    words = dict(kinds_in_words())
    found = Transfer.objects.filter(direction=direction).select_related("by")[:SHOWN]
    return [(one, words.get(one.kind, _("Allt"))) for one in found]


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a table in to be checked; what was sent before."""
    actor = entering(request)
    policy.require(actor, "import.run")
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": "matters"})
    made: list[Transfer] = []

    def act(given: dict[str, Any]) -> None:
        made.append(services.receive_table(by=actor, kind=given["kind"], upload=given["file"]))

    if request.method == "POST" and attempt(form, act):
        return redirect("administration:transfer", uid=made[0].uid)
    context = {"crumbs": crumbs((_("Läs in"), "")), "form": form, "latest": _latest("in")}
    return render(request, "administration/upload.html", context, status=422 if form.errors else 200)


@require_GET
def transfer(request: HttpRequest, uid: str) -> HttpResponse:
    """How far a table has come, and what was found in it. Asked for by itself while something is under way."""
    _actor, found = _transfer(request, uid, "in")
    context = {
        "crumbs": crumbs((_("Läs in"), reverse("administration:upload")), (found.filename, "")),
        "transfer": found,
        "kind": dict(kinds_in_words()).get(found.kind, found.kind),
        "written": selectors.written_rows(found) if found.state == Transfer.State.WRITING else 0,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "administration/transfer_state.html" if part else "administration/transfer.html", context)


@require_POST
def approve(request: HttpRequest, uid: str) -> HttpResponse:
    """Have a checked table written."""
    actor, found = _transfer(request, uid, "in")
    try:
        services.read_in(by=actor, transfer=found)
    except ValueError as error:
        messages.error(request, str(error))
    return redirect("administration:transfer", uid=uid)


@require_POST
def forget(request: HttpRequest, uid: str) -> HttpResponse:
    """Drop a file, in or out."""
    actor = entering(request)
    found = get_object_or_404(Transfer, uid=uid)
    try:
        services.forget_table(by=actor, transfer=found)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Filen är borttagen."))
    return redirect("administration:upload" if found.direction == "in" else "administration:export")


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Order tables out; fetch those that are ready."""
    actor = entering(request)
    policy.require(actor, "export.run")
    form = ExportForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda given: services.order_export(by=actor, **given)):
        messages.success(request, _("Filen skrivs. Den står i listan när den är klar."))
        return redirect("administration:export")
    latest = _latest("out")
    under_way = any(one.under_way for one, _words in latest)
    context = {"crumbs": crumbs((_("Skriv ut"), "")), "form": form, "latest": latest, "under_way": under_way}
    if request.headers.get("HX-Request") == "true":
        return render(request, "administration/export_list.html", context)
    return render(request, "administration/export.html", context, status=422 if form.errors else 200)


@require_GET
def fetch(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A written file, as a download under a policy that lets it do nothing."""
    _actor, found = _transfer(request, uid, "out")
    if not found.blob or found.state != Transfer.State.DONE:
        raise Http404(_("Filen finns inte längre."))
    response = FileResponse(found.blob.open("rb"), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.filename)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = {}  # type: ignore[attr-defined]  # the sandbox above stands
    return response
