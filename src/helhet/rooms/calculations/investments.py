# SPDX-License-Identifier: EUPL-1.2
"""Published figures of investments: read, sum, choose between contradicting sources, read in from tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from helhet.foundation import policy
from helhet.foundation.ledger.services import record
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.foundation.texts import clean, clean_line, fits
from helhet.rooms.calculations.models import Investment, InvestmentFigure

MONEY = "MSEK"
PAGE = 50
#: Which of several contradicting figures is chosen until somebody chooses: how settled it is, then how late.
_SETTLED = ("paid", "total", "contract", "compensation", "estimate", "provision", "grant", "volume")


@dataclass(frozen=True)
class Row:
    """One row of a table of investments, already checked."""

    key: str
    investment: str
    name: str
    unit: str
    value_kind: str
    value: float | None = None
    name_en: str = ""
    holder: str = ""
    price_year: int | None = None
    as_of: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    rivalry: str = ""
    depends_on_timetable: str = ""
    note: str = ""
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Sum:
    """What the chosen amounts of one kind and one price year come to, in MSEK."""

    kind: str
    price_year: int
    count: int
    total: float


@dataclass(frozen=True)
class Sums:
    """The sums, and how many chosen amounts are in none of them since their price year is not known."""

    rows: list[Sum]
    left_out: int


def figures(
    *, text: str = "", holder: str = "", kind: str = "", contradicted: bool = False
) -> QuerySet[InvestmentFigure]:
    """Published figures, with investment and holder read along, by investment."""
    found = InvestmentFigure.objects.select_related("investment__holder").order_by(
        "investment__name", "investment_id", "-chosen", "id"
    )
    if text:
        words = Q(investment__name__icontains=text) | Q(investment__name_en__icontains=text)
        found = found.filter(words | Q(investment__place__icontains=text) | Q(source__icontains=text))
    if holder:
        found = found.filter(investment__holder__slug=holder)
    if kind in InvestmentFigure.ValueKind.values:
        found = found.filter(value_kind=kind)
    return found.exclude(rivalry="") if contradicted else found


def sums(found: Iterable[InvestmentFigure]) -> Sums:
    """Chosen amounts in MSEK by kind of figure and price year; neither kinds nor price years are added to each other.

    Amounts of an unknown price year are in no sum: ``left_out`` says how many they are.
    """
    totals: dict[tuple[str, int], list[float]] = {}
    left_out = 0
    for one in found:
        if not one.chosen or one.unit != MONEY or one.value is None:
            continue
        if one.price_year is None:
            left_out += 1
        else:
            totals.setdefault((one.value_kind, one.price_year), []).append(one.value)
    order = InvestmentFigure.ValueKind.values
    rows = [
        Sum(str(InvestmentFigure.ValueKind(kind).label), year, len(totals[kind, year]), sum(totals[kind, year]))
        for kind, year in sorted(totals, key=lambda key: (order.index(key[0]), key[1]))
    ]
    return Sums(rows, left_out)


def would_change(rivals: Sequence[InvestmentFigure]) -> dict[int, float]:
    """What choosing each other figure would change, against the chosen one, by primary key."""
    chosen = next((one for one in rivals if one.chosen and one.value is not None), None)
    if chosen is None or chosen.value is None:
        return {}
    return {one.pk: one.value - chosen.value for one in rivals if not one.chosen and one.value is not None}


@transaction.atomic
def choose_figure(*, by: Standing, figure: InvestmentFigure) -> InvestmentFigure:
    """Let one of several contradicting figures count; the others stay beside it."""
    policy.require(by, "investment.edit", figure)
    if not figure.rivalry or figure.chosen:
        return figure
    rivals = InvestmentFigure.objects.select_for_update().filter(rivalry=figure.rivalry)
    before = rivals.filter(chosen=True).values_list("key", flat=True).first()
    rivals.filter(chosen=True).update(chosen=False)
    figure.chosen = True
    figure.save(update_fields=["chosen"])
    record(by=by, verb="investment.figure_chosen", obj=figure.investment, data={"figure": figure.key, "before": before})
    return figure


@transaction.atomic
def import_investments(*, by: Standing, rows: Sequence[Row]) -> dict[str, int]:
    """Put in many at once: {key: primary key}. The same rows again change nothing; a choice somebody made stays."""
    policy.require(by, "investment.edit", None)
    holders = _holders([row.holder for row in rows])
    made: dict[str, int] = {}
    changed = 0
    for row in rows:
        before = InvestmentFigure.objects.filter(key=row.key).first()
        figure = _put_in(row, holders)
        made[row.key] = figure.pk
        changed += before is None or any(getattr(before, n) != getattr(figure, n) for n in _FIGURE_FIELDS)
    settle_rivalries([row.rivalry for row in rows])
    first = Investment.objects.filter(figures__pk__in=made.values()).order_by("id").first()
    if first is not None and changed:
        record(by=by, verb="investment.imported", obj=first, data={"rows": len(made), "changed": changed})
    return made


_FIGURE_FIELDS = ("value", "unit", "value_kind", "price_year", "as_of", "rivalry", "source", "confidence", "note")


def _holders(slugs: Iterable[str]) -> Mapping[str, Organisation]:
    return {found.slug: found for found in Organisation.objects.filter(slug__in={slug for slug in slugs if slug})}


def _put_in(row: Row, holders: Mapping[str, Organisation]) -> InvestmentFigure:
    words = {name: clean_line(getattr(row, name)) for name in ("name", "name_en", "place", "depends_on_timetable")}
    fits(Investment, key=row.investment, **words)
    told = {
        "value": row.value,
        "unit": clean_line(row.unit),
        "value_kind": InvestmentFigure.ValueKind(row.value_kind),
        "price_year": row.price_year,
        "as_of": clean_line(row.as_of),
        "rivalry": clean_line(row.rivalry),
        "source": clean_line(row.source),
        "confidence": clean_line(row.confidence),
        "note": clean(row.note),
    }
    fits(InvestmentFigure, key=row.key, **{name: v for name, v in told.items() if isinstance(v, str)})
    place = {"latitude": row.latitude, "longitude": row.longitude, "holder": holders.get(row.holder)}
    investment, _created = Investment.objects.get_or_create(key=row.investment, defaults={**words, **place})
    existing = InvestmentFigure.objects.filter(key=row.key).first()
    if existing is not None:
        for name, value in told.items():
            setattr(existing, name, value)
        existing.investment = investment
        existing.save()
        return existing
    free = not told["rivalry"]
    return InvestmentFigure.objects.create(key=row.key, investment=investment, chosen=free, **told)


def settle_rivalries(names: Iterable[str]) -> None:
    """Where several figures contradict each other and none is chosen, the most settled and latest is."""
    for name in {name for name in names if name}:
        rivals = list(InvestmentFigure.objects.filter(rivalry=name).order_by("id"))
        if rivals and not any(one.chosen for one in rivals):
            best = max(
                rivals, key=lambda one: (one.value is not None, one.as_of, -_SETTLED.index(one.value_kind), -one.pk)
            )
            best.chosen = True
            best.save(update_fields=["chosen"])
