# SPDX-License-Identifier: EUPL-1.2
"""Why a figure is what it is: what adds up to it, formula, values put in, units, sources, onwards to the leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.core.book import Explanation, explain
from helhet.core.book.model import HOLDER, YEAR
from helhet.core.charts import numbers
from helhet.rooms.calculations import engine, measures, shown
from helhet.rooms.calculations.desk import Desk, explain_url
from helhet.rooms.calculations.engine import Case
from helhet.rooms.calculations.inputs import unit_of
from helhet.rooms.calculations.measures import Measure
from helhet.rooms.calculations.shown import amount, as_written, confidence, language, spread, text

RESULTS = ("npv", "cash", "kassa", "total")
MOST_ROWS = 60
YEARS = ("år", "years")


def context(desk: Desk, figure: str, holder: str, year: str, of_whole: bool) -> dict[str, Any]:
    """The page of one figure. Raises Http404 for a figure that the book does not have."""
    case = desk.case
    if figure not in RESULTS:
        return _quantity(desk, figure, holder, year)
    if case is None:
        raise Http404
    holder = holder or measures.main_holder(case.book)
    if of_whole:
        return _of_whole(desk, figure, holder)
    parents = measures.parents_of(case.book)
    if holder not in parents:
        raise Http404
    rows = measures.rows_of(case.effect, parents, holder)
    if figure == "total":
        return _result(desk, case, _("Nuvärde för alla tillsammans"), measures.total(case.effect), None, None)
    name = shown.name_of(measures.labels_of(case.book), holder)
    if figure == "kassa":
        return _deepest(desk, case, rows, holder, name)
    if figure == "cash":
        at = _year(case, year)
        one = measures.yearly(case.effect, rows)[case.effect.years.index(at)]
        return _result(desk, case, _("Kassaflöde %(year)s, %(who)s") % {"year": at, "who": name}, one, rows, at)
    return _result(desk, case, _("Nuvärde, %(who)s") % {"who": name}, measures.npv(case.effect, rows), rows, None)


def _year(case: Case, year: str) -> int:
    if not (year.isascii() and year.isdigit()) or len(year) > 4 or int(year) not in case.effect.years:
        raise Http404
    return int(year)


def _result(
    desk: Desk, case: Case, title: str, one: Measure, rows: list[int] | None, year: int | None
) -> dict[str, Any]:
    """A sum over flows: what each of them adds, against the reference."""
    found = [(flow, value) for flow, value in engine.posted(case, rows, year) if abs(value) > 1e-9]
    found.sort(key=lambda item: -abs(item[1]))
    where = {"y": str(year)} if year else {}
    parts = [
        {
            "label": text(flow.label),
            "value": amount(value, decimals=2),
            "url": explain_url(desk, q=flow.name, **where),
        }
        for flow, value in found[:MOST_ROWS]
    ]
    words = _("Betalningar in minus betalningar ut, %(against)s.") % {"against": shown.against(case)}
    if year is None:
        rate = case.book.discount_rate
        words += " " + _("Varje år räknas om till %(year)s års värde med kalkylräntan.") % {"year": case.npv_year}
        if rate in case.book.quantities:
            label = text(case.book.quantities[rate].label)
            parts.append({"label": label, "value": "", "url": explain_url(desk, q=rate)})
    if rows is None:
        words += " " + _("Det en part betalar till en annan tar ut sig, så bara verkliga resurser finns kvar.")
    return _frame(desk, title, one, "MSEK") | {
        "how": words,
        "parts": parts,
        "parts_head": _("Post"),
        "parts_sum": amount(sum(value for _flow, value in found), decimals=2),
        "parts_note": _("Varje post är medeltalet av alla dragningar, så posterna går jämnt upp med summan."),
    }


def _deepest(desk: Desk, case: Case, rows: list[int], holder: str, name: str) -> dict[str, Any]:
    one, year = measures.deepest(measures.course(case.effect, rows))
    title = _("Djupaste punkt i kassan, %(who)s") % {"who": name}
    yearly = zip(case.effect.years, measures.yearly(case.effect, rows), strict=True)
    parts = [
        {
            "label": str(at),
            "value": amount(found.mean, decimals=2),
            "url": explain_url(desk, q="cash", h=holder, y=str(at)),
        }
        for at, found in yearly
        if at <= year
    ]
    how = _(
        "Kassaflödet läggs ihop år för år. Lägst i mittfallet är %(year)s. Varje dragning har sin egen djupaste punkt."
    )
    return _frame(desk, title, one, "MSEK") | {"how": how % {"year": year}, "parts": parts, "parts_head": _("År")}


def _of_whole(desk: Desk, figure: str, holder: str) -> dict[str, Any]:
    """A figure of the whole: the cases that add up to it."""
    whole = desk.whole
    if whole is None or (holder not in whole.parents and figure != "total"):
        raise Http404
    rows = None if figure == "total" else measures.whole_rows(whole, holder)
    name = shown.name_of(whole.labels, holder)
    if figure == "kassa":
        one, _at = measures.deepest(measures.course(whole.effect, rows or []))
        title = _("Djupaste punkt i kassan för helheten, %(who)s") % {"who": name}
    elif rows is None:
        one, title = measures.total(whole.effect), str(_("Nuvärde för helheten, alla tillsammans"))
    else:
        one, title = measures.npv(whole.effect, rows), _("Nuvärde för helheten, %(who)s") % {"who": name}
    parts = []
    for slug, case in desk.cases.items():
        mine = None if rows is None else measures.rows_of(case.effect, whole.parents, holder)
        found = measures.total(case.effect) if mine is None else measures.npv(case.effect, mine)
        url = reverse("calculations:book", args=[slug])
        parts.append({"label": desk.rows[slug].title, "value": amount(found.mean, decimals=2), "url": url})
    how = _("Helheten är summan av kalkylerna, dragning för dragning. Var och en räknas mot sin egen jämförelse.")
    if figure == "kassa":
        how += " " + _("Kalkylernas nuvärden står nedan; kassan läggs ihop år för år.")
    return _frame(desk, title, one, "MSEK") | {"how": how, "parts": parts, "parts_head": _("Kalkyl")}


def _quantity(desk: Desk, name: str, holder: str, year: str) -> dict[str, Any]:
    """A quantity of the book: formula with values put in, what it uses, where it comes from."""
    book = desk.book
    if name not in book.kinds:
        raise Http404
    coordinates: dict[str, str] = {}
    dims = book.kinds[name].dims
    if year and YEAR in book.dimensions and year in book.dimensions[YEAR].keys:
        coordinates[YEAR] = year
    if holder and HOLDER in dims and holder in book.dimensions[HOLDER].keys:
        coordinates[HOLDER] = holder
    run = (desk.case or engine.case(book, desk.asked.position)).chosen
    found = explain(run, name, coordinates, depth=1)
    quantity = book.quantities[name]
    title = text(found.label) + (f" {year}" if YEAR in found.coords else "")
    one = None
    if found.value is not None:
        one = Measure(*(found.value[k] for k in ("mean", "p10", "p50", "p90", "error")))
    by = [
        {"label": key, "value": numbers.quantity(value, unit_of(quantity), language=language()),
         "url": explain_url(desk, q=name, y=key) if YEAR in dims else ""}
        for key, value in found.by.items()
    ][:MOST_ROWS]  # fmt: skip
    where = {"y": year} if YEAR in coordinates else {}
    return _frame(
        desk, title, one, unit_of(quantity), as_written(one.mean) if one and quantity.kind == "number" else None
    ) | {
        "formula": found.formula,
        "substituted": found.substituted if found.substituted != found.formula else "",
        "how": "",
        "facts": _facts(found),
        "uses": [_used(desk, part, where) for part in found.inputs],
        "parts": by,
        "parts_head": _("År") if YEAR in dims else _("Del"),
        "terms": [_term(row) for row in found.contributors[:MOST_ROWS]],
        "alternatives": [_alternative(row, found.unit) for row in found.alternatives],
        "is_input": quantity.is_input,
        "assumed": quantity.is_input and (found.confidence == "assumption" or not found.source),
    }


def _term(row: Mapping[str, Any]) -> dict[str, str]:
    value = numbers.quantity(row["value"], row["unit"], 2, language=language(), signed=True)
    return {"label": row["text"], "value": value}


def _used(desk: Desk, part: Explanation, where: dict[str, str]) -> dict[str, Any]:
    quantity = desk.book.quantities[part.name]
    value = ""
    if part.value is not None:
        places = as_written(part.value["mean"]) if quantity.kind == "number" else None
        value = numbers.quantity(part.value["mean"], unit_of(quantity), places, language=language())
        if quantity.unit.text == "år":
            value = f"{part.value['mean']:.0f}"
    return {
        "label": text(part.label),
        "name": part.name,
        "value": value or _("olika år"),
        "source": part.source or (confidence(part.confidence) if quantity.is_input else _("räknas fram")),
        "assumed": quantity.is_input and (part.confidence == "assumption" or not part.source),
        "url": explain_url(desk, q=part.name, **(where if YEAR in desk.book.kinds[part.name].dims else {})),
    }


def _facts(found: Explanation) -> list[tuple[str, str]]:
    rows = [
        (_("Källa"), found.source),
        (_("Säkerhet"), confidence(found.confidence, found.source) if not found.formula else ""),
        (_("Prisnivå"), found.price if found.price.isdigit() else ""),
        (_("Anmärkning"), text(found.note)),
        (_("Står i"), f"{found.place.file}, {_('rad')} {found.place.line}" if found.place.line else found.place.file),
        (_("Namn i kalkylen"), found.name),
    ]
    return [(str(term), str(value)) for term, value in rows if value]


def _alternative(row: dict[str, Any], unit: str) -> dict[str, str]:
    return {
        "value": numbers.quantity(row["value"], unit, as_written(row["value"]), language=language()),
        "text": row["source"] or row["name"],
    }


def _frame(desk: Desk, title: str, one: Measure | None, unit: str, places: int | None = None) -> dict[str, Any]:
    back = reverse("calculations:book", args=[desk.row.slug]) + desk.asked.query()
    frame: dict[str, Any] = {
        "title": title,
        "back": back,
        "back_text": _("Tillbaka till kalkylen"),
        "crumbs": [
            (_("Kalkyler"), reverse("calculations:books")),
            (desk.row.title, back),
            (_("Så räknas det"), ""),
        ],
    }
    if one is not None:
        places = 1 if unit == "MSEK" and places is None else places
        value = (
            f"{one.mean:.0f}"
            if unit in YEARS
            else numbers.number(one.mean, places, language=language(), signed=unit == "MSEK")
        )
        frame |= {
            "value": value,
            "unit": "" if unit in YEARS else unit,
            "spread": "" if one.certain else spread(one, None if abs(one.p90) >= 1 else 2),
            "median": "" if one.certain else numbers.quantity(one.p50, unit, places, language=language()),
            "error": ""
            if one.error < 1e-12
            else numbers.number(one.error, 2 if one.error >= 0.005 else 6, language=language()),
        }
    return frame
