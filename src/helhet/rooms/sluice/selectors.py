# SPDX-License-Identifier: EUPL-1.2
"""Read the queue, the bank, and the register of what nobody owns."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case as Case_
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, When, prefetch_related_objects
from django.utils.timezone import localdate

from helhet.foundation.contracts import StepView
from helhet.foundation.matters.models import Matter, Owner, Status
from helhet.foundation.matters.policy import LEADS, readable_q
from helhet.foundation.matters.selectors import Page, readable
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import organisations_for_choice
from helhet.foundation.policy import Standing, can
from helhet.foundation.policy.roles import TRIAGE, Role
from helhet.look.dates import day
from helhet.rooms.sluice.models import Case, Outcome, Sluice, WaitsFor
from helhet.rooms.sluice.policy import ANSWERING

PAGE = 25
#: Counting stops here, so that a queue of a hundred thousand costs what one of a hundred does.
MOST_COUNTED = 200
#: What policy and a row want to know of a case's matter, beside the matter itself.
OF_A_CASE = (Prefetch("matter__owners", Owner.objects.select_related("organisation")), "matter__participants")
#: Where a matter's outcomes are kept while a page is made.
OUTCOMES = "_sluice_outcomes"


def queue(
    actor: Standing,
    waits_for: str,
    *,
    sluices: Sequence[Sluice] = (),
    sluice: Sluice | None = None,
    after: str = "",
) -> Page:
    """Cases that wait, the most urgent first, a page at a time; keyed on (due, id).

    ``sluices``, when all of them have been read already, are put on the cases.
    """
    cases = _readable_cases(actor).filter(waits_for=waits_for)
    if sluice is not None:
        cases = cases.filter(sluice=sluice)
    ordered = cases.order_by("due", "id")
    key = _queue_key(after)
    if key:
        ordered = ordered.filter(Q(due__gt=key[0]) | Q(due=key[0], id__gt=key[1]))
    rows = ordered.select_related("matter__home_unit").defer("answers").prefetch_related(*OF_A_CASE)
    items = list(rows[: PAGE + 1])
    known = {one.pk: one for one in sluices or every_sluice()}
    for case in items:
        case.sluice = known[case.sluice_id]
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
    # One question for all the tabs: the same words, once for each, with only the choice exchanged.
    mark = "of each"
    sql, params = cases.filter(waits_for=mark).order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
    asked = [choice if value == mark else value for choice in WaitsFor.values for value in params]
    each = f"SELECT (SELECT count(*) FROM ({sql}) c)"  # noqa: S608 – words of the ORM's own
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([each] * len(WaitsFor)), asked)
        return dict(zip(WaitsFor.values, (count for (count,) in cursor.fetchall()), strict=True))


def _readable_cases(actor: Standing) -> QuerySet[Case]:
    return Case.objects.filter(readable_q(actor, "matter__")).exclude(matter__status=Status.MERGED)


def for_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("matter", "matter__home_unit", "sluice__organisation").prefetch_related(*OF_A_CASE)


def get_case(actor: Standing, uid: str) -> Case:
    """The case of a matter, or Case.DoesNotExist; read through what the actor may read."""
    return for_rows(_readable_cases(actor)).get(matter__uid=uid)


def waits_on(case: Case) -> list[Organisation]:
    """The organisations that a case waits for: everybody who owns the matter, once each."""
    if case.waits_for != WaitsFor.OTHER:
        return []
    return list({owner.organisation_id: owner.organisation for owner in case.matter.owners.all()}.values())


def case_of(matter: Matter) -> Case | None:
    """The case of a matter, asked for once however many parts of a page want it."""
    _fetch_cases([matter])
    return getattr(matter, "case", None)


def _fetch_cases(matters: Sequence[Matter]) -> None:
    """Put each matter's case on it, in one query for those that have none there yet."""
    cases = Case.objects.select_related("sluice__organisation")
    prefetch_related_objects(list(matters), Prefetch("case", cases))


def first_waiting(actor: Standing, *, limit: int) -> list[Case]:
    """The most urgent cases that wait for an answer anywhere, with what a task says of them and no more."""
    waiting = _readable_cases(actor).filter(waits_for=WaitsFor.US)
    return list(waiting.select_related("matter").order_by("due", "id")[:limit])


def open_sluices() -> QuerySet[Sluice]:
    return every_sluice().filter(is_open=True)


