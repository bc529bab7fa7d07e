# SPDX-License-Identifier: EUPL-1.2
"""What charts are drawn of, and the two ways to write it.

Across, every mark lies in per cent of the drawing's width; downwards in pixels. On pages the per cents stay per cents and colours
come from the style sheet by class, so that text never stretches; in documents both become plain numbers and fixed colours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

Anchor = Literal["start", "middle", "end"]

#: Colours of documents, the light theme's data colours. Class → (fill, stroke, stroke width, dash).
PALETTE: Final[Mapping[str, tuple[str, str, float, str]]] = {
    "gain": ("#1b6ca8", "none", 0, ""),
    "pay": ("#b04e0a", "none", 0, ""),
    "own": ("#0f8062", "none", 0, ""),
    "sum": ("#4a5b69", "none", 0, ""),
    "rest": ("#71828f", "none", 0, ""),
    "low": ("#71828f", "none", 0, ""),
    "high": ("#512b6b", "none", 0, ""),
    "fan-1": ("#d3e5f2", "none", 0, ""),
    "fan-2": ("#a9cde6", "none", 0, ""),
    "zero": ("none", "#4a5b69", 1, ""),
    "grid": ("none", "#dde6ec", 1, ""),
    "join": ("none", "#6a7b89", 1, "2 2"),
    "whisk": ("none", "#14212c", 1.5, ""),
    "median": ("none", "#1b6ca8", 2.5, ""),
    "limit": ("none", "#b08a00", 2, "6 4"),
    "dot": ("#ffffff", "#1b6ca8", 2.5, ""),
}
INK: Final = "#14212c"
INK_2: Final = "#4a5b69"
FONT: Final = "Inter, Arial, sans-serif"


@dataclass(frozen=True)
class Rect:
    """A bar from ``x`` per cent, ``width`` per cent wide."""

    css: str
    x: float
    width: float
    y: float
    height: float
    round: int = 0


@dataclass(frozen=True)
class Line:
    """A straight line."""

    css: str
    x1: float
    x2: float
    y1: float
    y2: float


@dataclass(frozen=True)
class Text:
    """Words at a place; ``y`` is the base line."""

    text: str
    x: float
    y: float
    anchor: Anchor = "start"
    css: str = ""


@dataclass(frozen=True)
class Dot:
    """A small ring."""

    x: float
    y: float


@dataclass(frozen=True)
class Shape:
    """An area (``closed``) or a line through points (x per cent, y pixels); stretches with the page."""

    css: str
    points: tuple[tuple[float, float], ...]
    closed: bool


Mark = Rect | Line | Text | Dot | Shape


def trim(value: float) -> str:
    """A coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _css(name: str) -> str:
    return f' class="{escape(name)}"' if name else ""


def page(mark: Mark, height: float) -> str:
    """The mark as SVG for a page; ``height`` is the drawing's in pixels."""
    match mark:
        case Rect():
            rounded = f' rx="{mark.round}"' if mark.round else ""
            return (
                f'<rect{_css(mark.css)} x="{trim(mark.x)}%" width="{trim(mark.width)}%"'
                f' y="{trim(mark.y)}" height="{trim(mark.height)}"{rounded}/>'
            )
        case Line():
            return (
                f'<line{_css(mark.css)} x1="{trim(mark.x1)}%" x2="{trim(mark.x2)}%"'
                f' y1="{trim(mark.y1)}" y2="{trim(mark.y2)}"/>'
            )
        case Text():
            anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
            return f'<text{_css(mark.css)} x="{trim(mark.x)}%" y="{trim(mark.y)}"{anchor}>{escape(mark.text)}</text>'
        case Dot():
            return f'<circle class="dot" cx="{trim(mark.x)}%" cy="{trim(mark.y)}" r="4.5"/>'
        case Shape():
            path = "L".join(f"{x * 10:.0f} {y / height * 1000:.0f}" for x, y in mark.points)
            end = "Z" if mark.closed else ""
            return (
                f'<svg width="100%" height="{trim(height)}" viewBox="0 0 1000 1000" preserveAspectRatio="none">'
                f'<path{_css(mark.css)} d="M{path}{end}"/></svg>'
            )


def _paint(css: str) -> str:
    fill, stroke, width, dash = PALETTE[css]
    line = f' stroke="{stroke}" stroke-width="{trim(width)}"' if stroke != "none" else ""
    return f' fill="{fill}"{line}' + (f' stroke-dasharray="{dash}"' if dash else "")


def words(text: str, x: float, y: float, *, anchor: Anchor = "start", bold: bool = False, quiet: bool = False) -> str:
    """Words in a document's SVG, in pixels."""
    weight = ' font-weight="600"' if bold else ""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text x="{trim(x)}" y="{trim(y)}" font-family="{FONT}" font-size="11"{weight}{side}'
        f' fill="{INK_2 if quiet else INK}">{escape(text)}</text>'
    )


def document(mark: Mark, left: float, width: float, top: float) -> str:
    """The mark as SVG for a document, in pixels: the drawing begins at (``left``, ``top``) and is ``width`` wide."""

    def across(place: float) -> float:
        return left + place / 100 * width

    match mark:
        case Rect():
            rounded = f' rx="{mark.round}"' if mark.round else ""
            return (
                f'<rect x="{trim(across(mark.x))}" y="{trim(top + mark.y)}" width="{trim(mark.width / 100 * width)}"'
                f' height="{trim(mark.height)}"{rounded}{_paint(mark.css)}/>'
            )
        case Line():
            return (
                f'<line x1="{trim(across(mark.x1))}" x2="{trim(across(mark.x2))}" y1="{trim(top + mark.y1)}"'
                f' y2="{trim(top + mark.y2)}"{_paint(mark.css)}/>'
            )
        case Text():
            strong = "say" in mark.css
            return words(mark.text, across(mark.x), top + mark.y, anchor=mark.anchor, bold=strong, quiet=not strong)
        case Dot():
            return f'<circle cx="{trim(across(mark.x))}" cy="{trim(top + mark.y)}" r="4"{_paint("dot")}/>'
        case Shape():
            path = "L".join(f"{trim(across(x))} {trim(top + y)}" for x, y in mark.points)
            return f'<path d="M{path}{"Z" if mark.closed else ""}"{_paint(mark.css)}/>'
