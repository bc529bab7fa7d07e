# SPDX-License-Identifier: EUPL-1.2
"""Open a sluice, change it, close it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helhet.foundation import policy
from helhet.foundation.people.selectors import standing_of
from helhet.rooms.sluice import selectors, setup
from helhet.rooms.sluice.forms import NewSluiceForm, SluiceForm
from helhet.rooms.sluice.models import Sluice


@require_http_methods(["GET", "POST"])
def open_sluice(request: HttpRequest) -> HttpResponse:
    """Give a unit or a group a sluice of its own."""
    actor = standing_of(request.user)
    policy.require(actor, "sluice.open")
    form = NewSluiceForm(request.POST or None, organisations=selectors.without_sluice(actor))
    if form.is_valid():
        try:
            sluice = setup.open_sluice(by=actor, **form.cleaned_data)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, sluice, _("Slussen är öppen. Härifrån når du dess kö."))
    heading = _("Öppna en sluss")
    return _page(request, form, {"heading": heading, "button": heading, "free": form.fields["organisation"].queryset})  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def configure(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a sluice's words, promise, own questions and outcomes, or close it."""
    actor = standing_of(request.user)
    sluice = get_object_or_404(Sluice.objects.select_related("organisation"), organisation__slug=slug)
    policy.require(actor, "sluice.configure", sluice)
    form = SluiceForm(request.POST or None, initial=SluiceForm.written(sluice))
    if form.is_valid():
        try:
            setup.configure(by=actor, sluice=sluice, **form.cleaned_data)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, sluice, _("Slussen är ändrad."))
    return _page(request, form, {"heading": _("Ställ in slussen"), "button": _("Spara"), "sluice": sluice})


def _done(request: HttpRequest, sluice: Sluice, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(f"{reverse('sluice:queue')}?sluss={sluice.organisation.slug}")


def _page(request: HttpRequest, form: Any, more: dict[str, Any]) -> HttpResponse:
    return render(request, "sluice/configure.html", {"form": form, **more}, status=422 if form.errors else 200)
