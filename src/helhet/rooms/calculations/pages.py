# SPDX-License-Identifier: EUPL-1.2
"""Everything that the page of a book shows, put together: the case beside the whole, per holder and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.core.book import Book as Parsed
from helhet.core.book import BookError
from helhet.core.book.sliders import centre
from helhet.core.charts import numbers
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.services import throttle
from helhet.foundation.policy import Standing, can
from helhet.rooms.calculations import engine, inputs, library, measures, params, selectors, shown
from helhet.rooms.calculations.engine import Case, Position, Whole
from helhet.rooms.calculations.measures import Measure
from helhet.rooms.calculations.models import Book, Scenario
from helhet.rooms.calculations.params import Asked

#: Every tenth run of a process is counted across processes, so that a hand on a slider writes little.
COUNTED = 10
PLAY_LIMIT = (90, 60)
MOST_SCENARIOS = 8
CEILINGS = ("investeringstak", "tak")
_played: dict[str, int] = {}


@dataclass
class Desk:
    """One reader at one book: what was asked, the case, the whole, and what could not be counted in."""

    actor: Standing
    row: Book
    book: Parsed
    asked: Asked
    matter: Matter | None
    case: Case | None = None
    whole: Whole | None = None
    cases: Mapping[str, Case] = field(default_factory=dict)
    rows: Mapping[str, Book] = field(default_factory=dict)

    @property
    def holder(self) -> str:
        return self.asked.holder or measures.main_holder(self.book)

    @cached_property
    def saved(self) -> list[Scenario]:
        """Saved scenarios that the reader may see."""
        return selectors.scenarios_of(self.actor, self.row)

    @cached_property
    def explaining(self) -> str:
        """Where figures of this position are explained; what is asked for is put on at the end."""
        query = self.asked.query()
        return reverse("calculations:explain", args=[self.row.slug]) + (query if query != "?" else "")

    @property
    def word(self) -> str:
        return shown.case_word(self.matter is not None)


def open_desk(actor: Standing, row: Book, query: QueryDict, who: str, *, with_choice: bool = True) -> Desk:
    """Read the address, run the case and the whole. What is wrong in the address leaves the reference on the page."""
    book = library.parsed(row)
    saved = selectors.get_scenario(actor, row, query.get("sparat", "")) if query.get("sparat") else None
    asked = params.read(query, book, saved)
    if query.get("sparat") and saved is None:
        asked.general.append(str(_("Scenariot finns inte, eller är inte delat med dig.")))
    count_play(who)
    desk = Desk(actor, row, book, asked, selectors.get_matter_of(actor, row, asked.matter))
    with engine.at_work():
        try:
            _run(desk, with_choice)
        except BookError as error:
            problem = error.problems[0]
            asked.general.append(problem.message(shown.language()))
            desk.asked = replace(asked, position=Position())
            _run(desk, with_choice)
    return desk


def _run(desk: Desk, with_choice: bool) -> None:
    """The case first, then the others with what is shared moved along."""
    position = desk.asked.position
    found: dict[str, Case] = {}
    if desk.book.flows:
        desk.case = engine.case(desk.book, position)
        if with_choice:
            desk.case.prepare()
        found[desk.row.slug] = desk.case
    rows = {row.slug: row for row in selectors.approved_cases(desk.actor)}
    books = library.parsed_all(list(rows.values()))
    left_out = []
    for slug, row in rows.items():
        if slug == desk.row.slug:
            continue
        other = books[row.pk]
        if not other.ok or other.price_year != desk.book.price_year:
            left_out.append(row.title)
            continue
        try:
            moved = engine.shared_part(desk.book, other, position)
            found[slug] = engine.case(other, moved, npv_year=desk.book.npv_year)
        except (BookError, engine.TooHeavy):
            left_out.append(row.title)
    desk.cases, desk.rows = found, {**rows, desk.row.slug: desk.row}
    desk.whole = engine.whole(found, left_out) if found else None


def count_play(who: str) -> None:
    """Bound how often one visitor may have things calculated; raises TooMany."""
    if len(_played) > 10_000:
        _played.clear()
    _played[who] = _played.get(who, 0) + 1
    if _played[who] % COUNTED == 0:
        throttle(f"play:{who}", limit=PLAY_LIMIT[0], per_s=PLAY_LIMIT[1])


def result_context(desk: Desk) -> dict[str, Any]:
    """What stands to the right: every figure of the page."""
    case, whole = desk.case, desk.whole
    context: dict[str, Any] = {
        "book": desk.row,
        "asked": desk.asked,
        "scenarios": scenario_pills(desk),
        "changed": inputs.changed_list(desk.book, desk.asked),
        "moved": moved_cases(desk),
        "word": desk.word,
    }
    if case is None or whole is None:
        return context | {"library": True, "holder_label": ""}
    labels = measures.labels_of(case.book)
    rows = measures.rows_of(case.effect, measures.parents_of(case.book), desk.holder)
    who = shown.name_of(labels, desk.holder)
    basis = against(desk)
    last = case.effect.years[-1]
    note = _("Väntat nuvärde till %(year)s, %(against)s.") % {"year": last, "against": basis}
    return context | {
        "heads": heads(desk),
        "views": views(desk, rows, who),
        "holders_chart": shown.holders_chart(case, note),
        "beside": beside(desk),
        "gap": gap(case),
        "fan": shown.fan_chart(case, rows, who, _("Samlat kassaflöde, %(who)s, %(against)s.") % {"who": who, "against": basis}),
        "years_chart": shown.years_chart(case, whole, _("Det här ärendet") if desk.matter else _("Den här kalkylen"), ceiling(desk)),
        "items_chart": shown.items_chart(case, rows, who, _("Nuvärde för %(who)s, post för post.") % {"who": who}),
        "by_year": by_year(desk, rows),
        "compared": compared(desk),
        "effects": shown.effects_rows(case),
        "holder_label": who,
        "pin": pin(case, rows, who),
        "note": trust(desk),
        "keep_url": keep_url(desk),
        "span": f"{case.effect.years[0]}–{last}",
        "explain_url": explain_url(desk, q=""),
    }


def against(desk: Desk) -> str:
    return shown.against(desk.case) if desk.case else ""


def heads(desk: Desk) -> tuple[str, str]:
    """What the two columns are."""
    count = len(desk.cases)
    whole = ngettext("Helheten, %(n)d kalkyl", "Helheten, %(n)d kalkyler", count) % {"n": count}
    return f"{desk.word}, {against(desk)}", whole


def views(desk: Desk, rows: list[int], who: str) -> list[dict[str, Any]]:
    """Cash, holder, everybody: the case and the whole side by side."""
    case, whole = desk.case, desk.whole
    assert case is not None and whole is not None
    all_rows = measures.whole_rows(whole, desk.holder)
    deep, year = measures.deepest(case.effect, rows)
    whole_deep, whole_year = measures.deepest(whole.effect, all_rows)
    last = case.effect.years[-1]
    whole_last = whole.effect.years[-1]
    return [
        _view(desk, "kassa", _("Kassaflöde"), _("Djupaste punkt, %(who)s") % {"who": who},
              (deep, _("MSEK, %(year)s") % {"year": year}), (whole_deep, _("MSEK, %(year)s") % {"year": whole_year}), "kassa"),
        _view(desk, "hallare", _("Per budgethållare"), _("Nuvärde till %(year)s, %(who)s") % {"year": last, "who": who},
              (measures.npv(case.effect, rows), "MSEK"), (measures.npv(whole.effect, all_rows), _till(whole_last, last)), "npv"),
        _view(desk, "samhalle", _("Samhälle"), _("Nuvärde till %(year)s, alla parter, bara pengar") % {"year": last},
              (measures.total(case.effect), "MSEK"), (measures.total(whole.effect), _till(whole_last, last)), "total"),
    ]  # fmt: skip


def _till(year: int, other: int) -> str:
    return "MSEK" if year == other else str(_("MSEK till %(year)s") % {"year": year})


def _view(
    desk: Desk, anchor: str, title: str, fine: str, own: tuple[Measure, str], whole: tuple[Measure, str], figure: str
) -> dict[str, Any]:
    names = heads(desk)
    query = {"q": figure} if figure == "total" else {"q": figure, "h": desk.holder}
    return {
        "anchor": anchor,
        "title": title,
        "fine": fine,
        "sides": [
            _side(desk.word, own, f"f-{anchor}", explain_url(desk, **query), title, fine),
            _side(names[1], whole, f"h-{anchor}", explain_url(desk, helhet="1", **query), title, fine),
        ],
    }


def _side(tag: str, figure: tuple[Measure, str], fig: str, url: str, title: str, fine: str) -> dict[str, Any]:
    one, unit = figure
    lineage = [
        (_("Väntat"), f"{shown.amount(one.mean)} MSEK"),
        (_("Mitten (P50)"), f"{shown.amount(one.p50)} MSEK"),
        (_("Åtta fall av tio"), shown.spread(one)),
        (_("Dragningarnas fel"), _("± %(value)s MSEK") % {"value": shown.amount(one.error, signed=False, decimals=2)}),
    ]
    return {
        "tag": tag,
        "value": shown.amount(one.mean),
        "unit": unit,
        "fine": shown.spread(one),
        "fig": fig,
        "url": url,
        "title": f"{title}: {fine}",
        "lineage": lineage,
    }


def beside(desk: Desk) -> list[dict[str, str]]:
    """Present value by holder for the case and the whole, side by side."""
    case, whole = desk.case, desk.whole
    assert case is not None and whole is not None
    mine, all_of = measures.by_holder(case.effect), measures.by_holder(whole.effect)
    rows = [
        _beside(shown.name_of(whole.labels, h), mine.get(h), all_of.get(h), explain_url(desk, q="npv", h=h))
        for h in dict.fromkeys((*mine, *all_of))
    ]
    total = _beside(_("Alla tillsammans"), measures.total(case.effect), measures.total(whole.effect), "")
    return [*rows, total | {"sum": "1"}]


def _beside(label: str, own: Measure | None, whole: Measure | None, url: str) -> dict[str, str]:
    return {
        "label": str(label),
        "own": shown.amount(own.mean, decimals=1) if own else "–",
        "own_spread": shown.spread(own, 0) if own and not own.certain else "",
        "whole": shown.amount(whole.mean, decimals=1) if whole else "–",
        "whole_spread": shown.spread(whole, 0) if whole and not whole.certain else "",
        "url": url if own else "",
    }


def gap(case: Case) -> dict[str, Any] | None:
    """What each chooses alone, what all would choose together, and who bears the difference."""
    choice = case.choice
    if choice is None or not choice.deciders:
        return None
    labels = measures.labels_of(case.book)
    decisions = engine.decisions_of(case.book)
    together = dict(zip(choice.decisions, choice.together, strict=True))
    alone = dict(zip(choice.decisions, choice.alone, strict=True))
    parties = []
    for decision in decisions:
        names = {option.name: shown.text(option.label) for option in decision.options}
        parties.append(
            {
                "holder": shown.name_of(labels, decision.holder),
                "label": shown.text(decision.label),
                "alone": names[alone[decision.name]],
                "together": names[together[decision.name]],
                "differs": alone[decision.name] != together[decision.name],
            }
        )
    borne = [
        {"holder": shown.name_of(labels, h), "value": shown.amount(m.mean, decimals=1), "spread": shown.spread(m), "loses": m.mean < 0}
        for h, m in measures.gaps(choice).items()
    ]
    total, payment = measures.gap_total(choice), measures.side_payment(choice)
    return {
        "parties": parties,
        "same": choice.alone == choice.together,
        "borne": borne,
        "total": shown.amount(total.mean, signed=False, decimals=1),
        "spread": shown.spread(total),
        "payment": shown.amount(payment, signed=False, decimals=1) if payment > 0.05 else "",
        "losers": [row["holder"] for row in borne if row["loses"]],
    }


def ceiling(desk: Desk) -> float | None:
    """A yearly ceiling in MSEK when a book of the case gives one."""
    for name in CEILINGS:
        quantity = desk.book.quantities.get(name)
        if quantity is not None and quantity.is_input:
            value = dict(desk.asked.position.changes).get(name, centre(quantity))
            if value is not None:
                return value * quantity.unit.factor / engine.MILLION
    return None


def by_year(desk: Desk, rows: list[int]) -> list[dict[str, Any]]:
    """Net cash year by year for the holder shown: the case and the whole with P10–P90."""
    case, whole = desk.case, desk.whole
    assert case is not None and whole is not None
    own = dict(zip(case.effect.years, measures.yearly(case.effect, rows), strict=True))
    found = []
    for year, one in zip(
        whole.effect.years, measures.yearly(whole.effect, measures.whole_rows(whole, desk.holder)), strict=True
    ):
        mine = own.get(year)
        found.append(
            {
                "year": year,
                "own": shown.amount(mine.mean, decimals=1) if mine else "–",
                "own_spread": shown.spread(mine, 1) if mine and not mine.certain else "",
                "whole": shown.amount(one.mean, decimals=1),
                "whole_spread": shown.spread(one, 1) if not one.certain else "",
                "url": explain_url(desk, q="cash", h=desk.holder, y=str(year)) if mine else "",
            }
        )
    return found


def scenario_pills(desk: Desk) -> list[dict[str, Any]]:
    """The book's scenarios and saved ones, as links that keep what has been changed by hand."""
    asked = desk.asked
    now = str(asked.saved.uid) if asked.saved else asked.position.scenario
    pills = [{"label": _("Grundfall"), "url": asked.query(scenario="") , "current": not now, "key": ""}]
    for name, scenario in desk.book.scenarios.items():
        url = asked.query(scenario=name)
        pills.append({"label": shown.text(scenario.label), "url": url, "current": now == name, "key": name})
    for saved in desk.saved:
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
    positions += [(shown.text(s.label), Position(n, options)) for n, s in list(desk.book.scenarios.items())[:MOST_SCENARIOS]]
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


