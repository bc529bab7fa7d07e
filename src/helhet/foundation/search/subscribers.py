# SPDX-License-Identifier: EUPL-1.2
"""Keeps the index abreast of the ledger."""

from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger.models import Event
from helhet.foundation.search import services


def _matter(event: Event) -> None:
    if event.object_type == "matters.matter":
        services.index_matter(int(event.object_id))


def _goal(event: Event) -> None:
    services.index_goal(int(event.object_id))


def _organisation(event: Event) -> None:
    services.index_organisation(int(event.object_id))


SUBSCRIBERS = (
    Subscriber(
        "search.matters",
        ("matter.captured", "matter.edited", "matter.merged", "matter.author_erased"),
        _matter,
    ),
    Subscriber("search.goals", ("goal.written",), _goal),
    Subscriber("search.organisations", ("organisation.*", "mandate.given"), _organisation),
)
