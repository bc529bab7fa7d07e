# SPDX-License-Identifier: EUPL-1.2
"""Figures of a case and the whole as charts and tables: titles say what is true, every chart has its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.core import charts
from helhet.core.book.model import Label
from helhet.core.charts import numbers
from helhet.rooms.calculations import engine, measures
from helhet.rooms.calculations.engine import Case
from helhet.rooms.calculations.measures import Measure
from helhet.rooms.calculations.whole import Whole

UNIT = "MSEK"
MOST_ITEMS = 10


def language() -> str:
    """The language that core's texts are written in for this reader."""
    return "en" if get_language() == "en" else "sv"


def text(label: Label) -> str:
    return label.text(language())


def name_of(labels: Mapping[str, Label], holder: str) -> str:
    """A holder's name for the reader."""
    return text(labels[holder]) if holder in labels else holder


def decimals_for(*values: float) -> int:
    """None from 100 up, otherwise one: figures that stand together are written alike."""
    return 0 if max((abs(v) for v in values), default=0.0) >= 100 else 1


def as_written(value: float) -> int:
    """Decimals that show a value put in as it was written: 0,035 is neither 0,04 nor 0,0350."""
    return len(f"{value:.10f}".rstrip("0").partition(".")[2]) if abs(value) < 1e9 else 0


def amount(value: float, *, signed: bool = True, decimals: int | None = None) -> str:
    """A sum in MSEK without its unit."""
    places = decimals_for(value) if decimals is None else decimals
    return numbers.number(value, places, language=language(), signed=signed)


def spread(one: Measure, decimals: int | None = None) -> str:
    """“−142 till −3”, or words when nothing is uncertain."""
    if one.certain:
        return str(_("utan spridning"))
    places = decimals_for(one.p10, one.p90) if decimals is None else decimals
    return numbers.interval(one.p10, one.p90, places, language=language(), signed=True)


def case_word(has_matter: bool) -> str:
    return str(_("Ärendet")) if has_matter else str(_("Kalkylen"))


def against(case: Case) -> str:
    """What the case is compared with, in words."""
    decisions = engine.decisions_of(case.book)
    if not decisions:
        return str(_("mot att inget görs"))
    names = [next(text(o.label) for o in d.options if o.name == d.reference) for d in decisions]
    return str(_("mot ”%(name)s”")) % {"name": ", ".join(dict.fromkeys(names))}


def holders_chart(case: Case, note: str) -> charts.Chart:
    """Who pays and who gains, with the whole in money as the sum."""
    labels = measures.labels_of(case.book)
    found = measures.by_holder(case.effect)
    bars = [charts.Bar(name_of(labels, h), m.mean, *_ends(m), median=m.p50) for h, m in found.items()]
    total = measures.total(case.effect)
    bars.append(charts.Bar(_("Helheten i pengar"), total.mean, *_ends(total), median=total.p50, is_sum=True))
    largest = max((abs(m.mean) for m in found.values()), default=0.0)
    return charts.bars(
        bars,
        title=_who(found, labels),
        unit=UNIT,
        note=note,
        name="hallare",
        language=language(),
        decimals=0 if largest >= 1000 else 1,
        caption=_("Nuvärde per budgethållare, MSEK"),
    )


def _ends(one: Measure) -> tuple[float | None, float | None]:
    return (None, None) if one.certain else (one.p10, one.p90)


def _who(found: Mapping[str, Measure], labels: Mapping[str, Label]) -> str:
    gains = sorted((m.mean, h) for h, m in found.items() if m.mean > 0.05)
    pays = sorted((m.mean, h) for h, m in found.items() if m.mean < -0.05)
    said = []
    if gains:
        said.append(_("%(who)s vinner mest.") % {"who": name_of(labels, gains[-1][1])})
    if pays:
        said.append(_("%(who)s betalar mest.") % {"who": name_of(labels, pays[0][1])})
    return " ".join(said) or str(_("Ingen budgethållare påverkas."))


def fan_chart(course: measures.Course, who: str, note: str) -> charts.Chart:
    """Cash so far, year by year, with its uncertainty."""
    found, years = course.spread, course.years
    middle = [float(v) for v in found[measures.SHARES.index(50)]]
    back = next((y for y, v in zip(years, middle, strict=True) if v >= 0 and y > years[int(np.argmin(middle))]), None)
    if min(middle) >= -0.05:
        title = _("I mittfallet blir kassan aldrig lägre än i jämförelsen")
    elif back is None:
        title = _("I mittfallet är pengarna inte tillbaka %(year)s") % {"year": years[-1]}
    else:
        title = _("I mittfallet är pengarna tillbaka %(year)s") % {"year": back}
    return charts.fan(
        years,
        {q: [float(v) for v in row] for q, row in zip(measures.SHARES, found, strict=True)},
        title=title,
        unit=UNIT,
        note=note,
        name="kassa",
        language=language(),
        decimals=decimals_for(*found.ravel()),
        caption=_("Samlat kassaflöde för %(who)s, MSEK") % {"who": who},
    )


