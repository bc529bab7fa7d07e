# SPDX-License-Identifier: EUPL-1.2
"""Read a basis: the draft, its presented versions, what differs between them, and the files."""

from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helhet.foundation.people.services import throttle
from helhet.foundation.policy import can, require
from helhet.paper import html
from helhet.paper.document import Document
from helhet.rooms.decisions.difference import difference
from helhet.rooms.decisions.document import build, build_from
from helhet.rooms.decisions.material import gather
from helhet.rooms.decisions.models import Basis, Decision, State, Version
from helhet.rooms.decisions.presenting import RENDERERS, document_of
from helhet.rooms.decisions.runs import newer, with_addresses
from helhet.rooms.decisions.views.asking import (
    actor_of,
    attachment,
    basis_or_404,
    crumbs,
    language_of,
    rights,
    show,
    version_asked,
    version_or_404,
)
from helhet.rooms.decisions.wholeness import Tampered, in_words, rendered

#: So many drafts as files for one person in so many seconds: each is set from the beginning.
DRAFT_FILES = (20, 600)


@require_safe
def basis(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The basis as the reader should meet it: the draft for those who work on it, else what was presented last."""
    found = basis_or_404(request, uid)
    draft = found.state != State.PRESENTED and can(actor_of(request), "basis.read_draft", found)
    if draft or not found.current_version:
        return redirect("decisions:draft", uid=found.uid)
    return _page(request, found, version_or_404(found))


@require_safe
def draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The working text, for those inside."""
    return _page(request, basis_or_404(request, uid, "basis.read_draft"), None)


@require_safe
def version(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """One presented version."""
    found = basis_or_404(request, uid)
    return _page(request, found, version_or_404(found, number))


def _page(request: HttpRequest, found: Basis, shown: Version | None) -> HttpResponse:
    language = language_of(request)
    if shown is not None:
        document, used = document_of(shown, language), [run["uid"] for run in shown.runs]
    else:
        material = gather(found)
        document, used = build_from(material, language), list(material.runs)
    document = with_addresses(document)
    decisions = list(
        Decision.objects.filter(version__basis=found, corrected_by=None)
        .select_related("body", "version")
        .defer("version__documents", "version__runs", "version__files")
        .order_by("-id")
    )
    context = {
        "basis": found,
        "version": shown,
        "decisions": decisions,
        "is_decided": any(one.version_id == getattr(shown, "pk", None) for one in decisions),
        "may_be_decided": not decisions or getattr(shown, "number", 0) == found.current_version,
        "latest": found.current_version,
        "document": document,
        "newer": newer(found, used),
        "language": language,
        "article": html.article(document),
        "contents": html.contents(document),
        "facts": html.facts(document),
        "lineage": html.lineage(document),
        "rights": rights(actor_of(request), found),
        "crumbs": crumbs(found),
        "is_assumed": any("antagande" in f.value or "assumption" in f.value for o in document.origins for f in o.facts),
    }
    return show(request, "basis", context)


@require_safe
def versions(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every presented version, what the latest daily check of each found, and what changed from one to the next."""
    found = basis_or_404(request, uid)
    standing = Decision.objects.filter(corrected_by=None).select_related("body")
    rows = found.versions.prefetch_related("renderings", Prefetch("decisions", standing))
    shown = [{"version": one, "faults": in_words(one.broken), "decisions": one.decisions.all()} for one in rows]
    context = {
        "basis": found,
        "versions": shown,
        "rights": rights(actor_of(request), found),
        "crumbs": crumbs(found, (_("Versioner"), "")),
    }
    return show(request, "versions", context)


@require_safe
def compare(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """What a version changed against the one before it."""
    found = basis_or_404(request, uid)
    new, old = version_or_404(found, number), version_or_404(found, number - 1)
    language = language_of(request)
    context = {
        "basis": found,
        "new": new,
        "old": old,
        "changes": difference(document_of(old, language), document_of(new, language)),
        "crumbs": crumbs(found, (_("Skillnad"), "")),
    }
    return show(request, "compare", context)


@require_safe
def download(request: HttpRequest, uid: UUID, form: str) -> HttpResponse:
    """PDF or DOCX: of a version as it was made when presented, or of the draft as it stands."""
    found = basis_or_404(request, uid)
    if form not in RENDERERS:
        raise Http404
    language, asked = language_of(request), request.GET.get("version", "")
    if asked == "utkast":
        actor = actor_of(request)
        require(actor, "basis.read_draft", found)
        throttle(f"draft-file:{actor.actor_key}", limit=DRAFT_FILES[0], per_s=DRAFT_FILES[1])
        document: Document = build(found, language)
        name = f"{slugify(document.title)[:60]}-{_('utkast')}-{language}"
        return attachment(RENDERERS[form](document), form, name)
    kept = version_or_404(found, version_asked(request))
    try:
        body = rendered(kept, language, form)
    except Tampered as refusal:
        context = {"heading": _("Filen lämnas inte ut"), "explanation": str(refusal)}
        return render(request, "look/page_error.html", context, status=409)
    return attachment(body, form, f"{slugify(found.title)[:60]}-{kept.number}-{language}")
