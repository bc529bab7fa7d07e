# SPDX-License-Identifier: EUPL-1.2
"""A kept run as it was kept: its figures, what they rest on, and where each value comes from. No engine is needed to read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.core.charts import numbers
from helhet.core.charts.units import unit_text
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import is_whole
from helhet.foundation.policy import Standing, can
from helhet.rooms.calculations import selectors
from helhet.rooms.calculations.models import Book
from helhet.rooms.calculations.params import FIELD, OPTION, plain
from helhet.rooms.calculations.shown import amount, as_written, confidence, language, spread
from helhet.rooms.calculations.shown import measure_of as measured

#: Keys of figures that the page lists by themselves, in this order; cash and assumptions have tables of their own.
RESULTS = ("total", "npv", "gap_total", "gap", "side_payment", "effect_per_year", "effect")
CASH, INPUT = "cash", "input"
YEARS = ("år", "year", "years")


def address(run: Run, key: str = "") -> str:
    """Where the run is shown, or one of its figures."""
    return reverse("calculations:run", args=[run.uid]) + (f"?{urlencode({'siffra': key})}" if key else "")


def working_address(run: Run, name: str) -> str:
    """Where one quantity that the run rests on is shown."""
    return address(run) + f"?{urlencode({'storhet': name})}"


def opened(run: Run, known: set[str], matter: str) -> str:
    """Where the run can be played on with the same assumptions; '' when its book is not among the ``known``."""
    if run.book not in known:
        return ""
    pairs = [(f"{FIELD}{name}", plain(value)) for name, value in run.overlay.items()]
    pairs += [(f"{OPTION}{name}", option) for name, option in run.recipe.get("options", {}).items()]
    pairs += [("scenario", run.recipe["scenario"])] if run.recipe.get("scenario") else []
    pairs += [("arende", matter)] if matter else []
    return reverse("calculations:book", args=[run.book]) + f"?{urlencode(pairs)}"


def page(actor: Standing, run: Run) -> dict[str, Any]:
    """The whole run."""
    book = Book.objects.filter(slug=run.book).first()
    book = next(iter(selectors.with_matters(Book.objects.filter(pk=book.pk)))) if book else None
    readable = book is not None and bool(can(actor, "calculation.read", book))
    uid = str(run.matter.uid) if run.matter else ""
    return {
        "run": run,
        "crumbs": _crumbs(run, ""),
        "against": said(run.recipe.get("against", {})),
        "years": run.recipe.get("years") or [],
        "book_title": book.title if book is not None and readable else "",
        "same_book": book is not None and book.hash == run.book_hash,
        "open_url": opened(run, {run.book} if readable else set(), uid),
        "is_whole": is_whole(run),
        "assumed": any(_assumed(one) for one in _of(run, INPUT)),
        "results": [result(run, key, run.figures[key]) for key in _results(run)],
        "inputs": [_input(run, one) for one in _of(run, INPUT)],
        "cash": list(_cash(run)),
        "steps": [
            {"label": said(one["label"]), "formula": one["formula"], "url": working_address(run, name)}
            for name, one in run.recipe.get("quantities", {}).items()
            if one["formula"]
        ],
    }


def figure_page(run: Run, key: str) -> dict[str, Any]:
    """One figure of the run: formula, what adds up to it, sources. Raises Http404 for one that the run does not hold."""
    figure = run.figures.get(key)
    if figure is None:
        raise Http404
    name, coordinates = parse(key)
    if name == INPUT and coordinates.get("name") in run.recipe.get("quantities", {}):
        return working_page(run, coordinates["name"], figure)
    told: Mapping[str, Any] = figure["explanation"]
    terms = told.get("inputs", ())
    effect = coordinates.get("name", "") if name in ("effect", "effect_per_year") else ""
    return {
        **_frame(run, label(figure)),
        **_value(figure),
        "how": said(told.get("formula", "")) if not effect else "",
        "formula": said(told.get("formula", "")) if effect else "",
        "parts": [
            {
                "label": said(row["label"]),
                "value": amount(row["value"], decimals=2),
                "url": working_address(run, row["name"]) if row["name"] in run.recipe.get("quantities", {}) else "",
            }
            for row in terms
        ],
        "parts_head": _("Post"),
        "uses": _uses(run, [effect]) if effect in run.recipe.get("quantities", {}) else [],
        "facts": _facts(figure["price_basis"], "", "", figure["sources"]),
    }


def working_page(run: Run, name: str, figure: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """One quantity that the run rests on. Raises Http404 for one that it does not."""
    one = run.recipe.get("quantities", {}).get(name)
    if one is None:
        raise Http404
    unit, value = worded(one["unit"]), one["value"]
    shown = _number if one["kind"] in ("formula", "distribution") else _put_in
    return {
        **_frame(run, said(one["label"])),
        "value": shown(value, one["unit"]) if value is not None else "",
        "unit": "" if one["unit"] in YEARS else unit,
        "formula": one["formula"],
        "uses": _uses(run, one["uses"]),
        "parts": [
            {"label": at, "value": numbers.quantity(v, unit, language=language())} for at, v in one["by"].items()
        ],
        "parts_head": _("År") if one["dims"] == ["year"] else _("Del"),
        "parts_note": _("Medelvärden för det alternativ som körningen gäller.") if one["by"] else "",
        "alternatives": [other(row, unit, one["price"]) for row in one["alternatives"]],
        "assumed": one["confidence"] == "assumption",
        "facts": [
            *_facts(one["price"], one["confidence"], said(one["note"]), [one["source"]] if one["source"] else []),
            (_("Namn i kalkylen"), name),
        ],
    }


def parse(key: str) -> tuple[str, dict[str, str]]:
    """``npv[holder=kommunen]`` → its name and coordinates."""
    name, _sep, rest = key.partition("[")
    pairs = (part.partition("=") for part in rest.rstrip("]").split(",") if part)
    return name, {axis: value for axis, _equals, value in pairs}


def said(text: Any) -> str:
    """A text that may be in two languages, in the reader's."""
    if isinstance(text, Mapping):
        return str(text.get(language()) or text.get("sv") or "")
    return str(text or "")


