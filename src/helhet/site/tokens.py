# SPDX-License-Identifier: EUPL-1.2
"""A person's own keys to the API: make one, see it once, end it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from helhet.foundation.people.models import ApiToken
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import end_token, make_token


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Vad ska nyckeln användas till?"),
        max_length=80,
        error_messages={"required": _("Skriv vad nyckeln ska användas till, så att du känner igen den sedan.")},
    )
    days = forms.TypedChoiceField(
        label=_("Hur länge ska den gälla?"),
        coerce=int,
        choices=[(30, _("30 dagar")), (90, _("90 dagar")), (365, _("Ett år"))],
        initial=90,
    )
    may_write = forms.BooleanField(
        label=_("Nyckeln får också skriva"),
        required=False,
        help_text=_("Allt som skrivs med nyckeln skrivs i ditt namn och med dina roller."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's keys, and a form for a new one. The new key is in this answer and nowhere else."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = standing_of(request.user)
        made = make_token(by=actor, user=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # logged in
        return _page(request, TokenForm(), made=made)
    return _page(request, form, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key of one's own. Somebody else's is as if it did not exist."""
    kept = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk, user_id=request.user.pk or 0)
    end_token(by=standing_of(request.user), token=kept)
    messages.success(request, _t("Nyckeln gäller inte längre."))
    return redirect("tokens")


def _page(request: HttpRequest, form: TokenForm, *, made: str = "", status: int = 200) -> HttpResponse:
    kept = ApiToken.objects.filter(user_id=request.user.pk or 0).order_by("-id")[:100]
    context: dict[str, Any] = {
        "form": form,
        "made": made,
        "tokens": [(token, token.expires_at <= now()) for token in kept],
    }
    response = render(request, "site/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
