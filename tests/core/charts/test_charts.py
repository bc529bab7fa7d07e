# SPDX-License-Identifier: EUPL-1.2
"""Charts draw whatever they are given: finite places, 0–100 per cent, well-formed, escaped, with a whole table."""

import math
import re
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.core import charts as c
from helhet.core.charts.scale import scale, year_labels

ANY = st.one_of(
    st.none(), st.floats(), st.integers(-(10**400), 10**400), st.sampled_from([0, -0.0, 5e-324, 1e308, -1e308])
)
PLAIN = st.floats(-1e9, 1e9)


def check(chart: c.Chart) -> None:
    """Both drawings parse, and nothing lies outside its paper."""
    page = chart.to_html() + chart.table_html()
    Xml.fromstring(f"<div>{page}</div>")
    assert "nan" not in page.lower()
    assert " style=" not in page
    assert "inf%" not in page
    for place in re.findall(r'(?<=[ x12]=")(-?[\d.]+)%"', page):
        assert -0.01 <= float(place) <= 100.01
    for width in re.findall(r'width="(-?[\d.e-]+)%"', page):
        assert 0 <= float(width) <= 100.01
    drawn = Xml.fromstring(chart.to_svg(640))
    assert drawn.get("width") == "640"
    assert float(drawn.get("height") or 0) > 0
    assert drawn[0].tag.endswith("title")
    assert drawn[1].tag.endswith("desc")
    assert "nan" not in Xml.tostring(drawn, encoding="unicode").lower()
    for row in chart.table.rows:
        assert len(row) == len(chart.table.columns)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY, ANY, ANY), max_size=8))
def test_bars_hold_anything(values: list[tuple[float, float, float]]) -> None:
    check(c.bars([c.Bar(f"H{i}", *v) for i, v in enumerate(values)], title="t"))


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY, max_size=8))
def test_waterfalls_hold_anything(values: list[float]) -> None:
    check(c.waterfall([c.Item(f"P{i}", v) for i, v in enumerate(values)], total="Summa", title="t"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY, ANY), max_size=8))
def test_tornados_hold_anything(values: list[tuple[float, float]]) -> None:
    check(c.tornado([c.Swing(f"A{i}", "", *v) for i, v in enumerate(values)], title="t"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY, ANY, ANY, ANY, ANY), max_size=25))
def test_fans_hold_anything(rows: list[tuple[float, ...]]) -> None:
    quantiles = {q: [row[i] for row in rows] for i, q in enumerate((10, 25, 50, 75, 90))}
    check(c.fan(list(range(2026, 2026 + len(rows))), quantiles, title="t"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY, ANY), max_size=25), ANY)
def test_year_bars_hold_anything(rows: list[tuple[float, float]], ceiling: float) -> None:
    series = [c.Series("A", tuple(r[0] for r in rows), "gain"), c.Series("B", tuple(r[1] for r in rows))]
    check(c.year_bars(list(range(2026, 2026 + len(rows))), series, title="t", ceiling=ceiling))


@given(st.lists(ANY, max_size=10))
def test_scales_hold_zero_every_value_and_few_ticks(values: list[float]) -> None:
    axis = scale(values)
    assert axis.low <= 0 <= axis.high
    assert axis.low < axis.high
    assert 1 <= len(axis.ticks) <= 7
    assert 0.0 in axis.ticks
    assert all(
        math.isfinite(t) and axis.low <= t * (1 + 1e-9) and t <= axis.high * (1 + 1e-9) + 1e-300 for t in axis.ticks
    )
    assert all(0 <= axis.at(t) <= 100 for t in axis.ticks)


@given(st.lists(PLAIN, min_size=1, max_size=10))
def test_places_keep_the_order_of_values(values: list[float]) -> None:
    axis = scale(values)
    places = [axis.at(v) for v in sorted(values)]
    assert places == sorted(places)


def test_ticks_are_round() -> None:
    assert scale([-108.7, 123.7]).ticks == (-100.0, -50.0, 0.0, 50.0, 100.0)
    assert scale([0, 0]).ticks == (0.0,)


@given(st.integers(1, 60))
def test_years_are_labelled_at_both_ends(count: int) -> None:
    years = tuple(range(2026, 2026 + count))
    shown = year_labels(years)
    assert {years[0], years[-1]} <= shown
    assert len(shown) <= 5


def test_the_bars_of_a_waterfall_meet() -> None:
    chart = c.waterfall([c.Item("a", 100), c.Item("b", -30)], total="Summa", title="t")
    first, second, total = (row.marks[0] for row in chart.rows)
    assert first.x + first.width == pytest.approx(second.x + second.width)
    assert total.x + total.width == pytest.approx(second.x)
    assert chart.table.foot[:2] == ("Summa", "+70,0")


def test_a_tornado_begins_with_the_widest_and_the_table_follows() -> None:
    chart = c.tornado([c.Swing("smal", "", -1, 1), c.Swing("bred", "", -5, 9)], title="t")
    assert [row.label for row in chart.rows] == ["bred", "smal"] == [row[0] for row in chart.table.rows]


def test_sums_stand_in_the_foot_and_add_up() -> None:
    chart = c.bars([c.Bar("a", -10), c.Bar("b", 4), c.Bar("Helheten", -6, is_sum=True)], title="t")
    assert chart.table.foot == ("Helheten", "\u22126,0")
    assert len(chart.table.rows) == 2


def test_words_from_people_are_escaped() -> None:
    bad = '<script>"&'
    for chart in (
        c.bars([c.Bar(bad, 1)], title=bad, note=bad, unit=bad),
        c.tornado([c.Swing(bad, bad, -1, 1)], title=bad),
        c.waterfall([c.Item(bad, 1)], total=bad, title=bad),
        c.year_bars([2026], [c.Series(bad, (1,))], title=bad, unit=bad, ceiling=0.5),
        c.fan([2026], {10: [1], 50: [2], 90: [3]}, title=bad, unit=bad),
        c.steps([c.Step(bad, "now", bad)], title=bad),
    ):
        check(chart)
        assert "<script>" not in chart.to_html() + chart.to_svg() + chart.table_html()


def test_english_charts_speak_english() -> None:
    chart = c.bars([c.Bar("a", 1234.5, 1, 2)], title="t", language="en")
    assert "Gains" in chart.to_html()
    assert "1,234.5" in chart.to_html()
    assert "Expected" in chart.table_html()


def test_series_of_the_wrong_length_are_refused() -> None:
    with pytest.raises(ValueError):
        c.fan([2026, 2027], {10: [1], 50: [1], 90: [1]}, title="t")
    with pytest.raises(ValueError):
        c.year_bars([2026, 2027], [c.Series("a", (1,))], title="t")


def test_years_above_the_ceiling_are_told() -> None:
    chart = c.year_bars([2026, 2027], [c.Series("a", (100, 314))], title="t", ceiling=260)
    assert chart.table.rows[1][-1] == "+54"
    assert "1 år ligger över taket på 260" in chart.desc
