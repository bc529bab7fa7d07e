# SPDX-License-Identifier: EUPL-1.2
"""The bank, the register of what nobody owns, the open figures, the feed."""

from django.contrib.syndication.views import Feed
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from helhet.foundation.matters.models import Kind, Matter, Visibility
from helhet.foundation.matters.selectors import page_by_activity, with_owners
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import visitor
from helhet.rooms.sluice import selectors
from helhet.rooms.sluice.figures import LEAST_SHOWN, open_figures

#: A year of cases is read for the figures: once in a while, not for everybody who looks.
FIGURES_KEPT_S = 900
FILTERS = {"kind": "slag", "state": "lage", "unit": "enhet", "theme": "tema"}


@require_GET
def bank(request: HttpRequest) -> HttpResponse:
    """What can be used already and what others have done."""
    actor = standing_of(request.user)
    filters = {name: request.GET.get(key, "")[:80] for name, key in FILTERS.items()}
    page = page_by_activity(with_owners(selectors.bank(actor, filters=filters)), request.GET.get("efter", ""))
    outcomes = selectors.latest_outcomes(page.items)
    context = {
        "page": page,
        "rows": [(matter, outcomes.get(matter.pk)) for matter in page.items],
        "filters": filters,
        "kinds": [k for k in Kind if k != Kind.PROJECT],
        "sluices": selectors.open_sluices(),
        "any_filter": any(filters.values()),
    }
    return render(request, "sluice/bank.html", context)


@require_GET
def ownerless(request: HttpRequest) -> HttpResponse:
    """Questions that nobody owns: an open register, so that somebody may."""
    actor = standing_of(request.user)
    page = page_by_activity(with_owners(selectors.ownerless(actor)), request.GET.get("efter", ""))
    outcomes = selectors.latest_outcomes(page.items)
    rows = [(matter, outcomes.get(matter.pk)) for matter in page.items]
    return render(request, "sluice/ownerless.html", {"page": page, "rows": rows})


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """The sluice in open figures: per unit, never per person."""
    rows = cache.get_or_set(f"sluice.figures.{localdate()}", open_figures, FIGURES_KEPT_S)
    return render(request, "sluice/figures.html", {"rows": rows, "least": LEAST_SHOWN})


class BankFeed(Feed):
    """What is new in the bank and open to all, as Atom."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Helhet: nytt i banken")

    def link(self) -> str:
        return reverse("sluice:bank")

    subtitle = ""

    def items(self) -> list[Matter]:
        found = selectors.bank(visitor(), filters={}).filter(visibility=Visibility.PUBLIC)
        return list(found.order_by("-active_at", "-id")[:30])

    def item_title(self, item: Matter) -> str:
        return item.title

    def item_description(self, item: Matter) -> str:
        return item.text[:500]

    def item_link(self, item: Matter) -> str:
        return reverse("desk:matter", args=[item.uid])

    def item_updateddate(self, item: Matter) -> object:
        return item.active_at
