# SPDX-License-Identifier: EUPL-1.2
"""Organisations of every kind, groups among them, as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.kinds import LOOKUPS, Kind, Parsed, Placed, Writing
from helhet.foundation.imports.problems import Problem
from helhet.foundation.imports.references import parents_first
from helhet.foundation.people import services
from helhet.foundation.people.models import Organisation

_WORDS = ("name", "name_en", "short", "series", "note", "source", "confidence")

COLUMNS = (
    Column(
        "slug",
        "Stabil beteckning som aldrig ändras.",
        "Stable key that never changes.",
        "key",
        required=True,
        max_length=80,
    ),
    Column(
        "kind",
        "Vad för slags organisation.",
        "What sort of organisation.",
        required=True,
        choices=tuple(Organisation.Kind.values),
    ),
    Column("name", "Namn på svenska.", "Name in Swedish.", required=True, max_length=160),
    Column("name_en", "Namn på engelska.", "Name in English.", max_length=160),
    Column("short", "Kort namn i listor.", "Short name in lists.", max_length=60),
    Column(
        "parent",
        "Organisationen ovanför i trädet.",
        "The organisation above in the tree.",
        "key",
        refers="organisation",
    ),
    Column("series", "Diarieserie, till exempel KN.", "Registration series such as KN.", max_length=12),
    Column("note", "Anmärkning.", "Note.", max_length=4000),
    Column("source", "Var uppgiften är hämtad.", "Where it was found.", max_length=300),
    Column(
        "confidence",
        "fact, approx eller assumption.",
        "fact, approx or assumption.",
        choices=("fact", "approx", "assumption"),
    ),
    Column("closed", "Dag då organisationen upphörde.", "Day the organisation ended.", "date"),
)


def organisations(slugs: Iterable[str]) -> dict[str, Organisation]:
    """The organisations with these slugs, by slug."""
    return {found.slug: found for found in Organisation.objects.filter(slug__in=set(slugs))}


def _check(rows: Sequence[Parsed]) -> Iterable[Problem]:
    """An organisation keeps its place in the tree: the roles of its members follow from it."""
    there = Organisation.objects.filter(slug__in=[row.key for row in rows]).values_list("slug", "parent__slug")
    places = dict(there)
    groups = _groups(row.get("parent") for row in rows) | {row.key for row in rows if row.get("kind") == "group"}
    for row in rows:
        if row.get("parent") and (row.get("kind") == "group" or row.get("parent") in groups):
            yield Problem(row.number, "parent", "group_place")
        if row.key in places and "parent" in row.values and (places[row.key] or "") != row.get("parent"):
            yield Problem(row.number, "parent", "place_kept", {"value": places[row.key] or "–"})


def _groups(slugs: Iterable[str]) -> set[str]:
    """Those of the slugs that are groups."""
    return set(Organisation.objects.filter(slug__in=set(slugs), kind="group").values_list("slug", flat=True))


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    known = organisations(str(row.get("parent")) for row in rows)
    level: list[Organisation] = []
    for row in parents_first(rows, "parent"):
        if row.get("parent") and row.get("parent") not in known:  # the rows above are not written yet
            services.add_organisations(by=writing.by, organisations=level)
            known |= {one.slug: one for one in level}
            level = []
        level.append(
            Organisation(
                slug=row.key,
                kind=row.get("kind"),
                parent=known.get(row.get("parent")),
                closed_at=row.values.get("closed"),
                **{name: str(row.get(name)) for name in _WORDS},
            )
        )
    services.add_organisations(by=writing.by, organisations=level)
    return _existing([row.key for row in rows])


def _change(rows: Placed, writing: Writing) -> None:
    there = Organisation.objects.in_bulk([pk for _row, pk in rows])
    for row, pk in rows:
        organisation = there[pk]
        changes: dict[str, Any] = {name: str(row.get(name)) for name in (*_WORDS, "kind") if name in row.values}
        if "closed" in row.values:
            changes["closed_at"] = row.values["closed"]
        changes = {name: value for name, value in changes.items() if getattr(organisation, name) != value}
        if changes:
            services.edit_organisation(by=writing.by, organisation=organisation, **changes)


def _existing(keys: Sequence[str]) -> dict[str, int]:
    return dict(Organisation.objects.filter(slug__in=keys).values_list("slug", "pk"))


def _rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    wanted = Organisation.objects.all() if pks is None else Organisation.objects.filter(pk__in=pks)
    for found in wanted.select_related("parent").order_by("pk").iterator(chunk_size=500):
        yield {
            "slug": found.slug,
            "kind": found.kind,
            "parent": found.parent.slug if found.parent else None,
            "closed": found.closed_at,
            **{name: getattr(found, name) for name in _WORDS},
        }


LOOKUPS["organisation"] = lambda keys: set(_existing(list(keys)))

ORGANISATIONS = Kind(
    name="organisations",
    title_sv="Organisationer och grupper",
    title_en="Organisations and groups",
    key="slug",
    columns=COLUMNS,
    create=_create,
    change=_change,
    existing=_existing,
    rows=_rows,
    refers_as="organisation",
    tree="parent",
    check=_check,
)
