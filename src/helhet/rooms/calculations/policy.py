# SPDX-License-Identifier: EUPL-1.2
"""Who may read, try out, change and keep calculations. Whoever may read may also move the sliders."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.policy import may_read as may_read_matter
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.policy import Decision, Standing, allow, deny, register
from helhet.foundation.policy.core import by_roles
from helhet.foundation.policy.roles import CALCULATING, Role
from helhet.rooms.calculations.models import Book, BookMatter, Scenario


def readable_books(actor: Standing) -> Q:
    """The books the actor may read, as a condition. Says the same as ``calculation.read`` (a test holds them together)."""
    if actor.system:
        return Q()
    tied = BookMatter.objects.filter(book=OuterRef("pk"))
    may = Q(is_public=True) | Q(Exists(tied.filter(matter__in=Matter.objects.filter(readable_q(actor)))))
    if actor.is_internal and actor.has(*CALCULATING):
        may |= Q(~Exists(tied))
    elif actor.is_internal:
        may |= Q(~Exists(tied), state=Book.State.APPROVED)
    return may


def may_read(actor: Standing, book: Any) -> Decision:
    """A book is read where its matter is read; one without a matter inside the municipality, or by all when public."""
    if book is None:  # the room as a whole: what one may not read is left out of its lists
        return allow()
    if book.is_public:
        return allow()
    matters = [tie.matter for tie in book.ties.all()]
    if any(may_read_matter(actor, matter) for matter in matters):
        return allow()
    if matters:
        return deny(_("Kalkylen hör till ett ärende som du inte får läsa. Fråga den som äger ärendet."))
    if not actor.is_internal:
        return deny(_("Kalkylen är intern. Logga in för att läsa den."))
    if book.state != Book.State.APPROVED and not actor.has(*CALCULATING):
        return deny(_("Kalkylen är ett utkast. Den syns för alla i kommunen när den har godkänts."))
    return allow()


def _saving(actor: Standing, book: Any) -> Decision:
    if not (reading := may_read(actor, book)):
        return reading
    return allow() if actor.is_authenticated else deny(_("Logga in för att spara. Du kan ändra och räkna ändå."))


def _editing(actor: Standing, book: Any) -> Decision:
    if book is not None and not (reading := may_read(actor, book)):
        return reading
    if actor.has(*CALCULATING):
        return allow()
    return deny(_("Kalkyler ändras av ekonomer, planerare, processledare och plattformsteamet. Alla får räkna."))


def _keeping(actor: Standing, book: Any) -> Decision:
    if book is not None and not (reading := may_read(actor, book)):
        return reading
    if actor.has(*CALCULATING):
        return allow()
    return deny(_("Körningar sparas av ekonomer, planerare, processledare och plattformsteamet. Alla får räkna."))


def _scenario(actor: Standing, scenario: Scenario) -> Decision:
    if not (reading := may_read(actor, scenario.book)):
        return reading
    mine = actor.user_id is not None and scenario.owner_id == actor.user_id
    if scenario.shared or mine:
        return allow()
    return deny(_("Scenariot är inte delat. Be den som gjort det att dela det."))


def register_actions() -> None:
    """Make the room's actions known."""
    register("calculation.read", _("Öppna en kalkyl"), may_read)
    register("calculation.play", _("Ändra antaganden och räkna"), may_read)
    register("calculation.save_scenario", _("Spara ett scenario"), _saving)
    register("calculation.read_scenario", _("Öppna ett scenario"), _scenario)
    register("calculation.edit", _("Ändra en kalkyl"), _editing)
    register("calculation.keep", _("Spara en körning i ett ärende"), _keeping)
    register("investment.read", _("Se publicerade siffror"), lambda actor, obj: allow())
    register(
        "investment.edit",
        _("Ändra publicerade siffror och välja mellan källor"),
        by_roles(
            {*CALCULATING, Role.ADMINISTRATOR},
            _("Det gör ekonomer, planerare, processledare och plattformsteamet."),
        ),
    )
