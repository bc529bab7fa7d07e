# SPDX-License-Identifier: EUPL-1.2
"""The sluice's manifest."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.contracts import HomePart, Importer, NavItem, Panel, Room, Step, Subscriber
from helhet.rooms.sluice import parts, subscribers
from helhet.rooms.sluice.api import router
from helhet.rooms.sluice.importing import ANSWERS
from helhet.rooms.sluice.loading import load_sluices
from helhet.rooms.sluice.selectors import capture_steps, sluice_steps

NOTICES = {
    "sluice.answered": _("Ärendet har besvarats"),
    "sluice.referred": _("Ärendet har hänvisats till den som äger frågan"),
    "sluice.forward": _("Ärendet tas vidare"),
    "sluice.banked": _("Ärendet har lagts i banken"),
    "sluice.ownerless": _("Ingen äger frågan ännu; den står nu i det öppna registret"),
    "sluice.declined": _("Ärendet tas inte vidare; motiveringen finns på sidan"),
    "sluice.handed_over": _("Ärendet har lämnats över till en annan sluss"),
    "sluice.reopened": _("Ärendet har öppnats igen"),
    "sluice.returned": _("Banken har lyft fram ärendet igen"),
    "sluice.translated": _("Svaret finns nu på ditt språk"),
}

#: Told to those who own the matter, whoever follows it.
ASKS_OWNERS = {"sluice.condition_asked": _("Är villkoret uppfyllt? Svara så att ärendet kan komma tillbaka ur banken")}
OWNERS_HEAR = ("sluice.referred", "sluice.forward", *ASKS_OWNERS)

#: What settles a matter, so that others that wait for it in the bank come back.
SETTLED = ("sluice.answered", "sluice.declined", "decision.recorded")

ROOM = Room(
    name="sluice",
    title=_("Sluss"),
    order=10,
    nav=(
        NavItem(_("Sluss"), "sluice:queue", 10, "sluice.see_queue"),
        NavItem(_("Banken"), "sluice:bank", 15),
    ),
    steps=(Step("capture", _("Fånga"), 10, capture_steps), Step("sluice", _("Sluss"), 20, sluice_steps)),
    panels=(Panel("sluice", 5, "sluice/panel.html", parts.panel),),
    home=(
        HomePart("capture", "a", 10, "sluice/home_capture.html", parts.home_capture),
        HomePart("mine", "b", 20, "sluice/home_mine.html", parts.home_mine),
    ),
    tasks=(parts.tasks,),
    waits=(parts.waits,),
    words=(parts.words,),
    subscribers=(
        Subscriber("sluice.notices", tuple(NOTICES), subscribers.tell_outcome),
        Subscriber("sluice.owners", OWNERS_HEAR, subscribers.tell_owners),
        Subscriber("sluice.author_heard", ("matter.commented",), subscribers.author_heard),
        Subscriber(
            "sluice.admit",
            ("matter.captured",),
            subscribers.admit_left_elsewhere,
            subscribers.admit_all_left_elsewhere,
        ),
        Subscriber("sluice.merged", ("matter.merged",), subscribers.close_merged),
        Subscriber("sluice.bank", SETTLED, subscribers.bring_back_after),
    ),
    importers=(Importer("answers", ANSWERS),),
    api=(("sluice", router),),
    load=load_sluices,
    notices=NOTICES | ASKS_OWNERS,
)
