# SPDX-License-Identifier: EUPL-1.2
"""What the sluice does when something happens."""

from collections.abc import Sequence

from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Comment, Kind, Matter, Status
from helhet.foundation.matters.policy import LEADS
from helhet.foundation.notices.services import tell
from helhet.foundation.notices.subscribers import tell_followers
from helhet.foundation.people.selectors import nearest_holders
from helhet.rooms.sluice import returning, services
from helhet.rooms.sluice.models import Case


def tell_outcome(event: Event) -> None:
    """Followers are told; the author cannot miss it."""
    tell_followers(event, outcome=True)


def tell_owners(event: Event) -> None:
    """Whoever leads an organisation that owns the matter is told that it waits for them: all owners, not the first."""
    found = Matter.objects.select_related("batch").prefetch_related("owners__organisation", "participants")
    matter = found.filter(pk=event.object_id).first()
    if matter is not None:
        owners = [owner.organisation for owner in matter.owners.all()]
        tell(event=event, matter=matter, users=nearest_holders(owners, LEADS))


def author_heard(event: Event) -> None:
    """The author has written: a case that waited for them waits for us again."""
    case = Case.objects.filter(matter_id=event.object_id).select_related("matter", "sluice").first()
    added = Comment.objects.filter(pk=event.data.get("comment")).first()
    if case and added and added.author_id is not None and added.author_id == case.matter.author_id:
        services.heard_from_author(case)


def admit_left_elsewhere(event: Event) -> None:
    """A matter that came another way than through a sluice (import, split, API) still gets its answer."""
    admit_all_left_elsewhere([event])


def admit_all_left_elsewhere(events: Sequence[Event]) -> None:
    """The same for many: of an import's matters most are answered already, and one question finds the others."""
    pks = [event.object_id for event in events]
    waiting = Matter.objects.filter(pk__in=pks, case=None, status__in=[Status.NEW, Status.ASKED])
    if matters := list(waiting.exclude(kind=Kind.PROJECT).order_by("pk")):
        main = services.main_sluice()
        for matter in matters:
            services.admit(matter=matter, sluice=main)


def close_merged(event: Event) -> None:
    """A merged matter waits for nobody."""
    matter = Matter.objects.filter(pk=event.object_id).first()
    if matter is not None:
        services.close_merged(matter)


def bring_back_after(event: Event) -> None:
    """A matter has been answered or decided: what waited for it in the bank comes back."""
    matter = Matter.objects.filter(pk=event.object_id).first()
    if matter is not None:
        returning.bring_back_after(matter)
