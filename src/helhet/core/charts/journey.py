# SPDX-License-Identifier: EUPL-1.2
"""A matter's journey as steps: a list on pages, a drawing in documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from helhet.core.charts import marks as draw
from helhet.core.charts.rows import fold
from helhet.core.charts.spec import Chart, Column, Table
from helhet.core.charts.words import word

State = Literal["done", "now", "todo"]
_TICK: Final = (
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M4 12.5l5 5L20 6.5"/></svg>'
)
_BLUE: Final = "#125982"


@dataclass(frozen=True)
class Step:
    """One step: its name, how far it has come and a short remark such as a date."""

    label: str
    state: State
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class StepsChart(Chart):
    """The whole journey."""

    steps: tuple[Step, ...]

    def to_html(self) -> str:
        """The look's ``.steps`` list."""
        items = "".join(self._item(step) for step in self.steps)
        return f'<ol class="steps" aria-label="{escape(self.title)}">{items}</ol>'

    def _item(self, step: Step) -> str:
        kind = {"done": ' class="is-done"', "now": ' class="is-now" aria-current="step"', "todo": ""}[step.state]
        done = step.state == "done"
        spoken = f'<span class="ds-sr-only"> ({escape(word("done", self.language))})</span>' if done else ""
        return (
            f'<li{kind}><span class="steps__mark">{_TICK if done else ""}</span><b>{escape(step.label)}</b>'
            f"{spoken}<span>{escape(step.remark)}</span></li>"
        )

    def to_svg(self, width: int = 640) -> str:
        """Rings on a line with words below, in pixels."""
        slot = width / max(1, len(self.steps))
        parts = []
        for i, step in enumerate(self.steps):
            x = slot * i + 9
            if i < len(self.steps) - 1:
                color = _BLUE if step.state == "done" else "#d2dde4"
                parts.append(
                    f'<path d="M{draw.trim(x + 8)} 10H{draw.trim(x + slot - 8)}" stroke="{color}" stroke-width="2"/>'
                )
            parts.append(_ring(step.state, x))
            parts.append(draw.words(step.label, x - 8, 36, bold=step.state == "now"))
            for at, line in enumerate(fold(step.remark, max(8, int(slot / 6)))):
                parts.append(draw.words(line, x - 8, 50 + 13 * at, quiet=True))
        return self.document("".join(parts), width, 84)


def _ring(state: State, x: float) -> str:
    place = f'cx="{draw.trim(x)}" cy="10"'
    if state == "done":
        tick = f'<path d="M{draw.trim(x - 3.5)} 10l2.5 2.500 4.500-5" fill="none" stroke="#fff" stroke-width="1.75"/>'
        return f'<circle {place} r="8" fill="{_BLUE}"/>{tick}'
    ring = f'<circle {place} r="7" fill="#fff" stroke="{_BLUE if state == "now" else "#6a7b89"}" stroke-width="2"/>'
    return ring + (f'<circle {place} r="3" fill="{_BLUE}"/>' if state == "now" else "")


def steps(
    entries: Sequence[Step], *, title: str = "Ärendets väg", name: str = "steps", language: str = "sv"
) -> StepsChart:
    """The journey of a matter."""
    rows = tuple((s.label, word(s.state, language), s.remark) for s in entries)
    columns = tuple(Column(word(key, language), False) for key in ("step", "state", "remark"))
    said = ", ".join(f"{label} {state}" for label, state, _ in rows)
    return StepsChart(
        title=title,
        desc=f"{said}.",
        unit="",
        table=Table(title, columns, rows),
        name=name,
        language=language,
        steps=tuple(entries),
    )
