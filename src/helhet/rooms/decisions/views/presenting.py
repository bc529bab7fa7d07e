# SPDX-License-Identifier: EUPL-1.2
"""Present a basis: what is missing, the button that freezes, and how far the work has come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helhet.rooms.decisions.asked import ask_to_present, progress_of, under_way
from helhet.rooms.decisions.forms import PresentForm
from helhet.rooms.decisions.material import gather
from helhet.rooms.decisions.models import Basis, Presenting, State
from helhet.rooms.decisions.presenting import NotReady, Refused, readiness, typed
from helhet.rooms.decisions.views.asking import actor_of, basis_or_404, crumbs, sent, show


@require_http_methods(["GET", "POST"])
def present_basis(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is missing, what readers will miss, and the button that freezes. While it is under way: how far it is."""
    found = basis_or_404(request, uid, "basis.present")
    if request.method == "GET" and (open_one := under_way(found)) and progress_of(open_one).state != "failed":
        return redirect("decisions:presenting", uid=found.uid, pk=open_one.pk)
    if found.state == State.PRESENTED:
        said = _("Inget har ändrats sedan version %(n)s lades fram.") % {"n": found.current_version}
        messages.info(request, said)
        return redirect("decisions:version", uid=found.uid, number=found.current_version)
    form = PresentForm(sent(request), is_first=not found.current_version)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_to_present(by=actor_of(request), basis=found, **form.values)
        except NotReady as refusal:
            for text in refusal.missing:
                form.add_error(None, text)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("decisions:presenting", uid=found.uid, pk=asked.pk)
    material = gather(found)
    context: dict[str, Any] = {
        "basis": found,
        "form": form,
        "readiness": readiness(material),
        "typed": typed(material),
        "number": found.current_version + 1,
        "crumbs": crumbs(found, (_("Lägg fram"), "")),
    }
    return show(request, "present", context, wrong=request.method == "POST")


@require_safe
def presenting(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """How far a presenting has come: a page that comes back by itself, and leads to the version when it is there."""
    found = basis_or_404(request, uid, "basis.present")
    asked = found.presentings.select_related("version").filter(pk=pk).first()
    if asked is None:
        raise Http404
    by_itself = "HX-Request" in request.headers
    if asked.version is not None:
        return _on_to_the_version(request, found, asked, by_itself=by_itself)
    context = {
        "basis": found,
        "asked": asked,
        "progress": progress_of(asked),
        "number": found.current_version + 1,
        "crumbs": crumbs(found, (_("Lägg fram"), "")),
    }
    return show(request, "presenting_state" if by_itself else "presenting", context)


def _on_to_the_version(request: HttpRequest, found: Basis, asked: Presenting, *, by_itself: bool) -> HttpResponse:
    assert asked.version is not None
    number = asked.version.number
    if asked.version.number == found.current_version:
        messages.success(request, _("Version %(number)s är framlagd och fryst.") % {"number": number})
    target = reverse("decisions:version", args=[found.uid, number])
    if not by_itself:
        return redirect(target)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = target
    return response
