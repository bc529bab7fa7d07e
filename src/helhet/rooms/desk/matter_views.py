# SPDX-License-Identifier: EUPL-1.2
"""A matter's page and what one does on it."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helhet.foundation import policy
from helhet.foundation.contracts import rooms
from helhet.foundation.journey import journeys
from helhet.foundation.matters import selectors, thread
from helhet.foundation.matters.models import File, Follow, Matter, Status, Support
from helhet.foundation.matters.services import Sensitive
from helhet.foundation.notices.services import mark_read
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing
from helhet.look.templatetags.look import number
from helhet.rooms.desk.forms import CommentForm
from helhet.rooms.desk.told import told


def matter_of(request: HttpRequest, uid: Any) -> tuple[Standing, Matter]:
    """The one who asks and the matter: 404 when there is none, 403 with the reason when it may not be read."""
    actor = standing_of(request.user)
    try:
        return actor, selectors.get_matter(actor, str(uid))
    except Matter.DoesNotExist:
        raise Http404(_("Ärendet finns inte.")) from None


@require_GET
def matter(request: HttpRequest, uid: str) -> HttpResponse:
    """The matter: what it says, where it is on its way, what waits, what was said."""
    actor, found = matter_of(request, uid)
    if actor.is_authenticated:
        mark_read(by=actor, matter=found)
    return render(request, "desk/matter.html", page_context(request, actor, found, CommentForm()))


def page_context(request: HttpRequest, actor: Standing, found: Matter, form: CommentForm) -> dict[str, Any]:
    """Everything the matter's page shows; constant in queries whatever the matter has gathered."""
    mine = {"matter": found, "user_id": actor.user_id}
    panels = sorted((panel for room in rooms() for panel in room.panels), key=lambda panel: panel.order)
    shown = [(panel.template, panel.context(actor, found)) for panel in panels]
    return {
        "matter": found,
        "crumbs": [(_("Hem"), reverse("desk:home")), (_("Ärenden"), reverse("desk:matters")), (found.number, "")],
        "steps": journeys([found])[found.pk],
        "facts": facts(actor, found),
        "waits": [wait for room in rooms() for ask in room.waits for wait in ask(actor, found)],
        "thread": selectors.thread(found, request.GET.get("fore", "")),
        "told": told(found),
        "panels": [(template, context) for template, context in shown if context is not None],
        "files": found.files.order_by("id"),
        "form": form,
        "may_comment": policy.can(actor, "matter.comment", found),
        "may_moderate": policy.can(actor, "matter.steer", found).allowed,
        "follows": actor.is_authenticated and Follow.objects.filter(**mine).exists(),
        "supports": actor.is_authenticated and Support.objects.filter(**mine).exists(),
        "is_author": actor.user_id is not None and actor.user_id == found.author_id,
        "merged_into": _merged_into(actor, found),
    }


def facts(actor: Standing, found: Matter) -> list[dict[str, Any]]:
    """Who owns, who left it, whom it concerns."""
    owners = list(found.owners.all())
    rows: list[dict[str, Any]] = [
        {
            "label": _("Äger %(part)s") % {"part": owner.part} if owner.part else _("Äger frågan"),
            "value": owner.organisation.label,
            "url": reverse("desk:organisation", args=[owner.organisation.slug]),
        }
        for owner in owners[:3]
    ]
    if not owners:
        rows.append({"label": _("Äger frågan"), "none": _("Ingen äger frågan ännu")})
    left_by = found.author_label or _("Okänd")
    rows.append({"label": _("Lämnat av"), "value": left_by, "fine": found.on_behalf_of and f"({found.on_behalf_of})"})
    concerns = _("%(people)s personer, %(units)s enheter") % {
        "people": found.support_count,
        "units": found.support_unit_count,
    }
    rows.append({"label": _("Gäller också"), "value": concerns if found.support_count else _("ingen annan ännu")})
    position = f"{number(found.latitude, 4)}; {number(found.longitude, 4)}" if found.latitude is not None else ""
    if found.place or position:
        rows.append({"label": _("Plats"), "value": found.place or position, "fine": position if found.place else ""})
    return rows


def _merged_into(actor: Standing, found: Matter) -> Matter | None:
    if found.status != Status.MERGED:
        return None
    tie = found.links_out.filter(type="merged_into").select_related("target").first()
    return tie.target if tie and policy.can(actor, "matter.read", tie.target) else None


@require_POST
def comment(request: HttpRequest, uid: str) -> HttpResponse:
    """Add to the thread; what was typed is kept when something is wrong."""
    actor, found = matter_of(request, uid)
    policy.require(actor, "matter.comment", found)
    form = CommentForm(request.POST)
    if form.is_valid():
        parent = found.comments.filter(pk=form.cleaned_data["parent"]).first() if form.cleaned_data["parent"] else None
        try:
            thread.comment(
                by=actor,
                matter=found,
                text=form.cleaned_data["text"],
                parent=parent,
                confirmed=form.cleaned_data["confirmed"],
            )
        except Sensitive as error:
            form.ask_to_confirm = True
            words = ", ".join(f"”{finding.words}”" for finding in error.findings)
            form.add_error(
                "text", _("Ser ut som känsliga uppgifter: %(words)s. Ta bort, eller kryssa för.") % {"words": words}
            )
        except ValueError as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("Inlägget är publicerat."))
            return redirect(f"{reverse('desk:matter', args=[uid])}#trad")
    return render(request, "desk/matter.html", page_context(request, actor, found, form), status=422)


@require_POST
def follow(request: HttpRequest, uid: str) -> HttpResponse:
    actor, found = matter_of(request, uid)
    on = thread.follow(by=actor, matter=found, on=request.POST.get("on") == "1")
    messages.success(request, _("Du följer ärendet.") if on else _("Du följer inte längre ärendet."))
    return redirect("desk:matter", uid=uid)


@require_POST
def support(request: HttpRequest, uid: str) -> HttpResponse:
    actor, found = matter_of(request, uid)
    on = request.POST.get("on") == "1"
    thread.support(by=actor, matter=found, on=on)
    messages.success(request, _("Vi har noterat att det gäller dig också.") if on else _("Borttaget."))
    return redirect("desk:matter", uid=uid)


@require_GET
def download(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A checked file, always as a download under a policy that lets it do nothing."""
    actor = standing_of(request.user)
    kept = File.objects.filter(uid=uid).select_related("matter", "matter__batch").first()
    if kept is None:
        raise Http404(_("Filen finns inte."))
    policy.require(actor, "matter.read", kept.matter)
    if kept.state != File.State.OK:
        return render(request, "desk/file_waits.html", {"file": kept, "matter": kept.matter}, status=409)
    response = FileResponse(kept.blob.open("rb"), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = {}  # type: ignore[attr-defined]  # the sandbox above stands
    return response


@require_http_methods(["GET"])
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """A matter by its registration number."""
    actor = standing_of(request.user)
    found = Matter.objects.filter(number=number).first()
    if found is None or not policy.can(actor, "matter.read", found):
        raise Http404(_("Ärendet finns inte."))
    return redirect("desk:matter", uid=found.uid)
