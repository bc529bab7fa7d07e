# SPDX-License-Identifier: EUPL-1.2
"""Write one section: the text, its figures, a preview, and what was typed that should have been picked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import figure
from helhet.foundation.matters.services import Sensitive
from helhet.paper import document as paper
from helhet.paper import html
from helhet.paper.html import Html
from helhet.paper.markdown import blocks
from helhet.rooms.decisions import selectors, services
from helhet.rooms.decisions.forms import SectionForm
from helhet.rooms.decisions.material import runs_for
from helhet.rooms.decisions.models import Basis, BasisText, SectionKey
from helhet.rooms.decisions.references import address, normalised, token, tokens, typed_numbers
from helhet.rooms.decisions.runs import described, with_addresses
from helhet.rooms.decisions.shown import label_of, origin, value_text
from helhet.rooms.decisions.views.asking import actor_of, basis_or_404, crumbs, language_of, sent, show


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """The form of one section in one language. Three buttons: save, preview, and one for each figure to insert."""
    found = basis_or_404(request, uid, "basis.write")
    if key not in SectionKey.values:
        raise Http404
    language = language_of(request)
    kept = found.texts.filter(section=key, language=language).first()
    form = SectionForm(sent(request), initial=_initial(kept))
    if request.method == "POST" and ("insert" in request.POST or "preview" in request.POST):
        return _again(request, found, key, language, kept)
    if request.method == "POST" and form.is_valid() and _saved(request, form, found, key, language):
        return redirect(f"{reverse('decisions:section', args=[found.uid, key])}?lang={language}")
    return show(request, "section", _context(found, key, language, form, kept), wrong=request.method == "POST")


def _initial(kept: BasisText | None) -> dict[str, Any]:
    return {"text": kept.text if kept else "", "revision": kept.revision if kept else 0}


def _saved(request: HttpRequest, form: SectionForm, found: Basis, key: str, language: str) -> bool:
    """Save; what stands in the way is said at the text."""
    try:
        services.write_section(
            by=actor_of(request),
            basis=found,
            section=key,
            language=language,
            text=form.cleaned_data["text"],
            seen_revision=form.cleaned_data["revision"],
            confirmed=form.cleaned_data["confirmed"],
        )
    except services.Overtaken as conflict:
        form.add_error("text", str(conflict))
        form.theirs = conflict.theirs  # type: ignore[attr-defined]  # shown beside what was typed
        form.data = {**form.data.dict(), "revision": str(conflict.theirs.revision)}  # type: ignore[attr-defined]
        return False
    except (Sensitive, ValueError) as refusal:
        form.add_error("text", str(refusal))
        return False
    messages.success(request, _("Delen är sparad."))
    return True


def _again(request: HttpRequest, found: Basis, key: str, language: str, kept: BasisText | None) -> HttpResponse:
    """The same form with what was typed: with a figure put in, or with a preview. Nothing is saved."""
    text = request.POST.get("text", "").replace("\r\n", "\n")[: services.MAX_TEXT]
    if wanted := request.POST.get("insert", ""):
        text = f"{text.rstrip()} {_token(found, wanted)}".strip()
    form = SectionForm(initial={"text": text, "revision": request.POST.get("revision") or 0})
    context = _context(found, key, language, form, kept)
    context |= {"preview": preview(found, key, text, language), "is_unsaved": True, "typed": typed_numbers(text)}
    return show(request, "section", context)


def _token(found: Basis, wanted: str) -> str:
    uid, _sep, key = wanted.partition("#")
    for run_uid, known in tokens(f"{{{{figure:{uid}#{key}}}}}"):
        run = Run.objects.filter(runs_for(found), uid=run_uid).first()
        if run is not None and known in run.figures:
            return token(run, known)
    return ""


def _context(found: Basis, key: str, language: str, form: SectionForm, kept: BasisText | None) -> dict[str, Any]:
    text = kept.text if kept else ""
    here = reverse("decisions:section", args=[found.uid, key])
    return {
        "basis": found,
        "key": key,
        "label": SectionKey(key).label,
        "language": language,
        "form": form,
        "kept": kept,
        "other": found.texts.filter(section=key).exclude(language=language).first() if language != "sv" else None,
        "picker": picker(found, language),
        "preview": preview(found, key, text, language) if text else "",
        "typed": typed_numbers(text),
        "tabs": [
            {"label": label, "url": f"{here}?lang={code}", "current": code == language}
            for code, label in (("sv", "Svenska"), ("en", "English"))
        ],
        "crumbs": crumbs(
            found, (_("Redigera"), reverse("decisions:edit", args=[found.uid])), (str(SectionKey(key).label), "")
        ),
    }


def picker(found: Basis, language: str) -> list[dict[str, Any]]:
    """What can be inserted: for each run its figures with value, and the token that stands for each."""
    return [
        {
            "run": one.run,
            "words": described(one.run),
            "figures": [
                {
                    "value": f"{one.run.uid}#{kept.key}",
                    "token": token(one.run, kept.key),
                    "label": label_of(kept, "en" if get_language() == "en" else "sv"),
                    "shown": value_text(kept, language),
                }
                for kept in one.figures
            ],
        }
        for one in selectors.offered(found)
    ]


def preview(found: Basis, key: str, text: str, language: str) -> Html | str:
    """The section as readers will meet it, with figures that open; nothing of it is saved."""
    wanted = tokens(text)
    runs = {str(run.uid): run for run in Run.objects.filter(runs_for(found), uid__in={uid for uid, _k in wanted})}
    origins = {}
    for uid, name in wanted:
        if uid in runs and name in runs[uid].figures:
            origins[address(uid, name)] = origin(runs[uid], figure(runs[uid], name), language)
    made = tuple(blocks(normalised(text), origins))
    if not made:
        return ""
    used = {one.key for one in paper.figures(made)}
    document = paper.Document(
        title=found.title,
        sections=(paper.Section("forhandsvisning", str(SectionKey(key).label), made),),
        language=language,
        origins=tuple(one for one in origins.values() if one.key in used),
    )
    document = with_addresses(document)
    return Html(html.article(document, prefix="f-") + html.lineage(document, prefix="f-"))