def years_chart(case: Case, whole: Whole, own: str, ceiling: float | None) -> charts.Chart | None:
    """What is really used up year by year: the case on top of all others, against the ceiling when there is one."""
    total = whole.effect.resource.mean(axis=-1)
    mine = np.zeros(len(total))
    at = case.effect.years[0] - whole.effect.years[0]
    mine[at : at + len(case.effect.years)] = case.effect.resource.mean(axis=-1)
    rest = total - mine
    if np.abs(total).max(initial=0.0) < 0.05 and np.abs(mine).max(initial=0.0) < 0.05:
        return None
    kept = np.nonzero((np.abs(total) > 0.05) | (np.abs(mine) > 0.05))[0]
    span = slice(int(kept[0]), int(kept[-1]) + 1)
    years = whole.effect.years[span]
    series = [charts.Series(own, tuple(mine[span]), "gain")]
    if len(whole.cases) > 1:
        others = _("Övriga %(n)d kalkyler") % {"n": len(whole.cases) - 1}
        series.insert(0, charts.Series(others, tuple(rest[span])))
    top = int(np.argmax(total[span]))
    value = numbers.quantity(float(total[span][top]), UNIT, 0, language=language())
    title = _("Mest går åt %(year)s: %(value)s") % {"year": years[top], "value": value}
    if ceiling is not None and total[span][top] > ceiling:
        over = numbers.quantity(float(total[span][top] - ceiling), UNIT, 0, language=language())
        title = _("%(year)s spricker taket med %(value)s") % {"year": years[top], "value": over}
    return charts.year_bars(
        years,
        series,
        title=title,
        ceiling=ceiling,
        unit=UNIT,
        note=_("Resurser som går åt per år, alla budgethållare. Minus är det man slipper."),
        name="ar",
        language=language(),
        caption=_("Resursåtgång per år, MSEK"),
    )


def items_chart(case: Case, rows: Sequence[int], who: str, note: str) -> charts.Chart | None:
    """Item by item to one holder's present value; transfers inside the branch cancel."""
    found = [(text(flow.label), value) for flow, value in engine.posted(case, rows) if abs(value) > 5e-4]
    if not found:
        return None
    found.sort(key=lambda item: -item[1])
    if len(found) > MOST_ITEMS:
        by_size = sorted(found, key=lambda item: -abs(item[1]))
        rest = sum(value for _name, value in by_size[MOST_ITEMS - 1 :])
        kept = set(by_size[: MOST_ITEMS - 1])
        found = [*(item for item in found if item in kept), (str(_("Övriga poster")), rest)]
    first = max(found, key=lambda item: abs(item[1]))
    return charts.waterfall(
        [charts.Item(name, value) for name, value in found],
        total=who,
        title=_("Störst betydelse: %(item)s") % {"item": first[0].lower() if first[0][1:2].islower() else first[0]},
        unit=UNIT,
        note=note,
        name="poster",
        language=language(),
        caption=_("Poster i nuvärdet, MSEK"),
    )


def effects_rows(case: Case) -> list[dict[str, Any]]:
    """Effects in their own units, with who is touched and what they rest on."""
    found = []
    for one in measures.own_units(case):
        per_year = one.per_year
        found.append(
            {
                "name": one.name,
                "label": text(one.label),
                "per_year": _own(per_year, one.unit) if per_year else "–",
                "per_year_spread": spread(per_year) if per_year and not per_year.certain else "",
                "total": _own(one.total, one.unit),
                "spread": spread(one.total) if not one.total.certain else "",
                "group": text(one.group),
                "source": one.source,
                "confidence": confidence(one.confidence, one.source),
                "assumed": one.confidence == "assumption" or not one.source,
                "valued": one.valued,
            }
        )
    return found


def _own(one: Measure, unit: str) -> str:
    size = abs(one.mean)
    places = 0 if size >= 100 or abs(one.mean - round(one.mean)) < 1e-6 else 1 if size >= 1 else 2
    return numbers.quantity(one.mean, unit, places, language=language(), signed=True)


def confidence(code: str, source: str = "") -> str:
    """How sure a value is, in words. What has no source is an assumption."""
    words = {
        "published": _("Publicerat"),
        "fact": _("Publicerat"),
        "estimate": _("Beräknat"),
        "approx": _("Ungefärligt"),
        "assumption": _("Antagande"),
    }
    return str(words.get(code, "" if source else words["assumption"]))


def measure_of(figure: Mapping[str, Any]) -> Measure:
    """A figure as it was kept in a run; one that is certain has its ends at its value."""
    told, value = figure["explanation"], float(figure["value"] or 0.0)
    low, high = (value if figure[end] is None else figure[end] for end in ("low", "high"))
    return Measure(value, low, float(told.get("p50", value)), high, float(told.get("error", 0.0)))
