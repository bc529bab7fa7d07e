# SPDX-License-Identifier: EUPL-1.2
"""What the room shows on a matter's page: the latest kept run's headline figures, and the way into the calculation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.core.charts import numbers
from helhet.core.charts.units import unit_text
from helhet.foundation.figures.models import Run
from helhet.foundation.matters.models import Matter
from helhet.foundation.policy import Standing, can
from helhet.rooms.calculations import runs, selectors
from helhet.rooms.calculations.shown import decimals_for, language


def panel(actor: Standing, matter: Matter) -> Mapping[str, Any] | None:
    """Books tied to the matter and what the latest run said; None when nothing is calculated."""
    books, kept = selectors.calculated(matter)
    if not books and not kept:
        return None
    latest = kept[0] if kept else None
    return {
        "books": [{"title": b.title, "url": f"{_address(b.slug)}?arende={matter.uid}"} for b in books],
        "run": latest,
        "run_url": runs.opened(latest, {b.slug for b in books}, str(matter.uid)) if latest else "",
        "keys": headline(latest) if latest else [],
        "fine": _fine(latest) if latest else "",
        "address": runs.address(latest) if latest else "",
        "earlier": [{"title": run.name, "at": run.created_at, "url": runs.address(run)} for run in kept[1:]],
        "may_keep": bool(can(actor, "figure.keep_run", matter)),
    }


def headline(run: Run) -> list[dict[str, str]]:
    """The figures that a run puts first, as key figures."""
    found = []
    for name in run.recipe.get("headline", []):
        figure = run.figures.get(name)
        if figure is None:
            continue
        unit, value = figure["unit"], figure["value"]
        places = 0 if abs(value or 0) >= 100 else 1
        spread = ""
        if figure["low"] is not None and figure["high"] is not None:
            ends = decimals_for(figure["low"], figure["high"])
            spread = numbers.interval(figure["low"], figure["high"], ends, language=language(), signed=True)
        label = (figure.get("label_en") or figure["label"]) if get_language() == "en" else figure["label"]
        found.append(
            {
                "label": label,
                "value": numbers.number(value, places, language=language(), signed=True),
                "unit": unit_text(unit, language()),
                "fine": _("%(spread)s (åtta fall av tio)") % {"spread": spread} if spread else _("utan spridning"),
            }
        )
    return found


def _fine(run: Run) -> str:
    recipe = run.recipe
    against = recipe.get("against", {}).get("en" if get_language() == "en" else "sv", "")
    last = (recipe.get("years") or [0, 0])[1]
    return _("Nuvärde till %(year)s, %(against)s.") % {"year": last, "against": against}


def _address(slug: str) -> str:
    return reverse("calculations:book", args=[slug])
