# SPDX-License-Identifier: EUPL-1.2
"""Charts over years: the fan of an uncertain course, and stacked bars under a ceiling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from helhet.core.charts import marks as draw
from helhet.core.charts.marks import Dot, Line, Mark, Rect, Shape, Text
from helhet.core.charts.numbers import HARD, Number, number
from helhet.core.charts.scale import Scale, clean, scale, tick_decimals, year_labels
from helhet.core.charts.spec import Chart, Column, Legend, Table
from helhet.core.charts.words import word

HEIGHT: Final = 300
_LEAST_LEFT: Final = 9.0
RIGHT: Final = 99.0
_TOP: Final = 20


@dataclass(frozen=True, kw_only=True)
class PlotChart(Chart):
    """Years across, values upwards; marks as in :mod:`helhet.core.charts.marks`."""

    marks: tuple[Mark, ...]

    def to_html(self) -> str:
        """Legend and a plot whose text never stretches."""
        body = "".join(draw.page(mark, HEIGHT) for mark in self.marks)
        label = draw.escape(self.desc)
        return f'{self.legend_html()}<svg class="plot" height="326" role="img" aria-label="{label}">{body}</svg>'

    def to_svg(self, width: int = 640) -> str:
        """The plot in pixels."""
        body = "".join(draw.document(mark, 0, width, 0) for mark in self.marks)
        return self.document(body, width, HEIGHT + 26)


@dataclass(frozen=True)
class Series:
    """One layer of stacked bars. ``css``: gain (the case), rest, own, high, pay or sum."""

    label: str
    values: tuple[Number | None, ...]
    css: str = "rest"


def _down(axis: Scale, value: float) -> float:
    """Pixels from the top of a value."""
    return _TOP + (HEIGHT - _TOP) * (1 - axis.at(value) / 100)


def _grid(axis: Scale, unit: str, language: str, signed: bool) -> list[Mark]:
    """Lines with their values above them at the left edge; the unit stands in the corner, or by the topmost value."""
    places = tick_decimals(axis.ticks)
    found: list[Mark] = []
    corner = _down(axis, axis.ticks[-1]) > 34
    if corner and unit:
        found.append(Text(unit, 0, 12))
    for tick in axis.ticks:
        y = _down(axis, tick)
        text = number(tick, places, language=language, signed=signed)
        if tick == axis.ticks[-1] and unit and not corner:
            text += HARD + unit
        found += [Line("zero" if tick == 0 else "grid", 0, 100, y, y), Text(text, 0, y - 5, "start", "halo")]
    return found


def _left(axis: Scale, language: str) -> float:
    """Where the drawing begins, per cent: room for the scale's longest value on a phone."""
    places = tick_decimals(axis.ticks)
    longest = max(len(number(tick, places, language=language, signed=True)) for tick in axis.ticks)
    return min(30.0, max(_LEAST_LEFT, 1 + 2.2 * longest))


def _year_words(years: tuple[int, ...], places: Sequence[float]) -> list[Mark]:
    shown = year_labels(years)
    found: list[Mark] = []
    for year, x in zip(years, places, strict=True):
        if year in shown:
            side: draw.Anchor = "end" if x > 96 else "middle"
            found.append(Text(str(year), 100 if x > 96 else x, HEIGHT + 18, side))
    return found


def _places(count: int, left: float) -> list[float]:
    """Where each of the years lies for a line, per cent."""
    if count == 1:
        return [(left + RIGHT) / 2]
    return [left + (RIGHT - left) * i / (count - 1) for i in range(count)]


def fan(
    years: Sequence[int],
    quantiles: Mapping[int, Sequence[Number | None]],
    *,
    title: str,
    unit: str = "MSEK",
    note: str = "",
    name: str = "fan",
    language: str = "sv",
    decimals: int = 0,
    caption: str = "",
) -> PlotChart:
    """A course with its uncertainty. ``quantiles``: {10: …, 25: …, 50: …, 75: …, 90: …}, one value per year each.

    25 and 75 may be left out. A year without a median is left out of the drawing and shown as a dash in the table.
    Raises ValueError when lengths differ or 10, 50 or 90 is missing.
    """
    if not {10, 50, 90} <= set(quantiles) or any(len(v) != len(years) for v in quantiles.values()):
        raise ValueError("fan needs quantiles 10, 50 and 90 with one value per year")
    known = {q: [clean(v) for v in values] for q, values in quantiles.items()}
    drawn = [i for i, value in enumerate(known[50]) if value is not None]
    axis = scale([v for values in known.values() for v in values], most=5, pad=0.06)
    marks: list[Mark] = []
    spot = _places(len(years), _left(axis, language)) if years else []
    if drawn:
        marks += _bands(axis, known, drawn, spot) + _grid(axis, unit, language, signed=True)
        marks += _median(axis, known, drawn, spot, years, decimals, language)
        marks += _year_words(tuple(years), spot)
    inner = (Legend("fan-2", "P25–P75"),) if {25, 75} <= set(known) else ()
    return PlotChart(
        title=title,
        desc=_fan_words(years, known, drawn, unit, decimals, language),
        unit=unit,
        note=note,
        name=name,
        language=language,
        legend=(Legend("median", word("median", language)), *inner, Legend("fan-1", "P10–P90")),
        marks=tuple(marks),
        table=_fan_table(years, known, caption or f"{title}, {unit}", decimals, language),
    )