def pin(case: Case, rows: list[int], who: str) -> list[tuple[str, str]]:
    """The two figures beside the buttons."""
    own, total = measures.npv(case.effect, rows), measures.total(case.effect)
    return [(f"{shown.amount(own.mean)} MSEK", who), (f"{shown.amount(total.mean)} MSEK", str(_("Helheten")))]


def trust(desk: Desk) -> str:
    """What must be known to trust the page."""
    case, whole = desk.case, desk.whole
    assert case is not None and whole is not None
    assumed = sum(1 for q in params.reachable(desk.book) if q.confidence == "assumption" or not q.source)
    count = len(params.reachable(desk.book))
    said = [_("%(assumed)d av %(n)d värden är antaganden, resten har källa.") % {"assumed": assumed, "n": count}]
    if desk.book.price_year.isdigit():
        said.append(_("Fasta priser i %(year)s års nivå.") % {"year": desk.book.price_year})
    rate = desk.book.quantities.get(desk.book.discount_rate)
    if rate is not None:
        value = dict(desk.asked.position.changes).get(rate.name, centre(rate))
        said.append(_("Kalkylränta %(rate)s.") % {"rate": numbers.quantity(value, rate.unit.text, language=shown.language())})
    said.append(_("%(n)s dragningar.") % {"n": numbers.number(case.samples, 0, language=shown.language())})
    if whole.left_out:
        said.append(_("Räknas inte in i helheten: %(names)s.") % {"names": ", ".join(whole.left_out)})
    hidden = selectors.hidden_cases(desk.actor, [row for row in desk.rows.values() if row.state == Book.State.APPROVED and row.is_case])
    if hidden:
        said.append(_("%(n)d kalkyler som du inte får läsa ingår inte i helheten.") % {"n": hidden})
    return " ".join(said)


