# SPDX-License-Identifier: EUPL-1.2
"""Sluices from an instance's ``sluices.toml``."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import MUNICIPALITY, municipality
from helhet.rooms.sluice.models import Sluice
from helhet.rooms.sluice.setup import CHANGEABLE, configure, open_sluice


@transaction.atomic
def load_sluices(folder: Path) -> None:
    """Make or bring up to date every sluice the file names, and the municipality's own. Organisations are there already."""
    file = folder / "sluices.toml"
    by = policy.system()
    for row in tomllib.loads(file.read_text("utf-8")).get("sluice", ()) if file.is_file() else ():
        organisation = Organisation.objects.get(slug=row["organisation"])
        words = {name: row[name] for name in CHANGEABLE if name in row}
        sluice = Sluice.objects.select_related("organisation").filter(organisation=organisation).first()
        if sluice is None:
            open_sluice(by=by, organisation=organisation, **words)
        else:
            configure(by=by, sluice=sluice, **words)
    if not Sluice.objects.filter(organisation__slug=MUNICIPALITY).exists():
        open_sluice(by=by, organisation=municipality(), title=_("Kommunens sluss"))
