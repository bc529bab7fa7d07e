# SPDX-License-Identifier: EUPL-1.2
"""A room never knows another room: not by import, model, migration, template, address or file of its own.

An import linter sees imports only. The one exception is the desk, which every room stands beside: others may link to
its pages by name (docs/adr, «Every room stands beside the desk»).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

import helhet.rooms
from helhet.foundation.contracts import Room, rooms

FOLDER = Path(helhet.rooms.__file__).parent
ROOMS = sorted(path.parent.name for path in FOLDER.glob("*/apps.py"))
BESIDE_ALL = "desk"
TAG = re.compile(r"\{%-?\s*(url|include|extends|static|load)\s+([^%]*)%\}")
WORD = re.compile(r"""["']([\w./:-]+)["']""")


def others(room: str) -> set[str]:
    return set(ROOMS) - {room}


def _links(room: str, name: str, text: str) -> Iterator[str]:
    """What in a template leads to another room."""
    for tag, rest in TAG.findall(text):
        for word in WORD.findall(rest) or (rest.split() if tag == "load" else []):
            owner = re.split(r"[:/._]", word)[0]
            if owner in others(room) and not (tag == "url" and owner == BESIDE_ALL):
                yield f"{name}: {tag} {word}"


@pytest.mark.parametrize("room", ROOMS)
def test_templates_lead_to_no_other_room(room: str) -> None:
    found = [
        link
        for path in sorted((FOLDER / room).rglob("*"))
        if path.suffix in {".html", ".txt", ".xml", ".svg"} and "templates" in path.parts
        for link in _links(room, path.name, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def _in_code(room: str, path: Path) -> Iterator[str]:
    """Imports of another room, and texts that name its address, model or module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            found = {part for name in names for part in re.findall(r"^helhet\.rooms\.(\w+)", name)}
            yield from (f"{path.name}:{node.lineno}: import of {name}" for name in found & others(room))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            for other in others(room):
                address = rf"^{other}:[\w-]+$"
                model = rf"^{other}\.[A-Z]\w+$"
                module = rf"^helhet\.rooms\.{other}\b"
                template = rf"^{other}/[\w/-]+\.\w+$"
                kinds = (model, module, template) if other == BESIDE_ALL else (address, model, module, template)
                if any(re.match(kind, node.value) for kind in kinds):
                    yield f"{path.name}:{node.lineno}: {node.value}"


@pytest.mark.parametrize("room", ROOMS)
def test_code_names_no_other_room(room: str) -> None:
    found = [line for path in sorted((FOLDER / room).rglob("*.py")) for line in _in_code(room, path)]
    assert found == []


def _room_of(app_label: str) -> str | None:
    name = apps.get_app_config(app_label).name
    return name.removeprefix("helhet.rooms.") if name.startswith("helhet.rooms.") else None


def test_models_point_at_the_foundation_or_at_their_own_room() -> None:
    found = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if (room := _room_of(model._meta.app_label))
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not field.auto_created
        if _room_of(field.related_model._meta.app_label) not in {None, room}
    ]
    assert found == []


def test_the_foundation_points_at_no_room() -> None:
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if _room_of(model._meta.app_label) is None
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not field.auto_created
        if _room_of(field.related_model._meta.app_label)
    ]
    assert found == []


def test_migrations_wait_for_no_other_room() -> None:
    labels = {config.label: config.name for config in apps.get_app_configs() if config.name.startswith("helhet.")}
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = [
        f"{label}.{name} waits for {needed}"
        for (label, name), migration in loader.disk_migrations.items()
        for needed, _migration in [*migration.dependencies, *migration.run_before]
        if needed in labels and labels[needed].startswith("helhet.rooms.") and needed != label
    ]
    assert found == []


def test_every_room_has_a_manifest_with_a_name_and_a_place_of_its_own() -> None:
    made = rooms()
    assert all(isinstance(room, Room) for room in made)
    assert {f"helhet.rooms.{room.name}" for room in made} == set(settings.HELHET_ROOMS)
    assert [room.order for room in made] == sorted({room.order for room in made})


def test_names_in_manifests_are_taken_once() -> None:
    made = rooms()
    for names in (
        [step.key for room in made for step in room.steps],
        [panel.key for room in made for panel in room.panels],
        [reader.name for room in made for reader in room.subscribers],
        [importer.kind for room in made for importer in room.importers],
        [verb for room in made for verb in room.notices],
    ):
        assert len(names) == len(set(names)), names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% url 'desk:matter' m.uid %}", []),
        ("{% url 'decisions:basis' 1 %}", ["t.html: url decisions:basis"]),
        ('{% include "calculations/panel.html" %}', ["t.html: include calculations/panel.html"]),
        ('{% extends "desk/base.html" %}', ["t.html: extends desk/base.html"]),
        ("{% load calculations_tags %}", ["t.html: load calculations_tags"]),
        ("{% url 'sluice:queue' %} {% include 'sluice/row.html' %}", []),
    ],
)
def test_the_walk_sees_what_it_should(text: str, found: list[str]) -> None:
    assert list(_links("sluice", "t.html", text)) == found
