# SPDX-License-Identifier: EUPL-1.2
"""Derives notices from the ledger: followers are told what happens, authors every outcome."""

from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Comment, Link, Matter
from helhet.foundation.notices.services import tell
from helhet.foundation.notices.words import OUTCOMES, TOLD_TO_ONE, WORDS


def tell_followers(event: Event, *, outcome: bool = False) -> None:
    """Tell everybody who follows the event's matter; with ``outcome`` the author cannot miss it."""
    if event.object_type != "matters.matter":
        return
    matter = (
        Matter.objects.filter(pk=event.object_id)
        .select_related("batch")
        .prefetch_related("owners__organisation", "participants")
        .first()
    )
    if matter is None:
        return
    sure = outcome or event.verb in OUTCOMES
    tell(
        event=event,
        matter=matter,
        users=matter.follows.values_list("user_id", flat=True),
        must_user=matter.author_id if sure else None,
        also_must=_authors_merged_into(matter) if sure else None,
    )


def _authors_merged_into(matter: Matter) -> dict[int, Matter]:
    """Who left a matter that was merged into this one, and which: this one's outcome is the answer to theirs."""
    links = Link.objects.filter(target=matter, type=Link.Type.MERGED_INTO).exclude(source__author=None)
    ready = links.select_related("source__batch").prefetch_related(
        "source__owners__organisation", "source__participants"
    )
    return {link.source.author_id: link.source for link in ready.order_by("-id") if link.source.author_id}


def tell_hidden(event: Event) -> None:
    """Whoever wrote a contribution that has been hidden is told, whatever they have switched off; nobody else is."""
    comment = Comment.objects.filter(pk=event.data.get("comment")).select_related("matter__batch").first()
    if comment is not None and comment.author_id is not None:
        tell(event=event, matter=comment.matter, users=(), must_user=comment.author_id)


SUBSCRIBERS = (
    Subscriber("notices.matters", tuple(verb for verb in WORDS if verb not in TOLD_TO_ONE), tell_followers),
    Subscriber("notices.hidden", tuple(TOLD_TO_ONE), tell_hidden),
)