def keep_url(desk: Desk) -> str:
    """Where this run is kept in the matter; '' for those who may not, or when there is none."""
    if desk.matter is None or not can(desk.actor, "calculation.keep", desk.row) or not can(desk.actor, "figure.keep_run", desk.matter):
        return ""
    return reverse("calculations:keep", args=[desk.row.slug]) + desk.asked.query()


def explain_url(desk: Desk, **query: str) -> str:
    """The address of a figure's explanation at this position."""
    return f"{desk.explaining}&{urlencode(query)}" if "?" in desk.explaining else f"{desk.explaining}?{urlencode(query)}"


def form_context(desk: Desk) -> dict[str, Any]:
    """What stands to the left: assumptions, choices, holder."""
    case = desk.case
    sources = inputs.disagreeing(case, desk.asked) if case else {}
    users: dict[str, int] = {}
    for slug, other in desk.cases.items():
        if slug != desk.row.slug:
            for name in shared_names(desk.book, other.book):
                users[name] = users.get(name, 0) + 1
    holders = []
    if case is not None:
        labels = measures.labels_of(case.book)
        keys = [*(h for h, _rows in measures.tree_sums(case.effect, measures.parents_of(case.book))), *measures.by_holder(case.effect)]
        keys = list(dict.fromkeys([measures.main_holder(case.book), *keys]))
        holders = [{"value": h, "label": shown.name_of(labels, h), "selected": h == desk.holder} for h in keys]
    return {
        "groups": inputs.groups(desk.book, desk.asked, users, sources),
        "before": inputs.before(desk.book, desk.asked),
        "choices": inputs.choices(desk.book, case) if case else [],
        "holders": holders,
        "may_save": can(desk.actor, "calculation.save_scenario", desk.row),
    }
