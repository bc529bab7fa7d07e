# SPDX-License-Identifier: EUPL-1.2
"""The decision room's manifest."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.contracts import NavItem, Panel, Room, Step, Subscriber
from helhet.rooms.decisions import demo, lives, parts, subscribers
from helhet.rooms.decisions.api import router

NOTICES = {
    "basis.sent_to_review": _("Ett beslutsunderlag är på granskning"),
    "basis.commented": _("En anmärkning på ditt beslutsunderlag"),
    "basis.presented": _("Ett beslutsunderlag har lagts fram"),
    "decision.recorded": _("Ett beslut har fattats"),
    "decision.corrected": _("Ett beslut har rättats"),
    "decision.followed_up": _("Ett beslut har följts upp"),
    "decision.follow_up_due": _("Ett beslut ska följas upp"),
}
ALONG_THE_WAY = (
    "basis.presented",
    "decision.recorded",
    "decision.corrected",
    "decision.followed_up",
    "decision.follow_up_due",
)

ROOM = Room(
    name="decisions",
    title=_("Beslut"),
    order=60,
    nav=(NavItem(_("Beslut"), "decisions:register", 60),),
    steps=(
        Step("decide", _("Besluta"), 60, lives.decide_steps),
        Step("follow", _("Följa upp"), 80, lives.follow_steps),
    ),
    panels=(Panel("decisions", 60, "decisions/panel.html", parts.panel),),
    tasks=(parts.tasks,),
    waits=(parts.waits,),
    words=(parts.words,),
    subscribers=(
        Subscriber("decisions.along_the_way", ALONG_THE_WAY, subscribers.tell_along_the_way),
        Subscriber("decisions.reviewers", ("basis.sent_to_review",), subscribers.tell_reviewers),
        Subscriber("decisions.writer", ("basis.commented",), subscribers.tell_writer),
    ),
    api=(("decisions", router),),
    notices=NOTICES,
    load_demo=demo.load,
)
