# SPDX-License-Identifier: EUPL-1.2
"""Rooms do not know each other in ways that an import linter cannot see: keys, migrations, templates, addresses."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings

from tests.repo.sources import ROOT, relative

ROOMS = [name.rsplit(".", 1)[1] for name in settings.HELHET_ROOMS]
# The desk is where a matter's own page and everybody's home are; its addresses are known to the whole house.
KNOWN_TO_ALL = {"desk"}
INCLUDED = re.compile(r"""{%\s*(?:include|extends)\s+["'](?P<room>\w+)/""")
ADDRESS = re.compile(r"""(?:{%\s*url\s+|reverse\(|reverse_lazy\(|redirect\()["'](?P<room>\w+):""")


def others(room: str) -> set[str]:
    return set(ROOMS) - {room}


def labels(room: str) -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name == f"helhet.rooms.{room}"}


@pytest.mark.parametrize("room", ROOMS)
def test_no_key_leads_into_another_room(room):
    foreign = {label for other in others(room) for label in labels(other)}
    found = [
        f"{model.__name__}.{field.name} → {field.related_model._meta.label}"
        for config in apps.get_app_configs()
        if config.label in labels(room)
        for model in config.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model._meta.app_label in foreign
    ]
    assert found == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_migration_waits_for_another_room(room):
    foreign = {label for other in others(room) for label in labels(other)}
    found = []
    for path in (ROOT / "src" / "helhet" / "rooms" / room / "migrations").glob("0*.py"):
        pairs = [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Tuple) and len(node.elts) == 2
        ]
        names = {node.elts[0].value for node in pairs if isinstance(node.elts[0], ast.Constant)}
        found += [f"{relative(path)}: {name}" for name in names & foreign]
    assert found == []


def _mentions(room: str, pattern: re.Pattern[str], endings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "src" / "helhet" / "rooms" / room).rglob("*")):
        if path.suffix in endings:
            for found in pattern.finditer(path.read_text(encoding="utf-8")):
                yield relative(path), found["room"]


@pytest.mark.parametrize("room", ROOMS)
def test_no_template_is_borrowed_from_another_room(room):
    foreign = others(room)
    assert [(file, name) for file, name in _mentions(room, INCLUDED, (".html", ".txt")) if name in foreign] == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_address_of_another_room_is_written_down(room):
    foreign = others(room) - KNOWN_TO_ALL
    assert [(file, name) for file, name in _mentions(room, ADDRESS, (".html", ".txt", ".py")) if name in foreign] == []


@pytest.mark.parametrize("folder", ["look", "foundation", "paper"])
def test_what_rooms_stand_on_does_not_know_them(folder):
    found = [
        (relative(path), match["room"])
        for path in sorted((ROOT / "src" / "helhet" / folder).rglob("*"))
        if path.suffix in {".html", ".txt", ".py"}
        for pattern in (INCLUDED, ADDRESS)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
        if match["room"] in set(ROOMS) - KNOWN_TO_ALL
    ]
    assert found == []
