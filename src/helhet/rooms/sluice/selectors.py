# SPDX-License-Identifier: EUPL-1.2
"""Read the queue, the bank, the register of what nobody owns, and the open figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Case as Case_
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet, When, prefetch_related_objects
from django.utils.timezone import localdate, now

from helhet.foundation.contracts import StepView
from helhet.foundation.matters.models import Matter, Owner, Status, Visibility
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.matters.selectors import Page, readable
from helhet.foundation.policy import Standing
from helhet.look.dates import day
from helhet.rooms.sluice.models import Case, Outcome, Sluice, WaitsFor

PAGE = 25
#: Figures about fewer cases than this are not shown by unit, so that nobody can be picked out.
LEAST_SHOWN = 5
#: Counting stops here, so that a queue of a hundred thousand costs what one of a hundred does.
MOST_COUNTED = 200


def queue(actor: Standing, waits_for: str, *, sluice: Sluice | None = None, after: str = "") -> Page:
    """Cases that wait, the most urgent first, a page at a time; keyed on (due, id)."""
    cases = _readable_cases(actor).filter(waits_for=waits_for)
    if sluice is not None:
        cases = cases.filter(sluice=sluice)
    ordered = cases.order_by("due", "id")
    key = _queue_key(after)
    if key:
        ordered = ordered.filter(Q(due__gt=key[0]) | Q(due=key[0], id__gt=key[1]))
    items = list(for_rows(ordered)[: PAGE + 1])
    more = f"{items[PAGE - 1].due}_{items[PAGE - 1].pk}" if len(items) > PAGE else ""
    return Page(items[:PAGE], more, key is None)


def _queue_key(after: str) -> tuple[date, int] | None:
    due, _sep, pk = after.partition("_")
    try:
        return (date.fromisoformat(due), int(pk)) if len(pk) < 19 else None
    except ValueError:
        return None


def queue_counts(actor: Standing, *, sluice: Sluice | None = None) -> Mapping[str, int]:
    """How many wait for whom, among what the actor may read; no further than ``MOST_COUNTED`` of each."""
    cases = _readable_cases(actor)
    if sluice is not None:
        cases = cases.filter(sluice=sluice)
    return {choice: cases.filter(waits_for=choice)[:MOST_COUNTED].count() for choice in WaitsFor.values}


def _readable_cases(actor: Standing) -> QuerySet[Case]:
    return Case.objects.filter(readable_q(actor, "matter__")).exclude(matter__status=Status.MERGED)


def for_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("matter", "matter__home_unit", "sluice__organisation", "waits_on").prefetch_related(
        Prefetch("matter__owners", Owner.objects.select_related("organisation")), "matter__participants"
    )


def get_case(actor: Standing, uid: str) -> Case:
    """The case of a matter, or Case.DoesNotExist; read through what the actor may read."""
    return for_rows(_readable_cases(actor)).get(matter__uid=uid)


def case_of(matter: Matter) -> Case | None:
    """The case of a matter, asked for once however many parts of a page want it."""
    _fetch_cases([matter])
    return getattr(matter, "case", None)


def _fetch_cases(matters: Sequence[Matter]) -> None:
    """Put each matter's case on it, in one query for those that have none there yet."""
    cases = Case.objects.select_related("sluice__organisation", "waits_on")
    prefetch_related_objects(list(matters), Prefetch("case", cases))


def first_waiting(actor: Standing, *, limit: int) -> list[Case]:
    """The most urgent cases that wait for an answer anywhere, with what a task says of them and no more."""
    waiting = _readable_cases(actor).filter(waits_for=WaitsFor.US)
    return list(waiting.select_related("matter").order_by("due", "id")[:limit])


def open_sluices() -> QuerySet[Sluice]:
    return Sluice.objects.filter(is_open=True).select_related("organisation")


def latest_outcomes(matters: Sequence[Matter]) -> dict[int, Outcome]:
    """The latest outcome of each matter, in two queries."""
    newest = (
        Outcome.objects.filter(matter__in=matters).order_by().values("matter").annotate(last=Max("id")).values("last")
    )
    return {outcome.matter_id: outcome for outcome in Outcome.objects.filter(pk__in=newest)}


def bank(actor: Standing, *, filters: Mapping[str, str]) -> QuerySet[Matter]:
    """What the sluice has taken care of and others can use: banked, answered, and good examples."""
    # A CASE, since SQLite answers an OR by sorting everything that fits; this reads the newest until a page is full.
    banked = Case_(When(Q(status__in=[Status.BANKED, Status.ANSWERED]) | Q(kind="example"), then=True), default=False)
    found = readable(actor).filter(banked)
    if filters.get("kind"):
        found = found.filter(kind=filters["kind"])
    if filters.get("state") == "usable":
        found = found.filter(Exists(_latest().filter(usable_now=True)))
    elif filters.get("state") == "waiting":
        held = _latest().filter(kind="banked", usable_now=False, returned_at=None)
        found = found.filter(Exists(held))
    if filters.get("unit"):
        owned = Owner.objects.filter(matter=OuterRef("pk"), organisation__slug=filters["unit"])
        found = found.filter(Q(home_unit__slug=filters["unit"]) | Exists(owned))
    if filters.get("theme"):
        found = found.filter(themes__icontains=filters["theme"])
    return found