def sluices_for(actor: Standing, sluices: Sequence[Sluice]) -> list[tuple[Sluice, bool]]:
    """Every open sluice and whether the actor may set it up; closed ones only for those who may open them again."""
    found = [(sluice, bool(can(actor, "sluice.configure", sluice))) for sluice in sluices]
    return [(sluice, may) for sluice, may in found if sluice.is_open or may]


def every_sluice() -> QuerySet[Sluice]:
    return Sluice.objects.select_related("organisation")


def without_sluice(actor: Standing) -> QuerySet[Organisation]:
    """Organisations that the actor may open a sluice for and that have none."""
    free = organisations_for_choice().filter(sluice=None)
    if actor.has(Role.PLATFORM_TEAM):
        return free
    mine = Q(pk__in=[])
    for org, roles in actor.held.items():
        if roles & LEADS and actor.paths.get(org):
            mine |= Q(path__startswith=actor.paths[org])
    return free.filter(mine)


def outcomes_of(matter: Matter) -> list[Outcome]:
    """The latest five outcomes of a matter, newest first, with their translations; asked for once a page."""
    kept: list[Outcome] | None = getattr(matter, OUTCOMES, None)
    if kept is None:
        kept = list(Outcome.objects.filter(matter=matter).order_by("-id").prefetch_related("translations")[:5])
        setattr(matter, OUTCOMES, kept)
    return kept


def latest_outcomes(matters: Sequence[Matter]) -> dict[int, Outcome]:
    """The latest outcome of each matter, in one query; in none for what the page has asked for already."""
    if all(hasattr(matter, OUTCOMES) for matter in matters):
        return {matter.pk: found[0] for matter in matters if (found := outcomes_of(matter))}
    newest = (
        Outcome.objects.filter(matter__in=matters).order_by().values("matter").annotate(last=Max("id")).values("last")
    )
    return {outcome.matter_id: outcome for outcome in Outcome.objects.filter(pk__in=newest)}


def bank(actor: Standing, *, filters: Mapping[str, str]) -> QuerySet[Matter]:
    """What the sluice has taken care of and others can use: banked, answered, and good examples."""
    # SQLite would answer an OR by sorting everything that fits; this reads the newest until a page is full.
    banked = Q(status__in=[Status.BANKED, Status.ANSWERED]) | Q(kind="example")
    found = readable(actor).filter(checked(banked))
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
        outcome, case = outcomes.get(matter.pk), getattr(matter, "case", None)
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
    """What waits for an answer where the actor answers, and for a next word from what the actor's organisations own."""
    mine = [org for org, roles in actor.held.items() if roles & ANSWERING]
    readable_cases = _readable_cases(actor).select_related("matter").order_by("due", "id")
    here = readable_cases.filter(sluice__organisation_id__in=mine, waits_for=WaitsFor.US)
    owned = Owner.objects.filter(owned_by(actor)).values("matter")
    onwards = readable_cases.filter(checked(waits_for=WaitsFor.OTHER), matter__in=owned)
    found = {case.pk: case for case in [*here[:limit], *onwards[:limit]]}
    return sorted(found.values(), key=lambda case: (case.due, case.pk))[:limit]


def conditions_due(actor: Standing, *, limit: int) -> list[Outcome]:
    """Conditions in the bank that somebody should say are fulfilled or not: the owners', for the platform everybody's."""
    newest = Outcome.objects.filter(matter=OuterRef("matter")).order_by("-id").values("pk")[:1]
    due = Outcome.objects.filter(
        readable_q(actor, "matter__"),
        checked(matter__status=Status.BANKED),
        ask_on__lte=localdate(),
        returned_at=None,
        pk=Subquery(newest),
    )
    if not actor.has(*TRIAGE):
        due = due.filter(matter__in=Owner.objects.filter(owned_by(actor)).values("matter"))
    return list(due.select_related("matter").order_by("ask_on", "id")[:limit])


def owned_by(actor: Standing) -> Q:
    """Owners that the actor answers for: the own organisations, and what lies below those that the actor leads."""
    mine = Q(pk__in=[org for org, roles in actor.held.items() if roles & ANSWERING])
    for org, roles in actor.held.items():
        if roles & LEADS and actor.paths.get(org):
            mine |= Q(path__startswith=actor.paths[org])
    return Q(organisation__in=Organisation.objects.filter(mine).order_by().values("pk"))


def checked(*conditions: Q, **named: Any) -> Case_:
    """Conditions that are checked in each row that something else has found.

    SQLite keeps no statistics: what half the city fulfils looks to it as good a way in as what a few rows do.
    """
    return Case_(When(Q(*conditions, **named), then=True), default=False)
