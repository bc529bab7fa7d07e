# SPDX-License-Identifier: EUPL-1.2
"""The public register of decisions, its feed, and the bases that are being written."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helhet.foundation.policy import can, visitor
from helhet.rooms.decisions import selectors
from helhet.rooms.decisions.models import State
from helhet.rooms.decisions.views.asking import actor_of, show


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Decisions that the reader may see, newest first, by body and year."""
    actor = actor_of(request)
    body, year = request.GET.get("organ", "")[:80], request.GET.get("ar", "")[:4]
    page = selectors.register(actor, body=body, year=year, cursor=request.GET.get("fore", "")[:40])
    context = {
        "page": page,
        "body": body,
        "year": year,
        "bodies": selectors.bodies(actor),
        "years": [str(one) for one in selectors.years(actor)],
        "sees_bases": bool(can(actor, "basis.list")),
    }
    return show(request, "register", context)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Decisions as an Atom feed: only what everybody may read, whoever asks."""
    root = request.build_absolute_uri("/").rstrip("/")
    atom = Atom1Feed(
        title=_("Beslut"),
        link=root + reverse("decisions:register"),
        description=_("Beslut som är öppna för alla."),
        feed_url=root + reverse("decisions:feed"),
    )
    for decision in selectors.register(visitor()).items:
        address = root + reverse("decisions:decision", args=[decision.uid])
        atom.add_item(
            title=decision.title,
            link=address,
            description=f"{decision.body.name}, {decision.decided_on}, {decision.number}. {decision.chosen}",
            unique_id=f"urn:uuid:{decision.uid}",
            pubdate=decision.recorded_at,
            updateddate=timezone.localtime(decision.recorded_at),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_safe
def bases(request: HttpRequest) -> HttpResponse:
    """Bases that are written, reviewed or presented."""
    state = request.GET.get("lage", "")
    page = selectors.bases(actor_of(request), state=state, cursor=request.GET.get("fore", "")[:60])
    tabs = [{"label": _("Alla"), "url": "?", "current": not state}]
    tabs += [{"label": one.label, "url": f"?lage={one.value}", "current": state == one.value} for one in State]
    return show(request, "bases", {"page": page, "tabs": tabs, "state": state})
