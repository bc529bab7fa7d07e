# SPDX-License-Identifier: EUPL-1.2
"""The manifest of the calculations room."""

from django.utils.translation import gettext_lazy as _

from helhet.foundation.contracts import Importer, NavItem, Panel, Room, Step
from helhet.rooms.calculations import demo, parts, runs
from helhet.rooms.calculations.selectors import calculate_steps
from helhet.rooms.calculations.table import INVESTMENTS

ROOM = Room(
    name="calculations",
    title=_("Kalkyler"),
    order=40,
    nav=(NavItem(_("Kalkyler"), "calculations:books", 40, "calculation.read"),),
    steps=(Step("calculate", _("Räkna"), 40, calculate_steps),),
    panels=(Panel("calculation", 20, "calculations/panel.html", parts.panel),),
    importers=(Importer("investments", INVESTMENTS),),
    run_address=runs.address,
    load_demo=demo.load,
)
