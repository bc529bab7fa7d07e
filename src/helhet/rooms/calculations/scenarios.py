# SPDX-License-Identifier: EUPL-1.2
"""Scenarios side by side, and cases that move together because they share assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.core.book import Book as Parsed
from helhet.core.book import BookError
from helhet.rooms.calculations import engine, measures, params, shown
from helhet.rooms.calculations.desk import Desk
from helhet.rooms.calculations.engine import Case, Position
from helhet.rooms.calculations.measures import Measure

MOST_SCENARIOS = 8


def scenario_pills(desk: Desk) -> list[dict[str, Any]]:
    """The book's scenarios and saved ones, as links that keep what has been changed by hand."""
    asked = desk.asked
    now = str(asked.saved.uid) if asked.saved else asked.position.scenario
    pills = [{"label": _("Grundfall"), "url": asked.query(scenario=""), "current": not now, "key": ""}]
    for name, scenario in desk.book.scenarios.items():
        url = asked.query(scenario=name)
        pills.append({"label": shown.text(scenario.label), "url": url, "current": now == name, "key": name})
    beyond = [asked.saved] if asked.saved and asked.saved not in desk.saved else []
    for saved in [*desk.saved, *beyond]:
        key = str(saved.uid)
        url = "?" + "&".join(filter(None, (f"sparat={key}", f"arende={asked.matter}" if asked.matter else "")))
        pills.append({"label": saved.name, "url": url, "current": now == key, "key": key})
    return pills


def compared(desk: Desk) -> dict[str, Any]:
    """Scenarios side by side: the holder shown, the holder who gains most, the whole. All share the same draws."""
    case = desk.case
    assert case is not None
    labels, parents = measures.labels_of(case.book), measures.parents_of(case.book)
    found = measures.by_holder(case.effect)
    inside = {case.effect.holders[row] for row in measures.rows_of(case.effect, parents, desk.holder)}
    others = {h: m for h, m in found.items() if h not in inside}
    third = max(others, key=lambda h: abs(others[h].mean)) if others else ""
    options = desk.asked.position.options
    positions = [(str(_("Grundfall")), Position(options=options))]
    positions += [
        (shown.text(s.label), Position(n, options)) for n, s in list(desk.book.scenarios.items())[:MOST_SCENARIOS]
    ]
    for saved in desk.saved[:MOST_SCENARIOS]:
        chosen = tuple(sorted({**dict(options), **saved.options}.items()))
        positions.append((saved.name, Position(saved.on, chosen, tuple(sorted(saved.overlay.items())))))
    if desk.asked.position.changes and desk.asked.saved is None:
        positions.insert(0, (str(_("Det du ser nu")), desk.asked.position))
    pair = (desk.holder, third)
    rows = [_compared(label, case.book, position, pair, parents) for label, position in positions]
    heads = [shown.name_of(labels, desk.holder), *([shown.name_of(labels, third)] if third else []), str(_("Helheten"))]
    return {"heads": heads, "rows": [row for row in rows if row]}


def _compared(
    label: str, book: Parsed, position: Position, holders: tuple[str, str], parents: Mapping[str, str]
) -> dict[str, Any] | None:
    """One scenario's figures; they are kept, since the hand moves one row only."""
    try:
        case = engine.case(book, position)
        found = engine.figure(f"compared|{holders}|{case.key}", lambda: _three(case, holders, parents))
    except BookError:
        return None
    cells = [{"value": shown.amount(m.mean, decimals=1), "spread": "" if m.certain else shown.spread(m)} for m in found]
    return {"label": label, "cells": cells}


def _three(case: Case, holders: tuple[str, str], parents: Mapping[str, str]) -> list[Measure]:
    found = [measures.npv(case.effect, measures.rows_of(case.effect, parents, holders[0]))]
    if holders[1]:
        found.append(measures.npv(case.effect, [case.effect.holders.index(holders[1])]))
    return [*found, measures.total(case.effect)]


def moved_cases(desk: Desk) -> dict[str, Any]:
    """Cases that rest on the same shared assumptions, and what the hand does to each of them."""
    changed = engine.shared_overlay(desk.book, desk.asked.position) if desk.case else desk.asked.position.changes
    touched = {name for name, _value in changed}
    rows, before, after = [], 0.0, 0.0
    for slug, case in desk.cases.items():
        own = slug == desk.row.slug
        names = set(dict(case.position.changes)) if own else shared_names(desk.book, case.book)
        if not (names & touched if changed else names and not own):
            continue
        now = case.total
        base = _unmoved(desk, slug, case)
        before, after = before + base, after + now
        rows.append(
            {
                "label": desk.rows[slug].title,
                "url": reverse("calculations:book", args=[slug]),
                "before": shown.amount(base, decimals=1),
                "after": shown.amount(now, decimals=1),
                "change": shown.amount(now - base, decimals=1) if changed else "",
                "self": own,
            }
        )
    total = {"before": shown.amount(before, decimals=1), "after": shown.amount(after, decimals=1),
             "change": shown.amount(after - before, decimals=1)}  # fmt: skip
    return {"rows": rows, "any": bool(changed), "total": total}


def shared_names(book: Parsed, other: Parsed) -> set[str]:
    """Inputs that both rest on, coming from the same shared book."""
    mine = {q.name: q.origin for q in params.reachable(book)}
    theirs = {q.name: q.origin for q in params.reachable(other)}
    own = {book.name, other.name} if book.flows else {other.name}
    return {name for name, origin in mine.items() if theirs.get(name) == origin and origin not in own}


def _unmoved(desk: Desk, slug: str, case: Case) -> float:
    """The same case with the shared assumptions as they were."""
    if not case.position.changes:
        return case.total
    shared = {name for name, _value in engine.shared_overlay(desk.book, desk.asked.position)} if desk.case else set()
    kept = () if slug != desk.row.slug else tuple((n, v) for n, v in case.position.changes if n not in shared)
    position = Position(case.position.scenario, case.position.options, kept)
    return engine.case(case.book, position, npv_year=desk.book.npv_year).total
