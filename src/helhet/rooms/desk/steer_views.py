# SPDX-License-Identifier: EUPL-1.2
"""Change a matter: words, owners, who may read, ties, parts, files, goals."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helhet.foundation import policy
from helhet.foundation.goals import services as goal_services
from helhet.foundation.goals.models import Tie
from helhet.foundation.matters import files, links, services, thread
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.selectors import numbered, readable
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing
from helhet.rooms.desk import forms as desk_forms
from helhet.rooms.desk.matter_views import matter_of

View = Callable[..., HttpResponse]


def _act(
    request: HttpRequest,
    actor: Standing,
    matter: Matter,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    heading: str,
    button: str,
    done: str,
    quote: str = "",
) -> HttpResponse:
    """Show a form for one verb, run the verb, and come back to the matter; errors stay at the form, with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except services.Sensitive as error:
            form.ask_to_confirm = True
            words = ", ".join(f"”{finding.words}”" for finding in error.findings)
            form.add_error(
                None, _("Ser ut som känsliga uppgifter: %(words)s. Ta bort, eller kryssa för.") % {"words": words}
            )
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("desk:matter", uid=matter.uid)
    if "confirmed" in form.fields and not form.ask_to_confirm:
        form.fields["confirmed"].widget = forms.HiddenInput()
    context = {"form": form, "matter": matter, "heading": heading, "button": button, "quote": quote}
    return render(request, "desk/steer.html", context, status=422 if form.errors else 200)


def _other(actor: Standing, given: str) -> Matter:
    """Another matter by number or address; ValueError in words when there is none to be read."""
    text = given.strip().rstrip("/")
    tail = text.rsplit("/", 1)[-1]
    found = numbered(actor, text)
    if found is None and _is_uuid(tail):
        found = readable(actor).filter(uid=tail).first()
    if found is None:
        raise ValueError(_("Hittar inget ärende ”%(given)s”. Ange nummer eller adress.") % {"given": text[:60]})
    return found


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.edit", matter)
    initial = {"kind": matter.kind, "title": matter.title, "text": matter.text, "place": matter.place}
    form = desk_forms.EditForm(request.POST or None, initial=initial)
    return _act(
        request, actor, matter, form, lambda given: services.edit_matter(by=actor, matter=matter, **given),
        heading=_("Ändra ärendet"), button=_("Spara"), done=_("Ärendet är ändrat."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def owners(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    form = desk_forms.OwnersForm(
        request.POST or None, initial={"owners": [o.organisation_id for o in matter.owners.all()]}
    )
    return _act(
        request, actor, matter, form,
        lambda given: services.set_owners(by=actor, matter=matter, owners=[(o, "") for o in given["owners"]]),
        heading=_("Utse ägare"), button=_("Spara"), done=_("Ägarna är ändrade."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def visibility(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.classify", matter)
    names = ("visibility", "secrecy_paragraph", "released")
    form = desk_forms.VisibilityForm(request.POST or None, initial={name: getattr(matter, name) for name in names})
    return _act(
        request, actor, matter, form, lambda given: services.set_visibility(by=actor, matter=matter, **given),
        heading=_("Vem får läsa?"), button=_("Spara"), done=_("Ändrat vem som får läsa."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    form = desk_forms.MergeForm(request.POST or None, initial={"into": request.GET.get("med", "")})

    def act(given: dict[str, Any]) -> None:
        links.merge(by=actor, source=matter, into=_other(actor, given["into"]))

    return _act(
        request, actor, matter, form, act,
        heading=_("Slå ihop med ett annat ärende"), button=_("Slå ihop"), done=_("Ärendena är sammanförda."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    form = desk_forms.SplitForm(request.POST or None)
    return _act(
        request, actor, matter, form,
        lambda given: links.split(by=actor, matter=matter, parts=[(given["title"], given["text"])]),
        heading=_("Bryt ut en del"), button=_("Bryt ut"), done=_("Delen är nu ett eget ärende."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    form = desk_forms.LinkForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        links.link(by=actor, source=matter, target=_other(actor, given["target"]), type=given["type"])

    return _act(
        request, actor, matter, form, act, heading=_("Knyt ihop ärenden"), button=_("Knyt"), done=_("Ärendena är knutna.")
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def participant(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    form = desk_forms.ParticipantForm(request.POST or None)
    return _act(
        request, actor, matter, form, lambda given: services.add_participant(by=actor, matter=matter, **given),
        heading=_("Lägg till en part"), button=_("Lägg till"), done=_("Parten är tillagd."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def project(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "project.edit", matter)
    kept = getattr(matter, "project", None)
    names = ("starts", "ends", "aim", "results", "lives_on", "taken_over_by")
    form = desk_forms.ProjectForm(request.POST or None, initial={n: getattr(kept, n) for n in names} if kept else {})
    return _act(
        request, actor, matter, form, lambda given: links.describe_project(by=actor, matter=matter, **given),
        heading=_("Projektet"), button=_("Spara"), done=_("Projektet är sparat."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.attach", matter)
    form = desk_forms.FileForm(request.POST or None, request.FILES or None)
    return _act(
        request, actor, matter, form, lambda given: files.attach(by=actor, matter=matter, upload=given["file"]),
        heading=_("Bifoga en fil"), button=_("Bifoga"), done=_("Filen kontrolleras och syns om en liten stund."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def hide_comment(request: HttpRequest, uid: str, pk: int) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    comment = get_object_or_404(matter.comments.all(), pk=pk, hidden_because="")
    form = desk_forms.HideForm(request.POST or None)
    return _act(
        request, actor, matter, form, lambda given: thread.hide_comment(by=actor, comment=comment, **given),
        heading=_("Dölj inlägget"), button=_("Dölj"), done=_("Inlägget är dolt. Den som skrev det får veta varför."),
        quote=comment.text,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def tie_goal(request: HttpRequest, uid: str) -> HttpResponse:
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.tie_goal", matter)
    form = desk_forms.TieForm(request.POST or None)
    return _act(
        request, actor, matter, form, lambda given: goal_services.tie(by=actor, matter=matter, **given),
        heading=_("Knyt till ett mål"), button=_("Knyt"), done=_("Målet är knutet till ärendet."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    actor = standing_of(request.user)
    tie = get_object_or_404(Tie.objects.select_related("matter", "goal"), pk=pk)
    if not policy.can(actor, "matter.read", tie.matter):
        raise Http404
    policy.require(actor, "goal.settle", tie.matter)
    form = desk_forms.SettleForm(request.POST or None)
    return _act(
        request, actor, tie.matter, form, lambda given: goal_services.settle(by=actor, tie=tie, **given),
        heading=_("Avgör krocken med ”%(goal)s”") % {"goal": tie.goal.label}, button=_("Avgör"),
        done=_("Krocken är avgjord."),
    )  # fmt: skip
