# SPDX-License-Identifier: EUPL-1.2
"""One reader at one book: read the address, run the case and the whole, bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.core.book import Book as Parsed
from helhet.core.book import BookError
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.services import throttle
from helhet.foundation.policy import Standing, can
from helhet.rooms.calculations import engine, library, measures, params, selectors, shown
from helhet.rooms.calculations.engine import Case, Position
from helhet.rooms.calculations.models import Book, Scenario
from helhet.rooms.calculations.params import Asked
from helhet.rooms.calculations.whole import Whole, whole

#: Every tenth run of a process is counted across processes, so that a hand on a slider writes little.
COUNTED = 10
PLAY_LIMIT = (90, 60)
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
        if not other.ok or (desk.book.flows and other.price_year != desk.book.price_year):
            left_out.append(row.title)
            continue
        try:
            moved = engine.shared_part(desk.book, other, position)
            found[slug] = engine.case(other, moved, npv_year=desk.book.npv_year)
        except (BookError, engine.TooHeavy):
            left_out.append(row.title)
    desk.cases, desk.rows = found, {**rows, desk.row.slug: desk.row}
    desk.whole = whole(found, left_out) if found else None


def count_play(who: str) -> None:
    """Bound how often one visitor may have things calculated; raises TooMany."""
    if len(_played) > 10_000:
        _played.clear()
    _played[who] = _played.get(who, 0) + 1
    if _played[who] % COUNTED == 0:
        throttle(f"play:{who}", limit=PLAY_LIMIT[0], per_s=PLAY_LIMIT[1])


def keep_url(desk: Desk) -> str:
    """Where this run is kept in the matter; '' for those who may not, or when there is none."""
    if (
        desk.matter is None
        or not can(desk.actor, "calculation.keep", desk.row)
        or not can(desk.actor, "figure.keep_run", desk.matter)
    ):
        return ""
    return reverse("calculations:keep", args=[desk.row.slug]) + desk.asked.query()


def explain_url(desk: Desk, **query: str) -> str:
    """The address of a figure's explanation at this position."""
    return (
        f"{desk.explaining}&{urlencode(query)}" if "?" in desk.explaining else f"{desk.explaining}?{urlencode(query)}"
    )
