# SPDX-License-Identifier: EUPL-1.2
"""The administration's manifest."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.contracts import NavItem, Room
from helhet.rooms.administration import parts

ROOM = Room(
    name="administration",
    title=_("Administration"),
    order=100,
    nav=(NavItem(_("Administration"), "administration:start", 90, "administration.enter", menu="own"),),
    tasks=(parts.tasks,),
)
