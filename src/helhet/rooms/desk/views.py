# SPDX-License-Identifier: EUPL-1.2
"""Home, lists, search, notices, account, and the pages about Helhet itself."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from helhet.foundation import policy
from helhet.foundation.contracts import rooms
from helhet.foundation.goals import selectors as goals
from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.journey import journeys
from helhet.foundation.matters.models import Kind, Status
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.matters.selectors import numbered, page_by_activity, readable, with_owners
from helhet.foundation.notices.models import Muted, Notice
from helhet.foundation.notices.services import choose_news, mark_read, news, words_for
from helhet.foundation.people.models import Organisation, User
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import choose_preferences, throttle
from helhet.foundation.policy import Standing
from helhet.foundation.search.selectors import search as ask_index
from helhet.rooms.desk.forms import AccountForm


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I have left, what is new."""
    actor = standing_of(request.user)
    declared = sorted((part for room in rooms() for part in room.home), key=lambda part: part.order)
    areas: dict[str, list[tuple[str, Any]]] = {"a": [], "b": [], "c": []}
    for part in declared:
        context = part.context(actor)
        if context is not None:
            areas[part.area].append((part.template, context))
    waiting = next((c["count"] for t, c in areas["b"] if t == "desk/home_waiting.html"), 0)
    return render(request, "desk/home.html", {"areas": areas, "waiting": waiting})


@require_GET
def matters(request: HttpRequest) -> HttpResponse:
    """Every matter one may read, newest activity first, with filters."""
    actor = standing_of(request.user)
    chosen = {name: request.GET.get(name, "")[:20] for name in ("slag", "status", "vems")}
    found = readable(actor)
    if chosen["slag"] in Kind.values:
        found = found.filter(kind=chosen["slag"])
    if chosen["status"] in Status.values:
        found = found.filter(status=chosen["status"])
    else:
        found = found.exclude(status=Status.MERGED)
    if chosen["vems"] == "mina" and actor.user_id:
        found = found.filter(author_id=actor.user_id)
    elif chosen["vems"] == "foljer" and actor.user_id:
        found = found.filter(follows__user_id=actor.user_id)
    page = page_by_activity(with_owners(found), request.GET.get("efter", ""))
    steps = journeys(page.items)
    context = {
        "page": page,
        "rows": [(matter, steps[matter.pk]) for matter in page.items],
        "chosen": chosen,
        "kinds": Kind,
        "statuses": [s for s in Status if s != Status.MERGED],
    }
    return render(request, "desk/matters.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """One box for everything one may find."""
    actor = standing_of(request.user)
    text = request.GET.get("q", "").strip()[:400]
    rate = settings.HELHET_RATES["search"]
    who = actor.actor_key or request.META.get("REMOTE_ADDR", "")
    throttle(f"search:{who}", limit=rate.count, per_s=rate.seconds)
    if found := numbered(actor, text):
        return redirect("desk:matter", uid=found.uid)
    kind = request.GET.get("vad", "")
    hits = ask_index(actor, text, kind=kind if kind in {"matter", "goal", "organisation"} else "") if text else []
    return render(request, "desk/search.html", {"q": text, "hits": hits, "kind": kind})


@login_required
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """What one has been told, grouped by matter, newest first."""
    actor = standing_of(request.user)
    if request.method == "POST":
        mark_read(by=actor)
        return redirect("desk:notices")
    # Somebody may have lost the right to read since the notice was written.
    mine = Notice.objects.filter(Q(matter=None) | Q(matter__in=readable(actor)), user_id=actor.user_id or 0)
    latest = mine.select_related("matter").order_by("-id")
    before = request.GET.get("fore", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        latest = latest.filter(id__lt=int(before))
    rows = list(latest[:50])
    groups = [
        (matter, [(row, words_for(row.verb)) for row in told])
        for matter, told in groupby(rows, key=lambda row: row.matter)
    ]
    older = rows[-1].pk if len(rows) == 50 else ""
    return render(request, "desk/notices.html", {"groups": groups, "older": older})


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Language, digest, what news one wants."""
    actor = standing_of(request.user)
    user = get_object_or_404(User, pk=actor.user_id)
    form = AccountForm(request.POST or None, initial={"language": user.language, "digest_days": user.digest_days})
    verbs = news()
    off = set(Muted.objects.filter(user=user).values_list("verb", flat=True))
    if request.method == "POST" and form.is_valid():
        choose_preferences(by=actor, user=user, **form.cleaned_data)
        choose_news(by=actor, user=user, off=set(verbs) - set(request.POST.getlist("wanted")))
        translation.activate(form.cleaned_data["language"])
        messages.success(request, _("Dina val är sparade."))
        response = redirect("desk:account")
        secure = settings.LANGUAGE_COOKIE_SECURE
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax", secure=secure)
        return response
    context = {
        "form": form,
        "person": user,
        "memberships": user.memberships.select_related("organisation"),
        "news": [(verb, words, verb not in off) for verb, words in verbs.items()],
    }
    return render(request, "desk/account.html", context, status=422 if form.errors else 200)


@require_GET
def goal_tree(request: HttpRequest) -> HttpResponse:
    """The goals as a tree, and the view turned around: goals nobody acts on, conflicts nobody has settled."""
    actor = standing_of(request.user)
    forest = goals.tree(actor)
    context = {
        "tree": forest,
        "unserved": goals.unserved(actor, forest),
        "unsettled": goals.unsettled(actor)[:50],
        "may_write": policy.can(actor, "goal.edit"),
    }
    return render(request, "desk/goals.html", context)


@require_GET
def goal(request: HttpRequest, stable_id: str) -> HttpResponse:
    """One goal: its words, its versions, how readable matters stand towards it."""
    actor = standing_of(request.user)
    versions = list(Goal.objects.filter(stable_id=stable_id).order_by("-version"))
    if not versions:
        return render(request, "404.html", status=404)
    ties = Tie.objects.filter(readable_q(actor, "matter__"), goal_stable_id=stable_id).select_related("matter")
    context = {
        "goal": versions[0],
        "versions": versions[1:],
        "ties": ties.order_by("stance", "-id")[:200],
        "parts": goals.current_goals().filter(parent_id_stable=stable_id),
        "parent": goals.current_goals().filter(stable_id=versions[0].parent_id_stable).first(),
        "may_write": policy.can(actor, "goal.edit"),
    }
    return render(request, "desk/goal.html", context)


@require_GET
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation or group: its place, its mandate, what it owns and takes part in."""
    actor = standing_of(request.user)
    found = get_object_or_404(Organisation.objects.select_related("parent"), slug=slug)
    owned = page_by_activity(
        with_owners(readable(actor).filter(owners__organisation=found)), request.GET.get("efter", "")
    )
    context = {
        "organisation": found,
        "children": found.children.filter(closed_at=None),
        "mandates": found.mandates.select_related("given_by"),
        "members": _members(actor, found),
        "owned": owned,
        "taken": list(readable(actor).filter(participants__organisation=found).distinct().order_by("-active_at")[:20]),
    }
    return render(request, "desk/organisation.html", context)


def _members(actor: Standing, organisation: Organisation) -> list[Any]:
    """Roles in a group, for those inside: role titles and home units, never names."""
    if not actor.is_internal:
        return []
    return list(organisation.memberships.select_related("user").order_by("role")[:100])


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """Everybody who can own, take part or pay."""
    found = Organisation.objects.filter(closed_at=None).order_by("path", "name")
    return render(request, "desk/organisations.html", {"organisations": found, "groups": found.filter(kind="group")})


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/about.html", {"rooms": rooms()})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/accessibility.html")
