# SPDX-License-Identifier: EUPL-1.2
"""Sluices from an instance's ``sluices.toml``."""

import tomllib
from pathlib import Path

from django.db import transaction

from helhet.foundation.people.models import Organisation
from helhet.rooms.sluice.models import Sluice

FIELDS = ("title", "intro", "promise_days", "questions", "outcomes", "takes_outsiders")


@transaction.atomic
def load_sluices(folder: Path) -> None:
    """Make or bring up to date every sluice the file names. Organisations must be there already."""
    file = folder / "sluices.toml"
    if not file.is_file():
        return
    for row in tomllib.loads(file.read_text("utf-8")).get("sluice", ()):
        organisation = Organisation.objects.get(slug=row["organisation"])
        wanted = {name: row[name] for name in FIELDS if name in row}
        Sluice.objects.update_or_create(organisation=organisation, defaults=wanted)
