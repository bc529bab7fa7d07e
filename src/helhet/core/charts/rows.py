# SPDX-License-Identifier: EUPL-1.2
"""Charts with one thing per line: who pays and gains, what adds up, what matters most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from helhet.core.charts import marks as draw
from helhet.core.charts.marks import Line, Mark, Rect
from helhet.core.charts.numbers import MISSING, Number, interval, number
from helhet.core.charts.scale import Scale, clean, scale, tick_decimals
from helhet.core.charts.spec import Chart, Column, Legend, Table
from helhet.core.charts.words import word


@dataclass(frozen=True)
class Bar:
    """A holder's value with its interval (P10, P90); ``is_sum`` for the whole."""

    label: str
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    median: Number | None = None
    is_sum: bool = False


@dataclass(frozen=True)
class Item:
    """One item of a waterfall."""

    label: str
    value: Number | None


@dataclass(frozen=True)
class Swing:
    """How a result changes when one assumption goes from low to high; ``span`` is its range as text."""

    label: str
    span: str
    low: Number | None
    high: Number | None


@dataclass(frozen=True)
class Row:
    """One drawn line: label, small print under it, marks, number and small number."""

    label: str
    marks: tuple[Mark, ...]
    end: str
    sub: str = ""
    end_sub: str = ""
    is_sum: bool = False
    strong: bool = True


@dataclass(frozen=True, kw_only=True)
class RowChart(Chart):
    """Lines of label, bar and number along one scale."""

    axis: Scale
    rows: tuple[Row, ...]
    height: int = 40
    end_title: str = ""

    def to_html(self) -> str:
        """Text is HTML, bars are SVG in per cents; narrow places stack them."""
        if not self.rows:
            return f'<p class="meta">{escape(word("nothing", self.language))}</p>'
        rows = "".join(self._row_html(row) for row in self.rows)
        return f'{self.legend_html()}<div class="barbox">{self._scale_html()}<ul class="bars">{rows}</ul></div>'

    def _scale_html(self) -> str:
        ticks = "".join(draw.page(mark, 20) for mark in self._tick_words(14))
        return (
            f'<div class="bars__scale" aria-hidden="true"><span></span><svg height="20">{ticks}</svg>'
            f'<span class="num fine">{escape(self.end_title or self.unit)}</span></div>'
        )

    def _tick_words(self, y: float) -> list[draw.Text]:
        places = tick_decimals(self.axis.ticks)
        return [
            draw.Text(number(t, places, language=self.language, signed=True), self.axis.at(t), y, "middle")
            for t in self.axis.ticks
        ]

    def _grid(self) -> list[Mark]:
        at = self.axis.at
        return [Line("zero" if tick == 0 else "grid", at(tick), at(tick), 0, self.height) for tick in self.axis.ticks]

    def _row_html(self, row: Row) -> str:
        marks = "".join(draw.page(mark, self.height) for mark in (*self._grid(), *row.marks))
        sub = f'<br/><span class="fine">{escape(row.sub)}</span>' if row.sub else ""
        small = f" <small>{escape(row.end_sub)}</small>" if row.end_sub else ""
        css = ' class="is-sum"' if row.is_sum else ""
        end = f"<b>{escape(row.end)}</b>" if row.strong else escape(row.end)
        return (
            f"<li{css}><span>{escape(row.label)}{sub}</span>"
            f'<svg height="{self.height}" aria-hidden="true" focusable="false">{marks}</svg>'
            f'<span class="num">{end}{small}</span></li>'
        )

    def to_svg(self, width: int = 640) -> str:
        """Label column, bars and numbers in pixels."""
        left, right = width * 0.31, width * 0.19
        middle = width - left - right
        parts = [draw.document(mark, left, middle, 0) for mark in self._tick_words(12)]
        parts.append(draw.words(self.end_title or self.unit, width, 12, anchor="end", quiet=True))
        top = 20.0
        for row in self.rows:
            parts += [draw.document(mark, left, middle, top) for mark in (*self._grid(), *row.marks)]
            parts += self._words_svg(row, top, left, width)
            top += self.height
            edge = "zero" if row.is_sum else "grid"
            parts.append(draw.document(Line(edge, 0, 100, 0, 0), 0, width, top))
        return self.document("".join(parts), width, top + 2)

    def _words_svg(self, row: Row, top: float, left: float, width: int) -> list[str]:
        lines = [(text, False) for text in fold(row.label, int((left - 8) / 5.9))]
        lines += [(row.sub, True)] if row.sub else []
        start = top + self.height / 2 + 4 - (len(lines) - 1) * 6.5
        shown = [
            draw.words(text, 0, start + i * 13, quiet=quiet, bold=row.is_sum and not quiet)
            for i, (text, quiet) in enumerate(lines)
        ]
        end = top + self.height / 2 + (-2 if row.end_sub else 4)
        shown.append(draw.words(row.end, width, end, anchor="end", bold=row.strong))
        if row.end_sub:
            shown.append(draw.words(row.end_sub, width, end + 13, anchor="end", quiet=True))
        return shown


