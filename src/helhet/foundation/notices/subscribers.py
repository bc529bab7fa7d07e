# SPDX-License-Identifier: EUPL-1.2
"""Derives notices from the ledger: followers are told what happens, authors every outcome."""

from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.notices.services import tell
from helhet.foundation.notices.words import OUTCOMES, WORDS


def tell_followers(event: Event, *, outcome: bool = False) -> None:
    """Tell everybody who follows the event's matter; with ``outcome`` the author cannot miss it."""
    if event.object_type != "matters.matter":
        return
    matter = Matter.objects.filter(pk=event.object_id).prefetch_related("owners", "participants").first()
    if matter is not None:
        must = matter.author_id if outcome or event.verb in OUTCOMES else None
        tell(event=event, matter=matter, users=matter.follows.values_list("user_id", flat=True), must_user=must)


SUBSCRIBERS = (Subscriber("notices.matters", tuple(WORDS), tell_followers),)
