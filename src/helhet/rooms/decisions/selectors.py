# SPDX-License-Identifier: EUPL-1.2
"""Read bases and decisions: always through what the actor may read, always a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.foundation import policy
from helhet.foundation.figures.models import Run
from helhet.foundation.figures.services import Figure, figure
from helhet.foundation.matters.policy import readable_q
from helhet.foundation.matters.selectors import Page
from helhet.foundation.people.models import Organisation
from helhet.foundation.policy import Standing
from helhet.rooms.decisions.material import runs_for
from helhet.rooms.decisions.models import Basis, ChosenFigure, Decision, FollowUp, State, Version
from helhet.rooms.decisions.policy import PRESENTING
from helhet.rooms.decisions.references import families, matching, parse_key
from helhet.rooms.decisions.shown import label_of

PAGE = 25
RUNS_OFFERED = 12
FIGURES_OFFERED = 400
MATTER = ("matter__owners", "matter__participants")


def register(actor: Standing, *, body: str = "", year: str = "", cursor: str = "") -> Page:
    """Decisions on matters that the actor may read, newest first; keyed on (day, id)."""
    found = _readable_decisions(actor)
    if body:
        found = found.filter(body__slug=body)
    if year.isascii() and year.isdigit() and len(year) < 6 and 1900 <= int(year) <= 9998:
        found = found.filter(decided_on__gte=date(int(year), 1, 1), decided_on__lte=date(int(year), 12, 31))
    key = _parse(cursor)
    if key:
        found = found.filter(Q(decided_on__lt=key[0]) | Q(decided_on=key[0], id__lt=key[1]))
    rows = found.select_related("body", "matter", "corrected_by", "version").defer(
        "version__documents", "version__runs", "version__files"
    )
    items = list(rows.order_by("-decided_on", "-id")[: PAGE + 1])
    older = f"{items[PAGE - 1].decided_on.isoformat()}_{items[PAGE - 1].pk}" if len(items) > PAGE else ""
    return Page(items[:PAGE], older, not key)


def _readable_decisions(actor: Standing) -> QuerySet[Decision]:
    return Decision.objects.filter(readable_q(actor, "matter__"))


def _parse(cursor: str) -> tuple[date, int] | None:
    day, _sep, pk = cursor.partition("_")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def bodies(actor: Standing) -> list[Organisation]:
    """The bodies that have decided something that the actor may read."""
    return list(Organisation.objects.filter(Exists(_readable_decisions(actor).filter(body=OuterRef("pk")))))


def years(actor: Standing) -> list[int]:
    """The years that the register reaches over, newest first."""
    ordered = _readable_decisions(actor).order_by("decided_on").values_list("decided_on", flat=True)
    first, last = ordered.first(), ordered.last()
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def bases(actor: Standing, *, state: str = "", cursor: str = "") -> Page:
    """Bases that are written or presented, latest change first. For those inside the municipality only."""
    policy.require(actor, "basis.list")
    found = Basis.objects.filter(readable_q(actor, "matter__"))
    if state in State.values:
        found = found.filter(state=state)
    key = _parse_moment(cursor)
    if key:
        found = found.filter(Q(changed_at__lt=key[0]) | Q(changed_at=key[0], id__lt=key[1]))
    items = list(found.select_related("matter", "body").order_by("-changed_at", "-id")[: PAGE + 1])
    older = f"{items[PAGE - 1].changed_at.timestamp():.6f}_{items[PAGE - 1].pk}" if len(items) > PAGE else ""
    return Page(items[:PAGE], older, not key)


def _parse_moment(cursor: str) -> tuple[object, int] | None:
    from datetime import UTC, datetime

    stamp, _sep, pk = cursor.partition("_")
    try:
        return datetime.fromtimestamp(float(stamp), UTC), int(pk)
    except (ValueError, OverflowError, OSError):
        return None


def get_basis(actor: Standing, uid: UUID | str, action: str = "basis.read") -> Basis:
    """One basis, or Basis.DoesNotExist, or Forbidden with the reason."""
    found = (
        Basis.objects.select_related("matter__home_unit", "matter__batch", "body")
        .prefetch_related(*MATTER)
        .get(uid=uid)
    )
    policy.require(actor, action, found)
    return found


def get_version(basis: Basis, number: int | None = None) -> Version:
    """A presented version, the latest when no number is given; the caller has asked for the basis."""
    return basis.versions.get(number=basis.current_version if number is None else number)


def get_decision(actor: Standing, uid: UUID | str) -> Decision:
    """One decision, or Decision.DoesNotExist, or Forbidden with the reason."""
    found = (
        Decision.objects.select_related(
            "matter__home_unit", "matter__batch", "body", "version__basis", "corrects", "corrected_by"
        )
        .prefetch_related("matter__owners", "matter__participants", "follow_ups__responsible")
        .get(uid=uid)
    )
    policy.require(actor, "decision.read", found)
    return found


def get_follow_up(actor: Standing, pk: int) -> FollowUp:
    """One follow-up with its decision, or FollowUp.DoesNotExist: also when its matter may not be read.

    Follow-ups are numbered, so that a reason would tell whoever counts which matters are closed, and under what law.
    """
    found = (
        FollowUp.objects.select_related(
            "decision__matter__home_unit",
            "decision__matter__batch",
            "decision__body",
            "decision__version__basis",
            "responsible",
        )
        .prefetch_related("decision__matter__owners", "decision__matter__participants")
        .get(pk=pk)
    )
    if not policy.can(actor, "decision.read", found.decision):
        raise FollowUp.DoesNotExist
    return found


@dataclass(frozen=True)
class Offered:
    """What a writer can pick from one run: single figures, and families of them."""

    run: Run
    figures: list[Figure]
    families: list[tuple[str, str, int]]


def offered(basis: Basis) -> list[Offered]:
    """The latest runs of the matter with their figures; figures by year are offered as families only."""
    found = []
    for run in Run.objects.filter(runs_for(basis), matter__isnull=False).order_by("-id")[:RUNS_OFFERED]:
        keys = [key for key in run.figures if "year" not in parse_key(key)[1]][:FIGURES_OFFERED]
        groups = [
            (pattern, _family_label(run, pattern, members), len(members))
            for pattern, members in families(run.figures).items()
        ]
        found.append(Offered(run, [figure(run, key) for key in keys], groups))
    return found


def words_for(chosen: ChosenFigure, runs: Sequence[Offered]) -> str:
    """What people call a chosen figure or family; its key only when the run no longer has it."""
    run = chosen.run or (runs[0].run if runs else None)
    members = matching(run.figures, chosen.key) if run else []
    if run is None or not members:
        return chosen.key
    if "*" in chosen.key:
        return _family_label(run, chosen.key, members)
    return label_of(figure(run, members[0]), "en" if get_language() == "en" else "sv")


def _family_label(run: Run, pattern: str, members: Sequence[str]) -> str:
    """What the members' labels begin with, and what they differ by: «Nuvärde, för varje budgethållare»."""
    quantity, coordinates = parse_key(pattern)
    axes = {"holder": _("budgethållare"), "year": _("år"), "name": _("rad")}
    words = _(" och ").join(str(axes.get(axis, axis)) for axis, value in coordinates.items() if value == "*")
    language = "en" if get_language() == "en" else "sv"
    rows = [label_of(figure(run, key), language).split() for key in members]
    shared = [row[0] for row in zip(*rows, strict=False) if len(set(row)) == 1]
    first = " ".join(shared).strip(" ,:") if rows and shared and rows[0][0] == shared[0] else quantity
    return _("%(name)s, för varje %(axes)s") % {"name": first, "axes": words}


def follow_ups_near(actor: Standing, *, days: int = 14, limit: int = 5) -> list[FollowUp]:
    """Follow-ups that are due within so many days and that the actor may write, the most urgent first.

    The whole decision and its matter are read only where there is something to follow up.
    """
    near = FollowUp.objects.filter(
        readable_q(actor, "decision__matter__"), done_on=None, due__lte=localdate() + timedelta(days=days)
    )
    if not actor.has(*PRESENTING):
        near = near.filter(responsible_id__in=actor.organisation_ids)
    found = list(near.order_by("due", "id").values_list("pk", flat=True)[:limit])
    if not found:
        return []
    whole = (
        FollowUp.objects.filter(pk__in=found)
        .select_related("decision__matter__home_unit", "decision__matter__batch", "responsible")
        .prefetch_related("decision__matter__owners", "decision__matter__participants")
        .order_by("due", "id")
    )
    return [one for one in whole if policy.can(actor, "decision.follow_up", one)]
