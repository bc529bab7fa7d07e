# SPDX-License-Identifier: EUPL-1.2
"""Assumptions as fields and sliders: unit, likely range, source, reset, and what contradicting sources would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.core.book import Book, Quantity, contradictions
from helhet.core.book.sliders import span
from helhet.core.charts import numbers
from helhet.core.charts.units import unit_text
from helhet.rooms.calculations import engine
from helhet.rooms.calculations.engine import Case
from helhet.rooms.calculations.params import FIELD, OPTION, Asked, plain, reachable
from helhet.rooms.calculations.shown import as_written, confidence, language, text


def groups(
    book: Book, asked: Asked, shared_with: Mapping[str, int], sources: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The assumptions under their headings; what is shared with other cases stands last, under its own."""
    found: dict[str, list[dict[str, Any]]] = {}
    for quantity in reachable(book):
        shared = quantity.origin != book.name
        heading = str(_("Delas med andra kalkyler")) if shared else text(quantity.group) or str(_("Övriga antaganden"))
        found.setdefault(heading, []).append(_item(quantity, asked, shared_with.get(quantity.name, 0), sources))
    last = str(_("Delas med andra kalkyler"))
    ordered = sorted(found.items(), key=lambda pair: (pair[0] == last, pair[0] == str(_("Övriga antaganden"))))
    changed = {f"{FIELD}{name}" for name, _value in asked.position.changes} | {f"{FIELD}{n}" for n in asked.errors}
    return [
        {
            "label": label,
            "items": items,
            "open": at < 2 or label == last or any(item["name"] in changed for item in items),
        }
        for at, (label, items) in enumerate(ordered)
    ]


def before(book: Book, asked: Asked) -> str:
    """What the fields said when the page was made: without script the server finds out which of two moved."""
    return ";".join(f"{q.name}:{_now(q, asked)}" for q in reachable(book))


def choices(book: Book, case: Case) -> list[dict[str, Any]]:
    """The decisions of a book as lists to choose from."""
    return [
        {
            "name": f"{OPTION}{decision.name}",
            "label": text(decision.label),
            "options": [
                {
                    "value": option.name,
                    "label": text(option.label),
                    "selected": option.name == chosen,
                    "reference": option.name == decision.reference,
                }
                for option in decision.options
            ],
        }
        for decision, chosen in zip(engine.decisions_of(book), case.combination, strict=True)
    ]


def changed_list(book: Book, asked: Asked) -> list[dict[str, str]]:
    """What has been changed, from what, and the way back."""
    rows = []
    for name, value in asked.position.changes:
        quantity = book.quantities[name]
        rows.append(
            {
                "label": text(quantity.label),
                "value": with_unit(quantity, value),
                "base": with_unit(quantity, asked.base[name]),
                "reset_url": asked.query(without=name),
            }
        )
    return rows


