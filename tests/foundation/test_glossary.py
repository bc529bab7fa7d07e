# SPDX-License-Identifier: EUPL-1.2
"""``docs/glossary.md`` pairs the field's terms: every model and every Swedish label of a choice is in it."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models
from django.utils import translation

import helhet

PAGE = Path(helhet.__file__).parents[2] / "docs" / "glossary.md"


def _models() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("helhet."):
            yield from config.get_models()


def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_model_has_its_term() -> None:
    named = {row[3].strip("`") for row in _rows() if len(row) == 4}
    assert {f"{m._meta.app_label}.{m.__name__}" for m in _models()} - named == set()


def test_every_choice_has_its_word_in_both_languages() -> None:
    words: dict[str, set[str]] = {}
    for row in _rows():
        if len(row) == 3 and row[0].startswith("`"):
            words[row[0].strip("`")] = {word.strip() for word in row[1].split("·")}
            assert len(row[1].split("·")) == len(row[2].split("·")), row[0]
    with translation.override("sv"):
        for model in _models():
            for field in model._meta.get_fields():
                if labels := {str(label) for _value, label in getattr(field, "choices", None) or ()}:
                    name = f"{model._meta.app_label}.{model.__name__}.{field.name}"
                    assert labels - words.get(name, set()) == set(), f"write {name} into docs/glossary.md"


def test_terms_are_written_once_a_thing() -> None:
    things = [row[0] for row in _rows() if len(row) == 4]
    assert [t for t in things if things.count(t) > 1] == []
    assert all(re.search(r"\w", cell) for row in _rows() for cell in row if set(cell) != {"-"})
