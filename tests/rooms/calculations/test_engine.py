# SPDX-License-Identifier: EUPL-1.2
"""The case and the whole: every sum is reached by two ways."""

import threading

import numpy as np
import pytest

from helhet.core.book import Overlay, choose, portfolio, run
from helhet.rooms.calculations import engine, library, measures
from helhet.rooms.calculations.engine import Position
from helhet.rooms.calculations.models import Book
from helhet.rooms.calculations.whole import whole as sum_cases

pytestmark = pytest.mark.django_db


def cases(books: dict[str, Book], position: Position) -> dict[str, engine.Case]:
    heat = library.parsed(books["varme"])
    street = library.parsed(books["gata"])
    moved = engine.shared_part(heat, street, position)
    return {
        "varme": engine.case(heat, position),
        "gata": engine.case(street, moved, npv_year=heat.npv_year),
    }


def test_a_case_is_its_choice_minus_its_reference(books: dict[str, Book]) -> None:
    heat = library.parsed(books["varme"])
    case = engine.case(heat, Position(changes=(("pris", 55.0),))).prepare()
    after = run(heat, {"pris": 55, "byter": 1}, samples=2000, seed=1)
    before = run(heat, {"pris": 55, "byter": 0}, samples=2000, seed=1)
    np.testing.assert_array_equal(case.effect.npv, (after.sampled.npv - before.sampled.npv) / 1e6)
    assert case.samples == 2000


def test_the_whole_is_the_sum_of_its_cases_draw_by_draw(books: dict[str, Book]) -> None:
    position = Position(changes=(("slut", 2037.0), ("andel", 60.0)))
    found = cases(books, position)
    whole = sum_cases(found)
    parts = [one.effect.npv.sum(axis=0) for one in found.values()]
    np.testing.assert_allclose(whole.effect.npv.sum(axis=0), sum(parts), rtol=1e-12)

    parsed = {"varme": library.parsed(books["varme"]), "gata": library.parsed(books["gata"])}
    changes = {"slut": 2037.0, "varme:andel": 60.0}
    chosen = portfolio(parsed, Overlay.of({**changes, "varme:byter": 1}), samples=2000, seed=1)
    reference = portfolio({"varme": parsed["varme"]}, Overlay.of({**changes, "varme:byter": 0}), samples=2000, seed=1)
    other_way = (chosen.npv_sampled.sum(axis=0) - reference.npv_sampled.sum(axis=0)) / 1e6
    np.testing.assert_allclose(whole.effect.npv.sum(axis=0), other_way, rtol=1e-9)


def test_moving_the_timetable_moves_every_case_that_rests_on_it_and_nothing_else_does(books: dict[str, Book]) -> None:
    usual = cases(books, Position())
    later = cases(books, Position(changes=(("slut", 2037.0),)))
    assert later["gata"].total != usual["gata"].total
    assert later["varme"].total != usual["varme"].total
    own = cases(books, Position(changes=(("pris", 55.0),)))
    assert own["gata"].key == usual["gata"].key


def test_items_add_up_to_the_holders_present_value(books: dict[str, Book]) -> None:
    case = engine.case(library.parsed(books["varme"]), Position()).prepare()
    rows = measures.rows_of(case.effect, measures.parents_of(case.book), "kommunkoncernen")
    items = sum(value for _flow, value in engine.posted(case, rows))
    assert items == pytest.approx(measures.npv(case.effect, rows).mean, rel=1e-9)
    year = measures.yearly(case.effect, rows)[3].mean
    assert sum(value for _flow, value in engine.posted(case, rows, 2029)) == pytest.approx(year, rel=1e-9)


def test_holders_add_up_to_the_whole_and_transfers_cancel(books: dict[str, Book]) -> None:
    case = engine.case(library.parsed(books["varme"]), Position()).prepare()
    by_holder = sum(one.mean for one in measures.by_holder(case.effect).values())
    assert by_holder == pytest.approx(measures.total(case.effect).mean)
    resources = sum(value for _flow, value in engine.posted(case, None))
    assert resources == pytest.approx(by_holder, rel=1e-9)


def test_the_gap_is_what_core_says(books: dict[str, Book]) -> None:
    heat = library.parsed(books["varme"])
    case = engine.case(heat, Position(changes=(("pris", 90.0),))).prepare()
    assert case.choice is not None
    other = choose(heat, {"pris": 90.0}, samples=2000, seed=1)
    assert measures.gap_total(case.choice).mean == pytest.approx(other.gap_total.at()["mean"])


def test_the_same_seed_gives_the_same_figures(books: dict[str, Book]) -> None:
    first = engine.case(library.parsed(books["varme"]), Position()).effect.npv.copy()
    engine.CACHE.clear()
    engine.KEPT.clear()
    np.testing.assert_array_equal(first, engine.case(library.parsed(books["varme"]), Position()).effect.npv)


def test_a_large_book_is_drawn_fewer_times_and_a_huge_one_refused(
    books: dict[str, Book], monkeypatch: pytest.MonkeyPatch
) -> None:
    heat = library.parsed(books["varme"])
    cells = engine.MOST_VALUES
    monkeypatch.setattr(engine, "MOST_VALUES", 500 * 2000)
    engine.SMALL.clear()
    assert engine.LEAST_SAMPLES <= engine.samples_for(heat) <= engine.SAMPLES
    monkeypatch.setattr(engine, "MOST_VALUES", 1000)
    engine.SMALL.clear()
    with pytest.raises(engine.TooHeavy):
        engine.case(heat, Position())
    assert cells >= engine.SAMPLES


def test_at_most_two_calculate_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAIT_S", 0.05)
    entered = []

    def wait(hold: threading.Event) -> None:
        with engine.at_work():
            entered.append(1)
            hold.wait(5)

    hold = threading.Event()
    threads = [threading.Thread(target=wait, args=(hold,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    while len(entered) < 2:
        pass
    with pytest.raises(engine.Busy), engine.at_work():
        pass
    hold.set()
    for thread in threads:
        thread.join()
