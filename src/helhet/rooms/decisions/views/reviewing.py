# SPDX-License-Identifier: EUPL-1.2
"""Review a draft paragraph by paragraph."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helhet.foundation.policy import can
from helhet.paper import html
from helhet.paper.document import Document
from helhet.paper.sources import with_sources
from helhet.rooms.decisions import services
from helhet.rooms.decisions.difference import plain_of
from helhet.rooms.decisions.document import build
from helhet.rooms.decisions.forms import RemarkOnParagraphForm, ResolveForm
from helhet.rooms.decisions.models import Basis, ReviewComment
from helhet.rooms.decisions.runs import with_addresses
from helhet.rooms.decisions.views.asking import actor_of, basis_or_404, crumbs, language_of, rights, sent, show, tried


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The draft with remarks at its paragraphs, and one open form where the reader has asked for it."""
    action = "basis.review" if request.method == "POST" else "basis.read_draft"
    found = basis_or_404(request, uid, action)
    language = language_of(request)
    document = with_addresses(with_sources(build(found, language)))
    places = places_of(document)
    form = RemarkOnParagraphForm(sent(request), initial={"place": request.GET.get("stycke", "")})
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["place"]
        if place not in places:
            form.add_error(None, _("Stycket finns inte längre. Läs om sidan och försök igen."))
        else:
            words = {"paragraph_text": places[place], "text": form.cleaned_data["text"], "language": language}
            section, paragraph = split_place(place)
            where: dict[str, Any] = {"basis": found, "section": section, "paragraph": paragraph}
            if tried(form, lambda: services.comment_paragraph(by=actor_of(request), **where, **words)):
                messages.success(request, _("Anmärkningen är sparad."))
                return redirect(f"{reverse('decisions:review', args=[found.uid])}?lang={language}#k-{place}")
    return _review_page(request, found, document, places, form, language)


def _review_page(
    request: HttpRequest,
    found: Basis,
    document: Document,
    places: Mapping[str, str],
    form: RemarkOnParagraphForm,
    language: str,
    answering: tuple[int, ResolveForm] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    comments = list(found.comments.select_related("basis").order_by("id"))
    for comment in comments:
        bound = answering is not None and answering[0] == comment.pk
        comment.answer = answering[1] if bound else ResolveForm(comment=comment.pk)  # type: ignore[attr-defined, index]
    at, adrift = placed(comments, places)
    may_review = bool(can(actor, "basis.review", found))
    open_place = (form.data.get("place") if form.is_bound else request.GET.get("stycke", "")) or ""
    may_write = bool(can(actor, "basis.write", found))

    def after(place: str) -> str:
        shown = {
            "place": place,
            "comments": at.get(place, ()),
            "form": form if place == open_place and may_review else None,
            "may_review": may_review,
            "may_write": may_write,
            "actor": actor,
            "basis": found,
            "language": language,
        }
        return render_to_string("decisions/remarks_at.html", shown, request=request)

    context = {
        "basis": found,
        "article": html.article(document, after_block=after),
        "contents": html.contents(document),
        "lineage": html.lineage(document),
        "adrift": adrift,
        "open_count": sum(comment.resolved_at is None for comment in comments),
        "comments": comments,
        "rights": rights(actor, found),
        "language": language,
        "form": form,
        "crumbs": crumbs(found, (_("Granska"), "")),
    }
    return show(request, "review", context, wrong=request.method == "POST")


def places_of(document: Document) -> dict[str, str]:
    """The words at each place of a document: «fraga-2» is the second block of the section fraga."""
    return {
        f"{section.id}-{index}": plain_of(block, document)
        for section in document.sections
        for index, block in enumerate(section.blocks, start=1)
    }


def split_place(place: str) -> tuple[str, int]:
    section, _sep, number = place.rpartition("-")
    return section, int(number)


def placed(
    comments: list[ReviewComment], places: Mapping[str, str]
) -> tuple[dict[str, list[ReviewComment]], list[ReviewComment]]:
    """Remarks by place, and those whose paragraph is gone.

    A remark follows its paragraph when that has moved within the section; when the paragraph says something else now,
    the remark stays at its number and is marked as written for older words.
    """
    hashes = {place: services.text_hash(words) for place, words in places.items()}
    at: dict[str, list[ReviewComment]] = {}
    adrift = []
    for comment in comments:
        place = f"{comment.section}-{comment.paragraph}"
        moved = next(
            (p for p, h in hashes.items() if h == comment.text_hash and split_place(p)[0] == comment.section), None
        )
        same = hashes.get(place) == comment.text_hash
        comment.is_outdated = not same and moved is None  # type: ignore[attr-defined]  # read by the template
        where = place if same or moved is None else moved
        if where in places:
            at.setdefault(where, []).append(comment)
        else:
            adrift.append(comment)
    return at, adrift


@require_POST
def resolve(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Say what a remark led to."""
    found = basis_or_404(request, uid, "basis.read_draft")
    comment = found.comments.select_related("basis").filter(pk=pk).first()
    if comment is None:
        raise Http404
    comment.basis = found
    form = ResolveForm(request.POST, comment=comment.pk)
    verb = partial(services.resolve_comment, by=actor_of(request), comment=comment)
    if form.is_valid() and tried(form, lambda: verb(**form.values)) is not None:
        messages.success(request, _("Anmärkningen är avslutad."))
        where = f"#k-{comment.section}-{comment.paragraph}"
        return redirect(f"{reverse('decisions:review', args=[found.uid])}?lang={comment.language}{where}")
    document = with_addresses(with_sources(build(found, comment.language)))
    blank = RemarkOnParagraphForm()
    return _review_page(request, found, document, places_of(document), blank, comment.language, (comment.pk, form))


@require_POST
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send the draft to review."""
    found = basis_or_404(request, uid, "basis.write")
    try:
        services.send_to_review(by=actor_of(request), basis=found)
    except ValueError as refusal:
        messages.error(request, str(refusal))
        return redirect("decisions:edit", uid=found.uid)
    messages.success(request, _("Underlaget är på granskning. De som ska läsa det ser det på sin startsida."))
    return redirect("decisions:review", uid=found.uid)
