# SPDX-License-Identifier: EUPL-1.2
"""What the pages have in common: where one is, and a form for one verb."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing

Crumbs = list[tuple[str, str]]


def entering(request: HttpRequest) -> Standing:
    """The one who asks, when they may be here at all."""
    actor = standing_of(request.user)
    policy.require(actor, "administration.enter")
    return actor


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way here: home, the administration, and ``more``."""
    return [(_("Hem"), reverse("desk:home")), (_("Administration"), reverse("administration:start")), *more]


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Do a verb with what was filled in; what it refuses in words stands at the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except ValueError as error:
        form.add_error(None, str(error))
        return False
    return True


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    way: Crumbs,
    heading: str,
    button: str,
    done: str,
    back: str,
    lead: str = "",
) -> HttpResponse:
    """A page with one form: shows it, does the verb, goes ``back`` with ``done``."""
    if request.method == "POST" and attempt(form, act):
        messages.success(request, done)
        return redirect(back)
    context = {
        "form": form,
        "crumbs": [*way, (heading, "")],
        "heading": heading,
        "button": button,
        "back": back,
        "lead": lead,
    }
    return render(request, "administration/form.html", context, status=422 if form.errors else 200)
