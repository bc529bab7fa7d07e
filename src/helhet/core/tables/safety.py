# SPDX-License-Identifier: EUPL-1.2
"""Text that a spreadsheet would take for a formula is disarmed on the way out and restored on the way in.

The pair loses nothing: restore(neutralise(text)) == text for every text.
"""

from __future__ import annotations

import re

# The full-width forms are included since some spreadsheets fold them to the ordinary ones.
_LEADS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_ARMED = re.compile(f"'*[{_LEADS}]")
_DISARMED = re.compile(f"'+[{_LEADS}]")


def neutralise(text: str) -> str:
    """Return `text` with an apostrophe before it if a spreadsheet might run it."""
    return f"'{text}" if _ARMED.match(text) else text


def restore(text: str) -> str:
    """Return the text that `neutralise` was given."""
    return text[1:] if _DISARMED.match(text) else text