def _bands(axis: Scale, known: Mapping[int, list[float | None]], drawn: list[int], spot: list[float]) -> list[Mark]:
    found: list[Mark] = []
    for css, low, high in (("fan-1", 10, 90), ("fan-2", 25, 75)):
        if low not in known or high not in known:
            continue
        both = [(spot[i], known[low][i], known[high][i]) for i in drawn]
        whole = [(x, a, b) for x, a, b in both if a is not None and b is not None]
        if not whole:
            continue
        if len(whole) == 1:  # one year has no width of its own
            x, a, b = whole[0]
            whole = [(x - 3, a, b), (x + 3, a, b)]
        upper = [(x, _down(axis, b)) for x, _, b in whole]
        lower = [(x, _down(axis, a)) for x, a, _ in reversed(whole)]
        found.append(Shape(css, (*upper, *lower), True))
    return found


def _median(
    axis: Scale,
    known: Mapping[int, list[float | None]],
    drawn: list[int],
    spot: list[float],
    years: Sequence[int],
    decimals: int,
    language: str,
) -> list[Mark]:
    line = [(spot[i], _down(axis, known[50][i] or 0.0)) for i in drawn]
    if len(line) == 1:
        line = [(line[0][0] - 3, line[0][1]), (line[0][0] + 3, line[0][1])]
    found: list[Mark] = [Shape("median", tuple(line), False)]
    last = drawn[-1]
    ends = [(q, known[q][last]) for q in (90, 50, 10)]
    y_before = -1e9
    for q, value in ends:
        if value is None:
            continue
        shift = -6 if q != 10 else 15
        y = min(max(_down(axis, value) + shift, 12.0), HEIGHT - 4.0)
        if y - y_before >= 15 or q == 50:
            text = f"P{q}{HARD}{number(value, decimals, language=language, signed=True)}"
            found.append(Text(text, RIGHT, y, "end", "say halo" if q == 50 else "halo"))
            y_before = y
    return found + _lowest(axis, known[50], drawn, spot, years, decimals, language)


def _lowest(
    axis: Scale,
    median: list[float | None],
    drawn: list[int],
    spot: list[float],
    years: Sequence[int],
    decimals: int,
    language: str,
) -> list[Mark]:
    """A ring and words where the median is at its lowest, when that is below zero and not near the end."""
    deepest = min(drawn, key=lambda i: median[i] or 0.0)
    value = median[deepest] or 0.0
    if value >= 0 or spot[deepest] > 62 or len(drawn) < 3:
        return []
    x, y = spot[deepest], _down(axis, value)
    text = word("lowest", language, year=years[deepest], value=number(value, decimals, language=language, signed=True))
    return [Dot(x, y), Text(text, x + 1.5, min(y + 30, HEIGHT - 6.0), "start", "say halo")]


def _fan_words(
    years: Sequence[int],
    known: Mapping[int, list[float | None]],
    drawn: list[int],
    unit: str,
    decimals: int,
    language: str,
) -> str:
    if not drawn:
        return word("nothing", language)

    def say(q: int, i: int) -> str:
        return number(known[q][i], decimals, language=language, signed=True)

    first, last = drawn[0], drawn[-1]
    return word(
        "fan_desc",
        language,
        first=years[first],
        last=years[last],
        start=say(50, first),
        end=f"{say(50, last)}{HARD}{unit}",
        low=say(10, last),
        high=say(90, last),
    )


def _fan_table(
    years: Sequence[int], known: Mapping[int, list[float | None]], caption: str, decimals: int, language: str
) -> Table:
    order = sorted(known)
    columns = (Column(word("year", language), False), *(Column(f"P{q}") for q in order))
    rows = tuple(
        (str(year), *(number(known[q][i], decimals, language=language, signed=True) for q in order))
        for i, year in enumerate(years)
    )
    return Table(caption, columns, rows)


