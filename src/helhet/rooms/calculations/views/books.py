# SPDX-License-Identifier: EUPL-1.2
"""All calculations, their source, and a place to change it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helhet.core.book import Problem
from helhet.core.book.limits import FILE_CHARS
from helhet.foundation import policy
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import can
from helhet.rooms.calculations import listing, selectors, services
from helhet.rooms.calculations.models import Book
from helhet.rooms.calculations.openness import Unfit
from helhet.rooms.calculations.shown import language
from helhet.rooms.calculations.views.play import calculating, who


class BookForm(forms.Form):
    """A book's source, and a word on what changed."""

    text = forms.CharField(
        label=gettext_lazy("Kalkylen som text (TOML)"), max_length=FILE_CHARS, strip=False, widget=forms.Textarea
    )
    note = forms.CharField(label=gettext_lazy("Vad har ändrats?"), max_length=300, required=False)


class NewBookForm(BookForm):
    """The same with a name of its own."""

    name = forms.CharField(
        label=gettext_lazy("Namn i biblioteket"),
        help_text=gettext_lazy("Bokstäver utan prickar, siffror och bindestreck, till exempel nya-skolan."),
        max_length=70,
    )
    field_order = ["name", "text", "note"]

    def clean_name(self) -> str:
        name = slugify(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Skriv ett namn med bokstäver eller siffror."))
        return name


@require_GET
@calculating
def listed(request: HttpRequest) -> HttpResponse:
    """Every calculation one may read, what they bring together, and what they share."""
    actor = standing_of(request.user)
    policy.require(actor, "calculation.read", None)
    state, text = request.GET.get("lage", "")[:20], request.GET.get("q", "").strip()[:100]
    after = request.GET.get("efter", "")[:300]
    rows, older = selectors.book_page(actor, after=after, state=state, text=text)
    context = {
        "rows": listing.rows(actor, rows),
        "older": older,
        "first": not after,
        "whole": listing.whole(actor, who(request, actor)) if not after and not text and not state else None,
        "shared": selectors.shared_books(actor),
        "filters": {"state": state, "text": text},
        "states": Book.State.choices,
        "may_edit": can(actor, "calculation.edit", None),
    }
    return render(request, "calculations/books.html", context)


@require_GET
@calculating
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """The book as it is written, as a file."""
    row = selectors.get_book(standing_of(request.user), slug)
    answer = HttpResponse(row.text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.slug}.toml"'
    return answer


@require_http_methods(["GET", "POST"])
@calculating
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the source; what the checks find is said in plain words with its line, and what was typed is kept."""
    actor = standing_of(request.user)
    row = selectors.get_book(actor, slug)
    policy.require(actor, "calculation.edit", row)
    form = BookForm(request.POST or None, initial={"text": row.text})
    problems: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            text = form.cleaned_data["text"].replace("\r\n", "\n")
            changed = services.update_book(by=actor, book=row, text=text, note=form.cleaned_data["note"])
        except services.Refused as refused:
            problems = told(refused.problems)
        except Unfit as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("Sparad som version %(n)d.") % {"n": changed.version})
            return redirect("calculations:book", slug=slug)
    return _source_page(request, form, problems, row)


@require_http_methods(["GET", "POST"])
@calculating
def add(request: HttpRequest) -> HttpResponse:
    """A new book, written as text; it begins as a draft."""
    actor = standing_of(request.user)
    policy.require(actor, "calculation.edit", None)
    form = NewBookForm(request.POST or None)
    problems: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        name, text = form.cleaned_data["name"], form.cleaned_data["text"].replace("\r\n", "\n")
        try:
            made = services.add_book(
                by=actor, path=f"{name}.toml", slug=name, text=text, note=form.cleaned_data["note"]
            )
        except services.Refused as refused:
            problems = told(refused.problems)
        except Unfit as error:
            form.add_error("text", str(error))
        except ValueError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Kalkylen är sparad som utkast."))
            return redirect("calculations:book", slug=made.slug)
    return _source_page(request, form, problems, None)


@require_POST
@calculating
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """Approve a book, or make it a draft again."""
    actor = standing_of(request.user)
    row = selectors.get_book(actor, slug)
    wanted = Book.State.APPROVED if request.POST.get("state") == Book.State.APPROVED else Book.State.DRAFT
    services.set_state(by=actor, book=row, state=wanted)
    messages.success(
        request, _("Kalkylen är godkänd.") if wanted == Book.State.APPROVED else _("Kalkylen är ett utkast.")
    )
    return redirect("calculations:book", slug=slug)


def told(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    """What the checks found: where, what, how to mend it."""
    lang = language()
    return [
        {
            "line": problem.place.line,
            "quantity": problem.place.quantity,
            "message": problem.message(lang),
            "suggestion": problem.suggestion(lang),
        }
        for problem in problems[:50]
    ]


def _source_page(
    request: HttpRequest, form: forms.Form, problems: list[dict[str, Any]], row: Book | None
) -> HttpResponse:
    crumbs = [(_("Kalkyler"), reverse("calculations:books"))]
    if row is not None:
        crumbs.append((row.title, reverse("calculations:book", args=[row.slug])))
    context = {
        "form": form,
        "problems": problems,
        "book": row,
        "versions": row.versions.defer("text")[:20] if row else (),
        "crumbs": [*crumbs, (_("Ändra som text") if row else _("Ny kalkyl"), "")],
    }
    return render(request, "calculations/source.html", context, status=422 if problems or form.errors else 200)
