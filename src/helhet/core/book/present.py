# SPDX-License-Identifier: EUPL-1.2
"""Runs, explanations and choices as plain lines for a shell, in Swedish or English."""

from __future__ import annotations

import numpy as np

from helhet.core.book.choose import Choice
from helhet.core.book.explain import Explanation
from helhet.core.book.model import HOLDER, Book
from helhet.core.book.results import Run

_THIN = "\u202f"
_WORDS = {
    "sv": {
        "npv": "Nuvärde", "expected": "väntat", "total": "Helheten i pengar", "effects": "Effekter i egna enheter",
        "unvalued": "utan värde i pengar", "source": "källa", "assumption": "antagande", "alone": "Var för sig",
        "together": "Tillsammans", "gap": "Glappet", "pay": "Måste föras över för att ingen ska förlora",
        "balance": "Jämvikter", "price": "prisnivå",
    },
    "en": {
        "npv": "Present value", "expected": "expected", "total": "The whole in money", "effects": "Effects in own units",
        "unvalued": "not valued in money", "source": "source", "assumption": "assumption", "alone": "Alone",
        "together": "Together", "gap": "The gap", "pay": "Must be handed over so that nobody loses",
        "balance": "Equilibria", "price": "price basis",
    },
}  # fmt: skip


def number(value: float, lang: str = "sv", digits: int = 1) -> str:
    """`−1 234,5` in Swedish (thin space, minus sign), `−1,234.5` in English."""
    text = f"{abs(value):,.{digits}f}"
    if lang != "en":
        text = text.replace(",", _THIN).replace(".", ",")
    return ("−" if value < 0 and float(f"{value:.{digits}f}") != 0 else "") + text


def figure(value: float, unit: str, lang: str) -> str:
    """A number with as many decimals as it needs, three at most; years are written without spaces."""
    if value == int(value):
        return str(int(value)) if unit in ("år", "year") else number(value, lang, 0)
    return number(value, lang, 3)


def holder_label(book: Book, holder: str, lang: str) -> str:
    categories = book.dimensions[HOLDER].categories if HOLDER in book.dimensions else ()
    return next((c.label.text(lang) for c in categories if c.key == holder), holder)


def run_lines(run: Run, lang: str) -> list[str]:
    """Present value by holder with P10–P90, the whole, effects."""
    words, unit = _WORDS[lang], run.book.currency.text
    npv, total = run.npv(), run.total()
    lines = [f"{run.book.title.text(lang)} – {words['npv']}, {unit}, {words['price']} {run.book.price_year}"]
    wholes = run.branches()
    rows = [
        (holder_label(run.book, h, lang), wholes[h].at() if h in wholes else npv.at(i))
        for i, h in enumerate(run.holders)
        if h in wholes or np.any(run.sampled.cash[i])
    ]
    rows.append((words["total"], total.at()))
    width = max(len(label) for label, _ in rows)
    for label, row in rows:
        low, mid, high = (number(row[k], lang) for k in ("p10", "p50", "p90"))
        lines.append(
            f"  {label:<{width}}  {number(row['expected'], lang):>10}   P10 {low:>10}  P50 {mid:>10}  P90 {high:>10}"
        )
    if run.sampled.effects:
        lines.append(words["effects"])
    for effect in run.sampled.effects:
        mark = f" ({words['unvalued']})" if effect.value is None else ""
        mean = float(effect.total.mean())
        lines.append(
            f"  {effect.label.text(lang)}: {number(mean, lang)} {effect.unit}, {effect.affects.text(lang)}{mark}"
        )
    return lines


def explanation_lines(found: Explanation, lang: str, indent: int = 0) -> list[str]:
    """The tree of an explanation, one quantity per paragraph."""
    words, pad = _WORDS[lang], "  " * indent
    coords = ", ".join(f"{k} {v}" for k, v in found.coords.items())
    head = f"{pad}{found.name}" + (f" ({coords})" if coords else "")
    if found.value:
        value = found.value
        head += f" = {figure(value['expected'], found.unit, lang)} {found.unit}".rstrip()
        if value["p10"] != value["p90"]:
            low, high = (figure(value[k], found.unit, lang) for k in ("p10", "p90"))
            head += f" [{low} – {high}] ± {number(value['error'], lang, 4)}"
    lines = [head]
    if found.formula:
        lines.append(f"{pad}  = {found.formula}")
        lines.append(f"{pad}  = {found.substituted}")
    if found.source or found.confidence == "assumption":
        lines.append(f"{pad}  {words['source']}: {found.source or words['assumption']}")
    lines.extend(f"{pad}  · {row['text']}: {number(row['value'], lang, 3)} {row['unit']}" for row in found.contributors)
    for part in found.inputs:
        lines.extend(explanation_lines(part, lang, indent + 1))
    return lines


def choice_lines(found: Choice, lang: str) -> list[str]:
    """Alone, together, the gap by holder."""
    words = _WORDS[lang]
    base = found.outcomes[found.reference].run
    unit = base.book.currency.text
    lines = []
    for key, combination in (("alone", found.alone), ("together", found.together)):
        outcome = found.outcomes[combination]
        lines.append(f"{words[key]}: {outcome.label.text(lang)} – {number(outcome.total, lang)} {unit}")
    stable = ", ".join(found.outcomes[c].label.text(lang) for c in found.equilibria)
    lines.append(f"{words['balance']}: {stable or '–'}")
    lines.append(f"{words['gap']}: {number(found.gap_total.at()['mean'], lang)} {unit}")
    for i, holder in enumerate(base.holders):
        row = found.gap.at(i)
        if not any(row.values()):
            continue
        low, high = number(row["p10"], lang), number(row["p90"], lang)
        lines.append(f"  {holder_label(base.book, holder, lang)}: {number(row['mean'], lang)} (P10 {low}, P90 {high})")
    lines.append(f"{words['pay']}: {number(found.side_payment, lang)} {unit}")
    return lines
