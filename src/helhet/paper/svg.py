# SPDX-License-Identifier: EUPL-1.2
"""Drawings made safe: only shapes, text and their looks remain; nothing runs, loads or reaches outside."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

_NS = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "clipPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "marker",
        "pattern",
        "mask",
        "symbol",
        "use",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "d",
        "points",
        "width",
        "height",
        "viewBox",
        "preserveAspectRatio",
        "transform",
        "fill",
        "stroke",
        "fill-opacity",
        "fill-rule",
        "clip-rule",
        "stroke-width",
        "stroke-opacity",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "opacity",
        "font-family",
        "font-size",
        "font-weight",
        "font-style",
        "text-anchor",
        "dominant-baseline",
        "alignment-baseline",
        "letter-spacing",
        "textLength",
        "lengthAdjust",
        "class",
        "id",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "clipPathUnits",
        "clip-path",
        "mask",
        "marker-start",
        "marker-end",
        "marker-mid",
        "markerWidth",
        "markerHeight",
        "markerUnits",
        "orient",
        "refX",
        "refY",
        "patternUnits",
        "patternTransform",
        "spreadMethod",
        "paint-order",
        "vector-effect",
        "xml:space",
        "aria-hidden",
        "role",
        "focusable",
        "href",
        "rotate",
        "baseline-shift",
        "font-variant",
    ]
)
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_LOCAL = re.compile(r"\s*url\(\s*['\"]?#([\w:.-]+)['\"]?\s*\)\s*", re.IGNORECASE)
_MAX_SIZE = 4_000_000

register_namespace("", _NS)


class SvgError(ValueError):
    """A drawing that cannot be read as SVG."""


def clean_svg(source: str, prefix: str = "") -> str:
    """Return `source` with allowed elements and attributes only; ids and references to them get `prefix`.

    `style` attributes, scripts, images, links, foreign content and animation are dropped. Raises SvgError.
    """
    if len(source) > _MAX_SIZE:
        raise SvgError("the drawing is too large")
    try:
        root = fromstring(source, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SvgError("the drawing is not well-formed SVG") from error
    if _local(root.tag) != "svg":
        raise SvgError("the drawing is not SVG")
    return tostring(_cleaned(root, prefix, 0), encoding="unicode")


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _cleaned(element: Element, prefix: str, depth: int) -> Element:
    if depth > 200:
        raise SvgError("the drawing is nested too deeply")
    result = Element(f"{{{_NS}}}{_local(element.tag)}")
    result.text = element.text
    for name, value in element.attrib.items():
        kept = _attribute(_local(name) if name.startswith("{http://www.w3.org/1999/xlink}") else name, value, prefix)
        if kept is not None:
            result.set(*kept)
    for child in element:
        if _local(child.tag) in _ELEMENTS and child.tag in (_local(child.tag), f"{{{_NS}}}{_local(child.tag)}"):
            copy = _cleaned(child, prefix, depth + 1)
            copy.tail = child.tail
            result.append(copy)
    return result


def _attribute(name: str, value: str, prefix: str) -> tuple[str, str] | None:
    if name not in _ATTRIBUTES:
        return None
    if name == "href":
        return (name, f"#{prefix}{value[1:]}") if value.startswith("#") else None
    if name == "id":
        return name, prefix + value
    if _URL.search(value):
        match = _LOCAL.fullmatch(value)
        return (name, f"url(#{prefix}{match[1]})") if match else None
    return name, value
