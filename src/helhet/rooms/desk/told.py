# SPDX-License-Identifier: EUPL-1.2
"""The ledger told in words on a matter's page."""

from typing import Any

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.selectors import history
from helhet.foundation.notices.services import words_for

#: Told elsewhere on the page, or nobody's business.
QUIET = {"matter.commented", "matter.followed", "matter.unfollowed", "matter.supported", "matter.support_withdrawn"}


def told(matter: Matter) -> list[dict[str, Any]]:
    """What the system did lately with the matter, newest first."""
    return [_row(event) for event in history(matter) if event.verb not in QUIET and words_for(event.verb)]


def _row(event: Event) -> dict[str, Any]:
    return {"event": words_for(event.verb), "when": event.at, "who": ""}
