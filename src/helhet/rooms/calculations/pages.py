# SPDX-License-Identifier: EUPL-1.2
"""Everything that the page of a book shows, put together: the case beside the whole, per holder and year."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.core.book.sliders import centre
from helhet.core.charts import numbers
from helhet.foundation.policy import can
from helhet.rooms.calculations import engine, inputs, measures, params, selectors, shown
from helhet.rooms.calculations.desk import Desk, explain_url, keep_url
from helhet.rooms.calculations.engine import Case
from helhet.rooms.calculations.measures import Course, Measure
from helhet.rooms.calculations.models import Book
from helhet.rooms.calculations.scenarios import compared, moved_cases, scenario_pills, shared_names

CEILINGS = ("investeringstak", "tak")


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
    course = measures.course(case.effect, rows)
    who = shown.name_of(labels, desk.holder)
    basis = against(desk)
    last = case.effect.years[-1]
    total = _("Samlat kassaflöde, %(who)s, %(against)s.") % {"who": who, "against": basis}
    note = _("Väntat nuvärde till %(year)s, %(against)s.") % {"year": last, "against": basis}
    return context | {
        "heads": heads(desk),
        "views": views(desk, rows, course, who),
        "holders_chart": shown.holders_chart(case, note),
        "beside": beside(desk),
        "gap": gap(case),
        "fan": shown.fan_chart(course, who, total),
        "years_chart": shown.years_chart(
            case, whole, _("Det här ärendet") if desk.matter else _("Den här kalkylen"), ceiling(desk)
        ),
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


def views(desk: Desk, rows: list[int], course: Course, who: str) -> list[dict[str, Any]]:
    """Cash, holder, everybody: the case and the whole side by side."""
    case, whole = desk.case, desk.whole
    assert case is not None and whole is not None
    all_rows = measures.whole_rows(whole, desk.holder)
    deep, year = measures.deepest(course)
    whole_deep, whole_year = measures.deepest(measures.course(whole.effect, all_rows))
    last = case.effect.years[-1]
    whole_last = whole.effect.years[-1]
    return [
        _view(desk, "kassa", _("Kassaflöde"), _("Djupaste punkt, %(who)s") % {"who": who},
              (deep, _("MSEK, %(year)s") % {"year": year}), (whole_deep, _("MSEK, %(year)s") % {"year": whole_year}), "kassa"),
        _view(desk, "budgethallare", _("Per budgethållare"), _("Nuvärde till %(year)s, %(who)s") % {"year": last, "who": who},
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
        {
            "holder": shown.name_of(labels, h),
            "value": shown.amount(m.mean, decimals=1),
            "spread": shown.spread(m),
            "loses": m.mean < 0,
        }
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
        said.append(
            _("Kalkylränta %(rate)s.") % {"rate": numbers.quantity(value, rate.unit.text, language=shown.language())}
        )
    said.append(_("%(n)s dragningar.") % {"n": numbers.number(case.samples, 0, language=shown.language())})
    if whole.left_out:
        said.append(_("Räknas inte in i helheten: %(names)s.") % {"names": ", ".join(whole.left_out)})
    hidden = selectors.hidden_cases(
        desk.actor, [row for row in desk.rows.values() if row.state == Book.State.APPROVED and row.is_case]
    )
    if hidden:
        said.append(_("%(n)d kalkyler som du inte får läsa ingår inte i helheten.") % {"n": hidden})
    return " ".join(said)


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
        keys = [
            *(h for h, _rows in measures.tree_sums(case.effect, measures.parents_of(case.book))),
            *measures.by_holder(case.effect),
        ]
        keys = list(dict.fromkeys([measures.main_holder(case.book), *keys]))
        holders = [{"value": h, "label": shown.name_of(labels, h), "selected": h == desk.holder} for h in keys]
    return {
        "groups": inputs.groups(desk.book, desk.asked, users, sources),
        "before": inputs.before(desk.book, desk.asked),
        "choices": inputs.choices(desk.book, case) if case else [],
        "holders": holders,
        "may_save": can(desk.actor, "calculation.save_scenario", desk.row),
    }
