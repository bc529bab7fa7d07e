# SPDX-License-Identifier: EUPL-1.2
"""Bars from zero with their intervals: one scale, for the page (HTML) and for paper (SVG)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

from helhet.core.charts.numbers import number
from helhet.paper.document import Bar, Chart
from helhet.paper.plaintext import one_line

# The light values of the look's data tokens; paper has no dark side.
_PAY, _GAIN, _SUM, _INK, _INK_2 = "#b04e0a", "#1b6ca8", "#4a5b69", "#14212c", "#4a5b69"
_GRID, _ZERO = "#dde6ec", "#4a5b69"


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale in the chart's unit: round `ticks` within `low` to `high`, all bars and zero inside."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def percent(self, value: float) -> float:
        """Return the place of `value` as a percentage of the scale's width."""
        return 100 * (value - self.low) / (self.high - self.low)


def scale(bars: tuple[Bar, ...]) -> Scale:
    """Return a scale that holds every bar, every interval and zero, with round ticks, eight at most."""
    values = [0.0]
    for bar in bars:
        values += [v for v in (bar.value, bar.low, bar.high) if v is not None]
    least, most = min(values), max(values)
    if least == most:
        most = least + 1
    raw = (most - least) / 5
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(least / step), math.ceil(most / step)
    margin = step * 0.12
    ticks = tuple(round(index * step, 12) for index in range(first, last + 1))
    return Scale(first * step - margin, last * step + margin, ticks)


def tick_texts(the_scale: Scale, language: str) -> list[str]:
    """Return the ticks as printed, all with as many decimals; signed where the scale has both signs."""
    signed = the_scale.ticks[0] < 0 < the_scale.ticks[-1]
    step = the_scale.ticks[1] - the_scale.ticks[0]
    decimals = next((n for n in range(6) if math.isclose(round(step, n), step, rel_tol=1e-6)), 6)
    return [number(tick, decimals, language=language, signed=signed) for tick in the_scale.ticks]


def kind(bar: Bar) -> str:
    """Return the class of a bar: "sum", "pay" below zero or "gain"."""
    return "sum" if bar.is_sum else "pay" if bar.value < 0 else "gain"


def bars_svg(chart: Chart, language: str) -> str:
    """Return the bars as an SVG 640 units wide, labels to the left and numbers to the right."""
    the_scale = scale(chart.bars)
    left, right, width, height = 170.0, 536.0, 640.0, 34.0
    top = 26.0
    total = top + height * len(chart.bars) + 4

    def x(value: float) -> float:
        return round(left + (right - left) * the_scale.percent(value) / 100, 2)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {total:g}" width="{width:g}" '
        f'height="{total:g}" font-family="Inter" font-size="12">'
    ]
    for tick, label in zip(the_scale.ticks, tick_texts(the_scale, language), strict=True):
        parts.append(f'<text x="{x(tick)}" y="14" text-anchor="middle" font-size="11" fill="{_INK_2}">{label}</text>')
        colour = _ZERO if tick == 0 else _GRID
        parts.append(f'<line x1="{x(tick)}" x2="{x(tick)}" y1="22" y2="{total - 4:g}" stroke="{colour}"/>')
    parts.append(
        f'<text x="{width:g}" y="14" text-anchor="end" font-size="11" fill="{_INK_2}">{_escaped(chart.unit)}</text>'
    )
    for index, bar in enumerate(chart.bars):
        parts += _bar(bar, top + index * height, height, x, width)
    return "".join(parts) + "</svg>"


def _bar(bar: Bar, y: float, height: float, x: object, width: float) -> list[str]:
    place = x  # a function of the value; typed loosely to stay a local detail
    assert callable(place)
    middle = y + height / 2
    start, end = sorted((place(0), place(bar.value)))
    weight = ' font-weight="600"' if bar.is_sum else ""
    colour = {"sum": _SUM, "pay": _PAY, "gain": _GAIN}[kind(bar)]
    parts = [f'<line x1="0" x2="{width:g}" y1="{y + height:g}" y2="{y + height:g}" stroke="{_GRID}"/>']
    if bar.is_sum:
        parts.append(f'<line x1="0" x2="{width:g}" y1="{y:g}" y2="{y:g}" stroke="{_ZERO}"/>')
    lines = _label_lines(bar.label)
    for place_in_label, line in enumerate(lines):
        baseline = middle + 4 + (place_in_label - (len(lines) - 1) / 2) * 13
        parts.append(f'<text x="0" y="{baseline:g}" fill="{_INK}"{weight}>{_escaped(line)}</text>')
    parts.append(
        f'<rect x="{start:g}" width="{max(end - start, 0.5):g}" y="{middle - 7:g}" height="14" rx="1.5" fill="{colour}"/>'
    )
    if bar.low is not None and bar.high is not None:
        low, high = place(bar.low), place(bar.high)
        parts.append(
            f'<path d="M{low:g} {middle:g}H{high:g}M{low:g} {middle - 4:g}v8M{high:g} {middle - 4:g}v8" '
            f'stroke="{_INK}" stroke-width="1.2" fill="none"/>'
        )
    shift = -2 if bar.interval else 4
    parts.append(
        f'<text x="{width:g}" y="{middle + shift:g}" text-anchor="end" font-weight="600" fill="{_INK}">'
        f"{_escaped(bar.text)}</text>"
    )
    if bar.interval:
        parts.append(
            f'<text x="{width:g}" y="{middle + 11:g}" text-anchor="end" font-size="10" fill="{_INK_2}">'
            f"{_escaped(bar.interval)}</text>"
        )
    return parts


def _label_lines(label: str) -> list[str]:
    """Break a long label in at most two lines of about 26 characters."""
    words, lines = one_line(label).replace("\u00ad", "").split(" "), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 25 and lines[-1] and len(lines) < 2:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [line if len(line) <= 28 else line[:27] + "…" for line in lines]


def _escaped(text: str) -> str:
    return escape(one_line(text))
