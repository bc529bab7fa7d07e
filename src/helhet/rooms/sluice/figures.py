# SPDX-License-Identifier: EUPL-1.2
"""The sluice in open figures: per unit, never per person."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.db.models import F
from django.utils.timezone import now

from helhet.foundation.matters.models import Matter, Status, Visibility
from helhet.foundation.people.models import Organisation
from helhet.rooms.sluice.models import Case, WaitsFor

#: Figures about fewer people, or fewer answers, than this are not shown, so that nobody can be picked out.
LEAST_SHOWN = 5


@dataclass(frozen=True)
class UnitFigures:
    """What has come to one unit; None where the numbers would tell of too few people."""

    unit: Organisation
    arrived: int | None = None
    waiting: int | None = None
    answered_share: float | None = None
    median_days: float | None = None


@dataclass
class _Tally:
    arrived: int = 0
    waiting: int = 0
    days: list[float] = field(default_factory=list)
    people: set[int] = field(default_factory=set)

    def add(self, arrived: datetime, replied: datetime | None, waits: str, author: int | None) -> None:
        self.arrived += 1
        self.waiting += waits in (WaitsFor.US, WaitsFor.OTHER)
        self.people.add(author or 0)  # all who are anonymous count as one: they may well be the same
        if replied:
            self.days.append((replied - arrived).total_seconds() / 86400)


def open_figures(*, days: int = 365) -> list[UnitFigures]:
    """Days to first reply, share answered and what waits, by the unit that has the matter, busiest first.

    That is each unit that owns it, or else the one whose sluice it came to: a matter with two owners counts for both.
    Restricted and merged matters are left out, and a unit that fewer than ``LEAST_SHOWN`` people have turned to shows
    no number.
    """
    shown = Matter.objects.revealed().exclude(visibility=Visibility.RESTRICTED).exclude(status=Status.MERGED)
    cases = Case.objects.filter(arrived_at__gte=now() - timedelta(days=days), matter__in=shown)
    wanted = ("arrived_at", "first_reply_at", "waits_for", "matter__author_id")
    rows = cases.annotate(owner=F("matter__owners__organisation"), host=F("sluice__organisation"))
    tallies: dict[int, _Tally] = {}
    seen: set[tuple[int, int]] = set()
    for pk, owner, host, *facts in rows.values_list("pk", "owner", "host", *wanted).iterator(chunk_size=5000):
        unit = owner or host
        if (pk, unit) not in seen:  # one may own several parts
            seen.add((pk, unit))
            tallies.setdefault(unit, _Tally()).add(*facts)
    units = Organisation.objects.in_bulk(list(tallies))
    busiest = sorted(tallies.items(), key=lambda row: (-row[1].arrived, units[row[0]].name))
    return [_figures(units[pk], tally) for pk, tally in busiest]


def _figures(unit: Organisation, tally: _Tally) -> UnitFigures:
    if len(tally.people) < LEAST_SHOWN:
        return UnitFigures(unit)
    return UnitFigures(
        unit=unit,
        arrived=tally.arrived,
        waiting=tally.waiting,
        answered_share=len(tally.days) / tally.arrived,
        median_days=median(tally.days) if len(tally.days) >= LEAST_SHOWN else None,
    )
