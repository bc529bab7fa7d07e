# SPDX-License-Identifier: EUPL-1.2
"""Save a scenario, keep a run in a matter: one small page each, and what was typed is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from helhet.core.book import BookError
from helhet.foundation import policy
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import can
from helhet.rooms.calculations import inputs, library, params, selectors, services
from helhet.rooms.calculations.figures import keep as keep_figures
from helhet.rooms.calculations.views.play import calculating


class ScenarioForm(forms.Form):
    """A name, and whether others may see it."""

    name = forms.CharField(label=gettext_lazy("Vad heter scenariot?"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("På engelska"), max_length=80, required=False)
    shared = forms.BooleanField(label=gettext_lazy("Visa det för alla som får läsa kalkylen"), required=False)


class KeepForm(forms.Form):
    """Which matter, and what the run is called there."""

    matter = forms.ChoiceField(label=gettext_lazy("Spara i vilket ärende?"))
    title = forms.CharField(label=gettext_lazy("Vad ska körningen heta?"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("På engelska"), max_length=200, required=False)

    def __init__(self, *args: Any, matters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].choices = matters  # type: ignore[attr-defined]  # a choice field


def _asked(request: HttpRequest, slug: str) -> tuple[Any, Any, Any, params.Asked]:
    actor = standing_of(request.user)
    row = selectors.get_book(actor, slug)
    book = library.parsed(row)
    wanted = request.GET.get("sparat", "")
    saved = selectors.get_scenario(actor, row, wanted) if wanted else None
    return actor, row, book, params.read(request.GET, book, saved)


@require_http_methods(["GET", "POST"])
@calculating
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save the changed assumptions under a name; the assumptions themselves stand in the address."""
    actor, row, book, asked = _asked(request, slug)
    policy.require(actor, "calculation.save_scenario", row)
    back = reverse("calculations:book", args=[slug]) + asked.query()
    if not asked.ok:
        return redirect(reverse("calculations:book", args=[slug]) + "?" + request.GET.urlencode())
    form = ScenarioForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_scenario(
                by=actor,
                book=row,
                name=form.cleaned_data["name"],
                name_en=form.cleaned_data["name_en"],
                shared=form.cleaned_data["shared"],
                on=asked.position.scenario,
                options=dict(asked.position.options),
                overlay=dict(asked.position.changes),
            )
        except ValueError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Scenariot är sparat."))
            return redirect(reverse("calculations:book", args=[slug]) + f"?sparat={saved.uid}")
    context = {
        "form": form,
        "book": row,
        "back": back,
        "changed": inputs.changed_list(book, asked),
        "action": request.get_full_path(),
        "crumbs": _crumbs(row, back, _("Spara scenario")),
    }
    return render(request, "calculations/save.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@calculating
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the run in a matter, for decision bases and for those who come later."""
    actor, row, book, asked = _asked(request, slug)
    policy.require(actor, "calculation.keep", row)
    back = reverse("calculations:book", args=[slug]) + asked.query()
    if not asked.ok:
        return redirect(reverse("calculations:book", args=[slug]) + "?" + request.GET.urlencode())
    matters = {str(m.uid): m for m in selectors.readable_matters(actor, row) if can(actor, "figure.keep_run", m)}
    form = KeepForm(
        request.POST or None,
        matters=[(uid, m.title) for uid, m in matters.items()],
        initial={"matter": asked.matter, **_titles(row, book, asked)},
    )
    if request.method == "POST" and form.is_valid():
        matter = matters[form.cleaned_data["matter"]]
        try:
            names = {name: form.cleaned_data[name] for name in ("title", "title_en")}
            keep_figures(by=actor, book=row, matter=matter, position=asked.position, **names)
        except BookError as error:
            form.add_error(None, error.problems[0].message(actor.language))
        else:
            messages.success(request, _("Körningen är sparad i ärendet."))
            return redirect("desk:matter", uid=matter.uid)
    context = {
        "form": form,
        "book": row,
        "back": back,
        "has_matters": bool(matters),
        "changed": inputs.changed_list(book, asked),
        "action": request.get_full_path(),
        "crumbs": _crumbs(row, back, _("Spara körning")),
    }
    return render(request, "calculations/keep.html", context, status=422 if form.errors else 200)


def _titles(row: Any, book: Any, asked: params.Asked) -> dict[str, str]:
    """What a run may be called: the book, and the scenario where there is one. English only when both have it."""
    label = book.scenarios[asked.position.scenario].label if asked.position.scenario else None
    sv = asked.saved.name_sv if asked.saved else label.sv if label else ""
    en = asked.saved.name_en if asked.saved else label.en if label else ""
    both = row.title_en and (en or not sv)
    return {
        "title": f"{row.title_sv}: {sv}"[:200] if sv else row.title_sv,
        "title_en": (f"{row.title_en}: {en}"[:200] if en else row.title_en) if both else "",
    }


@require_POST
@calculating
def remove(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Take away one's own scenario."""
    actor = standing_of(request.user)
    row = selectors.get_book(actor, slug)
    scenario = selectors.get_scenario(actor, row, str(uid))
    if scenario is None:
        raise Http404
    services.remove_scenario(by=actor, scenario=scenario)
    messages.success(request, _("Scenariot är borttaget."))
    return redirect("calculations:book", slug=slug)


def _crumbs(row: Any, back: str, last: str) -> list[tuple[str, str]]:
    return [(_("Kalkyler"), reverse("calculations:books")), (row.title, back), (last, "")]