def year_bars(
    years: Sequence[int],
    series: Sequence[Series],
    *,
    title: str,
    ceiling: Number | None = None,
    unit: str = "MSEK",
    note: str = "",
    name: str = "years",
    language: str = "sv",
    decimals: int = 0,
    caption: str = "",
) -> PlotChart:
    """Stacked bars by year, negative values below zero, with an optional ceiling that sums are told against.

    Raises ValueError when a series has not one value per year.
    """
    if any(len(entry.values) != len(years) for entry in series):
        raise ValueError("every series needs one value per year")
    layers = [[clean(v) for v in entry.values] for entry in series]
    limit = clean(ceiling)
    sums = [clean(sum(layer[i] or 0.0 for layer in layers)) or 0.0 for i in range(len(years))]
    axis = scale([*_stack_ends(layers, len(years)), limit], most=5, pad=0.08)
    slot = (RIGHT - (left := _left(axis, language))) / max(1, len(years))
    spot = [left + slot * (i + 0.5) for i in range(len(years))]
    marks = _grid(axis, unit, language, signed=min([0.0, *sums]) < 0)
    marks += _stacks(axis, series, layers, spot, slot) + _year_words(tuple(years), spot)
    if limit is not None:
        marks += _limit(axis, limit, sums, spot, left, decimals, language)
    return PlotChart(
        title=title,
        desc=_years_words(years, sums, limit, unit, decimals, language),
        unit=unit,
        note=note,
        name=name,
        language=language,
        legend=_years_legend(series, limit, language),
        marks=tuple(marks),
        table=_years_table(years, series, sums, limit, caption or f"{title}, {unit}", decimals, language),
    )


def _years_legend(series: Sequence[Series], limit: float | None, language: str) -> tuple[Legend, ...]:
    shown = tuple(Legend(entry.css, entry.label) for entry in series)
    return (*shown, Legend("limit", word("ceiling", language))) if limit is not None else shown


def _stack_ends(layers: list[list[float | None]], count: int) -> list[float]:
    """Top and bottom of each year's stack."""
    ends = []
    for i in range(count):
        here = [layer[i] or 0.0 for layer in layers]
        ends += [sum(v for v in here if v > 0), sum(v for v in here if v < 0)]
    return [clean(v) or 0.0 for v in ends]


def _stacks(
    axis: Scale, series: Sequence[Series], layers: list[list[float | None]], spot: list[float], slot: float
) -> list[Mark]:
    found: list[Mark] = []
    for i, x in enumerate(spot):
        up = down = 0.0
        for entry, layer in zip(series, layers, strict=True):
            value = layer[i] or 0.0
            if value == 0:
                continue
            base = up if value > 0 else down
            top = clean(base + value) or 0.0
            y1, y2 = sorted((_down(axis, base), _down(axis, top)))
            gap = 1.5 if base and y2 - y1 > 4 else 0.0  # a paper line between layers
            y2 = y2 - gap if value > 0 else y2
            y1 = y1 + gap if value < 0 else y1
            found.append(Rect(entry.css, x - slot * 0.365, slot * 0.73, y1, y2 - y1))
            up, down = (top, down) if value > 0 else (up, top)
    return found


def _limit(
    axis: Scale,
    limit: float,
    sums: list[float],
    spot: list[float],
    left: float,
    decimals: int,
    language: str,
) -> list[Mark]:
    """The ceiling's line and words, and the sum above each of the years that break it when they are few."""
    y = _down(axis, limit)
    text = word("ceiling_at", language, value=number(limit, decimals, language=language))
    found: list[Mark] = [Line("limit", left, 100, y, y), Text(text, RIGHT, y - 6, "end", "halo")]
    over = [i for i, value in enumerate(sums) if value > limit]
    if len(over) <= max(1, len(sums) // 4):
        for i in over:
            if spot[i] > 74 and abs(_down(axis, sums[i]) - y) < 24:
                continue
            shown = number(sums[i], decimals, language=language)
            found.append(Text(shown, spot[i], max(12.0, _down(axis, sums[i]) - 7), "middle", "say halo"))
    return found


def _years_words(
    years: Sequence[int], sums: list[float], limit: float | None, unit: str, decimals: int, language: str
) -> str:
    if not years:
        return word("nothing", language)
    top = max(range(len(years)), key=lambda i: sums[i])
    value = number(sums[top], decimals, language=language) + HARD + unit
    text = word("years_desc", language, first=years[0], last=years[-1], year=years[top], value=value)
    over = sum(1 for value in sums if limit is not None and value > limit)
    if over and limit is not None:
        text += word("over_desc", language, count=over, value=number(limit, decimals, language=language))
    return text


def _years_table(
    years: Sequence[int],
    series: Sequence[Series],
    sums: list[float],
    limit: float | None,
    caption: str,
    decimals: int,
    language: str,
) -> Table:
    def say(value: float | None, signed: bool = False) -> str:
        return number(value, decimals, language=language, signed=signed)

    columns = [Column(word("year", language), False), *(Column(entry.label) for entry in series)]
    columns += [Column(word("sum", language))] if len(series) > 1 else []
    columns += [Column(word("against", language, value=say(limit)))] if limit is not None else []
    rows = []
    for i, year in enumerate(years):
        row = [str(year), *(say(clean(entry.values[i])) for entry in series)]
        row += [say(sums[i])] if len(series) > 1 else []
        row += [say(sums[i] - limit, True)] if limit is not None else []
        rows.append(tuple(row))
    return Table(caption, tuple(columns), tuple(rows))
