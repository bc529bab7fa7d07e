# SPDX-License-Identifier: EUPL-1.2
"""The desk's manifest."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.contracts import HomePart, NavItem, Panel, Room
from helhet.rooms.desk import parts

ROOM = Room(
    name="desk",
    title=_("Skrivbord"),
    order=0,
    nav=(
        NavItem(_("Hem"), "desk:home", 0),
        NavItem(_("Ärenden"), "desk:matters", 20),
        NavItem(_("Mål"), "desk:goals", 60),
    ),
    panels=(
        Panel("goals", 60, "desk/panel_goals.html", parts.goals),
        Panel("links", 70, "desk/panel_links.html", parts.links),
        Panel("similar", 80, "desk/panel_similar.html", parts.similar),
        Panel("participants", 85, "desk/panel_participants.html", parts.participants),
        Panel("steer", 90, "desk/panel_steer.html", parts.steer),
    ),
    home=(
        HomePart("waiting", "b", 10, "desk/home_waiting.html", parts.home_waiting),
        HomePart("news", "c", 10, "desk/home_news.html", parts.home_news),
    ),
)
