# SPDX-License-Identifier: EUPL-1.2
"""What every chart carries: a title that says what is true, a description, its legend and its table."""

from dataclasses import dataclass, field
from html import escape
from typing import Final

from helhet.core.charts import marks as draw
from helhet.core.charts.marks import Mark

#: How a legend's sample is drawn, by class.
_LINES: Final = {"median", "limit"}


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers are set to the right."""

    label: str
    num: bool = True


@dataclass(frozen=True)
class Table:
    """A chart's numbers as text: the first cell of each row is its heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()

    def to_html(self, table_id: str) -> str:
        """Caption and table in a focusable region, as the look's ``scroll`` block writes it."""
        head = "".join(f'<th scope="col"{_num(c.num)}>{escape(c.label)}</th>' for c in self.columns)
        body = "".join(f"<tr>{self._cells(row)}</tr>" for row in self.rows)
        foot = f"<tfoot><tr>{self._cells(self.foot)}</tr></tfoot>" if self.foot else ""
        name = escape(table_id)
        return (
            f'<p class="cap" id="{name}">{escape(self.caption)}</p>'
            f'<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0">'
            f'<table class="table" aria-labelledby="{name}"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody>{foot}</table></div>"
        )

    def _cells(self, row: tuple[str, ...]) -> str:
        first = f'<th scope="row">{escape(row[0])}</th>'
        rest = zip(row[1:], self.columns[1:], strict=True)
        return first + "".join(f"<td{_num(c.num)}>{escape(text)}</td>" for text, c in rest)


def _num(num: bool) -> str:
    return ' class="num"' if num else ""


@dataclass(frozen=True)
class Legend:
    """One sample and its words; ``css`` names the colour, ``whisk`` is the interval."""

    css: str
    label: str

    def to_html(self) -> str:
        """The sample as a small SVG, then the words."""
        return f'<li><svg aria-hidden="true" focusable="false">{self._sample()}</svg>{escape(self.label)}</li>'

    def _sample(self) -> str:
        if self.css == "whisk":
            return (
                '<line class="whisk" x1="1" x2="19" y1="6" y2="6"/><line class="whisk" x1="1" x2="1" y1="2" y2="10"/>'
                '<line class="whisk" x1="19" x2="19" y1="2" y2="10"/>'
            )
        if self.css in _LINES:
            return f'<line class="{self.css}" x1="0" x2="20" y1="6" y2="6"/>'
        return f'<rect class="{escape(self.css)}" width="20" height="12" rx="2"/>'


@dataclass(frozen=True)
class Chart:
    """Common to all charts. ``desc`` says the chart in words; ``name`` makes ids unique on a page."""

    title: str
    desc: str
    unit: str
    table: Table
    note: str = ""
    name: str = "chart"
    language: str = "sv"
    legend: tuple[Legend, ...] = field(default=())

    def to_html(self) -> str:
        """The chart for a page, without figure, caption and table."""
        raise NotImplementedError

    def to_svg(self, width: int = 640) -> str:
        """The chart alone as a self-contained SVG for documents, ``width`` pixels wide."""
        raise NotImplementedError

    def table_html(self) -> str:
        """The chart's table."""
        return self.table.to_html(f"tab-{self.name}")

    def legend_html(self) -> str:
        """The legend as a list, or nothing."""
        items = "".join(entry.to_html() for entry in self.legend)
        return f'<ul class="legend">{items}</ul>' if items else ""

    def document(self, body: str, width: int, height: float) -> str:
        """A whole SVG file: size, title and description for assistive technology, legend below the drawing."""
        legend, extra = self._legend_svg(width, height)
        tall = draw.trim(height + extra)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{tall}" viewBox="0 0 {width} {tall}"'
            f' role="img"><title>{escape(self.title)}</title><desc>{escape(self.desc)}</desc>{body}{legend}</svg>'
        )

    def _legend_svg(self, width: int, top: float) -> tuple[str, float]:
        if not self.legend:
            return "", 0
        x, y, parts = 0.0, top + 16, []
        for entry in self.legend:
            need = 26 + 6.2 * len(entry.label) + 18
            if x and x + need > width:
                x, y = 0.0, y + 18
            parts.append(_sample_svg(entry.css, x, y) + draw.words(entry.label, x + 26, y, quiet=True))
            x += need
        return "".join(parts), y - top + 8


def _sample_svg(css: str, x: float, y: float) -> str:
    mark: Mark
    if css == "whisk" or css in _LINES:
        mark = draw.Line(css, 0, 100, -4, -4)
    else:
        mark = draw.Rect(css, 0, 100, -9, 10, 2)
    return draw.document(mark, x, 20, y)
