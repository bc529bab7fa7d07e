# SPDX-License-Identifier: EUPL-1.2
"""What every page of the room begins with: who asks, what for, in which language."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing, can
from helhet.rooms.decisions import selectors
from helhet.rooms.decisions.models import Basis, Decision, FollowUp, Version
from helhet.rooms.decisions.presenting import MEDIA_TYPES
from helhet.rooms.decisions.words import LANGUAGES

Made = TypeVar("Made")


def actor_of(request: HttpRequest) -> Standing:
    return standing_of(request.user)


def basis_or_404(request: HttpRequest, uid: UUID, action: str = "basis.read") -> Basis:
    try:
        return selectors.get_basis(actor_of(request), uid, action)
    except Basis.DoesNotExist:
        raise Http404(_("Underlaget finns inte.")) from None


def version_or_404(basis: Basis, number: int | None = None) -> Version:
    try:
        return selectors.get_version(basis, number)
    except Version.DoesNotExist:
        raise Http404(_("Den versionen finns inte.")) from None


def version_asked(request: HttpRequest) -> int | None:
    """The number of the version that the address names, or None for the latest."""
    asked = request.GET.get("version", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None


def decision_or_404(request: HttpRequest, uid: UUID) -> Decision:
    try:
        return selectors.get_decision(actor_of(request), uid)
    except Decision.DoesNotExist:
        raise Http404(_("Beslutet finns inte.")) from None


def follow_up_or_404(request: HttpRequest, pk: int) -> FollowUp:
    try:
        return selectors.get_follow_up(actor_of(request), pk)
    except FollowUp.DoesNotExist:
        raise Http404(_("Uppföljningen finns inte.")) from None


def language_of(request: HttpRequest) -> str:
    """The language of a document: the one asked for, otherwise the page's, Swedish when there is none."""
    asked = request.GET.get("lang") or get_language() or "sv"
    return asked if asked in LANGUAGES else "sv"


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, also when it was nothing."""
    return request.POST if request.method == "POST" else None


def tried(form: Form, verb: Callable[[], Made]) -> Made | None:
    """What a verb made, or None when it refused: then the reason stands at the form, with what was typed."""
    try:
        return verb()
    except ValueError as refusal:
        form.add_error(None, str(refusal))
        return None


def show(request: HttpRequest, template: str, context: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    """Render a page; a form that was filled in wrongly answers 422 with what was typed."""
    return render(request, f"decisions/{template}.html", context, status=422 if wrong else 200)


def attachment(body: bytes, form: str, name: str) -> HttpResponse:
    """A file to keep, never shown inside the site."""
    response = HttpResponse(body, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def crumbs(basis: Basis, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way here: register, matter, basis, page."""
    path = [
        (str(_("Beslut")), reverse("decisions:register")),
        (basis.matter.title, reverse("desk:matter", args=[basis.matter.uid])),
    ]
    if not more:
        return [*path, (str(_("Beslutsunderlag")), "")]
    return [*path, (str(_("Beslutsunderlag")), reverse("decisions:basis", args=[basis.uid])), *more]


def rights(actor: Standing, basis: Basis) -> dict[str, bool]:
    """What the actor may do with a basis, for the buttons of its pages."""
    return {
        "draft": bool(can(actor, "basis.read_draft", basis)),
        "write": bool(can(actor, "basis.write", basis)),
        "review": bool(can(actor, "basis.review", basis)),
        "present": bool(can(actor, "basis.present", basis)),
        "record": bool(basis.current_version and can(actor, "decision.record", basis.matter)),
    }
