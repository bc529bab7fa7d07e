# SPDX-License-Identifier: EUPL-1.2
"""Goals with stable ids in a tree. A row that reads differently becomes a new version of its goal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from helhet.foundation.goals import services
from helhet.foundation.goals.models import Goal
from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.kinds import LOOKUPS, Kind, Parsed, Placed, Writing

COLUMNS = (
    Column("stable_id", "Målets stabila beteckning.", "The goal's stable key.", "key", required=True),
    Column("parent", "Målet ovanför.", "The goal above.", "key", refers="goal"),
    Column("kind", "Vad målet står i.", "What the goal stands in.", required=True, choices=tuple(Goal.Kind.values)),
    Column("title", "Målet i en mening.", "The goal in one sentence.", required=True, max_length=300),
    Column("title_en", "På engelska.", "In English.", max_length=300),
    Column("text", "Mer om målet.", "More about the goal."),
    Column("source", "Var målet står skrivet.", "Where the goal is written.", required=True, max_length=300),
    Column("valid_from", "Gäller från.", "Valid from.", "date"),
)


def _write(row: Parsed, order: int, writing: Writing) -> Goal:
    return services.write_goal(
        by=writing.by,
        stable_id=row.key,
        kind=row.get("kind"),
        title=row.get("title"),
        title_en=row.get("title_en"),
        text=row.get("text"),
        source=row.get("source"),
        parent=row.get("parent"),
        valid_from=row.values.get("valid_from"),
        order=order,
    )


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    return {row.key: _write(row, row.number, writing).pk for row in rows}


def _change(rows: Placed, writing: Writing) -> None:
    places = dict(Goal.objects.filter(pk__in=[pk for _row, pk in rows]).values_list("pk", "order"))
    for row, pk in rows:
        _write(row, places[pk], writing)


def _existing(keys: Sequence[str]) -> dict[str, int]:
    return dict(Goal.objects.filter(stable_id__in=keys, replaced_at=None).values_list("stable_id", "pk"))


def _rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    wanted = Goal.objects.filter(replaced_at=None)
    wanted = wanted if pks is None else wanted.filter(pk__in=pks)
    for goal in wanted.order_by("order", "stable_id"):
        words = {name: getattr(goal, name) for name in ("stable_id", "kind", "title", "title_en", "text", "source")}
        yield {**words, "parent": goal.parent_id_stable or None, "valid_from": goal.valid_from}


LOOKUPS["goal"] = lambda keys: set(_existing(list(keys)))

GOALS = Kind(
    name="goals",
    title_sv="Mål",
    title_en="Goals",
    key="stable_id",
    columns=COLUMNS,
    create=_create,
    change=_change,
    existing=_existing,
    rows=_rows,
    refers_as="goal",
    tree="parent",
)