def _latest() -> QuerySet[Outcome]:
    """The latest outcome of the matter that an outer query stands at: earlier promises no longer hold."""
    newest = Outcome.objects.filter(matter=OuterRef(OuterRef("pk"))).order_by("-id").values("pk")[:1]
    return Outcome.objects.filter(pk__in=newest)


def ownerless(actor: Standing) -> QuerySet[Matter]:
    """The register of questions that nobody owns."""
    return readable(actor).filter(status=Status.OWNERLESS)


@dataclass(frozen=True)
class UnitFigures:
    """The sluice in figures for one unit; None where they would tell of too few people."""

    name: str
    slug: str
    arrived: int | None
    waiting: int | None
    answered_share: float | None
    median_days: float | None


def open_figures(*, days: int = 365) -> list[UnitFigures]:
    """Days to first reply, share answered and waiting, by sluice; per unit, never per person.

    Restricted matters are left out, and a sluice that fewer than ``LEAST_SHOWN`` people have used shows no number.
    """
    since = now() - timedelta(days=days)
    rows: dict[int, list[tuple[Any, Any, str, int]]] = {}
    shown = Matter.objects.revealed().exclude(visibility=Visibility.RESTRICTED)
    cases = Case.objects.filter(arrived_at__gte=since, matter__in=shown)
    wanted = ("sluice_id", "arrived_at", "first_reply_at", "waits_for", "matter__author_id", "matter_id")
    for sluice_id, arrived, replied, waits, author, matter in cases.values_list(*wanted).iterator(chunk_size=5000):
        rows.setdefault(sluice_id, []).append((arrived, replied, waits, author or -matter))
    named = Sluice.objects.select_related("organisation").in_bulk(list(rows))
    busiest = sorted(rows.items(), key=lambda row: -len(row[1]))
    return [_unit_figures(named[sluice_id], cases_of) for sluice_id, cases_of in busiest]


def _unit_figures(sluice: Sluice, cases: list[tuple[Any, Any, str, int]]) -> UnitFigures:
    organisation = sluice.organisation
    if len({author for *_rest, author in cases}) < LEAST_SHOWN:
        return UnitFigures(organisation.name, organisation.slug, None, None, None, None)
    replied = [(reply - arrived).total_seconds() / 86400 for arrived, reply, *_rest in cases if reply]
    return UnitFigures(
        name=organisation.name,
        slug=organisation.slug,
        arrived=len(cases),
        waiting=sum(waits == WaitsFor.US for _a, _r, waits, _author in cases),
        answered_share=len(replied) / len(cases),
        median_days=median(replied) if len(replied) >= LEAST_SHOWN else None,
    )


def late(cases: Sequence[Case]) -> int:
    """How many of the cases should have an answer today or before."""
    return sum(case.due <= localdate() for case in cases)


def capture_steps(matters: Sequence[Matter]) -> Mapping[int, StepView]:
    """The step «Fånga»: done the day the matter was left."""
    return {matter.pk: StepView("done", day(matter.created_at, short=True)) for matter in matters}


def sluice_steps(matters: Sequence[Matter]) -> Mapping[int, StepView]:
    """The step «Sluss»: done with the first outcome, under way until then."""
    outcomes = latest_outcomes(matters)
    _fetch_cases(matters)
    views = {}
    for matter in matters:
        outcome, case = outcomes.get(matter.pk), case_of(matter)
        if (case is not None and case.waits_for == WaitsFor.US) or (
            outcome is None and matter.status in {Status.NEW, Status.ASKED}
        ):
            views[matter.pk] = StepView("now", Status(matter.status).label)
        elif outcome is not None:
            views[matter.pk] = StepView("done", day(outcome.at, short=True))
        else:
            views[matter.pk] = StepView("done")
    return views


def own_queue(actor: Standing, *, limit: int) -> list[Case]:
    """What waits in the sluices of the organisations where the actor answers."""
    from helhet.rooms.sluice.policy import ANSWERING

    mine = [org for org, roles in actor.held.items() if roles & ANSWERING]
    waiting = _readable_cases(actor).filter(
        Q(sluice__organisation_id__in=mine, waits_for=WaitsFor.US) | Q(waits_on_id__in=mine, waits_for=WaitsFor.OTHER)
    )
    return list(waiting.select_related("matter").order_by("due", "id")[:limit])
