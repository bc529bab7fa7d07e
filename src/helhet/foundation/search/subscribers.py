# SPDX-License-Identifier: EUPL-1.2
"""Keeps the index abreast of the ledger."""

from collections.abc import Sequence

from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger.models import Event
from helhet.foundation.search import services


def _matter(event: Event) -> None:
    _matters([event])


def _matters(events: Sequence[Event]) -> None:
    services.index_matters([int(event.object_id) for event in events if event.object_type == "matters.matter"])


def _goal(event: Event) -> None:
    services.index_goal(int(event.object_id))


def _organisation(event: Event) -> None:
    services.index_organisation(int(event.object_id))


SUBSCRIBERS = (
    Subscriber(
        "search.matters",
        ("matter.captured", "matter.edited", "matter.merged", "matter.author_erased"),
        _matter,
        _matters,
    ),
    Subscriber("search.goals", ("goal.written",), _goal),
    Subscriber("search.organisations", ("organisation.*", "mandate.given"), _organisation),
)
