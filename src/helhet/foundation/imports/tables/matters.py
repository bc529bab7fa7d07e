# SPDX-License-Identifier: EUPL-1.2
"""Matters in and out: many at a time, hidden until the whole file is in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Q
from django.utils.timezone import now

from helhet.foundation.imports.instance import instance_file
from helhet.foundation.imports.kinds import LOOKUPS, Kind, Parsed, Placed, Writing
from helhet.foundation.imports.numbers import take_numbers
from helhet.foundation.imports.problems import Problem
from helhet.foundation.imports.reading import sensitive_warnings
from helhet.foundation.imports.tables.matter_columns import MATTER_COLUMNS, PLAIN
from helhet.foundation.imports.tables.matter_parts import attach, matter_rows, tie_matters
from helhet.foundation.imports.tables.organisations import organisations
from helhet.foundation.ledger.services import Change, record_all
from helhet.foundation.matters.models import AuthorKind, Batch, Matter, Status, Visibility
from helhet.foundation.matters.models import Kind as MatterKind
from helhet.foundation.people.models import User
from helhet.foundation.people.selectors import standings_of
from helhet.foundation.search.services import index_matters

_UNNAMED = {AuthorKind.ANONYMOUS: "Anonym", AuthorKind.PSEUDONYM: "Pseudonym"}
_SAID = [*PLAIN, "language", "status", "visibility", "author_label", "kind", "latitude", "longitude", "themes"]
_SAID += ["released", "nobody_owns", "home_unit", "active_at"]


def _check(rows: Sequence[Parsed]) -> Iterable[Problem]:
    for row in rows:
        if row.get("visibility") == Visibility.RESTRICTED and not row.get("secrecy_paragraph"):
            yield Problem(row.number, "secrecy_paragraph", "paragraph")
        if any(target == row.key for _type, target in row.get("links", ())):
            yield Problem(row.number, "links", "own_link")
        if row.get("starts") and row.get("ends") and row.values["ends"] < row.values["starts"]:
            yield Problem(row.number, "ends", "period")
        yield from check_place(row)
    yield from _check_numbers(rows)
    yield from sensitive_warnings(tuple(rows), "title", "text", "place")


def check_place(row: Parsed) -> Iterator[Problem]:
    """Both coordinates or none, and inside the municipality where the instance says where that is."""
    latitude, longitude = row.values.get("latitude"), row.values.get("longitude")
    bounds = instance_file().get("bounds")
    if (latitude is None) != (longitude is None):
        yield Problem(row.number, "longitude" if longitude is None else "latitude", "place_half")
    elif latitude is not None and longitude is not None and bounds:
        inside = bounds["south"] <= latitude <= bounds["north"] and bounds["west"] <= longitude <= bounds["east"]
        if not inside:
            yield Problem(row.number, "latitude", "place_outside", {"value": f"{latitude}, {longitude}"})


def _check_numbers(rows: Sequence[Parsed]) -> Iterator[Problem]:
    numbers = {row.get("number"): row for row in rows if row.get("number")}
    others = Matter.objects.filter(number__in=numbers).values_list("number", "reference", "uid")
    for number, reference, uid in others:
        row = numbers[number]
        if row.key not in (reference, str(uid)) and row.get("uid") != str(uid):
            yield Problem(row.number, "number", "number_taken", {"value": number})


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    units = organisations(row.get("unit") for row in rows)
    authors = _authors(rows)
    labels = {pk: standing.label for pk, standing in standings_of(list(authors.values())).items()}
    numbers = take_numbers([(row, units[row.get("unit")]) for row in rows])
    matters = Matter.objects.bulk_create(
        [_new(row, units[row.get("unit")].pk, authors, labels, numbers[row.key], writing.batch) for row in rows]
    )
    pairs = list(zip(rows, matters, strict=True))
    attach(pairs)
    record_all(
        by=writing.by,
        verb="matter.captured",
        changes=[
            Change(
                matter,
                matter.home_unit_id,
                data={
                    "kind": matter.kind,
                    "visibility": matter.visibility,
                    "number": matter.number,
                    "author": matter.author_kind,
                    "imported": row.key,
                },
                private={"title": matter.title, "text": matter.text},
            )
            for row, matter in pairs
        ],
    )
    return {row.key: matter.pk for row, matter in pairs}


def _new(
    row: Parsed, unit: int, authors: Mapping[str, User], labels: Mapping[int, str], number: str, batch: Batch
) -> Matter:
    kind = row.get("author_kind", AuthorKind.NAMED)
    author = authors.get(row.get("author"))
    created = row.get("created", None) or now()
    matter = Matter(
        reference=row.key,
        kind=row.get("kind"),
        number=number,
        home_unit_id=unit,
        language=row.get("language", "sv"),
        status=row.get("status") or (Status.FORWARD if row.get("kind") == MatterKind.PROJECT else Status.NEW),
        author=author if kind != AuthorKind.ANONYMOUS else None,
        author_kind=kind,
        author_label=row.get("author_label") or _UNNAMED.get(kind) or labels.get(author.pk if author else 0, ""),
        visibility=row.get("visibility", Visibility.INTERNAL),
        released=bool(row.get("released")),
        latitude=row.values.get("latitude"),
        longitude=row.values.get("longitude"),
        themes=", ".join(row.get("themes", ())),
        nobody_owns=not row.get("owners"),
        batch=batch,
        created_at=created,
        active_at=row.get("active", None) or created,
        **{name: row.get(name) for name in PLAIN},
    )
    if row.get("uid"):
        matter.uid = row.get("uid")
    return matter


def _authors(rows: Sequence[Parsed]) -> dict[str, User]:
    """Accounts by name, also such as still wait to be revealed."""
    names = {row.get("author") for row in rows if row.get("author")}
    return {user.username: user for user in User.objects.filter(username__in=names)}


def _change(rows: Placed, writing: Writing) -> None:
    matters = Matter.objects.in_bulk([pk for _row, pk in rows])
    units = organisations(row.get("unit") for row, _pk in rows)
    for row, pk in rows:
        _say(row, matters[pk], units[row.get("unit")].pk)
    attach([(row, matters[pk]) for row, pk in rows], anew=True)
    tie_matters(rows, anew=True)
    record_all(
        by=writing.by,
        verb="matter.edited",
        changes=[
            Change(
                matters[pk],
                matters[pk].home_unit_id,
                data={"kind": matters[pk].kind, "imported": row.key},
                private={"title": matters[pk].title, "text": matters[pk].text},
            )
            for row, pk in rows
        ],
    )


def _say(row: Parsed, matter: Matter, unit: int) -> None:
    """Let a matter say what its row says, and keep it."""
    for name in (*PLAIN, "language", "status", "visibility", "author_label", "kind", "latitude", "longitude"):
        if name in row.values and (row.values[name] is not None or name in (*PLAIN, "latitude", "longitude")):
            empty = None if name in ("latitude", "longitude") else ""
            setattr(matter, name, row.get(name, empty))
    if "themes" in row.values:
        matter.themes = ", ".join(row.get("themes", ()))
    if "released" in row.values:
        matter.released = bool(row.get("released"))
    if "owners" in row.values:
        matter.nobody_owns = not row.get("owners")
    matter.home_unit_id = unit
    matter.active_at = row.get("active", None) or now()
    matter.save(update_fields=_SAID)


def _existing(keys: Sequence[str]) -> dict[str, int]:
    uids = [key for key in keys if len(key) == 36 and key.count("-") == 4]
    found = Matter.objects.filter(Q(reference__in=keys) | Q(reference=None, uid__in=uids))
    return {reference or str(uid): pk for reference, uid, pk in found.values_list("reference", "uid", "pk")}


def _tie(rows: Placed, writing: Writing) -> None:
    tie_matters(rows)


def _discard(pks: Sequence[int]) -> None:
    Matter.objects.filter(pk__in=pks, batch__revealed_at=None).exclude(batch=None).delete()
    index_matters(pks)


LOOKUPS["matter"] = lambda keys: set(_existing(sorted(keys)))

MATTERS = Kind(
    name="matters",
    title_sv="Ärenden och projekt",
    title_en="Matters and projects",
    key="reference",
    columns=MATTER_COLUMNS,
    create=_create,
    change=_change,
    existing=_existing,
    rows=matter_rows,
    refers_as="matter",
    hidden=True,
    finish_columns=("links",),
    check=_check,
    tie=_tie,
    discard=_discard,
)
