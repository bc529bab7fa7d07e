# SPDX-License-Identifier: EUPL-1.2
"""A figure in a document can always be found again, unchanged."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, NoSuchFigure, checksum_of, figure, freeze, is_whole, keep_run
from helhet.foundation.ledger.models import Event
from helhet.foundation.policy import Forbidden, Standing
from tests.people import Town, matter, standing

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def economist(town: Town) -> Standing:
    return standing("economist")


def run_of(by: Standing, *values: float | None, **details: object) -> Run:
    figures = {
        f"npv[{n}]": Figure(f"npv[{n}]", "Nuvärde", v, "MSEK", explanation={"steg": [v]}) for n, v in enumerate(values)
    }
    parts = {
        "matter": None,
        "book": "badhus",
        "book_hash": "ab" * 32,
        "title": "Badhuset",
        "overlay": {"räntan": 0.035},
        "seed": 7,
        "samples": 1000,
        "engine": "reference",
        "recipe": {"år": [2026, 2050]},
        "figures": figures,
        **details,
    }
    return keep_run(by=by, **parts)


def test_a_figure_comes_back_as_it_was_kept(economist: Standing) -> None:
    run = Run.objects.get(pk=run_of(economist, 12.5, None).pk)
    kept = figure(run, "npv[0]")
    assert (kept.value, kept.unit, kept.sources) == (12.5, "MSEK", ())
    assert figure(run, "npv[1]").value is None
    with pytest.raises(NoSuchFigure):
        figure(run, "npv[9]")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_checksum_holds_for_every_number_through_the_database(economist: Standing, values: list[float]) -> None:
    run = Run.objects.get(pk=run_of(economist, *values, -0.0, 1e22, 5e-324, 2.0**53 + 2).pk)
    assert is_whole(run)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(economist: Standing, value: float) -> None:
    with pytest.raises(ValueError):
        run_of(economist, value)
    assert not Run.objects.exists()


@pytest.mark.parametrize("part", ["figures", "overlay", "seed", "samples", "book_hash", "recipe"])
def test_a_run_that_was_changed_is_not_frozen(economist: Standing, part: str) -> None:
    run = run_of(economist, 12.5)
    changed = {
        "figures": {"npv[0]": {"value": 13}},
        "overlay": {},
        "seed": 8,
        "samples": 1,
        "book_hash": "",
        "recipe": {},
    }
    Run.objects.filter(pk=run.pk).update(**{part: changed[part]})
    with pytest.raises(ValueError, match="kontrollsumman"):
        freeze(by=economist, run=Run.objects.get(pk=run.pk))


def test_frozen_is_frozen(economist: Standing) -> None:
    run = freeze(by=economist, run=run_of(economist, 12.5))
    again = freeze(by=economist, run=run)
    assert again.frozen_at == run.frozen_at
    assert Event.objects.filter(verb="run.frozen").count() == 1
    run.title = "Något annat"
    with pytest.raises(ValueError, match="fryst"):
        run.save()


def test_runs_are_kept_by_those_who_calculate_on_what_they_may_read(town: Town, economist: Standing) -> None:
    for role in ("visitor", "resident", "employee", "politician", "auditor", "administrator"):
        with pytest.raises(Forbidden):
            run_of(standing(role), 1.0)
    with pytest.raises(Forbidden, match="begränsat"):
        run_of(economist, 1.0, matter=matter(visibility="restricted"))
    run_of(economist, 1.0, matter=matter())


def test_equal_numbers_agree_and_others_do_not() -> None:
    def of(value: object) -> str:
        return checksum_of("h", {}, 1, 1, {"a": value})

    assert of(5) == of(5.0)
    assert of([1, 2]) == of((1.0, 2.0))
    assert of(5) != of(5.000001)
    assert of(True) != of(1)
    assert of("5") != of(5)
