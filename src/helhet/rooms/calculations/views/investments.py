# SPDX-License-Identifier: EUPL-1.2
"""Published figures of investments: contradictions side by side, sums, tables to take along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helhet.core.charts import numbers
from helhet.core.tables import write_csv, write_xlsx
from helhet.foundation import policy
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import can
from helhet.rooms.calculations import investments, timetable
from helhet.rooms.calculations.models import Investment, InvestmentFigure
from helhet.rooms.calculations.shown import confidence, language
from helhet.rooms.calculations.timetable import Period

MOST_ROWS = 20_000


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """A page of investments, each with its figures; what contradicts stands together."""
    actor = standing_of(request.user)
    policy.require(actor, "investment.read")
    filters = _filters(request)
    found = investments.figures(**filters)
    keys = Investment.objects.filter(pk__in=found.order_by().values("investment_id")).order_by("name", "id")
    page = Paginator(keys.values_list("pk", flat=True), investments.PAGE).get_page(request.GET.get("sida"))
    shown = list(found.filter(investment_id__in=list(page.object_list)))
    amounts = found.order_by().only("chosen", "unit", "value", "value_kind", "price_year")
    stages = timetable.periods(actor)
    context = {
        "groups": [_group(list(rows), stages) for _pk, rows in groupby(shown, key=lambda one: one.investment_id)],
        "sums": investments.sums(amounts.select_related(None)[:MOST_ROWS]),
        "page": page,
        "filters": filters,
        "holders": Organisation.objects.filter(pk__in=Investment.objects.values("holder")).order_by("name"),
        "kinds": InvestmentFigure.ValueKind.choices,
        "may_edit": can(actor, "investment.edit"),
        "crumbs": [(_("Kalkyler"), reverse("calculations:books")), (_("Investeringar"), "")],
        "any_filter": any(filters.values()),
        "query": request.GET.urlencode(),
    }
    return render(request, "calculations/investments.html", context)


@require_GET
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same figures as CSV or XLSX."""
    policy.require(standing_of(request.user), "investment.read")
    columns = [
        _("Investering"), _("Siffra"), _("Budgethållare"), _("Värde"), _("Enhet"), _("Slag"), _("Prisår"), _("Gäller"),
        _("Vald"), _("Säger emot"), _("Plats"), _("Latitud"), _("Longitud"), _("Källa"), _("Säkerhet"), _("Anmärkning"),
    ]  # fmt: skip
    rows = [_cells(one) for one in investments.figures(**_filters(request))[:MOST_ROWS]]
    if kind == "csv":
        answer = HttpResponse(write_csv(columns, rows, language=language()), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        sheet = {str(_("Investeringar")): (columns, rows)}
        answer = HttpResponse(
            write_xlsx(sheet, title=str(_("Investeringar"))),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="investeringar.{kind}"'
    return answer


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose one of several contradicting figures."""
    figure = get_object_or_404(InvestmentFigure.objects.select_related("investment"), pk=pk)
    investments.choose_figure(by=standing_of(request.user), figure=figure)
    messages.success(request, _("Nu räknas siffran från %(source)s.") % {"source": figure.source or _("okänd källa")})
    return redirect("calculations:investments")


def _filters(request: HttpRequest) -> dict[str, Any]:
    return {
        "text": request.GET.get("q", "").strip()[:100],
        "holder": request.GET.get("hallare", "")[:80],
        "kind": request.GET.get("slag", "")[:20],
        "contradicted": request.GET.get("motsagda") == "1",
    }


def _group(figures: Sequence[InvestmentFigure], stages: Mapping[str, Period]) -> dict[str, Any]:
    """An investment with its figures; rivals say what choosing them would change."""
    investment = figures[0].investment
    rivals = [one for one in figures if one.rivalry]
    change = investments.would_change(rivals)
    return {
        "investment": investment,
        "period": stages.get(investment.depends_on_timetable),
        "contradicted": len(rivals) > 1,
        "figures": [
            {
                "figure": one,
                "value": numbers.quantity(one.value, _unit(one.unit), language=language()) if one.value is not None else _("inte känt"),
                "change": numbers.quantity(change[one.pk], _unit(one.unit), language=language(), signed=True) if one.pk in change else "",
                "sources": one.source.replace("|", ", "),
                "confidence": confidence(one.confidence, one.source),
                "assumed": one.confidence == "assumption" or not one.source,
                "rival": bool(one.rivalry) and len(rivals) > 1,
            }
            for one in figures
        ],
    }  # fmt: skip


def _unit(unit: str) -> str:
    return unit.replace("SEK per", "kr per")


def _cells(one: InvestmentFigure) -> list[Any]:
    investment = one.investment
    return [
        investment.title, one.key, investment.holder.name if investment.holder else "", one.value, one.unit,
        one.get_value_kind_display(), one.price_year, one.as_of, _("ja") if one.chosen else _("nej"), one.rivalry,
        investment.place, investment.latitude, investment.longitude, one.source.replace("|", ", "),
        confidence(one.confidence, one.source), one.note,
    ]  # fmt: skip
