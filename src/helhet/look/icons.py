# SPDX-License-Identifier: EUPL-1.2
"""The few icons of the look, drawn on a 24 × 24 grid with a 1.75 line. They never stand without words."""

from typing import Final

ICONS: Final[dict[str, str]] = {
    "check": '<path d="M4 12.5l5 5L20 6.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "question": '<path d="M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1.1-1.4 2.1M12 17.5v.01"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0"/>',
    "person": '<circle cx="12" cy="8" r="3.75"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "down": '<path d="M6 9.5l6 6 6-6"/>',
    "left": '<path d="M14.5 6l-6 6 6 6"/>',
    "right": '<path d="M9.5 6l6 6-6 6"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "alert": '<path d="M12 4L2.5 20.5h19zM12 10v5M12 17.75v.01"/>',
    "info": '<circle cx="12" cy="12" r="8.75"/><path d="M12 11v5.5M12 7.75v.01"/>',
    "file": '<path d="M6 3.5h8l4 4v13H6zM14 3.5v4h4"/>',
    "place": '<path d="M12 21c-4-4.5-6.5-7.8-6.5-11a6.5 6.5 0 0 1 13 0c0 3.2-2.500 6.500-6.500 11z"/><circle cx="12" cy="10" r="2.25"/>',
    "lock": '<path d="M6 10.500h12v10H6zM8.500 10.500V7.500a3.500 3.500 0 0 1 7 0v3"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.600-5.600l-1.400 1.300M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.600 5.600l1.400-1.300"/>',
    "out": '<path d="M14 4.500h5.500V10M19.500 4.500L11 13M18 14v5.500H4.500V6H10"/>',
    "download": '<path d="M12 4v11M7 10.500l5 5 5-5M4.500 20h15"/>',
    "group": '<circle cx="9" cy="8.500" r="3.250"/><path d="M2.500 19.500a6.500 6.500 0 0 1 13 0M15.500 5.600a3.250 3.250 0 0 1 0 5.800M18 14.200a6.500 6.500 0 0 1 3.500 5.300"/>',
}


def svg(name: str) -> str:
    """The icon as inline SVG, hidden from assistive technology. Raises KeyError for an unknown name."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{ICONS[name]}</svg>'
