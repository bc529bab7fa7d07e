# SPDX-License-Identifier: EUPL-1.2
"""The list of calculations: each with its matters, and what the approved ones bring together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.core.book import BookError
from helhet.foundation.matters.policy import can_read
from helhet.foundation.policy import Standing
from helhet.rooms.calculations import desk, engine, library, measures, selectors, shown
from helhet.rooms.calculations.engine import Position
from helhet.rooms.calculations.models import Book
from helhet.rooms.calculations.whole import whole as summed


def rows(actor: Standing, books: Sequence[Book]) -> list[dict[str, Any]]:
    """What the list shows of each book."""
    return [
        {
            "book": book,
            "draft": book.state == Book.State.DRAFT,
            "matters": [tie.matter for tie in book.ties.all() if can_read(actor, tie.matter)],
        }
        for book in books
    ]


def whole(actor: Standing, who: str) -> dict[str, Any] | None:
    """Present value of every approved case and their sum; None when there is nothing to sum."""
    found = selectors.approved_cases(actor)
    books = library.parsed_all(found)
    if not found:
        return None
    desk.count_play(who)
    year = min(books[row.pk].npv_year for row in found)
    cases: dict[str, engine.Case] = {}
    with engine.at_work():
        for row in found:
            try:
                cases[row.slug] = engine.case(books[row.pk], Position(), npv_year=year)
            except (BookError, engine.TooHeavy):
                continue
        if not cases:
            return None
        total = measures.total(summed(cases).effect)
    titles = {row.slug: row.title for row in found}
    lines = []
    for slug, case in cases.items():
        one = measures.total(case.effect)
        lines.append(
            {
                "label": titles[slug],
                "url": reverse("calculations:book", args=[slug]),
                "against": shown.against(case),
                "value": shown.amount(one.mean, decimals=1),
                "spread": shown.spread(one),
            }
        )
    return {
        "lines": lines,
        "value": shown.amount(total.mean, decimals=1),
        "spread": shown.spread(total),
        "left_out": len(found) - len(cases),
        "hidden": selectors.hidden_cases(actor, found),
        "caption": _("Nuvärde i pengar för alla parter, MSEK"),
    }
