# SPDX-License-Identifier: EUPL-1.2
"""Who is told what happens to a basis and a decision."""

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.notices.services import tell
from helhet.foundation.people.models import User
from helhet.foundation.people.selectors import standings_of
from helhet.rooms.decisions.models import Basis

#: More people than this are told in no single event; the rest read it on the matter's page.
MOST = 20_000
#: So many people's standings are asked for at once.
CHUNK = 500


def tell_along_the_way(event: Event) -> None:
    """Everybody along the way: who follows, wrote in the thread, supports, wrote or reviewed the basis – and the author,
    whatever they have switched off."""
    matter = _matter(event)
    if matter is None:
        return
    people = set(matter.follows.values_list("user_id", flat=True)[:MOST])
    people |= set(matter.comments.exclude(author=None).values_list("author_id", flat=True).distinct()[:MOST])
    people |= set(matter.supports.values_list("user_id", flat=True)[:MOST])
    bases = Basis.objects.filter(matter=matter)
    people |= set(bases.exclude(started_by=None).values_list("started_by_id", flat=True))
    people |= set(bases.exclude(comments__author=None).values_list("comments__author_id", flat=True).distinct())
    tell(event=event, matter=matter, users=people, must_user=matter.author_id)


def tell_reviewers(event: Event) -> None:
    """A draft goes to review: those who follow the matter and may read drafts are told, and nobody else."""
    basis = _basis(event)
    if basis is not None:
        followers = list(User.objects.filter(follows__matter=basis.matter)[:MOST])
        inside: list[int] = []
        for start in range(0, len(followers), CHUNK):
            standings = standings_of(followers[start : start + CHUNK])
            inside += [pk for pk, standing in standings.items() if standing.is_internal]
        tell(event=event, matter=basis.matter, users=inside)


def tell_writer(event: Event) -> None:
    """A remark is left: the one who started the basis is told."""
    basis = _basis(event)
    if basis is not None and basis.started_by_id is not None:
        tell(event=event, matter=basis.matter, users=[basis.started_by_id])


def _matter(event: Event) -> Matter | None:
    return Matter.objects.filter(pk=event.object_id).prefetch_related("owners", "participants").first()


def _basis(event: Event) -> Basis | None:
    return Basis.objects.filter(pk=event.object_id).select_related("matter").first()
