# SPDX-License-Identifier: EUPL-1.2
"""Mandates of groups: from whom, for what, until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.kinds import Kind, Parsed, Placed, Writing
from helhet.foundation.imports.problems import Problem
from helhet.foundation.imports.references import native_references, objects_of
from helhet.foundation.imports.tables.organisations import organisations
from helhet.foundation.ledger.services import Change, record_all
from helhet.foundation.people import services
from helhet.foundation.people.models import Mandate

COLUMNS = (
    Column("reference", "Radens beteckning.", "The row's key.", "key", required=True),
    Column(
        "group",
        "Gruppen som får uppdraget.",
        "The group that is given the mandate.",
        "key",
        required=True,
        refers="organisation",
    ),
    Column("given_by", "Den som ger uppdraget.", "Who gives the mandate.", "key", refers="organisation"),
    Column("purpose", "Vad gruppen ska göra.", "What the group is to do.", required=True, max_length=4000),
    Column("since", "Från och med.", "From.", "date"),
    Column("until", "Till och med.", "Until.", "date"),
    Column("source", "Var uppgiften är hämtad.", "Where it was found.", max_length=300),
)


def _check(rows: Sequence[Parsed]) -> Iterable[Problem]:
    found = organisations(str(row.get("group")) for row in rows)
    for row in rows:
        if row.get("group") in found and not found[row.get("group")].is_group:
            yield Problem(row.number, "group", "no_group", {"value": row.get("group")})
        if row.get("since") and row.get("until") and row.values["until"] < row.values["since"]:
            yield Problem(row.number, "until", "period")


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    known = organisations(str(row.get(name)) for row in rows for name in ("group", "given_by"))
    return {
        row.key: services.give_mandate(
            by=writing.by,
            group=known[row.get("group")],
            given_by=known.get(row.get("given_by")),
            purpose=row.get("purpose"),
            since=row.values.get("since"),
            until=row.values.get("until"),
            source=row.get("source"),
        ).pk
        for row in rows
    }


def _change(rows: Placed, writing: Writing) -> None:
    """The same mandates in other words; who looks back finds both readings in the ledger."""
    mandates = Mandate.objects.in_bulk([pk for _row, pk in rows])
    known = organisations(str(row.get(name)) for row, _pk in rows for name in ("group", "given_by"))
    for row, pk in rows:
        mandate = mandates[pk]
        for name in ("purpose", "source"):
            setattr(mandate, name, row.get(name, getattr(mandate, name)))
        for name in ("since", "until"):
            setattr(mandate, name, row.values.get(name, getattr(mandate, name)))
        mandate.group = known[row.get("group")]
        mandate.given_by = known.get(row.get("given_by"), mandate.given_by)
        mandate.save()
    record_all(
        by=writing.by,
        verb="mandate.given",
        changes=[
            Change(one.group, data={"mandate": one.pk}, private={"purpose": one.purpose}) for one in mandates.values()
        ],
    )


def _made_up(reference: str) -> int | None:
    group, _, pk = reference.rpartition("-")
    found = Mandate.objects.filter(group__slug=group, pk=int(pk)).first() if pk.isdecimal() else None
    return found.pk if found else None


def _rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    names = native_references("mandates")
    wanted = Mandate.objects.all() if pks is None else Mandate.objects.filter(pk__in=pks)
    for found in wanted.select_related("group", "given_by").order_by("pk"):
        yield {
            "reference": names.get(found.pk, f"{found.group.slug}-{found.pk}"),
            "group": found.group.slug,
            "given_by": found.given_by.slug if found.given_by else None,
            "purpose": found.purpose,
            "since": found.since,
            "until": found.until,
            "source": found.source,
        }


MANDATES = Kind(
    name="mandates",
    title_sv="Gruppers uppdrag",
    title_en="Mandates of groups",
    key="reference",
    columns=COLUMNS,
    create=_create,
    change=_change,
    existing=objects_of("mandates", _made_up),
    rows=_rows,
    check=_check,
)