def fold(text: str, width: int) -> list[str]:
    """The text in at most three lines of about ``width`` letters, the last cut with an ellipsis."""
    lines: list[str] = []
    for piece in text.split():
        if lines and len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    lines = [line if len(line) <= width else line[: max(1, width - 1)] + "…" for line in lines]
    return lines if len(lines) <= 3 else [*lines[:2], lines[2].rstrip(".…") + "…"]


def _axis(values: Sequence[float | None], language: str) -> Scale:
    """An axis whose tick labels do not run into each other in 16 rem."""
    for most in (6, 4, 3, 2):
        axis = scale(values, most=most)
        places = tick_decimals(axis.ticks)
        longest = max(len(number(t, places, language=language, signed=True)) for t in axis.ticks)
        if longest * 8 * len(axis.ticks) <= 300:
            break
    return axis


def _whiskers(axis: Scale, low: float | None, high: float | None, middle: float) -> list[Mark]:
    if low is None or high is None:
        return []
    a, b = axis.at(min(low, high)), axis.at(max(low, high))
    return [
        Line("whisk", a, b, middle, middle),
        Line("whisk", a, a, middle - 4, middle + 4),
        Line("whisk", b, b, middle - 4, middle + 4),
    ]


def _bar(axis: Scale, css: str, start: float, end: float, y: float, height: float, rounded: int = 2) -> Rect:
    a, b = sorted((axis.at(start), axis.at(end)))
    return Rect(css, a, b - a, y, height, rounded)


def bars(
    rows: Sequence[Bar],
    *,
    title: str,
    unit: str = "MSEK",
    note: str = "",
    name: str = "holders",
    language: str = "sv",
    decimals: int = 1,
    caption: str = "",
    head: str = "",
) -> RowChart:
    """Who pays and who gains: one bar per holder from zero, with whiskers from ``low`` to ``high``."""

    def say(value: Number | None) -> str:
        return number(clean(value), decimals, language=language, signed=True)

    known = [(clean(r.value), clean(r.low), clean(r.high)) for r in rows]
    axis = _axis([v for triple in known for v in triple], language)
    drawn = []
    for row, (value, low, high) in zip(rows, known, strict=True):
        css = "sum" if row.is_sum else "gain" if (value or 0) >= 0 else "pay"
        marks: list[Mark] = [] if value is None else [_bar(axis, css, 0, value, 12, 16)]
        spread = _spread(low, high, decimals, language)
        drawn.append(Row(row.label, (*marks, *_whiskers(axis, low, high, 20)), say(row.value), "", spread, row.is_sum))
    spreads = any(low is not None for _, low, _ in known)
    return RowChart(
        title=title,
        desc=_said([(r.label, r.end) for r in drawn], unit),
        unit=unit,
        note=note,
        name=name,
        language=language,
        legend=_bar_legend(language, spreads),
        axis=axis,
        rows=tuple(drawn),
        table=_bar_table(rows, say, caption or f"{title}, {unit}", head or word("holder", language), language),
    )


def _spread(low: float | None, high: float | None, decimals: int, language: str) -> str:
    """“−109 till +29”: whole numbers unless both ends are small."""
    if low is None or high is None:
        return ""
    places = 0 if max(abs(low), abs(high)) >= 10 else decimals
    return interval(low, high, places, language=language, signed=True)


def _bar_legend(language: str, spreads: bool) -> tuple[Legend, ...]:
    shown = [Legend("gain", word("gains", language)), Legend("pay", word("pays", language))]
    return tuple([*shown, Legend("whisk", word("eight", language))] if spreads else shown)