def label(figure: Mapping[str, Any]) -> str:
    """What a figure is called in the reader's language."""
    return str((figure.get("label_en") or figure["label"]) if language() == "en" else figure["label"])


def worded(unit: str) -> str:
    """A unit in the reader's language."""
    return unit_text(unit, language())


def result(run: Run, key: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    """A figure as a row: mean, median and P10–P90, each in a column of its own."""
    one = measured(figure)
    certain = figure["low"] is None
    money = figure["unit"] == "MSEK"
    return {
        "label": label(figure),
        "url": address(run, key),
        "mean": numbers.quantity(figure["value"], worded(figure["unit"]), 1 if money else None, language=language(), signed=True),
        "median": "" if certain or "p50" not in figure["explanation"] else numbers.number(one.p50, 1 if money else None, language=language(), signed=True),
        "spread": "" if certain else spread(one),
        "price": price(figure["price_basis"]),
    }  # fmt: skip


def price(basis: str) -> str:
    """A price basis in words: a year, or nothing."""
    return next((part for part in str(basis).replace(",", " ").split() if part.isdigit()), "")


def other(row: Mapping[str, Any], unit: str, basis: str) -> dict[str, str]:
    """What another source says, in its own price year, and in the book's when it has been restated."""
    value = numbers.quantity(row["value"], unit, as_written(row["value"]), language=language())
    text = [row["source"] or row["name"]]
    text += [confidence(row["confidence"])] if row["confidence"] == "assumption" else []
    if row["price"].isdigit() and row["price"] != basis:
        value += f" ({_('prisår')} {row['price']})"
        stated = row["in_basis"]
        text.append(
            _("Annat prisår, inte omräknat")
            if stated is None
            else _("%(value)s i %(year)s års priser")
            % {"value": numbers.quantity(stated, unit, language=language()), "year": basis}
        )
    text += [said(row["note"])]
    return {"value": value, "text": ". ".join(part.rstrip(".") for part in text if part) + "."}


def _crumbs(run: Run, last: str) -> list[tuple[str, str]]:
    found = [(_("Kalkyler"), reverse("calculations:books"))]
    if run.matter is not None:
        found.append((run.matter.title, reverse("desk:matter", args=[run.matter.uid])))
    return [*found, (run.name, address(run) if last else ""), *([(last, "")] if last else [])]


def _frame(run: Run, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "back": address(run),
        "back_text": _("Tillbaka till körningen"),
        "crumbs": _crumbs(run, str(_("Så räknas det"))),
    }


def _value(figure: Mapping[str, Any]) -> dict[str, Any]:
    one, certain = measured(figure), figure["low"] is None
    error = figure["explanation"].get("error") or 0.0
    return {
        "value": _number(figure["value"], figure["unit"], signed=figure["unit"] == "MSEK"),
        "unit": worded(figure["unit"]),
        "spread": "" if certain else spread(one),
        "median": ""
        if certain or "p50" not in figure["explanation"]
        else _number(one.p50, figure["unit"], signed=True),
        "error": numbers.number(error, 2, language=language()) if error >= 0.005 else "",
    }


def _number(value: float | None, unit: str, *, signed: bool = False) -> str:
    if value is not None and unit in YEARS:
        return f"{value:.0f}"
    return numbers.number(value, 1 if unit == "MSEK" else None, language=language(), signed=signed)


def _put_in(value: float, unit: str) -> str:
    """A value that somebody put in, with the digits it was written with."""
    return f"{value:.0f}" if unit in YEARS else numbers.number(value, as_written(value), language=language())


def _results(run: Run) -> list[str]:
    rank = {name: at for at, name in enumerate(RESULTS)}
    return sorted((key for key in run.figures if parse(key)[0] in rank), key=lambda key: rank[parse(key)[0]])


def _of(run: Run, name: str) -> Iterator[dict[str, Any]]:
    for key, figure in run.figures.items():
        if parse(key)[0] == name:
            yield {**figure, "key": key}


def _assumed(figure: Mapping[str, Any]) -> bool:
    return figure["confidence"] == "assumption" or not figure["sources"]


def _input(run: Run, figure: Mapping[str, Any]) -> dict[str, Any]:
    told = figure["explanation"]
    unit = worded(figure["unit"])
    likely = told.get("likely") or ()
    ends = [_put_in(end, figure["unit"]) for end in likely]
    shown = _put_in(figure["value"], figure["unit"])
    return {
        "label": label(figure),
        "group": said(told.get("group", "")),
        "url": address(run, figure["key"]),
        "value": shown if figure["unit"] in YEARS else f"{shown} {unit}".rstrip(),
        "likely": "–".join(ends) if ends and ends[0] != ends[1] else "",
        "price": price(figure["price_basis"]),
        "source": ", ".join(figure["sources"]),
        "assumed": _assumed(figure),
        "changed": told.get("changed", False),
        "others": [other(row, unit, price(figure["price_basis"])) for row in told.get("alternatives", ())],
    }


def _cash(run: Run) -> Iterator[dict[str, Any]]:
    """Cash by holder: a row per year with its mean and P10–P90."""
    rows: dict[str, list[dict[str, str]]] = {}
    names: dict[str, str] = {}
    for figure in _of(run, CASH):
        _name, at = parse(figure["key"])
        holder, year = at.get("holder", ""), at.get("year", "")
        names.setdefault(holder, label(figure).partition(", ")[2] or holder)
        certain = figure["low"] is None
        rows.setdefault(holder, []).append(
            {
                "year": year,
                "mean": amount(figure["value"], decimals=1),
                "spread": "" if certain else spread(measured(figure), 1),
                "url": address(run, figure["key"]),
            }
        )
    for number, (holder, found) in enumerate(rows.items()):
        yield {"holder": names[holder], "rows": found, "id": f"kassa-{number}"}


def _uses(run: Run, names: list[str]) -> list[dict[str, Any]]:
    found = []
    quantities = run.recipe.get("quantities", {})
    for name in names:
        one = quantities.get(name)
        if one is None:
            continue
        unit = worded(one["unit"])
        shown = _number if one["kind"] in ("formula", "distribution") else _put_in
        value = shown(one["value"], one["unit"]) if one["value"] is not None else ""
        found.append(
            {
                "label": said(one["label"]),
                "value": (value if one["unit"] in YEARS else f"{value} {unit}".rstrip()) or _("olika år"),
                "source": _("räknas fram") if one["formula"] else one["source"],
                "assumed": not one["formula"] and one["confidence"] == "assumption",
                "url": working_address(run, name),
            }
        )
    return found


def _facts(basis: str, sure: str, note: str, sources: list[str]) -> list[tuple[str, str]]:
    rows = [
        (_("Källor") if len(sources) > 1 else _("Källa"), "; ".join(sources)),
        (_("Säkerhet"), confidence(sure) if sure else ""),
        (_("Prisår"), price(basis)),
        (_("Anmärkning"), note),
    ]
    return [(str(term), str(value)) for term, value in rows if value]
