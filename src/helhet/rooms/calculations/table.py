# SPDX-License-Identifier: EUPL-1.2
"""Investments as a table that ``helhet import investments`` and ``helhet export`` understand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from helhet.foundation.imports.columns import Column
from helhet.foundation.imports.kinds import Kind, Parsed, Placed, Writing
from helhet.foundation.imports.problems import Problem
from helhet.rooms.calculations.investments import Row, import_investments
from helhet.rooms.calculations.models import InvestmentFigure

COLUMNS = (
    Column("id", "Siffrans beteckning.", "The figure's key.", "key", required=True, max_length=80),
    Column("investment", "Investeringens beteckning. Flera siffror kan ha samma.", "The investment's key. Several figures may share it.", "key", required=True, max_length=80),
    Column("name", "Namn på svenska.", "Name in Swedish.", required=True, max_length=160),
    Column("name_en", "Namn på engelska.", "Name in English.", max_length=160),
    Column("holder", "Den som betalar eller äger.", "Who pays or owns.", "key", refers="organisation"),
    Column("value", "Talet. Tomt när det inte är känt.", "The number. Empty when unknown.", "number"),
    Column("unit", "Enhet, till exempel MSEK.", "Unit such as MSEK.", required=True, max_length=60),
    Column("value_kind", "Vad talet är.", "What the number is.", required=True, choices=tuple(InvestmentFigure.ValueKind.values)),
    Column("price_year", "Prisår, när det är känt.", "Price year, where known.", "number"),
    Column("as_of", "När uppgiften gällde: år, månad eller dag.", "When it held: year, month or day.", max_length=10),
    Column("place", "Plats.", "Place.", max_length=200),
    Column("latitude", "Latitud i WGS 84.", "Latitude in WGS 84.", "latitude"),
    Column("longitude", "Longitud i WGS 84.", "Longitude in WGS 84.", "longitude"),
    Column("contradicts", "Siffror med samma beteckning här säger emot varandra.", "Figures with the same key here contradict each other.", "key", max_length=80),
    Column("depends_on_timetable", "Den del av gruvans tidplan som siffran följer.", "The part of the mine's timetable that it follows.", "key", max_length=80),
    Column("note", "Anmärkning.", "Note.", max_length=4000),
    Column("source", "Källor med | mellan.", "Sources with | between.", many=True),
    Column("confidence", "fact, approx eller assumption.", "fact, approx or assumption.", choices=("fact", "approx", "assumption")),
)  # fmt: skip


def _row(row: Parsed) -> Row:
    year = row.get("price_year", None)
    return Row(
        key=row.key,
        investment=row.get("investment"),
        name=row.get("name"),
        name_en=row.get("name_en"),
        holder=row.get("holder"),
        value=row.get("value", None),
        unit=row.get("unit"),
        value_kind=row.get("value_kind"),
        price_year=None if year is None else int(year),
        as_of=row.get("as_of"),
        place=row.get("place"),
        latitude=row.get("latitude", None),
        longitude=row.get("longitude", None),
        rivalry=row.get("contradicts"),
        depends_on_timetable=row.get("depends_on_timetable"),
        note=row.get("note"),
        source="|".join(row.get("source", ())),
        confidence=row.get("confidence"),
    )


def _check(rows: Sequence[Parsed]) -> Iterable[Problem]:
    for row in rows:
        year = row.get("price_year", None)
        if year is not None and not (float(year).is_integer() and 1900 <= year <= 2200):
            yield Problem(row.number, "price_year", "range", {"value": f"{year:g}", "low": "1900", "high": "2200"})


def _create(rows: Sequence[Parsed], writing: Writing) -> dict[str, int]:
    return import_investments(by=writing.by, rows=[_row(row) for row in rows])


def _change(rows: Placed, writing: Writing) -> None:
    import_investments(by=writing.by, rows=[_row(row) for row, _pk in rows])


def _existing(keys: Sequence[str]) -> dict[str, int]:
    return dict(InvestmentFigure.objects.filter(key__in=keys).values_list("key", "pk"))


def _rows(pks: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    found = InvestmentFigure.objects.select_related("investment__holder").order_by("id")
    if pks is not None:
        found = found.filter(pk__in=pks)
    for one in found.iterator(chunk_size=500):
        investment = one.investment
        yield {
            "id": one.key,
            "investment": investment.key,
            "name": investment.name,
            "name_en": investment.name_en or None,
            "holder": investment.holder.slug if investment.holder else None,
            "value": one.value,
            "unit": one.unit,
            "value_kind": one.value_kind,
            "price_year": None if one.price_year is None else float(one.price_year),
            "as_of": one.as_of or None,
            "place": investment.place or None,
            "latitude": investment.latitude,
            "longitude": investment.longitude,
            "contradicts": one.rivalry or None,
            "depends_on_timetable": investment.depends_on_timetable or None,
            "note": one.note or None,
            "source": tuple(one.source.split("|")) if one.source else (),
            "confidence": one.confidence or None,
        }


INVESTMENTS = Kind(
    name="investments",
    title_sv="Investeringar med publicerade siffror",
    title_en="Investments with published figures",
    key="id",
    columns=COLUMNS,
    create=_create,
    change=_change,
    existing=_existing,
    rows=_rows,
    refers_as="investment_figure",
    check=_check,
)