def _bar_table(
    rows: Sequence[Bar], say: Callable[[Number | None], str], caption: str, head: str, language: str
) -> Table:
    middle = any(row.median is not None for row in rows)
    spread = any(row.low is not None or row.high is not None for row in rows)
    columns = [Column(head, False), Column(word("expected", language))]
    columns += [Column("P10")] * spread + [Column("P50")] * middle + [Column("P90")] * spread

    def cells(row: Bar) -> tuple[str, ...]:
        p10, p90 = ([say(row.low)], [say(row.high)]) if spread else ([], [])
        return (row.label, say(row.value), *p10, *([say(row.median)] if middle else []), *p90)

    sums = [row for row in rows if row.is_sum]
    body = [row for row in rows if not (len(sums) == 1 and row.is_sum)]
    foot = cells(sums[0]) if len(sums) == 1 else ()
    return Table(caption, tuple(columns), tuple(cells(row) for row in body), foot)


def _said(pairs: Sequence[tuple[str, str]], unit: str) -> str:
    """A chart in words: each label with its number."""
    return "; ".join(f"{label} {text}" for label, text in pairs) + (f" ({unit})." if unit else ".")


def waterfall(
    items: Sequence[Item],
    *,
    total: str,
    title: str,
    unit: str = "MSEK",
    note: str = "",
    name: str = "waterfall",
    language: str = "sv",
    decimals: int = 1,
    caption: str = "",
) -> RowChart:
    """Item by item to the sum: each bar begins where the last ended. Missing items are listed but move nothing."""
    say = partial(number, decimals=decimals, language=language, signed=True)
    values = [clean(item.value) for item in items]
    sums, so_far = [], 0.0
    for value in values:
        so_far = clean(so_far + (value or 0)) or 0.0
        sums.append(so_far)
    axis = _axis([*sums, 0.0], language)
    moves = zip(items, values, [0.0, *sums], sums, strict=False)
    drawn = [Row(item.label, _fall(axis, value, start, end), say(value)) for item, value, start, end in moves]
    drawn.append(Row(total, (_bar(axis, "sum", 0, so_far, 10, 20),), say(so_far), is_sum=True))
    columns = (Column(word("item", language), False), Column(unit), Column(word("sum_so_far", language)))
    body = tuple((i.label, say(v), say(s)) for i, v, s in zip(items, values, sums, strict=True))
    return RowChart(
        title=title,
        desc=_said([(row.label, row.end) for row in drawn], unit),
        unit=unit,
        note=note,
        name=name,
        language=language,
        axis=axis,
        rows=tuple(drawn),
        table=Table(caption or f"{title}, {unit}", columns, body, (total, say(so_far), "")),
    )


def _fall(axis: Scale, value: float | None, start: float, end: float) -> tuple[Mark, ...]:
    """One move of a waterfall and the thread to the next line."""
    join = Line("join", axis.at(end), axis.at(end), 30, 50)
    if value is None:
        return (join,)
    return (_bar(axis, "gain" if value >= 0 else "pay", start, end, 10, 20), join)


def tornado(
    swings: Sequence[Swing],
    *,
    title: str,
    unit: str = "MSEK",
    note: str = "",
    name: str = "tornado",
    language: str = "sv",
    decimals: int = 1,
    caption: str = "",
) -> RowChart:
    """What matters most: change of the result at the low and high value of each assumption, widest first."""
    say = partial(number, decimals=decimals, language=language, signed=True)
    known = [(s, clean(s.low), clean(s.high)) for s in swings]
    known.sort(key=lambda entry: -(max(entry[1] or 0, entry[2] or 0, 0) - min(entry[1] or 0, entry[2] or 0, 0)))
    axis = _axis([v for _, low, high in known for v in (low, high)], language)
    drawn = [
        Row(swing.label, _swing(axis, low, high), f"{say(low)} · {say(high)}", swing.span, strong=False)
        for swing, low, high in known
    ]
    return RowChart(
        title=title,
        desc=_said([(row.label, row.end) for row in drawn], unit),
        unit=unit,
        note=note,
        name=name,
        language=language,
        legend=(Legend("low", word("low", language)), Legend("high", word("high", language))),
        axis=axis,
        rows=tuple(drawn),
        height=44,
        end_title=word("low_high", language),
        table=Table(
            caption or f"{title}, {unit}",
            tuple(Column(word(key, language), key != "assumption") for key in ("assumption", "range", "low", "high")),
            tuple((s.label, s.span or MISSING, say(low), say(high)) for s, low, high in known),
        ),
    )


def _swing(axis: Scale, low: float | None, high: float | None) -> tuple[Mark, ...]:
    """Both ends of a swing; when they lie on the same side of zero each has half the height, so that both are seen."""
    same = bool(low and high and (low < 0) == (high < 0))
    height = 8 if same else 16
    ends = (("low", low, 12), ("high", high, 20 if same else 12))
    return tuple(_bar(axis, css, 0, value, y, height, 0) for css, value, y in ends if value is not None)
