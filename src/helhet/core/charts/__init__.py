# SPDX-License-Identifier: EUPL-1.2
"""Small hand-made charts: data → specification → SVG, each with its table.

Every function returns a :class:`Chart` with ``title``, ``desc``, ``table`` and

- ``to_html()``: for pages; places in per cent, colours by class, text as HTML or unscaled SVG;
- ``to_svg(width)``: for documents; self-contained, fixed colours and sizes;
- ``table_html()``: the same numbers as a table.

Text is escaped; the results are safe to put into a page. Missing, NaN and infinite values become a dash and draw nothing.
"""

from helhet.core.charts.journey import Step, StepsChart, steps
from helhet.core.charts.rows import Bar, Item, RowChart, Swing, bars, tornado, waterfall
from helhet.core.charts.spec import Chart, Column, Table
from helhet.core.charts.years import PlotChart, Series, fan, year_bars

__all__ = [
    "Bar",
    "Chart",
    "Column",
    "Item",
    "PlotChart",
    "RowChart",
    "Series",
    "Step",
    "StepsChart",
    "Swing",
    "Table",
    "bars",
    "fan",
    "steps",
    "tornado",
    "waterfall",
    "year_bars",
]