def disagreeing(case: Case, asked: Asked) -> dict[str, list[dict[str, Any]]]:
    """Other published values by assumption, each with what it would change for the whole."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in contradictions(case.chosen):
        quantity = case.book.quantities[row["quantity"]]
        if quantity.name not in asked.base:
            continue
        said = [row["source"] or row["alternative"]]
        said += [confidence(row["confidence"])] if row["confidence"] == "assumption" else []
        said += [row["note"][language()]] if row["note"]["sv"] else []
        words = ". ".join(part.rstrip(".") for part in said) + "."
        if row["change"] is None:
            words += " " + _("Annat prisår, inte omräknat.")
            end: str | SafeString = words
        else:
            moved = numbers.quantity(row["change"], case.book.currency.text, 1, language=language(), signed=True)
            words += " " + _("Skulle ändra resultatet för helheten med %(value)s.") % {"value": moved}
            url = asked.query(without=quantity.name, **{f"{FIELD}{quantity.name}": plain(row["in_basis"])})
            end = format_html('{} <a href="{}">{}</a>', words, url, _("Räkna med det här"))
        price = f" ({_('prisår')} {row['price']})" if row["price"].isdigit() and row["price"] != quantity.price else ""
        found.setdefault(quantity.name, []).append({"value": with_unit(quantity, row["value"]) + price, "text": end})
    return found


def with_unit(quantity: Quantity, value: float) -> str:
    """A value with its unit; years without thin spaces."""
    if quantity.unit.text in ("år", "year") and 1000 <= value <= 9999:
        return plain(value)
    return numbers.quantity(value, unit_of(quantity), as_written(value), language=language())


def unit_of(quantity: Quantity) -> str:
    """The unit as people read it."""
    words = {"%": _("procent"), "year": "år", "SEK": _("kronor")}
    written = str(words.get(quantity.unit.text, quantity.unit.text)).replace("SEK/", "kr/")
    return unit_text(written, language())


def _now(quantity: Quantity, asked: Asked) -> str:
    return plain(dict(asked.position.changes).get(quantity.name, asked.base[quantity.name]))


def _item(quantity: Quantity, asked: Asked, others: int, sources: Mapping[str, Any]) -> dict[str, Any]:
    reach, base = span(quantity), asked.base[quantity.name]
    value = dict(asked.position.changes).get(quantity.name, base)
    name = quantity.name
    shown = asked.typed.get(name, plain(value)) if name in asked.errors else plain(value)
    rows: Sequence[Any] = sources.get(name, ())
    item: dict[str, Any] = {
        "name": f"{FIELD}{name}",
        "label": text(quantity.label),
        "unit": unit_of(quantity),
        "shown": shown,
        "value": _dot(value),
        "foot": _foot(quantity, others),
        "changed": name in dict(asked.position.changes),
        "reset": plain(base),
        "reset_url": asked.query(without=name),
        "error": asked.errors.get(name, ""),
        "sources": [{"value": with_unit(quantity, base), "text": _chosen(quantity)}, *rows] if rows else (),
        "sources_title": _("%(n)d källor säger olika") % {"n": len(rows) + 1},
    }
    if reach is not None:
        width = reach.most - reach.least
        item |= {"min": _dot(reach.least), "max": _dot(reach.most), "step": _dot(reach.step)}
        item["band"] = {
            "x": f"{(reach.low - reach.least) / width * 100:.2f}%",
            "width": f"{(reach.high - reach.low) / width * 100:.2f}%",
        }
    return item


def _chosen(quantity: Quantity) -> str:
    source = quantity.source or confidence(quantity.confidence)
    return f"{source}. " + _("Vald i kalkylen.")


def _foot(quantity: Quantity, others: int) -> SafeString:
    """Likely range, price year, where it comes from, and who else rests on it."""
    reach = span(quantity)
    parts: list[Any] = []
    if reach is not None and (quantity.range is not None or quantity.distribution is not None):
        # Years stand without a space; what is typed in the field may.
        large = max(abs(reach.low), abs(reach.high)) >= 10_000
        low, high = (
            numbers.number(end, language=language()) if large else plain(end) for end in (reach.low, reach.high)
        )
        parts.append(_("Troligt %(low)s–%(high)s.") % {"low": low, "high": high})
    if quantity.price.isdigit():
        parts.append(_("Prisår %(year)s.") % {"year": quantity.price})
    if quantity.source:
        parts.append(_("Källa: %(source)s.") % {"source": quantity.source.rstrip(".")})
    if others:
        parts.append(ngettext("Rör %(n)d annan kalkyl.", "Rör %(n)d andra kalkyler.", others) % {"n": others})
    told = " ".join(parts)
    if quantity.confidence == "assumption" or not quantity.source:
        tag = format_html('<span class="ds-tag" data-color="warning">{}</span>', _("Antagande"))
        return format_html("{} {}", told, tag)
    return format_html("{}", told)


def _dot(value: float) -> str:
    return plain(value).replace(",", ".")
