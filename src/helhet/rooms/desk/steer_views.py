# SPDX-License-Identifier: EUPL-1.2
"""Change a matter: words, owners, who may read, ties, parts, files, goals. Each verb is a row of a table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from helhet.foundation import policy
from helhet.foundation.goals import services as goal_services
from helhet.foundation.goals.models import Tie
from helhet.foundation.matters import files, links, services, thread
from helhet.foundation.matters.models import Matter, Participant
from helhet.foundation.matters.selectors import numbered, readable
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing
from helhet.rooms.desk import forms as desk_forms
from helhet.rooms.desk.matter_views import matter_of

Given = dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """One thing to do to a matter: what policy is asked, the form, the words, and the service that does it.

    ``initial`` says what the form shows to begin with; ``aside`` names a template that stands below the form.
    """

    action: str
    form: type[forms.Form]
    heading: Promise
    button: Promise
    done: Promise
    act: Callable[[Standing, Matter, Given], Any]
    initial: Callable[[Matter], Given] = lambda matter: {}
    aside: str = ""


def _attributes(*names: str) -> Callable[[Matter], Given]:
    return lambda matter: {name: getattr(matter, name) for name in names}


def _owners(by: Standing, matter: Matter, given: Given) -> None:
    services.set_owners(by=by, matter=matter, owners=given["owners"])


def _merge(by: Standing, matter: Matter, given: Given) -> None:
    links.merge(by=by, source=matter, into=_other(by, given["into"]))


def _split(by: Standing, matter: Matter, given: Given) -> None:
    links.split(by=by, matter=matter, parts=[(given["title"], given["text"])], confirmed=given["confirmed"])


def _link(by: Standing, matter: Matter, given: Given) -> None:
    links.link(by=by, source=matter, target=_other(by, given["target"]), type=given["type"])


def _project_as_it_is(matter: Matter) -> Given:
    kept = getattr(matter, "project", None)
    names = ("starts", "ends", "period_note", "aim", "results", "lives_on", "taken_over_by")
    return {name: getattr(kept, name) for name in names} if kept else {}


VERBS = {
    "edit": Verb(
        "matter.edit", desk_forms.EditForm,
        gettext_lazy("Ändra ärendet"), gettext_lazy("Spara"), gettext_lazy("Ärendet är ändrat."),
        lambda by, matter, given: services.edit_matter(by=by, matter=matter, **given),
        _attributes("kind", "title", "text", "place"),
    ),
    "owners": Verb(
        "matter.steer", desk_forms.OwnersForm,
        gettext_lazy("Utse ägare"), gettext_lazy("Spara"), gettext_lazy("Ägarna är ändrade."),
        _owners, lambda matter: {"owners": [(owner.organisation_id, owner.part) for owner in matter.owners.all()]},
    ),
    "visibility": Verb(
        "matter.classify", desk_forms.VisibilityForm,
        gettext_lazy("Vem får läsa?"), gettext_lazy("Spara"), gettext_lazy("Ändrat vem som får läsa."),
        lambda by, matter, given: services.set_visibility(by=by, matter=matter, **given),
        _attributes("visibility", "secrecy_paragraph", "released"),
    ),
    "merge": Verb(
        "matter.steer", desk_forms.MergeForm,
        gettext_lazy("Slå ihop med ett annat ärende"), gettext_lazy("Slå ihop"),
        gettext_lazy("Ärendena är sammanförda."), _merge,
    ),
    "split": Verb(
        "matter.steer", desk_forms.SplitForm,
        gettext_lazy("Bryt ut en del"), gettext_lazy("Bryt ut"), gettext_lazy("Delen är nu ett eget ärende."), _split,
    ),
    "link": Verb(
        "matter.steer", desk_forms.LinkForm,
        gettext_lazy("Knyt ihop ärenden"), gettext_lazy("Knyt"), gettext_lazy("Ärendena är knutna."), _link,
    ),
    "participant": Verb(
        "matter.steer", desk_forms.ParticipantForm,
        gettext_lazy("Vilka deltar?"), gettext_lazy("Lägg till"), gettext_lazy("Parten är tillagd."),
        lambda by, matter, given: services.add_participant(by=by, matter=matter, **given),
        aside="desk/participants.html",
    ),
    "project": Verb(
        "project.edit", desk_forms.ProjectForm,
        gettext_lazy("Projektet"), gettext_lazy("Spara"), gettext_lazy("Projektet är sparat."),
        lambda by, matter, given: links.describe_project(by=by, matter=matter, **given),
        _project_as_it_is, "desk/participants.html",
    ),
    "attach": Verb(
        "matter.attach", desk_forms.FileForm,
        gettext_lazy("Bifoga en fil"), gettext_lazy("Bifoga"),
        gettext_lazy("Filen kontrolleras och syns om en liten stund."),
        lambda by, matter, given: files.attach(by=by, matter=matter, upload=given["file"]),
    ),
    "tie_goal": Verb(
        "matter.tie_goal", desk_forms.TieForm,
        gettext_lazy("Knyt till ett mål"), gettext_lazy("Knyt"), gettext_lazy("Målet är knutet till ärendet."),
        lambda by, matter, given: goal_services.tie(by=by, matter=matter, **given),
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def steer(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """Show a verb's form, do it, and come back to the matter."""
    actor, matter = matter_of(request, uid)
    asked = VERBS[verb]
    policy.require(actor, asked.action, matter)
    initial = asked.initial(matter) | {name: request.GET[name] for name in ("into", "goal") if name in request.GET}
    form = asked.form(request.POST or None, request.FILES or None, initial=initial)
    return _act(request, matter, form, lambda given: asked.act(actor, matter, given), asked)


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a conflict between a matter and a goal."""
    actor = standing_of(request.user)
    tie = get_object_or_404(Tie.objects.select_related("matter", "goal"), pk=pk)
    if not policy.can(actor, "matter.read", tie.matter):
        raise Http404
    policy.require(actor, "goal.settle", tie.matter)
    form = desk_forms.SettleForm(request.POST or None, initial={"reason": tie.settled_reason})

    def act(by: Standing, matter: Matter, given: Given) -> None:
        goal_services.settle(by=by, tie=tie, **given)

    heading = gettext_lazy("Avgör målkrocken")
    verb = Verb(
        "goal.settle", desk_forms.SettleForm, heading, gettext_lazy("Avgör"), gettext_lazy("Krocken är avgjord."), act,
        aside="desk/tie.html",
    )  # fmt: skip
    return _act(request, tie.matter, form, lambda given: act(actor, tie.matter, given), verb, tie=tie)


@require_http_methods(["GET", "POST"])
def hide_comment(request: HttpRequest, uid: str, pk: int) -> HttpResponse:
    """Take a contribution out of sight, with the reason that everybody sees."""
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    comment = get_object_or_404(matter.comments.all(), pk=pk, hidden_because="")
    form = desk_forms.HideForm(request.POST or None)

    def act(by: Standing, matter: Matter, given: Given) -> None:
        thread.hide_comment(by=by, comment=comment, **given)

    verb = Verb(
        "matter.steer", desk_forms.HideForm, gettext_lazy("Dölj inlägget"), gettext_lazy("Dölj"),
        gettext_lazy("Inlägget är dolt. Den som skrev det får veta varför."), act,
    )  # fmt: skip
    return _act(request, matter, form, lambda given: act(actor, matter, given), verb, quote=comment.text)


@require_POST
def end_participant(request: HttpRequest, uid: str, pk: int) -> HttpResponse:
    """Take a part away."""
    actor, matter = matter_of(request, uid)
    policy.require(actor, "matter.steer", matter)
    part = get_object_or_404(Participant.objects.select_related("organisation"), pk=pk, matter=matter)
    services.end_participant(by=actor, participant=part)
    messages.success(request, _("%(name)s deltar inte längre.") % {"name": part.organisation.label})
    return redirect("desk:participant", uid=uid)


def _act(
    request: HttpRequest, matter: Matter, form: Any, act: Callable[[Given], Any], verb: Verb, **more: Any
) -> HttpResponse:
    """Show the form, or run the verb and come back to the matter; errors stay at the form, with what was typed."""
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
            messages.success(request, str(verb.done))
            return redirect("desk:matter", uid=matter.uid)
    if "confirmed" in form.fields and not form.ask_to_confirm:
        form.fields["confirmed"].widget = forms.HiddenInput()
    context = {"form": form, "matter": matter, "verb": verb, "participants": matter.participants.all(), **more}
    context["may_steer"] = policy.can(standing_of(request.user), "matter.steer", matter)
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
