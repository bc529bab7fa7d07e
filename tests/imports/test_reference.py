# SPDX-License-Identifier: EUPL-1.2
"""The reference of the tables is made from their declarations and says what they say."""

from pathlib import Path

import pytest

from helhet.core.tables import read
from helhet.foundation.imports.columns import TYPES
from helhet.foundation.imports.kinds import LOOKUPS
from helhet.foundation.imports.reference import reference
from helhet.foundation.imports.tables import OWN

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "organisations.csv": "organisations",
    "groups.csv": "organisations",
    "mandates.csv": "mandates",
    "people.csv": "people",
    "goals.csv": "goals",
    "matters.csv": "matters",
    "projects.csv": "matters",
    "comments.csv": "comments",
}


def test_the_page_is_what_the_declarations_say() -> None:
    page = (ROOT / "docs" / "reference" / "import.md").read_text("utf-8")
    assert page == reference(OWN), "run: helhet import --reference > docs/reference/import.md"


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.name)
def test_declarations_are_whole(kind: object) -> None:
    columns = kind.columns  # type: ignore[attr-defined]
    assert kind.by_name[kind.key].required  # type: ignore[attr-defined]
    assert len({column.name for column in columns}) == len(columns)
    for column in columns:
        assert column.type in TYPES
        assert column.help_sv.endswith(".")
        assert column.help_en.endswith(".")
        for refers in (column.refers, *(part.refers for part in column.parts)):
            assert not refers or refers in LOOKUPS


@pytest.mark.parametrize(("file", "name"), FILES.items())
def test_the_instance_uses_declared_columns(file: str, name: str) -> None:
    kind = next(kind for kind in OWN if kind.name == name)
    path = ROOT / "instances" / "kiruna" / file
    assert set(next(read(path, file)).values) <= set(kind.by_name)
