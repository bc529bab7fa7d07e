# SPDX-License-Identifier: EUPL-1.2
"""Write a basis: its head, its sections, its alternatives, its figures and its lists."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helhet.foundation.figures.models import Run
from helhet.foundation.matters.models import File, Matter
from helhet.foundation.matters.selectors import get_matter
from helhet.foundation.policy import require
from helhet.rooms.decisions import selectors, services
from helhet.rooms.decisions.forms import ROW_FORMS, AlternativeForm, FigureForm, HeadForm, StartForm
from helhet.rooms.decisions.material import gather, runs_for
from helhet.rooms.decisions.models import Alternative, Basis, Part, SectionKey
from helhet.rooms.decisions.presenting import readiness
from helhet.rooms.decisions.references import without_tokens
from helhet.rooms.decisions.runs import described, newer
from helhet.rooms.decisions.views.asking import actor_of, basis_or_404, crumbs, rights, sent, show, tried

ROW_TITLES = {
    "unvalued": gettext_lazy("Det ingen har kunnat värdera"),
    "affected": gettext_lazy("Vilka som berörs och är hörda"),
    "remarks": gettext_lazy("Vem syns inte?"),
}


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Start a basis on a matter."""
    actor = actor_of(request)
    try:
        found = get_matter(actor, str(matter))
    except Matter.DoesNotExist:
        raise Http404 from None
    require(actor, "basis.start", found)
    form = StartForm(sent(request), initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: services.start_basis(by=actor, matter=found, **form.values))
        if made is not None:
            messages.success(request, _("Underlaget är påbörjat. Börja med frågan."))
            return redirect("decisions:edit", uid=made.uid)
    return show(request, "start", {"form": form, "matter": found}, wrong=request.method == "POST")


