# SPDX-License-Identifier: EUPL-1.2
"""Answers as a table: what the sluice has said, in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate, now

from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.kinds import Kind, Parsed, Placed, Writing
from helhet.foundation.imports.references import native_references, objects_of
from helhet.foundation.ledger.services import record
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import Organisation, User
from helhet.foundation.people.selectors import standing_of
from helhet.rooms.sluice.models import Case, Outcome, OutcomeKind, Sluice, WaitsFor
from helhet.rooms.sluice.services import ASKED_AFTER, STATUS_OF, admit, main_sluice

COLUMNS = (
    Column("reference", "Radens beteckning.", "The row's key.", "key", required=True),
    Column("matter", "Ärendet.", "The matter.", "key", required=True, refers="matter"),
    Column("outcome", "Utfallet.", "The outcome.", required=True, choices=tuple(OutcomeKind.values)),
    Column("usable_now", "Kan användas redan nu.", "Can be used already.", "flag"),
    Column("reason", "Motiveringen.", "The reason.", required=True),
    Column("contact", "Vem avsändaren kan vända sig till.", "Whom the author can turn to.", required=True, max_length=200),
    Column("date", "När svaret gavs.", "When the answer was given.", "moment"),
    Column("next_date", "Nästa besked senast.", "Next word at the latest.", "date"),
    Column("return_on", "Dagen det kommer tillbaka.", "The day it comes back.", "date"),
    Column("return_when", "Villkoret för att komma tillbaka.", "The condition for coming back.", max_length=200),
    Column("ask_on", "När ägarna tillfrågas om villkoret.", "When the owners are asked about the condition.", "date"),
    Column("by", "Den som svarade.", "Who answered.", "key", refers="person"),
    Column("unit", "Enheten som svarade.", "The unit that answered.", "key", refers="organisation"),
    Column("confidence", "fact eller assumption.", "fact or assumption.", max_length=20),
)  # fmt: skip


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    matters = {m.reference or str(m.uid): m for m in _matters({row.get("matter") for row in rows})}
    people = {u.username: u for u in User.objects.filter(username__in={row.get("by") for row in rows})}
    units = {o.slug: o for o in Organisation.objects.filter(slug__in={row.get("unit") for row in rows})}
    return {row.key: _write(row, matters[row.get("matter")], people, units, writing).pk for row in rows}


def _write(
    row: Parsed, matter: Matter, people: dict[str, User], units: dict[str, Organisation], writing: Writing
) -> Outcome:
    by, unit = people.get(row.get("by")), units.get(row.get("unit"))
    label = standing_of(by).label if by else (unit.name if unit else writing.by.label)
    at = row.get("date", None) or now()
    outcome = Outcome.objects.create(matter=matter, by=by, by_label=label, unit=unit, at=at, **_said(row, at))
    _close(matter, outcome)
    record(
        by=writing.by,
        verb=f"sluice.{outcome.kind}",
        obj=matter,
        unit_id=unit.pk if unit else matter.home_unit_id,
        data={"outcome": outcome.pk, "imported": row.key},
        private={"reason": outcome.reason, "contact": outcome.contact},
    )
    return outcome


def _said(row: Parsed, at: datetime) -> dict[str, Any]:
    condition = row.get("return_when")
    return {
        "kind": row.get("outcome"),
        "usable_now": bool(row.get("usable_now")),
        "reason": row.get("reason"),
        "contact": row.get("contact"),
        "next_date": row.get("next_date", None),
        "return_on": row.get("return_on", None),
        "return_when": condition,
        "ask_on": (row.get("ask_on", None) or localdate(at) + ASKED_AFTER) if condition else None,
    }


def _close(matter: Matter, outcome: Outcome) -> None:
    """The case waits no longer for the sluice, and the matter says what was answered."""
    case = Case.objects.filter(matter=matter).first() or admit(matter=matter, sluice=_sluice_of(outcome))
    onwards = outcome.kind in {OutcomeKind.REFERRED, OutcomeKind.FORWARD}
    owned = matter.owners.exists()
    case.waits_for = WaitsFor.OTHER if onwards and owned and outcome.next_date else WaitsFor.NOBODY
    case.first_reply_at = case.first_reply_at or outcome.at
    case.since = outcome.at
    case.due = outcome.next_date or case.due
    case.save()
    Matter.objects.filter(pk=matter.pk).update(status=STATUS_OF[OutcomeKind(outcome.kind)])


def _sluice_of(outcome: Outcome) -> Sluice:
    own = Sluice.objects.filter(organisation=outcome.unit).first() if outcome.unit else None
    return own or main_sluice()


def _change(rows: Placed, writing: Writing) -> None:
    for row, pk in rows:
        outcome = Outcome.objects.select_related("matter").get(pk=pk)
        Outcome.objects.filter(pk=pk).update(**_said(row, outcome.at))
        record(
            by=writing.by, verb="sluice.answer_changed", obj=outcome.matter, data={"outcome": pk, "imported": row.key}
        )


def _matters(keys: set[str]) -> list[Matter]:
    found = list(Matter.objects.filter(reference__in=keys))
    missing = keys - {m.reference for m in found}
    return found + (list(Matter.objects.filter(uid__in=missing)) if missing else [])


def _rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    names = native_references("answers")
    outcomes = Outcome.objects.filter(matter__in=Matter.objects.revealed()).select_related("matter", "by", "unit")
    outcomes = outcomes if pks is None else outcomes.filter(pk__in=pks)
    for outcome in outcomes.order_by("pk").iterator(chunk_size=500):
        yield {
            "reference": names.get(outcome.pk) or f"answer-{outcome.pk}",
            "matter": outcome.matter.reference or str(outcome.matter.uid),
            "outcome": outcome.kind,
            "usable_now": outcome.usable_now,
            "reason": outcome.reason,
            "contact": outcome.contact,
            "date": outcome.at,
            "next_date": outcome.next_date,
            "return_on": outcome.return_on,
            "return_when": outcome.return_when,
            "ask_on": outcome.ask_on,
            "by": outcome.by.username if outcome.by else None,
            "unit": outcome.unit.slug if outcome.unit else None,
            "confidence": None,
        }


def _made_up(reference: str) -> int | None:
    _mark, _, pk = reference.rpartition("-")
    if not (reference.startswith("answer-") and pk.isdecimal()):
        return None
    return Outcome.objects.filter(pk=int(pk)).values_list("pk", flat=True).first()


ANSWERS = Kind(
    name="answers",
    title_sv="Svar i slussen",
    title_en="Answers of the sluice",
    key="reference",
    columns=COLUMNS,
    create=_create,
    change=_change,
    existing=objects_of("answers", _made_up),
    rows=_rows,
    refers_as="answer",
)
