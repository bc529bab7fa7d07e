# SPDX-License-Identifier: EUPL-1.2
"""The standard figures of a run, each with its explanation, as decision bases and panels read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import override

from helhet.core.book import ENGINE_VERSION
from helhet.core.book.model import Label
from helhet.foundation import policy
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, keep_run
from helhet.foundation.matters.models import Matter
from helhet.foundation.policy import Standing
from helhet.rooms.calculations import engine, library, measures, shown
from helhet.rooms.calculations.engine import Case, Position
from helhet.rooms.calculations.measures import Measure
from helhet.rooms.calculations.models import Book
from helhet.rooms.calculations.params import base_values, reachable
from helhet.rooms.calculations.workings import alternative, likely, workings

UNIT = "MSEK"
MOST_CASH = 600
MOST_TERMS = 12


def keep(
    *,
    by: Standing,
    book: Book,
    matter: Matter | None,
    position: Position | None = None,
    title: str = "",
    title_en: str = "",
) -> Run:
    """Run a book at a position and keep recipe and figures in a matter. One event: ``run.kept``.

    Raises Forbidden, `BookError`, and :class:`engine.TooHeavy`.
    """
    policy.require(by, "calculation.keep", book)
    parsed, at = library.parsed(book), position or Position()
    with engine.at_work():
        case = engine.case(parsed, at).prepare()
        with override("sv"):
            figures = {figure.key: figure for figure in standard_figures(case)}
    with transaction.atomic():
        return keep_run(
            by=by,
            matter=matter,
            book=book.slug,
            book_hash=case.book.hash,
            title=title or book.title_sv,
            title_en=title_en if title else book.title_en,
            overlay=dict(at.changes),
            seed=engine.SEED,
            samples=case.samples,
            engine=f"helhet.core.book {ENGINE_VERSION}",
            recipe=recipe(case, book),
            figures=figures,
        )


def recipe(case: Case, book: Book) -> dict[str, Any]:
    """All it takes to compute the run again, and which figures to show first."""
    decisions = engine.decisions_of(case.book)
    names = [decision.name for decision in decisions]
    return {
        "book": book.slug,
        "version": book.version,
        "state": book.state,
        "scenario": case.position.scenario,
        "options": dict(zip(names, case.combination, strict=True)),
        "reference": dict(zip(names, engine.reference_of(case.book), strict=True)),
        "against": {lang: _in(lang, case) for lang in ("sv", "en")},
        "npv_year": case.npv_year,
        "years": [case.effect.years[0], case.effect.years[-1]],
        "headline": headline(case),
        "quantities": workings(case),
    }


def _in(lang: str, case: Case) -> str:
    with override(lang):
        return shown.against(case)


def headline(case: Case) -> list[str]:
    """The figures a panel shows: the main holder, everybody, and the effects in their own units."""
    effects = [effect_key(one) for one in measures.own_units(case)][:2]
    return [key("npv", holder=measures.main_holder(case.book)), "total", *effects]


def key(name: str, /, **coordinates: object) -> str:
    """``npv[holder=kommunen]``."""
    inner = ",".join(f"{axis}={value}" for axis, value in coordinates.items())
    return f"{name}[{inner}]" if inner else name


def effect_key(one: measures.OwnUnit) -> str:
    return key("effect_per_year" if one.per_year is not None else "effect", name=one.name)


def standard_figures(case: Case) -> Iterator[Figure]:
    """Present values, cash by holder and year, effects in own units, the gap, and every assumption."""
    yield from _money(case)
    yield from _cash(case)
    yield from _effects(case)
    yield from _gap(case)
    yield from _inputs(case)


def _money(case: Case) -> Iterator[Figure]:
    labels, parents = measures.labels_of(case.book), measures.parents_of(case.book)
    branches = dict(measures.tree_sums(case.effect, parents))
    main = measures.main_holder(case.book)
    branches.setdefault(main, measures.rows_of(case.effect, parents, main))
    for holder, rows in branches.items():
        yield _holder(case, holder, rows, labels)
    for holder in measures.by_holder(case.effect):
        if holder not in branches:
            yield _holder(case, holder, [case.effect.holders.index(holder)], labels)
    text = Label("Nuvärde för alla tillsammans, bara pengar", "Present value for everybody together, money only")
    yield _figure("total", text, measures.total(case.effect), case, _terms(engine.posted(case, None)))


def _holder(case: Case, holder: str, rows: Sequence[int], labels: Mapping[str, Label]) -> Figure:
    name = labels.get(holder, Label(holder))
    label = Label(f"Nuvärde, {name.text('sv')}", f"Present value, {name.text('en')}")
    one = measures.npv(case.effect, rows)
    return _figure(key("npv", holder=holder), label, one, case, _terms(engine.posted(case, rows)))


def _cash(case: Case) -> Iterator[Figure]:
    labels, parents = measures.labels_of(case.book), measures.parents_of(case.book)
    branches = dict(measures.tree_sums(case.effect, parents))
    single = {h: [case.effect.holders.index(h)] for h in measures.touched(case.effect) if h not in branches}
    room = MOST_CASH // max(len(case.effect.years), 1)
    for holder, rows in list({**branches, **single}.items())[: max(room, 1)]:
        name = labels.get(holder, Label(holder))
        for year, one in zip(case.effect.years, measures.yearly(case.effect, rows), strict=True):
            label = Label(f"Kassaflöde {year}, {name.text('sv')}", f"Cash flow {year}, {name.text('en')}")
            yield _figure(key("cash", holder=holder, year=year), label, one, case, ())


def _effects(case: Case) -> Iterator[Figure]:
    for one in measures.own_units(case):
        told = {
            "affects": one.group.as_dict(),
            "valued": one.valued,
            "better": one.better,
            "formula": _formula_of(case, one.name),
        }
        common = {"confidence": one.confidence, "sources": (one.source,) if one.source else (), "explanation": told}
        yield _own(key("effect", name=one.name), one.label, one.total, one.unit, common)
        if one.per_year is not None:
            label = Label(f"{one.label.text('sv')}, per år", f"{one.label.text('en')}, per year")
            yield _own(key("effect_per_year", name=one.name), label, one.per_year, f"{one.unit} per år", common)


def _own(name: str, label: Label, one: Measure, unit: str, common: Mapping[str, Any]) -> Figure:
    low, high = (None, None) if one.certain else (one.p10, one.p90)
    return Figure(name, label.text("sv"), one.mean, unit, low, high, label_en=label.text("en"), **common)


def _gap(case: Case) -> Iterator[Figure]:
    choice = case.choice
    if choice is None or not choice.deciders:
        return
    labels = measures.labels_of(case.book)
    formula = Label(
        "Det alla skulle välja tillsammans minus det var och en väljer ensam",
        "What all would choose together minus what each chooses alone",
    )
    for holder, one in measures.gaps(choice).items():
        name = labels.get(holder, Label(holder))
        label = Label(f"Glappet, {name.text('sv')}", f"The gap, {name.text('en')}")
        yield _figure(key("gap", holder=holder), label, one, case, (), formula)
    everybody = Label("Glappet, alla tillsammans", "The gap, everybody together")
    yield _figure("gap_total", everybody, measures.gap_total(choice), case, (), formula)
    least = measures.side_payment(choice)
    text = Label("Minsta överföring så att ingen förlorar", "Least transfer so that nobody loses")
    yield _figure("side_payment", text, Measure(least, least, least, least), case, (), formula)


def _inputs(case: Case) -> Iterator[Figure]:
    values = {**base_values(case.book, case.position.scenario), **dict(case.position.changes)}
    for quantity in reachable(case.book):
        confidence = quantity.confidence or ("" if quantity.source else "assumption")
        yield Figure(
            key("input", name=quantity.name),
            quantity.label.text("sv"),
            values[quantity.name],
            quantity.unit.text,
            price_basis=quantity.price if quantity.price.isdigit() else "",
            confidence=confidence,
            sources=(quantity.source,) if quantity.source else (),
            explanation={
                "note": quantity.note.as_dict(),
                "changed": quantity.name in dict(case.position.changes),
                "group": quantity.group.as_dict(),
                "likely": likely(quantity),
                "alternatives": [alternative(row) for row in quantity.alternatives],
            },
            label_en=quantity.label.text("en"),
        )


def _figure(
    name: str, label: Label, one: Measure, case: Case, terms: Sequence[Mapping[str, Any]], formula: Label | None = None
) -> Figure:
    low, high = (None, None) if one.certain else (one.p10, one.p90)
    said = formula or Label(
        f"Summan av betalningarna, {_in('sv', case)}", f"The sum of the payments, {_in('en', case)}"
    )
    explanation: dict[str, Any] = {
        "formula": said.as_dict(),
        "inputs": list(terms),
        "p50": one.p50,
        "error": one.error,
        "samples": case.samples,
    }
    basis = f"fasta priser, {case.book.price_year}" if case.book.price_year.isdigit() else case.book.price_year
    sources = tuple(dict.fromkeys(q.source for q in reachable(case.book) if q.source))
    return Figure(name, label.text("sv"), one.mean, UNIT, low, high, basis, "", sources, explanation, label.text("en"))


def _terms(posted: Sequence[tuple[Any, float]]) -> list[dict[str, Any]]:
    rows = [
        {"name": flow.name, "label": flow.label.as_dict(), "value": value, "unit": UNIT}
        for flow, value in posted
        if abs(value) > 1e-9
    ]
    return sorted(rows, key=lambda row: -abs(row["value"]))[:MOST_TERMS]


def _formula_of(case: Case, name: str) -> str:
    return case.book.quantities[name].formula