@require_safe
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything that can be written, how far it has come and what is missing."""
    found = basis_or_404(request, uid, "basis.write")
    material = gather(found)
    sections = [
        {
            "key": key.value,
            "label": key.label,
            "sv": material.texts.get((key.value, "sv")),
            "en": material.texts.get((key.value, "en")),
            "glimpse": without_tokens(material.texts[key.value, "sv"].text)
            if (key.value, "sv") in material.texts
            else "",
        }
        for key in SectionKey
    ]
    context = {
        "basis": found,
        "sections": sections,
        "material": material,
        "readiness": readiness(material),
        "newer": newer(found, material.runs),
        "rights": rights(actor_of(request), found),
        "crumbs": crumbs(found, (_("Redigera"), "")),
    }
    return show(request, "edit", context)


@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Title, body, day and attachments."""
    found = basis_or_404(request, uid, "basis.write")
    initial = {
        name: getattr(found, name)
        for name in ("title", "title_en", "body", "planned_on", "written_by", "nothing_unvalued")
    }
    initial["attachments"] = list(found.files.all())
    files = found.matter.files.filter(state=File.State.OK).order_by("id")
    form = HeadForm(sent(request), files=files, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.values
        attached = values.pop("attachments", [])
        actor = actor_of(request)
        if tried(form, lambda: services.describe_basis(by=actor, basis=found, files=attached, **values)):
            messages.success(request, _("Sparat."))
            return redirect("decisions:edit", uid=found.uid)
    return _form_page(request, found, form, _("Rubrik, beslutsorgan och bilagor"))


def _form_page(request: HttpRequest, found: Basis, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {
        "basis": found,
        "form": form,
        "title": title,
        "draft_key": f"decisions-{found.uid}-{request.resolver_match.url_name if request.resolver_match else ''}",
        "crumbs": crumbs(found, (_("Redigera"), reverse("decisions:edit", args=[found.uid])), (title, "")),
        **more,
    }
    return show(request, more.get("template", "form"), context, wrong=request.method == "POST")


@require_http_methods(["GET", "POST"])
def alternatives(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The alternatives, with one form to add or change."""
    found = basis_or_404(request, uid, "basis.write")
    rows = list(found.alternatives.select_related("run"))
    chosen = _row_asked(request, rows)
    for one in rows:
        one.run_words = described(one.run) if one.run else ""  # type: ignore[attr-defined]  # read by the template
    runs = [(str(run.uid), described(run)) for run in Run.objects.filter(runs_for(found)).order_by("-id")[:50]]
    form = AlternativeForm(sent(request), runs=runs, initial=_alternative_values(chosen))
    if request.method == "POST" and form.is_valid():
        values = form.values
        uid_of_run = values.pop("run")
        run = Run.objects.filter(runs_for(found), uid=uid_of_run).first() if uid_of_run else None
        words = {"by": actor_of(request), "basis": found, "alternative": chosen, "run": run, **values}
        if tried(form, lambda: services.set_alternative(**words)):
            messages.success(request, _("Alternativet är sparat."))
            return redirect("decisions:alternatives", uid=found.uid)
    more = {"rows": rows, "chosen": chosen, "template": "alternatives", "material": gather(found)}
    return _form_page(request, found, form, _("Alternativen"), **more)


def _alternative_values(one: Alternative | None) -> dict[str, Any]:
    if one is None:
        return {}
    names = ("name", "name_en", "text", "text_en", "reversible", "reversible_en", "is_recommended")
    return {**{name: getattr(one, name) for name in names}, "run": str(one.run.uid) if one.run else ""}


def _row_asked(request: HttpRequest, rows: list[Any]) -> Any:
    asked = request.GET.get("rad", "")
    return next((row for row in rows if str(row.pk) == asked), None)


@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which figures the document's tables show."""
    found = basis_or_404(request, uid, "basis.write")
    offered = selectors.offered(found)
    form = FigureForm(sent(request), figures=_figure_choices(offered))
    if request.method == "POST" and form.is_valid():
        uid_of_run, _sep, key = form.cleaned_data["figure"].partition("#")
        run = Run.objects.filter(runs_for(found), uid=uid_of_run).first() if uid_of_run else None
        actor, part = actor_of(request), form.cleaned_data["part"]
        if tried(form, lambda: services.choose_figure(by=actor, basis=found, part=part, key=key, run=run)):
            messages.success(request, _("Siffran visas nu i underlaget."))
            return redirect("decisions:figures", uid=found.uid)
    rows = gather(found).chosen
    for row in rows:
        row.run_words = described(row.run) if row.run else _("Ur förslagets körning")  # type: ignore[attr-defined]
    chosen = [(row, selectors.words_for(row, offered)) for row in rows]
    parts = [{"label": part.label, "rows": [pair for pair in chosen if pair[0].part == part.value]} for part in Part]
    more = {"parts": parts, "template": "figures", "has_runs": bool(form.fields["figure"].choices[1:])}  # type: ignore[attr-defined]
    return _form_page(request, found, form, _("Siffrorna i tabellerna"), **more)


def _figure_choices(offered: Sequence[selectors.Offered]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices: figures of the proposal's run whatever run that is, then of each run by itself."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    if offered:
        newest = offered[0]
        shared = [(f"#{pattern}", label) for pattern, label, _count in newest.families]
        shared += [(f"#{one.key}", one.label) for one in newest.figures]
        groups.append((_("Ur förslagets körning"), shared))
    for one in offered:
        rows = [(f"{one.run.uid}#{pattern}", label) for pattern, label, _count in one.families]
        rows += [(f"{one.run.uid}#{kept.key}", kept.label) for kept in one.figures]
        groups.append((described(one.run), rows))
    return groups


@require_http_methods(["GET", "POST"])
def rows(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """One of the lists: what is not valued, who is affected, who is not seen."""
    found = basis_or_404(request, uid, "basis.write")
    if kind not in ROW_FORMS:
        raise Http404
    model, names = services.ROWS[kind]
    kept = list(model._default_manager.filter(basis=found))
    chosen = _row_asked(request, kept)
    initial = {name: getattr(chosen, name) for name in names} if chosen else {}
    form = ROW_FORMS[kind](sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        actor = actor_of(request)
        if tried(form, lambda: services.set_row(by=actor, basis=found, kind=kind, row=chosen, **values)):
            messages.success(request, _("Sparat."))
            return redirect("decisions:rows", uid=found.uid, kind=kind)
    more = {"rows": kept, "kind": kind, "chosen": chosen, "template": "rows"}
    return _form_page(request, found, form, str(ROW_TITLES[kind]), **more)


@require_POST
def remove(request: HttpRequest, uid: UUID, kind: str, pk: int) -> HttpResponse:
    """Take a row out of the draft."""
    found = basis_or_404(request, uid, "basis.write")
    managers: dict[str, Any] = {"alternatives": found.alternatives, "figures": found.chosen}
    managers |= {name: model._default_manager.filter(basis=found) for name, (model, _f) in services.ROWS.items()}
    if kind not in managers:
        raise Http404
    row = managers[kind].filter(pk=pk).first()
    if row is None:
        raise Http404
    try:
        services.remove_row(by=actor_of(request), basis=found, row=row)
    except ValueError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Borttaget ur utkastet."))
    if kind in ("alternatives", "figures"):
        return redirect(f"decisions:{kind}", uid=found.uid)
    return redirect("decisions:rows", uid=found.uid, kind=kind)


@require_POST
def change_run(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change from one run to a newer of the same calculation, everywhere in the draft."""
    found = basis_or_404(request, uid, "basis.write")
    wanted = [request.POST.get(name, "")[:36] for name in ("old", "new")]
    try:
        runs = {str(run.uid): run for run in Run.objects.filter(runs_for(found), uid__in=wanted)}
    except ValidationError:
        raise Http404 from None
    if len(runs) < len(wanted):
        raise Http404
    old, new = (runs[one] for one in wanted)
    try:
        services.change_run(by=actor_of(request), basis=found, old=old, new=new)
    except ValueError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Underlaget visar nu den nyare körningen."))
    return redirect("decisions:draft", uid=found.uid)
